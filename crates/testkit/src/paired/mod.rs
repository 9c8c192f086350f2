//! Paired measurement: our way of doing something and its peers' take turns within milliseconds, in one process.
//!
//! On a shared machine the same code is twice as slow a minute later, so absolute times say little. Here every
//! round runs ours, each peer, ours again, and then all of them backwards; each round gives one ratio per peer,
//! and what counts is the median of those. "Ours again" is measured like a peer: its ratio would be exactly one
//! on a silent machine, and tells how far the others can be trusted.

mod clock;
mod figure;
pub mod program;

pub use self::clock::{Clock, Reading, ThreadClock};
pub use self::figure::{Figure, Spread, Unit, table, write_csv};

use std::time::Duration;

/// Rounds of one case, unless it says otherwise: odd, so that the median is a round that happened.
const ROUNDS: usize = 41;

/// How long one turn is to take: well above the clock's own cost, well below a scheduler's slice.
const TURN: Duration = Duration::from_millis(2);

/// No operation is so cheap that more than this is needed.
const MOST_REPETITIONS: u64 = 1 << 24;

/// One case, with our way of doing it and its peers'.
pub struct Paired<'a> {
    case: String,
    units: &'static [Unit],
    rounds: usize,
    ours: Work<'a>,
    peers: Vec<Peer<'a>>,
}

type Work<'a> = Box<dyn FnMut(&mut Turn<'_>) + 'a>;

struct Peer<'a> {
    name: String,
    goal: Option<f64>,
    work: Work<'a>,
}

impl<'a> Paired<'a> {
    /// A case judged by the CPU time of the measuring thread.
    pub fn new(case: impl Into<String>, ours: impl FnMut(&mut Turn<'_>) + 'a) -> Self {
        let (case, ours) = (case.into(), Box::new(ours));
        Self { case, units: &[Unit::Cpu], rounds: ROUNDS, ours, peers: Vec::new() }
    }

    /// Judges by elapsed time instead, where another thread does part of the work.
    #[must_use]
    pub fn by_wall_time(mut self) -> Self {
        self.units = &[Unit::Wall];
        self
    }

    /// Judges by both, with a figure each.
    #[must_use]
    pub fn by_both_times(mut self) -> Self {
        self.units = &[Unit::Wall, Unit::Cpu];
        self
    }

    /// Does that many rounds instead, where one takes seconds.
    #[must_use]
    pub fn rounds(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// Adds a peer. The figure says how many times as fast as the peer ours is, and `goal` how fast it is to be.
    #[must_use]
    pub fn against(
        mut self,
        name: impl Into<String>,
        goal: impl Into<Option<f64>>,
        work: impl FnMut(&mut Turn<'_>) + 'a,
    ) -> Self {
        self.peers.push(Peer { name: name.into(), goal: goal.into(), work: Box::new(work) });
        self
    }

    /// What is done.
    pub fn case(&self) -> &str {
        &self.case
    }

    /// Runs the case; one figure for each peer, and by each time.
    pub fn run(mut self, clock: &dyn Clock) -> Vec<Figure> {
        let unit = self.units[0];
        let ours = calibrate(&mut self.ours, unit, clock);
        let counts: Vec<u64> =
            self.peers.iter_mut().map(|peer| calibrate(&mut peer.work, unit, clock)).collect();
        let mut ratios = vec![Ratios::default(); self.peers.len()];
        let mut again = Ratios::default();
        for _ in 0..self.rounds {
            let mut costs = vec![Cost::default(); self.peers.len()];
            let first = take_turn(&mut self.ours, ours, clock);
            for ((peer, count), cost) in self.peers.iter_mut().zip(&counts).zip(&mut costs) {
                *cost += take_turn(&mut peer.work, *count, clock);
            }
            let second = take_turn(&mut self.ours, ours, clock) + take_turn(&mut self.ours, ours, clock);
            for ((peer, count), cost) in self.peers.iter_mut().zip(&counts).zip(&mut costs).rev() {
                *cost += take_turn(&mut peer.work, *count, clock);
            }
            let first = first + take_turn(&mut self.ours, ours, clock);
            again.add(second, first);
            for (ratios, cost) in ratios.iter_mut().zip(costs) {
                ratios.add(cost, first);
            }
        }
        let mut figures = Vec::new();
        for (peer, ratios) in self.peers.iter().zip(&ratios) {
            figures.extend(self.units.iter().map(|unit| Figure {
                case: self.case.clone(),
                peer: peer.name.clone(),
                unit: *unit,
                spread: Spread::of(ratios.by(*unit)),
                noise: Spread::of(again.by(*unit)).distance_from_one(),
                goal: peer.goal,
            }));
        }
        figures
    }
}

/// One turn of one contestant: how often to do it, and the watch.
pub struct Turn<'c> {
    clock: &'c dyn Clock,
    repetitions: u64,
    spent: Reading,
}

impl Turn<'_> {
    /// How often the operation is to be done in this turn.
    pub fn repetitions(&self) -> u64 {
        self.repetitions
    }

    /// Does the operation as often as asked, and times all of it. Inlined, as in a caller's own loop.
    #[inline(always)]
    pub fn repeat(&mut self, mut operation: impl FnMut()) {
        let repetitions = self.repetitions;
        self.time(|| {
            for _ in 0..repetitions {
                operation();
            }
        });
    }

    /// Times this part of the turn only: what an operation needs before and after it is outside.
    #[inline(always)]
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let before = self.clock.read();
        let result = work();
        self.spent += self.clock.read() - before;
        result
    }
}

