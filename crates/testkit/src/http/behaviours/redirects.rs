//! Redirects.

use super::rows::{BROKEN, GET, HEAD, HELLO, INVALID, OK, POST, row, sends};
use super::{Action, Answer, Behaviour, Body, Expect, Failure, Request};

const SECTION: &str = "RFC 9110, section 15.4";
const LOCATION: &str = "RFC 9110, section 10.2.2";
const REFERENCES: &str = "RFC 3986, section 5.2";
const CONNECTION_FAILED: Expect = Expect::Fails(&[Failure::ConnectionFailed]);
const TOO_MANY: Expect = Expect::Fails(&[Failure::TooManyRedirects, Failure::InvalidResponse]);

const REFUSED: Expect =
    Expect::Fails(&[Failure::ConnectionFailed, Failure::InvalidResponse, Failure::TooManyRedirects]);

/// Not followed: the redirect is the answer, or a failure.
const STAYS: Expect = Expect::OneOf(&[Answer::new(302).expect(), REFUSED]);

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = forms();
    rows.extend(methods());
    rows.extend(dangers());
    rows
}

/// A redirect, and the answer to whatever request comes of it.
fn redirect(
    name: &'static str,
    about: &'static str,
    source: &'static str,
    expect: Expect,
    head: &'static str,
) -> Behaviour {
    row(name, about, source, expect, &[Action::SendText(head)]).then_plays(&[Action::Mirror]).following()
}

fn forms() -> Vec<Behaviour> {
    let to = |name, about, target: &'static [u8], head| {
        let expect = Answer::new(200).body(Body::Has(target)).expect();
        redirect(name, about, REFERENCES, expect, head)
    };
    vec![
        sends(
            "redirect-not-followed",
            "The client is sent elsewhere, and is not to go.",
            SECTION,
            Answer::new(302).fields(&[("Location", &[b"/elsewhere"])]).expect(),
            b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-absolute",
            "The new place is a whole URL.",
            b"GET /redirect-absolute/b?c=d HTTP/1.1\r\n",
            "HTTP/1.1 302 Found\r\nLocation: {here}/b?c=d\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-path",
            "The new place is a path.",
            b"GET /redirect-path/b HTTP/1.1\r\n",
            "HTTP/1.1 302 Found\r\nLocation: {path}/b\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-relative",
            "The new place is beside the old one.",
            b"GET /redirect-relative/b HTTP/1.1\r\n",
            "HTTP/1.1 302 Found\r\nLocation: redirect-relative/b\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-dots",
            "The new place has dots in its path.",
            b"GET /redirect-dots/b HTTP/1.1\r\n",
            "HTTP/1.1 302 Found\r\nLocation: ./x/../redirect-dots/b\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-query",
            "The new place is another query.",
            b"GET /redirect-query?a=b HTTP/1.1\r\n",
            "HTTP/1.1 302 Found\r\nLocation: ?a=b\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-without-scheme",
            "The new place lacks its scheme.",
            b"GET /redirect-without-scheme/b HTTP/1.1\r\n",
            "HTTP/1.1 302 Found\r\nLocation: //{authority}{path}/b\r\nContent-Length: 0\r\n\r\n",
        ),
        to(
            "redirect-fragment",
            "The new place has a fragment, which stays with the client.",
            b"GET /redirect-fragment/b HTTP/1.1\r\n",
            "HTTP/1.1 302 Found\r\nLocation: {path}/b#part\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-escapes",
            "The new place has escapes, which stay as they are but for those that mean the same.",
            REFERENCES,
            Expect::OneOf(
                const {
                    &[
                        Answer::new(200).body(Body::Has(b"/redirect-escapes/%2e%41%20b HTTP")).expect(),
                        Answer::new(200).body(Body::Has(b"/redirect-escapes/.A%20b HTTP")).expect(),
                    ]
                },
            ),
            "HTTP/1.1 302 Found\r\nLocation: {path}/%2e%41%20b\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-with-blank",
            "The new place has a blank.",
            REFERENCES,
            Expect::OneOf(
                const {
                    &[
                        Answer::new(200)
                            .body(Body::Has(b"GET /redirect-with-blank/a%20b HTTP/1.1\r\n"))
                            .expect(),
                        STAYS,
                    ]
                },
            ),
            "HTTP/1.1 302 Found\r\nLocation: {path}/a b\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-not-ascii",
            "The new place is not ASCII.",
            REFERENCES,
            Expect::OneOf(
                const {
                    &[
                        Answer::new(200)
                            .body(Body::Has(b"GET /redirect-not-ascii/caf%C3%A9 HTTP/1.1\r\n"))
                            .expect(),
                        Answer::new(200)
                            .body(Body::Has(b"GET /redirect-not-ascii/caf%C3%83%C2%A9 HTTP/1.1\r\n"))
                            .expect(),
                        STAYS,
                    ]
                },
            ),
            "HTTP/1.1 302 Found\r\nLocation: {path}/caf\u{e9}\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-with-body",
            "The redirect has a body of its own.",
            SECTION,
            Answer::new(200).body(Body::Has(b"/redirect-with-body/b")).expect(),
            "HTTP/1.1 302 Found\r\nLocation: {path}/b\r\nContent-Length: 5\r\n\r\nhello",
        ),
        redirect(
            "redirect-with-chunks",
            "The redirect has a body in chunks.",
            SECTION,
            Answer::new(200).body(Body::Has(b"/redirect-with-chunks/b")).expect(),
            "HTTP/1.1 302 Found\r\nLocation: {path}/b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        ),
        row(
            "redirect-five-times",
            "There are five redirects in a row.",
            SECTION,
            OK,
            &[Action::SendText("HTTP/1.1 302 Found\r\nLocation: {path}/1\r\nContent-Length: 0\r\n\r\n")],
        )
        .then_plays(&[Action::SendText(
            "HTTP/1.1 301 Moved\r\nLocation: {path}/2\r\nContent-Length: 0\r\n\r\n",
        )])
        .then_plays(&[Action::SendText(
            "HTTP/1.1 303 See Other\r\nLocation: {path}/3\r\nContent-Length: 0\r\n\r\n",
        )])
        .then_plays(&[Action::SendText(
            "HTTP/1.1 307 Temporary\r\nLocation: {here}/4\r\nContent-Length: 0\r\n\r\n",
        )])
        .then_plays(&[Action::SendText(
            "HTTP/1.1 308 Permanent\r\nLocation: {path}/5\r\nContent-Length: 0\r\n\r\n",
        )])
        .then_plays(&[Action::Send(HELLO)])
        .following(),
        redirect(
            "redirect-304",
            "A status of 3xx is none.",
            "RFC 9110, section 15.4.5",
            Answer::new(304).expect(),
            "HTTP/1.1 304 Not Modified\r\nLocation: {path}/b\r\n\r\n",
        ),
        redirect(
            "redirect-201",
            "A place is told, with a status that is none of 3xx.",
            "RFC 9110, section 15.3.2",
            Answer::new(201).expect(),
            "HTTP/1.1 201 Created\r\nLocation: {path}/b\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-300-without-place",
            "There are choices, and none is preferred.",
            "RFC 9110, section 15.4.1",
            Answer::new(300).expect(),
            "HTTP/1.1 300 Multiple Choices\r\nContent-Length: 0\r\n\r\n",
        ),
    ]
}

