//! Errors of the system: what `OSError` says of them.

use std::io;
use std::path::Path;

use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;

/// The `OSError` for what failed on this computer, with the file if it was one.
pub(crate) fn exception<'py>(
    py: Python<'py>,
    path: Option<&Path>,
    source: &io::Error,
) -> PyResult<Bound<'py, PyAny>> {
    let words = reason(system_error(source));
    py.get_type::<PyOSError>().call1((code(py, source)?, words, path.map(Path::as_os_str)))
}

/// The number of an error, or of the one that says the same.
pub(crate) fn code<'py>(py: Python<'py>, source: &io::Error) -> PyResult<Bound<'py, PyAny>> {
    let system = system_error(source);
    match system.raw_os_error() {
        Some(code) => Ok(code.into_pyobject(py)?.into_any()),
        None => errno(py, errno_name(system.kind())),
    }
}

/// The words of a system error, without the number that the exception has apart.
pub(crate) fn reason(error: &io::Error) -> String {
    let words = error.to_string();
    let number = error.raw_os_error().map(|code| format!(" (os error {code})"));
    number.and_then(|number| words.strip_suffix(&number).map(str::to_owned)).unwrap_or(words)
}

/// The system's own error, which may have been wrapped.
fn system_error(error: &io::Error) -> &io::Error {
    let inner = error.get_ref().and_then(|inner| inner.source());
    inner.and_then(|inner| inner.downcast_ref()).unwrap_or(error)
}

/// What the system would have said to what was found without asking it.
const fn errno_name(kind: io::ErrorKind) -> &'static str {
    match kind {
        io::ErrorKind::AlreadyExists => "EEXIST",
        io::ErrorKind::IsADirectory => "EISDIR",
        io::ErrorKind::NotADirectory => "ENOTDIR",
        io::ErrorKind::NotFound => "ENOENT",
        io::ErrorKind::PermissionDenied => "EACCES",
        io::ErrorKind::StorageFull => "ENOSPC",
        io::ErrorKind::UnexpectedEof | io::ErrorKind::WriteZero => "EIO",
        _ => "EINVAL",
    }
}

/// A number of the module `errno` by its name.
pub(crate) fn errno<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("errno")?.getattr(name)
}
