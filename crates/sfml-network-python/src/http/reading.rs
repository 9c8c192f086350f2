//! `Reading`: the body of a response, there or on its way.

use std::sync::{Arc, Mutex};

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use sfml_network::http::{HttpError, Response};

use super::calling;
use crate::lock::lock;
use crate::raised::Raised;
use crate::turn::Turn;

/// The body of a response. Threads that read it take turns.
pub(crate) struct Reading {
    turn: Turn,
    state: Mutex<State>,
}

struct State {
    content: Content,
    /// What the body, or the whole call, has failed with.
    failure: Option<Arc<HttpError>>,
}

enum Content {
    /// All of it, and how much of it was read.
    Whole(Py<PyBytes>, usize),
    /// The rest is on its way; `None` while a thread reads.
    Coming(Option<Box<Response>>),
    Closed,
}

/// What there is to read from.
pub(crate) enum Source<T> {
    /// What the crate has read.
    Read(T),
    /// Bytes of which this is the rest.
    Rest(Py<PyBytes>, usize),
}

/// Why there is nothing to read.
pub(crate) enum Refusal {
    Failed(Arc<HttpError>),
    Raised(PyErr),
}

impl From<PyErr> for Refusal {
    fn from(error: PyErr) -> Self {
        Self::Raised(error)
    }
}

impl Reading {
    /// A body that is there; none is, if there was a failure.
    pub(crate) fn whole(py: Python<'_>, body: Result<Vec<u8>, HttpError>) -> Self {
        let (bytes, failure) = match body {
            Ok(bytes) => (bytes, None),
            Err(failure) => (Vec::new(), Some(Arc::new(failure))),
        };
        Self::of(Content::Whole(PyBytes::new(py, &bytes).unbind(), 0), failure)
    }

    /// A body that is on its way.
    pub(crate) fn coming(response: Response) -> Self {
        Self::of(Content::Coming(Some(Box::new(response))), None)
    }

    fn of(content: Content, failure: Option<Arc<HttpError>>) -> Self {
        let turn = Turn::to_use("the response", "another one");
        Self { turn, state: Mutex::new(State { content, failure }) }
    }

    pub(crate) fn failure(&self) -> Option<Arc<HttpError>> {
        lock(&self.state).failure.clone()
    }

    /// All of the body, read now if it is still on its way.
    pub(crate) fn body(&self, py: Python<'_>) -> Result<Py<PyBytes>, Refusal> {
        if let Content::Whole(bytes, _) = &lock(&self.state).content {
            return Ok(bytes.clone_ref(py));
        }
        let read = |response: &mut Response, _: &Raised| match response.received() {
            0 => response.body().map(Some),
            _ => Ok(None),
        };
        match self.read(py, 0, read)? {
            Source::Rest(bytes, _) => Ok(bytes),
            Source::Read(None) => {
                let sentence = "some of the body has been read already, read() gives the rest";
                Err(PyRuntimeError::new_err(sentence).into())
            }
            Source::Read(Some(bytes)) => {
                let bytes = PyBytes::new(py, &bytes).unbind();
                let content = Content::Whole(bytes.clone_ref(py), 0);
                let old = std::mem::replace(&mut lock(&self.state).content, content);
                drop(old);
                Ok(bytes)
            }
        }
    }

    /// Reads on: from the connection by `read`, or `size` bytes of what is there.
    pub(crate) fn read<T: Send>(
        &self,
        py: Python<'_>,
        size: usize,
        read: impl FnOnce(&mut Response, &Raised) -> Result<T, HttpError> + Send,
    ) -> Result<Source<T>, Refusal> {
        let _turn = self.turn.take(py)?;
        let mut response = match self.take(py, size)? {
            Source::Read(response) => response,
            Source::Rest(bytes, start) => return Ok(Source::Rest(bytes, start)),
        };
        let outcome = calling::run(py, |raised| read(&mut response, raised));
        self.give_back(response);
        match outcome? {
            Ok(read) => Ok(Source::Read(read)),
            Err(failure) => {
                let failure = Arc::new(failure);
                lock(&self.state).failure.get_or_insert_with(|| Arc::clone(&failure));
                Err(Refusal::Failed(failure))
            }
        }
    }

    fn take(&self, py: Python<'_>, size: usize) -> Result<Source<Box<Response>>, Refusal> {
        let mut state = lock(&self.state);
        if let Some(failure) = &state.failure {
            return Err(Refusal::Failed(Arc::clone(failure)));
        }
        match &mut state.content {
            Content::Whole(bytes, position) => {
                let start = *position;
                *position = bytes.bind(py).as_bytes().len().min(start.saturating_add(size));
                Ok(Source::Rest(bytes.clone_ref(py), start))
            }
            Content::Coming(response) => match response.take() {
                Some(response) => Ok(Source::Read(response)),
                None => Err(PyRuntimeError::new_err("the response is being read").into()),
            },
            Content::Closed => Err(PyValueError::new_err("the response is closed").into()),
        }
    }

    fn give_back(&self, response: Box<Response>) {
        let mut state = lock(&self.state);
        match &mut state.content {
            Content::Coming(place) => *place = Some(response),
            // Closed meanwhile; the connection goes with it.
            _ => {
                drop(state);
                drop(response);
            }
        }
    }

    /// Gives up what has not been read. One that is read by another thread is closed when that is done.
    pub(crate) fn close(&self) {
        let mut state = lock(&self.state);
        if matches!(state.content, Content::Coming(_)) {
            let old = std::mem::replace(&mut state.content, Content::Closed);
            drop(state);
            drop(old);
        }
    }
}
