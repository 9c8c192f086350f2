//! Listings: names (`NLST`), and entries with kind, size and time (`MLSD`, `LIST`).

use std::cell::Cell;
use std::ops::ControlFlow;
use std::time::SystemTime;

use ftp_proto::{
    Argument, Command, Entry, EntryKind, Listing, ListingFormat, Reply, Ticket, Timestamp, mlst_entry,
    strip_common_directory,
};

use super::client::Client;
use super::control::{Control, accepted};
use super::error::FtpError;
use super::exchange::{Direction, Exchange};
use super::moment::timestamp;
use super::pace::Pace;
use super::transfer::TransferMode;
use crate::transfer::{Sink, receive};

/// The names in a directory, and what the server said.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Names {
    /// The names as bytes, without the directory and without `.` and `..`.
    pub names: Vec<Vec<u8>>,
    /// The server's last reply.
    pub reply: Reply,
}

/// What a listing came to besides its entries.
pub(super) struct Listed {
    pub(super) reply: Reply,
    /// Whether there were lines that nobody can read.
    pub(super) has_skipped: bool,
    /// The refusal, where all that is known is that there is such a directory: it may be empty, or be closed.
    pub(super) refusal: Option<FtpError>,
}

impl Client {
    /// The names in a directory; the working one where `directory` is empty.
    pub(super) fn names(&mut self, directory: &[u8]) -> Result<Names, FtpError> {
        let told = listing_command("NLST", directory)?;
        self.features()?;
        let mut names = Vec::new();
        let mut take = |entry: Entry| {
            names.push(entry.name);
            ControlFlow::Continue(())
        };
        let reply = self.list_by_name("NLST", ListingFormat::Names, directory, &mut take)?.reply;
        // Servers put in front what they were told, or what they made of it.
        if told.argument() != directory {
            strip_common_directory(&mut names, told.argument());
        }
        strip_common_directory(&mut names, if directory.is_empty() { b"." } else { directory });
        names.retain(|name| !matches!(&**name, b"." | b".."));
        Ok(Names { names, reply })
    }

