//! `Http` for Python.

use std::ops::ControlFlow;
use std::sync::Mutex;
use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyTuple};
use sfml_network::http::{Download, Http as Core, HttpError, Method, Request, Response, Version};

use super::argument::{MethodArgument, Text, limit};
use super::calling;
use super::draft::Draft;
use super::extras::Extras;
use super::failure;
use super::options::{self, Trust};
use super::request::{HttpRequest, given};
use super::response::HttpResponse;
use crate::argument::{Port, Span, Whole};
use crate::lock::lock;
use crate::raised::Raised;
use crate::words::LocalPath;

/// A client of HTTP servers.
///
/// Made for one server: `host` is a name or an address, with ``https://`` before it or not, and a port behind it or in
/// `port`. Without a host requests are for whole URLs. Nothing is looked up and no connection made before a request is
/// sent.
///
/// The documented method is `send_request`. It raises for wrong arguments only: what goes wrong on the way is told by the
/// response, its `status` and its `error`. So it is with `get` and its like, which speak HTTP/1.1 and keep up to
/// `keep_alive` connections for the next request, and with `download`.
///
/// `timeout` limits a whole call, body included; `connect_timeout` each step of making a connection, `read_timeout` the
/// silence of the server. Each is a `Time`, a `timedelta` or seconds, None and zero for no limit. `redirects` is how many
/// are followed; none, as in SFML, unless it is set. `max_body` is the most bytes of a body that are taken into memory.
///
/// `proxies` is a proxy for all, as ``"http://host:port"`` or ``"socks5://host:port"``, or a mapping by scheme;
/// `trust_env` takes those of the environment. `ca` is who is trusted in place of the system's authorities, `cert` the
/// client's own certificate: paths of PEM files, or their contents as bytes; `cert` may be a tuple of chain and key.
/// ``verify=False`` trusts anybody, and leaves TLS no better than none.
///
/// Other threads run while a call waits; several may use one client at once. Ctrl-C ends a call, `cancel` those of other
/// threads.
///
/// >>> from sfml.network import Http
/// >>> def scores(server: str) -> str:
/// ...     with Http(server, timeout=10) as http:
/// ...         http.post("/scores", json={"name": "Ada"}).raise_for_status()
/// ...         return http.get("/scores", params={"top": 10}).raise_for_status().text
#[pyclass(frozen, subclass, module = "sfml.network", weakref)]
pub(crate) struct Http {
    slot: Mutex<Slot>,
}

struct Slot {
    core: Core,
    /// The process whose connections these are.
    process: u32,
}

/// What became of a request: a response with its body, without, or neither.
enum Outcome {
    Failed(HttpError),
    Whole(Box<Response>, Result<Vec<u8>, HttpError>),
    Streaming(Box<Response>),
}

impl Http {
    fn of(core: Core) -> Self {
        Self { slot: Mutex::new(Slot { core, process: std::process::id() }) }
    }

    fn core(&self) -> PyResult<Core> {
        let mut slot = lock(&self.slot);
        let process = std::process::id();
        if slot.process != process {
            // After a fork its connections are the parent's as well: to close them here would end them there.
            let fresh = anew(&slot.core)?;
            std::mem::forget(std::mem::replace(&mut slot.core, fresh));
            slot.process = process;
        }
        Ok(slot.core.clone())
    }

    fn replace_core(&self, core: Core) {
        let old = std::mem::replace(&mut lock(&self.slot).core, core);
        // Closes its connections, unless a call is under way.
        drop(old);
    }

