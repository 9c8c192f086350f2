//! Python's files and iterators as readers of the crate.

use std::io::{self, Read};

use pyo3::prelude::*;

use super::calling;
use crate::argument::Data;
use crate::file;

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
            Self::File(file) => ask(|py| file::read(file.bind(py), buffer)),
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
