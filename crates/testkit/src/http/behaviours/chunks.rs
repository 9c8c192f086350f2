//! Bodies in chunks.

use super::rows::{GET, HELLO, INVALID, OK, OK_OR_INVALID, OK_OR_TOO_LARGE, TRUNCATED, ends, row};
use super::{Action, Answer, Behaviour, Body, Expect, Failure};

const SECTION: &str = "RFC 9112, section 7.1";
const EXTENSIONS: &str = "RFC 9112, section 7.1.1";
const TRAILERS: &str = "RFC 9112, section 7.1.2";
const EMPTY: Expect = Answer::new(200).body(Body::Is(b"")).expect();
const MISFIT: Expect = Expect::Fails(&[Failure::InvalidResponse, Failure::TooLarge, Failure::Truncated]);
const HEAD: Action = Action::Send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");

/// A head, these chunks, and the end of the connection.
fn chunks(name: &'static str, about: &'static str, expect: Expect, bytes: &'static [u8]) -> Behaviour {
    row(name, about, SECTION, expect, &[HEAD, Action::Send(bytes), Action::Close])
}

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = right();
    rows.extend(sizes());
    rows.extend(cut());
    rows.extend(extensions_and_trailers());
    rows
}

fn right() -> Vec<Behaviour> {
    let goes_on = |name, about, bytes: &'static [u8]| {
        row(name, about, SECTION, OK, &[HEAD, Action::Send(bytes), Action::Next, Action::Send(HELLO)])
            .then(GET, OK)
            .then_plays(&[Action::Send(HELLO)])
    };
    vec![
        goes_on("chunked", "The body comes in two chunks.", b"3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n"),
        goes_on(
            "chunk-for-each-byte",
            "Each byte is a chunk.",
            b"1\r\nh\r\n1\r\ne\r\n1\r\nl\r\n1\r\nl\r\n1\r\no\r\n0\r\n\r\n",
        ),
        goes_on(
            "chunk-size-with-zeros",
            "Sizes have zeros in front, the last one too.",
            b"00000005\r\nhello\r\n0000\r\n\r\n",
        ),
        row(
            "chunked-byte-by-byte",
            "The chunks come a byte at a time.",
            SECTION,
            OK,
            &[Action::SendSlowly(
                b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\nhel\r\n2\r\n\
lo\r\n0\r\nX: y\r\n\r\n",
            )],
        ),
        row(
            "chunked-empty",
            "There are no chunks but the last.",
            SECTION,
            EMPTY,
            &[HEAD, Action::Send(b"0\r\n\r\n")],
        ),
        row(
            "chunk-size-in-either-case",
            "Sizes are hexadecimal, in upper and in lower case.",
            SECTION,
            Answer::new(200).body(Body::Repeats(b'x', 0xAB + 0xcd)).expect(),
            &[
                HEAD,
                Action::Send(b"AB\r\n"),
                Action::Repeat(b"x", 0xAB),
                Action::Send(b"\r\ncd\r\n"),
                Action::Repeat(b"x", 0xcd),
                Action::Send(b"\r\n0\r\n\r\n"),
            ],
        ),
        row(
            "chunks-10000",
            "There are 10,000 chunks of a byte.",
            SECTION,
            Answer::new(200).body(Body::Repeats(b'x', 10_000)).expect(),
            &[HEAD, Action::Repeat(b"1\r\nx\r\n", 10_000), Action::Send(b"0\r\n\r\n")],
        ),
        row(
            "chunk-that-looks-like-the-end",
            "What looks like the last chunk is in a chunk.",
            SECTION,
            Answer::new(200).body(Body::Is(b"\r\n0\r\n\r\nevil")).expect(),
            &[HEAD, Action::Send(b"b\r\n\r\n0\r\n\r\nevil\r\n0\r\n\r\n")],
        ),
    ]
}