fn methods() -> Vec<Behaviour> {
    let turned = |name, about, source, request, target: &'static [u8], head| {
        redirect(name, about, source, Answer::new(200).body(Body::Has(target)).expect(), head).asking(request)
    };
    const KEPT: &[u8] = b"\r\n\r\nxxxxx";
    vec![
        turned(
            "redirect-303-post",
            "A POST becomes a GET.",
            "RFC 9110, section 15.4.4",
            POST,
            b"GET /redirect-303-post/b HTTP/1.1\r\n",
            "HTTP/1.1 303 See Other\r\nLocation: {path}/b\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-302-post",
            "A POST may become a GET, and does nearly everywhere.",
            "RFC 9110, section 15.4.3",
            Expect::OneOf(
                const {
                    &[
                        Answer::new(200).body(Body::Has(b"GET /redirect-302-post/b HTTP/1.1\r\n")).expect(),
                        Answer::new(200).body(Body::Has(KEPT)).expect(),
                    ]
                },
            ),
            "HTTP/1.1 302 Found\r\nLocation: {path}/b\r\nContent-Length: 0\r\n\r\n",
        )
        .asking(POST),
        redirect(
            "redirect-301-post",
            "A POST may become a GET here, too.",
            "RFC 9110, section 15.4.2",
            Expect::OneOf(
                const {
                    &[
                        Answer::new(200).body(Body::Has(b"GET /redirect-301-post/b HTTP/1.1\r\n")).expect(),
                        Answer::new(200).body(Body::Has(KEPT)).expect(),
                    ]
                },
            ),
            "HTTP/1.1 301 Moved Permanently\r\nLocation: {path}/b\r\nContent-Length: 0\r\n\r\n",
        )
        .asking(POST),
        redirect(
            "redirect-307-post",
            "A POST stays one, with its body.",
            "RFC 9110, section 15.4.8",
            Expect::OneOf(
                const { &[Answer::new(200).body(Body::Has(KEPT)).expect(), Answer::new(307).expect()] },
            ),
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: {path}/b\r\nContent-Length: 0\r\n\r\n",
        )
        .asking(POST),
        redirect(
            "redirect-308-post",
            "A POST stays one, with its body.",
            "RFC 9110, section 15.4.9",
            Expect::OneOf(
                const { &[Answer::new(200).body(Body::Has(KEPT)).expect(), Answer::new(308).expect()] },
            ),
            "HTTP/1.1 308 Permanent Redirect\r\nLocation: {path}/b\r\nContent-Length: 0\r\n\r\n",
        )
        .asking(POST),
        turned(
            "redirect-303-drops-the-body",
            "A GET that was a POST has no body, and none of its fields.",
            "RFC 9110, section 15.4",
            POST,
            b"GET /redirect-303-drops-the-body/b HTTP/1.1\r\n",
            "HTTP/1.1 303 See Other\r\nLocation: {path}/b\r\nContent-Length: 0\r\n\r\n",
        ),
        redirect(
            "redirect-head",
            "A HEAD stays one.",
            SECTION,
            Answer::new(200).body(Body::Is(b"")).expect(),
            "HTTP/1.1 302 Found\r\nLocation: {path}/b\r\n\r\n",
        )
        .asking(HEAD),
    ]
}

fn dangers() -> Vec<Behaviour> {
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
                    "HTTP/1.1 302 Found\r\nLocation: /redirect-loop-of-two/a\r\nContent-Length: 0\r\n\r\n",
                ),
                Action::Next,
                Action::SendText(
                    "HTTP/1.1 302 Found\r\nLocation: /redirect-loop-of-two/b\r\nContent-Length: 0\r\n\r\n",
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
            "HTTP/1.1 307 Temporary Redirect\r\nLocation: {elsewhere}/b\r\nContent-Length: 0\r\n\r\n",
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
            "HTTP/1.1 302 Found\r\nLocation: http://user:secret@{authority}{path}/b\r\nContent-Length: 0\r\n\r\n",
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
            "HTTP/1.1 302 Found\r\nLocation: {path}/b\r\nLocation: {path}/c\r\nContent-Length: 0\r\n\r\n",
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
