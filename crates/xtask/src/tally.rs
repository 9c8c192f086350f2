//! Counts tests by reading the closing lines of cargo's and pytest's runners.

use std::ops::AddAssign;

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Tally {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

/// What a step's output says about its tests.
#[derive(Debug, Default)]
pub(crate) struct Reading {
    pub(crate) tally: Tally,
    /// Lines worth repeating when all went well: closing lines, and the reasons for skipping.
    pub(crate) lines: Vec<String>,
}

impl Tally {
    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }
}

/// Reads every closing line in the output. A Rust test that could not run says so in a line
/// `SKIPPED: reason` and then ends well, so it moves from the passed to the skipped.
pub(crate) fn read(output: &str) -> Reading {
    let mut reading = Reading::default();
    let mut could_not_run = 0;
    for line in output.lines() {
        if let Some(tally) = cargo_line(line).or_else(|| pytest_line(line)) {
            reading.tally += tally;
            if !tally.is_empty() {
                reading.lines.push(line.to_owned());
            }
        } else if let Some(reason) = could_not_run_line(line) {
            could_not_run += 1;
            reading.lines.push(format!("SKIPPED: {reason}"));
        } else if line.starts_with("SKIPPED [") {
            reading.lines.push(line.to_owned());
        }
    }
    reading.tally.passed = reading.tally.passed.saturating_sub(could_not_run);
    reading.tally.skipped += could_not_run;
    reading
}

/// `SKIPPED: reason`, on its own or behind the name of the test where the runner runs one at a time.
fn could_not_run_line(line: &str) -> Option<&str> {
    let (before, reason) = line.split_once("SKIPPED: ")?;
    (before.is_empty() || (before.starts_with("test ") && before.ends_with(" ... "))).then_some(reason)
}

/// `test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`
fn cargo_line(line: &str) -> Option<Tally> {
    let counts = line.strip_prefix("test result: ")?.split_once(". ")?.1;
    Some(sum(counts.split(';')))
}

/// `===== 1 failed, 2 passed, 1 skipped in 0.12s =====`
fn pytest_line(line: &str) -> Option<Tally> {
    let inner = line.strip_prefix('=')?.strip_suffix('=')?.trim_matches(['=', ' ']);
    let (counts, time) = inner.rsplit_once(" in ")?;
    time.starts_with(|first: char| first.is_ascii_digit()).then(|| sum(counts.split(',')))
}

fn sum<'a>(counts: impl Iterator<Item = &'a str>) -> Tally {
    let mut tally = Tally::default();
    for count in counts {
        let Some((number, what)) = count.trim().split_once(' ') else {
            continue;
        };
        let Ok(number) = number.parse::<usize>() else {
            continue;
        };
        match what {
            "passed" | "xfailed" => tally.passed += number,
            "failed" | "error" | "errors" | "xpassed" => tally.failed += number,
            "skipped" | "ignored" => tally.skipped += number,
            _ => {}
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use super::{Tally, read};

    fn tally(passed: usize, failed: usize, skipped: usize) -> Tally {
        Tally { passed, failed, skipped }
    }

    #[test]
    fn cargo_closing_lines_add_up() {
        let output = "\
test result: ok. 5 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.01s
test result: ok. 0 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s
";
        let reading = read(output);
        assert_eq!(reading.tally, tally(6, 2, 1));
        assert_eq!(reading.lines.len(), 2, "a runner without tests is not worth a line");
    }

    #[test]
    fn pytest_closing_line_is_read() {
        let line = "===== 1 failed, 12 passed, 3 skipped, 4 deselected, 1 error in 61.20s (0:01:01) =====";
        assert_eq!(read(line).tally, tally(12, 2, 3));
        assert_eq!(read("===== no tests ran in 0.01s =====").tally, tally(0, 0, 0));
    }

    #[test]
    fn pytest_headings_are_not_closing_lines() {
        for line in ["===== FAILURES =====", "===== test session starts =====", "== rootdir in the way =="] {
            assert!(read(line).lines.is_empty(), "{line}");
        }
    }

    #[test]
    fn rust_test_that_could_not_run_counts_as_skipped() {
        let output = "\
SKIPPED: strace is not installed
test sends_once ... SKIPPED: the kernel is too old
ok
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";
        assert_eq!(read(output).tally, tally(1, 0, 2));
    }
}
