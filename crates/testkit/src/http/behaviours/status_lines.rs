//! The first line of an answer, or what stands in its place.

use super::rows::{CUT_HEAD, INVALID, OK, OK_OR_INVALID, ends, row, sends};
use super::{Action, Answer, Behaviour, Body, Expect};

const SECTION: &str = "RFC 9112, section 4";
const VERSION: &str = "RFC 9112, section 2.3";
const RIGHT: Expect = Answer::new(200).reason(b"OK").body(Body::Is(b"hello")).expect();
const NO_REASON: Expect = Answer::new(200).reason(b"").body(Body::Is(b"hello")).expect();
const ODD_REASON: Expect =
    Answer::new(200).reason(b"d\xe9j\xe0 \xf0\x9f\x98\x80").body(Body::Is(b"hello")).expect();
const LONG_REASON: Expect = Answer::new(404).reason(b"A file of this name: there is none").expect();
const STATUS_999: Expect = Answer::new(999).body(Body::Is(b"hello")).expect();
const STATUS_299: Expect = Answer::new(299).body(Body::Is(b"hello")).expect();
const STATUS_600: Expect = Expect::OneOf(&[Answer::new(600).expect(), INVALID]);

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = right();
    rows.extend(wrong());
    rows.extend(strangers());
    rows
}

