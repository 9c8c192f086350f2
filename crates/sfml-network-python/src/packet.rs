//! `Packet` for Python.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use pyo3::{IntoPyObjectExt, intern};
use sfml_network::{Packet as Core, PacketRead, PacketWrite};

use crate::argument::{Data, Size, Whole};
use crate::lock::lock;

/// Typed values in SFML's wire format, to exchange with C++ `sf::Packet`.
///
/// `write_…` methods append a value and return the packet; `read_…` methods take the next one. Integers travel
/// big-endian, floats little-endian, strings behind their length. A read that fails raises `ValueError` and makes
/// the packet invalid (false): later reads fail too, until `clear`.
///
/// Subclasses may override `on_send` and `on_receive`, to compress or encrypt on the way.
///
/// >>> from sfml.network import Packet
/// >>> packet = Packet().write_u16(12345).write_string("hello")
/// >>> packet.data
/// b'09\x00\x00\x00\x05hello'
/// >>> packet.read_u16(), packet.read_string(), packet.end_of_packet
/// (12345, 'hello', True)
#[pyclass(frozen, subclass, module = "sfml.network")]
pub(crate) struct Packet {
    inner: Mutex<Core>,
    /// Differs from that of every other packet, and changes with the contents.
    version: AtomicU64,
}

fn next_version() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

impl Packet {
    fn holding(core: Core) -> Self {
        Self { inner: Mutex::new(core), version: AtomicU64::new(next_version()) }
    }

    fn change(slf: Py<Self>, change: impl FnOnce(&mut Core)) -> Py<Self> {
        slf.get().version.store(next_version(), Ordering::Relaxed);
        change(&mut lock(&slf.get().inner));
        slf
    }

    fn fill(slf: Py<Self>, py: Python<'_>, data: &Data<'_>) -> PyResult<()> {
        let data = data.bytes(py)?.to_vec();
        Self::change(slf, |packet| *packet = data.into());
        Ok(())
    }

    fn write<T: PacketWrite>(slf: Py<Self>, value: T) -> Py<Self> {
        Self::change(slf, |packet| {
            packet.write(value);
        })
    }

    fn read<T: PacketRead>(&self) -> PyResult<T> {
        lock(&self.inner).read().map_err(|error| PyValueError::new_err(error.to_string()))
    }

    pub(crate) fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed)
    }

    /// Whether a subclass has its own `on_send`.
    pub(crate) fn transforms(packet: &Bound<'_, Self>) -> PyResult<bool> {
        if packet.is_exact_instance_of::<Self>() {
            return Ok(false);
        }
        let py = packet.py();
        let own = packet.get_type().getattr(intern!(py, "on_send"))?;
        Ok(!own.is(&py.get_type::<Self>().getattr(intern!(py, "on_send"))?))
    }

    /// What a subclass's `on_send` makes of the packet.
    pub(crate) fn transformed(packet: &Bound<'_, Self>) -> PyResult<Core> {
        let made = packet.call_method0(intern!(packet.py(), "on_send"))?;
        let made: Data<'_> = made.extract()?;
        made.bytes(packet.py()).map(Core::from)
    }

    /// Runs `send` with the packet as it is.
    pub(crate) fn with_core<T>(&self, send: impl FnOnce(&Core) -> T) -> T {
        send(&lock(&self.inner))
    }

    /// The Python object of a packet that arrived: a new one, or `target` filled by its `on_receive`.
    pub(crate) fn received<'py>(
        py: Python<'py>,
        core: Core,
        target: Option<Bound<'py, Self>>,
    ) -> PyResult<Bound<'py, Self>> {
        let Some(target) = target else {
            return Bound::new(py, Self::holding(core));
        };
        if target.is_exact_instance_of::<Self>() {
            Self::change(target.clone().unbind(), |packet| *packet = core);
        } else {
            target.call_method1(intern!(py, "on_receive"), (PyBytes::new(py, core.data()),))?;
        }
        Ok(target)
    }
}

