//! Trees for Python: what the transfer of one is to do, and the report of what it did.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyTuple, PyType};
use sfml_network::ftp::{FtpError, Tree, TreeFailure, TreeProgress, TreeReport};

use super::argument::Patterns;
use super::failure;
use super::response::{FtpResponse, text};
use crate::raised::Raised;

/// The arguments of the transfer of a tree, until it runs.
pub(crate) struct TreePlan {
    pub(crate) sessions: usize,
    pub(crate) include: Patterns,
    pub(crate) exclude: Patterns,
    pub(crate) delete: bool,
    pub(crate) progress: Option<Py<PyAny>>,
}

impl TreePlan {
    /// Runs the transfer as planned. The callback runs on this thread, attached.
    pub(crate) fn run<T>(self, raised: &Raised, run: impl FnOnce(Tree<'_>) -> T) -> T {
        let mut tree = Tree::new().sessions(self.sessions);
        for pattern in self.include.0 {
            tree = tree.include(pattern);
        }
        for pattern in self.exclude.0 {
            tree = tree.exclude(pattern);
        }
        if self.delete {
            tree = tree.delete();
        }
        let Some(progress) = self.progress else { return run(tree) };
        let mut report =
            |now: TreeProgress| raised.tell(|py| progress.bind(py).call1((progress_of(py, now)?,)));
        run(tree.progress(&mut report))
    }
}

/// What the method returns, or raises.
pub(crate) fn report(py: Python<'_>, outcome: Result<TreeReport, FtpError>) -> PyResult<Bound<'_, PyAny>> {
    let failure = match outcome {
        Ok(report) => return report_of(py, report),
        Err(failure) => failure,
    };
    let sentence = failure::sentence(&failure);
    let FtpError::Unfinished(report) = failure else { return Err(FtpResponse::raise(py, failure)) };
    let report = report_of(py, *report)?;
    let exception = failure::make(py, "FtpUnfinishedError", (sentence,))?;
    let (_, first): (Bound<'_, PyAny>, Bound<'_, PyAny>) =
        report.getattr("failures")?.get_item(0)?.extract()?;
    exception.setattr("response", first.getattr("response")?)?;
    exception.setattr("report", report)?;
    Err(PyErr::from_value(exception))
}

fn progress_of(py: Python<'_>, now: TreeProgress) -> PyResult<Bound<'_, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "sfml_network._ftp", "FtpTreeProgress")?;
    class.call1((now.bytes, now.total_bytes, now.files, now.total_files))
}

fn report_of(py: Python<'_>, report: TreeReport) -> PyResult<Bound<'_, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let class = CLASS.import(py, "sfml_network._ftp", "FtpTreeReport")?;
    let TreeReport { files, bytes, unchanged, deleted, skipped, failures, .. } = report;
    let skipped = skipped.iter().map(|path| text(py, path)).collect::<PyResult<Vec<_>>>()?;
    let failures =
        failures.into_iter().map(|failure| failure_of(py, failure)).collect::<PyResult<Vec<_>>>()?;
    let (skipped, failures) = (PyTuple::new(py, skipped)?, PyTuple::new(py, failures)?);
    class.call1((files, bytes, unchanged, deleted, skipped, failures))
}

fn failure_of(py: Python<'_>, failure: TreeFailure) -> PyResult<(Bound<'_, PyAny>, Bound<'_, PyAny>)> {
    let TreeFailure { path, error, .. } = failure;
    let response = Bound::new(py, FtpResponse::of_part(error))?;
    Ok((text(py, &path)?, failure::exception(&response)?.into_pyobject(py)?.into_any()))
}
