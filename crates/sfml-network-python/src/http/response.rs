//! `HttpResponse` for Python.

use std::sync::Arc;
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use sfml_network::http::{Fields, HttpError, Response, Saved, Status, Url};

use super::chunks::HttpChunks;
use super::failure;
use super::fields::{HttpFields, text};
use super::pairs::name_of;
use super::reading::{Reading, Refusal, Source};
use super::told::Told;
use crate::address::IpAddress;
use crate::raised::Raised;
use crate::words::LocalPath;

/// What a server has answered, or that there was no answer.
///
/// `status` is the server's, a member of `HttpStatus` where the number has a name. Without a whole response it is ours:
/// CONNECTION_FAILED if there was no connection or the time ran out, INVALID_RESPONSE if what came is no response, or its
/// body is not complete; `error` tells why. A status of 400 and more is a response like others, which `raise_for_status`
/// makes an exception.
///
/// The body is there, unless the request was made with ``stream=True``: then it is read when it is asked for, by `read`,
/// `iter_bytes`, `iter_lines` and `save_to` together each byte once, or by `body` as a whole. A failure is raised there
/// as an `HttpError`. To give up what is left, use the response in a ``with`` block or `close` it.
///
/// >>> from sfml.network import HttpResponse
/// >>> response = HttpResponse()
/// >>> response.status == HttpResponse.CONNECTION_FAILED, response.body, response.get_field("Server")
/// (True, b'', '')
#[pyclass(frozen, subclass, module = "sfml.network", weakref)]
pub(crate) struct HttpResponse {
    told: Option<Told>,
    reading: Reading,
    saved: Option<Saved>,
}

impl HttpResponse {
    const fn new(told: Option<Told>, reading: Reading) -> Self {
        Self { told, reading, saved: None }
    }

    /// The response to a call that brought none.
    pub(crate) fn failed(py: Python<'_>, failure: HttpError) -> PyResult<Self> {
        Ok(Self::new(None, Reading::whole(py, Err(failure::refusal(failure)?))))
    }

    /// A response whose body was read, or could not be.
    pub(crate) fn whole(
        py: Python<'_>,
        response: &Response,
        body: Result<Vec<u8>, HttpError>,
    ) -> PyResult<Self> {
        let body = match body {
            Err(failure) => Err(failure::refusal(failure)?),
            body => body,
        };
        Ok(Self::new(Some(Told::of(response)), Reading::whole(py, body)))
    }

    /// A response whose body is still to be read.
    pub(crate) fn streaming(response: Response) -> Self {
        Self::new(Some(Told::of(&response)), Reading::coming(response))
    }

    /// A response whose body is in a file now.
    pub(crate) fn saved(py: Python<'_>, response: &Response, saved: Saved) -> Self {
        let mut told = Told::of(response);
        if told.status == Status::RANGE_NOT_SATISFIABLE.0 {
            // There was nothing left to send: the file is complete.
            told.status = Status::OK.0;
        }
        Self { saved: Some(saved), ..Self::new(Some(told), Reading::whole(py, Ok(Vec::new()))) }
    }

    /// The status as the server has told it, or why it has not.
    pub(crate) fn told_status(&self) -> u16 {
        let failure = self.reading.failure();
        let own = || failure.map_or(Status::CONNECTION_FAILED, |failure| failure.status()).0;
        self.told.as_ref().map_or_else(own, |told| told.status)
    }

    /// The status; ours for a body that has failed.
    fn code(&self) -> u16 {
        match self.reading.failure().as_deref() {
            None | Some(HttpError::Refused(_)) => self.told_status(),
            Some(_) if self.told.is_some() => Status::INVALID_RESPONSE.0,
            Some(failure) => failure.status().0,
        }
    }

    fn is_ok(&self) -> bool {
        self.reading.failure().is_none() && self.told_status() < 400
    }

    /// The status and what the server says about it.
    pub(crate) fn sentence(&self) -> String {
        match (&self.told, self.told_status()) {
            (Some(told), status) if !told.reason.is_empty() => format!("{status} {}", told.reason),
            (None, 1001) => "1001 there was no connection".to_owned(),
            (_, status) => Status(status).to_string(),
        }
    }

