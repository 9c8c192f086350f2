//! `HttpError`: the exception that tells why there is no response, or not all of it.

use std::error::Error;
use std::io;

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use sfml_network::SocketError;
use sfml_network::http::HttpError;

use super::argument::refused;
use super::response::{HttpResponse, status};
use crate::error;
use crate::system;

/// The exception for the failures of a call that are no response: what cannot be sent, and what a hook has ended.
pub(crate) fn refusal(failure: HttpError) -> Result<HttpError, PyErr> {
    match failure {
        // What the crate's own engine refuses has come from the server, in a redirect.
        HttpError::Request(problem) if problem.what() != "request" => Err(refused(problem)),
        HttpError::Interrupted(inner) => Err(PyOSError::new_err(inner.to_string())),
        failure => Ok(failure),
    }
}

/// The exception for a failure, of this response.
pub(crate) fn exception<'py>(
    response: &Bound<'py, HttpResponse>,
    failure: &HttpError,
) -> PyResult<Bound<'py, PyAny>> {
    let py = response.py();
    let exception = make(response, &sentence(failure), reason(failure))?;
    let cause = match failure {
        HttpError::Lookup(source)
        | HttpError::Connect(source)
        | HttpError::Tls(source)
        | HttpError::Connection { source, .. } => error::to_python(py, source).into_value(py).into_any(),
        HttpError::Local { path, source } => system::exception(py, path.as_deref(), source)?.unbind(),
        _ => return Ok(exception),
    };
    exception.setattr("__cause__", cause)?;
    Ok(exception)
}

/// The exception for a status that means a failure, and for a response that somebody has made by hand.
pub(crate) fn of_status<'py>(response: &Bound<'py, HttpResponse>) -> PyResult<Bound<'py, PyAny>> {
    make(response, &response.get().sentence(), "status")
}

fn make<'py>(
    response: &Bound<'py, HttpResponse>,
    sentence: &str,
    reason: &str,
) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    let py = response.py();
    let exception = CLASS.import(py, "sfml_network._http", "HttpError")?.call1((sentence,))?;
    exception.setattr("status", status(py, response.get().told_status())?)?;
    exception.setattr("reason", reason)?;
    exception.setattr("response", response)?;
    Ok(exception)
}

/// The word for a kind of failure.
fn reason(failure: &HttpError) -> &'static str {
    match failure {
        HttpError::Request(_) => "request",
        HttpError::Lookup(_) => "lookup",
        HttpError::Connect(_) => "connect",
        HttpError::Tls(_) => "tls",
        HttpError::Proxy(_) => "proxy",
        HttpError::TimedOut { .. } => "timeout",
        HttpError::Cancelled | HttpError::Interrupted(_) => "cancelled",
        HttpError::Connection { .. } => "connection",
        HttpError::Closed { .. } => "closed",
        HttpError::Incomplete { .. } => "incomplete",
        HttpError::TooLarge { .. } => "too-large",
        HttpError::Decode(_) => "decode",
        HttpError::Redirect(_) => "redirect",
        HttpError::Refused(_) => "status",
        HttpError::Local { .. } => "local",
        _ => "invalid",
    }
}

/// What happened and why, in one line.
pub(crate) fn sentence(failure: &HttpError) -> String {
    let source = failure.source();
    match source.and_then(|source| source.downcast_ref::<io::Error>()) {
        Some(source) => format!("{failure}: {}", system::reason(source)),
        None => match source.and_then(|source| source.downcast_ref::<SocketError>()) {
            Some(source) => format!("{failure}: {source}"),
            None => failure.to_string(),
        },
    }
}
