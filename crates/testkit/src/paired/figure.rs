//! What a case gave: ratios, and how they are written down.

use std::fmt;
use std::io::{self, Write};

/// What a case is judged by.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unit {
    /// CPU time: the measuring thread's, or that of the processes that were measured.
    Cpu,
    /// Elapsed time.
    Wall,
    /// Memory at its most.
    Memory,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Cpu => "cpu",
            Self::Wall => "wall",
            Self::Memory => "memory",
        })
    }
}

/// The middle of many ratios, and the quartiles around it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// A quarter of the rounds were below.
    pub low: f64,
    /// Half of the rounds were below.
    pub median: f64,
    /// A quarter of the rounds were above.
    pub high: f64,
}

impl Spread {
    /// The quartiles of at least one value.
    ///
    /// # Panics
    /// Panics without values.
    pub fn of(values: &[f64]) -> Self {
        assert!(!values.is_empty(), "no rounds were run");
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |quarter: usize| sorted[(sorted.len() - 1) * quarter / 4];
        Self { low: at(1), median: at(2), high: at(3) }
    }

    /// How far the quartiles of what should be one are from it.
    pub(super) fn distance_from_one(&self) -> f64 {
        (self.low - 1.0).abs().max((self.high - 1.0).abs())
    }
}

/// How ours did against one peer.
#[derive(Clone, Debug)]
pub struct Figure {
    /// What was done.
    pub case: String,
    /// Who else did it.
    pub peer: String,
    /// By what.
    pub unit: Unit,
    /// How many times as much as ours the peer took.
    pub spread: Spread,
    /// How far from one ours was against itself, at the quartiles.
    pub noise: f64,
    /// The least the median is to be.
    pub goal: Option<f64>,
}

impl Figure {
    /// How ours did against a number, of which it may take that much: above one there is room left.
    ///
    /// # Panics
    /// Panics without measurements.
    pub fn against_limit(
        case: impl Into<String>,
        limit: (impl Into<String>, f64),
        unit: Unit,
        measured: &[f64],
    ) -> Self {
        let middle = Spread::of(measured).median;
        let ratios = |to: &dyn Fn(f64) -> f64| {
            Spread::of(&measured.iter().map(|value| to(*value)).collect::<Vec<_>>())
        };
        Self {
            case: case.into(),
            peer: limit.0.into(),
            unit,
            spread: ratios(&|value| limit.1 / value),
            noise: ratios(&|value| value / middle).distance_from_one(),
            goal: Some(1.0),
        }
    }

    /// Whether the median reaches the goal, if there is one.
    pub fn is_met(&self) -> Option<bool> {
        self.goal.map(|goal| self.spread.median >= goal)
    }
}

/// The figures for people, one line each.
pub fn table(figures: &[Figure]) -> String {
    let mut text = String::new();
    for figure in figures {
        let Figure { case, peer, unit, noise, .. } = figure;
        let Spread { low, median, high } = figure.spread;
        let verdict = match (figure.goal, figure.is_met()) {
            (Some(goal), Some(true)) => format!("goal {goal:.2} met"),
            (Some(goal), _) => format!("goal {goal:.2} MISSED"),
            _ => String::new(),
        };
        text.push_str(&format!(
            "{case:46} / {peer:26} {median:8.3} [{low:.3} .. {high:.3}] {unit:6} noise {noise:.3} {verdict}\n"
        ));
    }
    text
}

/// Writes the figures as `cargo xtask bench` reads them. No field contains a comma.
///
/// # Errors
/// Those of the writer.
pub fn write_csv(face: &str, figures: &[Figure], mut to: impl Write) -> io::Result<()> {
    writeln!(to, "face,case,peer,median,low,high,unit,noise,goal")?;
    for figure in figures {
        let Figure { case, peer, unit, noise, .. } = figure;
        let Spread { low, median, high } = figure.spread;
        let goal = figure.goal.map_or_else(String::new, |goal| format!("{goal:.2}"));
        let (case, peer) = (case.replace(',', ";"), peer.replace(',', ";"));
        writeln!(to, "{face},{case},{peer},{median:.3},{low:.3},{high:.3},{unit},{noise:.3},{goal}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(median: f64, goal: Option<f64>) -> Figure {
        let spread = Spread { low: median - 0.1, median, high: median + 0.1 };
        Figure { case: "send, 1 B".into(), peer: "libc".into(), unit: Unit::Cpu, spread, noise: 0.012, goal }
    }

    #[test]
    fn quartiles_are_rounds_that_happened() {
        let spread = Spread::of(&[5.0, 1.0, 3.0, 2.0, 4.0]);
        assert_eq!(spread, Spread { low: 2.0, median: 3.0, high: 4.0 });
        assert_eq!(Spread::of(&[7.0]), Spread { low: 7.0, median: 7.0, high: 7.0 });
    }

    #[test]
    fn noise_is_the_farther_quartile() {
        let spread = Spread { low: 0.95, median: 1.0, high: 1.02 };
        assert!((spread.distance_from_one() - 0.05).abs() < 1e-12);
    }

    #[test]
    fn a_goal_is_met_by_the_median() {
        assert_eq!(figure(1.08, Some(1.08)).is_met(), Some(true));
        assert_eq!(figure(1.07, Some(1.08)).is_met(), Some(false));
        assert_eq!(figure(1.07, None).is_met(), None);
    }

    #[test]
    fn a_limit_is_met_by_whoever_stays_below_it() {
        let figure = Figure::against_limit("list", ("50 ms", 0.05), Unit::Cpu, &[0.04, 0.02, 0.025]);
        assert!((figure.spread.median - 2.0).abs() < 1e-9 && (figure.spread.low - 1.25).abs() < 1e-9);
        assert!((figure.noise - 0.2).abs() < 1e-9, "{figure:?}");
        assert_eq!(figure.is_met(), Some(true));
    }

    #[test]
    fn a_line_of_csv_has_nine_fields_whatever_the_names_contain() {
        let mut csv = Vec::new();
        write_csv("rust", &[figure(1.08, Some(1.0)), figure(2.0, None)], &mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        assert_eq!(csv.lines().nth(1), Some("rust,send; 1 B,libc,1.080,0.980,1.180,cpu,0.012,1.00"));
        assert!(csv.lines().all(|line| line.split(',').count() == 9));
    }

    #[test]
    fn a_missed_goal_stands_out() {
        assert!(table(&[figure(1.0, Some(1.2))]).contains("MISSED"));
        assert!(!table(&[figure(1.0, Some(0.9))]).contains("MISSED"));
    }
}
