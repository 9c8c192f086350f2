//! Bodies that are compressed, or said to be.

use super::bombs;
use super::rows::{CUT_HEAD, GET, HEAD, HELLO, INVALID, OK, row, sends};
use super::{Action, Answer, Behaviour, Body, Expect, Failure};

const CODED: &str = "RFC 9110, section 8.4";
const GZIP: &str = "RFC 1952, section 2.3";
const BROTLI: &str = "RFC 7932, section 9";
const EMPTY: Expect = Answer::new(200).body(Body::Is(b"")).expect();

/// A compressed body that ends early may count as truncated, too.
const WRONG: Expect = CUT_HEAD;

const OK_OR_WRONG: Expect = Expect::OneOf(&[OK, WRONG]);
const EMPTY_OR_WRONG: Expect = Expect::OneOf(&[EMPTY, WRONG]);
const PLAIN_OR_WRONG: Expect = OK_OR_WRONG;
const AS_IT_IS: Expect = Expect::OneOf(&[OK, INVALID]);
const AS_SENT_OR_OK: Expect = Expect::OneOf(&[OK, Answer::new(200).body(Body::Is(HELLO_IN_GZIP)).expect()]);

/// Decoded as often as it is said to be coded, or not at all.
const TWICE: Expect =
    Expect::OneOf(&[OK_OR_WRONG, Answer::new(200).body(Body::Is(HELLO_IN_GZIP_TWICE)).expect()]);

/// Each row with a client that decodes.
pub(super) fn rows() -> Vec<Behaviour> {
    let groups = [bodies(), framings(), bomb_rows()];
    groups.into_iter().flatten().map(Behaviour::decoding).collect()
}

