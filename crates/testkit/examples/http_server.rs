//! Starts the embedded HTTP server for a program in another language.
//!
//! Prints its address, such as `127.0.0.1:12345`, as one line; then each line of its input is a command. `release` lets
//! one answer of `/slow` go on, `kill` closes all connections, and `requests` and `connections` print how many there
//! were. The server ends with the input.

use std::io::{self, Write};

use testkit::http::Server;

fn main() -> io::Result<()> {
    let server = Server::start()?;
    let mut output = io::stdout();
    writeln!(output, "{}", server.address())?;
    output.flush()?;
    for line in io::stdin().lines() {
        match line?.as_str() {
            "release" => server.release(),
            "kill" => server.kill_connections(),
            "requests" => writeln!(output, "{}", server.requests().len())?,
            "connections" => writeln!(output, "{}", server.connections())?,
            other => return Err(io::Error::new(io::ErrorKind::InvalidInput, other)),
        }
    }
    Ok(())
}
