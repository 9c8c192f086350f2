//! Redirects.

use super::rows::{HEAD, HELLO, OK, POST, row, sends};
use super::{Action, Answer, Behaviour, Body, Expect, Failure};

const SECTION: &str = "RFC 9110, section 15.4";
const REFERENCES: &str = "RFC 3986, section 5.2";

const REFUSED: Expect =
    Expect::Fails(&[Failure::ConnectionFailed, Failure::InvalidResponse, Failure::TooManyRedirects]);

/// Not followed: the redirect is the answer, or a failure.
pub(super) const STAYS: Expect = Expect::OneOf(&[Answer::new(302).expect(), REFUSED]);

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = forms();
    rows.extend(methods());
    rows
}

/// A redirect, and the answer to whatever request comes of it.
pub(super) fn redirect(
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
            "HTTP/1.1 302 Found\r\nLocation: {path}/b\r\n\
Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
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
