//! The extension module `sfml_network._native`: translates between Python and the `sfml-network` crate, and
//! decides nothing.
//!
//! Rules of the layer: a data call is one non-blocking system call with the interpreter attached; only waiting
//! detaches, and a wait that a signal interrupts runs Python's handlers. Classes are frozen, with their locks
//! inside, and no lock is held while Python code runs.

mod address;
mod argument;
mod batches;
mod buffer;
mod connection;
mod error;
mod file;
mod ftp;
mod http;
mod listener;
mod lock;
mod open;
mod options;
mod packet;
mod pem;
mod raised;
mod selector;
mod socket;
mod standard;
mod system;
mod tcp;
mod tls;
mod turn;
mod udp;
mod waiting;
mod words;

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Refuses every interpreter of the process but the first.
///
/// The classes that are looked up once belong to that one: another could not catch the exceptions it gets.
fn only_one_interpreter(py: Python<'_>) -> PyResult<()> {
    // An interpreter has one `sys`. Holding it, even after its end, keeps its identity from being reused.
    static FIRST: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    let sys = py.import("sys")?;
    if FIRST.get_or_init(py, || sys.clone().unbind()).is(&sys) {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "sfml_network works in one interpreter of a process, and another one has imported it already",
    ))
}

/// The native half of `sfml_network`; import the names from there.
#[pymodule(gil_used = false)]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    only_one_interpreter(module.py())?;
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add_class::<address::IpAddress>()?;
    module.add_class::<packet::Packet>()?;
    module.add_class::<socket::Socket>()?;
    module.add_class::<tcp::TcpSocket>()?;
    module.add_class::<udp::UdpSocket>()?;
    module.add_class::<listener::TcpListener>()?;
    module.add_class::<selector::SocketSelector>()?;
    module.add_class::<options::SocketOptions>()?;
    ftp::add_to(module)?;
    http::add_to(module)
}
