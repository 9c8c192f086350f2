//! The steps and scripts that many rows share.

use super::super::scripted::Scripted;
use super::super::tree::FILE;
use super::{Expect, Operation, Step};

pub(super) const fn step(operation: Operation, expect: Expect) -> Step {
    Step { operation, expect }
}

pub(super) const GET_FILE: Operation = Operation::Get("file.txt");
pub(super) const WHOLE: Expect = Expect::Content(FILE);
pub(super) const ROOT: Expect = Expect::Directory(b"/");

/// The download succeeds.
pub(super) const GETS: &[Step] = &[step(GET_FILE, WHOLE)];

/// The download succeeds, or fails cleanly.
pub(super) const MAY_GET: &[Step] = &[step(GET_FILE, Expect::Perhaps(&WHOLE))];

/// The download fails.
pub(super) const GET_FAILS: &[Step] = &[step(GET_FILE, Expect::Error)];

/// The download succeeds, and the connection can be used on.
pub(super) const GETS_AND_GOES_ON: &[Step] = &[step(GET_FILE, WHOLE), step(Operation::Pwd, ROOT)];

/// The download fails, and the connection can be used on.
pub(super) const GET_FAILS_AND_GOES_ON: &[Step] =
    &[step(GET_FILE, Expect::Error), step(Operation::Pwd, ROOT)];

/// The login fails.
pub(super) const LOGIN_FAILS: &[Step] = &[step(Operation::Login, Expect::Error)];

/// A server that sends this before, on and after the data connection of a download.
pub(super) fn sending(before: &'static str, data: &'static [u8], after: &'static str) -> Scripted {
    sending_for("RETR", before, data, after)
}

/// The same for another command.
pub(super) fn sending_for(
    verb: &str,
    before: &'static str,
    data: &'static [u8],
    after: &'static str,
) -> Scripted {
    Scripted::new().on(verb, move |peer, _| {
        peer.send(before)?;
        peer.send_data(data)?;
        peer.close_data();
        peer.send(after)
    })
}

/// What announces the whole file.
pub(super) const ANNOUNCED: &str = "150 Opening BINARY mode data connection for file.txt (130 bytes).\r\n";

pub(super) const DONE: &str = "226 Transfer complete.\r\n";