    /// Reads the fields.
    pub(crate) fn with_fields<T>(&self, read: impl FnOnce(&Fields) -> T) -> T {
        static NONE: Fields = Fields::new();
        read(self.told.as_ref().map_or(&NONE, |told| &told.fields))
    }

    /// The pieces of the body that come next, at most a fixed number of bytes.
    pub(crate) fn read_some<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyBytes>> {
        Self::read_with(slf, PIECE, |response, _| {
            let mut buffer = vec![0; PIECE];
            let read = response.receive(&mut buffer)?;
            buffer.truncate(read);
            Ok(buffer)
        })
    }

    /// That many bytes of the body, fewer only at its end.
    pub(crate) fn read_exactly<'py>(slf: &Bound<'py, Self>, size: usize) -> PyResult<Bound<'py, PyBytes>> {
        Self::read_with(slf, size, |response, _| {
            let (mut bytes, mut filled) = (Vec::new(), 0);
            while filled < size {
                // Only where it is full: room is cleared when it is made, and little may come at a time.
                if filled == bytes.len() {
                    bytes.resize(filled + (size - filled).min(PIECE.max(filled)), 0);
                }
                match response.receive(&mut bytes[filled..])? {
                    0 => break,
                    read => filled += read,
                }
            }
            bytes.truncate(filled);
            Ok(bytes)
        })
    }

    fn read_with<'py>(
        slf: &Bound<'py, Self>,
        size: usize,
        read: impl FnOnce(&mut Response, &Raised) -> Result<Vec<u8>, HttpError> + Send,
    ) -> PyResult<Bound<'py, PyBytes>> {
        let py = slf.py();
        match Self::raising(slf, slf.get().reading.read(py, size, read))? {
            Source::Read(bytes) => Ok(PyBytes::new(py, &bytes)),
            Source::Rest(whole, start) => {
                let whole = whole.bind(py);
                let rest = &whole.as_bytes()[start..];
                Ok(if rest.len() <= size && start == 0 {
                    whole.clone()
                } else {
                    PyBytes::new(py, &rest[..rest.len().min(size)])
                })
            }
        }
    }

    fn raising<T>(slf: &Bound<'_, Self>, outcome: Result<T, Refusal>) -> PyResult<T> {
        outcome.map_err(|refusal| match refusal {
            Refusal::Raised(error) => error,
            Refusal::Failed(failure) => {
                failure::exception(slf, &failure).map_or_else(|error| error, PyErr::from_value)
            }
        })
    }
}

