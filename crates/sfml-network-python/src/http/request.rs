//! `HttpRequest` for Python.

use std::borrow::Cow;
use std::sync::Mutex;
use std::time::Duration;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};
use sfml_network::http::{Fields, Method, Request};

use super::argument::{MethodArgument, Text, VersionArgument, limit, pair, refused, version};
use super::content::Content;
use super::draft::Draft;
use super::extras::Extras;
use super::fields::HttpRequestFields;
use super::pairs::{field, update_fields};
use crate::argument::Span;
use crate::lock::lock;
use crate::words::wrong;

/// What is asked of a server: a method, a uri, fields and a body.
///
/// `uri` is a path, or a whole URL, which then says where the request goes; `params` are added to its query. `method` is
/// one of the constants, or any other token as a str, such as ``"PATCH"``. `fields` are header fields, `auth` a tuple of
/// user and password (Basic) or a token as a str (Bearer). The body is one of
///
/// * `body`: bytes, a buffer, or a str, which is sent as UTF-8; an `os.PathLike`, whose file is read while it is sent; a
///   binary file, or an iterable of pieces, which can be sent once. Where the length is not known, HTTP/1.1 is needed;
/// * `form`: pairs of names and values (``application/x-www-form-urlencoded``);
/// * `json`: a value for `json.dumps`;
/// * `files`: names with a path, contents, or a tuple of file name, contents and type (``multipart/form-data``, together
///   with the `form` if there is one).
///
/// The version is HTTP/1.0 unless it is set, as in SFML: a connection for each request. `timeout` limits the whole call,
/// zero means without limit. All may be given as `str` or `bytes`. What cannot be sent is refused at once with
/// `ValueError` or `TypeError`, among it whatever could carry a second field or request.
///
/// As in SFML, a POST with a body in memory whose type is not told is sent as a form.
///
/// >>> from sfml.network import HttpRequest
/// >>> request = HttpRequest("/scores", HttpRequest.POST, "name=Ada")
/// >>> request.field["Content-Type"] = "text/plain"
/// >>> request.method.name, request.body, request.http_version
/// ('POST', b'name=Ada', (1, 0))
#[pyclass(frozen, subclass, module = "sfml.network", weakref)]
pub(crate) struct HttpRequest {
    draft: Mutex<Draft>,
}

impl HttpRequest {
    /// The request as the crate takes it.
    pub(crate) fn to_send(&self) -> PyResult<Request> {
        let mut request = lock(&self.draft).request();
        let is_untold_form = *request.method() == Method::POST
            && request.body_ref().as_bytes().is_some_and(|body| !body.is_empty())
            && !request.fields().contains("Content-Type");
        if is_untold_form {
            request.fields_mut().set("Content-Type", FORM).map_err(refused)?;
        }
        Ok(request)
    }

    /// Reads or changes the fields.
    pub(crate) fn with_fields<T>(&self, run: impl FnOnce(&mut Fields) -> T) -> T {
        run(&mut lock(&self.draft).fields)
    }
}

