//! Finding the header of a response in what has come so far.

use std::io::Write;

use crate::http::call::Head;
use crate::http::fields::Fields;
use crate::http::status::Status;
use crate::http::version::Version;

/// What the bytes begin with.
pub(in crate::http) enum Found {
    /// A header that has not come whole.
    Part,
    /// An interim response (RFC 9110, section 15.2): its bytes and its status.
    Interim(usize, u16),
    /// The header of the response, of so many bytes.
    Final(usize, Head),
    /// No header of a response.
    Wrong(String),
}

/// The most fields of a header: what the engine takes.
pub(in crate::http) const FIELDS: usize = 128;

pub(in crate::http) fn find(input: &[u8]) -> Found {
    // A line at least is needed to tell.
    if !input.contains(&b'\n') {
        return if is_beginning(input) { Found::Part } else { Found::Wrong(describe(input)) };
    }
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let mut response = httparse::Response::new(&mut fields);
    let length = match response.parse(input) {
        Ok(httparse::Status::Partial) => return Found::Part,
        Ok(httparse::Status::Complete(length)) => length,
        Err(httparse::Error::TooManyHeaders) => {
            return Found::Wrong(format!("there are more than {FIELDS} fields in the header"));
        }
        Err(_) if !is_beginning(input) => return Found::Wrong(describe(input)),
        Err(error) => return Found::Wrong(error.to_string()),
    };
    let (Some(code), Some(minor)) = (response.code, response.version) else {
        return Found::Wrong(describe(input));
    };
    let is_interim = (100..200).contains(&code) && code != Status::SWITCHING_PROTOCOLS.0;
    if is_interim {
        return Found::Interim(length, code);
    }
    let mut received = Fields::with_capacity(response.headers.len());
    for field in response.headers.iter() {
        received.push_received(field.name, field.value);
    }
    let head = Head {
        status: Status(code),
        version: if minor == 0 { Version::Http10 } else { Version::Http11 },
        reason: reason(input),
        fields: received,
    };
    Found::Final(length, head)
}

/// What is behind the status, whatever bytes they are; the library that reads the header passes over odd ones.
fn reason(input: &[u8]) -> Vec<u8> {
    let lines = input.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let line = lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default();
    line.splitn(3, |byte| *byte == b' ').nth(2).unwrap_or_default().to_owned()
}

/// The header as the engine needs it, and whether the body comes in chunks.
///
/// Only what says how the body comes and what becomes of the connection, in the spelling that the engine knows.
pub(in crate::http) fn for_engine(head: &Head, has_body: bool) -> (Vec<u8>, bool) {
    let has_body = has_body && !matches!(head.status, Status::NO_CONTENT | Status::NOT_MODIFIED);
    let codings = || {
        let values = head.fields.get_all("Transfer-Encoding");
        values.flat_map(|value| value.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
    };
    let is_chunked = has_body
        && head.version == Version::Http11
        && codings().any(|coding| coding.eq_ignore_ascii_case(b"chunked"));
    // Of a body in an unknown coding only the end of the connection is the end (RFC 9112, section 6.3).
    let is_coded = !is_chunked
        && codings().any(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity"));
    let mut text = Vec::with_capacity(256);
    // A vector takes whatever is written.
    let _ = write!(text, "{} {:03}\r\n", head.version, head.status.0);
    let mut add = |name: &str, value: &[u8]| {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            text.extend_from_slice(part);
        }
    };
    if is_chunked {
        add("transfer-encoding", b"chunked");
    }
    if is_coded {
        add("connection", b"close");
    }
    for (name, value) in head.fields.iter() {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        if is("content-length") && !is_chunked && !is_coded {
            add("content-length", value);
        } else if is("connection") && !is_coded {
            add("connection", value);
        } else if is("content-encoding") && has_body {
            let coding = value.to_ascii_lowercase();
            add("content-encoding", if coding == b"x-gzip" { b"gzip" } else { &coding });
        }
    }
    text.extend_from_slice(b"\r\n");
    (text, is_chunked)
}

/// The fields of a trailer.
pub(super) fn trailer(lines: &[u8]) -> Result<Fields, String> {
    let whole = [lines, b"\r\n"].concat();
    let mut fields = [httparse::EMPTY_HEADER; FIELDS];
    let parsed =
        httparse::parse_headers(&whole, &mut fields).map_err(|error| format!("the trailer: {error}"))?;
    let mut received = Fields::new();
    if let httparse::Status::Complete((_, fields)) = parsed {
        fields.iter().for_each(|field| received.push_received(field.name, field.value));
    }
    Ok(received)
}

/// Whether it may be the beginning of a status line.
fn is_beginning(input: &[u8]) -> bool {
    // Empty lines in front are passed over (RFC 9112, section 2.2).
    let start = input.iter().position(|byte| !matches!(byte, b'\r' | b'\n')).unwrap_or(input.len());
    input[start..].iter().zip(b"HTTP/1.").all(|(byte, expected)| byte == expected)
}

/// What came instead, as far as it can be shown.
fn describe(input: &[u8]) -> String {
    let line = input.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let shown = String::from_utf8_lossy(&line[..line.len().min(40)]);
    let version = if line.starts_with(b"HTTP/") { ", whose version is not spoken here" } else { "" };
    format!("it begins with {:?}{version}", shown.trim_end())
}
