//! Clients that Python can start, tried with the table.

use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::thread;

use super::{Server, json_lines};
use crate::python;

/// What a client makes of these rows, or of all where none are named: each row's name and the verdict,
/// `right`, `-` where the client cannot do what the row asks for, or what was wrong.
///
/// The client is `curl`, or one that the interpreter has to have: `http.client`, `requests` or `sfml`.
///
/// # Errors
/// When the interpreter cannot be started, or fails.
pub fn python_verdicts(client: &str, rows: &[&str]) -> io::Result<Vec<(String, String)>> {
    let server = Server::start()?;
    let mut command = Command::new(python::interpreter());
    command.args(["-c", include_str!("judge.py"), client, &server.address().to_string()]).args(rows);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let input = child.stdin.take();
    // It reads a row, judges it and prints a line, while nobody reads yet what it prints.
    let writer = thread::spawn(move || input.map(|mut input| input.write_all(json_lines().as_bytes())));
    let output = child.wait_with_output()?;
    // Where it has ended early, that is told below.
    drop(writer.join());
    if !output.status.success() {
        return Err(io::Error::other(String::from_utf8_lossy(&output.stderr)));
    }
    let lines = String::from_utf8_lossy(&output.stdout).into_owned();
    let pairs = lines.lines().filter_map(|line| line.split_once('\t'));
    Ok(pairs.map(|(name, verdict)| (name.to_owned(), verdict.to_owned())).collect())
}
