//! What FTP servers do: a table to try clients with.
//!
//! Each [`Behaviour`] is a scripted server, what to do with it, and what is right then. The rows come from the RFCs,
//! from real servers and from the public trackers of other clients; most of them were somebody's bug.
//!
//! ```
//! for behaviour in testkit::ftp::behaviours::all() {
//!     let server = behaviour.start()?;
//!     // A client is to connect to `server.address()` and to take `behaviour.steps`.
//!     assert_eq!(server.connections(), 0);
//! }
//! # Ok::<(), std::io::Error>(())
//! ```

mod aborts;
mod active;
mod commands;
mod downloads;
mod facts;
mod ftplib;
mod greetings;
mod interrupted;
mod listings;
mod logins;
mod outcome;
mod passive;
mod replies;
mod resuming;
mod steps;
mod trial;
mod uploads;

use std::io;

use super::scripted::{Scripted, ScriptedServer};

pub use ftplib::ftplib;
pub use outcome::Outcome;
pub use trial::Verdict;

/// A server's behaviour, and what a client is to make of it.
#[derive(Clone, Copy, Debug)]
pub struct Behaviour {
    /// Words joined by hyphens, unique in the table.
    pub name: &'static str,
    /// What the server does, in a sentence.
    pub about: &'static str,
    /// The section of an RFC, a server that does it, or an issue of a public tracker as `project#number`.
    pub source: &'static str,
    /// What to do, in order, on one connection. Unless the first step is a login, the client is to log in before,
    /// and that has to succeed.
    pub steps: &'static [Step],
    /// Whether nothing but the client's own timeout ends the last step.
    pub waits: bool,
    script: fn() -> Scripted,
}

/// Something a client does, and how it has to end.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// What the client does.
    pub operation: Operation,
    /// What is right.
    pub expect: Expect,
}

/// What a client does. Transfers are binary.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Operation {
    /// Connects, and logs in as an anonymous user.
    Login,
    /// Connects, and logs in with this account (ACCT) at hand.
    LoginWithAccount(&'static str),
    /// Downloads a file.
    Get(&'static str),
    /// Downloads a file in active mode.
    GetActive(&'static str),
    /// Continues the download of a file, of which these bytes are there.
    Resume(&'static str, &'static [u8]),
    /// Begins to download a file and aborts that as soon as data arrives.
    Abort(&'static str),
    /// Uploads a file.
    Put(&'static str, &'static [u8]),
    /// Appends to a file.
    Append(&'static str, &'static [u8]),
    /// Lists the names in a folder (NLST); empty for the current one.
    List(&'static str),
    /// Lists the entries of a folder with what is known of them (MLSD or LIST); empty for the current one.
    Entries(&'static str),
    /// Asks for the current folder.
    Pwd,
    /// Changes the current folder.
    Cwd(&'static str),
    /// Goes to the parent folder.
    Cdup,
    /// Makes a folder.
    Mkd(&'static str),
    /// Removes a folder.
    Rmd(&'static str),
    /// Deletes a file.
    Delete(&'static str),
    /// Renames a file.
    Rename(&'static str, &'static str),
    /// Asks for the size of a file.
    Size(&'static str),
    /// Asks when a file was modified.
    Modified(&'static str),
    /// Asks for the features.
    Feat,
    /// Does nothing.
    Noop,
    /// Ends the session.
    Quit,
}

/// How a step has to end. Whatever is expected, a client must not connect where it was
/// [lured](ScriptedServer::lured).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Expect {
    /// With success.
    Done,
    /// With this file, all of it.
    Content(&'static [u8]),
    /// With success, and the server then has the file with these contents.
    Stored(&'static [u8]),
    /// With this folder.
    Directory(&'static [u8]),
    /// With these names, in any order. Of features, with their upper-case words.
    Names(&'static [&'static [u8]]),
    /// With this size.
    Size(u64),
    /// With this time, as `YYYYMMDDhhmmss`.
    Modified(&'static str),
    /// With a failure that tells this code of the server's.
    Refused(u16),
    /// With a failure, whichever; not with success, not later than the client's own timeout.
    Error,
    /// As said, or with a failure: nothing says which. Success with anything else would be a lie.
    Perhaps(&'static Expect),
}

impl Behaviour {
    /// Starts a server that behaves so, for any number of connections.
    ///
    /// # Errors
    /// When the system has no port left.
    pub fn start(&self) -> io::Result<ScriptedServer> {
        (self.script)().start()
    }

    /// The same, ended by the client's timeout.
    const fn that_waits(mut self) -> Self {
        self.waits = true;
        self
    }
}

/// The whole table.
pub fn all() -> Vec<Behaviour> {
    let groups = [
        greetings::rows(),
        logins::rows(),
        replies::rows(),
        commands::rows(),
        facts::rows(),
        passive::rows(),
        active::rows(),
        downloads::rows(),
        interrupted::rows(),
        resuming::rows(),
        aborts::rows(),
        uploads::rows(),
        listings::rows(),
    ];
    groups.into_iter().flatten().collect()
}

/// The behaviour of this name.
pub fn named(name: &str) -> Option<Behaviour> {
    all().into_iter().find(|behaviour| behaviour.name == name)
}

const fn row(
    name: &'static str,
    about: &'static str,
    source: &'static str,
    steps: &'static [Step],
    script: fn() -> Scripted,
) -> Behaviour {
    Behaviour { name, about, source, steps, waits: false, script }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::io::{ErrorKind, Read, Write};
    use std::net::TcpStream;

    use super::*;
    use crate::PATIENCE;

    #[test]
    fn every_row_has_a_name_of_its_own_and_says_what_it_is() {
        let mut names = HashSet::new();
        for Behaviour { name, about, source, steps, .. } in all() {
            assert!(names.insert(name), "{name} twice");
            assert!(
                name.bytes().all(|byte| byte.is_ascii_lowercase() || b"-0123456789".contains(&byte)),
                "{name}"
            );
            assert!(about.ends_with('.') && !source.is_empty() && !steps.is_empty(), "{name}");
        }
        assert!(names.len() >= 28 + 45, "{}", names.len());
        assert_eq!(named("pasv-bare").map(|behaviour| behaviour.name), Some("pasv-bare"));
    }

    #[test]
    fn every_row_starts_answers_and_stops() {
        for behaviour in all() {
            let server = behaviour.start().unwrap();
            let mut stream = TcpStream::connect(server.address()).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            server.journal().wait_for_connections(1);
            if !behaviour.waits {
                // A reply, or that the server hangs up.
                assert!(stream.read(&mut [0; 1]).unwrap() <= 1);
            }
            // Some do not listen.
            let _ = stream.write_all(b"USER anonymous\r\nPASS x\r\nTYPE I\r\nEPSV\r\nRETR file.txt\r\n");
            drop(server);
            let end = io::copy(&mut stream, &mut io::sink());
            let is_late = end.is_err_and(|error| error.kind() == ErrorKind::WouldBlock);
            assert!(!is_late, "{} did not end", behaviour.name);
        }
    }
}
