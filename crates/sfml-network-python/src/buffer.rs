//! Memory shared with Python: the one file of this crate with `unsafe`.

#![expect(unsafe_code, reason = "borrowing Python's memory as slices; each block says why it is sound")]

use std::mem::MaybeUninit;

use pyo3::buffer::PyUntypedBuffer;
use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// Up to this size data is received on the stack and copied into `bytes` of the exact size.
const STACK: usize = 4096;

/// The most one call receives. Larger requests are shortened, so that a giant one costs nothing.
pub(crate) const MOST: usize = 1 << 20;

/// The contents of a buffer, for as long as it is held and the interpreter stays attached.
pub(crate) fn readable<'b>(_attached: Python<'_>, buffer: &'b PyUntypedBuffer) -> &'b [u8] {
    if buffer.len_bytes() == 0 {
        return &[];
    }
    // SAFETY: the buffer is contiguous (`Data` checked) and exported, so the memory stays where it is; Python
    // code cannot change it while this thread is attached.
    unsafe { std::slice::from_raw_parts(buffer.buf_ptr().cast(), buffer.len_bytes()) }
}

/// Receives into a writable buffer of the caller.
pub(crate) fn receive_into<T>(
    target: &Bound<'_, PyAny>,
    receive: impl FnOnce(&mut [u8]) -> PyResult<T>,
) -> PyResult<T> {
    let buffer = PyUntypedBuffer::get(target)
        .map_err(|_| PyTypeError::new_err("receive_into takes a writable buffer, such as a bytearray"))?;
    if buffer.readonly() {
        return Err(PyBufferError::new_err("the buffer is read-only"));
    }
    if !buffer.is_c_contiguous() {
        return Err(PyBufferError::new_err("the buffer is not contiguous"));
    }
    if buffer.len_bytes() == 0 {
        return receive(&mut []);
    }
    // SAFETY: writable, contiguous and exported until `buffer` is dropped after the call. `receive` fills it
    // while attached and only waits detached, without touching it.
    receive(unsafe { std::slice::from_raw_parts_mut(buffer.buf_ptr().cast(), buffer.len_bytes()) })
}

/// Makes `bytes` of what `receive` puts into memory of at most `size` bytes; it returns the length of the part
/// it has initialised, and something to go with it.
#[inline]
pub(crate) fn receive_bytes<'py, T>(
    py: Python<'py>,
    size: usize,
    receive: impl FnOnce(&mut [MaybeUninit<u8>]) -> PyResult<(usize, T)>,
) -> PyResult<(Bound<'py, PyBytes>, T)> {
    if size <= STACK {
        let mut stack = [MaybeUninit::uninit(); STACK];
        let (length, rest) = receive(&mut stack[..size])?;
        // SAFETY: `receive` has initialised that many bytes.
        let filled = unsafe { std::slice::from_raw_parts(stack[..length].as_ptr().cast(), length) };
        return Ok((PyBytes::new(py, filled), rest));
    }
    receive_large(py, size.min(MOST), receive)
}

/// New `bytes` with these contents; while much is copied, other threads run.
pub(crate) fn bytes_of<'py>(py: Python<'py>, contents: &[u8]) -> PyResult<Bound<'py, PyBytes>> {
    if contents.len() <= MOST {
        return Ok(PyBytes::new(py, contents));
    }
    let bytes = uninitialised(py, contents.len())?;
    // SAFETY: nobody else has these bytes yet, so they may still be written; that is their length.
    let memory = unsafe { std::slice::from_raw_parts_mut(start_of(&bytes), contents.len()) };
    py.detach(|| {
        for (target, source) in memory.iter_mut().zip(contents) {
            target.write(*source);
        }
    });
    Ok(bytes)
}

/// Receives straight into new `bytes`; when they are not filled, their beginning is copied to smaller ones.
fn receive_large<'py, T>(
    py: Python<'py>,
    size: usize,
    receive: impl FnOnce(&mut [MaybeUninit<u8>]) -> PyResult<(usize, T)>,
) -> PyResult<(Bound<'py, PyBytes>, T)> {
    let bytes = uninitialised(py, size)?;
    // SAFETY: nobody else has these bytes yet, so they may still be written; `size` is their length.
    let memory = unsafe { std::slice::from_raw_parts_mut(start_of(&bytes), size) };
    let (length, rest) = receive(memory)?;
    if length == size {
        return Ok((bytes, rest));
    }
    // SAFETY: `receive` has initialised that many bytes.
    let filled = unsafe { std::slice::from_raw_parts(memory[..length].as_ptr().cast(), length) };
    Ok((PyBytes::new(py, filled), rest))
}

/// New `bytes` of that length, whose contents must be written before anybody else gets them.
fn uninitialised(py: Python<'_>, size: usize) -> PyResult<Bound<'_, PyBytes>> {
    // SAFETY: a null source makes new bytes of that size with undefined contents, or sets an exception.
    unsafe {
        let object = ffi::PyBytes_FromStringAndSize(std::ptr::null(), size as ffi::Py_ssize_t);
        Ok(Bound::from_owned_ptr_or_err(py, object)?.cast_into_unchecked::<PyBytes>())
    }
}

fn start_of(bytes: &Bound<'_, PyBytes>) -> *mut MaybeUninit<u8> {
    // SAFETY: it is a `bytes` object, so there is such a pointer, valid as long as the object.
    unsafe { ffi::PyBytes_AsString(bytes.as_ptr()).cast() }
}
