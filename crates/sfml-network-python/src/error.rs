//! Turning the crate's errors into the documented exceptions.

use std::io;

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};
use sfml_network::tls::TlsError;
use sfml_network::{IpAddress, SocketError};

/// The exception classes of `sfml_network.exceptions`, looked up once.
struct Exceptions {
    not_ready: Py<PyType>,
    disconnected: Py<PyType>,
    other: Py<PyType>,
    tls: Py<PyType>,
}

fn exceptions(py: Python<'_>) -> PyResult<&Exceptions> {
    static EXCEPTIONS: PyOnceLock<Exceptions> = PyOnceLock::new();
    EXCEPTIONS.get_or_try_init(py, || {
        let module = py.import("sfml_network.exceptions")?;
        let class = |name: &str| -> PyResult<Py<PyType>> {
            let found = module.getattr(name)?.cast_into::<PyType>();
            Ok(found.map_err(|_| PyImportError::new_err(format!("{name} is not a class")))?.unbind())
        };
        Ok(Exceptions {
            not_ready: class("SocketNotReady")?,
            disconnected: class("SocketDisconnected")?,
            other: class("SocketError")?,
            tls: class("TlsError")?,
        })
    })
}

/// What Python code raised inside an interrupt hook, on its way through the crate.
pub(crate) fn raised_by_hook(error: PyErr) -> io::Error {
    io::Error::new(io::ErrorKind::Interrupted, error)
}

/// What Python code raised inside an interrupt hook, if that is what the error is.
pub(crate) fn raised(py: Python<'_>, error: &SocketError) -> Option<PyErr> {
    match error {
        SocketError::Other(inner) => Some(inner.get_ref()?.downcast_ref::<PyErr>()?.clone_ref(py)),
        _ => None,
    }
}

/// The exception for an error of the crate.
#[cold]
pub(crate) fn to_python(py: Python<'_>, error: &SocketError) -> PyErr {
    explained(py, error, || error.to_string())
}

/// The same, with the peer it is about.
#[cold]
pub(crate) fn to_python_about(
    py: Python<'_>,
    error: &SocketError,
    (address, port): (IpAddress, u16),
) -> PyErr {
    explained(py, error, || format!("{address} port {port}: {error}"))
}

fn explained(py: Python<'_>, error: &SocketError, sentence: impl FnOnce() -> String) -> PyErr {
    let exceptions = match exceptions(py) {
        Ok(exceptions) => exceptions,
        Err(error) => return error,
    };
    let class = match error {
        // No sentence is made here: programs that poll see thousands of these, and the class has one.
        SocketError::NotReady => return PyErr::from_type(exceptions.not_ready.bind(py).clone(), ()),
        _ if error.tls().is_some() => return of_tls(py, exceptions, error, sentence()),
        SocketError::Disconnected(_) => &exceptions.disconnected,
        _ => &exceptions.other,
    };
    let class = class.bind(py).clone();
    match error.raw_os_error() {
        Some(code) => PyErr::from_type(class, (code, sentence())),
        None => PyErr::from_type(class, (sentence(),)),
    }
}

/// The exception for what TLS has failed with. A stream that was cut is a disconnection, with this as its cause.
fn of_tls(py: Python<'_>, exceptions: &Exceptions, error: &SocketError, sentence: String) -> PyErr {
    let made = PyErr::from_type(exceptions.tls.bind(py).clone(), (sentence.clone(),));
    if let Err(failed) = made.value(py).setattr("reason", error.tls().map_or("misbehaved", tls_reason)) {
        return failed;
    }
    if !matches!(error, SocketError::Disconnected(_)) {
        return made;
    }
    let disconnected = PyErr::from_type(exceptions.disconnected.bind(py).clone(), (sentence,));
    disconnected.set_cause(py, Some(made));
    disconnected
}

/// The word for a kind of failure.
fn tls_reason(error: &TlsError) -> &'static str {
    match error {
        TlsError::Expired { .. } => "expired",
        TlsError::NotYetValid { .. } => "not-yet-valid",
        TlsError::WrongHost { .. } => "wrong-host",
        TlsError::UnknownIssuer => "unknown-issuer",
        TlsError::SelfSigned => "self-signed",
        TlsError::Revoked => "revoked",
        TlsError::BadCertificate(_) => "bad-certificate",
        TlsError::NoCertificate => "no-certificate",
        TlsError::CertificateRequired => "certificate-required",
        TlsError::NotTls { .. } => "not-tls",
        TlsError::Alert(_) => "alert",
        TlsError::NothingInCommon(_) => "nothing-in-common",
        TlsError::Truncated => "truncated",
        TlsError::Configuration(_) => "configuration",
        _ => "misbehaved",
    }
}

/// A `SocketError` of ours, for what a slot finds wrong before the crate is asked.
#[cold]
pub(crate) fn misuse(py: Python<'_>, sentence: impl Into<String>) -> PyErr {
    match exceptions(py) {
        Ok(exceptions) => PyErr::from_type(exceptions.other.bind(py).clone(), (sentence.into(),)),
        Err(error) => error,
    }
}

/// The exception for a call that got only part of what it wanted: the part is its attribute `partial`.
#[cold]
pub(crate) fn incomplete(py: Python<'_>, error: PyErr, partial: Bound<'_, PyBytes>) -> PyErr {
    match error.value(py).setattr("partial", partial) {
        Ok(()) => error,
        Err(other) => other,
    }
}

/// Whether an exception says that a call would have to wait.
pub(crate) fn is_not_ready(py: Python<'_>, error: &PyErr) -> bool {
    exceptions(py).is_ok_and(|exceptions| error.is_instance(py, exceptions.not_ready.bind(py)))
}

/// Whether an exception says that the operation failed for good.
pub(crate) fn is_verdict(py: Python<'_>, error: &PyErr) -> bool {
    is_ours(py, error) && !is_not_ready(py, error)
}

/// Whether an exception is the socket's, not one that a signal handler raised.
pub(crate) fn is_ours(py: Python<'_>, error: &PyErr) -> bool {
    exceptions(py).is_ok_and(|exceptions| {
        let classes = [&exceptions.not_ready, &exceptions.disconnected, &exceptions.other];
        classes.iter().any(|class| error.is_instance(py, class.bind(py)))
    })
}
