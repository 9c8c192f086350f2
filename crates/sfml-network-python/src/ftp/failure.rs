//! What became of a call that did not succeed: a status for its response, and an exception that tells why.

use std::error::Error;
use std::io;
use std::path::Path;

use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use sfml_network::ftp::{Awaited, FtpError};

use super::response::{FtpResponse, text};
use crate::error;
use crate::system::{self, errno, reason};

/// Statuses that no server sends: the call failed on this side, or on the way.
pub(crate) mod own {
    pub(crate) const INVALID_RESPONSE: u16 = 1000;
    pub(crate) const CONNECTION_FAILED: u16 = 1001;
    pub(crate) const CONNECTION_CLOSED: u16 = 1002;
    pub(crate) const INVALID_FILE: u16 = 1003;

    /// Every one with its documented name.
    pub(crate) const NAMED: [(&str, u16); 4] = [
        ("INVALID_RESPONSE", INVALID_RESPONSE),
        ("CONNECTION_FAILED", CONNECTION_FAILED),
        ("CONNECTION_CLOSED", CONNECTION_CLOSED),
        ("INVALID_FILE", INVALID_FILE),
    ];
}

/// RFC 959's code for a transfer that was ended, which fits one that this side has ended too.
const ABORTED: u16 = 426;

/// The exception for the two failures of a call that are no response: wrong arguments, and what a hook has ended.
pub(crate) fn refusal(error: &FtpError) -> Option<PyErr> {
    match error {
        FtpError::Argument { .. } => Some(PyValueError::new_err(error.to_string())),
        FtpError::Interrupted(inner) => Some(PyOSError::new_err(inner.to_string())),
        _ => None,
    }
}

/// The status of a response to a call that failed, and the server's words if it is the server's.
pub(crate) fn status(error: &FtpError) -> (u16, Vec<u8>) {
    let is_told = |error: &FtpError| match error {
        FtpError::Rejected { .. } | FtpError::Closed { .. } => true,
        // One that says all went well does not say why it did not.
        FtpError::Data { reply, .. } => reply.as_ref().is_some_and(|reply| !reply.status().is_ok()),
        _ => false,
    };
    if let Some(reply) = error.reply().filter(|_| is_told(error)) {
        return (reply.status().0, reply.text().to_vec());
    }
    let code = match error {
        FtpError::Cancelled => ABORTED,
        FtpError::Argument { .. } | FtpError::Local { .. } | FtpError::UnsafeName { .. } => own::INVALID_FILE,
        FtpError::Connect { .. } | FtpError::Data { .. } => own::CONNECTION_FAILED,
        FtpError::TimedOut { awaited: Awaited::DataConnection | Awaited::ServerToConnect, .. } => {
            own::CONNECTION_FAILED
        }
        FtpError::Closed { .. } | FtpError::NotConnected | FtpError::TimedOut { .. } => {
            own::CONNECTION_CLOSED
        }
        _ => own::INVALID_RESPONSE,
    };
    (code, Vec::new())
}

/// The exception of a response, `None` if all went well.
pub(crate) fn exception<'py>(response: &Bound<'py, FtpResponse>) -> PyResult<Option<Bound<'py, PyAny>>> {
    let py = response.py();
    let this = response.get();
    let exception = match this.failure() {
        Some(failure) => of_failure(py, failure)?,
        None if this.is_ok() => return Ok(None),
        // One that somebody has made by hand.
        None => {
            let class = match this.code() {
                own::INVALID_RESPONSE => "FtpProtocolError",
                own::CONNECTION_FAILED | own::CONNECTION_CLOSED => "FtpConnectionError",
                own::INVALID_FILE => "FtpFileError",
                _ => "FtpRefusedError",
            };
            make(py, class, (this.sentence(),))?
        }
    };
    exception.setattr("response", response)?;
    Ok(Some(exception))
}

fn of_failure<'py>(py: Python<'py>, failure: &FtpError) -> PyResult<Bound<'py, PyAny>> {
    let sentence = sentence(failure);
    let (class, source) = match failure {
        FtpError::Rejected { .. } => ("FtpRefusedError", None),
        FtpError::Connect { source, .. } | FtpError::Data { source, .. } => {
            ("FtpConnectionError", Some(source))
        }
        FtpError::Closed { source, .. } => ("FtpConnectionError", source.as_ref()),
        FtpError::NotConnected => ("FtpConnectionError", None),
        FtpError::TimedOut { .. } => ("FtpTimeoutError", None),
        FtpError::Cancelled => ("FtpCancelledError", None),
        FtpError::Local { path, source, .. } => return of_file(py, sentence, path.as_deref(), source),
        FtpError::UnsafeName { name } => {
            return make(py, "FtpFileError", (errno(py, "EINVAL")?, sentence, text(py, name)?));
        }
        // In a tree: a name that cannot be sent, or stands for two files.
        FtpError::Argument { .. } => {
            return make(py, "FtpFileError", (errno(py, "EINVAL")?, sentence));
        }
        _ => ("FtpProtocolError", None),
    };
    let exception = match source.and_then(sfml_network::SocketError::raw_os_error) {
        Some(code) => make(py, class, (code, sentence))?,
        None => make(py, class, (sentence,))?,
    };
    if let Some(source) = source {
        exception.setattr("__cause__", error::to_python(py, source).into_value(py))?;
    }
    Ok(exception)
}

fn of_file<'py>(
    py: Python<'py>,
    sentence: String,
    path: Option<&Path>,
    source: &io::Error,
) -> PyResult<Bound<'py, PyAny>> {
    let exception =
        make(py, "FtpFileError", (system::code(py, source)?, sentence, path.map(Path::as_os_str)))?;
    exception.setattr("__cause__", system::exception(py, path, source)?)?;
    Ok(exception)
}

/// What happened and why, in one line.
pub(crate) fn sentence(failure: &FtpError) -> String {
    match failure.source() {
        Some(source) => match source.downcast_ref::<io::Error>() {
            Some(source) => format!("{failure}: {}", reason(source)),
            None => format!("{failure}: {source}"),
        },
        None => failure.to_string(),
    }
}

/// Creates one of the exceptions.
pub(crate) fn make<'py>(
    py: Python<'py>,
    class: &str,
    arguments: impl IntoPyObject<'py, Target = PyTuple, Output = Bound<'py, PyTuple>, Error = PyErr>,
) -> PyResult<Bound<'py, PyAny>> {
    let class = py.import("sfml_network._ftp")?.getattr(class)?;
    class.call1(arguments.into_pyobject(py)?)
}
