//! `FtpResponse` and its children: what became of a call.

use std::sync::OnceLock;

use pyo3::exceptions::PyNotImplementedError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyBytes, PyDict, PyString, PyTuple, PyType};
use sfml_network::ftp::{Directory, FtpError, Names, Reply, Status, Transferred};

use super::failure::{self, own};
use crate::argument::Whole;
use crate::words::Words;

/// What became of a command: a status, the server's words, and what went wrong.
///
/// Statuses up to 999 are the server's. From 1000 on, the call has failed on the way to the server or on this side:
/// INVALID_RESPONSE, CONNECTION_FAILED, CONNECTION_CLOSED and INVALID_FILE; the message is empty then, and `error`
/// tells more. A call that was cancelled has the status TRANSFER_ABORTED and no message.
///
/// >>> from sfml.network import Ftp, FtpResponse
/// >>> response = Ftp().keep_alive()
/// >>> response.ok, response.status == FtpResponse.CONNECTION_CLOSED, str(response.error)
/// (False, True, 'not connected to an FTP server, connect first')
#[pyclass(frozen, subclass, module = "sfml.network")]
pub(crate) struct FtpResponse {
    status: u16,
    text: Vec<u8>,
    failure: Option<FtpError>,
}

impl FtpResponse {
    /// The response to a call; the error is for what is no response.
    pub(crate) fn new(outcome: Result<Reply, FtpError>) -> PyResult<Self> {
        match outcome {
            Ok(reply) => Ok(Self::accepted(&reply)),
            Err(failure) => Self::failed(failure),
        }
    }

    fn accepted(reply: &Reply) -> Self {
        Self { status: reply.status().0, text: reply.text().to_vec(), failure: None }
    }

    /// The response to a call that failed.
    pub(crate) fn failed(failure: FtpError) -> PyResult<Self> {
        match failure::refusal(&failure) {
            Some(error) => Err(error),
            None => Ok(Self::of_part(failure)),
        }
    }

    /// The response to what failed for one file of several, be it that the file's own name cannot be sent.
    pub(crate) fn of_part(failure: FtpError) -> Self {
        let (status, text) = failure::status(&failure);
        Self { status, text, failure: Some(failure) }
    }

    /// The exception to raise where there is a value to return but no response.
    pub(crate) fn raise(py: Python<'_>, failure: FtpError) -> PyErr {
        let raised = Self::failed(failure).and_then(|response| Bound::new(py, response));
        match raised.and_then(|response| failure::exception(&response)) {
            Ok(Some(exception)) => PyErr::from_value(exception),
            Ok(None) => PyNotImplementedError::new_err("a failure without an exception"),
            Err(error) => error,
        }
    }

    pub(crate) const fn failure(&self) -> Option<&FtpError> {
        self.failure.as_ref()
    }

    pub(crate) const fn code(&self) -> u16 {
        self.status
    }

    pub(crate) const fn is_ok(&self) -> bool {
        self.status < 400
    }

    /// The status and the words, on one line.
    pub(crate) fn sentence(&self) -> String {
        Reply::new(Status(self.status), self.text.clone()).to_string()
    }
}

#[pymethods]
impl FtpResponse {
    #[new]
    #[pyo3(signature = (status=None, message=None), text_signature = "(status=1000, message='')")]
    fn make(status: Option<Whole<u16>>, message: Option<Words>) -> Self {
        let status = status.map_or(own::INVALID_RESPONSE, |Whole(status)| status);
        Self { status, text: message.map_or_else(Vec::new, |Words(text)| text), failure: None }
    }

    /// Whether the status means no failure: it is below 400.
    #[getter]
    fn ok(&self) -> bool {
        self.is_ok()
    }

