//! What a whole program takes, from its start to its end.

use std::cell::Cell;
use std::process::Command;
use std::time::Duration;

use super::{Clock, Reading};
use crate::python;

/// What one run of a program took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Elapsed seconds.
    pub wall: f64,
    /// Seconds of CPU time, its own and the system's for it.
    pub cpu: f64,
    /// Bytes, at its most; zero unless it was asked for.
    pub memory: f64,
}

/// Runs the program to its end.
///
/// # Panics
/// Panics when it does not succeed.
pub fn times(program: &Command) -> Cost {
    measure("times", program)
}

/// Runs the program to its end; the bytes of memory it had at its most. Looking takes time of its own.
///
/// # Panics
/// Panics when it does not succeed.
pub fn memory(program: &Command) -> f64 {
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
    let mut numbers =
        text.split_whitespace().map(|number| number.parse::<f64>().expect("numbers are printed"));
    let mut next = || numbers.next().expect("three numbers are printed");
    Cost { wall: next(), cpu: next(), memory: next() * 1024.0 }
}

/// A clock that goes on by what the measured processes took.
#[derive(Debug, Default)]
pub struct Stopwatch(Cell<Reading>);

impl Stopwatch {
    /// Goes on.
    pub fn add(&self, cost: Cost) {
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

const PROGRAM: &str = include_str!("program.py");