#[pymethods]
impl Packet {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "(data=None)")]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self::holding(Core::new())
    }

    /// Apart from `new`, so that subclasses may have an ``__init__`` with other arguments.
    #[pyo3(signature = (data=None))]
    fn __init__(slf: Py<Self>, py: Python<'_>, data: Option<Data<'_>>) -> PyResult<()> {
        match data {
            Some(data) => Self::fill(slf, py, &data),
            None => Ok(()),
        }
    }

    /// All data of the packet.
    #[getter]
    fn data<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, lock(&self.inner).data())
    }

    /// How many bytes have been read.
    #[getter]
    fn read_position(&self) -> usize {
        lock(&self.inner).read_position()
    }

    /// Whether everything has been read.
    #[getter]
    fn end_of_packet(&self) -> bool {
        lock(&self.inner).is_at_end()
    }

    /// Whether no read has failed.
    #[getter]
    fn is_valid(&self) -> bool {
        lock(&self.inner).is_valid()
    }

    /// Appends raw bytes.
    fn append(slf: Py<Self>, py: Python<'_>, data: Data<'_>) -> PyResult<Py<Self>> {
        let data = data.bytes(py)?;
        Ok(Self::change(slf, |packet| {
            packet.append(data);
        }))
    }

    /// Empties the packet and makes it valid again.
    fn clear(slf: Py<Self>) -> Py<Self> {
        Self::change(slf, Core::clear)
    }

    /// What is sent for this packet; override it to compress or encrypt. Returns `data`.
    fn on_send<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.data(py)
    }

    /// Fills this packet from what was received; override it to undo what `on_send` did, and call it with the
    /// result.
    fn on_receive(slf: Py<Self>, py: Python<'_>, data: Data<'_>) -> PyResult<()> {
        Self::fill(slf, py, &data)
    }

    /// Appends a bool as one byte.
    fn write_bool(slf: Py<Self>, value: bool) -> Py<Self> {
        Self::write(slf, value)
    }

    /// Appends a signed 8-bit integer.
    fn write_i8(slf: Py<Self>, value: Whole<i8>) -> Py<Self> {
        Self::write(slf, value.0)
    }

    /// Appends an unsigned 8-bit integer.
    fn write_u8(slf: Py<Self>, value: Whole<u8>) -> Py<Self> {
        Self::write(slf, value.0)
    }

    /// Appends a signed 16-bit integer.
    fn write_i16(slf: Py<Self>, value: Whole<i16>) -> Py<Self> {
        Self::write(slf, value.0)
    }

    /// Appends an unsigned 16-bit integer.
    fn write_u16(slf: Py<Self>, value: Whole<u16>) -> Py<Self> {
        Self::write(slf, value.0)
    }

    /// Appends a signed 32-bit integer.
    fn write_i32(slf: Py<Self>, value: Whole<i32>) -> Py<Self> {
        Self::write(slf, value.0)
    }

    /// Appends an unsigned 32-bit integer.
    fn write_u32(slf: Py<Self>, value: Whole<u32>) -> Py<Self> {
        Self::write(slf, value.0)
    }

    /// Appends a signed 64-bit integer.
    fn write_i64(slf: Py<Self>, value: Whole<i64>) -> Py<Self> {
        Self::write(slf, value.0)
    }

    /// Appends an unsigned 64-bit integer.
    fn write_u64(slf: Py<Self>, value: Whole<u64>) -> Py<Self> {
        Self::write(slf, value.0)
    }

    /// Appends a 32-bit float.
    fn write_f32(slf: Py<Self>, value: f32) -> Py<Self> {
        Self::write(slf, value)
    }

    /// Appends a 64-bit float.
    fn write_f64(slf: Py<Self>, value: f64) -> Py<Self> {
        Self::write(slf, value)
    }

    /// Appends a string behind its length in bytes; a str as UTF-8. C++ reads it as `std::string`.
    fn write_string(slf: Py<Self>, py: Python<'_>, value: Data<'_>) -> PyResult<Py<Self>> {
        let value = value.bytes(py)?;
        if u32::try_from(value.len()).is_err() {
            return Err(PyValueError::new_err("a string in a packet has less than 4 GiB"));
        }
        Ok(Self::change(slf, |packet| {
            packet.write_string(value);
        }))
    }

    /// Appends a string behind its length in characters, four bytes each. C++ reads it as `std::wstring` or
    /// `sf::String`.
    fn write_wide_string(slf: Py<Self>, value: &str) -> Py<Self> {
        Self::change(slf, |packet| {
            packet.write_wide_string(value);
        })
    }

    /// Takes a bool.
    fn read_bool(&self) -> PyResult<bool> {
        self.read()
    }

    /// Takes a signed 8-bit integer.
    fn read_i8(&self) -> PyResult<i8> {
        self.read()
    }

    /// Takes an unsigned 8-bit integer.
    fn read_u8(&self) -> PyResult<u8> {
        self.read()
    }

    /// Takes a signed 16-bit integer.
    fn read_i16(&self) -> PyResult<i16> {
        self.read()
    }

    /// Takes an unsigned 16-bit integer.
    fn read_u16(&self) -> PyResult<u16> {
        self.read()
    }

    /// Takes a signed 32-bit integer.
    fn read_i32(&self) -> PyResult<i32> {
        self.read()
    }

    /// Takes an unsigned 32-bit integer.
    fn read_u32(&self) -> PyResult<u32> {
        self.read()
    }

    /// Takes a signed 64-bit integer.
    fn read_i64(&self) -> PyResult<i64> {
        self.read()
    }

    /// Takes an unsigned 64-bit integer.
    fn read_u64(&self) -> PyResult<u64> {
        self.read()
    }

    /// Takes a 32-bit float.
    fn read_f32(&self) -> PyResult<f32> {
        self.read()
    }

    /// Takes a 64-bit float.
    fn read_f64(&self) -> PyResult<f64> {
        self.read()
    }

    /// Takes a string, which must be UTF-8.
    fn read_string(&self) -> PyResult<String> {
        self.read()
    }

    /// Takes a string as its bytes, whatever they are.
    fn read_string_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = lock(&self.inner).read_string_bytes();
        bytes.map(|bytes| PyBytes::new(py, &bytes)).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// Takes a wide string.
    fn read_wide_string(&self) -> PyResult<String> {
        lock(&self.inner).read_wide_string().map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// Takes `count` raw bytes.
    fn read_bytes<'py>(&self, py: Python<'py>, count: Size) -> PyResult<Bound<'py, PyBytes>> {
        let mut packet = lock(&self.inner);
        let bytes = packet.read_bytes(count.0).map_err(|error| PyValueError::new_err(error.to_string()))?;
        Ok(PyBytes::new(py, bytes))
    }

    fn __len__(&self) -> usize {
        lock(&self.inner).len()
    }

    fn __bool__(&self) -> bool {
        self.is_valid()
    }

    fn __bytes__<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        self.data(py)
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        let Ok(other) = other.cast::<Self>() else {
            return Ok(other.py().NotImplemented());
        };
        // One lock at a time: the other may be this very packet.
        let theirs = lock(&other.get().inner).clone();
        (*lock(&self.inner) == theirs).into_py_any(other.py())
    }

    /// The data, and a subclass's attributes. A copy is read from its beginning.
    fn __getstate__<'py>(
        slf: &Bound<'py, Self>,
    ) -> PyResult<(Bound<'py, PyBytes>, Option<Bound<'py, PyAny>>)> {
        let py = slf.py();
        Ok((slf.get().data(py), slf.as_any().getattr_opt(intern!(py, "__dict__"))?))
    }

    fn __setstate__<'py>(
        slf: &Bound<'py, Self>,
        state: (Data<'py>, Option<Bound<'py, PyDict>>),
    ) -> PyResult<()> {
        let (data, attributes) = state;
        if let Some(attributes) = attributes {
            slf.as_any()
                .getattr(intern!(slf.py(), "__dict__"))?
                .cast::<PyDict>()?
                .update(attributes.as_mapping())?;
        }
        Self::fill(slf.clone().unbind(), slf.py(), &data)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let name = slf.get_type().name()?;
        let packet = lock(&slf.get().inner);
        let validity = if packet.is_valid() { "" } else { ", invalid" };
        Ok(format!("<{name} of {} bytes, {} read{validity}>", packet.len(), packet.read_position()))
    }
}
