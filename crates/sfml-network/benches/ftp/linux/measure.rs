//! What a process takes, from its start to its end.

use std::cell::Cell;
use std::process::Command;
use std::time::Duration;

use testkit::paired::{Clock, Reading};
use testkit::python;

/// What one run of a program took.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cost {
    pub(super) wall: f64,
    pub(super) cpu: f64,
    /// Bytes, at its most; zero unless it was asked for.
    pub(super) memory: f64,
}

/// Runs the program to its end; it has to succeed.
pub(super) fn times(program: &Command) -> Cost {
    measure("times", program)
}

/// The same, and looks how much memory it has, which takes time.
pub(super) fn memory(program: &Command) -> f64 {
    measure("memory", program).memory
}

fn measure(what: &str, program: &Command) -> Cost {
    let mut command = Command::new(python::interpreter());
    command.args(["-c", PROGRAM, what]).arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        command.env(name, value.unwrap_or_default());
    }
    let output = command.output().expect("there is a Python");
    assert!(output.status.success(), "{program:?} failed:\n{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let mut numbers = text.split_whitespace().map(|number| number.parse::<f64>().unwrap());
    let mut next = || numbers.next().expect("three numbers are printed");
    Cost { wall: next(), cpu: next(), memory: next() * 1024.0 }
}

/// A clock that goes on by what the measured processes took.
#[derive(Debug, Default)]
pub(super) struct Stopwatch(Cell<Reading>);

impl Stopwatch {
    pub(super) fn add(&self, cost: Cost) {
        let mut reading = self.0.get();
        reading +=
            Reading { cpu: Duration::from_secs_f64(cost.cpu), wall: Duration::from_secs_f64(cost.wall) };
        self.0.set(reading);
    }
}

impl Clock for Stopwatch {
    fn read(&self) -> Reading {
        self.0.get()
    }
}

const PROGRAM: &str = include_str!("measure.py");
