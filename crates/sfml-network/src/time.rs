//! Remaining-time arithmetic.

use std::time::{Duration, Instant};

/// A point in time after which a call gives up, or never.
///
/// A deadline is made once and handed down, so that a call made of several waits (a lookup, a connection, a
/// transfer) is bounded as a whole.
///
/// ```
/// use sfml_network::Deadline;
/// use std::time::Duration;
///
/// let deadline = Deadline::after(Duration::from_secs(5));
/// assert!(!deadline.has_passed());
/// assert!(deadline.remaining().is_some_and(|left| left <= Duration::from_secs(5)));
/// assert_eq!(Deadline::never().remaining(), None);
/// ```
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Deadline(Option<Instant>);

impl Deadline {
    /// A deadline that never comes.
    pub const fn never() -> Self {
        Self(None)
    }

    /// The deadline `timeout` from now. A duration too long for the clock means never.
    pub fn after(timeout: Duration) -> Self {
        Self(Instant::now().checked_add(timeout))
    }

    /// The deadline at a given instant.
    pub const fn at(instant: Instant) -> Self {
        Self(Some(instant))
    }

    /// The time left: `None` without a deadline, zero once it has passed.
    pub fn remaining(&self) -> Option<Duration> {
        self.0.map(|at| at.saturating_duration_since(Instant::now()))
    }

    /// Whether the deadline lies in the past.
    pub fn has_passed(&self) -> bool {
        self.0.is_some_and(|at| Instant::now() >= at)
    }

    /// The one that comes first.
    #[must_use]
    pub fn sooner(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Some(a), Some(b)) => Self(Some(a.min(b))),
            (a, b) => Self(a.or(b)),
        }
    }

    /// Whether there is no deadline at all.
    pub const fn is_never(&self) -> bool {
        self.0.is_none()
    }
}

impl From<Option<Duration>> for Deadline {
    fn from(timeout: Option<Duration>) -> Self {
        timeout.map_or(Self::never(), Self::after)
    }
}

impl From<Duration> for Deadline {
    fn from(timeout: Duration) -> Self {
        Self::after(timeout)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unreachable_instant_means_never() {
        assert!(Deadline::after(Duration::MAX).is_never());
    }

    #[test]
    fn the_sooner_of_two_is_the_one_that_comes() {
        let (soon, later) = (Deadline::after(Duration::ZERO), Deadline::after(Duration::from_secs(9)));
        assert_eq!(later.sooner(soon), soon);
        assert_eq!(Deadline::never().sooner(soon), soon);
        assert_eq!(soon.sooner(Deadline::never()), soon);
    }

    #[test]
    fn a_zero_timeout_has_passed_at_once() {
        let deadline = Deadline::after(Duration::ZERO);
        assert!(deadline.has_passed());
        assert_eq!(deadline.remaining(), Some(Duration::ZERO));
    }
}