    /// Hands out the entries of a directory one by one, as they arrive.
    pub(super) fn each_entry(
        &mut self,
        directory: &[u8],
        each: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<Listed, FtpError> {
        listing_command("LIST", directory)?;
        let has_mlsd = self.features()?.has("MLST") || self.features()?.has("MLSD");
        if has_mlsd && !self.known.mlsd_fails {
            let mut has_begun = false;
            let mut note = |entry: Entry| {
                has_begun = true;
                each(entry)
            };
            match self.list_with("MLSD", ListingFormat::Mlsd, directory, &mut note) {
                Err(FtpError::Rejected { reply, .. })
                    if reply.status().is_permanent_failure() && !has_begun =>
                {
                    // A missing directory, which some tell with 501, is no reason never to ask again.
                    self.known.mlsd_fails = matches!(reply.status().0, 500 | 502 | 504);
                }
                done => return done,
            }
        }
        self.list_by_name("LIST", ListingFormat::List, directory, each)
    }

    /// What is known of one file or directory (`MLST`).
    pub(super) fn entry(&mut self, path: &[u8]) -> Result<Entry, FtpError> {
        let command = self.about("MLST", path)?;
        let reply = self.demand(&command)?;
        mlst_entry(reply.text()).ok_or_else(|| super::meaningless(&command, reply))
    }

    /// `LIST` or `NLST` of a directory whose name servers may take for a pattern.
    fn list_by_name(
        &mut self,
        verb: &'static str,
        format: ListingFormat,
        directory: &[u8],
        each: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<Listed, FtpError> {
        if !directory.iter().any(|byte| b"*?[{\\".contains(byte)) {
            return self.list_with(verb, format, directory, each);
        }
        match self.inside(directory, |client, _| client.list_with(verb, format, b"", each))? {
            Ok(listed) => listed,
            // There is none: it is meant as a pattern.
            Err(_) => self.list_with(verb, format, directory, each),
        }
    }

    /// Runs something inside a directory and comes back; or tells, as the inner error, why it cannot be entered.
    fn inside<T>(
        &mut self,
        directory: &[u8],
        run: impl FnOnce(&mut Self, Reply) -> T,
    ) -> Result<Result<T, FtpError>, FtpError> {
        let back = self.working_directory()?;
        let (inside, outside) = (self.about("CWD", directory)?, self.about("CWD", &back.path)?);
        let entered = match self.demand(&inside) {
            Err(error @ FtpError::Rejected { .. }) => return Ok(Err(error)),
            Err(error @ (FtpError::Cancelled | FtpError::Interrupted(_))) => {
                // The server may go there all the same.
                self.leave_for(&outside, |control, outside| control.send_aside(outside))?;
                return Err(error);
            }
            entered => entered?,
        };
        let outcome = run(self, entered);
        if self.is_connected() {
            let ticket = self.leave_for(&outside, Control::send)?;
            let returned = self.control()?.reply_to(ticket, &outside);
            if returned.as_ref().is_ok_and(|reply| !reply.status().is_ok()) {
                self.drop_session();
            }
            accepted(&outside, returned?)?;
        }
        Ok(Ok(outcome))
    }

    /// Sends the session back. Where that cannot be sent, there is no session: one that is somewhere else is worse.
    fn leave_for(
        &mut self,
        outside: &Command,
        send: impl FnOnce(&mut Control, &Command) -> Result<Ticket, FtpError>,
    ) -> Result<Ticket, FtpError> {
        let sent = send(self.control()?, outside);
        sent.inspect_err(|_| self.drop_session())
    }

    fn list_with(
        &mut self,
        verb: &'static str,
        format: ListingFormat,
        directory: &[u8],
        each: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<Listed, FtpError> {
        if self.known.mode == Some(TransferMode::Ebcdic) {
            self.set_mode(TransferMode::Ascii)?;
        }
        let command = listing_command(verb, directory)?;
        let is_empty = Cell::new(true);
        let mut each = |entry: Entry| {
            is_empty.set(false);
            match entry.kind {
                EntryKind::CurrentDirectory | EntryKind::ParentDirectory => ControlFlow::Continue(()),
                _ => each(entry),
            }
        };
        let mut listed = self.list_once(&command, format, &mut each);
        if is_empty.get() && listed.as_ref().is_err_and(is_about_data) {
            // pyftpdlib takes the data connection for that of a transfer that was aborted before it had begun.
            listed = self.list_once(&command, format, &mut each);
        }
        // Of a directory that is empty and of one that is missing some servers say the same.
        match listed {
            Ok(mut listed) if is_empty.get() => {
                self.prove_directory(directory)?;
                if says_it_is_closed(&listed.reply) {
                    let (command, reply) = (verb.to_owned(), listed.reply.clone());
                    listed.refusal = Some(FtpError::Rejected { command, reply });
                }
                Ok(listed)
            }
            Err(FtpError::Rejected { command, reply })
                if matches!(reply.status().0, 450 | 550) && is_empty.get() =>
            {
                let proof = self.prove_directory(directory);
                let refusal = FtpError::Rejected { command, reply: reply.clone() };
                match proof {
                    Ok(proof) => Ok(Listed {
                        reply: proof.unwrap_or(reply),
                        has_skipped: false,
                        refusal: Some(refusal),
                    }),
                    Err(FtpError::Rejected { .. }) => Err(refusal),
                    Err(error) => Err(error),
                }
            }
            listed => listed,
        }
    }

    fn list_once(
        &mut self,
        command: &Command,
        format: ListingFormat,
        each: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<Listed, FtpError> {
        let exchange = self.begin(command.clone(), 0, Direction::Download)?;
        self.receive_listing(exchange, format, each)
    }

    fn receive_listing(
        &mut self,
        exchange: Exchange,
        format: ListingFormat,
        each: &mut dyn FnMut(Entry) -> ControlFlow<()>,
    ) -> Result<Listed, FtpError> {
        let today = timestamp(SystemTime::now()).unwrap_or_else(|| Timestamp::from_unix(0, 0));
        let listing = Listing::new(format, today, self.options.listing_limits);
        let mut sorter = Sorter { listing, each, failure: None };
        let moved = Pace::new(self, &exchange, None, (0, None))
            .and_then(|mut pace| receive(&*exchange.stream, Sink::Write(&mut sorter), None, &mut pace));
        let outcome = match (sorter.failure.take(), moved) {
            (Some(failure), _) => Err(failure),
            (None, moved) => moved.and_then(|_| sorter.finish()),
        };
        let has_skipped = sorter.listing.skipped() > 0;
        match outcome {
            Ok(()) => {
                let reply = self.end(exchange, Direction::Download)?;
                Ok(Listed { reply, has_skipped, refusal: None })
            }
            Err(error) => Err(self.give_up(exchange, error)),
        }
    }

    /// Whether a directory is there: an error if it is not.
    pub(super) fn prove_directory(&mut self, directory: &[u8]) -> Result<Option<Reply>, FtpError> {
        if directory.is_empty() {
            return Ok(None);
        }
        self.inside(directory, |_, entered| entered)?.map(Some)
    }
}

/// Whether a listing that was empty was not for want of files: vsftpd sends nothing of a directory that it may not read,
/// and calls that done.
fn says_it_is_closed(reply: &Reply) -> bool {
    reply.message().contains("failed to open directory")
}

/// Whether a refusal is about the data connection, and not about the directory.
pub(super) fn is_about_data(error: &FtpError) -> bool {
    matches!(error, FtpError::Rejected { reply, .. } if matches!(reply.status().0, 425 | 426))
}

/// A path that begins like an option would be taken for one.
fn listing_command(verb: &'static str, directory: &[u8]) -> Result<Command, FtpError> {
    if directory.is_empty() {
        return Ok(Command::new(verb));
    }
    let prefix: &[u8] = if directory.starts_with(b"-") { b"./" } else { b"" };
    match Argument::path([prefix, directory].concat()) {
        Ok(argument) => Ok(Command::with(verb, argument)),
        Err(error) => Err(FtpError::unsendable("the directory", error)),
    }
}

/// Turns the bytes of a listing into entries as they come.
struct Sorter<'a> {
    listing: Listing,
    each: &'a mut dyn FnMut(Entry) -> ControlFlow<()>,
    failure: Option<FtpError>,
}

impl Sorter<'_> {
    fn hand_out(&mut self) -> Result<(), FtpError> {
        while let Some(entry) = self.listing.next() {
            if (self.each)(entry).is_break() {
                return Err(FtpError::Cancelled);
            }
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), FtpError> {
        self.listing.finish();
        self.hand_out()
    }
}

impl std::io::Write for Sorter<'_> {
    fn write(&mut self, data: &[u8]) -> std::io::Result<usize> {
        let outcome = data.chunks(PIECE).try_for_each(|piece| {
            self.listing.push(piece)?;
            self.hand_out()
        });
        outcome.map(|()| data.len()).map_err(|error| {
            self.failure = Some(error);
            std::io::ErrorKind::Other.into()
        })
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The bytes that are parsed before their entries are handed out: what is held at one time.
const PIECE: usize = 16 << 10;
