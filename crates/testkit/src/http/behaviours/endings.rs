//! Connections that end early: in order, or with a reset.

use super::rows::{BROKEN, CUT_HEAD, HELLO, OK, TRUNCATED, ends, row};
use super::{Action, Behaviour, Expect};

const SECTION: &str = "RFC 9112, section 8";

pub(super) fn rows() -> Vec<Behaviour> {
    let closed = |name, about, expect, bytes| ends(name, about, SECTION, expect, bytes);
    let reset = |name, about, expect, bytes: &'static [u8]| {
        row(name, about, SECTION, expect, &[Action::Send(bytes), Action::Reset])
    };
    // What is on its way when a reset comes may be lost.
    const OK_OR_BROKEN: Expect = Expect::OneOf(&[OK, BROKEN]);
    vec![
        closed("closed-in-version", "The connection ends within the version.", CUT_HEAD, b"HTT"),
        closed("closed-in-status", "The connection ends within the status.", CUT_HEAD, b"HTTP/1.1 20"),
        closed(
            "closed-in-reason",
            "The connection ends within the reason phrase.",
            CUT_HEAD,
            b"HTTP/1.1 200 O",
        ),
        closed(
            "closed-in-line-end",
            "The connection ends within the end of the status line.",
            CUT_HEAD,
            b"HTTP/1.1 200 OK\r",
        ),
        closed(
            "closed-behind-status-line",
            "The connection ends behind the status line.",
            CUT_HEAD,
            b"HTTP/1.1 200 OK\r\n",
        ),
        closed(
            "closed-in-name",
            "The connection ends within the name of a field.",
            CUT_HEAD,
            b"HTTP/1.1 200 OK\r\nContent-Le",
        ),
        closed(
            "closed-in-value",
            "The connection ends within a length, which would be right.",
            CUT_HEAD,
            b"HTTP/1.1 200 OK\r\nContent-Length: 1",
        ),
        closed(
            "closed-behind-field",
            "The connection ends before the empty line.",
            CUT_HEAD,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        ),
        closed(
            "closed-in-empty-line",
            "The connection ends within the empty line.",
            CUT_HEAD,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r",
        ),
        closed(
            "closed-behind-head",
            "The connection ends behind the head.",
            TRUNCATED,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        ),
        closed(
            "closed-in-body",
            "The connection ends within the body.",
            TRUNCATED,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        ),
        closed(
            "closed-behind-body",
            "The connection ends behind the body, which no field tells.",
            OK,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        ),
        row("reset-at-once", "The connection is reset without a byte.", SECTION, BROKEN, &[Action::Reset]),
        reset(
            "reset-in-status-line",
            "The connection is reset within the status line.",
            BROKEN,
            b"HTTP/1.1 20",
        ),
        reset(
            "reset-in-head",
            "The connection is reset within the head.",
            BROKEN,
            b"HTTP/1.1 200 OK\r\nContent-Le",
        ),
        reset(
            "reset-behind-head",
            "The connection is reset behind the head.",
            BROKEN,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        ),
        reset(
            "reset-in-body",
            "The connection is reset within the body.",
            BROKEN,
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        ),
        reset(
            "reset-in-chunk",
            "The connection is reset within a chunk.",
            BROKEN,
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        ),
        reset("reset-behind-body", "The connection is reset behind the body.", OK_OR_BROKEN, HELLO),
        row(
            "closed-in-large-body",
            "The connection ends within a body of 4 MiB.",
            SECTION,
            TRUNCATED,
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 4194304\r\n\r\n"),
                Action::Repeat(b"x", 3 << 20),
                Action::Close,
            ],
        ),
    ]
}