fn bodies() -> Vec<Behaviour> {
    vec![
        sends(
            "gzip",
            "The body is compressed with gzip.",
            GZIP,
            OK,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
        ),
        sends(
            "gzip-in-odd-case",
            "The coding is in odd case.",
            CODED,
            OK,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: GZip\r\nContent-Length: 25\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
        ),
        sends(
            "gzip-of-old-name",
            "The coding has its old name.",
            CODED,
            AS_SENT_OR_OK,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: x-gzip\r\nContent-Length: 25\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
        ),
        sends(
            "gzip-with-name",
            "The header of gzip has a name and a comment.",
            GZIP,
            OK,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 38\r\n\r\n\
\x1f\x8b\x08\x18\x00\x00\x00\x00\x02\x03\x6e\x61\x6d\x65\x00\x63\x6f\x6d\x6d\x65\x6e\x74\x00\xcb\x48\
            \xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
        ),
        sends(
            "gzip-of-two-members",
            "There are two members of gzip.",
            GZIP,
            OK_OR_WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 45\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\x01\x00\x1b\xf1\x0b\xe5\x03\x00\x00\x00\x1f\x8b\
            \x08\x00\x00\x00\x00\x00\x02\x03\xcb\xc9\x07\x00\x9d\x4a\x9c\x55\x02\x00\x00\x00",
        ),
        sends(
            "gzip-of-nothing",
            "What is compressed is empty.",
            GZIP,
            EMPTY,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x03\x00\x00\x00\x00\x00\x00\x00\x00\x00",
        ),
        sends(
            "gzip-empty",
            "The body is empty, without even a header of gzip.",
            GZIP,
            EMPTY_OR_WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 0\r\n\r\n",
        ),
        sends(
            "gzip-truncated",
            "The end of the compressed body is missing, and its length is that of what is there.",
            GZIP,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 50\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xed\xcc\xc1\x09\x80\x40\x0c\x44\xd1\xbb\x55\x4c\x01\x62\x3b\
            \x7b\x0e\x6e\x30\x0b\x9a\x95\x4d\xec\x5f\xc5\x2e\x64\x6e\xf3\x61\x78\xc5\x24\xd1\x02\x6b\
            \x3f\xce\xa1",
        ),
        sends(
            "gzip-without-checksum",
            "The checksum is missing.",
            GZIP,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 17\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00",
        ),
        sends(
            "gzip-cut-in-checksum",
            "The checksum is cut.",
            GZIP,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 22\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05",
        ),
        sends(
            "gzip-cut-in-header",
            "The header of gzip is cut.",
            GZIP,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 6\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00",
        ),
        sends(
            "gzip-wrong-checksum",
            "The checksum is wrong.",
            GZIP,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x87\xa6\x10\x36\x05\x00\x00\x00",
        ),
        sends(
            "gzip-wrong-length",
            "The length in the compressed body is wrong.",
            GZIP,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x06\x00\x00\x00",
        ),
        sends(
            "gzip-unknown-method",
            "The method of compression is unknown.",
            GZIP,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n\
\x1f\x8b\x07\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
        ),
        sends(
            "gzip-reserved-flags",
            "Reserved flags are set.",
            GZIP,
            OK_OR_WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n\
\x1f\x8b\x08\xe0\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
        ),
        sends(
            "gzip-garbage",
            "What follows the header of gzip is garbage.",
            GZIP,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 50\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
            \xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\
            \xff\xff\xff",
        ),
        sends(
            "gzip-garbage-behind",
            "Garbage follows the compressed body.",
            GZIP,
            OK_OR_WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 32\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00\
            \x67\x61\x72\x62\x61\x67\x65",
        ),
        sends(
            "gzip-zeros-behind",
            "Zeros follow the compressed body, as on tapes.",
            GZIP,
            OK_OR_WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 45\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00\
            \x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00",
        ),
        sends(
            "gzip-wrong-label",
            "The body is plain, whatever is said of it.",
            CODED,
            PLAIN_OR_WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 5\r\n\r\n\
\x68\x65\x6c\x6c\x6f",
        ),
        sends(
            "gzip-that-is-zlib",
            "The body is compressed with something else.",
            CODED,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 13\r\n\r\n\
\x78\x9c\xcb\x48\xcd\xc9\xc9\x07\x00\x06\x2c\x02\x15",
        ),
        sends(
            "gzip-twice",
            "The body is compressed twice, and says so.",
            CODED,
            TWICE,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\n\
Content-Length: 42\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x93\xef\xe6\x60\x00\x01\x26\xe6\xd3\x1e\x67\x4f\x9e\x64\x67\
            \x68\x5b\x26\x60\xc6\x0a\x14\x00\x00\xa7\x6f\xb4\x45\x19\x00\x00\x00",
        ),
        sends(
            "gzip-in-brotli-label",
            "The body is of gzip, and said to be of brotli.",
            CODED,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 25\r\n\r\n\
\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x07\x00\x86\xa6\x10\x36\x05\x00\x00\x00",
        ),
        sends(
            "coding-of-content-identity",
            "The coding of the content is none.",
            CODED,
            OK,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: identity\r\nContent-Length: 5\r\n\r\n\
\x68\x65\x6c\x6c\x6f",
        ),
        sends(
            "coding-of-content-unknown",
            "The coding of the content is unknown.",
            CODED,
            AS_IT_IS,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: x-odd\r\nContent-Length: 5\r\n\r\n\
\x68\x65\x6c\x6c\x6f",
        ),
        sends(
            "brotli",
            "The body is compressed with brotli.",
            BROTLI,
            OK,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 9\r\n\r\n\
\x0b\x02\x80\x68\x65\x6c\x6c\x6f\x03",
        ),
        sends(
            "brotli-truncated",
            "The end of the compressed body is missing, and its length is that of what is there.",
            BROTLI,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 40\r\n\r\n\
\x13\x1f\x08\x00\x44\xdd\xd6\x2d\x69\x74\xb1\x55\xb3\xe8\xc0\x81\xfa\xb0\xeb\x18\x07\xcc\xb7\xf0\xe4\
            \x23\xae\xf3\x02\x3e\x38\xe4\xe0\x80\x49\x01\xb6\xaf\xbe\x47",
        ),
        sends(
            "brotli-cut-by-one",
            "The last byte of the compressed body is missing.",
            BROTLI,
            OK_OR_WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 8\r\n\r\n\
\x0b\x02\x80\x68\x65\x6c\x6c\x6f",
        ),
        sends(
            "brotli-garbage",
            "The body is garbage, and no brotli.",
            BROTLI,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 12\r\n\r\n\
\xff\xff\xff\xff\x20\x67\x61\x72\x62\x61\x67\x65",
        ),
        sends(
            "brotli-garbage-behind",
            "Garbage follows the compressed body of brotli.",
            BROTLI,
            OK_OR_WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 16\r\n\r\n\
\x0b\x02\x80\x68\x65\x6c\x6c\x6f\x03\x67\x61\x72\x62\x61\x67\x65",
        ),
        sends(
            "brotli-empty",
            "The body is empty, which no brotli is.",
            BROTLI,
            EMPTY_OR_WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 0\r\n\r\n",
        ),
        sends(
            "brotli-wrong-label",
            "The body is of brotli, and said to be of gzip.",
            CODED,
            WRONG,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\n\
\x0b\x02\x80\x68\x65\x6c\x6c\x6f\x03",
        ),
    ]
}

