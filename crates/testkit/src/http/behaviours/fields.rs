//! The fields of an answer.

use super::rows::{INVALID, OK, OK_OR_INVALID, OK_OR_TOO_LARGE, TOO_LARGE, row, sends};
use super::{Action, Answer, Behaviour, Body, Expect};

const SYNTAX: &str = "RFC 9112, section 5.1";
const VALUES: &str = "RFC 9110, section 5.5";
const ORDER: &str = "RFC 9110, section 5.3";

/// The answer with these fields.
const fn with(fields: &'static [(&'static str, &'static [&'static [u8]])]) -> Expect {
    Answer::new(200).fields(fields).body(Body::Is(b"hello")).expect()
}

const BLANK_FOR_BREAK: Expect = Expect::OneOf(&[with(&[("X", &[b"a b"])]), OK_OR_INVALID]);
const INJECTED: Expect = Expect::OneOf(&[with(&[("Y", &[b"b"])]), INVALID]);
const BEFORE_AND_AFTER: Expect = Expect::OneOf(&[with(&[("A", &[b"1"]), ("B", &[b"2"])]), INVALID]);
const FOLDED: Expect = Expect::OneOf(&[
    with(&[("X", &[b"one two"])]),
    with(&[("X", &[b"one   two"])]),
    with(&[("X", &[b"one  two"])]),
    INVALID,
]);
const FILLED_IN: Action = Action::Send(b"Content-Length: 5\r\n\r\nhello");
const STATUS: Action = Action::Send(b"HTTP/1.1 200 OK\r\n");

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = right();
    rows.extend(wrong());
    rows.extend(numbers());
    rows
}

fn right() -> Vec<Behaviour> {
    vec![
        sends(
            "set-cookie-twice",
            "Two cookies are set, whose order counts.",
            ORDER,
            with(&[("Set-Cookie", &[b"b=1; Path=/", b"a=2, 3"])]),
            b"HTTP/1.1 200 OK\r\nSet-Cookie: b=1; Path=/\r\nX: y\r\n\
set-cookie: a=2, 3\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "list-in-three-lines",
            "A list comes in three lines.",
            ORDER,
            Expect::OneOf(
                const { &[with(&[("Vary", &[b"c", b"a", b"b, d"])]), with(&[("Vary", &[b"c, a, b, d"])])] },
            ),
            b"HTTP/1.1 200 OK\r\nVary: c\r\nVary: a\r\nVary: b, d\r\n\
Content-Length: 5\r\n\r\nhello",
        ),
        sends(
            "value-not-utf-8",
            "A value is Latin-1.",
            VALUES,
            with(&[("X", &[b"caf\xe9"])]),
            b"HTTP/1.1 200 OK\r\nX: caf\xe9\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "value-utf-8",
            "A value is UTF-8.",
            VALUES,
            with(&[("X", &[b"caf\xc3\xa9"])]),
            b"HTTP/1.1 200 OK\r\nX: caf\xc3\xa9\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "value-empty",
            "Values are empty, or blanks.",
            VALUES,
            with(&[("X", &[b""]), ("Y", &[b""])]),
            b"HTTP/1.1 200 OK\r\nX:\r\nY: \t \r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "value-without-blank",
            "No blank follows the colon.",
            SYNTAX,
            with(&[("X", &[b"y"])]),
            b"HTTP/1.1 200 OK\r\nX:y\r\nContent-Length:5\r\n\r\nhello",
        ),
        sends(
            "value-among-blanks",
            "Blanks and tabs surround the values.",
            SYNTAX,
            with(&[("X", &[b"y  z"])]),
            b"HTTP/1.1 200 OK\r\nX: \t y  z \t\r\nContent-Length: \t5 \t\r\n\r\nhello",
        ),
        sends(
            "value-with-colons",
            "A value has colons, and quotes.",
            SYNTAX,
            with(&[("X", &[b"a: b: \"c\": d"])]),
            b"HTTP/1.1 200 OK\r\nX: a: b: \"c\": d\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "names-in-odd-case",
            "Names are in odd case.",
            "RFC 9110, section 5.1",
            with(&[("x-odd-name", &[b"y"])]),
            b"HTTP/1.1 200 OK\r\nX-oDD-nAME: y\r\ncONTENT-lENGTH: 5\r\n\r\nhello",
        ),
        sends(
            "name-of-every-letter",
            "A name has every sign that a name may have.",
            "RFC 9110, section 5.6.2",
            with(&[("!#$%&'*+-.^_`|~9aZ", &[b"y"])]),
            b"HTTP/1.1 200 OK\r\n!#$%&'*+-.^_`|~9aZ: y\r\nContent-Length: 5\r\n\r\nhello",
        ),
    ]
}