/// The seconds one repetition took, by either clock.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    cpu: f64,
    wall: f64,
}

impl std::ops::Add for Cost {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { cpu: self.cpu + other.cpu, wall: self.wall + other.wall }
    }
}

impl std::ops::AddAssign for Cost {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

/// What the rounds gave for one contestant.
#[derive(Clone, Debug, Default)]
struct Ratios {
    cpu: Vec<f64>,
    wall: Vec<f64>,
}

impl Ratios {
    fn add(&mut self, theirs: Cost, ours: Cost) {
        self.cpu.push(theirs.cpu / ours.cpu);
        self.wall.push(theirs.wall / ours.wall);
    }

    fn by(&self, unit: Unit) -> &[f64] {
        if unit == Unit::Cpu { &self.cpu } else { &self.wall }
    }
}

fn spend(work: &mut Work<'_>, repetitions: u64, clock: &dyn Clock) -> Reading {
    let mut turn = Turn { clock, repetitions, spent: Reading::default() };
    work(&mut turn);
    turn.spent
}

fn take_turn(work: &mut Work<'_>, repetitions: u64, clock: &dyn Clock) -> Cost {
    let spent = spend(work, repetitions, clock);
    let each = |time: Duration| time.as_secs_f64() / repetitions as f64;
    Cost { cpu: each(spent.cpu), wall: each(spent.wall) }
}

/// How often to do it for a turn to last long enough; warms up besides.
fn calibrate(work: &mut Work<'_>, unit: Unit, clock: &dyn Clock) -> u64 {
    let mut repetitions = 1;
    loop {
        let spent = spend(work, repetitions, clock);
        let spent = if unit == Unit::Cpu { spent.cpu } else { spent.wall };
        if spent >= TURN / 2 || repetitions >= MOST_REPETITIONS {
            let scale = TURN.as_secs_f64() / spent.max(TURN / 16).as_secs_f64();
            return ((repetitions as f64 * scale) as u64).clamp(1, MOST_REPETITIONS);
        }
        repetitions *= 2;
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::rc::Rc;

    use super::*;

    /// A clock that moves when told. Time elapses three times as fast as the CPU works.
    #[derive(Clone, Default)]
    struct Fake(Rc<Cell<Duration>>);

    impl Fake {
        fn work(&self, time: Duration) {
            self.0.set(self.0.get() + time);
        }
    }

    impl Clock for Fake {
        fn read(&self) -> Reading {
            Reading { cpu: self.0.get(), wall: self.0.get() * 3 }
        }
    }

    #[test]
    fn a_peer_that_takes_twice_as_long_makes_ours_twice_as_fast() {
        let clock = Fake::default();
        let figures = Paired::new("case", |turn| turn.repeat(|| clock.work(Duration::from_micros(1))))
            .against("slow", 1.5, |turn| turn.repeat(|| clock.work(Duration::from_micros(2))))
            .against("quick", None, |turn| turn.repeat(|| clock.work(Duration::from_nanos(500))))
            .run(&clock);
        let medians: Vec<_> = figures.iter().map(|figure| figure.spread.median).collect();
        assert!((medians[0] - 2.0).abs() < 1e-9 && (medians[1] - 0.5).abs() < 1e-9, "{medians:?}");
        assert!(figures[0].noise < 1e-9);
        assert_eq!(figures[0].is_met(), Some(true));
        assert_eq!(figures[1].is_met(), None);
    }

    #[test]
    fn only_what_is_timed_counts() {
        let clock = Fake::default();
        let prepared = |turn: &mut Turn<'_>| {
            for _ in 0..turn.repetitions() {
                clock.work(Duration::from_millis(1));
                turn.time(|| clock.work(Duration::from_micros(10)));
            }
        };
        let figures = Paired::new("case", prepared)
            .against("plain", None, |turn| turn.repeat(|| clock.work(Duration::from_micros(10))))
            .run(&clock);
        assert!((figures[0].spread.median - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_machine_that_slows_down_during_a_round_changes_no_ratio() {
        let clock = Fake::default();
        let drift = Cell::new(1_000_000.0);
        let step = |turn: &mut Turn<'_>| {
            // Linear in time: what the way there gains, the way back loses.
            drift.set(drift.get() + 1_000.0);
            let cost = Duration::from_secs_f64(drift.get() * 1e-9);
            let repetitions = u32::try_from(turn.repetitions()).unwrap();
            turn.time(|| clock.work(cost * repetitions));
        };
        let figures = Paired::new("case", step).against("same", None, step).run(&clock);
        assert!((figures[0].spread.median - 1.0).abs() < 1e-5, "{:?}", figures[0]);
    }

    #[test]
    fn a_case_may_be_judged_by_elapsed_time() {
        let clock = Fake::default();
        let same = || |turn: &mut Turn<'_>| turn.repeat(|| clock.work(Duration::from_micros(5)));
        let figures = Paired::new("case", same()).against("same", 0.9, same()).by_wall_time().run(&clock);
        assert_eq!(figures[0].unit, Unit::Wall);
        assert_eq!(figures[0].is_met(), Some(true));
    }

    #[test]
    fn a_case_judged_by_both_times_gives_two_figures_after_the_rounds_it_asks_for() {
        let clock = Fake::default();
        let turns = Cell::new(0);
        let theirs = |turn: &mut Turn<'_>| {
            turns.set(turns.get() + 1);
            turn.repeat(|| clock.work(TURN * 2));
        };
        let figures = Paired::new("case", |turn| turn.repeat(|| clock.work(TURN)))
            .against("slow", None, theirs)
            .by_both_times()
            .rounds(3)
            .run(&clock);
        assert_eq!(figures.iter().map(|figure| figure.unit).collect::<Vec<_>>(), [Unit::Wall, Unit::Cpu]);
        assert!(figures.iter().all(|figure| (figure.spread.median - 2.0).abs() < 1e-9), "{figures:?}");
        assert_eq!(turns.get(), 1 + 2 * 3, "a turn to warm up, then two each round");
    }
}
