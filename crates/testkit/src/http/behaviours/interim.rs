//! Answers before the answer: 1xx.

use super::rows::{CUT_HEAD, GET, HELLO, INVALID, OK, OK_OR_INVALID, OK_OR_TOO_LARGE, row, sends};
use super::{Action, Answer, Behaviour, Expect};

const SECTION: &str = "RFC 9110, section 15.2";

pub(super) fn rows() -> Vec<Behaviour> {
    const SWITCHED: Expect = Expect::OneOf(&[Answer::new(101).expect(), INVALID]);
    vec![
        sends(
            "interim-100",
            "100 precedes the answer.",
            SECTION,
            OK,
            b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\
hello",
        ),
        sends(
            "interim-100-with-fields",
            "100 with fields precedes the answer.",
            SECTION,
            OK,
            b"HTTP/1.1 100 Continue\r\nServer: x\r\nDate: now\r\n\r\nHTTP/1.1 200 OK\r\n\
Content-Length: 5\r\n\r\nhello",
        ),
        sends(
            "interim-100-without-reason",
            "100 without reason precedes the answer.",
            SECTION,
            OK,
            b"HTTP/1.1 100\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "interim-102",
            "102 precedes the answer.",
            SECTION,
            OK,
            b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n\
Content-Length: 5\r\n\r\nhello",
        ),
        sends(
            "interim-103",
            "103 with links precedes the answer, which has none of them.",
            "RFC 8297, section 2",
            Answer::new(200).fields(&[("Link", &[])]).expect(),
            b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\
Link: </a.js>; rel=preload\r\n\r\nHTTP/1.1 200 OK\r\n\
Content-Length: 5\r\n\r\nhello",
        ),
        sends(
            "interim-199",
            "A status of 1xx that nobody knows precedes the answer.",
            SECTION,
            OK,
            b"HTTP/1.1 199 Odd\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\
Content-Length: 5\r\n\r\nhello",
        ),
        row(
            "interim-ten-102",
            "Ten times 102 precedes the answer.",
            SECTION,
            OK,
            &[Action::Repeat(b"HTTP/1.1 102 Processing\r\n\r\n", 10), Action::Send(HELLO)],
        ),
        row(
            "interim-one-of-each",
            "100, 102 and 103 precede the answer, each by itself.",
            SECTION,
            OK,
            &[
                Action::Send(b"HTTP/1.1 100 Continue\r\n\r\n"),
                Action::Send(b"HTTP/1.1 102 Processing\r\n\r\n"),
                Action::Send(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
                Action::Send(HELLO),
            ],
        ),
        row(
            "interim-byte-by-byte",
            "100 precedes the answer, a byte at a time.",
            SECTION,
            OK,
            &[Action::SendSlowly(
                b"HTTP/1.1 100 Continue\r\nX: y\r\n\r\nHTTP/1.1 200 OK\r\n\
Content-Length: 5\r\n\r\nhello",
            )],
        ),
        row(
            "interim-1000",
            "102 precedes the answer 1,000 times.",
            SECTION,
            OK_OR_TOO_LARGE,
            &[Action::Repeat(b"HTTP/1.1 102 Processing\r\n\r\n", 1000), Action::Send(HELLO)],
        ),
        sends(
            "interim-with-length",
            "100 with the length of nothing precedes the answer.",
            "RFC 9110, section 8.6",
            OK_OR_INVALID,
            b"HTTP/1.1 100 Continue\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n\
Content-Length: 5\r\n\r\nhello",
        ),
        sends(
            "interim-with-false-length",
            "100 with a length, and no body, precedes the answer.",
            "RFC 9110, section 8.6",
            OK_OR_INVALID,
            b"HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nHTTP/1.1 200 OK\r\n\
Content-Length: 5\r\n\r\nhello",
        ),
        row(
            "interim-and-no-more",
            "100 is all that comes.",
            SECTION,
            CUT_HEAD,
            &[Action::Send(b"HTTP/1.1 100 Continue\r\n\r\n"), Action::Close],
        ),
        row(
            "interim-on-a-kept-connection",
            "103 precedes each of two answers.",
            SECTION,
            OK,
            &[Action::Send(EARLY), Action::Next, Action::Send(EARLY)],
        )
        .then(GET, OK)
        .then_plays(&[Action::Send(EARLY)]),
        row(
            "switching",
            "101 comes unasked, and an answer behind it.",
            "RFC 9110, section 15.2.2",
            SWITCHED,
            &[
                Action::Send(
                    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\
Connection: Upgrade\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n\
hello",
                ),
                Action::Close,
            ],
        ),
        row(
            "switching-bare",
            "101 comes unasked, without fields.",
            "RFC 9110, section 15.2.2",
            SWITCHED,
            &[Action::Send(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), Action::Close],
        ),
    ]
}

const EARLY: &[u8] = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 200 OK\r\n\
Content-Length: 5\r\n\r\nhello";
