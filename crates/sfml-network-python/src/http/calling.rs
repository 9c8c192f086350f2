//! How calls run: detached from the interpreter, ended by signals and by what Python code raises in the middle of them.

use std::cell::RefCell;
use std::sync::Arc;

use pyo3::prelude::*;
use sfml_network::http::InterruptHook;

use crate::raised::Raised;
use crate::waiting;

thread_local! {
    /// Where Python code of the call under way leaves what it raises. Several threads may use a client at once, so it
    /// belongs to the thread.
    static CURRENT: RefCell<Option<Arc<Raised>>> = const { RefCell::new(None) };
}

/// Runs a call detached from the interpreter. The error is what Python code raised meanwhile.
pub(crate) fn run<T: Send>(py: Python<'_>, call: impl FnOnce(&Raised) -> T + Send) -> PyResult<T> {
    struct Leave(Option<Arc<Raised>>);
    impl Drop for Leave {
        fn drop(&mut self) {
            CURRENT.set(self.0.take());
        }
    }

    waiting::run_handlers(py)?;
    // The hook has to know whether it runs on the main thread without asking Python.
    waiting::is_main_thread(py)?;
    let raised = Arc::new(Raised::default());
    let outcome = {
        // A callback of one call may make another.
        let _leave = Leave(CURRENT.replace(Some(Arc::clone(&raised))));
        py.detach(|| call(&raised))
    };
    match raised.take() {
        Some(error) => Err(error),
        None => Ok(outcome),
    }
}

/// Where the call of this thread keeps what is raised.
pub(crate) fn current() -> Option<Arc<Raised>> {
    CURRENT.with_borrow(Clone::clone)
}

/// What the crate asks while it waits.
pub(crate) fn hook() -> InterruptHook {
    Arc::new(|| current().map_or(Ok(()), |raised| raised.interrupt()))
}
