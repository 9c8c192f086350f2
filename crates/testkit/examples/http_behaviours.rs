//! Plays all rows of the table of what HTTP servers do, for programs in other languages.
//!
//! Prints its address, such as `127.0.0.1:12345`, as one line, and ends with its input. Row `name` is at `/name`; asking
//! for `/gate/name` opens a gate, `/requests/name` tells how many requests the row got, and `/reset/name` lets it begin
//! anew. With `--table` it prints the table instead, each row as a line of JSON, and ends.

use std::io::{self, Write};
use std::process::ExitCode;

use testkit::http::behaviours::{Server, json_lines};

fn main() -> io::Result<ExitCode> {
    let mut output = io::stdout();
    match std::env::args().nth(1).as_deref() {
        Some("--table") => output.write_all(json_lines().as_bytes())?,
        Some(other) => {
            writeln!(io::stderr(), "http_behaviours: unknown argument: {other}")?;
            return Ok(ExitCode::from(2));
        }
        None => {
            let server = Server::start()?;
            writeln!(output, "{}", server.address())?;
            output.flush()?;
            io::copy(&mut io::stdin(), &mut io::sink())?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
