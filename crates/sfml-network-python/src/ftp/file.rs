//! File objects of Python as readers and writers of the crate.

use std::io::{self, Read, Write};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

use crate::argument::Data;
use crate::raised::Raised;

/// The most bytes an object is asked for at a time.
const PIECE: usize = 256 << 10;

/// A file object, with the place for what it raises.
pub(crate) struct FileObject<'a> {
    object: &'a Py<PyAny>,
    raised: &'a Raised,
}

impl<'a> FileObject<'a> {
    pub(crate) const fn new(object: &'a Py<PyAny>, raised: &'a Raised) -> Self {
        Self { object, raised }
    }

    fn ask<T>(&self, code: impl FnOnce(&Bound<'_, PyAny>) -> PyResult<T>) -> io::Result<T> {
        let outcome = self.raised.guard(|py| code(self.object.bind(py)));
        outcome.ok_or_else(|| io::Error::other("the file object raised an exception"))
    }
}

impl Write for FileObject<'_> {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.ask(|object| {
            let py = object.py();
            let taken = object.call_method1(intern!(py, "write"), (PyBytes::new(py, data),))?;
            // Objects that are no files of `io` often return nothing, and have taken all.
            let taken = if taken.is_none() { data.len() } else { taken.extract()? };
            if taken > data.len() {
                return Err(PyValueError::new_err("write() has returned more than it was given"));
            }
            Ok(taken)
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Read for FileObject<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(PIECE);
        self.ask(|object| {
            let py = object.py();
            let data = object.call_method1(intern!(py, "read"), (most,))?;
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
        })
    }
}
