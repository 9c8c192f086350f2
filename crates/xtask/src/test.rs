//! The second of the two commands of the README: every check there is.

use std::env;
use std::process::{Command, ExitCode};

use crate::sink::Sink;
use crate::step::{Halt, Steps, needed};
use crate::venv::Venv;
use crate::{apt, demo, deny, servers, snippets, wheel, workspace};

#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) struct Options {
    quick: bool,
    verbose: bool,
}

impl Options {
    /// Reads the options; the error is the one it does not know.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self, String> {
        let mut options = Self::default();
        for argument in arguments {
            match *argument {
                "--quick" => options.quick = true,
                "--verbose" => options.verbose = true,
                unknown => return Err(unknown.to_owned()),
            }
        }
        Ok(options)
    }
}

/// Runs the steps, all of them even when one fails, except those that need what failed.
pub(crate) fn run(options: Options) -> ExitCode {
    let mut steps = Steps::new(options.verbose);
    if !options.quick {
        steps.run("system packages", apt::prepare);
        steps.run("servers", servers::prepare);
    }
    // First of all, since some of the Rust tests talk to a peer in Python.
    let venv = steps.run("python environment", Venv::main);
    rust_steps(&mut steps, options);
    python_steps(&mut steps, options, &venv);
    steps.finish()
}

fn rust_steps(steps: &mut Steps, options: Options) {
    steps.run("rust format", |sink| {
        sink.run(&mut workspace::cargo(&["fmt", "--all", "--check", "--", "--files-with-diff"]))
    });
    steps.run("clippy", |sink| sink.run(&mut clippy(&["--workspace", "--features", FEATURES])));
    steps.run("feature sets", feature_sets);
    if !options.quick {
        steps.run("dependencies", deny::check);
    }
    steps.run("rust tests", |sink| sink.run(&mut tests(&["--workspace", "--features", FEATURES])));
    steps.run("examples, Rust", snippets::run_rust_examples);
    if !options.quick {
        steps.run("rust tests, portable backend", portable);
    }
    steps.run("rust documentation", |sink| {
        let mut command = workspace::cargo(&["doc", "--workspace", "--no-deps"]);
        sink.run(command.env("RUSTDOCFLAGS", "-D warnings"))
    });
}

fn python_steps(steps: &mut Steps, options: Options, venv: &Option<Venv>) {
    let wheel = steps.run("wheel", |sink| {
        let venv = needed(venv, "the Python environment")?;
        let wheel = wheel::build(venv, sink)?;
        wheel::install(venv, &wheel, sink)?;
        Ok(wheel)
    });
    let environment = || needed(venv, "the Python environment");
    let installed = || needed(&wheel, "the wheel").and_then(|_| environment());

    steps.run("python tests", |sink| {
        let mut command = installed()?.python(&["-m", "pytest"]);
        if options.quick {
            command.args(["-m", "not slow"]);
        }
        // The tests that need an environment of their own install the same wheel there.
        command.env("SFML_NETWORK_WHEEL", needed(&wheel, "the wheel")?);
        sink.run(&mut workspace::cargo(&["build", "--package", "testkit", "--examples"]))?;
        command.env("SFML_NETWORK_FTP_SERVER", workspace::example("ftp_server"));
        command.env("SFML_NETWORK_HTTP_SERVER", workspace::example("http_server"));
        command.env("SFML_NETWORK_HTTP_BEHAVIOURS", workspace::example("http_behaviours"));
        command.env("SFML_NETWORK_HTTP_REAL_SERVER", workspace::example("http_real_server"));
        sink.run(command.env("SFML_NETWORK_SERVERS", servers::folder()))
    });
    steps.run("ruff", |sink| ruff(environment()?, sink));
    steps.run("mypy", |sink| {
        sink.run(&mut environment()?.python(&["-m", "mypy", "python/sfml_network", "python/sfml"]))
    });
    steps.run("stubtest", |sink| stubtest(installed()?, sink));
    steps.run("README, Python", |sink| snippets::run_page("README.md", installed()?, sink));
    steps.run("examples, Python", |sink| snippets::run_python_examples(installed()?, sink));
    if !options.quick {
        steps.run("demo", |sink| demo::tour(installed()?, sink));
    }
}

/// Each part of the library builds without the others.
fn feature_sets(sink: &Sink) -> Result<(), Halt> {
    for features in ["", "http", "tls"] {
        let mut command = workspace::cargo(&["clippy", "--package", "sfml-network", "--no-default-features"]);
        sink.run(command.args(["--features", features, "--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// The optional features that are tested besides the default ones.
const FEATURES: &str = "sfml-network/cookies,sfml-network/encrypted-keys,sfml-network/json";

fn clippy(packages: &[&str]) -> Command {
    let mut command = workspace::cargo(&["clippy", "--all-targets"]);
    command.args(packages).args(["--", "-D", "warnings"]);
    command
}

fn tests(packages: &[&str]) -> Command {
    let mut command = workspace::cargo(&["test", "--no-fail-fast"]);
    command.args(packages).env("SFML_NETWORK_SERVERS", servers::folder());
    command
}

/// Linux has a backend of its own; here the one of the other systems is built and tested on it.
fn portable(sink: &Sink) -> Result<(), Halt> {
    let flags = env::var("RUSTFLAGS").unwrap_or_default();
    let here = |mut command: Command| {
        command
            .env("CARGO_TARGET_DIR", workspace::target().join("portable"))
            .env("RUSTFLAGS", format!("{flags} --cfg sfml_network_portable"))
            .env("RUSTDOCFLAGS", "--cfg sfml_network_portable");
        sink.run(&mut command)
    };
    let clean = here(clippy(&["--package", "sfml-network"]));
    here(tests(&["--package", "sfml-network"])).and(clean)
}

fn ruff(venv: &Venv, sink: &Sink) -> Result<(), Halt> {
    let folders: Vec<&str> = ["python", "examples", "benches"]
        .into_iter()
        .filter(|folder| workspace::root().join(folder).is_dir())
        .collect();
    sink.run(venv.python(&["-m", "ruff", "check"]).args(&folders))?;
    sink.run(venv.python(&["-m", "ruff", "format", "--check"]).args(&folders))
}

fn stubtest(venv: &Venv, sink: &Sink) -> Result<(), Halt> {
    let mut command = venv.python(&["-m", "mypy.stubtest", "sfml_network", "sfml"]);
    command.args(["--mypy-config-file", "pyproject.toml"]);
    let allowed = "python/stubtest-allowlist.txt";
    if workspace::root().join(allowed).exists() {
        command.args(["--allowlist", allowed]);
    }
    sink.run(&mut command)
}

#[cfg(test)]
mod tests {
    use super::Options;

    #[test]
    fn options_are_read_in_any_order() {
        let both = Options { quick: true, verbose: true };
        assert_eq!(Options::parse(&["--verbose", "--quick"]), Ok(both));
        assert_eq!(Options::parse(&[]), Ok(Options::default()));
    }

    #[test]
    fn unknown_option_is_named() {
        assert_eq!(Options::parse(&["--quick", "--fast"]), Err("--fast".to_owned()));
    }
}