    fn send(
        &self,
        py: Python<'_>,
        request: &Request,
        stream: bool,
        progress: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<HttpResponse> {
        let core = self.core()?;
        let progress = progress.map(|progress| progress.clone().unbind());
        let outcome = calling::run(py, |raised| {
            let sent = match &progress {
                None => core.send(request),
                Some(progress) => core.send_reporting(request, &mut report(raised, progress)),
            };
            match sent {
                Err(failure) => Outcome::Failed(failure),
                Ok(response) if stream => Outcome::Streaming(Box::new(response)),
                Ok(mut response) => {
                    let body = response.body();
                    Outcome::Whole(Box::new(response), body)
                }
            }
        })?;
        match outcome {
            Outcome::Failed(failure) => HttpResponse::failed(py, failure),
            Outcome::Whole(response, body) => HttpResponse::whole(py, &response, body),
            Outcome::Streaming(response) => Ok(HttpResponse::streaming(*response)),
        }
    }

    /// Sends a request of these keywords.
    fn ask<'py>(
        &self,
        py: Python<'py>,
        name: &str,
        method: Method,
        uri: Text,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<HttpResponse> {
        let mut draft = Draft::new(method, uri.0, Version::Http11)?;
        let extras = Extras::of(name, options)?;
        extras.fill(&mut draft)?;
        self.send(py, &draft.request(), extras.stream, extras.progress.as_ref())
    }
}

/// Tells a callback how far it is. It ends the call by returning `False` or raising.
pub(crate) fn report<'a>(
    raised: &'a Raised,
    progress: &'a Py<PyAny>,
) -> impl FnMut(u64, Option<u64>) -> ControlFlow<()> + 'a {
    move |done, total| {
        let is_false = |py: Python<'_>| {
            let answer = progress.bind(py).call1((done, total))?;
            Ok(answer.is(PyBool::new(py, false)))
        };
        match raised.guard(is_false) {
            Some(false) => ControlFlow::Continue(()),
            _ => ControlFlow::Break(()),
        }
    }
}

