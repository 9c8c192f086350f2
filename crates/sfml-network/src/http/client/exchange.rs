//! One request and its response: sent again over a new connection if the old one was closed, and after redirects.

use std::sync::Arc;
use std::time::Instant;

use super::redirect::{Hop, Verdict};
use super::sending::Sending;
use super::{Http, ProgressCallback};
use crate::http::auth;
use crate::http::body::Opened;
use crate::http::call::{Call, Head, Limits};
use crate::http::engine::{Answer, Outgoing};
use crate::http::error::HttpError;
use crate::http::method::Method;
use crate::http::request::Request;
use crate::http::response::{Incoming, Parts, Response};
use crate::http::url::{self, Url};
use crate::http::version::Version;
use crate::transfer::Progress;

impl Http {
    pub(super) fn exchange(
        &self,
        request: &Request,
        limits: Limits,
        report: Option<ProgressCallback<'_>>,
    ) -> Result<Response, HttpError> {
        let begun = Instant::now();
        request.check()?;
        let mut hop = self.first_hop(request)?;
        let mut history = Vec::new();
        let mut progress = Progress::new(report);
        loop {
            let call = self.call(&limits);
            call.ask().map_err(HttpError::of_interrupt)?;
            let answer = self.send_hop(&call, &hop, &mut progress)?;
            let head = call.notes().head.take();
            let head = head.ok_or_else(|| HttpError::Invalid("there is no header".to_owned()))?;
            #[cfg(feature = "cookies")]
            if self.options().cookies {
                self.shared.cookies.keep(&hop.url, &head.fields);
            }
            let options = self.options();
            match hop.after(&head, options.redirects, history.len())? {
                Verdict::Follow(next) => {
                    Incoming::new(answer, call, false, (0, 0)).pass_over(&limits);
                    history.push(std::mem::replace(&mut hop, next).url);
                }
                Verdict::Stay => {
                    let is_compressed = is_compressed(&head);
                    let remote = call.notes().remote;
                    let limits = (options.body_limit, options.decoded_limit);
                    let mut incoming = Incoming::new(answer, call, is_compressed, limits);
                    if head.fields.get("Content-Length") == Some("0") {
                        incoming.expect_nothing();
                    }
                    let (url, elapsed) = (hop.url, begun.elapsed());
                    return Ok(Response::new(Parts { head, url, history, remote, elapsed, incoming }));
                }
            }
        }
    }

    fn first_hop<'r>(&self, request: &'r Request) -> Result<Hop<'r>, HttpError> {
        let mut fields = request.fields().clone();
        let target = request.target()?;
        let url = match (request.whole_url()?, self.origin()) {
            (Some((url, user)), _) => {
                if let Some((name, password)) = user.filter(|_| !fields.contains("Authorization")) {
                    fields.set("Authorization", auth::basic(&name, &password))?;
                }
                Url { target, ..url }
            }
            (None, Some(origin)) => Url { origin: origin.clone(), target },
            (None, None) => {
                let shown = url::without_user(request.uri());
                let sentence = format!("{shown:?} is no whole URL, and the client has no host");
                return Err(HttpError::request("uri", sentence));
            }
        };
        let body = request.body_ref();
        let method = request.method().clone();
        Ok(Hop { url, method, version: request.http_version(), fields, body: Some(body) })
    }

    /// Sends it; once more where a kept connection was closed meanwhile.
    fn send_hop(
        &self,
        call: &Arc<Call>,
        hop: &Hop<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<Answer, HttpError> {
        match self.send_once(call, hop, progress) {
            Err(error) if self.is_stale(call, hop, &error) => {
                call.notes().only_new = true;
                progress.resume_at(0);
                self.send_once(call, hop, progress)
            }
            outcome => outcome,
        }
    }

    /// Whether the request can have failed because the connection had ended before.
    fn is_stale(&self, call: &Call, hop: &Hop<'_>, error: &HttpError) -> bool {
        let has_ended = matches!(error, HttpError::Closed { received: 0 } | HttpError::Connection { .. });
        let notes = call.notes();
        let is_replayable = hop.body.is_none_or(|body| body.is_replayable());
        has_ended && notes.is_reused && notes.received == 0 && hop.method.is_idempotent() && is_replayable
    }

    fn send_once(
        &self,
        call: &Arc<Call>,
        hop: &Hop<'_>,
        progress: &mut Progress<'_>,
    ) -> Result<Answer, HttpError> {
        let mut opened = match hop.body {
            Some(body) => body.open()?,
            None => None,
        };
        if let Some(opened) = &mut opened {
            // A reader may have its length from the field.
            opened.length = opened.length.or_else(|| hop.fields.get("Content-Length")?.parse().ok());
        }
        #[cfg(feature = "cookies")]
        let told = (self.options().cookies && !hop.fields.contains("Cookie"))
            .then(|| self.shared.cookies.for_request(&hop.url))
            .flatten();
        #[cfg(not(feature = "cookies"))]
        let told = None::<String>;
        let request = engine_request(hop, opened.as_ref(), told)?;
        let mut notes = call.notes();
        notes.has_no_body = hop.method == Method::HEAD;
        notes.awaits_continue = hop.fields.contains("Expect") && opened.is_some();
        notes.stream = None;
        drop(notes);
        let Some(opened) = opened else {
            return self.shared.engine.run(call, Outgoing { request, body: None });
        };
        progress.set_total(opened.length);
        let mut sending = Sending::new(opened, call, progress);
        self.shared.engine.run(call, Outgoing { request, body: Some(&mut sending) })
    }
}

/// The request as the engine takes it.
fn engine_request(
    hop: &Hop<'_>,
    opened: Option<&Opened>,
    cookies: Option<String>,
) -> Result<ureq::http::Request<()>, HttpError> {
    use ureq::http;

    let version = match hop.version {
        Version::Http10 => http::Version::HTTP_10,
        Version::Http11 => http::Version::HTTP_11,
    };
    let mut builder =
        http::Request::builder().method(hop.method.as_str()).uri(hop.url.to_string()).version(version);
    for (name, value) in hop.fields.iter() {
        builder = builder.header(name, value);
    }
    if let Some(cookies) = cookies {
        builder = builder.header("cookie", cookies);
    }
    if !hop.fields.contains("Content-Length") {
        match opened.map(|opened| opened.length) {
            Some(Some(length)) => builder = builder.header("content-length", length),
            Some(None) if hop.version == Version::Http10 => {
                let sentence = "HTTP/1.0 needs to know the length of the body: give it, or use HTTP/1.1";
                return Err(HttpError::request("body", sentence));
            }
            Some(None) => builder = builder.header("transfer-encoding", "chunked"),
            None if hop.method.expects_body() => builder = builder.header("content-length", 0),
            None => {}
        }
    }
    builder.body(()).map_err(|error| HttpError::request("request", error.to_string()))
}

/// Whether the engine decodes the body, which then is of another size than told.
fn is_compressed(head: &Head) -> bool {
    let coding = head.fields.get("Content-Encoding").unwrap_or_default().trim();
    ["gzip", "x-gzip", "br"].iter().any(|known| coding.eq_ignore_ascii_case(known))
}