fn framings() -> Vec<Behaviour> {
    const NOT_MODIFIED: Expect = Answer::new(304).body(Body::Is(b"")).expect();
    const NO_CONTENT: Expect = Answer::new(204).body(Body::Is(b"")).expect();
    vec![
        row(
            "gzip-in-chunks",
            "The compressed body comes in chunks, which end anywhere.",
            CODED,
            OK,
            &[
                Action::Send(
                    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\
Transfer-Encoding: chunked\r\n\r\n4\r\n",
                ),
                Action::Send(HELLO_IN_GZIP.split_at(4).0),
                Action::Send(b"\r\n15\r\n"),
                Action::Send(HELLO_IN_GZIP.split_at(4).1),
                Action::Send(b"\r\n0\r\n\r\n"),
            ],
        ),
        row(
            "gzip-byte-by-byte",
            "The compressed body comes a byte at a time.",
            CODED,
            OK,
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n"),
                Action::SendSlowly(HELLO_IN_GZIP),
            ],
        ),
        row(
            "gzip-without-length",
            "The compressed body ends with the connection.",
            CODED,
            OK,
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"),
                Action::Send(HELLO_IN_GZIP),
                Action::Close,
            ],
        ),
        row(
            "gzip-cut-by-the-end",
            "The connection ends within the compressed body.",
            CODED,
            WRONG,
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1000\r\n\r\n"),
                Action::Send(HELLO_IN_GZIP),
                Action::Close,
            ],
        ),
        row(
            "gzip-on-a-kept-connection",
            "Another answer follows the compressed body on the connection.",
            CODED,
            OK,
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n"),
                Action::Send(HELLO_IN_GZIP),
                Action::Next,
                Action::Send(HELLO),
            ],
        )
        .then(GET, OK)
        .then_plays(&[Action::Send(HELLO)]),
        sends(
            "gzip-head",
            "A head is asked for, of something compressed.",
            CODED,
            EMPTY,
            b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n",
        )
        .asking(HEAD),
        sends(
            "gzip-304",
            "Nothing was modified, which is compressed.",
            CODED,
            NOT_MODIFIED,
            b"HTTP/1.1 304 Not Modified\r\nContent-Encoding: gzip\r\n\r\n",
        ),
        sends(
            "gzip-204",
            "There is no content, which is compressed.",
            CODED,
            NO_CONTENT,
            b"HTTP/1.1 204 No Content\r\nContent-Encoding: gzip\r\n\r\n",
        ),
    ]
}

/// Bodies that become a thousand times as large, and more.
fn bomb_rows() -> Vec<Behaviour> {
    const BOMB: Expect = Expect::Fails(&[Failure::TooLarge]);
    let begin_gzip = Action::Send(
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\
Content-Length: 1040480\r\n\r\n",
    );
    let begin_brotli =
        Action::Send(b"HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: 809\r\n\r\n");
    vec![
        row(
            "gzip-bomb",
            "A body of 1 MiB becomes 1 GiB of zeros.",
            GZIP,
            BOMB,
            &[
                begin_gzip,
                Action::Send(bombs::GZIP_BEGIN),
                Action::Repeat(b"\0", bombs::GZIP_ZEROS),
                Action::Send(bombs::GZIP_END),
            ],
        ),
        row(
            "brotli-bomb",
            "A body of 809 bytes becomes 1 GiB of zeros.",
            BROTLI,
            BOMB,
            &[
                begin_brotli,
                Action::Send(bombs::BROTLI_BEGIN),
                Action::Repeat(bombs::BROTLI_MIDDLE, bombs::BROTLI_TIMES),
                Action::Send(bombs::BROTLI_END),
            ],
        ),
    ]
}

/// `hello`.
const HELLO_IN_GZIP: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00,
    0x86, 0xa6, 0x10, 0x36, 0x05, 0x00, 0x00, 0x00,
];

/// The same once more.
const HELLO_IN_GZIP_TWICE: &[u8] = &[
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0x93, 0xef, 0xe6, 0x60, 0x00, 0x01, 0x26,
    0xe6, 0xd3, 0x1e, 0x67, 0x4f, 0x9e, 0x64, 0x67, 0x68, 0x5b, 0x26, 0x60, 0xc6, 0x0a, 0x14, 0x00, 0x00,
    0xa7, 0x6f, 0xb4, 0x45, 0x19, 0x00, 0x00, 0x00,
];
