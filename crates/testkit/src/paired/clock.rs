//! What a turn is measured with.

use std::ops::{AddAssign, Sub};
use std::time::Duration;

use rustix::time::{ClockId, Timespec, clock_gettime};

/// What the two clocks show.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct Reading {
    /// The CPU time of the reading thread.
    pub cpu: Duration,
    /// The time since some moment in the past.
    pub wall: Duration,
}

impl Sub for Reading {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self { cpu: self.cpu - earlier.cpu, wall: self.wall - earlier.wall }
    }
}

impl AddAssign for Reading {
    fn add_assign(&mut self, other: Self) {
        self.cpu += other.cpu;
        self.wall += other.wall;
    }
}

/// Tells both times.
pub trait Clock {
    /// The times now.
    fn read(&self) -> Reading;
}

/// The system's clocks of the calling thread.
///
/// CPU time leaves out what other programs take from a shared machine, which makes it the steadier one.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThreadClock;

impl Clock for ThreadClock {
    fn read(&self) -> Reading {
        Reading {
            cpu: duration(clock_gettime(ClockId::ThreadCPUTime)),
            wall: duration(clock_gettime(ClockId::Monotonic)),
        }
    }
}

fn duration(time: Timespec) -> Duration {
    // Neither clock is ever negative, and nanoseconds stay below a second.
    Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_takes_cpu_time_and_never_more_than_has_elapsed() {
        let before = ThreadClock.read();
        let mut spent = Reading::default();
        while spent.cpu < Duration::from_millis(1) {
            spent = ThreadClock.read() - before;
        }
        assert!(spent.wall + Duration::from_micros(100) >= spent.cpu, "{spent:?}");
    }
}
