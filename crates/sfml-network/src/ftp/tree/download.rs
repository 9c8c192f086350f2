//! A tree of the server's, made the same here.

use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::Path;

use super::super::client::Client;
use super::super::error::FtpError;
use super::super::interrupt::Interrupt;
use super::super::names;
use super::super::transfer::Transfer;
use super::filter::Filter;
use super::jobs::{Job, Jobs};
use super::walk::{self, FileFacts, Found, below};
use super::{Tree, TreeReport};

impl Client {
    /// Makes `local` what `remote` is.
    pub(in super::super) fn download_tree(
        &mut self,
        remote: &[u8],
        local: &Path,
        tree: Tree<'_>,
    ) -> Result<TreeReport, FtpError> {
        tree.filter.check()?;
        let mut report = TreeReport::default();
        let mut there = walk::remote(self, remote, &tree.filter, &mut report)?;
        self.complete_times(remote, &mut there)?;
        fs::create_dir_all(local).map_err(|error| FtpError::local(Some(local), "could not create", error))?;
        // Disks can be slow, too.
        let interrupt = self.interrupt();
        let mut closed: Vec<&[u8]> = Vec::new();
        for directory in &there.directories {
            interrupt.check_in_passing()?;
            if is_below(directory, &closed) {
                closed.push(directory);
            } else if let Err(error) = make_directory(local, directory) {
                report.fail(directory, error);
                closed.push(directory);
            }
        }
        let mut jobs = Vec::new();
        for (path, facts) in there.files.iter().filter(|(path, _)| !is_below(path, &closed)) {
            interrupt.check_in_passing()?;
            match is_current(local, path, *facts) {
                Ok(true) => report.unchanged += 1,
                Ok(false) => jobs.push(Job { path: path.clone(), facts: *facts }),
                Err(error) => report.fail(path, error),
            }
        }
        let carry = |client: &mut Client, job: &Job, moved: &mut dyn FnMut(u64) -> ControlFlow<()>| {
            let mut progress = |done, _| moved(done);
            let mut transfer = Transfer::binary().progress(&mut progress);
            transfer.size = job.facts.size;
            transfer.modified = job.facts.modified;
            transfer.keep_time = job.facts.modified.is_some();
            client.download(&names::joined(remote, &job.path), &below(local, &job.path)?, transfer).map(drop)
        };
        Jobs::new(jobs).run(self, tree.sessions, tree.progress, &carry, &mut report)?;
        if tree.delete && report.failures.is_empty() {
            delete_others(local, &there, &tree.filter, &interrupt, &mut report)?;
        }
        report.judged()
    }
}

/// Whether the file here is the one there: of the same size and the same time, which a download gives it.
fn is_current(local: &Path, path: &[u8], there: FileFacts) -> Result<bool, FtpError> {
    let place = below(local, path)?;
    match fs::symlink_metadata(&place) {
        Ok(here) if here.is_file() => {
            let is_known = there.modified.is_some();
            Ok(is_known && there.size == Some(here.len()) && there.modified == here.modified().ok())
        }
        Ok(here) if here.is_dir() => {
            let kind = io::ErrorKind::IsADirectory;
            Err(FtpError::local(Some(&place), "in the way of a file is", kind.into()))
        }
        _ => Ok(false),
    }
}

/// Whether a path lies in one of the directories that could not be made, or that a link stands for.
fn is_below(path: &[u8], closed: &[&[u8]]) -> bool {
    closed.iter().any(|directory| path.strip_prefix(*directory).is_some_and(|rest| rest.starts_with(b"/")))
}

/// Makes a directory below the root, unless it is there. A link in its place is not followed.
fn make_directory(root: &Path, directory: &[u8]) -> Result<(), FtpError> {
    let place = below(root, directory)?;
    let failed = |error| FtpError::local(Some(&place), "could not create the directory", error);
    match fs::symlink_metadata(&place) {
        Ok(here) if here.is_dir() => Ok(()),
        Ok(_) => Err(failed(io::ErrorKind::AlreadyExists.into())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir(&place).map_err(failed),
        Err(error) => Err(failed(error)),
    }
}

/// Deletes what is here and not there.
fn delete_others(
    root: &Path,
    there: &Found,
    filter: &Filter,
    interrupt: &Interrupt,
    report: &mut TreeReport,
) -> Result<(), FtpError> {
    let mut passed_over = TreeReport::default();
    let here = walk::local(root, filter, interrupt, &mut passed_over)?;
    let mut delete = |path: &[u8], how: fn(&Path) -> io::Result<()>| {
        interrupt.check_in_passing()?;
        let place = walk::here(root, path)?;
        match how(&place) {
            Ok(()) => report.deleted += 1,
            // It holds what a pattern hides, or what is no file.
            Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => {}
            Err(error) => report.fail(path, FtpError::local(Some(&place), "could not delete", error)),
        }
        Ok::<(), FtpError>(())
    };
    for path in here.files.keys().filter(|path| !there.files.contains_key(*path) && there.lacks(path)) {
        delete(path, |place| fs::remove_file(place))?;
    }
    let known: std::collections::HashSet<_> = there.directories.iter().collect();
    for path in here.directories.iter().rev().filter(|path| !known.contains(path) && there.lacks(path)) {
        delete(path, |place| fs::remove_dir(place))?;
    }
    Ok(())
}