fn sizes() -> Vec<Behaviour> {
    vec![
        chunks("chunk-size-negative", "A size is negative.", INVALID, b"-5\r\nhello\r\n0\r\n\r\n"),
        chunks("chunk-size-minus-1", "A size is -1.", INVALID, b"-1\r\nhello\r\n0\r\n\r\n"),
        chunks("chunk-size-signed", "A size has a plus sign.", INVALID, b"+5\r\nhello\r\n0\r\n\r\n"),
        chunks("chunk-size-prefixed", "A size has the prefix of C.", INVALID, b"0x5\r\nhello\r\n0\r\n\r\n"),
        chunks("chunk-size-word", "A size is a word.", INVALID, b"five\r\nhello\r\n0\r\n\r\n"),
        chunks("chunk-size-empty", "A size is empty.", INVALID, b"\r\nhello\r\n0\r\n\r\n"),
        chunks(
            "chunk-size-missing",
            "Only an extension stands where a size should.",
            INVALID,
            b";a=b\r\nhello\r\n0\r\n\r\n",
        ),
        chunks(
            "chunk-size-20-digits",
            "A size has 20 digits.",
            MISFIT,
            b"FFFFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
        ),
        chunks(
            "chunk-size-2-to-the-64",
            "A size is five more than fit into 64 bits.",
            MISFIT,
            b"10000000000000005\r\nhello\r\n0\r\n\r\n",
        ),
        chunks(
            "chunk-size-16-digits",
            "A size is all that 64 bits hold.",
            MISFIT,
            b"FFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
        ),
        chunks(
            "chunk-size-2-to-the-32",
            "A size is five more than fit into 32 bits.",
            MISFIT,
            b"100000005\r\nhello\r\n0\r\n\r\n",
        ),
        chunks(
            "chunk-size-after-blank",
            "A blank precedes a size.",
            OK_OR_INVALID,
            b" 5\r\nhello\r\n0\r\n\r\n",
        ),
        chunks(
            "chunk-size-before-blanks",
            "Blanks follow the sizes, as old servers pad them.",
            OK_OR_INVALID,
            b"5   \r\nhello\r\n0   \r\n\r\n",
        ),
        chunks(
            "chunk-size-with-garbage",
            "Letters follow a size.",
            INVALID,
            b"5 hello\r\nhello\r\n0\r\n\r\n",
        ),
        chunks("chunk-longer", "A chunk is longer than its size.", INVALID, b"3\r\nhello\r\n0\r\n\r\n"),
        chunks("chunk-shorter", "A chunk is shorter than its size.", MISFIT, b"7\r\nhello\r\n0\r\n\r\n"),
        chunks("chunk-without-end", "No line end follows a chunk.", INVALID, b"5\r\nhello0\r\n\r\n"),
        chunks(
            "chunk-end-wrong",
            "Other bytes stand for the line end behind a chunk.",
            INVALID,
            b"5\r\nhelloXY0\r\n\r\n",
        ),
        chunks("chunk-lines-end-with-lf", "Lines end with LF alone.", OK_OR_INVALID, b"5\nhello\n0\n\n"),
        chunks(
            "chunk-size-ends-with-lf",
            "The line of a size ends with LF alone.",
            OK_OR_INVALID,
            b"5\nhello\r\n0\r\n\r\n",
        ),
        chunks("chunk-ends-with-lf", "LF alone follows a chunk.", OK_OR_INVALID, b"5\r\nhello\n0\r\n\r\n"),
        chunks(
            "chunk-size-ends-with-cr",
            "The line of a size ends with CR alone.",
            INVALID,
            b"5\rhello\r\n0\r\n\r\n",
        ),
        row(
            "chunk-size-1000-zeros",
            "A size has 1,000 zeros in front.",
            SECTION,
            OK_OR_TOO_LARGE,
            &[HEAD, Action::Repeat(b"0", 1000), Action::Send(b"5\r\nhello\r\n0\r\n\r\n"), Action::Close],
        ),
    ]
}

fn cut() -> Vec<Behaviour> {
    const ALL: Expect = Expect::OneOf(&[OK, TRUNCATED]);
    vec![
        chunks("chunks-cut-before-the-first", "The connection ends before the first chunk.", TRUNCATED, b""),
        chunks("chunks-cut-in-size", "The connection ends within a size.", TRUNCATED, b"5"),
        chunks("chunks-cut-behind-size", "The connection ends behind a size.", TRUNCATED, b"5\r\n"),
        chunks("chunks-cut-in-extension", "The connection ends within an extension.", TRUNCATED, b"5;a="),
        chunks("chunks-cut-in-chunk", "The connection ends within a chunk.", TRUNCATED, b"5\r\nhel"),
        chunks(
            "chunks-cut-behind-chunk",
            "The connection ends behind the bytes of a chunk.",
            TRUNCATED,
            b"5\r\nhello",
        ),
        chunks(
            "chunks-cut-in-line-end",
            "The connection ends within the line end behind a chunk.",
            TRUNCATED,
            b"5\r\nhello\r",
        ),
        chunks("chunks-cut-before-the-last", "The last chunk is missing.", TRUNCATED, b"5\r\nhello\r\n"),
        chunks(
            "chunks-cut-in-the-last",
            "The connection ends within the last chunk.",
            TRUNCATED,
            b"5\r\nhello\r\n0",
        ),
        chunks(
            "chunks-cut-behind-the-last",
            "The connection ends where trailers would begin.",
            ALL,
            b"5\r\nhello\r\n0\r\n",
        ),
        chunks(
            "chunks-cut-in-trailer",
            "The connection ends within a trailer.",
            ALL,
            b"5\r\nhello\r\n0\r\nX: y",
        ),
        chunks(
            "chunks-cut-behind-trailer",
            "The connection ends behind a trailer.",
            ALL,
            b"5\r\nhello\r\n0\r\nX: y\r\n",
        ),
    ]
}

