//! What a server answers.

use std::ops::Range;

/// A status, fields and a body.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) fields: Vec<(&'static str, String)>,
    pub(super) body: Body,
    /// Whether the connection is to be closed behind it.
    pub(super) closes: bool,
}

#[derive(Clone, Debug)]
pub(super) enum Body {
    Whole(Vec<u8>),
    /// This part of the pseudo-random bytes, with its length told beforehand.
    PseudoRandom(Range<u64>),
    /// So many pseudo-random bytes in chunks, with a trailer that tells their checksum.
    Chunked(u64),
    /// A text whose second half waits for a release.
    InHalves(&'static str),
}

impl Answer {
    pub(super) fn new(status: u16) -> Self {
        Self { status, fields: Vec::new(), body: Body::Whole(Vec::new()), closes: false }
    }

    pub(super) fn json(text: String) -> Self {
        Self::new(200).field("Content-Type", "application/json").body(text + "\n")
    }

    pub(super) fn text(status: u16, text: &str) -> Self {
        Self::new(status).field("Content-Type", "text/plain; charset=utf-8").body(text)
    }

    pub(super) fn redirect(status: u16, location: impl Into<String>) -> Self {
        Self::new(status).field("Location", location)
    }

    pub(super) fn field(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.fields.push((name, value.into()));
        self
    }

    pub(super) fn body(self, bytes: impl Into<Vec<u8>>) -> Self {
        self.content(Body::Whole(bytes.into()))
    }

    pub(super) fn content(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub(super) fn closing(mut self) -> Self {
        self.closes = true;
        self
    }

    /// Whether the status rules out a body (RFC 9110, sections 15.3.5 and 15.4.5).
    pub(super) fn is_bodiless(&self) -> bool {
        matches!(self.status, 100..=199 | 204 | 304)
    }
}

/// The reason phrase of a status (RFC 9110, section 15), empty where the RFC has none.
pub(super) fn reason(status: u16) -> &'static str {
    let found = REASONS.iter().find(|(code, _)| *code == status);
    found.map_or("", |(_, reason)| reason)
}

const REASONS: &[(u16, &str)] = &[
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "Non-Authoritative Information"),
    (204, "No Content"),
    (205, "Reset Content"),
    (206, "Partial Content"),
    (300, "Multiple Choices"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (408, "Request Timeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (412, "Precondition Failed"),
    (413, "Content Too Large"),
    (416, "Range Not Satisfiable"),
    (417, "Expectation Failed"),
    (422, "Unprocessable Content"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
    (505, "HTTP Version Not Supported"),
];
