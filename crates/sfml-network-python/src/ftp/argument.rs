//! What the methods of `Ftp` take: paths of the server and of this computer, transfer modes, file objects.

use std::ffi::OsString;
use std::path::PathBuf;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyInt, PyString};
use sfml_network::ftp::TransferMode;

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

/// A path on the server: words, or an `os.PathLike` as `PurePosixPath`.
pub(crate) struct RemotePath(pub(crate) Vec<u8>);

impl<'a, 'py> FromPyObject<'a, 'py> for RemotePath {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let path = match path_of(&object)? {
            Some(path) => encoded(&path)?,
            None => None,
        };
        path.map(Self).ok_or_else(|| wrong(&object, "a path on the server is a str, bytes or os.PathLike"))
    }
}

impl RemotePath {
    /// The path of `name` in this directory; of a file that is still to get its name if there is none.
    pub(crate) fn with(self, name: Option<Words>) -> Vec<u8> {
        let Self(mut path) = self;
        if !path.is_empty() && !path.ends_with(b"/") {
            path.push(b'/');
        }
        path.extend(name.into_iter().flat_map(|Words(name)| name));
        path
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

/// Patterns for the paths of a tree: one, or several in anything that can be iterated.
#[derive(Default)]
pub(crate) struct Patterns(pub(crate) Vec<Vec<u8>>);

impl<'a, 'py> FromPyObject<'a, 'py> for Patterns {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if let Some(pattern) = encoded(&object)? {
            return Ok(Self(vec![pattern]));
        }
        let Ok(patterns) = object.try_iter() else {
            return Err(wrong(&object, "patterns are a str, bytes or several of them"));
        };
        let several = patterns.map(|pattern| pattern?.extract().map(|Words(pattern)| pattern));
        several.collect::<PyResult<_>>().map(Self)
    }
}

/// The local end of a transfer: a path, or an object with the method of a binary file that is needed.
pub(crate) enum Local {
    Path(PathBuf),
    File(Py<PyAny>),
}

impl Local {
    /// Where to write.
    pub(crate) fn target(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::with(object, "write")
    }

    /// Where to read.
    pub(crate) fn source(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        Self::with(object, "read")
    }

    fn with(object: &Bound<'_, PyAny>, method: &str) -> PyResult<Self> {
        if let Some(path) = path_of(object)? {
            return system_path(&path).map(Self::Path);
        }
        if object.hasattr(method)? {
            return Ok(Self::File(object.clone().unbind()));
        }
        let expected = format!("a local file is a str, bytes, os.PathLike or an object with {method}()");
        Err(wrong(object, &expected))
    }
}

/// A mode, one of `Ftp.BINARY`, `Ftp.ASCII` and `Ftp.EBCDIC` or its number.
#[derive(Clone, Copy)]
pub(crate) struct Mode(pub(crate) TransferMode);

impl Mode {
    /// Every mode with its name; the position is its number.
    pub(crate) const ALL: [(&'static str, TransferMode); 3] =
        [("BINARY", TransferMode::Binary), ("ASCII", TransferMode::Ascii), ("EBCDIC", TransferMode::Ebcdic)];
}

impl<'a, 'py> FromPyObject<'a, 'py> for Mode {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        if object.cast::<PyInt>().is_err() {
            return Err(wrong(&object, "a mode is Ftp.BINARY, Ftp.ASCII or Ftp.EBCDIC"));
        }
        let position = object.extract::<usize>().ok();
        match position.and_then(|position| Self::ALL.get(position)) {
            Some((_, mode)) => Ok(Self(*mode)),
            None => {
                let sentence = "a mode is Ftp.BINARY (0), Ftp.ASCII (1) or Ftp.EBCDIC (2)";
                Err(PyValueError::new_err(sentence))
            }
        }
    }
}

/// The path an object is or stands for, as `str` or `bytes`; `None` for one that is none.
fn path_of<'py>(object: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, PyAny>>> {
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
fn encoded(object: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
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

fn system_path(path: &Bound<'_, PyAny>) -> PyResult<PathBuf> {
    let name = path.py().import("os")?.call_method1("fsdecode", (path,))?;
    let name: OsString = name.extract()?;
    if name.as_encoded_bytes().contains(&0) {
        return Err(PyValueError::new_err("a NUL cannot be part of a local path"));
    }
    Ok(name.into())
}

#[cold]
fn wrong(object: &Bound<'_, PyAny>, expected: &str) -> PyErr {
    match object.get_type().name() {
        Ok(name) => PyTypeError::new_err(format!("{expected}, not {name}")),
        Err(error) => error,
    }
}
