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
    let mut command = venv.python(&["examples/tour"]);
    for (variable, peer) in PEERS {
        command.env(variable, workspace::release_example(peer));
    }
    sink.run(&mut command)
}

/// The programs in Rust that the tour in Python talks to, and where it looks for them.
const PEERS: [(&str, &str); 3] = [
    ("SFML_NETWORK_FTP_PEER", "ftp_peer"),
    ("SFML_NETWORK_HTTP_PEER", "http_peer"),
    ("SFML_NETWORK_PACKET_PEER", "packet_peer"),
];
