//! The Debian packages that the slow tests and the benchmarks compare with or measure by.

use std::process::Command;

use crate::sink::Sink;
use crate::step::Halt;
use crate::workspace;

/// Installs what is missing where that can be done without asking anyone; elsewhere says what will be skipped.
/// Never fails: each test decides for itself whether it can run.
pub(crate) fn prepare(sink: &Sink) -> Result<(), Halt> {
    let missing: Vec<&str> = PACKAGES.iter().copied().filter(|package| !is_installed(package)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(", ");
    if !can_install() {
        sink.note(format!("tests that need them will skip and say so (no apt-get, or not root): {list}"));
        return Ok(());
    }
    let fetched = sink.run_quietly(&mut apt_get(&["update"]));
    let installed = fetched.and_then(|()| {
        let mut command = apt_get(&["install", "--yes", "--no-install-recommends"]);
        sink.run_quietly(command.args(&missing))
    });
    match installed {
        Ok(()) => sink.note(format!("installed with apt-get: {list}")),
        Err(Halt::Failed(why) | Halt::Skipped(why)) => {
            sink.note(format!("tests that need them will skip and say so ({why}): {list}"));
        }
    }
    Ok(())
}

fn apt_get(arguments: &[&str]) -> Command {
    let mut command = workspace::program("apt-get");
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command
}

fn is_installed(package: &str) -> bool {
    output_of("dpkg-query", &["-W", "-f", "${Status}", package])
        .is_some_and(|status| status.ends_with(" installed"))
}

fn can_install() -> bool {
    output_of("apt-get", &["--version"]).is_some()
        && output_of("id", &["-u"]).is_some_and(|id| id.trim() == "0")
}

fn output_of(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

const PACKAGES: &[&str] = &["curl", "g++", "lftp", "libsfml-dev", "openssl", "python3-sfml", "strace"];