fn right() -> Vec<Behaviour> {
    vec![
        sends(
            "right",
            "Everything is right.",
            SECTION,
            RIGHT,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        row(
            "byte-by-byte",
            "Everything is right, and comes a byte at a time.",
            "RFC 9112, section 2.2",
            RIGHT,
            &[Action::SendSlowly(b"HTTP/1.1 200 OK\r\nX: y\r\nContent-Length: 5\r\n\r\nhello")],
        ),
        row(
            "in-two-pieces",
            "The head ends between two pieces, inside its last line end.",
            "RFC 9112, section 2.2",
            RIGHT,
            &[Action::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r"), Action::Send(b"\nhello")],
        ),
        sends(
            "reason-empty",
            "The reason phrase is empty.",
            SECTION,
            NO_REASON,
            b"HTTP/1.1 200 \r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "reason-missing",
            "Nothing follows the status, not even the blank.",
            SECTION,
            NO_REASON,
            b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "reason-odd-bytes",
            "The reason phrase is neither ASCII nor UTF-8.",
            SECTION,
            ODD_REASON,
            b"HTTP/1.1 200 d\xe9j\xe0 \xf0\x9f\x98\x80\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "reason-sentence",
            "The reason phrase has blanks and a colon.",
            SECTION,
            LONG_REASON,
            b"HTTP/1.1 404 A file of this name: there is none\r\nContent-Length: 0\r\n\r\n",
        ),
        sends(
            "status-299",
            "The status is unknown, of a known class.",
            "RFC 9110, section 15",
            STATUS_299,
            b"HTTP/1.1 299 Fine\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "status-999",
            "The status is of no class, as some large sites send it.",
            "RFC 9110, section 15",
            Expect::OneOf(&[STATUS_999, INVALID]),
            b"HTTP/1.1 999 Request denied\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "status-600",
            "The status is the first of no class.",
            "RFC 9110, section 15",
            STATUS_600,
            b"HTTP/1.1 600 What\r\nContent-Length: 0\r\n\r\n",
        ),
    ]
}

fn wrong() -> Vec<Behaviour> {
    let line = |name, about, bytes| ends(name, about, SECTION, INVALID, bytes);
    let version = |name, about, expect, bytes| ends(name, about, VERSION, expect, bytes);
    vec![
        line("status-letters", "The status is a word.", b"HTTP/1.1 abc\r\nContent-Length: 5\r\n\r\nhello"),
        line("status-missing", "There is no status.", b"HTTP/1.1\r\nContent-Length: 5\r\n\r\nhello"),
        line("status-099", "The status is below 100.", b"HTTP/1.1 099 OK\r\nContent-Length: 5\r\n\r\nhello"),
        line("status-000", "The status is nothing.", b"HTTP/1.1 000 OK\r\nContent-Length: 5\r\n\r\nhello"),
        line("status-20", "The status has two digits.", b"HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello"),
        line(
            "status-1000",
            "The status has four digits.",
            b"HTTP/1.1 1000 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        line(
            "status-huge",
            "The status has more digits than fit into 64 bits.",
            b"HTTP/1.1 20000000000000000000000000 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        line(
            "status-negative",
            "The status is negative.",
            b"HTTP/1.1 -200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        line(
            "status-signed",
            "The status has a plus sign.",
            b"HTTP/1.1 +20 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        line(
            "status-hexadecimal",
            "The status is hexadecimal.",
            b"HTTP/1.1 0xC OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        line(
            "status-200ok",
            "No blank follows the status.",
            b"HTTP/1.1 200OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        line(
            "status-fraction",
            "The status has a fraction, as one server has it in its log.",
            b"HTTP/1.1 404.3 Not Found\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "status-after-two-blanks",
            "Two blanks precede the status.",
            SECTION,
            OK_OR_INVALID,
            b"HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "status-after-tab",
            "A tab precedes the status.",
            SECTION,
            OK_OR_INVALID,
            b"HTTP/1.1\t200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "reason-with-nul",
            "The reason phrase holds a NUL.",
            SECTION,
            OK_OR_INVALID,
            b"HTTP/1.1 200 O\0K\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "reason-with-bare-cr",
            "The reason phrase holds a CR.",
            "RFC 9112, section 2.2",
            OK_OR_INVALID,
            b"HTTP/1.1 200 O\rK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        version(
            "version-2",
            "The version is 2.0.",
            INVALID,
            b"HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        version(
            "version-2-short",
            "The version is 2.",
            INVALID,
            b"HTTP/2 200\r\nContent-Length: 5\r\n\r\nhello",
        ),
        version(
            "version-1-short",
            "The version has no minor number.",
            INVALID,
            b"HTTP/1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        version(
            "version-11",
            "The version has no point.",
            INVALID,
            b"HTTP/11 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        version(
            "version-1-10",
            "The minor version has two digits.",
            INVALID,
            b"HTTP/1.10 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        version(
            "version-1-2",
            "The minor version is higher than any.",
            OK_OR_INVALID,
            b"HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        version(
            "version-lower-case",
            "The name of the protocol is in lower case.",
            OK_OR_INVALID,
            b"http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        version(
            "version-letters",
            "The version is a word.",
            INVALID,
            b"HTTP/one 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
    ]
}

fn strangers() -> Vec<Behaviour> {
    let stranger = |name, about, bytes| ends(name, about, SECTION, INVALID, bytes);
    vec![
        ends("empty", "The connection ends without a byte.", "RFC 9112, section 8", CUT_HEAD, b""),
        stranger(
            "any-bytes",
            "Bytes of every kind come instead.",
            b"\x00\x01\xfe\xff\x80 garbage \x7f\r\n\r\n",
        ),
        ends("nuls", "NULs take the place of an answer.", SECTION, CUT_HEAD, &[0; 1000]),
        stranger("http-0-9", "The answer is a page of HTTP/0.9.", b"<html>hello</html>\r\n\r\n"),
        ends(
            "http-0-9-without-line-ends",
            "The answer is a page of HTTP/0.9 without a line end.",
            SECTION,
            CUT_HEAD,
            b"<html>hello</html>",
        ),
        ends("ssh", "The server speaks SSH.", SECTION, CUT_HEAD, b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
        ends("ftp", "The server speaks FTP.", SECTION, CUT_HEAD, b"220 Ready\r\n500 What?\r\n500 What?\r\n"),
        ends("smtp", "The server speaks SMTP.", SECTION, CUT_HEAD, b"220 mail ESMTP\r\n221 Bye\r\n"),
        ends("tls-alert", "The server speaks TLS.", SECTION, CUT_HEAD, b"\x15\x03\x01\x00\x02\x02\x46"),
        ends(
            "http-2-frames",
            "The server speaks HTTP/2 right away.",
            SECTION,
            CUT_HEAD,
            b"\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80\0\x04\0\x01\0\0\0\x05\0\xff\xff\xff\
              \0\0\x04\x08\0\0\0\0\0\x7f\xff\0\0",
        ),
        ends(
            "websocket-frame",
            "The server sends a frame of a WebSocket.",
            SECTION,
            CUT_HEAD,
            b"\x81\x05hello",
        ),
        stranger("icy", "The server is one of radio.", b"ICY 200 OK\r\nicy-name: radio\r\n\r\nhello"),
        stranger("rtsp", "The server speaks RTSP.", b"RTSP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
        stranger("request", "The answer is a request.", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"),
        stranger(
            "fields-only",
            "The status line is missing.",
            b"Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "line-end-before",
            "A line end precedes the status line.",
            "RFC 9112, section 2.2",
            OK_OR_INVALID,
            b"\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "blank-before",
            "A blank precedes the status line.",
            SECTION,
            OK_OR_INVALID,
            b" HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "byte-order-mark-before",
            "A byte order mark precedes the status line.",
            SECTION,
            INVALID,
            b"\xef\xbb\xbfHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "bare-line-feeds",
            "Lines end with LF alone.",
            "RFC 9112, section 2.2",
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
        ),
        ends(
            "bare-carriage-returns",
            "Lines end with CR alone.",
            "RFC 9112, section 2.2",
            CUT_HEAD,
            b"HTTP/1.1 200 OK\rContent-Length: 5\r\rhello",
        ),
        sends(
            "right-again",
            "Everything is right, with a few fields.",
            SECTION,
            OK,
            b"HTTP/1.1 200 OK\r\n\
Date: Wed, 01 Jan 2025 00:00:00 GMT\r\nServer: x\r\n\
Content-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello",
        ),
    ]
}
