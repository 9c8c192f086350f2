//! `IpAddress` for Python: an address, or the invalid one that the documentation calls `NONE`.

use std::net::IpAddr;

use pyo3::basic::CompareOp;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyInt, PyString, PyTuple, PyType};
use pyo3::{IntoPyObjectExt, intern};
use sfml_network::{IpAddress as Address, SocketError};

use crate::argument::{Timeout, Whole, either};
use crate::error;
use crate::http::public_address;
use crate::standard::Standard;
use crate::waiting;

/// An IPv4 or IPv6 address.
///
/// ``IpAddress()`` is the invalid address `NONE`: false, no address of any computer, refused by every socket.
/// The constructor also takes a numeric str, an int, 4 or 16 bytes, or an address of the module `ipaddress`.
/// Addresses are immutable, hashable, ordered numerically (IPv4 before IPv6), and equal to the same `ipaddress`
/// address.
///
/// >>> from sfml.network import IpAddress
/// >>> IpAddress("192.168.1.56") == IpAddress.from_bytes(192, 168, 1, 56)
/// True
/// >>> bool(IpAddress()), str(IpAddress.LOCAL_HOST), str(IpAddress("::1"))
/// (False, '127.0.0.1', '::1')
#[pyclass(frozen, subclass, module = "sfml.network")]
pub(crate) struct IpAddress(pub(crate) Option<Address>);

impl IpAddress {
    fn text(&self) -> String {
        self.0.unwrap_or(Address::ANY).to_string()
    }

    /// The address as the standard library's type; the invalid one as what it prints.
    fn plain(&self) -> IpAddr {
        self.0.unwrap_or(Address::ANY).into()
    }

    /// What an object compares as; `None` for an object that is no address.
    fn comparable(object: &Bound<'_, PyAny>) -> PyResult<Option<Option<Address>>> {
        if let Ok(address) = object.cast::<Self>() {
            return Ok(Some(address.get().0));
        }
        Ok(match Standard::of(object)? {
            Standard::Address(address) => Some(Some(address)),
            Standard::Scoped | Standard::Other => None,
        })
    }
}

#[pymethods]
#[expect(non_snake_case, reason = "class constants have the documented names")]
impl IpAddress {
    #[new]
    #[pyo3(signature = (address=None, /))]
    fn new(address: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let Some(address) = address else {
            return Ok(Self(None));
        };
        if let Ok(text) = address.cast::<PyString>() {
            let parsed = text.to_str()?.parse();
            return parsed
                .map(|address| Self(Some(address)))
                .map_err(|error| PyValueError::new_err(format!("{error}")));
        }
        if let Ok(bytes) = address.cast::<PyBytes>() {
            let bytes = bytes.as_bytes();
            return match (<[u8; 4]>::try_from(bytes), <[u8; 16]>::try_from(bytes)) {
                (Ok(v4), _) => Ok(Self(Some(v4.into()))),
                (_, Ok(v6)) => Ok(Self(Some(v6.into()))),
                _ => Err(PyValueError::new_err(format!("an address has 4 or 16 bytes, not {}", bytes.len()))),
            };
        }
        if address.is_instance_of::<PyInt>() {
            let Whole(integer) = address.extract()?;
            return Ok(Self(Some(Address::from_integer(integer))));
        }
        if let Ok(address) = address.cast::<Self>() {
            return Ok(Self(address.get().0));
        }
        if let Some(address) = Standard::argument(address)? {
            return Ok(Self(Some(address)));
        }
        let given = address.get_type().name()?;
        let kinds = "a str, an int, bytes or an ipaddress address";
        Err(PyTypeError::new_err(format!("an address is made of {kinds}, not {given}")))
    }

    /// The invalid address: false, integer 0, string "0.0.0.0".
    #[classattr]
    fn NONE() -> Self {
        Self(None)
    }

    /// 0.0.0.0: every IPv4 interface of this computer, for binding and listening.
    #[classattr]
    fn ANY() -> Self {
        Self(Some(Address::ANY))
    }

    /// "::": every interface of this computer, IPv6 and IPv4, for binding and listening.
    #[classattr]
    fn ANY_V6() -> Self {
        Self(Some(Address::ANY_V6))
    }

    /// 127.0.0.1: this computer, reachable by itself only.
    #[classattr]
    fn LOCAL_HOST() -> Self {
        Self(Some(Address::LOCAL_HOST))
    }

    /// "::1": this computer, reachable by itself only.
    #[classattr]
    fn LOCAL_HOST_V6() -> Self {
        Self(Some(Address::LOCAL_HOST_V6))
    }

