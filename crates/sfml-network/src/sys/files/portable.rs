//! No way past this process: the caller copies.

use std::fs::File;
use std::io;

use crate::sys::Handle;

/// Descriptors never sleep here.
pub(crate) fn never_sleep(_handle: &Handle) -> io::Result<()> {
    Ok(())
}

/// The kernel's buffer between a stream and a file, which does not exist here.
#[derive(Debug)]
pub(crate) enum Pipe {}

impl Pipe {
    pub(crate) fn new() -> io::Result<Self> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(crate) fn capacity(&self) -> usize {
        match *self {}
    }

    pub(crate) fn fill(&self, _stream: &Handle, _most: usize) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn pour(&self, _file: &File, _most: usize) -> io::Result<usize> {
        match *self {}
    }

    pub(crate) fn drain(&self, _buffer: &mut [u8]) -> io::Result<usize> {
        match *self {}
    }
}

/// Always unsupported.
pub(crate) fn send_file(_stream: &Handle, _file: &File, _most: usize) -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Always unsupported.
pub(crate) fn reserve(_file: &File, _offset: u64, _length: u64) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Never known.
pub(crate) fn room(_file: &File) -> Option<u64> {
    None
}
