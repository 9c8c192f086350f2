//! Our client, as the table of behaviours asks it.

use std::io;
use std::time::Duration;

use sfml_network::http::{Body, Http, HttpError, HttpOptions, Request, Response};
use testkit::http::behaviours::{Behaviour, Call, Failure, LARGEST_BODY, Outcome};

pub(super) struct Ours {
    http: Http,
}

impl Ours {
    pub(super) fn new(row: &Behaviour, limit: Duration) -> Self {
        let mut options = HttpOptions::default();
        options.timeout = Some(limit);
        options.redirects = if row.follows { 10 } else { 0 };
        options.decompress = row.decodes;
        options.body_limit = LARGEST_BODY;
        Self { http: Http::anywhere(options) }
    }

    pub(super) fn call(&self, call: &Call, url: &str) -> Outcome {
        let method = call.request.method.parse().expect("the table has only methods");
        let mut request = Request::new(method, url);
        for (name, value) in call.request.fields {
            request = request.field(name, value);
        }
        if let Some((byte, length)) = call.request.body {
            request = request.body(match usize::try_from(length) {
                Ok(length) if length <= IN_MEMORY => Body::from(vec![byte; length]),
                _ => Body::sized_reader(io::repeat(byte), length),
            });
        }
        self.http.send(&request).and_then(answered).unwrap_or_else(failed)
    }
}

fn answered(mut response: Response) -> Result<Outcome, HttpError> {
    let body = response.body()?;
    Ok(Outcome::Answered {
        status: response.status().0,
        reason: Some(response.reason_bytes().to_vec()),
        fields: response.fields().iter().map(|(name, value)| (name.to_owned(), value.to_vec())).collect(),
        body,
    })
}

fn failed(error: HttpError) -> Outcome {
    let failure = match &error {
        HttpError::Lookup(_) | HttpError::Connect(_) | HttpError::Tls(_) => Failure::ConnectionFailed,
        HttpError::TimedOut { .. } => Failure::TimedOut,
        HttpError::TooLarge { .. } => Failure::TooLarge,
        HttpError::Incomplete { .. } | HttpError::Closed { .. } | HttpError::Connection { .. } => {
            Failure::Truncated
        }
        HttpError::Redirect(sentence) if sentence.contains("already") => Failure::TooManyRedirects,
        _ => Failure::InvalidResponse,
    };
    Outcome::Failed { failure: Some(failure), why: error.to_string() }
}

/// A larger body is made while it is sent.
const IN_MEMORY: usize = 1 << 20;
