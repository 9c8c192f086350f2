//! A small FTP client: `cargo run --release --example ftp_client -- get 127.0.0.1 21 anonymous x remote.bin local.bin`.
//!
//! `get` and `put` move a file, `mget` and `mput` a directory with everything in it, `list` tells what is in one, with
//! `--sessions N` at the end for several sessions at once. Results go to standard output, talk to standard error.

use std::error::Error;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

use sfml_network::ftp::{EntryKind, Ftp, Transfer, Tree};

const USAGE: &str =
    "usage: ftp_client get|put|mget|mput|list ADDRESS PORT USER PASSWORD REMOTE LOCAL [--sessions N]";

type Outcome = Result<(), Box<dyn Error>>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "ftp_client: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Outcome {
    let (words, sessions) = match arguments {
        [words @ .., option, number] if option == "--sessions" => (words, number.parse()?),
        words => (words, 1),
    };
    let [verb, address, port, user, password, remote, local] = words else {
        return Err(USAGE.into());
    };
    let ftp = Ftp::connect(address.as_str(), port.parse()?, None)?;
    ftp.login(user, password)?;
    match verb.as_str() {
        "get" if sessions > 1 => {
            ftp.download_segmented(remote, local, sessions, Transfer::binary())?;
        }
        "get" => {
            ftp.download(remote, local, Transfer::binary())?;
        }
        "put" => {
            ftp.upload(local, remote, Transfer::binary())?;
        }
        "mget" => {
            ftp.download_tree(remote, local, Tree::new().sessions(sessions))?;
        }
        "mput" => {
            ftp.upload_tree(local, remote, Tree::new().sessions(sessions))?;
        }
        "list" => list(&ftp, remote)?,
        _ => return Err(USAGE.into()),
    }
    ftp.quit()?;
    Ok(())
}

/// A line for each entry as it arrives: its kind, its size and its name.
fn list(ftp: &Ftp, directory: &str) -> Outcome {
    let mut output = BufWriter::new(io::stdout().lock());
    let mut failure = None;
    let listed = ftp.each_entry(directory, |entry| {
        let kind = match entry.kind {
            EntryKind::Directory => 'd',
            EntryKind::Link => 'l',
            _ => '-',
        };
        let size = entry.size.map_or_else(|| "?".to_owned(), |size| size.to_string());
        let line = write!(output, "{kind} {size:>12} ")
            .and_then(|()| output.write_all(&entry.name))
            .and_then(|()| output.write_all(b"\n"));
        match line {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        }
    });
    match failure {
        // Whoever read it has seen enough.
        Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        Some(error) => Err(error.into()),
        None => {
            listed?;
            Ok(output.flush()?)
        }
    }
}
