//! What a right client reports.

use super::outcome::Outcome;

/// What is right for a call to come to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expect {
    /// An answer.
    Answer(Answer),
    /// A failure, told as one of these. A client that does not tell them apart is right with any.
    Fails(&'static [Failure]),
    /// Each of these.
    OneOf(&'static [Self]),
}

/// What an answer has to be; what is not given is not asked for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The reason phrase, for clients that tell it.
    pub reason: Option<&'static [u8]>,
    /// Fields with all their values in order. No value: the field may not be there.
    pub fields: &'static [(&'static str, &'static [&'static [u8]])],
    /// The body.
    pub body: Body,
}

/// What a body has to be.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Body {
    /// Anything.
    Any,
    /// These bytes.
    Is(&'static [u8]),
    /// This byte so many times.
    Repeats(u8, u64),
    /// Anything that has these bytes in it, in whatever case.
    Has(&'static [u8]),
    /// Anything that has none of these in it, in whatever case.
    Lacks(&'static [&'static [u8]]),
}

/// Why there is no answer.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Failure {
    /// There is no connection, or none that can be trusted.
    ConnectionFailed,
    /// What came is no answer.
    InvalidResponse,
    /// The answer ended early.
    Truncated,
    /// The answer is larger than the client takes.
    TooLarge,
    /// The time was over.
    TimedOut,
    /// There were more redirects than the client follows.
    TooManyRedirects,
}

impl Answer {
    /// An answer of this status.
    pub const fn new(status: u16) -> Self {
        Self { status, reason: None, fields: &[], body: Body::Any }
    }

    pub(super) const fn reason(mut self, reason: &'static [u8]) -> Self {
        self.reason = Some(reason);
        self
    }

    pub(super) const fn fields(
        mut self,
        fields: &'static [(&'static str, &'static [&'static [u8]])],
    ) -> Self {
        self.fields = fields;
        self
    }

    pub(super) const fn body(mut self, body: Body) -> Self {
        self.body = body;
        self
    }

    pub(super) const fn expect(self) -> Expect {
        Expect::Answer(self)
    }
}

impl Failure {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::ConnectionFailed,
        Self::InvalidResponse,
        Self::Truncated,
        Self::TooLarge,
        Self::TimedOut,
        Self::TooManyRedirects,
    ];

    /// Its name in the table that programs read: lower case, with underscores.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ConnectionFailed => "connection_failed",
            Self::InvalidResponse => "invalid_response",
            Self::Truncated => "truncated",
            Self::TooLarge => "too_large",
            Self::TimedOut => "timed_out",
            Self::TooManyRedirects => "too_many_redirects",
        }
    }
}

impl Expect {
    /// Whether an outcome is right.
    pub fn accepts(&self, outcome: &Outcome) -> bool {
        match (self, outcome) {
            (Self::OneOf(choices), outcome) => choices.iter().any(|choice| choice.accepts(outcome)),
            (Self::Fails(failures), Outcome::Failed { failure, .. }) => {
                failure.is_none_or(|failure| failures.contains(&failure))
            }
            (Self::Answer(wanted), Outcome::Answered { status, reason, fields, body }) => {
                let has = |(name, values): &(&str, &[&[u8]])| {
                    let found = fields.iter().filter(|(found, _)| found.eq_ignore_ascii_case(name));
                    found.map(|(_, value)| &**value).eq(values.iter().copied())
                };
                let tells = |wanted| reason.as_ref().is_none_or(|reason| reason == wanted);
                wanted.status == *status
                    && wanted.reason.is_none_or(tells)
                    && wanted.fields.iter().all(has)
                    && wanted.body.accepts(body)
            }
            _ => false,
        }
    }
}

impl Body {
    fn accepts(&self, found: &[u8]) -> bool {
        match *self {
            Self::Any => true,
            Self::Is(wanted) => found == wanted,
            Self::Repeats(byte, count) => found.len() as u64 == count && found.iter().all(|one| *one == byte),
            Self::Has(part) => has(found, part),
            Self::Lacks(parts) => !parts.iter().any(|part| has(found, part)),
        }
    }
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(fields: &[(&str, &[u8])], body: &[u8]) -> Outcome {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), value.to_vec())).collect();
        Outcome::Answered { status: 200, reason: Some(b"OK".to_vec()), fields, body: body.to_vec() }
    }

    #[test]
    fn an_answer_is_right_in_each_part_or_wrong() {
        const FIELDS: &[(&str, &[&[u8]])] = &[("a", &[b"1", b"2"]), ("b", &[])];
        let wanted = Answer::new(200).fields(FIELDS).body(Body::Is(b"x"));
        let found = answered(&[("A", b"1"), ("c", b""), ("a", b"2")], b"x");
        assert!(wanted.expect().accepts(&found));
        assert!(
            wanted.reason(b"OK").expect().accepts(&found) && !wanted.reason(b"").expect().accepts(&found)
        );
        assert!(!wanted.body(Body::Is(b"y")).expect().accepts(&found));
        assert!(!wanted.expect().accepts(&answered(&[("a", b"2"), ("a", b"1")], b"x")));
        assert!(!wanted.expect().accepts(&answered(&[("a", b"1"), ("a", b"2"), ("b", b"")], b"x")));
        assert!(!Answer::new(204).expect().accepts(&found));
    }

    #[test]
    fn a_failure_is_right_when_it_is_one_of_those_or_has_no_name() {
        let failed = |failure| Outcome::Failed { failure, why: String::new() };
        let expect = Expect::Fails(&[Failure::Truncated]);
        assert!(expect.accepts(&failed(Some(Failure::Truncated))) && expect.accepts(&failed(None)));
        assert!(!expect.accepts(&failed(Some(Failure::TimedOut))) && !expect.accepts(&Outcome::Impossible));
        const EITHER: Expect = Expect::OneOf(&[Answer::new(200).expect(), Expect::Fails(&[])]);
        assert!(EITHER.accepts(&answered(&[], b"")) && !EITHER.accepts(&failed(Some(Failure::TooLarge))));
    }

    #[test]
    fn bodies_are_compared_as_asked_for() {
        assert!(Body::Repeats(0, 2).accepts(b"\0\0") && !Body::Repeats(0, 2).accepts(b"\0"));
        assert!(Body::Has(b"bc").accepts(b"aBCd") && !Body::Has(b"bd").accepts(b"abcd"));
        assert!(Body::Lacks(&[b"x", b"y"]).accepts(b"abc") && !Body::Lacks(&[b"x", b"C"]).accepts(b"abc"));
    }
}
