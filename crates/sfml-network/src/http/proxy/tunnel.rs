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
    let mut passed_over = 0;
    loop {
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
            Found::Interim(length, _) if passed_over + length <= LONGEST_HEAD => {
                passed_over += length;
                head.drain(..length);
            }
            Found::Wrong(sentence) => {
                return Err(HttpError::Proxy(format!("its answer is no HTTP: {sentence}")));
            }
            Found::Part if head.len() <= LONGEST_HEAD => {}
            Found::Part | Found::Interim(..) => {
                return Err(HttpError::Proxy(format!("its answer is longer than {LONGEST_HEAD} bytes")));
            }
        }
    }
}

const LONGEST_HEAD: usize = 16 << 10;
