//! The cases, and who runs them.

mod bulk;
mod client;
mod handshakes;
mod memory;
mod requests;
mod stream;
mod tls_ends;

use std::fs::File;
use std::io::{self, Write};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use testkit::certificates::Certificates;
use testkit::folder::in_memory;
use testkit::paired::{Clock, Figure, Paired, Unit, table, write_csv};
use testkit::servers::Options;
use testkit::servers::http::{HttpKind, HttpServer};

pub(crate) fn run() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut bench = Bench::new(&arguments);
    let has = |option: &str| arguments.iter().any(|argument| argument == option);
    if !has("--programs") {
        requests::run(&mut bench);
        stream::run(&mut bench);
        handshakes::run(&mut bench);
    }
    if !has("--calls") {
        bulk::run(&mut bench);
        memory::run(&mut bench);
    }
    if let Some(path) = std::env::var_os("SFML_NETWORK_BENCH_CSV") {
        write_csv("Rust", &bench.figures, File::create(path)?)?;
    }
    Ok(())
}

/// The cases chosen, how much is done in them, and what they gave.
struct Bench {
    words: String,
    mebibytes: usize,
    /// How often a case is done that takes seconds.
    rounds: usize,
    figures: Vec<Figure>,
}

impl Bench {
    fn new(arguments: &[String]) -> Self {
        let number = |name: &str, usual| {
            let found = arguments.iter().find_map(|argument| argument.strip_prefix(name));
            found.map_or(usual, |text| text.parse().expect("a number"))
        };
        let words: Vec<&str> =
            arguments.iter().filter(|word| !word.starts_with('-')).map(String::as_str).collect();
        Self {
            words: words.join(" "),
            mebibytes: number("--mebibytes=", 1024),
            rounds: number("--rounds=", 3),
            figures: Vec::new(),
        }
    }

    fn wants(&self, case: &str) -> bool {
        case.contains(&self.words)
    }

    /// The server all cases of HTTP talk to, with its files in memory.
    fn server(&self) -> Option<HttpServer> {
        let options = Options { folder: in_memory(), ..Options::default() };
        HttpKind::Nginx.start(&options, Some(&Certificates::shared().good))
    }

    /// Runs a case, judged by elapsed and by CPU time, which has a goal of its own.
    fn run(&mut self, case: Paired<'_>, clock: &dyn Clock, cpu_goal: Option<f64>) {
        let mut figures = case.by_both_times().run(clock);
        for figure in figures.iter_mut().filter(|figure| figure.unit == Unit::Cpu) {
            figure.goal = figure.goal.and(cpu_goal);
        }
        self.show(figures);
    }

    fn show(&mut self, figures: Vec<Figure>) {
        say(table(&figures).trim_end());
        self.figures.extend(figures);
    }
}

/// Keeps this thread on one core, and what it starts meanwhile: of two that wait for each other it otherwise depends on
/// the moment whether they share one, which changes their times by half.
struct OneCore(CpuSet);

impl OneCore {
    fn new() -> Self {
        let allowed = sched_getaffinity(None).unwrap();
        let mut one = CpuSet::new();
        if let Some(last) = (0..CpuSet::MAX_CPU).rev().find(|core| allowed.is_set(*core)) {
            one.set(last);
            sched_setaffinity(None, &one).unwrap();
        }
        Self(allowed)
    }
}

impl Drop for OneCore {
    fn drop(&mut self) {
        sched_setaffinity(None, &self.0).unwrap();
    }
}

fn say(text: &str) {
    // A closed standard output leaves nobody to tell.
    let _ = writeln!(io::stdout(), "{text}");
}
