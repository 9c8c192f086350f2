//! `FtpEntry`: what a listing says of one file or directory.

use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyTzInfo};
use sfml_network::ftp::{Entry, EntryKind, Timestamp};

use super::response::text;

/// One entry of a directory, as `Ftp.entries` and `Ftp.entry` return it. What the server did not tell is None.
///
/// Everything in it is what the server says; a name may be anything, ``../x`` included.
///
/// >>> from sfml.network import Ftp
/// >>> def total(ftp: Ftp) -> int:
/// ...     return sum(entry.size or 0 for entry in ftp.entries("reports") if entry.is_file)
#[pyclass(frozen, module = "sfml.network")]
pub(crate) struct FtpEntry(pub(crate) Entry);

#[pymethods]
impl FtpEntry {
    /// The name; bytes that are no UTF-8 are surrogate escapes.
    #[getter]
    fn name<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text(py, &self.0.name)
    }

    /// What it is: "file", "directory", "link" or "other".
    #[getter]
    fn kind(&self) -> &'static str {
        match self.0.kind {
            EntryKind::File => "file",
            EntryKind::Directory | EntryKind::CurrentDirectory | EntryKind::ParentDirectory => "directory",
            EntryKind::Link => "link",
            _ => "other",
        }
    }

    /// Whether it is a file.
    #[getter]
    fn is_file(&self) -> bool {
        self.kind() == "file"
    }

    /// Whether it is a directory.
    #[getter]
    fn is_dir(&self) -> bool {
        self.kind() == "directory"
    }

    /// Whether it is a symbolic link; what it leads to is not known.
    #[getter]
    fn is_link(&self) -> bool {
        self.kind() == "link"
    }

    /// The size in bytes.
    #[getter]
    fn size(&self) -> Option<u64> {
        self.0.size
    }

    /// When it was changed last: in UTC, or without a time zone where the server does not tell it.
    #[getter]
    fn modified<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyDateTime>>> {
        let zone = if self.0.modified_is_utc { Zone::Utc } else { Zone::Unknown };
        self.0.modified.as_ref().map(|time| moment(py, time, zone)).transpose()
    }

    /// The twelve bits of its Unix permissions, as in ``0o644``.
    #[getter]
    fn permissions(&self) -> Option<u16> {
        self.0.permissions
    }

    /// The name or number of its owner.
    #[getter]
    fn owner<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.owner.as_ref().map(|owner| text(py, owner)).transpose()
    }

    /// The name or number of its group.
    #[getter]
    fn group<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.group.as_ref().map(|group| text(py, group)).transpose()
    }

    /// Where a link leads.
    #[getter]
    fn target<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.0.target.as_ref().map(|target| text(py, target)).transpose()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let size = self.0.size.map_or_else(String::new, |size| format!(" {size} bytes"));
        let time = self.0.modified.map_or_else(String::new, |time| format!(" {time}"));
        Ok(format!("<FtpEntry {} {}{size}{time}>", self.kind(), self.name(py)?.repr()?))
    }
}

/// Whose clock a time is of.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Zone {
    Utc,
    /// The server's, wherever that is.
    Unknown,
}

/// A time of the server as a `datetime`.
pub(crate) fn moment<'py>(py: Python<'py>, time: &Timestamp, zone: Zone) -> PyResult<Bound<'py, PyDateTime>> {
    let zone = match zone {
        Zone::Utc => Some(PyTzInfo::utc(py)?.to_owned()),
        Zone::Unknown => None,
    };
    // Python has no leap seconds.
    let (second, microsecond) = (time.second().min(59), time.nanosecond() / 1000);
    let (day, hour, minute) = (time.day(), time.hour(), time.minute());
    PyDateTime::new(py, time.year(), time.month(), day, hour, minute, second, microsecond, zone.as_ref())
}
