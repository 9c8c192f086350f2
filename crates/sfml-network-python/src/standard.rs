//! Addresses of the standard library's module `ipaddress`.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyType};
use sfml_network::IpAddress as Address;

/// What an object of Python is, seen as an address of `ipaddress`.
pub(crate) enum Standard {
    Address(Address),
    /// An IPv6 address that is tied to one interface, which an `Address` cannot say.
    Scoped,
    Other,
}

impl Standard {
    /// Tells by its class alone what an object is; no code of a stranger runs.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let py = object.py();
        let class = object.get_type();
        let is_a = |name: &str, cell: &PyOnceLock<Py<PyType>>| {
            class.is_subclass(cell.import(py, "ipaddress", name)?)
        };
        // An interface is an address to Python, but with a network that would be lost here.
        if is_a("IPv4Address", &V4)? && !is_a("IPv4Interface", &V4_INTERFACE)? {
            return packed::<4>(object).map(|packed| Self::Address(packed.into()));
        }
        if is_a("IPv6Address", &V6)? && !is_a("IPv6Interface", &V6_INTERFACE)? {
            if !object.getattr(intern!(py, "scope_id"))?.is_none() {
                return Ok(Self::Scoped);
            }
            return packed::<16>(object).map(|packed| Self::Address(packed.into()));
        }
        Ok(Self::Other)
    }

    /// The address, `None` for an object that is none; a scope is refused.
    pub(crate) fn argument(object: &Bound<'_, PyAny>) -> PyResult<Option<Address>> {
        match Self::of(object)? {
            Self::Address(address) => Ok(Some(address)),
            Self::Scoped => {
                Err(PyValueError::new_err(format!("scopes are not supported: {}", object.str()?)))
            }
            Self::Other => Ok(None),
        }
    }
}

static V4: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static V6: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static V4_INTERFACE: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static V6_INTERFACE: PyOnceLock<Py<PyType>> = PyOnceLock::new();

fn packed<const SIZE: usize>(address: &Bound<'_, PyAny>) -> PyResult<[u8; SIZE]> {
    let packed = address.getattr(intern!(address.py(), "packed"))?.cast_into::<PyBytes>()?;
    let wrong = |_| PyTypeError::new_err(format!("a packed address has {SIZE} bytes"));
    packed.as_bytes().try_into().map_err(wrong)
}
