//! Python's `ftplib` as a client of the table.

use std::net::SocketAddr;
use std::process::Command;
use std::time::Duration;

use super::outcome::hex;
use super::{Behaviour, Operation};
use crate::python;

/// A program that takes all steps of a row with `ftplib`, for [`Behaviour::try_program`]. Its socket timeout is this.
pub fn ftplib(row: &Behaviour, server: SocketAddr, timeout: Duration) -> Command {
    let mut command = Command::new(python::interpreter());
    let (address, port) = (server.ip().to_string(), server.port().to_string());
    command.args(["-c", include_str!("ftplib.py"), &address, &port, &timeout.as_secs_f64().to_string()]);
    command.args(row.all_steps().iter().map(|step| words(step.operation)));
    command
}

/// The operation's name and its arguments, in hexadecimal digits.
fn words(operation: Operation) -> String {
    let texts: &[&[u8]] = match operation {
        Operation::Resume(name, bytes) | Operation::Put(name, bytes) | Operation::Append(name, bytes) => {
            &[name.as_bytes(), bytes]
        }
        Operation::Rename(from, to) => &[from.as_bytes(), to.as_bytes()],
        Operation::LoginWithAccount(name)
        | Operation::Get(name)
        | Operation::GetActive(name)
        | Operation::Abort(name)
        | Operation::List(name)
        | Operation::Entries(name)
        | Operation::Cwd(name)
        | Operation::Mkd(name)
        | Operation::Rmd(name)
        | Operation::Delete(name)
        | Operation::Size(name)
        | Operation::Modified(name) => &[name.as_bytes()],
        Operation::Login
        | Operation::Pwd
        | Operation::Cdup
        | Operation::Feat
        | Operation::Noop
        | Operation::Quit => &[],
    };
    let debug = format!("{operation:?}");
    let name = debug.split('(').next().unwrap_or_default();
    texts.iter().fold(name.to_owned(), |line, text| line + " " + &repeated(text))
}

/// As hexadecimal digits; bytes that are all the same as the first of them and their number, `00*16777216`: a command
/// line has no room for megabytes.
fn repeated(bytes: &[u8]) -> String {
    match bytes {
        [first, rest @ ..] if rest.len() > 1000 && rest.iter().all(|byte| byte == first) => {
            format!("{first:02x}*{}", bytes.len())
        }
        _ => hex(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_become_words() {
        assert_eq!(words(Operation::Pwd), "Pwd");
        assert_eq!(words(Operation::List("")), "List ");
        assert_eq!(words(Operation::Put("a", b"\0\xFF")), "Put 61 00ff");
        assert_eq!(words(Operation::Put("a", &[7; 2000])), "Put 61 07*2000");
    }
}
