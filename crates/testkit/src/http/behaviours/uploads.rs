//! Answers to requests that have a body.

use super::rows::{BROKEN, HELLO, OK, POST, TIMED_OUT, row};
use super::{Action, Answer, Behaviour, Body, Expect, Request};

const SECTION: &str = "RFC 9112, section 9.5";
const EXPECTATION: &str = "RFC 9110, section 10.1.1";
const LARGE: Request = Request::new("POST").body(b'x', 64 << 20);
const ASKING: Request = POST.fields(&[("Expect", "100-continue")]);
const REFUSAL: &[u8] =
    b"HTTP/1.1 413 Content Too Large\r\nConnection: close\r\nContent-Length: 8\r\n\r\ntoo much";

pub(super) fn rows() -> Vec<Behaviour> {
    const REFUSED: Expect = Answer::new(413).body(Body::Is(b"too much")).expect();
    const REFUSED_OR_BROKEN: Expect = Expect::OneOf(&[REFUSED, BROKEN]);
    const MIRRORED: Expect = Answer::new(200).body(Body::Has(b"\r\n\r\nxxxxx")).expect();
    vec![
        row("post", "A body comes back.", "RFC 9110, section 9.3.3", MIRRORED, &[Action::Mirror])
            .asking(POST),
        row("put", "A body comes back, of a PUT.", "RFC 9110, section 9.3.4", MIRRORED, &[Action::Mirror])
            .asking(Request::new("PUT").body(b'x', 5)),
        row(
            "post-of-nothing",
            "The length of an empty body is told.",
            "RFC 9110, section 8.6",
            Answer::new(200).body(Body::Has(b"\r\nContent-Length: 0\r\n")).expect(),
            &[Action::Mirror],
        )
        .asking(Request::new("POST").body(b'x', 0)),
        row(
            "early-413",
            "The server refuses a large body while it comes, and reads on.",
            SECTION,
            REFUSED_OR_BROKEN,
            &[Action::Send(REFUSAL), Action::Close],
        )
        .asking(LARGE)
        .with_at_most(1),
        row(
            "early-413-and-reset",
            "The server refuses a large body while it comes, and resets the connection.",
            SECTION,
            REFUSED_OR_BROKEN,
            &[Action::Send(REFUSAL), Action::Reset],
        )
        .asking(LARGE)
        .with_at_most(1),
        row(
            "early-413-and-silence",
            "The server refuses a large body while it comes, and reads no more of it.",
            SECTION,
            Expect::OneOf(&[REFUSED_OR_BROKEN, TIMED_OUT]),
            &[Action::Send(REFUSAL), Action::Stall],
        )
        .asking(LARGE)
        .waiting()
        .with_at_most(1),
        row(
            "early-200",
            "The server answers before it has read a large body, which it then reads.",
            SECTION,
            Expect::OneOf(&[OK, BROKEN]),
            &[Action::Send(HELLO), Action::ReadBody],
        )
        .asking(LARGE)
        .with_at_most(1),
        row(
            "large-body-not-read",
            "The server reads nothing of a large body.",
            SECTION,
            TIMED_OUT,
            &[Action::Stall],
        )
        .asking(LARGE)
        .waiting()
        .with_at_most(1),
        row(
            "closed-while-uploading",
            "The connection is reset while a large body comes.",
            SECTION,
            BROKEN,
            &[Action::Reset],
        )
        .asking(LARGE)
        .with_at_most(1),
        row(
            "expect-100",
            "The server wants the body.",
            EXPECTATION,
            OK,
            &[Action::Send(b"HTTP/1.1 100 Continue\r\n\r\n"), Action::ReadBody, Action::Send(HELLO)],
        )
        .asking(ASKING),
        row(
            "expect-100-unanswered",
            "The server does not know the expectation, and waits for the body.",
            EXPECTATION,
            OK,
            &[Action::ReadBody, Action::Send(HELLO)],
        )
        .asking(ASKING),
        row(
            "expect-413",
            "The server does not want the body.",
            EXPECTATION,
            REFUSED,
            &[Action::Send(REFUSAL), Action::Close],
        )
        .asking(ASKING),
        row(
            "expect-417",
            "The server does not do what is expected, and does without.",
            "RFC 9110, section 15.5.18",
            Expect::OneOf(const { &[Answer::new(417).expect(), OK] }),
            &[
                Action::Send(
                    b"HTTP/1.1 417 Expectation Failed\r\nConnection: close\r\n\
Content-Length: 0\r\n\r\n",
                ),
                Action::Close,
            ],
        )
        .asking(ASKING)
        .then_plays(&[Action::ReadBody, Action::Send(HELLO)]),
    ]
}
