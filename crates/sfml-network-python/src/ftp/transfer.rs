//! `Plan`: the arguments of a transfer, until it runs.

use pyo3::prelude::*;
use sfml_network::ftp::{Transfer, TransferMode};

use crate::raised::Raised;

/// What a transfer is to do, and whom it tells how far it is.
pub(crate) struct Plan {
    pub(crate) mode: TransferMode,
    pub(crate) append: bool,
    pub(crate) resume: bool,
    pub(crate) keep_time: bool,
    pub(crate) size: Option<u64>,
    pub(crate) progress: Option<Py<PyAny>>,
}

impl Plan {
    /// Runs a transfer as planned. The callback runs attached; what it raises stops the transfer, as `False` does.
    pub(crate) fn run<T>(&self, raised: &Raised, run: impl FnOnce(Transfer<'_>) -> T) -> T {
        let Some(progress) = &self.progress else { return run(self.transfer()) };
        let mut report =
            |done: u64, total: Option<u64>| raised.tell(|py| progress.bind(py).call1((done, total)));
        run(self.transfer().progress(&mut report))
    }

    fn transfer(&self) -> Transfer<'_> {
        let mut transfer = Transfer::from(self.mode);
        if self.append {
            transfer = transfer.append();
        }
        if self.resume {
            transfer = transfer.resume();
        }
        if self.keep_time {
            transfer = transfer.keep_time();
        }
        match self.size {
            Some(size) => transfer.size(size),
            None => transfer,
        }
    }
}
