//! A tree of this computer's, made the same on the server.

use std::ops::ControlFlow;
use std::path::Path;

use ftp_proto::Status;

use super::super::client::Client;
use super::super::error::FtpError;
use super::super::list::is_about_data;
use super::super::names;
use super::super::transfer::Transfer;
use super::jobs::{Job, Jobs};
use super::walk::{self, FileFacts, Found};
use super::{Tree, TreeReport};

impl Client {
    /// Makes `remote` what `local` is.
    pub(in super::super) fn upload_tree(
        &mut self,
        local: &Path,
        remote: &[u8],
        tree: Tree<'_>,
    ) -> Result<TreeReport, FtpError> {
        tree.filter.check()?;
        let mut report = TreeReport::default();
        let here = walk::local(local, &tree.filter, &self.interrupt(), &mut report)?;
        let mut passed_over = TreeReport::default();
        let mut there = match walk::remote(self, remote, &tree.filter, &mut passed_over) {
            Err(error @ FtpError::Rejected { .. }) if !remote.is_empty() && !is_about_data(&error) => {
                self.create_all(remote)?;
                Found::default()
            }
            found => found?,
        };
        // Of those that are to be uploaded anyway nothing is asked.
        let mut same = Found::default();
        for (path, facts) in &here.files {
            if let Some((path, there)) =
                there.files.remove_entry(path).filter(|(_, there)| there.size == facts.size)
            {
                same.files.insert(path, there);
            }
        }
        self.complete_times(remote, &mut same)?;
        let known: std::collections::HashSet<_> = there.directories.iter().collect();
        for directory in here.directories.iter().filter(|directory| !known.contains(directory)) {
            let made = self
                .about("MKD", &names::joined(remote, directory))
                .and_then(|command| self.demand(&command));
            match made {
                Ok(_) => {}
                Err(error @ FtpError::Argument { .. }) => report.fail(directory, error),
                Err(error @ FtpError::Rejected { .. }) => {
                    // It may be there: listings leave out what begins with a dot.
                    match self.prove_directory(&names::joined(remote, directory)) {
                        Ok(_) => {}
                        Err(FtpError::Rejected { .. }) => report.fail(directory, error),
                        Err(error) => return Err(error),
                    }
                }
                Err(error) => return Err(error),
            }
        }
        let mut jobs = Vec::new();
        for (path, facts) in &here.files {
            if is_stored(*facts, same.files.get(path)) {
                report.unchanged += 1;
            } else {
                jobs.push(Job { path: path.clone(), facts: *facts });
            }
        }
        let carry = |client: &mut Client, job: &Job, moved: &mut dyn FnMut(u64) -> ControlFlow<()>| {
            let mut progress = |done, _| moved(done);
            let transfer = Transfer::binary().progress(&mut progress).keep_time();
            client
                .upload(&walk::here(local, &job.path)?, &names::joined(remote, &job.path), transfer)
                .map(drop)
        };
        Jobs::new(jobs).run(self, tree.sessions, tree.progress, &carry, &mut report)?;
        if tree.delete && report.failures.is_empty() && passed_over.failures.is_empty() {
            self.delete_others(remote, &here, &there, &mut report)?;
        }
        report.judged()
    }

    /// Makes a directory and those above it.
    fn create_all(&mut self, directory: &[u8]) -> Result<(), FtpError> {
        let mut path = Vec::new();
        let mut refusal = None;
        for (index, name) in directory.split(|byte| *byte == b'/').enumerate() {
            if index > 0 {
                path.push(b'/');
            }
            if name.is_empty() {
                continue;
            }
            path.extend_from_slice(name);
            let command = self.about("MKD", &path)?;
            // Those above may be there already, which servers tell in words only; the last one shows.
            refusal = match self.demand(&command) {
                Ok(_) => None,
                Err(error @ FtpError::Rejected { .. }) => Some(error),
                Err(error) => return Err(error),
            };
        }
        refusal.map_or(Ok(()), Err)
    }

    /// Deletes what is there and not here.
    fn delete_others(
        &mut self,
        remote: &[u8],
        here: &Found,
        there: &Found,
        report: &mut TreeReport,
    ) -> Result<(), FtpError> {
        let known: std::collections::HashSet<_> = here.directories.iter().collect();
        let files = there
            .files
            .keys()
            .filter(|path| !here.files.contains_key(*path) && here.lacks(path))
            .map(|path| ("DELE", path));
        let directories = there
            .directories
            .iter()
            .rev()
            .filter(|path| !known.contains(path) && here.lacks(path))
            .map(|path| ("RMD", path));
        for (verb, path) in files.chain(directories) {
            let command = self.about(verb, &names::joined(remote, path))?;
            match self.demand(&command) {
                Ok(_) => report.deleted += 1,
                // It holds what a pattern hides, or what is no file.
                Err(FtpError::Rejected { reply, .. })
                    if verb == "RMD" && reply.status() == Status::FILE_UNAVAILABLE => {}
                Err(error @ FtpError::Rejected { .. }) => report.fail(path, error),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// Whether the file there is the one here: of the same size, and not older.
fn is_stored(here: FileFacts, there: Option<&FileFacts>) -> bool {
    let there = there.filter(|there| there.size.is_some() && there.size == here.size);
    let (Some(here), Some(there)) = (here.modified, there.and_then(|there| there.modified)) else {
        return false;
    };
    // Not every server lets times be set, and most know whole seconds only.
    here.duration_since(there).map_or(true, |later| later.as_secs() == 0)
}
