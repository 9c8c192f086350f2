//! Answers that do not end.

use super::rows::{TOO_LARGE, row};
use super::{Action, Behaviour, Expect, Failure};

const SECTION: &str = "RFC 9112, section 11.3";

pub(super) fn rows() -> Vec<Behaviour> {
    let endless = |name, about, beginning: &'static [u8], more: &'static [u8]| {
        row(name, about, SECTION, TOO_LARGE, &[Action::Send(beginning), Action::Endless(more)])
    };
    const BODY_TOO_LARGE: Expect = Expect::Fails(&[Failure::TooLarge]);
    let endless_body = |name, about, beginning: &'static [u8], more: &'static [u8]| {
        row(name, about, SECTION, BODY_TOO_LARGE, &[Action::Send(beginning), Action::Endless(more)])
    };
    vec![
        endless("endless-garbage", "Bytes without a line end come for ever.", b"", b"garbage "),
        endless("endless-nuls", "NULs come for ever.", b"", b"\0\0\0\0\0\0\0\0"),
        endless("endless-line-ends", "Empty lines come for ever.", b"", b"\r\n"),
        endless("endless-lines", "Lines that are no answer come for ever.", b"", b"220 Ready\r\n"),
        endless("endless-status-line", "The reason phrase does not end.", b"HTTP/1.1 200 ", b"OK OK OK "),
        endless("endless-fields", "Fields come for ever.", b"HTTP/1.1 200 OK\r\n", b"X: y\r\n"),
        endless("endless-field-line", "A value does not end.", b"HTTP/1.1 200 OK\r\nX: ", b"yyyyyyyy"),
        endless("endless-field-name", "A name does not end.", b"HTTP/1.1 200 OK\r\n", b"xxxxxxxx"),
        endless("endless-folds", "A folded value does not end.", b"HTTP/1.1 200 OK\r\nX: y\r\n", b" y\r\n"),
        endless(
            "endless-cookies",
            "Cookies come for ever.",
            b"HTTP/1.1 200 OK\r\n",
            b"Set-Cookie: a=b; Path=/; HttpOnly\r\n",
        ),
        endless("endless-interim", "100 comes for ever.", b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        endless(
            "endless-interim-with-links",
            "103 comes for ever.",
            b"",
            b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
        ),
        endless_body(
            "endless-body",
            "A body without length does not end.",
            b"HTTP/1.1 200 OK\r\n\r\n",
            b"hello",
        ),
        endless_body(
            "endless-body-with-length",
            "A body is as long as its absurd length.",
            b"HTTP/1.1 200 OK\r\nContent-Length: 9000000000000000000\r\n\r\n",
            b"hello",
        ),
        endless_body(
            "endless-chunks",
            "Chunks come for ever.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"5\r\nhello\r\n",
        ),
        endless(
            "endless-chunk-of-huge-size",
            "A chunk is as long as its absurd size.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n",
            b"hello",
        ),
        endless(
            "endless-chunk-size",
            "The size of a chunk does not end.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"00000000",
        ),
        endless(
            "endless-chunk-extension",
            "An extension does not end.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;",
            b"a=b;a=b;",
        ),
        endless(
            "endless-chunk-extensions",
            "Chunks of a byte come with extensions of 1,000 for ever.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            LONG_EXTENSION,
        ),
        endless(
            "endless-trailers",
            "Trailers come for ever.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
            b"X: y\r\n",
        ),
        endless(
            "endless-trailer",
            "A trailer does not end.",
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX: ",
            b"yyyyyyyy",
        ),
    ]
}

/// A chunk of a byte with much around it.
const LONG_EXTENSION: &[u8] = &long_extension();

const fn long_extension() -> [u8; 1010] {
    let mut bytes = [b'x'; 1010];
    bytes[0] = b'1';
    bytes[1] = b';';
    bytes[1005] = b'\r';
    bytes[1006] = b'\n';
    bytes[1008] = b'\r';
    bytes[1009] = b'\n';
    bytes
}
