//! The project's own commands. `cargo xtask help` lists them; each command is one module below.
//!
//! Depends on nothing but the standard library, so that it builds in a second wherever cargo is.

#![expect(clippy::print_stdout, reason = "a command talks to the person who typed it")]

mod apt;
mod bench;
mod demo;
mod deny;
mod explain;
mod interpreter;
mod servers;
mod sink;
mod snippets;
mod step;
mod table;
mod tally;
mod test;
mod venv;
mod wheel;
mod workspace;

use std::process::ExitCode;

use sink::Sink;
use step::Halt;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["demo"] => report(demo::run(&Sink::console())),
        ["test", options @ ..] => match test::Options::parse(options) {
            Ok(options) => test::run(options),
            Err(unknown) => usage(&unknown),
        },
        ["bench", "behaviours"] => report(bench::behaviours(&Sink::console())),
        ["bench", "ftp"] => report(bench::ftp(&Sink::console())),
        ["bench", "http"] => report(bench::http(&Sink::console())),
        ["bench", "sockets"] => report(bench::sockets(&Sink::console())),
        ["servers"] => report(fetch_servers(&Sink::console())),
        ["wheel"] => report(wheel::prepare(&Sink::console()).map(drop)),
        ["help" | "--help" | "-h"] | [] => {
            print!("{HELP}");
            ExitCode::SUCCESS
        }
        other => usage(&other.join(" ")),
    }
}

fn report(outcome: Result<(), Halt>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(Halt::Failed(why) | Halt::Skipped(why)) => {
            eprintln!("cargo xtask: {why}");
            ExitCode::FAILURE
        }
    }
}

/// What the tests of FTP and HTTP need besides a compiler.
fn fetch_servers(sink: &Sink) -> Result<(), Halt> {
    servers::prepare(sink)?;
    venv::Venv::main(sink).map(drop)
}

fn usage(unknown: &str) -> ExitCode {
    eprint!("cargo xtask: unknown command or option: {unknown}\n\n{HELP}");
    ExitCode::from(2)
}

const HELP: &str = "\
cargo xtask demo             builds everything, then shows real traffic from Rust and from Python
cargo xtask test             every check there is, then one closing summary
    --quick                  leaves out the slow half
    --verbose                shows all output while it runs
cargo xtask bench sockets    measures against the peers and rewrites its table in docs/benchmarks.md
cargo xtask bench ftp        the same with FTP clients, as whole programs
cargo xtask bench http       the same with HTTP clients and TLS
cargo xtask bench behaviours shows what FTP and HTTP clients make of what servers do, and rewrites the tables in
                             docs/ftp.md and docs/http.md
cargo xtask servers          fetches the FTP and HTTP servers that some tests talk to
cargo xtask wheel            builds the wheel and installs it into .venv
cargo xtask help             this text
";
