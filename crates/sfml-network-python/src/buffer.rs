//! Memory shared with Python: the one file of this crate with `unsafe`.

#![expect(unsafe_code, reason = "borrowing Python's memory as slices; each block says why it is sound")]

use std::mem::MaybeUninit;
use std::ptr::NonNull;

use pyo3::exceptions::{PyBufferError, PyTypeError};
use pyo3::ffi;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::error;

/// Up to this size data is received on the stack and copied into `bytes` of the exact size.
const STACK: usize = 4096;

/// The most one call receives. Larger requests are shortened, so that a giant one costs nothing.
pub(crate) const MOST: usize = 1 << 20;

/// How much memory is asked for at a time when more than that is to be received: it grows with what arrives, not
/// with what is asked for.
const CHUNK: usize = 16 << 20;

/// How Python spells the order in which the last index counts fastest.
const C_ORDER: std::ffi::c_char = b'C' as std::ffi::c_char;

/// The memory that a Python object shows to others, in one piece, held in place until this is dropped.
///
/// `PyBuffer` would refuse objects that leave their strides out, as those of `ctypes` do.
pub(crate) struct Memory(NonNull<ffi::Py_buffer>);

impl Memory {
    /// The memory of an object; `None` if it is not in one piece.
    pub(crate) fn of(object: &Bound<'_, PyAny>) -> PyResult<Option<Self>> {
        // The view may point into itself, so it gets a place to stay.
        let view = Box::into_raw(Box::new(ffi::Py_buffer::new()));
        // SAFETY: the object is alive and `view` points to an empty view, as the call wants it.
        if unsafe { ffi::PyObject_GetBuffer(object.as_ptr(), view, ffi::PyBUF_FULL_RO) } != 0 {
            // SAFETY: nothing was exported, so all there is to give back is the box made above.
            drop(unsafe { Box::from_raw(view) });
            return Err(PyErr::fetch(object.py()));
        }
        // SAFETY: `Box` does not make null pointers.
        let memory = Self(unsafe { NonNull::new_unchecked(view) });
        // SAFETY: the call above filled the view.
        let contiguous = unsafe { ffi::PyBuffer_IsContiguous(view, C_ORDER) } != 0;
        Ok(contiguous.then_some(memory))
    }

    fn view(&self) -> &ffi::Py_buffer {
        // SAFETY: filled when this was made, changed by nobody and freed by `drop`.
        unsafe { self.0.as_ref() }
    }

    /// The contents, for as long as they are held and the interpreter stays attached.
    pub(crate) fn bytes(&self, _attached: Python<'_>) -> &[u8] {
        let view = self.view();
        match usize::try_from(view.len) {
            // SAFETY: in one piece and exported, so the memory stays where it is; Python code cannot change it
            // while this thread is attached.
            Ok(length @ 1..) => unsafe { std::slice::from_raw_parts(view.buf.cast(), length) },
            _ => &[],
        }
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // Without an interpreter there is nobody to give the memory back to.
        let _ = Python::try_attach(|_| {
            // SAFETY: the view was filled when this was made, and is released this once.
            unsafe { ffi::PyBuffer_Release(self.0.as_ptr()) }
        });
        // SAFETY: made by `Box::into_raw`, and not used after this.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

/// The same memory with zeros in it, for what wants memory that was written.
pub(crate) fn cleared(memory: &mut [MaybeUninit<u8>]) -> &mut [u8] {
    memory.fill(MaybeUninit::new(0));
    // SAFETY: all of it was written just now, and a byte of `MaybeUninit` is laid out as a byte.
    unsafe { &mut *(std::ptr::from_mut(memory) as *mut [u8]) }
}

/// Receives into a writable buffer of the caller.
pub(crate) fn receive_into<T>(
    target: &Bound<'_, PyAny>,
    receive: impl FnOnce(&mut [u8]) -> PyResult<T>,
) -> PyResult<T> {
    let memory = match Memory::of(target) {
        Ok(Some(memory)) => memory,
        Ok(None) => return Err(PyBufferError::new_err("the buffer is not contiguous")),
        Err(error) if error.is_instance_of::<PyTypeError>(target.py()) => {
            return Err(PyTypeError::new_err("receive_into takes a writable buffer, such as a bytearray"));
        }
        Err(error) => return Err(error),
    };
    let view = memory.view();
    if view.readonly != 0 {
        return Err(PyBufferError::new_err("the buffer is read-only"));
    }
    match usize::try_from(view.len) {
        // SAFETY: writable, in one piece and exported until `memory` is dropped after the call. `receive` fills
        // it while attached and only waits detached, without touching it.
        Ok(length @ 1..) => receive(unsafe { std::slice::from_raw_parts_mut(view.buf.cast(), length) }),
        _ => receive(&mut []),
    }
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

/// Makes `bytes` of exactly `size`, of what `receive` puts into the memory it is given; it returns how much that
/// was. What had come when it failed goes with the exception.
pub(crate) fn receive_exactly<'py>(
    py: Python<'py>,
    size: usize,
    mut receive: impl FnMut(&mut [MaybeUninit<u8>]) -> PyResult<usize>,
) -> PyResult<Bound<'py, PyBytes>> {
    let mut chunks = Vec::new();
    let mut left = size;
    loop {
        let length = left.min(CHUNK);
        let (chunk, failure) = match uninitialised(py, length) {
            Ok(chunk) => fill(py, chunk, length, &mut receive),
            Err(error) => (PyBytes::new(py, &[]), Some(error)),
        };
        chunks.push(chunk);
        if let Some(error) = failure {
            return Err(error::incomplete(py, error, joined(py, chunks)?));
        }
        left -= length;
        if left == 0 {
            return joined(py, chunks);
        }
    }
}

/// Fills new `bytes` of that length; returns them, or what had come before a failure.
fn fill<'py>(
    py: Python<'py>,
    bytes: Bound<'py, PyBytes>,
    length: usize,
    receive: &mut impl FnMut(&mut [MaybeUninit<u8>]) -> PyResult<usize>,
) -> (Bound<'py, PyBytes>, Option<PyErr>) {
    // SAFETY: nobody else has these bytes yet, so they may still be written; that is their length.
    let memory = unsafe { std::slice::from_raw_parts_mut(start_of(&bytes), length) };
    let mut filled = 0;
    while filled < length {
        match receive(&mut memory[filled..]) {
            Ok(more) => filled += more,
            Err(error) => {
                // SAFETY: `receive` has initialised that many bytes.
                let part = unsafe { std::slice::from_raw_parts(memory.as_ptr().cast(), filled) };
                return (PyBytes::new(py, part), Some(error));
            }
        }
    }
    (bytes, None)
}

fn joined<'py>(py: Python<'py>, mut chunks: Vec<Bound<'py, PyBytes>>) -> PyResult<Bound<'py, PyBytes>> {
    match (chunks.pop(), chunks.is_empty()) {
        (Some(only), true) => Ok(only),
        (last, _) => {
            chunks.extend(last);
            let joined = PyBytes::new(py, &[]).call_method1(intern!(py, "join"), (chunks,))?;
            Ok(joined.cast_into::<PyBytes>()?)
        }
    }
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
