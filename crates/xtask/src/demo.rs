//! The first of the two commands of the README: builds everything and shows it at work.

use crate::sink::Sink;
use crate::step::Halt;
use crate::venv::Venv;
use crate::wheel;
use crate::workspace;

/// Builds in release, then runs the tour from Rust and from Python.
pub(crate) fn run(sink: &Sink) -> Result<(), Halt> {
    sink.heading("The Python side: environment and wheel");
    sink.run_quietly(&mut workspace::cargo(&["fetch"]))?;
    let venv = wheel::prepare(sink)?;
    tour(&venv, sink)
}

/// Runs the tour where the wheel is installed already.
pub(crate) fn tour(venv: &Venv, sink: &Sink) -> Result<(), Halt> {
    sink.heading("The Rust side: library and examples");
    sink.run(&mut workspace::cargo(&["build", "--release", "--package", "sfml-network", "--examples"]))?;
    sink.heading("The tour, from Rust");
    sink.run(&mut workspace::program(workspace::release_example("tour")))?;
    sink.heading("The tour, from Python");
    let peer = workspace::release_example("packet_peer");
    sink.run(venv.python(&["examples/tour"]).env("SFML_NETWORK_PACKET_PEER", peer))
}
