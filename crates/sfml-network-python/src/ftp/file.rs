//! File objects of Python as readers and writers of the crate.

use std::io::{self, Read, Write};

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::file;
use crate::raised::Raised;

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
        self.ask(|object| file::read(object, buffer))
    }
}
