//! What the methods of `Ftp` take: paths of the server, patterns, transfer modes, file objects.

use std::path::PathBuf;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::PyInt;
use sfml_network::ftp::TransferMode;

use crate::words::{Words, encoded, path_of, system_path, wrong};

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