    /// 255.255.255.255: every computer of the local network, for UDP.
    #[classattr]
    fn BROADCAST() -> Self {
        Self(Some(Address::BROADCAST))
    }

    #[classattr]
    fn __match_args__() -> (&'static str,) {
        ("string",)
    }

    /// Makes an address of a numeric string or a host name, which is looked up.
    ///
    /// Returns `NONE` when there is no such name, or when `timeout` passed before an answer came. Of several
    /// addresses the first IPv4 one is returned, else the first; `resolve` returns all of them.
    #[classmethod]
    #[pyo3(
        signature = (string=None, timeout=None, *, _string=None),
        text_signature = "($cls, string=..., timeout=None, *, _string=...)"
    )]
    #[expect(clippy::duplicate_underscore_argument, reason = "both spellings are documented somewhere")]
    fn from_string(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        string: Option<&str>,
        timeout: Option<Timeout>,
        _string: Option<&str>,
    ) -> PyResult<Self> {
        let name = either("string", string, "_string", _string)?;
        if let Ok(address) = name.parse() {
            return Ok(Self(Some(address)));
        }
        let deadline = timeout.unwrap_or_default().deadline();
        // A lookup that fails is an answer here; what a signal handler raises is not.
        let found = waiting::detached(py, deadline, |wait| match Address::resolve(name, wait) {
            Ok(addresses) => Ok(addresses),
            Err(SocketError::NotReady) => Ok(Vec::new()),
            Err(SocketError::Other(error)) if error.kind() != std::io::ErrorKind::Interrupted => {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        })?;
        Ok(Self(found.iter().find(|address| address.is_v4()).or(found.first()).copied()))
    }

    /// Makes an IPv4 address of its integer, most significant byte first: 0x7F000001 is 127.0.0.1.
    #[classmethod]
    #[pyo3(
        signature = (integer=None, *, address=None),
        text_signature = "($cls, integer=..., *, address=...)"
    )]
    fn from_integer(
        _class: &Bound<'_, PyType>,
        integer: Option<Whole<u32>>,
        address: Option<Whole<u32>>,
    ) -> PyResult<Self> {
        let Whole(integer) = either("integer", integer, "address", address)?;
        Ok(Self(Some(Address::from_integer(integer))))
    }

    /// Makes the IPv4 address ``b0.b1.b2.b3``.
    ///
    /// The keywords may also count from ``b1`` to ``b4``, as they do in released pySFML.
    #[classmethod]
    #[pyo3(
        signature = (b0=None, b1=None, b2=None, b3=None, *, b4=None),
        text_signature = "($cls, b0, b1, b2, b3)"
    )]
    fn from_bytes(
        _class: &Bound<'_, PyType>,
        b0: Option<Whole<u8>>,
        b1: Option<Whole<u8>>,
        b2: Option<Whole<u8>>,
        b3: Option<Whole<u8>>,
        b4: Option<Whole<u8>>,
    ) -> PyResult<Self> {
        match (b0, b1, b2, b3, b4) {
            (Some(a), Some(b), Some(c), Some(d), None) | (None, Some(a), Some(b), Some(c), Some(d)) => {
                Ok(Self(Some(Address::from_bytes(a.0, b.0, c.0, d.0))))
            }
            _ => Err(PyTypeError::new_err("from_bytes() takes four bytes")),
        }
    }

    /// Looks up all addresses of a host name, in the system's order of preference.
    ///
    /// Raises `SocketError` when there is none, `SocketNotReady` when `timeout` passed before an answer came.
    ///
    /// >>> from sfml.network import IpAddress
    /// >>> IpAddress.LOCAL_HOST in IpAddress.resolve("localhost")
    /// True
    #[classmethod]
    #[pyo3(signature = (name, timeout=None))]
    fn resolve<'py>(
        _class: &Bound<'py, PyType>,
        py: Python<'py>,
        name: &str,
        timeout: Option<Timeout>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let deadline = timeout.unwrap_or_default().deadline();
        let found = waiting::detached(py, deadline, |wait| Address::resolve(name, wait))?;
        PyTuple::new(
            py,
            found
                .into_iter()
                .map(|address| Self(Some(address)).into_py_any(py))
                .collect::<PyResult<Vec<_>>>()?,
        )
    }

    /// Returns the address this computer has in its local network, `NONE` when it has no route.
    ///
    /// Nothing is sent for it.
    #[classmethod]
    #[pyo3(signature = (*, ipv6=false))]
    fn get_local_address(_class: &Bound<'_, PyType>, ipv6: bool) -> Self {
        let local = if ipv6 { Address::local_v6() } else { Address::local() };
        Self(local.ok())
    }

    /// Returns the address this computer has on the internet, `NONE` when it is not known.
    ///
    /// Web services are asked over verified HTTPS which address they see, one after the other until one answers;
    /// `timeout` bounds all of it. `NONE` means that none of them has answered. `services` are the URLs of others that
    /// answer a GET with an address as text, `family` is 4 or 6, and `ca` replaces the system's authorities, by PEM
    /// text or the path of a file. Wrong arguments raise.
    #[classmethod]
    #[pyo3(
        signature = (timeout=None, *, time=None, services=None, family=Whole(4), ca=None),
        text_signature = "($cls, timeout=None, *, time=None, services=None, family=4, ca=None)"
    )]
    fn get_public_address(
        _class: &Bound<'_, PyType>,
        py: Python<'_>,
        timeout: Option<Timeout>,
        time: Option<Timeout>,
        services: Option<&Bound<'_, PyAny>>,
        family: Whole<u8>,
        ca: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let limit = either("timeout", timeout.or(time.is_none().then(Timeout::default)), "time", time)?;
        public_address::look_up(py, limit.deadline(), services, family.0, ca).map(Self)
    }

    /// The address in its usual notation, "192.168.1.56" or "::1".
    #[getter]
    fn string<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text(py, &self.text())
    }

    /// The address as an int, most significant byte first; 0 for `NONE`.
    #[getter]
    fn integer<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.plain() {
            IpAddr::V4(address) => address.to_bits().into_bound_py_any(py),
            IpAddr::V6(address) => address.to_bits().into_bound_py_any(py),
        }
    }

    /// Whether this is an IPv4 address.
    #[getter]
    fn is_v4(&self) -> bool {
        self.0.is_some_and(Address::is_v4)
    }

    /// Whether this is an IPv6 address.
    #[getter]
    fn is_v6(&self) -> bool {
        self.0.is_some_and(Address::is_v6)
    }

    /// Returns the same address as an `ipaddress.IPv4Address` or `IPv6Address`.
    ///
    /// Raises `SocketError` for `NONE`.
    fn to_ipaddress<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        match self.0 {
            Some(address) => IpAddr::from(address).into_bound_py_any(py),
            None => Err(error::misuse(py, "IpAddress.NONE is no address")),
        }
    }

    fn __richcmp__(&self, other: &Bound<'_, PyAny>, operator: CompareOp) -> PyResult<Py<PyAny>> {
        let py = other.py();
        match Self::comparable(other)? {
            Some(other) => operator.matches(self.0.cmp(&other)).into_py_any(py),
            None => Ok(py.NotImplemented()),
        }
    }

    /// The hash of the equal `ipaddress` address.
    fn __hash__(&self, py: Python<'_>) -> PyResult<isize> {
        match self.0.map(IpAddr::from) {
            None => py.None().bind(py).hash(),
            Some(IpAddr::V4(address)) => PyString::new(py, &format!("{:#x}", address.to_bits())).hash(),
            Some(IpAddr::V6(address)) => (address.to_bits(), py.None()).into_pyobject(py)?.hash(),
        }
    }

    fn __bool__(&self) -> bool {
        self.0.is_some()
    }

    fn __str__(&self) -> String {
        self.text()
    }

    fn __repr__(&self) -> String {
        match self.0 {
            Some(address) => format!("IpAddress('{address}')"),
            None => "IpAddress.NONE".to_owned(),
        }
    }

    fn __format__<'py>(&self, py: Python<'py>, specification: &str) -> PyResult<Bound<'py, PyAny>> {
        PyString::new(py, &self.text()).call_method1(intern!(py, "__format__"), (specification,))
    }

    fn __int__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.integer(py)
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        match self.plain() {
            IpAddr::V4(address) => PyBytes::new(py, &address.octets()),
            IpAddr::V6(address) => PyBytes::new(py, &address.octets()),
        }
    }

    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let arguments = match slf.get().0 {
            Some(address) => PyTuple::new(slf.py(), [address.to_string()])?,
            None => PyTuple::empty(slf.py()),
        };
        (slf.get_type(), arguments).into_bound_py_any(slf.py())
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}

/// A `Text`: a str that is also equal to the same bytes, as released pySFML's strings were bytes.
pub(crate) fn text<'py>(py: Python<'py>, text: &str) -> PyResult<Bound<'py, PyAny>> {
    static TEXT: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    TEXT.import(py, "sfml_network._text", "Text")?.call1((text,))
}
