//! Python's files and iterators as readers of the crate.

use std::io::{self, Read};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use super::calling;
use crate::argument::Data;

/// The most bytes an object is asked for at a time.
const PIECE: usize = 256 << 10;

/// What is read from an object of Python, by the thread that makes the call.
pub(crate) enum Reader {
    /// An object with a `read` method.
    File(Py<PyAny>),
    /// An iterator over pieces, with what is left of the last one.
    Pieces { iterator: Py<PyAny>, left: Vec<u8>, position: usize },
}

impl Reader {
    pub(crate) const fn pieces(iterator: Py<PyAny>) -> Self {
        Self::Pieces { iterator, left: Vec::new(), position: 0 }
    }
}

impl Read for Reader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::File(file) => ask(|py| read_file(file.bind(py), buffer)),
            Self::Pieces { iterator, left, position } => {
                while *position == left.len() {
                    match ask(|py| next_piece(iterator.bind(py)))? {
                        Some(piece) => (*left, *position) = (piece, 0),
                        None => return Ok(0),
                    }
                }
                let read = (&left[*position..]).read(buffer)?;
                *position += read;
                Ok(read)
            }
        }
    }
}

fn read_file(file: &Bound<'_, PyAny>, buffer: &mut [u8]) -> PyResult<usize> {
    let py = file.py();
    let most = buffer.len().min(PIECE);
    let data = file.call_method1(intern!(py, "read"), (most,))?;
    if data.is_none() || data.is_instance_of::<PyString>() {
        let sentence = "read() has to return bytes, open the file in binary and blocking mode";
        return Err(PyTypeError::new_err(sentence));
    }
    let data: Data<'_> = data.extract()?;
    let data = data.bytes(py)?;
    match buffer.get_mut(..data.len()) {
        Some(start) if data.len() <= most => start.copy_from_slice(data),
        _ => return Err(PyValueError::new_err("read() has returned more than it was asked for")),
    }
    Ok(data.len())
}

fn next_piece(iterator: &Bound<'_, PyAny>) -> PyResult<Option<Vec<u8>>> {
    let Some(piece) = iterator.try_iter()?.next().transpose()? else { return Ok(None) };
    let piece: Data<'_> = piece.extract()?;
    Ok(Some(piece.bytes(iterator.py())?.to_vec()))
}

/// Runs Python code, and keeps what it raises for the call.
fn ask<T>(code: impl FnOnce(Python<'_>) -> PyResult<T>) -> io::Result<T> {
    let outcome = calling::current().and_then(|raised| raised.guard(code));
    outcome.ok_or_else(|| io::Error::other("the body raised an exception"))
}
