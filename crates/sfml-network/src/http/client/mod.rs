//! `Http`: a client that sends requests, and keeps connections for the next ones.

#[cfg(feature = "cookies")]
mod cookies;
pub(super) mod download;
mod exchange;
mod redirect;
mod sending;
mod validator;

use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub use self::download::Download;
use super::call::{Call, Cancellations, Limits};
use super::engine::{Engine, LARGEST_HEAD};
use super::error::HttpError;
use super::options::HttpOptions;
use super::request::Request;
use super::response::Response;
use super::url::Origin;
use crate::time::Deadline;

/// Is told how many bytes have gone by and how many there are, if that is known; `Break` ends the transfer.
pub type ProgressCallback<'a> = &'a mut dyn FnMut(u64, Option<u64>) -> ControlFlow<()>;

/// A client of HTTP servers.
///
/// Made for one server, as in SFML; requests whose uri is a whole URL go where that says. Nothing is looked up and no
/// connection made before a request is sent. Connections are kept for the next request. All methods take `&self`:
/// several threads may send at the same time, each on a connection of its own.
///
/// ```no_run
/// use sfml_network::http::{Http, Request, Status};
///
/// let http = Http::new("https://example.org", 0)?;
/// let mut response = http.send(&Request::get("/index.html"))?;
/// if response.status() == Status::OK {
///     println!("{}", response.text()?);
/// }
/// # Ok::<(), sfml_network::http::HttpError>(())
/// ```
#[derive(Clone)]
pub struct Http {
    origin: Option<Origin>,
    shared: Arc<Shared>,
}

struct Shared {
    engine: Engine,
    options: HttpOptions,
    cancellations: Arc<AtomicU64>,
    #[cfg(feature = "cookies")]
    cookies: cookies::Cookies,
}

impl Http {
    /// A client of one server.
    ///
    /// `host` is a name or an address, with `http://` or `https://` before it or not, which stands for `http://`; a port
    /// behind it is taken as well. A `port` of 0 means that one, else the scheme's own, 80 or 443.
    ///
    /// # Errors
    /// [`HttpError::Request`] when it is no host. Whether there is such a one is not looked up.
    pub fn new(host: &str, port: u16) -> Result<Self, HttpError> {
        Self::with_options(host, port, HttpOptions::default())
    }

    /// As [`new`](Self::new), with options.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_options(host: &str, port: u16, options: HttpOptions) -> Result<Self, HttpError> {
        Ok(Self::of(Some(Origin::parse(host, port)?), options))
    }

    /// A client of any server, for requests whose uri is a whole URL.
    pub fn anywhere(options: HttpOptions) -> Self {
        Self::of(None, options)
    }

    fn of(origin: Option<Origin>, options: HttpOptions) -> Self {
        let engine = Engine::new(&options);
        Self::with_engine(origin, engine, options)
    }

    fn with_engine(origin: Option<Origin>, engine: Engine, options: HttpOptions) -> Self {
        let shared = Shared {
            engine,
            options,
            cancellations: Arc::default(),
            #[cfg(feature = "cookies")]
            cookies: cookies::Cookies::default(),
        };
        Self { origin, shared: Arc::new(shared) }
    }

    /// A client each of whose connections says these bytes, `step` at most at once.
    #[cfg(any(test, fuzzing))]
    pub(super) fn scripted(options: HttpOptions, script: &[u8], step: usize) -> Self {
        let engine = Engine::scripted(&options, script, step);
        Self::with_engine(None, engine, options)
    }

    /// The same client for another server: with the same options and kept connections, and cancelled together.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn to_host(&self, host: &str, port: u16) -> Result<Self, HttpError> {
        Ok(Self { origin: Some(Origin::parse(host, port)?), shared: Arc::clone(&self.shared) })
    }

    /// The server requests go to, if their uri does not say otherwise.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }

    /// The options.
    pub fn options(&self) -> &HttpOptions {
        &self.shared.options
    }

    /// Sends a request and waits for the header of the response, whose body is read from the response.
    ///
    /// A kept connection that turns out to be closed is replaced, and the request sent again, when nothing had come and
    /// sending it twice does no harm (RFC 9112, section 9.3.1).
    ///
    /// # Errors
    /// An [`HttpError`]; a status of 400 and more is none.
    pub fn send(&self, request: &Request) -> Result<Response, HttpError> {
        self.exchange(request, self.limits(request), None)
    }

    /// As [`send`](Self::send); the call, its body included, ends at the deadline if not before.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_within(
        &self,
        request: &Request,
        deadline: impl Into<Deadline>,
    ) -> Result<Response, HttpError> {
        let mut limits = self.limits(request);
        limits.deadline = deadline.into().sooner(limits.deadline);
        self.exchange(request, limits, None)
    }

    /// As [`send`](Self::send), with the number of bytes of the request's body told while they are sent.
    ///
    /// # Errors
    /// As [`send`](Self::send); [`HttpError::Cancelled`] when `progress` breaks it off.
    pub fn send_reporting(
        &self,
        request: &Request,
        progress: ProgressCallback<'_>,
    ) -> Result<Response, HttpError> {
        self.exchange(request, self.limits(request), Some(progress))
    }

    /// Sends a GET.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn get(&self, uri: &str) -> Result<Response, HttpError> {
        self.send(&Request::get(uri))
    }

    /// Ends the calls that other threads have under way, which return [`HttpError::Cancelled`] within 50 ms, reading a
    /// response included. Calls made later are not concerned.
    pub fn cancel(&self) {
        self.shared.cancellations.fetch_add(1, Ordering::AcqRel);
    }

    fn limits(&self, request: &Request) -> Limits {
        let options = &self.shared.options;
        let limit: Option<Duration> = request.time_limit().or(options.timeout);
        Limits {
            deadline: limit.into(),
            limit,
            patience: options.read_timeout,
            head_limit: options.head_limit.min(LARGEST_HEAD),
            low_speed: options.low_speed,
            hook: options.interrupt.clone(),
            cancellations: Cancellations::from_now_on(&self.shared.cancellations),
        }
    }

    fn call(&self, limits: &Limits) -> Arc<Call> {
        Call::new(limits.clone())
    }
}

impl fmt::Debug for Http {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let origin = self.origin().map(Origin::to_string);
        f.debug_struct("Http").field("origin", &origin).finish_non_exhaustive()
    }
}
