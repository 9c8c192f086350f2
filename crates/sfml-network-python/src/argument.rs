//! What the methods take: ports, time limits, addresses, data. Wrong ones are named in the exception.

use std::time::Duration;

use pyo3::exceptions::{PyAttributeError, PyBufferError, PyOverflowError, PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDelta, PyFloat, PyInt, PyString};
use sfml_network::{Deadline, IpAddress as Address};

use crate::address::IpAddress;
use crate::buffer::Memory;
use crate::error;
use crate::standard::Standard;

/// A port number, 0 to 65535.
#[derive(Clone, Copy)]
pub(crate) struct Port(pub(crate) u16);

impl<'a, 'py> FromPyObject<'a, 'py> for Port {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self).map_err(|error| {
            let error = outside(&object, error, format_args!("a port is 0 to {}", u16::MAX));
            not_an_int(&object, error, "a port")
        })
    }
}

/// How many bytes, as many as the system can count.
#[derive(Clone, Copy)]
pub(crate) struct Size(pub(crate) usize);

impl<'a, 'py> FromPyObject<'a, 'py> for Size {
    type Error = PyErr;

    #[inline]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self).map_err(|error| {
            let error = outside(&object, error, format_args!("a size is 0 to {}", usize::MAX));
            not_an_int(&object, error, "a size")
        })
    }
}

/// A whole number that fits; the exception for one that does not names the range.
#[derive(Clone, Copy)]
pub(crate) struct Whole<T>(pub(crate) T);

/// The integers that `Whole` may hold.
pub(crate) trait Ranged {
    const RANGE: (i128, i128);
}

macro_rules! ranged {
    ($($integer:ty),*) => { $(
        impl Ranged for $integer {
            const RANGE: (i128, i128) = (<$integer>::MIN as i128, <$integer>::MAX as i128);
        }
    )* };
}

ranged!(i8, i16, i32, i64, u8, u16, u32, u64);

impl<'a, 'py, T: FromPyObject<'a, 'py, Error = PyErr> + Ranged> FromPyObject<'a, 'py> for Whole<T> {
    type Error = PyErr;

    #[inline]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        object.extract().map(Self).map_err(|error| {
            let (least, most) = T::RANGE;
            outside(&object, error, format_args!("a number from {least} to {most} is needed"))
        })
    }
}

/// The exception for a number that does not fit, with the range. Any other one is the caller's, and passes.
#[cold]
fn outside(object: &Bound<'_, PyAny>, error: PyErr, range: std::fmt::Arguments<'_>) -> PyErr {
    if !error.is_instance_of::<PyOverflowError>(object.py()) {
        return error;
    }
    // Numbers of more digits than these are of no use to a reader.
    let number: Option<i128> = object.cast::<PyInt>().ok().and_then(|number| number.extract().ok());
    PyOverflowError::new_err(match number {
        Some(number) => format!("{range}, not {number}"),
        None => range.to_string(),
    })
}

/// The exception for something else than a number, with its type. Any other one is the caller's, and passes.
#[cold]
fn not_an_int(object: &Bound<'_, PyAny>, error: PyErr, what: &str) -> PyErr {
    if !error.is_instance_of::<PyTypeError>(object.py()) {
        return error;
    }
    match type_name(object) {
        Ok(name) => PyTypeError::new_err(format!("{what} is an int, not {name}")),
        Err(error) => error,
    }
}

/// How long a call may take: `None`, zero and `Time.ZERO` mean without limit.
#[derive(Clone, Copy, Default)]
pub(crate) struct Timeout(Option<Duration>);

impl Timeout {
    /// The deadline of a call that starts now.
    pub(crate) fn deadline(self) -> Deadline {
        self.0.into()
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Timeout {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let Span(limit) = object.extract()?;
        // A limit too long for the clock is no limit.
        Ok(Self(limit.filter(|limit| !limit.is_zero() && *limit < Duration::MAX)))
    }
}

/// A length of time: a `Time`, a `timedelta` or seconds; `None` stays `None`.
#[derive(Clone, Copy)]
pub(crate) struct Span(pub(crate) Option<Duration>);

impl<'a, 'py> FromPyObject<'a, 'py> for Span {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.is_none() {
            return Ok(Self(None));
        }
        if object.cast::<PyFloat>().is_ok() || object.cast::<PyInt>().is_ok() {
            return from_seconds(&object);
        }
        if object.cast::<PyDelta>().is_ok() {
            let negative = |_| negative(Some(&object));
            return object.extract().map(|span| Self(Some(span))).map_err(negative);
        }
        // Time, ours or pySFML's, knows its whole length in microseconds.
        let microseconds = object
            .getattr(intern!(object.py(), "microseconds"))
            .and_then(|value| bounded(&value, i64::MIN, i64::MAX))
            .map_err(|error| not_a_span(&object, error))?;
        match u64::try_from(microseconds) {
            Ok(span) => Ok(Self(Some(Duration::from_micros(span)))),
            Err(_) => Err(negative(Some(&object))),
        }
    }
}

fn from_seconds(object: &Bound<'_, PyAny>) -> PyResult<Span> {
    let seconds = bounded(object, f64::NEG_INFINITY, f64::INFINITY)?;
    if seconds.is_nan() || seconds < 0.0 {
        // Too large for a float, so of hundreds of digits: not shown.
        return Err(negative((seconds != f64::NEG_INFINITY).then_some(object)));
    }
    let span = Duration::try_from_secs_f64(seconds).unwrap_or(Duration::MAX);
    // However short, it is not zero, which may mean something else.
    let shortest = if seconds > 0.0 { Duration::from_nanos(1) } else { Duration::ZERO };
    Ok(Span(Some(span.max(shortest))))
}

