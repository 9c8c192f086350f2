//! `Rate`: a limit on bytes per second.

use std::num::NonZeroU64;
use std::time::{Duration, Instant};

/// Holds a transfer to a number of bytes per second, without a clock of its own: each call is told the time.
///
/// Every byte uses up some time. What was used beyond the present has to be waited for; what was not used is kept for
/// [`BURST`](Self::BURST) at most, so that a stall is not made up for by a flood.
#[derive(Clone, Debug)]
pub(crate) struct Rate {
    bytes_per_second: NonZeroU64,
    /// Until when the bytes so far have used up the time.
    used_until: Instant,
}

impl Rate {
    /// How much unused time is kept.
    const BURST: Duration = Duration::from_millis(100);
    /// Pieces are small enough that there are this many in a second, ...
    const PIECES_PER_SECOND: u64 = 20;
    /// ... and never larger than this, which is as fast as any.
    const LARGEST_PIECE: u64 = 4 << 20;

    /// Begins at `now` with nothing kept.
    pub(crate) fn new(bytes_per_second: NonZeroU64, now: Instant) -> Self {
        Self { bytes_per_second, used_until: now }
    }

    /// The most bytes to move before [`moved`](Self::moved) is called, so that the flow is even.
    pub(crate) fn piece(&self) -> usize {
        let piece = self.bytes_per_second.get() / Self::PIECES_PER_SECOND;
        // No larger than 4 MiB.
        piece.clamp(1, Self::LARGEST_PIECE) as usize
    }

    /// Counts `bytes` that went by; returns how long to wait before the next ones.
    pub(crate) fn moved(&mut self, bytes: usize, now: Instant) -> Duration {
        let kept_from = now.checked_sub(Self::BURST).unwrap_or(now);
        let start = self.used_until.max(kept_from);
        // Rounded up: the limit is not exceeded by the sum of many small pieces.
        let nanos = (bytes as u128 * 1_000_000_000).div_ceil(self.bytes_per_second.get().into());
        let time = Duration::from_nanos(u64::try_from(nanos).unwrap_or(u64::MAX));
        // An instant no clock can reach would be waited for in vain anyway.
        self.used_until = start.checked_add(time).unwrap_or(start);
        self.used_until.saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rate(bytes_per_second: u64) -> (Rate, Instant) {
        let now = Instant::now();
        (Rate::new(NonZeroU64::new(bytes_per_second).unwrap(), now), now)
    }

    #[test]
    fn bytes_take_the_time_they_should() {
        let (mut rate, mut now) = rate(1_000);
        for _ in 0..10 {
            let wait = rate.moved(rate.piece(), now);
            assert_eq!(wait, Duration::from_millis(50));
            now += wait;
        }
    }

    #[test]
    fn time_that_was_not_used_is_kept_only_for_a_moment() {
        let (mut rate, start) = rate(1_000);
        let now = start + Duration::from_secs(3600);
        assert_eq!(rate.moved(100, now), Duration::ZERO);
        assert_eq!(rate.moved(1, now), Duration::from_millis(1));
    }

    #[test]
    fn pieces_are_neither_empty_nor_huge() {
        for (bytes_per_second, piece) in [(1, 1), (19, 1), (20_000, 1_000), (u64::MAX, 4 << 20)] {
            assert_eq!(rate(bytes_per_second).0.piece(), piece);
        }
    }

    #[test]
    fn no_number_is_too_large() {
        let (mut slow, now) = rate(1);
        slow.moved(usize::MAX, now);
        slow.moved(usize::MAX, now);
        let (mut fast, now) = rate(u64::MAX);
        assert!(fast.moved(usize::MAX, now) <= Duration::from_secs(1));
    }

    proptest! {
        #[test]
        fn never_more_goes_by_than_the_rate_and_one_burst(
            bytes_per_second in 1_u64..1 << 40,
            steps in proptest::collection::vec((1_usize..1 << 22, 0_u64..200_000_000), 1..100),
        ) {
            let (mut rate, start) = rate(bytes_per_second);
            let (mut now, mut before) = (start, 0_u128);
            for (bytes, late) in steps {
                now += Duration::from_nanos(late);
                let allowed = bytes_per_second as u128
                    * (now - start + Rate::BURST).as_nanos() / 1_000_000_000;
                prop_assert!(before <= allowed + 1, "{before} of {allowed}");
                let bytes = bytes.min(rate.piece());
                now += rate.moved(bytes, now);
                before += bytes as u128;
            }
        }
    }
}