    /// The status: a member of `FtpStatus`, or a plain int where the number has no name.
    #[getter]
    fn status<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static MEMBERS: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
        let number = self.status.into_pyobject(py)?.into_any();
        let member = MEMBERS.import(py, "sfml_network._ftp", "MEMBERS")?.get_item(&number)?;
        Ok(member.unwrap_or(number))
    }

    /// The server's words without the code at their front, several lines separated by line feeds.
    #[getter]
    fn message<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text(py, &self.text)
    }

    /// Why the call did not succeed, as an `FtpError`; None when it did.
    #[getter]
    fn error<'py>(slf: &Bound<'py, Self>) -> PyResult<Option<Bound<'py, PyAny>>> {
        failure::exception(slf)
    }

    /// Raises the `error`, if there is one; returns the response otherwise.
    ///
    /// >>> from sfml.network import Ftp, FtpError
    /// >>> try:
    /// ...     Ftp().login("ada", "secret").raise_for_status()
    /// ... except FtpError as error:
    /// ...     print(error.status.name)
    /// CONNECTION_CLOSED
    fn raise_for_status(slf: Bound<'_, Self>) -> PyResult<Bound<'_, Self>> {
        match failure::exception(&slf)? {
            Some(exception) => Err(PyErr::from_value(exception)),
            None => Ok(slf),
        }
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let this = slf.get();
        let class = slf.get_type().name()?;
        let words = match &this.failure {
            Some(failure) if this.text.is_empty() => format!("{} {failure}", this.status),
            _ => this.sentence(),
        };
        Ok(format!("<{class} {words}>"))
    }

    /// A copy in another process is a plain response with the same status and message.
    fn __reduce__<'py>(&self, py: Python<'py>) -> (Bound<'py, PyType>, (u16, Bound<'py, PyBytes>)) {
        (py.get_type::<Self>(), (self.status, PyBytes::new(py, &self.text)))
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }
}

/// The response to `Ftp.get_working_directory` and `create_directory`, with a path.
///
/// >>> from sfml.network import Ftp
/// >>> response = Ftp().get_working_directory()
/// >>> response.ok, response.directory == ""
/// (False, True)
#[pyclass(frozen, extends = FtpResponse, module = "sfml.network")]
pub(crate) struct FtpDirectoryResponse {
    path: Vec<u8>,
}

impl FtpDirectoryResponse {
    pub(crate) fn of(py: Python<'_>, outcome: Result<Directory, FtpError>) -> PyResult<Bound<'_, Self>> {
        let (path, response) = match outcome {
            Ok(Directory { path, reply, .. }) => (path, FtpResponse::accepted(&reply)),
            Err(failure) => (Vec::new(), FtpResponse::failed(failure)?),
        };
        Bound::new(py, PyClassInitializer::from(response).add_subclass(Self { path }))
    }
}

#[pymethods]
impl FtpDirectoryResponse {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "()")]
    fn new(
        _args: &Bound<'_, PyTuple>,
        _kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        Err(PyNotImplementedError::new_err("Ftp.get_working_directory returns it, it is not created"))
    }

    /// The path of the directory, empty when the call failed.
    #[getter]
    fn directory<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        text(py, &self.path)
    }

    /// The same, which may also be called: the documentation shows it both ways.
    #[getter(get_directory)]
    fn callable<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
        let class = CLASS.import(py, "sfml_network._text", "CallableText")?;
        class.call1((decoded(py, &self.path)?,))
    }
}

/// The response to `Ftp.get_directory_listing`, with the names in the directory.
///
/// >>> from sfml.network import Ftp
/// >>> Ftp().get_directory_listing().get_filenames()
/// ()
#[pyclass(frozen, extends = FtpResponse, module = "sfml.network")]
pub(crate) struct FtpListingResponse {
    names: Vec<Vec<u8>>,
    /// The names as Python has them, once it has asked.
    tuple: OnceLock<Py<PyTuple>>,
}

