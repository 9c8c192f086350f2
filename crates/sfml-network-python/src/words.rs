//! Words and paths: what methods take as `str` or `bytes`.

use std::ffi::OsString;
use std::path::PathBuf;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// Words for the server: `bytes` as they are, `str` as UTF-8, surrogate escapes as the bytes they stand for.
pub(crate) struct Words(pub(crate) Vec<u8>);

impl<'a, 'py> FromPyObject<'a, 'py> for Words {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match encoded(&object)? {
            Some(bytes) => Ok(Self(bytes)),
            None => Err(wrong(&object, "text for the server is a str or bytes")),
        }
    }
}

/// A path of this computer, and nothing else.
pub(crate) struct LocalPath(pub(crate) PathBuf);

impl<'a, 'py> FromPyObject<'a, 'py> for LocalPath {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        match path_of(&object)? {
            Some(path) => system_path(&path).map(Self),
            None => Err(wrong(&object, "a local path is a str, bytes or os.PathLike")),
        }
    }
}

/// The path an object is or stands for, as `str` or `bytes`; `None` for one that is none.
pub(crate) fn path_of<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
    if object.cast::<PyString>().is_ok() || object.cast::<PyBytes>().is_ok() {
        return Ok(Some(object.clone()));
    }
    let py = object.py();
    if !object.get_type().hasattr(intern!(py, "__fspath__"))? {
        return Ok(None);
    }
    py.import("os")?.call_method1(intern!(py, "fspath"), (object,)).map(Some)
}

/// The bytes of a `str` or of `bytes`; `None` for anything else.
pub(crate) fn encoded(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Some(bytes.as_bytes().to_vec()));
    }
    let Ok(text) = object.cast::<PyString>() else { return Ok(None) };
    if let Ok(text) = text.to_str() {
        return Ok(Some(text.as_bytes().to_vec()));
    }
    let bytes = text.call_method1("encode", ("utf-8", "surrogateescape"))?;
    Ok(Some(bytes.extract()?))
}

/// A path as the system takes it.
pub(crate) fn system_path(path: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    let name = path.py().import("os")?.call_method1("fsdecode", (path,))?;
    let name: OsString = name.extract()?;
    if name.as_encoded_bytes().contains(&0) {
        return Err(PyValueError::new_err("a NUL cannot be part of a local path"));
    }
    Ok(name.into())
}

/// The exception for something of another type than the expected ones.
#[cold]
pub(crate) fn wrong(object: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    match object.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("{expected}, not {name}")),
        Err(error) => error,
    }
}
