//! The times of files that a listing for people does not tell in UTC: many questions in one piece.

use ftp_proto::{Command, Timestamp};

use super::super::client::Client;
use super::super::error::FtpError;
use super::super::moment::system_time;
use super::super::names;
use super::walk::Found;

/// How many questions are under way at once, and how many bytes of them: less than a server's line buffer or a packet
/// holds.
const MOST: usize = 32;
const MOST_BYTES: usize = 1000;

impl Client {
    /// Asks when those files were changed of which only the size is known (`MDTM`), many at a time: one by one that
    /// would take a round trip each.
    pub(super) fn complete_times(&mut self, root: &[u8], found: &mut Found) -> Result<(), FtpError> {
        let open = found.files.iter_mut().filter(|(_, facts)| facts.modified.is_none());
        let mut waiting = Vec::new();
        for (path, facts) in open {
            waiting.push((self.about("MDTM", &names::joined(root, path))?, &mut facts.modified));
        }
        while !waiting.is_empty() {
            let mut bytes = 0;
            let count = waiting.iter().rev().take(MOST).take_while(|(command, _)| {
                bytes += command.argument().len() + 7;
                bytes <= MOST_BYTES
            });
            let batch = waiting.split_off(waiting.len() - count.count().max(1).min(waiting.len()));
            let commands: Vec<&Command> = batch.iter().map(|(command, _)| command).collect();
            let replies = self.control()?.call_together(&commands)?;
            let is_complete = replies.len() == commands.len();
            let mut known = 0;
            for ((_, modified), reply) in batch.into_iter().zip(replies) {
                let time =
                    if reply.status().is_completion() { Timestamp::from_mdtm(reply.text()) } else { None };
                *modified = time.and_then(|time| system_time(&time));
                known += usize::from(modified.is_some());
            }
            if known == 0 || !is_complete {
                // It does not know the command, or takes one at a time, and need not be asked a thousand times.
                return Ok(());
            }
        }
        Ok(())
    }
}
