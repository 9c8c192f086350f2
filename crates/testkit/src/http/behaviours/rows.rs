//! How rows are written, and what many of them share.

use super::{Action, Answer, Behaviour, Body, Call, Expect, Failure, Request};

/// One `GET`, and what the server does then.
pub(super) fn row(
    name: &'static str,
    about: &'static str,
    source: &'static str,
    expect: Expect,
    script: &[Action],
) -> Behaviour {
    Behaviour {
        name,
        about,
        source,
        calls: vec![Call { request: GET, opens_gate: false, expect }],
        scripts: vec![script.to_vec()],
        follows: false,
        decodes: false,
        waits: false,
        most_requests: None,
    }
}

/// The same, where the server sends these bytes and keeps the connection as long as the client wants.
pub(super) fn sends(
    name: &'static str,
    about: &'static str,
    source: &'static str,
    expect: Expect,
    bytes: &'static [u8],
) -> Behaviour {
    row(name, about, source, expect, &[Action::Send(bytes)])
}

/// The same, where the end of the connection follows.
pub(super) fn ends(
    name: &'static str,
    about: &'static str,
    source: &'static str,
    expect: Expect,
    bytes: &'static [u8],
) -> Behaviour {
    row(name, about, source, expect, &[Action::Send(bytes), Action::Close])
}

impl Behaviour {
    /// With another request in the last call.
    pub(super) fn asking(mut self, request: Request) -> Self {
        if let Some(call) = self.calls.last_mut() {
            call.request = request;
        }
        self
    }

    /// With one more call.
    pub(super) fn then(mut self, request: Request, expect: Expect) -> Self {
        self.calls.push(Call { request, opens_gate: false, expect });
        self
    }

    /// With one more call, for which a gate is opened.
    pub(super) fn then_behind_the_gate(mut self, request: Request, expect: Expect) -> Self {
        self.calls.push(Call { request, opens_gate: true, expect });
        self
    }

    /// With one more script.
    pub(super) fn then_plays(mut self, script: &[Action]) -> Self {
        self.scripts.push(script.to_vec());
        self
    }

    pub(super) fn following(mut self) -> Self {
        self.follows = true;
        self
    }

    pub(super) fn decoding(mut self) -> Self {
        self.decodes = true;
        self
    }

    pub(super) fn waiting(mut self) -> Self {
        self.waits = true;
        self
    }

    pub(super) fn with_at_most(mut self, requests: usize) -> Self {
        self.most_requests = Some(requests);
        self
    }
}

pub(super) const GET: Request = Request::new("GET");
pub(super) const HEAD: Request = Request::new("HEAD");
pub(super) const POST: Request = Request::new("POST").body(b'x', 5);

/// The answer that most servers give here.
pub(super) const HELLO: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

/// What a client makes of [`HELLO`].
pub(super) const OK: Expect = Answer::new(200).body(Body::Is(b"hello")).expect();

pub(super) const INVALID: Expect = Expect::Fails(&[Failure::InvalidResponse]);
pub(super) const TRUNCATED: Expect = Expect::Fails(&[Failure::Truncated]);
pub(super) const TIMED_OUT: Expect = Expect::Fails(&[Failure::TimedOut]);

/// A head that ends early is one that cannot be read, too.
pub(super) const CUT_HEAD: Expect = Expect::Fails(&[Failure::InvalidResponse, Failure::Truncated]);

/// A broken connection may be told as one.
pub(super) const BROKEN: Expect =
    Expect::Fails(&[Failure::InvalidResponse, Failure::Truncated, Failure::ConnectionFailed]);

/// A head or framing without end is no answer, too.
pub(super) const TOO_LARGE: Expect = Expect::Fails(&[Failure::TooLarge, Failure::InvalidResponse]);

/// Where recipients may be lenient, and may be strict.
pub(super) const OK_OR_INVALID: Expect = Expect::OneOf(&[OK, INVALID]);

/// Where limits differ.
pub(super) const OK_OR_TOO_LARGE: Expect = Expect::OneOf(&[OK, TOO_LARGE]);
