//! Redirects that a client should not follow, not follow for ever, or not with everything it has.

use super::redirects::{STAYS, redirect};
use super::rows::{BROKEN, GET, HELLO, INVALID, OK, row};
use super::{Action, Answer, Behaviour, Body, Expect, Failure, Request};

const SECTION: &str = "RFC 9110, section 15.4";
const LOCATION: &str = "RFC 9110, section 10.2.2";
const CONNECTION_FAILED: Expect = Expect::Fails(&[Failure::ConnectionFailed]);
const TOO_MANY: Expect = Expect::Fails(&[Failure::TooManyRedirects, Failure::InvalidResponse]);

pub(super) fn rows() -> Vec<Behaviour> {
    const SECRETS: Request = Request::new("GET")
        .fields(&[("Authorization", "Basic c2VjcmV0OnNlY3JldA=="), ("Cookie", "secret=cookie")]);
    const KEPT_AT_HOME: Expect = Expect::OneOf(&[
        Answer::new(200).body(Body::Lacks(&[b"c2VjcmV0OnNlY3JldA==", b"secret=cookie"])).expect(),
        CONNECTION_FAILED,
    ]);
    let to = |name, about, head| redirect(name, about, "RFC 9110, section 17.2", STAYS, head);
    vec![
        row(
            "redirect-loop",
            "The client is sent where it is.",
            SECTION,
            TOO_MANY,
            &[Action::SendText("HTTP/1.1 302 Found\r\nLocation: {path}\r\nContent-Length: 0\r\n\r\n")],
        )
        .following()
        .with_at_most(100),
        row(
            "redirect-loop-of-two",
            "The client is sent to and fro.",
            SECTION,
            TOO_MANY,
            &[
                Action::SendText(
                    "HTTP/1.1 302 Found\r\nLocation: /redirect-loop-of-two/a\r\n\
Content-Length: 0\r\n\r\n",
                ),
                Action::Next,
                Action::SendText(
                    "HTTP/1.1 302 Found\r\nLocation: /redirect-loop-of-two/b\r\n\
Content-Length: 0\r\n\r\n",
                ),
            ],
        )
        .following()
        .with_at_most(100),
        row(
            "redirect-chain-without-end",
            "Each place is another one, and one too far.",
            SECTION,
            TOO_MANY,
            &[Action::SendText(
                "HTTP/1.1 302 Found\r\nLocation: {path}/x/?and=on\r\nContent-Length: 0\r\n\r\n",
            )],
        )
        .following()
        .with_at_most(100),
        row(
            "redirect-absolute-loop",
            "The client is sent where it is, by a whole URL.",
            SECTION,
            TOO_MANY,
            &[Action::SendText(
                "HTTP/1.1 301 Moved Permanently\r\nLocation: {here}\r\nContent-Length: 0\r\n\r\n",
            )],
        )
        .following()
        .with_at_most(100),
        redirect(
            "redirect-to-bad-certificate",
            "The new place has a certificate that nobody trusts.",
            "RFC 9110, section 4.3.4",
            CONNECTION_FAILED,
            "HTTP/1.1 302 Found\r\nLocation: {tls}/b\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-to-closed-port",
            "Nobody listens at the new place.",
            SECTION,
            CONNECTION_FAILED,
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-to-another-host",
            "The new place is on a host of another name, which gets no credentials.",
            "RFC 9110, section 15.4",
            KEPT_AT_HOME,
            "HTTP/1.1 302 Found\r\nLocation: {elsewhere}/b\r\nContent-Length: 0\r\n\r\n",
        )
        .asking(SECRETS),
        redirect(
            "redirect-to-another-host-307",
            "The same, with the status that keeps everything else.",
            "RFC 9110, section 15.4",
            KEPT_AT_HOME,
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}/b\r\n\
Content-Length: 0\r\n\r\n",
        )
        .asking(SECRETS),
        redirect(
            "redirect-with-credentials",
            "The new place has a user and a password in it.",
            "RFC 9110, section 4.2.4",
            Expect::OneOf(
                const {
                    &[
                        Answer::new(200)
                            .body(Body::Has(b"GET /redirect-with-credentials/b HTTP/1.1\r\n"))
                            .expect(),
                        STAYS,
                    ]
                },
            ),
            "HTTP/1.1 302 Found\r\nLocation: http://user:secret@{authority}{path}/b\r\n\
Content-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-to-file",
            "The new place is a file of the client's.",
            "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-to-ftp",
            "The new place is of FTP.",
            "HTTP/1.1 302 Found\r\nLocation: ftp://127.0.0.1:1/x\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-to-gopher",
            "The new place is of Gopher.",
            "HTTP/1.1 302 Found\r\nLocation: gopher://127.0.0.1:1/x\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-to-data",
            "The new place is in its own name.",
            "HTTP/1.1 302 Found\r\nLocation: data:text/plain,hello\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-to-script",
            "The new place is a script.",
            "HTTP/1.1 302 Found\r\nLocation: javascript:alert(1)\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-to-no-host",
            "The new place has no host.",
            "HTTP/1.1 302 Found\r\nLocation: http:///b\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-to-port-99999",
            "The new place has a port that is none.",
            "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:99999/b\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-without-place",
            "No new place is told.",
            LOCATION,
            STAYS,
            "HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-to-nothing",
            "The new place is empty.",
            LOCATION,
            Expect::OneOf(const { &[STAYS, Answer::new(200).expect()] }),
            "HTTP/1.1 302 Found\r\nLocation:\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-to-two-places",
            "There are two new places.",
            LOCATION,
            Expect::OneOf(const { &[STAYS, Answer::new(200).expect()] }),
            "HTTP/1.1 302 Found\r\nLocation: {path}/b\r\nLocation: {path}/c\r\n\
Content-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-with-cr",
            "A CR, and what looks like a field, follows the new place.",
            LOCATION,
            Expect::OneOf(
                const { &[STAYS, Answer::new(200).body(Body::Lacks(&[b"\r\nX: y", b"\rX: y"])).expect()] },
            ),
            "HTTP/1.1 302 Found\r\nLocation: {path}/b\rX: y\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-with-escaped-line-end",
            "The new place has an escaped line end, which stays escaped.",
            LOCATION,
            Expect::OneOf(const { &[STAYS, Answer::new(200).body(Body::Lacks(&[b"\nX: y"])).expect()] }),
            "HTTP/1.1 302 Found\r\nLocation: {path}/b%0d%0aX:%20y\r\nContent-Length: 0\r\n\r\n",
        ),
        row(
            "redirect-to-long-place",
            "The new place has 100,000 bytes.",
            LOCATION,
            Expect::OneOf(const { &[STAYS, Answer::new(200).expect()] }),
            &[
                Action::SendText("HTTP/1.1 302 Found\r\nLocation: {path}/"),
                Action::Repeat(b"x", 100_000),
                Action::Send(b"\r\nContent-Length: 0\r\n\r\n"),
            ],
        )
        .then_plays(&[Action::Mirror])
        .following(),
        row(
            "redirect-cut",
            "The connection ends within the new place.",
            LOCATION,
            Expect::OneOf(&[BROKEN, INVALID]),
            &[Action::SendText("HTTP/1.1 302 Found\r\nLocation: {path}/b"), Action::Close],
        )
        .then_plays(&[Action::Mirror])
        .following()
        .with_at_most(2),
        row(
            "redirect-and-cut",
            "The connection ends within the body of the redirect.",
            SECTION,
            Expect::OneOf(&[BROKEN, OK]),
            &[
                Action::SendText(
                    "HTTP/1.1 302 Found\r\nLocation: {path}/b\r\nContent-Length: 100\r\n\r\nhello",
                ),
                Action::Close,
            ],
        )
        .asking(GET)
        .then_plays(&[Action::Send(HELLO)])
        .following(),
    ]
}
