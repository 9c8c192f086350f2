//! What the engine's errors mean.

use std::io;

use crate::http::call::Call;
use crate::http::error::{HttpError, Phase};

/// What has failed: what the transport has noted, or else what the engine says.
pub(in crate::http) fn failure(call: &Call, error: ureq::Error) -> HttpError {
    let mut notes = call.notes();
    if let Some(failure) = notes.failure.take() {
        return failure;
    }
    let received = notes.received;
    use ureq::Error as Engine;
    match error {
        Engine::LargeResponseHeader(..) => {
            HttpError::TooLarge { what: "the header of the response", limit: call.head_limit as u64 }
        }
        Engine::Http(error) => HttpError::request("request", error.to_string()),
        Engine::BadUri(sentence) => HttpError::request("uri", sentence),
        Engine::BodyExceedsLimit(_) => {
            HttpError::request("body", "the body is longer than the field Content-Length says")
        }
        Engine::ConnectProxyFailed(sentence) => HttpError::Proxy(sentence),
        Engine::InvalidProxyUrl => HttpError::request("proxy", "the proxy's address is no URL"),
        Engine::Decompress(coding, error) => HttpError::Decode(format!("{coding}: {error}")),
        Engine::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => HttpError::Closed { received },
        Engine::Io(error) => HttpError::local(None, error),
        // What the engine finds before a byte has come is wrong with the request.
        Engine::Protocol(error) if matches!(notes.phase, Phase::Lookup | Phase::Send) && received == 0 => {
            HttpError::request("request", error.to_string())
        }
        error => HttpError::Invalid(error.to_string()),
    }
}

/// The same for a body: `incomplete` is what it is when the connection has ended.
pub(in crate::http) fn body_failure(call: &Call, error: io::Error, incomplete: HttpError) -> HttpError {
    if let Some(failure) = call.notes().failure.take() {
        return failure;
    }
    match error.downcast::<ureq::Error>() {
        Ok(ureq::Error::Decompress(coding, error)) => HttpError::Decode(format!("{coding}: {error}")),
        Ok(error) => HttpError::Invalid(error.to_string()),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => incomplete,
        Err(error) => HttpError::Decode(error.to_string()),
    }
}