/// A number; one that is too large for its type is the least or the most there is.
fn bounded<'py, T>(number: &Bound<'py, PyAny>, least: T, most: T) -> PyResult<T>
where
    T: for<'a> FromPyObject<'a, 'py, Error = PyErr>,
{
    match number.extract::<T>() {
        Err(error) if error.is_instance_of::<PyOverflowError>(number.py()) => {
            Ok(if number.lt(0)? { least } else { most })
        }
        outcome => outcome,
    }
}

#[cold]
fn negative(shown: Option<&Bound<'_, PyAny>>) -> PyErr {
    let sentence = "a time limit is not negative and not NaN";
    match shown.map(PyAnyMethods::repr).transpose() {
        Ok(Some(shown)) => PyValueError::new_err(format!("{sentence}: {shown}")),
        Ok(None) => PyValueError::new_err(sentence),
        Err(error) => error,
    }
}

/// The exception for what has no length. What its own code raises passes.
#[cold]
fn not_a_span(object: &Bound<'_, PyAny>, error: PyErr) -> PyErr {
    let py = object.py();
    if !error.is_instance_of::<PyTypeError>(py) && !error.is_instance_of::<PyAttributeError>(py) {
        return error;
    }
    let kinds = "a Time, a timedelta, a number of seconds or None";
    match type_name(object) {
        Ok(name) => PyTypeError::new_err(format!("a time limit is {kinds}, not {name}")),
        Err(error) => error,
    }
}

/// An address: an `IpAddress`, a numeric `str`, or an address of the module `ipaddress`.
#[derive(Clone, Copy)]
pub(crate) struct AddressArgument(Option<Address>);

impl AddressArgument {
    /// The address; `None` for `NONE`.
    pub(crate) const fn given(self) -> Option<Address> {
        self.0
    }

    /// The address, or the exception for `NONE`.
    pub(crate) fn get(self, py: Python<'_>) -> PyResult<Address> {
        self.0.ok_or_else(|| error::misuse(py, "IpAddress.NONE is no address to connect, bind or send to"))
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for AddressArgument {
    type Error = PyErr;

    #[inline]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(address) = object.cast::<IpAddress>() {
            return Ok(Self(address.get().0));
        }
        if let Ok(text) = object.cast::<PyString>() {
            let text = text.to_str()?;
            let refused = |error| {
                PyValueError::new_err(format!(
                    "{error}; look names up with IpAddress.from_string or IpAddress.resolve"
                ))
            };
            return text.parse().map(|address| Self(Some(address))).map_err(refused);
        }
        if let Some(address) = Standard::argument(&object)? {
            return Ok(Self(Some(address)));
        }
        let sentence =
            format!("an address is an IpAddress, a str or an ipaddress address, not {}", type_name(&object)?);
        Err(PyTypeError::new_err(sentence))
    }
}

/// Where to connect: an address, or the name of a host.
pub(crate) enum Target {
    Address(AddressArgument),
    Host(String),
}

impl<'a, 'py> FromPyObject<'a, 'py> for Target {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = object.cast::<PyString>() {
            let text = text.to_str()?;
            return Ok(match text.parse() {
                Ok(address) => Self::Address(AddressArgument(Some(address))),
                Err(_) => Self::Host(text.to_owned()),
            });
        }
        object.extract().map(Self::Address)
    }
}

/// Data to send: `bytes`, any other contiguous buffer, or `str`, which is sent as UTF-8.
pub(crate) enum Data<'py> {
    Bytes(Bound<'py, PyBytes>),
    Text(Bound<'py, PyString>),
    Buffer(Memory),
}

impl<'py> Data<'py> {
    /// The data, for as long as the interpreter stays attached.
    #[inline]
    pub(crate) fn bytes<'b>(&'b self, py: Python<'py>) -> PyResult<&'b [u8]> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.as_bytes()),
            Self::Text(text) => Ok(text.to_str()?.as_bytes()),
            Self::Buffer(memory) => Ok(memory.bytes(py)),
        }
    }
}

impl<'a, 'py> FromPyObject<'a, 'py> for Data<'py> {
    type Error = PyErr;

    #[inline]
    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Self::Bytes(bytes.to_owned()));
        }
        if let Ok(text) = object.cast::<PyString>() {
            return Ok(Self::Text(text.to_owned()));
        }
        match Memory::of(&object) {
            Ok(Some(memory)) => Ok(Self::Buffer(memory)),
            Ok(None) => Err(PyBufferError::new_err("the buffer is not contiguous, send a copy of it")),
            Err(error) if error.is_instance_of::<PyTypeError>(object.py()) => {
                let sentence = format!("data is bytes, a buffer or a str, not {}", type_name(&object)?);
                Err(PyTypeError::new_err(sentence))
            }
            Err(error) => Err(error),
        }
    }
}

/// The one of two spellings of an argument that was given.
pub(crate) fn either<T>(name: &str, value: Option<T>, other_name: &str, other: Option<T>) -> PyResult<T> {
    match (value, other) {
        (Some(value), None) | (None, Some(value)) => Ok(value),
        (None, None) => Err(PyTypeError::new_err(format!("missing required argument: '{name}'"))),
        (Some(_), Some(_)) => {
            Err(PyTypeError::new_err(format!("'{name}' and '{other_name}' are the same argument")))
        }
    }
}

fn type_name(object: &Bound<'_, PyAny>) -> PyResult<String> {
    Ok(object.get_type().name()?.to_string())
}