fn wrong() -> Vec<Behaviour> {
    vec![
        sends(
            "value-with-nul",
            "A value holds a NUL.",
            VALUES,
            BLANK_FOR_BREAK,
            b"HTTP/1.1 200 OK\r\nX: a\0b\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "value-with-cr",
            "A value holds a CR.",
            VALUES,
            BLANK_FOR_BREAK,
            b"HTTP/1.1 200 OK\r\nX: a\rb\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "value-with-cr-and-field",
            "What follows a CR in a value looks like a field.",
            VALUES,
            Expect::OneOf(const { &[with(&[("Y", &[])]), INVALID] }),
            b"HTTP/1.1 200 OK\r\nX: a\rY: b\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "value-with-lf",
            "A value is followed by an LF alone, and that by a field.",
            "RFC 9112, section 2.2",
            INJECTED,
            b"HTTP/1.1 200 OK\r\nX: a\nY: b\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "value-with-control",
            "A value holds an escape sequence and a bell.",
            VALUES,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nX: \x1b[31m\x07\x7f\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "name-with-nul",
            "A name holds a NUL.",
            SYNTAX,
            INVALID,
            b"HTTP/1.1 200 OK\r\nA\0B: x\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "name-with-blank",
            "A name holds a blank.",
            SYNTAX,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nA B: x\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "name-not-ascii",
            "A name is not ASCII.",
            SYNTAX,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nCaf\xc3\xa9: x\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "name-empty",
            "A name is empty.",
            SYNTAX,
            BEFORE_AND_AFTER,
            b"HTTP/1.1 200 OK\r\nA: 1\r\n: x\r\nB: 2\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "colon-missing",
            "A field has no colon.",
            SYNTAX,
            BEFORE_AND_AFTER,
            b"HTTP/1.1 200 OK\r\nA: 1\r\nnonsense\r\nB: 2\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "blank-before-colon",
            "A blank precedes a colon.",
            SYNTAX,
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\nX : y\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "folded",
            "A value goes on in the next line.",
            "RFC 9112, section 5.2",
            FOLDED,
            b"HTTP/1.1 200 OK\r\nX: one\r\n two\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "folded-with-tab",
            "A value goes on in the next line, behind a tab.",
            "RFC 9112, section 5.2",
            Expect::OneOf(const { &[FOLDED, with(&[("X", &[b"one\ttwo"])])] }),
            b"HTTP/1.1 200 OK\r\nX: one\r\n\ttwo\r\nContent-Length: 5\r\n\r\nhello",
        ),
        sends(
            "folded-first",
            "The first field begins with a blank.",
            "RFC 9112, section 2.2",
            OK_OR_INVALID,
            b"HTTP/1.1 200 OK\r\n X: y\r\nContent-Length: 5\r\n\r\nhello",
        ),
    ]
}

fn numbers() -> Vec<Behaviour> {
    const LIMITS: &str = "RFC 9110, section 5.4";
    let many = |name, about, expect, fields| row(name, about, LIMITS, expect, &[STATUS, fields, FILLED_IN]);
    vec![
        many("fields-100", "There are 100 fields.", with(&[("X-100", &[b"100"])]), Action::Fields(100)),
        many("fields-1000", "There are 1,000 fields.", OK_OR_TOO_LARGE, Action::Fields(1000)),
        many("fields-100000", "There are 100,000 fields.", TOO_LARGE, Action::Fields(100_000)),
        many(
            "field-repeated-1000",
            "A field comes 1,000 times.",
            OK_OR_TOO_LARGE,
            Action::Repeat(b"Set-Cookie: a=b\r\n", 1000),
        ),
        row(
            "value-of-4000",
            "A value has 4,000 bytes.",
            LIMITS,
            OK,
            &[STATUS, Action::Send(b"X: "), Action::Repeat(b"y", 4000), Action::Send(b"\r\n"), FILLED_IN],
        ),
        row(
            "value-of-60000",
            "A value has 60,000 bytes.",
            LIMITS,
            OK_OR_TOO_LARGE,
            &[STATUS, Action::Send(b"X: "), Action::Repeat(b"y", 60_000), Action::Send(b"\r\n"), FILLED_IN],
        ),
        row(
            "name-of-60000",
            "A name has 60,000 bytes.",
            LIMITS,
            OK_OR_TOO_LARGE,
            &[STATUS, Action::Repeat(b"y", 60_000), Action::Send(b": x\r\n"), FILLED_IN],
        ),
    ]
}
