//! `Session`: the one slot of an `Ftp`, empty or with a session of the crate, and how calls run on it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use pyo3::prelude::*;
use sfml_network::IpAddress;
use sfml_network::ftp::{Ftp as Core, FtpError, FtpOptions as CoreOptions, Host, InterruptHook, Reply};

use super::options::Settings;
use crate::lock::lock;
use crate::raised::Raised;
use crate::turn::Turn;
use crate::waiting;

pub(crate) struct Session {
    core: Mutex<Option<Arc<Core>>>,
    turn: Turn,
    raised: Arc<Raised>,
    settings: Arc<Settings>,
    /// As the last call left it: the crate would let this question wait for the call under way.
    connected: AtomicBool,
}

impl Session {
    pub(crate) fn new() -> Self {
        Self {
            core: Mutex::default(),
            turn: Turn::to_use("the session", "another Ftp"),
            raised: Arc::default(),
            settings: Arc::default(),
            connected: AtomicBool::new(false),
        }
    }

    pub(crate) fn settings(&self) -> &Arc<Settings> {
        &self.settings
    }

    /// Where Python code that runs in the middle of a call leaves what it raises.
    pub(crate) fn raised(&self) -> &Raised {
        &self.raised
    }

    pub(crate) fn is_connected(&self) -> bool {
        self.connected.load(Ordering::Relaxed)
    }

    /// Runs a call when it is its turn, detached from the interpreter.
    ///
    /// The outer error is what Python code raised meanwhile; the inner one is what became of the call.
    pub(crate) fn call<T: Send>(
        &self,
        py: Python<'_>,
        call: impl FnOnce(&Core) -> Result<T, FtpError> + Send,
    ) -> PyResult<Result<T, FtpError>> {
        let _turn = self.turn.take(py)?;
        // One that was never connected still tells wrong arguments from no connection.
        let core = self.core().unwrap_or_else(|| {
            Arc::new(Core::unconnected(IpAddress::LOCAL_HOST, Core::DEFAULT_PORT, CoreOptions::default()))
        });
        self.run(py, &core, call)
    }

    /// Ends the session there is and begins one with another server. `timeout` replaces the option for this once.
    pub(crate) fn connect(
        &self,
        py: Python<'_>,
        host: Host,
        port: u16,
        timeout: Option<Duration>,
    ) -> PyResult<Result<Reply, FtpError>> {
        let _turn = self.turn.take(py)?;
        let mut options = self.settings.take(self.hook());
        if let Some(timeout) = timeout {
            options.connect_timeout = timeout;
        }
        let core = Arc::new(Core::unconnected(host, port, options));
        self.put(Some(Arc::clone(&core)));
        let outcome = self.run(py, &core, Core::reconnect);
        self.settings.touch();
        outcome
    }

    /// Begins the session anew, where there was one.
    pub(crate) fn reconnect(&self, py: Python<'_>) -> PyResult<Result<Reply, FtpError>> {
        let _turn = self.turn.take(py)?;
        match self.core() {
            Some(core) => self.run(py, &core, Core::reconnect),
            None => Ok(Err(FtpError::NotConnected)),
        }
    }

    /// Ends the session there is, as a failed attempt to begin another one would.
    pub(crate) fn forget(&self, py: Python<'_>) -> PyResult<()> {
        let _turn = self.turn.take(py)?;
        self.put(None);
        Ok(())
    }

    /// Cancels the call of another thread, or the one this is called from the inside of.
    pub(crate) fn cancel(&self) {
        if let Some(core) = self.core() {
            core.cancel();
        }
    }

    /// Cancels what is under way and closes the connection, without a word to the server.
    pub(crate) fn close(&self, py: Python<'_>) -> PyResult<()> {
        self.cancel();
        let _turn = self.turn.take(py)?;
        if let Some(core) = self.core() {
            py.detach(|| core.disconnect());
        }
        self.connected.store(false, Ordering::Relaxed);
        Ok(())
    }

    fn core(&self) -> Option<Arc<Core>> {
        lock(&self.core).clone()
    }

    fn put(&self, core: Option<Arc<Core>>) {
        let old = std::mem::replace(&mut *lock(&self.core), core);
        self.connected.store(false, Ordering::Relaxed);
        drop(old);
    }

    /// Runs a call whose turn it is.
    fn run<T: Send>(
        &self,
        py: Python<'_>,
        core: &Core,
        call: impl FnOnce(&Core) -> Result<T, FtpError> + Send,
    ) -> PyResult<Result<T, FtpError>> {
        // The hook has to know whether it runs on the main thread without asking Python.
        waiting::is_main_thread(py)?;
        let outcome = py.detach(|| {
            if let Some(options) = self.settings.take_changed(|| self.hook()) {
                core.set_options(options)?;
            }
            let outcome = call(core);
            self.connected.store(core.is_connected(), Ordering::Relaxed);
            outcome
        });
        match self.raised.take() {
            Some(raised) => Err(raised),
            None => Ok(outcome),
        }
    }

    fn hook(&self) -> InterruptHook {
        let raised = Arc::clone(&self.raised);
        Arc::new(move || raised.interrupt())
    }
}
