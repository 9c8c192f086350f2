//! What HTTP servers do: a table to try clients with.
//!
//! Each [`Behaviour`] is what a client asks for, the bytes and the ends that it meets, and what is right then. The rows
//! come from RFC 9110 and RFC 9112, from real servers and from what other clients stumbled over. One [`Server`] plays
//! all of them, each under a path of its own.
//!
//! A client is expected to have a limit of [`LARGEST_BODY`] for what it takes; limits of a few seconds for its waits,
//! which only the rows that say so use up; and to keep connections where it may.
//!
//! ```
//! use testkit::http::behaviours::{self, Outcome, Server};
//!
//! let server = Server::start()?;
//! let row = behaviours::named("right").expect("the table has it");
//! // A client is to do what `call.request` says, and to tell how that went.
//! let verdict = row.try_client(&server, |call, url| {
//!     assert_eq!((call.request.method, url), ("GET", &*server.url("right")));
//!     Outcome::Impossible
//! });
//! assert!(verdict.is_err());
//! # Ok::<(), std::io::Error>(())
//! ```

mod action;
mod bombs;
mod chunks;
mod codings;
mod compressed;
mod endings;
mod expect;
mod fields;
mod interim;
mod json;
mod judge;
mod ledger;
mod lengths;
mod limits;
mod lures;
mod outcome;
mod redirects;
mod reuse;
mod rows;
mod server;
mod silences;
mod stage;
mod status_lines;
mod uploads;

pub use action::Action;
pub use expect::{Answer, Body, Expect, Failure};
pub use judge::python_verdicts;
pub use outcome::Outcome;
pub use server::Server;

/// A server's behaviour, and what a client is to make of it.
#[derive(Clone, Debug)]
pub struct Behaviour {
    /// What it is called: lower case, hyphens and digits. `/name` is its path.
    pub name: &'static str,
    /// What the server does, in a sentence.
    pub about: &'static str,
    /// The section of an RFC that settles it.
    pub source: &'static str,
    /// What the client does, one after the other and with one session.
    pub calls: Vec<Call>,
    /// What the server does on each request that is not part of an earlier one's script; the last script again once
    /// there are no more.
    pub scripts: Vec<Vec<Action>>,
    /// Whether the client is to follow redirects, ten at least; otherwise it is not to follow any.
    pub follows: bool,
    /// Whether the client is to ask for gzip and brotli and to decode them.
    pub decodes: bool,
    /// Whether nothing but a timeout of the client's can end it.
    pub waits: bool,
    /// How many requests at most the server may get, where a repetition does harm.
    pub most_requests: Option<usize>,
}

/// One thing that the client does.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// What it asks.
    pub request: Request,
    /// Whether [`Server::open_gate`] comes first.
    pub opens_gate: bool,
    /// What is right.
    pub expect: Expect,
}

/// What the client asks, with HTTP/1.1 where it can.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// Fields besides those that the client sends by itself.
    pub fields: &'static [(&'static str, &'static str)],
    /// A body: this byte so many times, with its length told. `None` is no body.
    pub body: Option<(u8, u64)>,
}

impl Request {
    /// A request without body.
    pub const fn new(method: &'static str) -> Self {
        Self { method, fields: &[], body: None }
    }

    const fn fields(mut self, fields: &'static [(&'static str, &'static str)]) -> Self {
        self.fields = fields;
        self
    }

    const fn body(mut self, byte: u8, length: u64) -> Self {
        self.body = Some((byte, length));
        self
    }
}

impl Behaviour {
    /// Lets a client do all calls, each at the row's URL, and judges what it tells of them.
    ///
    /// # Errors
    /// What was wrong.
    pub fn try_client(
        &self,
        server: &Server,
        mut client: impl FnMut(&Call, &str) -> Outcome,
    ) -> Result<(), String> {
        let url = server.url(self.name);
        for (number, call) in self.calls.iter().enumerate() {
            if call.opens_gate && !server.open_gate(self.name) {
                return Err(format!("call {number}: the server waits for the call before it"));
            }
            let outcome = client(call, &url);
            if !call.expect.accepts(&outcome) {
                return Err(format!("call {number} came to {outcome:?}, expected {:?}", call.expect));
            }
        }
        let requests = server.requests(self.name).len();
        match self.most_requests {
            Some(most) if requests > most => Err(format!("the server got {requests} requests")),
            _ => Ok(()),
        }
    }
}

/// The whole table.
pub fn all() -> Vec<Behaviour> {
    let groups = [
        status_lines::rows(),
        fields::rows(),
        lengths::rows(),
        chunks::rows(),
        codings::rows(),
        interim::rows(),
        endings::rows(),
        silences::rows(),
        limits::rows(),
        compressed::rows(),
        reuse::rows(),
        uploads::rows(),
        redirects::rows(),
        lures::rows(),
    ];
    groups.into_iter().flatten().collect()
}

/// The behaviour of this name.
pub fn named(name: &str) -> Option<Behaviour> {
    all().into_iter().find(|behaviour| behaviour.name == name)
}

/// The table as lines of JSON, one for each row, for programs in other languages.
///
/// Each character of a text that a server sends or gets stands for a byte.
pub fn json_lines() -> String {
    all().iter().map(|row| json::row(row) + "\n").collect()
}

/// In bytes: more than any right answer has.
pub const LARGEST_BODY: u64 = 16 << 20;

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_row_has_a_name_of_its_own_and_says_what_it_is() {
        let mut names = HashSet::new();
        for row in all() {
            let name = row.name;
            assert!(names.insert(name), "{name} twice");
            let is_plain = |byte: u8| byte.is_ascii_lowercase() || b"-0123456789".contains(&byte);
            assert!(name.bytes().all(is_plain), "{name}");
            assert!(row.about.ends_with('.') && row.source.starts_with("RFC "), "{name}");
            assert!(!row.calls.is_empty() && !row.scripts.is_empty(), "{name}");
        }
        assert!(names.len() >= 200, "{}", names.len());
        assert_eq!(named("right").map(|row| row.name), Some("right"));
    }

    #[test]
    fn a_row_that_waits_expects_a_timeout_and_no_other_does() {
        fn expects_a_timeout(expect: &Expect) -> bool {
            match expect {
                Expect::Fails(failures) => failures.contains(&Failure::TimedOut),
                Expect::OneOf(choices) => choices.iter().any(expects_a_timeout),
                Expect::Answer(_) => false,
            }
        }
        for row in all() {
            let does = row.calls.iter().any(|call| expects_a_timeout(&call.expect));
            assert_eq!(does, row.waits, "{}", row.name);
        }
    }
}
