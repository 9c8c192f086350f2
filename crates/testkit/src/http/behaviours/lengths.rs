//! How long a body is, in the words of `Content-Length` or without them.

use super::rows::{BROKEN, GET, HEAD, HELLO, INVALID, OK, OK_OR_INVALID, TRUNCATED, ends, row, sends};
use super::{Action, Answer, Behaviour, Body, Expect, Failure};

const SECTION: &str = "RFC 9110, section 8.6";
const RULES: &str = "RFC 9112, section 6.3";
const EMPTY: Expect = Answer::new(200).body(Body::Is(b"")).expect();
const NO_CONTENT: Expect = Answer::new(204).body(Body::Is(b"")).expect();
const NOT_MODIFIED: Expect = Answer::new(304).body(Body::Is(b"")).expect();
const RESET_CONTENT: Expect = Answer::new(205).body(Body::Is(b"")).expect();
const MISFIT: Expect = Expect::Fails(&[Failure::Truncated, Failure::TooLarge, Failure::InvalidResponse]);

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = lengths();
    rows.extend(misfits());
    rows.extend(bodiless());
    rows
}

fn lengths() -> Vec<Behaviour> {
    let length = |name, about, expect, bytes| ends(name, about, SECTION, expect, bytes);
    vec![
        ends(
            "length-missing",
            "The body ends with the connection.",
            RULES,
            OK,
            b"HTTP/1.1 200 OK\r\n\r\nhello",
        ),
        ends(
            "length-missing-empty-body",
            "The connection ends where a body would begin.",
            RULES,
            EMPTY,
            b"HTTP/1.1 200 OK\r\n\r\n",
        ),
        row(
            "length-missing-reset",
            "No length is told, and the connection is reset.",
            RULES,
            BROKEN,
            &[Action::Send(b"HTTP/1.1 200 OK\r\n\r\nhello"), Action::Reset],
        ),
        sends(
            "length-0",
            "The body is empty.",
            SECTION,
            EMPTY,
            b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
        ),
        length(
            "length-leading-zeros",
            "The length has zeros in front.",
            OK,
            b"HTTP/1.1 200 OK\r\nContent-Length: 0000000000000000000000005\r\n\r\nhello",
        ),
        length(
            "length-negative",
            "The length is negative.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        ),
        length(
            "length-minus-1",
            "The length is -1.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\nhello",
        ),
        length(
            "length-signed",
            "The length has a plus sign.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nhello",
        ),
        length(
            "length-hexadecimal",
            "The length is hexadecimal.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 0x5\r\n\r\nhello",
        ),
        length(
            "length-word",
            "The length is a word.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: five\r\n\r\nhello",
        ),
        length(
            "length-empty",
            "The length is empty.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello",
        ),
        length(
            "length-fraction",
            "The length has a fraction.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5.0\r\n\r\nhello",
        ),
        length(
            "length-two-numbers",
            "The length is two numbers.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5 5\r\n\r\nhello",
        ),
        length(
            "length-with-unit",
            "Letters follow the length.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5b\r\n\r\nhello",
        ),
        length(
            "length-with-nul",
            "A NUL follows the length.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\0\r\n\r\nhello",
        ),
        length(
            "length-other-digits",
            "The length is in digits that are not ASCII.",
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: \xd9\xa5\r\n\r\nhello",
        ),
        ends(
            "length-twice",
            "The length is told twice.",
            RULES,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        ),
        ends(
            "length-twice-unlike",
            "Two lengths contradict each other.",
            RULES,
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 3\r\n\r\nhello",
        ),
        ends(
            "length-list",
            "The length is a list of the same.",
            RULES,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
        ),
        ends(
            "length-list-unlike",
            "The length is a list of different ones.",
            RULES,
            INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5, 3\r\n\r\nhello",
        ),
        length(
            "length-2-to-the-64",
            "The length does not fit into 64 bits.",
            MISFIT,
            b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551621\r\n\r\nhello",
        ),
        length(
            "length-2-to-the-63",
            "The length does not fit into 63 bits.",
            MISFIT,
            b"HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775813\r\n\r\nhello",
        ),
        length(
            "length-2-to-the-32",
            "The length fits into 32 bits but for five.",
            MISFIT,
            b"HTTP/1.1 200 OK\r\nContent-Length: 4294967301\r\n\r\nhello",
        ),
        length(
            "length-exabytes",
            "The length is absurd.",
            MISFIT,
            b"HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\nhello",
        ),
        length(
            "length-with-blank-before-colon",
            "A blank precedes the colon of the length.",
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length : 5\r\n\r\nhello",
        ),
        row(
            "length-1000-digits",
            "The length has 1,000 digits.",
            SECTION,
            MISFIT,
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nContent-Length: "),
                Action::Repeat(b"9", 1000),
                Action::Send(b"\r\n\r\nhello"),
                Action::Close,
            ],
        ),
        ends(
            "length-and-chunked",
            "There are a length and chunks.",
            RULES,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n\
5\r\nhello\r\n0\r\n\r\n",
        ),
        ends(
            "chunked-and-length",
            "There are chunks and a length.",
            RULES,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\
Content-Length: 300\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
    ]
}

fn misfits() -> Vec<Behaviour> {
    let reads_twice = |name, about, bytes: &'static [u8]| {
        row(
            name,
            about,
            "RFC 9112, section 6.3",
            OK,
            &[Action::Send(bytes), Action::Next, Action::Send(HELLO)],
        )
        .then(GET, OK)
        .then_plays(&[Action::Send(HELLO)])
    };
    vec![
        ends(
            "body-shorter",
            "The body is shorter than its length.",
            RULES,
            TRUNCATED,
            b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        ),
        ends(
            "body-missing",
            "The body is missing.",
            RULES,
            TRUNCATED,
            b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        ),
        ends(
            "body-shorter-by-one",
            "The body lacks its last byte.",
            RULES,
            TRUNCATED,
            b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
        ),
        ends(
            "body-longer",
            "The body is longer than its length, and the connection ends.",
            RULES,
            OK,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, world",
        ),
        reads_twice(
            "body-longer-is-no-answer",
            "The body is longer than its length; what is too much looks like the next answer.",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\
Content-Length: 4\r\n\r\nevil",
        ),
        reads_twice(
            "line-end-behind-body",
            "A line end follows the body.",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello\r\n",
        ),
        row(
            "body-of-1-mib",
            "The body has 1 MiB.",
            RULES,
            Answer::new(200).body(Body::Repeats(b'x', 1 << 20)).expect(),
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n"),
                Action::Repeat(b"x", 1 << 20),
            ],
        ),
        row(
            "body-with-nul-bytes",
            "The body has NULs, and line ends.",
            RULES,
            Answer::new(200).body(Body::Is(b"\0a\0\r\n\r\n\n\0\xff")).expect(),
            &[Action::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n\0a\0\r\n\r\n\n\0\xff")],
        ),
    ]
}

