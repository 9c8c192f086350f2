//! A tunnel through an HTTP proxy: the method `CONNECT` (RFC 9110, section 9.3.6).

use super::Peer;
use crate::http::auth;
use crate::http::engine::{Found, find_head};
use crate::http::error::HttpError;
use crate::http::url::{Origin, Scheme};

pub(super) fn connect(peer: &Peer<'_>, user: Option<(&str, &str)>, origin: &Origin) -> Result<(), HttpError> {
    // With the port, which the request's own form leaves out when it is the scheme's.
    let host = if origin.host.contains(':') { format!("[{}]", origin.host) } else { origin.host.clone() };
    let target = format!("{host}:{}", origin.port);
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n");
    if let Some((name, password)) = user {
        request.push_str(&format!("Proxy-Authorization: {}\r\n", auth::basic(name, password)));
    }
    request.push_str("\r\n");
    peer.send(request.as_bytes())?;

    let mut head = Vec::new();
    // Of interim responses, too.
    for _ in 0..LONGEST_HEAD {
        head.push(peer.receive_byte()?);
        // Only a line's end can be the header's.
        if !head.ends_with(b"\n") && head.len() > 8 {
            continue;
        }
        match find_head(&head) {
            Found::Final(_, head) if head.status.is_success() => return Ok(()),
            Found::Final(_, head) => {
                let scheme = if origin.scheme == Scheme::Http { "http" } else { "https" };
                let sentence = format!("it answered {} to a tunnel for {scheme} to {target}", head.status);
                return Err(HttpError::Proxy(sentence));
            }
            Found::Interim(length, _) => drop(head.drain(..length)),
            Found::Wrong(sentence) => {
                return Err(HttpError::Proxy(format!("its answer is no HTTP: {sentence}")));
            }
            Found::Part => {}
        }
    }
    Err(HttpError::Proxy(format!("its answer is longer than {LONGEST_HEAD} bytes")))
}

const LONGEST_HEAD: usize = 16 << 10;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::call::{Call, Limits};
    use crate::http::engine::scripted::Scripted;

    #[test]
    fn interim_responses_do_not_go_on_for_ever() {
        let limits = Limits {
            deadline: testkit::PATIENCE.into(),
            limit: None,
            patience: testkit::PATIENCE,
            head_limit: 1 << 10,
            low_speed: None,
            hook: None,
            cancellations: std::sync::Arc::default(),
        };
        let stream = Scripted::new(b"HTTP/1.1 100 Continue\r\n\r\n".repeat(10_000).into(), usize::MAX);
        let origin = Origin { scheme: Scheme::Https, host: "a".to_owned(), port: 443 };
        let outcome = connect(&Peer { call: &Call::new(limits), stream: &stream }, None, &origin);
        assert!(matches!(outcome, Err(HttpError::Proxy(_))), "{outcome:?}");
        assert_eq!(stream.said(), LONGEST_HEAD);
    }
}
