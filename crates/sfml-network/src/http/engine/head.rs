//! Finding the header of a response in what has come so far.

use crate::http::call::Head;
use crate::http::fields::Fields;
use crate::http::status::Status;
use crate::http::version::Version;

/// What the bytes begin with.
pub(in crate::http) enum Found {
    /// A header that has not come whole.
    Part,
    /// An interim response of so many bytes (RFC 9110, section 15.2), which nobody waits for.
    Interim(usize),
    /// The header of the response, of so many bytes.
    Final(usize, Head),
    /// No header of a response.
    Wrong(String),
}

/// The most fields of a header: what the engine takes.
const FIELDS: usize = 128;

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
        return Found::Interim(length);
    }
    let mut received = Fields::new();
    for field in response.headers.iter() {
        received.push_received(field.name, field.value);
    }
    let head = Head {
        status: Status(code),
        version: if minor == 0 { Version::Http10 } else { Version::Http11 },
        reason: response.reason.unwrap_or_default().to_owned(),
        fields: received,
    };
    Found::Final(length, head)
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