impl FtpListingResponse {
    pub(crate) fn of(py: Python<'_>, outcome: Result<Names, FtpError>) -> PyResult<Bound<'_, Self>> {
        let (names, response) = match outcome {
            Ok(Names { names, reply, .. }) => (names, FtpResponse::accepted(&reply)),
            Err(failure) => (Vec::new(), FtpResponse::failed(failure)?),
        };
        let this = Self { names, tuple: OnceLock::new() };
        Bound::new(py, PyClassInitializer::from(response).add_subclass(this))
    }
}

#[pymethods]
impl FtpListingResponse {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "()")]
    fn new(
        _args: &Bound<'_, PyTuple>,
        _kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        Err(PyNotImplementedError::new_err("Ftp.get_directory_listing returns it, it is not created"))
    }

    /// The names as a tuple, empty when the call failed; bytes that are no UTF-8 are surrogate escapes.
    #[getter(filenames)]
    fn tuple<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        if let Some(tuple) = self.tuple.get() {
            return Ok(tuple.bind(py).clone());
        }
        let names = self.names.iter().map(|name| text(py, name)).collect::<PyResult<Vec<_>>>()?;
        let tuple = PyTuple::new(py, names)?.unbind();
        Ok(self.tuple.get_or_init(|| tuple).bind(py).clone())
    }

    /// Returns the same tuple.
    #[pyo3(name = "get_filenames")]
    fn same_tuple<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        self.tuple(py)
    }
}

/// The response to `Ftp.download` and `Ftp.upload`, with what was moved.
///
/// >>> from sfml.network import Ftp
/// >>> response = Ftp().download("a.txt", "")
/// >>> response.ok, response.transferred
/// (False, 0)
#[pyclass(frozen, extends = FtpResponse, module = "sfml.network")]
pub(crate) struct FtpTransferResponse {
    bytes: u64,
    resumed_from: u64,
    path: Option<std::path::PathBuf>,
}

impl FtpTransferResponse {
    pub(crate) fn of(py: Python<'_>, outcome: Result<Transferred, FtpError>) -> PyResult<Bound<'_, Self>> {
        let (this, response) = match outcome {
            Ok(Transferred { bytes, resumed_from, path, reply, .. }) => {
                (Self { bytes, resumed_from, path }, FtpResponse::accepted(&reply))
            }
            Err(failure) => (Self { bytes: 0, resumed_from: 0, path: None }, FtpResponse::failed(failure)?),
        };
        Bound::new(py, PyClassInitializer::from(response).add_subclass(this))
    }
}

#[pymethods]
impl FtpTransferResponse {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "()")]
    fn new(
        _args: &Bound<'_, PyTuple>,
        _kwargs: Option<&Bound<'_, PyDict>>,
    ) -> PyResult<PyClassInitializer<Self>> {
        Err(PyNotImplementedError::new_err("Ftp.download and Ftp.upload return it, it is not created"))
    }

    /// How many bytes this call has moved, 0 when it failed.
    #[getter]
    fn transferred(&self) -> u64 {
        self.bytes
    }

    /// How many bytes were there before, from an earlier attempt; 0 unless it was resumed.
    #[getter]
    fn resumed_from(&self) -> u64 {
        self.resumed_from
    }

    /// The local file as a str; None for a file object, and when the call failed.
    #[getter]
    fn path<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyString>>> {
        self.path.as_ref().map(|path| Ok(path.as_os_str().into_pyobject(py)?)).transpose()
    }
}

/// Gives `FtpResponse` its constants: every named status of the crate, and the library's own.
pub(crate) fn add_statuses(py: Python<'_>) -> PyResult<()> {
    let class = py.get_type::<FtpResponse>();
    let members = py.import("sfml_network._ftp")?.getattr("FtpStatus")?;
    let named = Status::NAMED.iter().map(|(name, status)| (*name, status.0));
    for (name, code) in named.chain(own::NAMED) {
        debug_assert_eq!(members.getattr(name)?.extract::<u16>()?, code);
        class.setattr(name, members.call1((code,))?)?;
    }
    Ok(())
}

/// A `Text` of bytes from the server; those that are no UTF-8 become surrogate escapes.
pub(crate) fn text<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyAny>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "sfml_network._text", "Text")?.call1((decoded(py, bytes)?,))
}

fn decoded<'py>(py: Python<'py>, bytes: &[u8]) -> PyResult<Bound<'py, PyString>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(PyString::new(py, text)),
        Err(_) => {
            let bytes = PyBytes::new(py, bytes);
            PyString::from_encoded_object(&bytes, Some(c"utf-8"), Some(c"surrogateescape"))
        }
    }
}