#[pymethods]
impl HttpResponse {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "()")]
    fn make(py: Python<'_>, _args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self::new(None, Reading::whole(py, Ok(Vec::new())))
    }

    /// The status: a member of `HttpStatus`, or a plain int where the number has no name.
    #[getter(status)]
    fn member<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        status(py, self.code())
    }

    /// Whether there is a whole response, and its status means no failure: it is below 400.
    #[getter]
    fn ok(&self) -> bool {
        self.is_ok()
    }

    /// Why there is no response, or not all of it, as an `HttpError`; None when there is.
    #[getter]
    fn error<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let failure = slf.get().reading.failure();
        failure.map(|failure| failure::exception(slf, &failure)).transpose()
    }

    /// Raises an `HttpError` unless the response is `ok`; returns the response otherwise.
    ///
    /// >>> from sfml.network import Http, HttpError
    /// >>> try:
    /// ...     Http("localhost", 1).get("/").raise_for_status()
    /// ... except HttpError as error:
    /// ...     print(error.reason)
    /// connect
    fn raise_for_status(slf: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        let this = slf.get();
        match this.reading.failure() {
            Some(failure) => Err(PyErr::from_value(failure::exception(&slf, &failure)?)),
            None if this.is_ok() => Ok(slf),
            None => Err(PyErr::from_value(failure::of_status(&slf)?)),
        }
    }

    /// The header fields, as a mapping; empty without a response.
    #[getter(field)]
    fn fields(slf: Bound<'_, Self>) -> HttpFields {
        HttpFields::of_response(slf)
    }

    /// Returns the first value of a field, empty if there is none: as `bytes` for a name in `bytes`, else as `str`.
    fn get_field<'py>(&self, py: Python<'py>, field: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let name = name_of(field)?;
        self.with_fields(|fields| {
            let value = fields.get_bytes(&name).unwrap_or_default();
            Ok(match field.cast::<PyBytes>() {
                Ok(_) => PyBytes::new(py, value).into_any(),
                Err(_) => text(value).into_pyobject(py)?.into_any(),
            })
        })
    }

    /// The number before the dot of the version the server speaks; 0 without a response.
    #[getter]
    fn major_http_version(&self) -> u16 {
        self.told.as_ref().map_or(0, |told| told.version.major())
    }

    /// The number behind the dot.
    #[getter]
    fn minor_http_version(&self) -> u16 {
        self.told.as_ref().map_or(0, |told| told.version.minor())
    }

    /// What the server says about the status in words; may be empty.
    #[getter]
    fn reason(&self) -> &str {
        self.told.as_ref().map_or("", |told| &told.reason)
    }

    /// Where the response came from, after all redirects; empty without a response.
    #[getter]
    fn url(&self) -> String {
        self.told.as_ref().map(|told| told.url.to_string()).unwrap_or_default()
    }

    /// The URLs that redirected here, in order.
    #[getter]
    fn history<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let history = self.told.iter().flat_map(|told| told.history.iter().map(Url::to_string));
        PyTuple::new(py, history.collect::<Vec<_>>())
    }

    /// How long it took until the header was there, as a `Time`.
    #[getter]
    fn elapsed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let elapsed = self.told.as_ref().map_or(Duration::ZERO, |told| told.elapsed);
        let microseconds = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX);
        py.import("sfml_network.system")?.call_method1("microseconds", (microseconds,))
    }

    /// The address of the server, or of the proxy; `IpAddress.NONE` without a response.
    #[getter]
    fn remote_address(&self) -> IpAddress {
        IpAddress(self.told.as_ref().and_then(|told| Some(told.remote?.0)))
    }

    /// Its port; 0 without a response.
    #[getter]
    fn remote_port(&self) -> u16 {
        self.told.as_ref().and_then(|told| Some(told.remote?.1)).unwrap_or(0)
    }

    /// The encoding of a text: what the field ``Content-Type`` says, else UTF-8.
    #[getter]
    fn encoding(&self) -> &'static str {
        self.with_fields(Fields::encoding)
    }

    /// The whole body; empty when the response has an `error`.
    ///
    /// Of a streamed response it is read now, which may raise `HttpError`; RuntimeError if some has been read before.
    #[getter]
    fn body<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = Self::raising(slf, slf.get().reading.body(slf.py()))?;
        Ok(bytes.into_bound(slf.py()))
    }

    /// The whole body as text, in the `encoding`; what cannot be decoded becomes U+FFFD.
    #[getter]
    fn text(slf: &Bound<'_, Self>) -> PyResult<String> {
        let body = Self::body(slf)?;
        Ok(slf.get().with_fields(|fields| fields.decode(body.as_bytes())))
    }

    /// Reads the body as JSON, by `json.loads` with these keywords.
    ///
    /// Raises the `error` if there is one, and ValueError for what is no JSON.
    #[pyo3(signature = (**options))]
    fn json<'py>(
        slf: &Bound<'py, Self>,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let body = Self::body(slf)?;
        if let Some(failure) = slf.get().reading.failure() {
            return Err(PyErr::from_value(failure::exception(slf, &failure)?));
        }
        slf.py().import("json")?.call_method("loads", (body,), options)
    }

    /// Reads the next `size` bytes of the body, fewer only at its end; all that is left if it is None or negative.
    #[pyo3(signature = (size=None), text_signature = "($self, size=-1)")]
    fn read<'py>(slf: &Bound<'py, Self>, size: Option<i64>) -> PyResult<Bound<'py, PyBytes>> {
        match size.and_then(|size| usize::try_from(size).ok()) {
            Some(size) => Self::read_exactly(slf, size),
            None => Self::read_with(slf, usize::MAX, |response, _| response.body()),
        }
    }

    /// Returns an iterator over the rest of the body: pieces of `chunk_size` bytes, or as they come if it is None.
    #[pyo3(signature = (chunk_size=None))]
    fn iter_bytes(slf: Bound<'_, Self>, chunk_size: Option<usize>) -> PyResult<HttpChunks> {
        if chunk_size == Some(0) {
            return Err(PyValueError::new_err("pieces of no bytes would never come to an end"));
        }
        Ok(HttpChunks::of(slf, chunk_size))
    }

    /// Returns an iterator over the lines of the rest of the body as `str`, without their ends, each as soon as it is
    /// there. A line of more than 16 Mi characters raises `HttpError`.
    fn iter_lines<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        let py = slf.py();
        let chunks = Bound::new(py, Self::iter_bytes(slf.clone(), None)?)?;
        py.import("sfml_network._http")?.call_method1("lines", (chunks, slf.get().encoding(), slf))
    }

    /// Saves the rest of the body to a file; returns how many bytes that were.
    ///
    /// It arrives under another name beside it, and takes the file's place when it is complete; otherwise nothing is left
    /// and an `HttpError` is raised. `progress` is called as ``progress(done, total)``, the total `None` where it is not
    /// known; if it returns `False` the call is cancelled.
    #[pyo3(signature = (path, *, progress=None))]
    fn save_to(slf: &Bound<'_, Self>, path: LocalPath, progress: Option<Py<PyAny>>) -> PyResult<u64> {
        let py = slf.py();
        let LocalPath(path) = path;
        let save = |response: &mut Response, raised: &Raised| match &progress {
            None => response.save_to(&path),
            Some(progress) => {
                let mut report = super::client::report(raised, progress);
                response.save_reporting(&path, &mut report)
            }
        };
        let saved = match Self::raising(slf, slf.get().reading.read(py, usize::MAX, save))? {
            Source::Read(saved) => saved,
            Source::Rest(whole, start) => {
                let bytes = &whole.as_bytes(py)[start..];
                let written = py.detach(|| Saved::write(&path, bytes));
                let written = written.map_err(|failure| Refusal::Failed(Arc::new(failure)));
                Self::raising(slf, written)?
            }
        };
        Ok(saved.bytes)
    }

    /// How many bytes `Http.download` has received now.
    #[getter]
    fn transferred(&self) -> u64 {
        self.saved.as_ref().map_or(0, |saved| saved.bytes)
    }

    /// How many bytes `Http.download` has found, from an earlier attempt.
    #[getter]
    fn resumed_from(&self) -> u64 {
        self.saved.as_ref().map_or(0, |saved| saved.resumed_from)
    }

    /// Gives up what has not been read of a streamed body. If that is anything, the connection is closed.
    fn close(&self) {
        self.reading.close();
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) {
        self.close();
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let this = slf.get();
        let words = match this.reading.failure() {
            Some(failure) => format!("{} {}", this.code(), failure::sentence(&failure)),
            None => this.sentence(),
        };
        Ok(format!("<{} {words}>", slf.get_type().name()?))
    }
}

/// A status as Python has it.
pub(crate) fn status(py: Python<'_>, code: u16) -> PyResult<Bound<'_, PyAny>> {
    static MEMBERS: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
    let number = code.into_pyobject(py)?.into_any();
    let member = MEMBERS.import(py, "sfml_network._http", "STATUSES")?.get_item(&number)?;
    Ok(member.unwrap_or(number))
}

/// Gives `HttpResponse` its constants: every named status of the crate.
pub(crate) fn add_statuses(py: Python<'_>) -> PyResult<()> {
    let class = py.get_type::<HttpResponse>();
    let members = py.import("sfml_network._http")?.getattr("HttpStatus")?;
    let own =
        [(Status::INVALID_RESPONSE, "INVALID_RESPONSE"), (Status::CONNECTION_FAILED, "CONNECTION_FAILED")];
    let named = Status::NAMED.iter().map(|(status, name, _)| (*status, *name));
    for (status, name) in named.chain(own) {
        debug_assert_eq!(members.getattr(name)?.extract::<u16>()?, status.0);
        class.setattr(name, members.call1((status.0,))?)?;
    }
    Ok(())
}

/// How many bytes are received at a time.
const PIECE: usize = 64 << 10;
