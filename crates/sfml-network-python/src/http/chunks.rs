//! `HttpChunks`: the body of a response, piece by piece.

use pyo3::prelude::*;
use pyo3::types::PyBytes;

use super::response::HttpResponse;

/// An iterator over the pieces of a body; `HttpResponse.iter_bytes` returns it.
///
/// >>> from sfml.network import HttpResponse
/// >>> list(HttpResponse().iter_bytes())
/// []
#[pyclass(frozen, module = "sfml.network")]
pub(crate) struct HttpChunks {
    response: Py<HttpResponse>,
    /// How long each is but the last; `None` for as they come.
    size: Option<usize>,
}

impl HttpChunks {
    pub(crate) fn of(response: Bound<'_, HttpResponse>, size: Option<usize>) -> Self {
        Self { response: response.unbind(), size }
    }
}

#[pymethods]
impl HttpChunks {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyBytes>>> {
        let response = self.response.bind(py);
        let piece = match self.size {
            Some(size) => HttpResponse::read_exactly(response, size)?,
            None => HttpResponse::read_some(response)?,
        };
        Ok(Some(piece).filter(|piece| !piece.as_bytes().is_empty()))
    }
}