#[pymethods]
impl HttpRequest {
    #[new]
    #[pyo3(
        signature = (*_args, **_kwargs),
        text_signature = "(uri='/', method=0, body=b'', *, params=None, fields=None, form=None, json=None, \
            files=None, auth=None, http_version=(1, 0), timeout=None)"
    )]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self { draft: Mutex::default() }
    }

    /// Apart from `new`, so that subclasses may have an ``__init__`` with other arguments.
    #[pyo3(signature = (uri=None, method=None, body=None, *, params=None, fields=None, form=None, json=None,
        files=None, auth=None, http_version=None, timeout=None))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords where this is called")]
    fn __init__<'py>(
        &self,
        uri: Option<Text>,
        method: Option<MethodArgument>,
        body: Option<Bound<'py, PyAny>>,
        params: Option<Bound<'py, PyAny>>,
        fields: Option<Bound<'py, PyAny>>,
        form: Option<Bound<'py, PyAny>>,
        json: Option<Bound<'py, PyAny>>,
        files: Option<Bound<'py, PyAny>>,
        auth: Option<Bound<'py, PyAny>>,
        http_version: Option<VersionArgument>,
        timeout: Option<Bound<'py, PyAny>>,
    ) -> PyResult<()> {
        let mut draft = Draft::default();
        draft.method = method.map_or(Method::GET, |MethodArgument(method)| method);
        draft.set_uri(uri.map_or_else(|| "/".to_owned(), |Text(uri)| uri))?;
        if let Some(VersionArgument(version)) = http_version {
            draft.version = version;
        }
        let extras = Extras { params, fields, body, form, json, files, auth, timeout, ..Extras::default() };
        extras.fill(&mut draft)?;
        let old = std::mem::replace(&mut *lock(&self.draft), draft);
        drop(old);
        Ok(())
    }

    /// The header fields, as a mapping that changes them.
    ///
    /// Assigning a tuple of name and value sets that field, as in pySFML 2; assigning a mapping sets each of its fields.
    #[getter]
    fn field<'py>(slf: Bound<'py, Self>) -> PyResult<Bound<'py, HttpRequestFields>> {
        HttpRequestFields::of(slf)
    }

    #[setter(field)]
    fn assign_field(&self, fields: &Bound<'_, PyAny>) -> PyResult<()> {
        if let Some((name, value)) = pair(fields).filter(|(name, _)| name.cast::<PyTuple>().is_err()) {
            return self.set_field(&name, &value);
        }
        // A mapping may run Python code, so it changes a copy.
        let mut changed = self.with_fields(|fields| fields.clone());
        update_fields(&mut changed, fields)?;
        self.with_fields(|fields| *fields = changed);
        Ok(())
    }

    /// The method: a member of `HttpMethod`, or a str.
    #[getter]
    fn method<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        static MEMBERS: PyOnceLock<Py<PyDict>> = PyOnceLock::new();
        let name = PyString::new(py, lock(&self.draft).method.as_str()).into_any();
        let member = MEMBERS.import(py, "sfml_network._http", "METHODS")?.get_item(&name)?;
        Ok(member.unwrap_or(name))
    }

    #[setter(method)]
    fn assign_method(&self, method: MethodArgument) {
        self.set_method(method);
    }

    /// The uri: a path, or a whole URL.
    #[getter]
    fn uri(&self) -> String {
        lock(&self.draft).uri().to_owned()
    }

    #[setter(uri)]
    fn assign_uri(&self, uri: Text) -> PyResult<()> {
        self.set_uri(uri)
    }

    /// The version of HTTP, (1, 0) or (1, 1).
    #[getter]
    fn http_version(&self) -> (u16, u16) {
        let version = lock(&self.draft).version;
        (version.major(), version.minor())
    }

    #[setter(http_version)]
    fn assign_http_version(&self, version: VersionArgument) {
        lock(&self.draft).version = version.0;
    }

    /// The body: bytes, or the object it was made of.
    #[getter]
    fn body<'py>(&self, py: Python<'py>) -> Bound<'py, PyAny> {
        lock(&self.draft).content().shown(py)
    }

    #[setter(body)]
    fn assign_body(&self, body: &Bound<'_, PyAny>) -> PyResult<()> {
        self.set_body(body)
    }

    /// The longest the whole call may take, zero for no limit; None for what the client has.
    #[getter]
    fn timeout(&self) -> Option<Duration> {
        lock(&self.draft).timeout.map(|limit| if limit == Duration::MAX { Duration::ZERO } else { limit })
    }

    #[setter(timeout)]
    fn assign_timeout(&self, timeout: Span) {
        lock(&self.draft).timeout = limit(timeout);
    }

    /// Sets a field, in place of all of its name.
    fn set_field(&self, name: &Bound<'_, PyAny>, value: &Bound<'_, PyAny>) -> PyResult<()> {
        let (name, value) = field(name, value)?;
        self.with_fields(|fields| fields.set(&name, value)).map_err(refused)
    }

    /// Sets the method.
    fn set_method(&self, method: MethodArgument) {
        lock(&self.draft).method = method.0;
    }

    /// Sets the uri.
    fn set_uri(&self, uri: Text) -> PyResult<()> {
        lock(&self.draft).set_uri(uri.0)
    }

    /// Sets the version of HTTP, 1.0 or 1.1.
    fn set_http_version(&self, major: i64, minor: i64) -> PyResult<()> {
        let version = version(major, minor)?;
        lock(&self.draft).version = version;
        Ok(())
    }

    /// Sets the body.
    fn set_body(&self, body: &Bound<'_, PyAny>) -> PyResult<()> {
        let content = Content::of(body)?;
        // The old one is dropped without the lock, since that may run Python code.
        let old = lock(&self.draft).replace_content(content);
        drop(old);
        Ok(())
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let class = slf.get_type().name()?;
        let draft = lock(&slf.get().draft);
        Ok(format!("<{class} {} {}>", draft.method, without_user(draft.uri())))
    }
}

/// A request of a method's argument, which is one.
pub(crate) fn given<'a, 'py>(object: &'a Bound<'py, PyAny>) -> PyResult<&'a Bound<'py, HttpRequest>> {
    object.cast::<HttpRequest>().map_err(|_| wrong(object, "a request is an HttpRequest"))
}

/// Gives `HttpRequest` its constants.
pub(crate) fn add_methods(py: Python<'_>) -> PyResult<()> {
    let class = py.get_type::<HttpRequest>();
    let members = py.import("sfml_network._http")?.getattr("HttpMethod")?;
    for (number, method) in MethodArgument::NUMBERED.iter().enumerate() {
        let member = members.call1((number,))?;
        if member.getattr("name")?.extract::<String>()? != method.as_str() {
            return Err(PyTypeError::new_err("the numbers of methods are not those of HttpMethod"));
        }
        class.setattr(method.as_str(), member)?;
    }
    Ok(())
}

/// A uri as it may be shown: without the user and the password of a whole URL.
fn without_user(uri: &str) -> Cow<'_, str> {
    let shown = uri.split_once("://").and_then(|(scheme, rest)| {
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let (_, host) = authority.rsplit_once('@')?;
        Some(format!("{scheme}://***@{host}{path}"))
    });
    shown.map_or(Cow::Borrowed(uri), Cow::Owned)
}

const FORM: &str = "application/x-www-form-urlencoded";
