//! The buffer of `receive_many`, kept from one call to the next.

use std::sync::Mutex;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use sfml_network::{DatagramBatch, UdpSocket};

use crate::lock::lock;

/// The most datagrams one call is asked for; times the largest size that is 64 MiB.
const MOST: usize = 1024;

/// A batch, and the numbers it was made for.
pub(crate) struct Batch {
    most: usize,
    size: usize,
    pub(crate) datagrams: DatagramBatch,
}

/// Holds the batch between calls. A call takes it out, so that it belongs to one thread.
#[derive(Default)]
pub(crate) struct Batches(Mutex<Option<Batch>>);

impl Batches {
    /// A batch for `most` datagrams of `size` bytes: the last one if it fits, else a new one.
    pub(crate) fn take(&self, most: usize, size: usize) -> PyResult<Batch> {
        if !(1..=MOST).contains(&most) {
            return Err(PyValueError::new_err(format!("most is 1 to {MOST} datagrams, not {most}")));
        }
        let size = size.clamp(1, UdpSocket::MAX_DATAGRAM_SIZE);
        let kept = lock(&self.0).take();
        let fitting = kept.filter(|batch| (batch.most, batch.size) == (most, size));
        Ok(fitting.unwrap_or_else(|| Batch { most, size, datagrams: DatagramBatch::new(most, size) }))
    }

    pub(crate) fn put_back(&self, batch: Batch) {
        *lock(&self.0) = Some(batch);
    }
}
