//! The cases, and who runs them.

mod accept;
mod datagrams;
mod pingpong;
mod pool;
mod raw;
mod selector;
mod tcp;
mod udp;

use std::fs::File;
use std::io::{self, Write};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use testkit::paired::{Figure, Paired, ThreadClock, table, write_csv};

pub(crate) fn run() -> io::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let mut bench = Bench { words: words.join(" "), figures: Vec::new() };
    stay_on_one_core()?;
    tcp::run(&mut bench);
    pingpong::run(&mut bench);
    udp::run(&mut bench);
    datagrams::run(&mut bench);
    accept::run(&mut bench);
    selector::run(&mut bench);
    if let Some(path) = std::env::var_os("SFML_NETWORK_BENCH_CSV") {
        write_csv("Rust", &bench.figures, File::create(path)?)?;
    }
    Ok(())
}

/// The cases chosen, and what they gave.
struct Bench {
    words: String,
    figures: Vec<Figure>,
}

impl Bench {
    fn wants(&self, case: &str) -> bool {
        case.contains(&self.words)
    }

    fn run(&mut self, case: Paired<'_>) {
        if !self.wants(case.case()) {
            return;
        }
        let figures = case.run(&ThreadClock);
        // A closed standard output leaves nobody to tell.
        let _ = io::stdout().write_all(table(&figures).as_bytes());
        self.figures.extend(figures);
    }
}

/// Moving between cores costs more than anything measured here. Threads started later stay on the same core.
fn stay_on_one_core() -> io::Result<()> {
    let allowed = sched_getaffinity(None)?;
    let mut one = CpuSet::new();
    if let Some(last) = (0..CpuSet::MAX_CPU).rev().find(|core| allowed.is_set(*core)) {
        one.set(last);
        sched_setaffinity(None, &one)?;
    }
    Ok(())
}