/// Answers that have no body whatever their fields say; behind them the connection can be used on.
fn bodiless() -> Vec<Behaviour> {
    let twice = |name, about, request, expect, bytes: &'static [u8]| {
        row(name, about, RULES, expect, &[Action::Send(bytes), Action::Next, Action::Send(HELLO)])
            .asking(request)
            .then(GET, OK)
            .then_plays(&[Action::Send(HELLO)])
    };
    let head_only = Answer::new(200).fields(&[("Content-Length", &[b"5"])]).body(Body::Is(b"")).expect();
    vec![
        twice("204", "There is no content.", GET, NO_CONTENT, b"HTTP/1.1 204 No Content\r\n\r\n"),
        twice(
            "204-with-length",
            "There is no content, and a length of it.",
            GET,
            NO_CONTENT,
            b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n",
        ),
        twice(
            "204-with-body",
            "There is no content, and there it comes.",
            GET,
            NO_CONTENT,
            b"HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
        ),
        twice(
            "204-chunked",
            "There is no content, in chunks.",
            GET,
            NO_CONTENT,
            b"HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        twice(
            "205",
            "The content is to be reset.",
            GET,
            RESET_CONTENT,
            b"HTTP/1.1 205 Reset Content\r\nContent-Length: 0\r\n\r\n",
        ),
        twice(
            "304",
            "Nothing was modified.",
            GET,
            NOT_MODIFIED,
            b"HTTP/1.1 304 Not Modified\r\nETag: \"x\"\r\n\r\n",
        ),
        twice(
            "304-with-length",
            "Nothing was modified; the length is that of what is not sent.",
            GET,
            NOT_MODIFIED,
            b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        ),
        twice(
            "304-with-body",
            "Nothing was modified, and it is sent all the same.",
            GET,
            NOT_MODIFIED,
            b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\nhello",
        ),
        twice(
            "head",
            "A head is asked for, and comes.",
            HEAD,
            head_only,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        ),
        twice(
            "head-without-length",
            "A head is asked for, which tells no length.",
            HEAD,
            EMPTY,
            b"HTTP/1.1 200 OK\r\n\r\n",
        ),
        twice(
            "head-chunked",
            "A head is asked for, of something in chunks.",
            HEAD,
            EMPTY,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        twice(
            "head-with-body",
            "A head is asked for, and a body comes with it.",
            HEAD,
            EMPTY,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        twice(
            "head-404",
            "A head is asked for, of nothing.",
            HEAD,
            Answer::new(404).body(Body::Is(b"")).expect(),
            b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n",
        ),
    ]
}
