//! The engine: ureq's agent over the sockets of this crate.
//!
//! It writes requests, reads responses, keeps connections and decodes bodies. Its own TLS, lookup, time limits and
//! redirects are off: `connector` makes connections, `transport` moves their bytes. Both belong to an interface outside
//! ureq's promises of compatibility, and nothing of it is used outside this folder.

mod chunks;
mod connector;
mod failure;
mod head;
mod inlet;
mod resolver;
mod transport;

use std::io::{self, Read};
use std::sync::Arc;

use self::connector::Connector;
pub(super) use self::failure::{body_failure, failure};
pub(super) use self::head::{Found, find as find_head};
use super::call::Call;
use super::error::HttpError;
use super::options::HttpOptions;

/// What is given to the engine to send.
pub(super) struct Outgoing<'a> {
    pub(super) request: ureq::http::Request<()>,
    /// The body, whose length the fields tell.
    pub(super) body: Option<&'a mut dyn Read>,
}

/// The reader of a response's body, decoded. To be read inside its call.
pub(super) struct Incoming {
    /// Until it is read: the engine's decoders read as soon as they are made, and so would wait for what was not asked
    /// for yet.
    body: Option<ureq::Body>,
    reader: Option<ureq::BodyReader<'static>>,
}

impl Read for Incoming {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(body) = self.body.take() {
            // The limits are those of the caller, who knows what the bytes are for.
            self.reader = Some(body.into_with_config().limit(u64::MAX).reader());
        }
        self.reader.as_mut().map_or(Ok(0), |reader| reader.read(buffer))
    }
}

/// What the engine gives back: the body, and the number of bytes it will have.
pub(super) struct Answer {
    pub(super) body: Incoming,
    pub(super) length: Option<u64>,
}

/// An engine with its pool of connections.
#[derive(Clone, Debug)]
pub(super) struct Engine(ureq::Agent);

impl Engine {
    pub(super) fn new(options: &HttpOptions) -> Self {
        let accept_encoding = if options.decompress { "gzip, br" } else { "identity" };
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(options.user_agent.as_str())
            .accept_encoding(accept_encoding)
            .max_response_header_size(options.head_limit)
            .input_buffer_size(INPUT_BUFFER.max(options.head_limit + 1))
            .output_buffer_size(OUTPUT_BUFFER)
            .max_idle_connections(options.idle_connections)
            .max_idle_connections_per_host(options.idle_connections)
            .max_idle_age(options.idle_time)
            .build();
        Self(ureq::Agent::with_parts(config, Connector::new(options), resolver::Lazy))
    }

    /// Sends a request and waits for the header of the response.
    pub(super) fn run(&self, call: &Arc<Call>, outgoing: Outgoing<'_>) -> Result<Answer, HttpError> {
        let Outgoing { request, body } = outgoing;
        let run = || match body {
            None => self.0.run(request.map(|()| ureq::SendBody::none())),
            Some(reader) => self.0.run(request.map(|()| ureq::SendBody::from_reader(reader))),
        };
        let response = call.enter(run).map_err(|error| failure(call, error))?;
        let body = response.into_body();
        let length = body.content_length();
        Ok(Answer { body: Incoming { body: Some(body), reader: None }, length })
    }
}

/// How much is received at once, at most.
const INPUT_BUFFER: usize = 128 << 10;
const OUTPUT_BUFFER: usize = 128 << 10;
