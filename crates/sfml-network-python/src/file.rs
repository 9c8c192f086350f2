//! Binary files of Python, and objects that are like them.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyString;

use crate::argument::Data;

/// The most bytes an object is asked for at a time.
const PIECE: usize = 256 << 10;

/// Reads from a binary file into a buffer; returns how many bytes.
pub(crate) fn read(file: &Bound<'_, PyAny>, buffer: &mut [u8]) -> PyResult<usize> {
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
