//! Certificates and keys as arguments: the path of a file, or its contents.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use sfml_network::tls::ConfigError;

use crate::system;
use crate::words::{path_of, system_path, wrong};

/// The most that is read of a file; the whole bundle of a system is a quarter of a megabyte.
const MOST_BYTES: u64 = 16 << 20;

/// What every PEM section begins with, and no path does.
const BEGINNING: &str = "-----BEGIN ";

/// A certificate, several, or a key.
pub(crate) enum Pem {
    Contents(Vec<u8>),
    File(PathBuf),
}

impl Pem {
    /// `bytes` are contents, and so is a `str` with a PEM section in it; anything else is the path of a file.
    pub(crate) fn of(object: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        if let Ok(contents) = object.cast::<PyBytes>() {
            return Ok(Self::Contents(contents.as_bytes().to_vec()));
        }
        if let Ok(text) = object.cast::<PyString>() {
            if let Some(contents) = text.to_str().ok().filter(|text| text.contains(BEGINNING)) {
                return Ok(Self::Contents(contents.as_bytes().to_vec()));
            }
        }
        match path_of(object)? {
            Some(path) => system_path(&path).map(Self::File),
            None => Err(wrong(object, &format!("{what} is the path of a PEM file, or PEM as str or bytes"))),
        }
    }

    /// The path, if it is one.
    pub(crate) fn path(&self) -> Option<&Path> {
        match self {
            Self::Contents(_) => None,
            Self::File(path) => Some(path),
        }
    }

    /// The contents.
    pub(crate) fn read(&self) -> Result<Vec<u8>, ConfigError> {
        match self {
            Self::Contents(contents) => Ok(contents.clone()),
            Self::File(path) => self.read_file().map_err(|error| {
                let sentence = format!("{}: {}", path.display(), system::reason(&error));
                ConfigError::File(Arc::new(io::Error::new(error.kind(), sentence)))
            }),
        }
    }

    /// The contents, with the system's own error.
    pub(crate) fn read_file(&self) -> io::Result<Vec<u8>> {
        match self {
            Self::Contents(contents) => Ok(contents.clone()),
            Self::File(path) => {
                let mut contents = Vec::new();
                File::open(path)?.take(MOST_BYTES).read_to_end(&mut contents)?;
                Ok(contents)
            }
        }
    }
}