#[pymethods]
impl Http {
    #[new]
    #[pyo3(
        signature = (*_args, **_kwargs),
        text_signature = "(host='', port=0, *, timeout=None, connect_timeout=30, read_timeout=60, redirects=0, \
            decompress=True, user_agent=None, max_body=67108864, proxies=None, trust_env=False, verify=True, \
            ca=None, cert=None, keep_alive=8)"
    )]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self::of(Core::anywhere(options::default()))
    }

    /// Apart from `new`, so that subclasses may have an ``__init__`` with other arguments.
    #[pyo3(signature = (host=Text(String::new()), port=Port(0), *, timeout=Span(None),
        connect_timeout=Span(Some(Duration::from_secs(30))), read_timeout=Span(Some(Duration::from_secs(60))),
        redirects=Whole(0), decompress=true, user_agent=None, max_body=Some(Whole(64 << 20)), proxies=None,
        trust_env=false, verify=true, ca=None, cert=None, keep_alive=Whole(8)))]
    #[expect(clippy::too_many_arguments, reason = "they are keywords where this is called")]
    fn __init__<'py>(
        &self,
        host: Text,
        port: Port,
        timeout: Span,
        connect_timeout: Span,
        read_timeout: Span,
        redirects: Whole<u32>,
        decompress: bool,
        user_agent: Option<Text>,
        max_body: Option<Whole<u64>>,
        proxies: Option<Bound<'py, PyAny>>,
        trust_env: bool,
        verify: bool,
        ca: Option<Bound<'py, PyAny>>,
        cert: Option<Bound<'py, PyAny>>,
        keep_alive: Whole<u16>,
    ) -> PyResult<()> {
        let mut options = options::default();
        options.timeout = limit(timeout);
        options.connect_timeout = limit(connect_timeout).unwrap_or(Duration::MAX);
        options.read_timeout = limit(read_timeout).unwrap_or(Duration::MAX);
        options.redirects = redirects.0;
        options.decompress = decompress;
        if let Some(Text(user_agent)) = user_agent {
            options.user_agent = options::user_agent(user_agent)?;
        }
        options.body_limit = max_body.map_or(u64::MAX, |Whole(limit)| limit);
        options.proxies = options::proxies(proxies.as_ref(), trust_env)?;
        options.tls = Trust { verify, ca, cert }.config()?;
        options.idle_connections = keep_alive.0.into();
        let core = match host.0.as_str() {
            "" => Ok(Core::anywhere(options)),
            host => Core::with_options(host, port.0, options),
        };
        self.replace_core(core.map_err(refused)?);
        Ok(())
    }

    /// Makes it a client of another server, with the same options; kept connections stay.
    #[pyo3(signature = (host, port=Port(0)), text_signature = "($self, host, port=0)")]
    fn set_host(&self, host: Text, port: Port) -> PyResult<()> {
        let core = self.core()?.to_host(&host.0, port.0).map_err(refused)?;
        self.replace_core(core);
        Ok(())
    }

    /// Sends a request, and returns the response with its whole body.
    ///
    /// Raises for a request that cannot be sent, and what Python code raises meanwhile; all else is told by the response.
    ///
    /// `timeout` limits the whole call, in place of those of the request and the client: a `Time`, a `timedelta` or
    /// seconds, zero for no limit. With `stream` the body is left to be read from the response. `progress` is called as
    /// ``progress(done, total)`` while the body of the request is sent, the total `None` where it is not known; if it
    /// returns `False` the call is cancelled.
    #[pyo3(
        signature = (request, timeout=Span(None), *, stream=false, progress=None),
        text_signature = "($self, request, timeout=None, *, stream=False, progress=None)"
    )]
    fn send_request<'py>(
        &self,
        py: Python<'py>,
        request: &Bound<'py, PyAny>,
        timeout: Span,
        stream: bool,
        progress: Option<Bound<'py, PyAny>>,
    ) -> PyResult<HttpResponse> {
        let mut request = given(request)?.get().to_send()?;
        if let Some(limit) = limit(timeout) {
            request = request.timeout(limit);
        }
        self.send(py, &request, stream, progress.as_ref())
    }

    /// Sends a request of this method, in HTTP/1.1; the keywords are those of `HttpRequest` and `send_request`.
    #[pyo3(signature = (method, uri, **options), text_signature = "($self, method, uri, *, params=None, fields=None, \
        body=None, form=None, json=None, files=None, auth=None, timeout=None, stream=False, progress=None)")]
    fn request<'py>(
        &self,
        py: Python<'py>,
        method: MethodArgument,
        uri: Text,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<HttpResponse> {
        self.ask(py, "request", method.0, uri, options)
    }

    /// Sends a GET, as `request` does.
    #[pyo3(signature = (uri, **options), text_signature = "($self, uri, *, params=None, fields=None, body=None, \
        form=None, json=None, files=None, auth=None, timeout=None, stream=False, progress=None)")]
    fn get<'py>(
        &self,
        py: Python<'py>,
        uri: Text,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<HttpResponse> {
        self.ask(py, "get", Method::GET, uri, options)
    }

    /// Sends a POST, as `request` does.
    #[pyo3(signature = (uri, **options), text_signature = "($self, uri, *, params=None, fields=None, body=None, \
        form=None, json=None, files=None, auth=None, timeout=None, stream=False, progress=None)")]
    fn post<'py>(
        &self,
        py: Python<'py>,
        uri: Text,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<HttpResponse> {
        self.ask(py, "post", Method::POST, uri, options)
    }

    /// Sends a PUT, as `request` does.
    #[pyo3(signature = (uri, **options), text_signature = "($self, uri, *, params=None, fields=None, body=None, \
        form=None, json=None, files=None, auth=None, timeout=None, stream=False, progress=None)")]
    fn put<'py>(
        &self,
        py: Python<'py>,
        uri: Text,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<HttpResponse> {
        self.ask(py, "put", Method::PUT, uri, options)
    }

    /// Sends a DELETE, as `request` does.
    #[pyo3(signature = (uri, **options), text_signature = "($self, uri, *, params=None, fields=None, body=None, \
        form=None, json=None, files=None, auth=None, timeout=None, stream=False, progress=None)")]
    fn delete<'py>(
        &self,
        py: Python<'py>,
        uri: Text,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<HttpResponse> {
        self.ask(py, "delete", Method::DELETE, uri, options)
    }

    /// Sends a HEAD, as `request` does.
    #[pyo3(signature = (uri, **options), text_signature = "($self, uri, *, params=None, fields=None, body=None, \
        form=None, json=None, files=None, auth=None, timeout=None, stream=False, progress=None)")]
    fn head<'py>(
        &self,
        py: Python<'py>,
        uri: Text,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<HttpResponse> {
        self.ask(py, "head", Method::HEAD, uri, options)
    }

    /// Sends a PATCH, as `request` does.
    #[pyo3(signature = (uri, **options), text_signature = "($self, uri, *, params=None, fields=None, body=None, \
        form=None, json=None, files=None, auth=None, timeout=None, stream=False, progress=None)")]
    fn patch<'py>(
        &self,
        py: Python<'py>,
        uri: Text,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<HttpResponse> {
        self.ask(py, "patch", Method::PATCH, uri, options)
    }

    /// Sends an OPTIONS, as `request` does.
    #[pyo3(signature = (uri, **options), text_signature = "($self, uri, *, params=None, fields=None, body=None, \
        form=None, json=None, files=None, auth=None, timeout=None, stream=False, progress=None)")]
    fn options<'py>(
        &self,
        py: Python<'py>,
        uri: Text,
        options: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<HttpResponse> {
        self.ask(py, "options", Method::OPTIONS, uri, options)
    }

    /// Downloads to a file, which is complete or not there.
    ///
    /// `uri` may be an `HttpRequest`. The file is written beside its place and moved there when it is complete. A failure
    /// leaves nothing; with `resume`, what came is kept as ``NAME.part``, and the next call goes on from there if the
    /// server has the same version still. `progress` is called as ``progress(done, total)``, the total `None` where it is
    /// not known; if it returns `False` the call is cancelled.
    ///
    /// The response has no body, but `transferred` and `resumed_from`. If its status is neither 200 nor 206, nothing was
    /// saved: it has the server's body if it is one of failure, else an `error`.
    #[pyo3(
        signature = (uri, path, *, resume=false, progress=None, timeout=Span(None)),
        text_signature = "($self, uri, path, *, resume=False, progress=None, timeout=None)"
    )]
    fn download<'py>(
        &self,
        py: Python<'py>,
        uri: &Bound<'py, PyAny>,
        path: LocalPath,
        resume: bool,
        progress: Option<Py<PyAny>>,
        timeout: Span,
    ) -> PyResult<HttpResponse> {
        let mut request = match uri.cast::<HttpRequest>() {
            Ok(request) => request.get().to_send()?,
            Err(_) => Draft::new(Method::GET, uri.extract::<Text>()?.0, Version::Http11)?.request(),
        };
        if let Some(limit) = limit(timeout) {
            request = request.timeout(limit);
        }
        let core = self.core()?;
        let outcome = calling::run(py, |raised| {
            let download = if resume { Download::new().resume() } else { Download::new() };
            let (mut response, saved) = match &progress {
                None => core.download_response(&request, &path.0, download)?,
                Some(progress) => {
                    let mut report = report(raised, progress);
                    core.download_response(&request, &path.0, download.progress(&mut report))?
                }
            };
            let body = match saved {
                Some(_) => Ok(Vec::new()),
                None if response.status().0 < 400 => Err(HttpError::Refused(response.status())),
                None => response.body(),
            };
            Ok((response, saved, body))
        })?;
        match outcome {
            Ok((response, Some(saved), _)) => Ok(HttpResponse::saved(py, &response, saved)),
            Ok((response, None, body)) => HttpResponse::whole(py, &response, body),
            Err(failure) => HttpResponse::failed(py, failure),
        }
    }

    /// Cancels the calls that other threads have under way, reading a response included; they return within moments.
    ///
    /// The `error` of such a response has the reason ``"cancelled"``. Without calls under way nothing happens.
    fn cancel(&self) -> PyResult<()> {
        self.core()?.cancel();
        Ok(())
    }

    /// Cancels the calls under way and closes the connections that are kept. The next request makes a new one.
    fn close(&self) -> PyResult<()> {
        let core = self.core()?;
        core.cancel();
        self.replace_core(anew(&core)?);
        Ok(())
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    #[pyo3(signature = (*_exception))]
    fn __exit__(&self, _exception: &Bound<'_, PyTuple>) -> PyResult<()> {
        self.close()
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let class = slf.get_type().name()?;
        Ok(match slf.get().core()?.origin() {
            Some(origin) => format!("<{class} {origin}>"),
            None => format!("<{class} for any server>"),
        })
    }
}

/// The same client without connections.
fn anew(core: &Core) -> PyResult<Core> {
    let fresh = Core::anywhere(core.options().clone());
    match core.origin() {
        Some(origin) => fresh.to_host(&origin.to_string(), 0).map_err(refused),
        None => Ok(fresh),
    }
}

/// The exception for what is no host.
fn refused(failure: HttpError) -> PyErr {
    match failure::refusal(failure) {
        Ok(failure) => PyValueError::new_err(failure.to_string()),
        Err(error) => error,
    }
}
