//! Licences, bans and sources of the dependencies, by a pinned cargo-deny.

use std::path::PathBuf;
use std::process::Command;

use crate::sink::Sink;
use crate::step::Halt;
use crate::workspace;

pub(crate) fn check(sink: &Sink) -> Result<(), Halt> {
    let program = find_or_install(sink)?;
    // Every platform's dependencies are judged, also those this one never downloads to build.
    sink.run(&mut workspace::cargo(&["fetch"]))?;
    let arguments = ["--offline", "check", "licenses", "bans", "sources"];
    sink.run(workspace::program(program).args(arguments))
}

fn find_or_install(sink: &Sink) -> Result<PathBuf, Halt> {
    let tools = workspace::target().join("tools");
    let ours = tools.join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX));
    for candidate in [PathBuf::from("cargo-deny"), ours.clone()] {
        if is_wanted(&candidate) {
            return Ok(candidate);
        }
    }
    // Unoptimised and without what only `check advisories` needs: a third of the time to build, and fast enough.
    let mut command = workspace::cargo(&["install", "cargo-deny", "--version", VERSION, "--locked"]);
    command.args(["--debug", "--no-default-features", "--root"]).arg(&tools);
    sink.run(command.env("CARGO_TARGET_DIR", tools.join("build")))?;
    sink.note(format!("built cargo-deny {VERSION} into {}", tools.display()));
    Ok(ours)
}

fn is_wanted(program: &PathBuf) -> bool {
    let output = Command::new(program).arg("--version").output();
    output
        .is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == format!("cargo-deny {VERSION}"))
}

const VERSION: &str = "0.20.2";
