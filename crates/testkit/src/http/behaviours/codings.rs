//! `Transfer-Encoding`, and answers of HTTP/1.0.

use super::rows::{GET, HELLO, INVALID, OK, OK_OR_INVALID, TRUNCATED, ends, row, sends};
use super::{Action, Answer, Behaviour, Body, Expect};

const SECTION: &str = "RFC 9112, section 6.1";
const RULES: &str = "RFC 9112, section 6.3";
const OLD: &str = "RFC 9112, section 9.3";
const CHUNKS: &[u8] = b"5\r\nhello\r\n0\r\n\r\n";

/// What is not decoded is shown as it is, or refused.
const AS_IT_IS: Expect = Expect::OneOf(&[Answer::new(200).body(Body::Is(CHUNKS)).expect(), OK_OR_INVALID]);

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = vec![
        sends(
            "coding-in-odd-case",
            "The coding is in odd case.",
            "RFC 9112, section 7",
            OK,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKed\r\n\r\n5\r\nhello\r\n\
0\r\n\r\n",
        ),
        ends(
            "coding-unknown",
            "The coding is unknown.",
            SECTION,
            AS_IT_IS,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: x-odd\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        ends(
            "coding-empty",
            "The coding is empty.",
            SECTION,
            AS_IT_IS,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding:\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        ends(
            "coding-identity",
            "The coding is none, as RFC 2616 had it.",
            SECTION,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\r\nhello",
        ),
        ends(
            "coding-identity-and-length",
            "The coding is none, and there is a length.",
            SECTION,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: identity\r\n\
Content-Length: 5\r\n\r\nhello",
        ),
        ends(
            "coding-chunked-twice",
            "The body is in chunks twice, it says.",
            SECTION,
            AS_IT_IS,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n5\r\n\
hello\r\n0\r\n\r\n",
        ),
        ends(
            "coding-told-twice",
            "The coding is told in two lines.",
            SECTION,
            AS_IT_IS,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\
Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        ends(
            "coding-chunked-not-last",
            "The body is in chunks, and something else around them.",
            RULES,
            AS_IT_IS,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, identity\r\n\r\n5\r\n\
hello\r\n0\r\n\r\n",
        ),
        ends(
            "coding-with-vertical-tab",
            "The coding is hidden behind a vertical tab.",
            SECTION,
            AS_IT_IS,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: \x0bchunked\r\n\r\n5\r\nhello\r\n\
0\r\n\r\n",
        ),
        ends(
            "coding-xchunked",
            "The coding only sounds known.",
            SECTION,
            AS_IT_IS,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n5\r\nhello\r\n\
0\r\n\r\n",
        ),
        ends(
            "coding-chunked-quoted",
            "The coding is in quotes.",
            SECTION,
            AS_IT_IS,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: \"chunked\"\r\n\r\n5\r\nhello\r\n\
0\r\n\r\n",
        ),
        row(
            "coding-gzip-chunked",
            "The transfer is compressed, which nobody asked for.",
            "RFC 9112, section 7.2",
            Expect::OneOf(
                const { &[OK_OR_INVALID, Answer::new(200).body(Body::Is(GZIP_OF_HELLO)).expect()] },
            ),
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n19\r\n"),
                Action::Send(GZIP_OF_HELLO),
                Action::Send(b"\r\n0\r\n\r\n"),
                Action::Close,
            ],
        ),
        ends(
            "chunked-not-told",
            "The body is in chunks, which no field tells.",
            RULES,
            Answer::new(200).body(Body::Is(CHUNKS)).expect(),
            b"HTTP/1.1 200 OK\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        ends(
            "chunked-told-falsely",
            "A field tells of chunks that are none.",
            RULES,
            INVALID,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
hello, this is no chunk\r\n",
        ),
    ];
    rows.extend(old());
    rows
}

/// Servers of HTTP/1.0.
fn old() -> Vec<Behaviour> {
    vec![
        ends(
            "old",
            "The server speaks HTTP/1.0, and the connection ends the body.",
            OLD,
            OK,
            b"HTTP/1.0 200 OK\r\n\r\nhello",
        ),
        ends(
            "old-with-length",
            "The server speaks HTTP/1.0, and tells the length.",
            OLD,
            OK,
            b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "old-shorter",
            "The server speaks HTTP/1.0, and the body is shorter than its length.",
            RULES,
            TRUNCATED,
            b"HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        ),
        ends(
            "old-chunked",
            "The server speaks HTTP/1.0, and sends chunks.",
            SECTION,
            AS_IT_IS,
            b"HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        row(
            "old-kept",
            "The server speaks HTTP/1.0 and keeps the connection.",
            OLD,
            OK,
            &[
                Action::Send(
                    b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 5\r\n\r\n\
hello",
                ),
                Action::Next,
                Action::Send(HELLO),
            ],
        )
        .then(GET, OK)
        .then_plays(&[Action::Send(HELLO)]),
        row(
            "old-not-kept",
            "The server speaks HTTP/1.0; no more is answered on the connection that it does not \
end.",
            OLD,
            OK,
            &[
                Action::Send(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
                Action::Next,
                Action::Send(b"HTTP/1.1 500 This connection was over\r\nContent-Length: 0\r\n\r\n"),
            ],
        )
        .then(GET, OK)
        .then_plays(&[Action::Send(HELLO)]),
        row(
            "old-kept-without-length",
            "The server speaks HTTP/1.0, says that it keeps the connection, and ends it behind a \
body without length.",
            RULES,
            OK,
            &[Action::Send(b"HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nhello"), Action::Close],
        ),
        sends(
            "version-0-9-number",
            "The version is 0.9.",
            "RFC 9112, section 2.3",
            OK_OR_INVALID,
            b"HTTP/0.9 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
    ]
}

/// `hello`, compressed.
const GZIP_OF_HELLO: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00";
