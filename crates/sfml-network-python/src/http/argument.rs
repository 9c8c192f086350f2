//! What the methods take: methods, versions, names, times.

use std::time::Duration;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyInt, PyTuple};
use sfml_network::http::{Method, RequestProblem, Version};

use crate::argument::Span;
use crate::words::{Words, encoded, wrong};

/// The exception for what cannot be sent.
pub(crate) fn refused(problem: RequestProblem) -> PyErr {
    PyValueError::new_err(problem.to_string())
}

/// A text for the wire: a `str`, or `bytes` in UTF-8.
pub(crate) struct Text(pub(crate) String);

impl<'a, 'py> FromPyObject<'a, 'py> for Text {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let Words(bytes) = object.extract()?;
        let wrong = |_| PyValueError::new_err("a text is UTF-8, encode other bytes in the uri with '%'");
        String::from_utf8(bytes).map(Self).map_err(wrong)
    }
}

/// A request method: a member of `HttpMethod`, its number, or any token as a text.
#[derive(Clone)]
pub(crate) struct MethodArgument(pub(crate) Method);

impl MethodArgument {
    /// The methods with a number, which is the position.
    pub(crate) const NUMBERED: [Method; 5] =
        [Method::GET, Method::POST, Method::HEAD, Method::PUT, Method::DELETE];
}

impl<'a, 'py> FromPyObject<'a, 'py> for MethodArgument {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.cast::<PyInt>().is_ok() {
            let position = object.extract::<usize>().ok();
            let known = position.and_then(|position| Self::NUMBERED.get(position));
            return known.cloned().map(Self).ok_or_else(|| {
                PyValueError::new_err("a method is HttpRequest.GET (0) to DELETE (4), or a text")
            });
        }
        match encoded(&object)? {
            Some(name) => String::from_utf8_lossy(&name).parse().map(Self).map_err(refused),
            None => Err(wrong(&object, "a method is HttpRequest.GET, another constant or a str")),
        }
    }
}

/// The version of two numbers.
pub(crate) fn version(major: i64, minor: i64) -> PyResult<Version> {
    let numbers = u16::try_from(major).ok().zip(u16::try_from(minor).ok());
    numbers.and_then(|(major, minor)| Version::from_numbers(major, minor)).ok_or_else(|| {
        PyValueError::new_err(format!("the version is (1, 0) or (1, 1), not ({major}, {minor})"))
    })
}

/// A version as a tuple of two numbers.
pub(crate) struct VersionArgument(pub(crate) Version);

impl<'a, 'py> FromPyObject<'a, 'py> for VersionArgument {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match object.extract::<(i64, i64)>() {
            Ok((major, minor)) => version(major, minor).map(Self),
            Err(_) => {
                let shown = object.repr()?;
                Err(PyTypeError::new_err(format!("a version is a tuple of two numbers, not {shown}")))
            }
        }
    }
}

/// What a limit from Python is in the crate: `None` stays `None`, zero is no limit.
pub(crate) fn limit(Span(limit): Span) -> Option<Duration> {
    limit.map(|limit| if limit.is_zero() || limit > LONGEST { Duration::MAX } else { limit })
}

/// The longest time a `timedelta` can tell, in whole days.
const LONGEST: Duration = Duration::from_secs(999_999_999 * 86_400);

/// Whether an object is a tuple of two, as `(name, value)`.
pub(crate) fn pair<'py>(object: &Bound<'py, PyAny>) -> Option<(Bound<'py, PyAny>, Bound<'py, PyAny>)> {
    let tuple = object.cast::<PyTuple>().ok().filter(|tuple| tuple.len() == 2)?;
    tuple.get_item(0).ok().zip(tuple.get_item(1).ok())
}