fn extensions_and_trailers() -> Vec<Behaviour> {
    const NOT_OVERWRITTEN: Expect = Expect::OneOf(&[
        Answer::new(200).fields(&[("X", &[b"head"])]).body(Body::Is(b"hello")).expect(),
        INVALID,
    ]);
    vec![
        row(
            "chunk-extension",
            "A chunk has an extension.",
            EXTENSIONS,
            OK,
            &[HEAD, Action::Send(b"5;a=b\r\nhello\r\n0\r\n\r\n")],
        ),
        row(
            "chunk-extensions",
            "Chunks have extensions of several kinds.",
            EXTENSIONS,
            OK,
            &[HEAD, Action::Send(b"3;a;b=c;d=\"e;f\"\r\nhel\r\n2 ; g = h\r\nlo\r\n0;last\r\n\r\n")],
        ),
        row(
            "chunk-extension-of-40",
            "A chunk has an extension of 40 bytes, as signed uploads do.",
            EXTENSIONS,
            OK,
            &[HEAD, Action::Send(b"5;chunk-signature=0123456789abcdef01234567\r\nhello\r\n0\r\n\r\n")],
        ),
        row(
            "chunk-extension-of-1000",
            "A chunk has an extension of 1,000 bytes.",
            EXTENSIONS,
            OK_OR_TOO_LARGE,
            &[
                HEAD,
                Action::Send(b"5;a="),
                Action::Repeat(b"b", 1000),
                Action::Send(b"\r\nhello\r\n0\r\n\r\n"),
            ],
        ),
        row(
            "chunk-extension-of-1-mib",
            "A chunk has an extension of 1 MiB.",
            EXTENSIONS,
            OK_OR_TOO_LARGE,
            &[
                HEAD,
                Action::Send(b"5;a="),
                Action::Repeat(b"b", 1 << 20),
                Action::Send(b"\r\nhello\r\n0\r\n\r\n"),
            ],
        ),
        row(
            "chunk-extension-with-lf",
            "An extension holds an LF, and what looks like the end.",
            EXTENSIONS,
            Expect::Fails(&[Failure::InvalidResponse, Failure::Truncated]),
            &[HEAD, Action::Send(b"5;a\n0\r\n\r\nhello\r\n0\r\n\r\n"), Action::Close],
        ),
        row(
            "trailer",
            "A trailer follows the chunks.",
            TRAILERS,
            OK,
            &[HEAD, Action::Send(b"5\r\nhello\r\n0\r\nX: y\r\n\r\n"), Action::Next, Action::Send(HELLO)],
        )
        .then(GET, OK)
        .then_plays(&[Action::Send(HELLO)]),
        row(
            "trailer-that-looks-like-a-chunk",
            "A trailer begins with a digit.",
            TRAILERS,
            OK,
            &[HEAD, Action::Send(b"5\r\nhello\r\n0\r\nAbc: d\r\n5: hello\r\n\r\n")],
        ),
        row(
            "trailer-of-the-same-name",
            "A trailer has the name of a field.",
            "RFC 9110, section 6.5.1",
            NOT_OVERWRITTEN,
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nX: head\r\nTransfer-Encoding: chunked\r\n\r\n"),
                Action::Send(b"5\r\nhello\r\n0\r\nX: trailer\r\n\r\n"),
            ],
        ),
        row(
            "trailer-with-length",
            "A trailer is a length.",
            "RFC 9110, section 6.5.1",
            OK_OR_INVALID,
            &[HEAD, Action::Send(b"5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n")],
        ),
        row(
            "trailer-without-colon",
            "A trailer has no colon.",
            TRAILERS,
            OK_OR_INVALID,
            &[HEAD, Action::Send(b"5\r\nhello\r\n0\r\nnonsense\r\n\r\n")],
        ),
        row(
            "trailers-10000",
            "There are 10,000 trailers.",
            TRAILERS,
            OK_OR_TOO_LARGE,
            &[HEAD, Action::Send(b"5\r\nhello\r\n0\r\n"), Action::Fields(10_000), Action::Send(b"\r\n")],
        ),
        ends(
            "chunked-without-empty-line",
            "The head ends, and chunks begin, without an empty line.",
            SECTION,
            Expect::Fails(&[Failure::InvalidResponse, Failure::Truncated]),
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n5\r\nhello\r\n0\r\n",
        ),
    ]
}
