//! `LowSpeed`: when a transfer is too slow to go on.

use std::time::{Duration, Instant};

/// A transfer is given up when fewer than `bytes_per_second` bytes went by, on average, over a time of `period`.
///
/// Both must be more than zero to have an effect. Whatever slows the transfer counts, a rate limit and a slow disk
/// included.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct LowSpeed {
    /// The least speed that is fast enough.
    pub bytes_per_second: u64,
    /// Over how long it is measured.
    pub period: Duration,
}

/// Measures a transfer against a [`LowSpeed`], without a clock of its own: each call is told the time.
///
/// The period is cut in slots, and the last full period's slots are looked at each time one ends. So a transfer that
/// stops is found out after the period and at most one slot.
#[derive(Clone, Debug)]
pub(crate) struct SpeedWatch {
    limit: LowSpeed,
    /// Bytes of the slots that make up the last period, the oldest overwritten next.
    slots: [u64; SLOTS as usize],
    /// How many slots have ended; the next one is counted in `current`.
    ended: u64,
    current: u64,
    /// When the current slot ends.
    next_end: Instant,
}

const SLOTS: u32 = 8;

impl SpeedWatch {
    /// Begins at `now`. `None` when the limit has no effect.
    pub(crate) fn new(limit: LowSpeed, now: Instant) -> Option<Self> {
        if limit.bytes_per_second == 0 || limit.period < Duration::from_micros(1) {
            return None;
        }
        let next_end = now.checked_add(limit.period / SLOTS)?;
        Some(Self { limit, slots: [0; SLOTS as usize], ended: 0, current: 0, next_end })
    }

    /// Counts `bytes` that went by.
    pub(crate) fn moved(&mut self, bytes: usize, now: Instant) {
        self.advance(now);
        self.current = self.current.saturating_add(bytes as u64);
    }

    /// Whether the last full period was too slow.
    pub(crate) fn is_too_slow(&mut self, now: Instant) -> bool {
        self.advance(now);
        let bytes: u128 = self.slots.iter().map(|&slot| u128::from(slot)).sum();
        let wanted = u128::from(self.limit.bytes_per_second) * self.limit.period.as_nanos();
        self.ended >= SLOTS.into() && bytes * 1_000_000_000 < wanted
    }

    /// Ends the slots that lie before `now`.
    fn advance(&mut self, now: Instant) {
        let slot = self.limit.period / SLOTS;
        // After a whole period without a call all slots are empty, however long ago that was.
        for _ in 0..=SLOTS {
            if now < self.next_end {
                return;
            }
            self.slots[(self.ended % u64::from(SLOTS)) as usize] = std::mem::take(&mut self.current);
            self.ended += 1;
            self.next_end += slot;
        }
        if now >= self.next_end {
            self.next_end = now.checked_add(slot).unwrap_or(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: LowSpeed = LowSpeed { bytes_per_second: 100, period: Duration::from_secs(8) };

    fn watch() -> (SpeedWatch, Instant) {
        let now = Instant::now();
        (SpeedWatch::new(LIMIT, now).unwrap(), now)
    }

    #[test]
    fn a_transfer_that_never_moves_is_too_slow_after_the_period() {
        let (mut watch, start) = watch();
        assert!(!watch.is_too_slow(start + LIMIT.period - Duration::from_millis(1)));
        assert!(watch.is_too_slow(start + LIMIT.period));
    }

    #[test]
    fn a_transfer_at_the_limit_goes_on_and_one_below_does_not() {
        for (bytes, too_slow) in [(100, false), (99, true)] {
            let (mut watch, start) = watch();
            let mut found = false;
            for second in 0..100 {
                let now = start + Duration::from_secs(second);
                watch.moved(bytes, now);
                found |= watch.is_too_slow(now);
            }
            assert_eq!(found, too_slow, "{bytes}");
        }
    }

    #[test]
    fn a_stop_after_a_flood_is_found_after_the_period_and_a_slot() {
        let (mut watch, start) = watch();
        let stop = start + Duration::from_millis(2_500);
        watch.moved(1 << 30, stop);
        let mut now = stop;
        while !watch.is_too_slow(now) {
            assert!(now <= stop + LIMIT.period + LIMIT.period / SLOTS);
            now = watch.next_end;
        }
        assert!(now >= stop + LIMIT.period);
    }

    #[test]
    fn a_watch_that_nobody_asked_for_long_knows_the_silence() {
        let (mut watch, start) = watch();
        watch.moved(1 << 30, start);
        let later = start + Duration::from_secs(100_000);
        assert!(watch.is_too_slow(later));
        assert!(watch.next_end > later);
    }

    #[test]
    fn limits_without_effect_are_none() {
        let now = Instant::now();
        assert!(SpeedWatch::new(LowSpeed { bytes_per_second: 0, ..LIMIT }, now).is_none());
        assert!(SpeedWatch::new(LowSpeed { period: Duration::ZERO, ..LIMIT }, now).is_none());
        let most = LowSpeed { bytes_per_second: u64::MAX, period: Duration::from_secs(1 << 30) };
        let mut watch = SpeedWatch::new(most, now).unwrap();
        watch.moved(usize::MAX, now);
        assert!(!watch.is_too_slow(now));
        let longest = LowSpeed { period: Duration::MAX, ..LIMIT };
        assert!(SpeedWatch::new(longest, now).is_none_or(|mut watch| !watch.is_too_slow(now)));
    }
}
