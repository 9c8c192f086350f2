//! Servers that fall silent, at each point of an answer.

use super::rows::{TIMED_OUT, row};
use super::{Action, Behaviour};

pub(super) fn rows() -> Vec<Behaviour> {
    let silent = |name, about, bytes: &'static [u8]| {
        row(name, about, "RFC 9112, section 9.5", TIMED_OUT, &[Action::Send(bytes), Action::Silent]).waiting()
    };
    vec![
        silent("mute-at-once", "The server never answers.", b""),
        silent("mute-in-status-line", "The server falls silent within the status line.", b"HTTP/1.1 2"),
        silent(
            "mute-behind-status-line",
            "The server falls silent behind the status line.",
            b"HTTP/1.1 200 OK\r\n",
        ),
        silent(
            "mute-in-head",
            "The server falls silent within a field.",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5",
        ),
        silent(
            "mute-before-empty-line",
            "The server falls silent before the empty line.",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
        ),
        silent("mute-behind-100", "The server falls silent behind 100.", b"HTTP/1.1 100 Continue\r\n\r\n"),
        silent(
            "mute-behind-head",
            "The server falls silent behind the head.",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        ),
        silent(
            "mute-in-body",
            "The server falls silent within the body.",
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell",
        ),
        silent(
            "mute-in-body-without-length",
            "The server falls silent within a body without length.",
            b"HTTP/1.1 200 OK\r\n\r\nhello",
        ),
        silent(
            "mute-before-chunks",
            "The server falls silent before the first chunk.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        ),
        silent(
            "mute-in-chunk-size",
            "The server falls silent within the size of a chunk.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5",
        ),
        silent(
            "mute-in-chunk",
            "The server falls silent within a chunk.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        ),
        silent(
            "mute-before-last-chunk",
            "The server falls silent before the last chunk.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        ),
    ]
}
