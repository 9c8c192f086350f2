//! Connections that are used again, or should not be.

use super::rows::{BROKEN, GET, HELLO, OK, POST, TRUNCATED, row};
use super::{Action, Answer, Behaviour, Body, Expect, Request};

const SECTION: &str = "RFC 9112, section 9.3";
const RETRIES: &str = "RFC 9112, section 9.3.1";
const AGAIN: Expect = Answer::new(200).body(Body::Is(b"again")).expect();
/// Whatever connection it comes on, but not what came before it was asked for.
const NOT_EVIL: Expect = Expect::OneOf(&[OK, AGAIN, BROKEN]);
const SECOND: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nagain";
const LATE: &[u8] = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\
Content-Length: 0\r\n\r\n";
const PUT: Request = Request::new("PUT").body(b'x', 5);
const DELETE: Request = Request::new("DELETE");
const EMPTY_POST: Request = Request::new("POST").body(b'x', 0);

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = kept();
    rows.extend(stale());
    rows.extend(unasked());
    rows
}

fn kept() -> Vec<Behaviour> {
    vec![
        row(
            "kept",
            "The connection is kept.",
            SECTION,
            OK,
            &[Action::Send(HELLO), Action::Next, Action::Send(SECOND)],
        )
        .then(GET, Expect::OneOf(&[AGAIN, OK])),
        row(
            "kept-for-a-post",
            "The connection is kept, and a body comes on it.",
            SECTION,
            OK,
            &[Action::Send(HELLO), Action::Next, Action::Mirror],
        )
        .then(
            POST,
            Expect::OneOf(const { &[Answer::new(200).body(Body::Has(b"\r\n\r\nxxxxx")).expect(), OK] }),
        ),
        row(
            "not-kept",
            "The answer says that the connection ends, which it does not do by itself.",
            "RFC 9112, section 9.6",
            OK,
            &[
                Action::Send(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello"),
                Action::Next,
                Action::Send(b"HTTP/1.1 500 This connection was over\r\nContent-Length: 0\r\n\r\n"),
            ],
        )
        .then(GET, OK)
        .then_plays(&[Action::Send(HELLO)]),
        row(
            "not-kept-in-odd-words",
            "The answer says so among other words and in odd case.",
            "RFC 9110, section 7.6.1",
            OK,
            &[
                Action::Send(
                    b"HTTP/1.1 200 OK\r\nConnection: x-odd, CLOSE\r\nContent-Length: 5\r\n\r\n\
hello",
                ),
                Action::Next,
                Action::Send(b"HTTP/1.1 500 This connection was over\r\nContent-Length: 0\r\n\r\n"),
            ],
        )
        .then(GET, OK)
        .then_plays(&[Action::Send(HELLO)]),
    ]
}

fn stale() -> Vec<Behaviour> {
    let idle = |name, about, end| {
        row(name, about, RETRIES, OK, &[Action::Send(HELLO), Action::Gate, end])
            .then_plays(&[Action::Send(SECOND)])
    };
    let at_request = |name, about, ending: &[Action]| {
        let script: Vec<Action> = [Action::Send(HELLO), Action::Next].iter().chain(ending).copied().collect();
        row(name, about, RETRIES, OK, &script).then_plays(&[Action::Send(SECOND)])
    };
    const RETRIED: Expect = AGAIN;
    // A client that opens a connection for each request never meets the end.
    const NOT_RETRIED: Expect = Expect::OneOf(&[AGAIN, BROKEN]);
    vec![
        idle(
            "stale-closed-get",
            "The connection ends while nobody uses it; the next request is a GET.",
            Action::Close,
        )
        .then_behind_the_gate(GET, RETRIED),
        idle(
            "stale-closed-post",
            "The connection ends while nobody uses it; the next request is a POST.",
            Action::Close,
        )
        .then_behind_the_gate(POST, NOT_RETRIED)
        .with_at_most(3),
        idle(
            "stale-reset-get",
            "The connection is reset while nobody uses it; the next request is a GET.",
            Action::Reset,
        )
        .then_behind_the_gate(GET, RETRIED),
        idle(
            "stale-reset-post",
            "The connection is reset while nobody uses it; the next request is a POST.",
            Action::Reset,
        )
        .then_behind_the_gate(POST, NOT_RETRIED),
        at_request(
            "closed-at-second-get",
            "The connection ends as the second request comes, a GET.",
            &[Action::Close],
        )
        .then(GET, RETRIED)
        .with_at_most(3),
        at_request(
            "closed-at-second-put",
            "The connection ends as the second request comes, a PUT.",
            &[Action::ReadBody, Action::Close],
        )
        .then(PUT, NOT_RETRIED)
        .with_at_most(3),
        at_request(
            "closed-at-second-delete",
            "The connection ends as the second request comes, a DELETE.",
            &[Action::Close],
        )
        .then(DELETE, NOT_RETRIED)
        .with_at_most(3),
        at_request(
            "closed-at-second-post",
            "The connection ends as the second request comes, a POST, which must not come again.",
            &[Action::ReadBody, Action::Close],
        )
        .then(POST, NOT_RETRIED)
        .with_at_most(2),
        at_request(
            "closed-at-second-empty-post",
            "The same, and the POST has an empty body.",
            &[Action::Close],
        )
        .then(EMPTY_POST, NOT_RETRIED)
        .with_at_most(2),
        at_request(
            "reset-at-second-get",
            "The connection is reset as the second request comes, a GET.",
            &[Action::Reset],
        )
        .then(GET, RETRIED)
        .with_at_most(3),
        at_request(
            "reset-at-second-post",
            "The connection is reset as the second request comes, a POST, which must not come \
again.",
            &[Action::ReadBody, Action::Reset],
        )
        .then(POST, NOT_RETRIED)
        .with_at_most(2),
        at_request(
            "closed-in-second-answer",
            "The connection ends within the second answer.",
            &[Action::Send(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nag"), Action::Close],
        )
        .then(GET, Expect::OneOf(&[TRUNCATED, AGAIN])),
        row(
            "closed-at-every-request",
            "Each connection ends as a request comes.",
            RETRIES,
            BROKEN,
            &[Action::Close],
        )
        .with_at_most(5),
        row(
            "closed-at-first-post",
            "The connection ends as the first request comes, a POST, which must not come again.",
            RETRIES,
            BROKEN,
            &[Action::ReadBody, Action::Close],
        )
        .asking(POST)
        .with_at_most(1),
    ]
}

fn unasked() -> Vec<Behaviour> {
    let unasked = |name, about, bytes: &'static [u8]| {
        row(
            name,
            about,
            "RFC 9112, section 9.2",
            OK,
            &[Action::Send(HELLO), Action::Gate, Action::Send(bytes), Action::Next, Action::Send(SECOND)],
        )
        .then_behind_the_gate(GET, NOT_EVIL)
        .then_plays(&[Action::Send(HELLO)])
    };
    vec![
        row(
            "late-408",
            "408 comes on the connection while nobody uses it, and its end.",
            "RFC 9110, section 15.5.9",
            OK,
            &[Action::Send(HELLO), Action::Gate, Action::Send(LATE), Action::Close],
        )
        .then_behind_the_gate(GET, AGAIN)
        .then_plays(&[Action::Send(SECOND)]),
        row(
            "late-408-for-a-post",
            "408 comes on the connection while nobody uses it; the next request is a POST.",
            "RFC 9110, section 15.5.9",
            OK,
            &[Action::Send(HELLO), Action::Gate, Action::Send(LATE), Action::Close],
        )
        .then_behind_the_gate(POST, Expect::OneOf(&[AGAIN, BROKEN]))
        .then_plays(&[Action::Send(SECOND)]),
        unasked(
            "late-answer",
            "An answer comes while nobody asks.",
            b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
        ),
        unasked("late-garbage", "Garbage comes while nobody asks.", b"garbage\r\n\r\n"),
        row(
            "two-answers",
            "Two answers come at once; the second one is nobody's.",
            "RFC 9112, section 9.2",
            OK,
            &[
                Action::Send(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\
Content-Length: 4\r\n\r\nevil",
                ),
                Action::Next,
                Action::Send(SECOND),
            ],
        )
        .then(GET, NOT_EVIL)
        .then_plays(&[Action::Send(HELLO)]),
        row(
            "two-answers-in-chunks",
            "Two answers come at once, the first one in chunks.",
            "RFC 9112, section 9.2",
            OK,
            &[
                Action::Send(
                    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n\
0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
                ),
                Action::Next,
                Action::Send(SECOND),
            ],
        )
        .then(GET, NOT_EVIL)
        .then_plays(&[Action::Send(HELLO)]),
        row(
            "two-answers-and-the-end",
            "Two answers come at once, and the end.",
            "RFC 9112, section 9.2",
            OK,
            &[
                Action::Send(
                    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n\
Content-Length: 4\r\n\r\nevil",
                ),
                Action::Close,
            ],
        )
        .then(GET, NOT_EVIL)
        .then_plays(&[Action::Send(HELLO)]),
    ]
}
