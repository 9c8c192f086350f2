//! Walking through a tree, there and here.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::ffi::OsString;
use std::fs;
use std::io;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ftp_proto::{EntryKind, ListingError};

use super::super::client::Client;
use super::super::error::FtpError;
use super::super::interrupt::Interrupt;
use super::super::list::Listed;
use super::super::moment::system_time;
use super::super::names;
use super::TreeReport;
use super::filter::Filter;

/// How deep a tree may be. A server that shows links to directories as directories can show endless ones.
const DEEPEST: usize = 100;

/// What is known of a file.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct FileFacts {
    pub(super) size: Option<u64>,
    /// Only where it is told in UTC.
    pub(super) modified: Option<SystemTime>,
}

/// The directories and files of a tree, by their paths below its root: a slash between names on both sides.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Parents come before their children.
    pub(super) directories: Vec<Vec<u8>>,
    pub(super) files: BTreeMap<Vec<u8>, FileFacts>,
    /// What is there and not shown in full: links, devices, and directories with lines in their listing that nobody can
    /// read.
    hidden: HashSet<Vec<u8>>,
}

impl Found {
    /// Whether it is known that nothing is there of this path: only then its counterpart may be deleted.
    pub(super) fn lacks(&self, path: &[u8]) -> bool {
        let above = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(end, _)| &path[..end]);
        !above.chain([path, &[]]).any(|part| self.hidden.contains(part))
    }

    fn take_directory(&mut self, path: Vec<u8>, waiting: &mut VecDeque<Vec<u8>>, report: &mut TreeReport) {
        if path.iter().filter(|byte| **byte == b'/').count() >= DEEPEST {
            let sentence = "it is more than 100 directories deep, which may be a link to itself";
            report.fail(&path, FtpError::impossible("the tree", sentence));
        } else {
            waiting.push_back(path.clone());
            self.directories.push(path);
        }
    }
}

/// Everything below a directory of the server. What cannot be listed is reported; a root that cannot is an error.
pub(super) fn remote(
    client: &mut Client,
    root: &[u8],
    filter: &Filter,
    report: &mut TreeReport,
) -> Result<Found, FtpError> {
    let mut found = Found::default();
    let mut waiting = VecDeque::from([Vec::new()]);
    // A server that shows a link to a directory above as a directory has trees that double with each step.
    let limit = client.options.listing_limits.lines;
    let mut left = limit;
    while let Some(directory) = waiting.pop_front() {
        let mut entries = Vec::new();
        let path = if directory.is_empty() { root.to_vec() } else { names::joined(root, &directory) };
        let listed = client.each_entry(&path, &mut |entry| {
            entries.push(entry);
            ControlFlow::Continue(())
        });
        match listed {
            Ok(Listed { refusal: Some(refusal), .. }) => {
                report.fail(&directory, refusal);
                continue;
            }
            Ok(listed) => {
                if listed.has_skipped {
                    found.hidden.insert(directory.clone());
                }
            }
            Err(error @ FtpError::Rejected { .. }) if !directory.is_empty() => {
                report.fail(&directory, error);
                continue;
            }
            Err(error) => return Err(error),
        }
        left = left
            .checked_sub(entries.len() as u64)
            .ok_or(FtpError::from(ListingError::TooManyLines { limit }))?;
        let mut seen = HashSet::new();
        for entry in entries {
            let path = names::joined(&directory, &entry.name);
            if let Err(error) = names::local(&entry.name) {
                report.fail(&path, error);
                continue;
            }
            if !seen.insert(names::folded(&entry.name)) {
                let sentence = "two of the server's names are the same here";
                report.fail(&path, FtpError::impossible("the name", sentence));
                continue;
            }
            match entry.kind {
                EntryKind::Directory if filter.wants_directory(&path) => {
                    found.take_directory(path, &mut waiting, report);
                }
                EntryKind::File if filter.wants_file(&path) => {
                    let exact = entry.modified.filter(|_| entry.modified_is_utc);
                    let modified = exact.and_then(|time| system_time(&time));
                    found.files.insert(path, FileFacts { size: entry.size, modified });
                }
                EntryKind::Directory | EntryKind::File => {}
                _ => {
                    found.hidden.insert(path.clone());
                    report.skipped.push(path);
                }
            }
        }
    }
    Ok(found)
}

/// Everything below a directory of this computer, as far as it exists.
pub(super) fn local(
    root: &Path,
    filter: &Filter,
    interrupt: &Interrupt,
    report: &mut TreeReport,
) -> Result<Found, FtpError> {
    let mut found = Found::default();
    let mut waiting = VecDeque::from([Vec::new()]);
    while let Some(directory) = waiting.pop_front() {
        interrupt.check()?;
        let place = here(root, &directory)?;
        let mut next = |entry: io::Result<fs::DirEntry>| interrupt.ask_in_passing().and(entry);
        let entries: io::Result<Vec<_>> =
            fs::read_dir(&place).and_then(|entries| entries.map(&mut next).collect());
        let entries = match entries {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                return Err(FtpError::of_interrupt(error));
            }
            Err(error) if directory.is_empty() => {
                return Err(FtpError::local(Some(&place), "could not list", error));
            }
            Err(error) => {
                report.fail(&directory, FtpError::local(Some(&place), "could not list", error));
                continue;
            }
        };
        for entry in entries {
            interrupt.check_in_passing()?;
            let path = names::joined(&directory, &names::remote(&entry.file_name()));
            // Of a link itself, not of what it leads to.
            let metadata = match entry.metadata() {
                Ok(metadata) => metadata,
                Err(error) => {
                    report.fail(&path, FtpError::local(Some(&entry.path()), "could not look at", error));
                    continue;
                }
            };
            if metadata.is_dir() {
                if filter.wants_directory(&path) {
                    found.take_directory(path, &mut waiting, report);
                }
            } else if metadata.is_file() {
                if filter.wants_file(&path) {
                    let facts = FileFacts { size: Some(metadata.len()), modified: metadata.modified().ok() };
                    found.files.insert(path, facts);
                }
            } else {
                found.hidden.insert(path.clone());
                report.skipped.push(path);
            }
        }
    }
    Ok(found)
}

/// The place of a path of the server's below a root.
pub(super) fn below(root: &Path, path: &[u8]) -> Result<PathBuf, FtpError> {
    placed(root, path, names::local)
}

/// The place of a path that was found below a root.
pub(super) fn here(root: &Path, path: &[u8]) -> Result<PathBuf, FtpError> {
    placed(root, path, names::own)
}

fn placed(
    root: &Path,
    path: &[u8],
    called: fn(&[u8]) -> Result<OsString, FtpError>,
) -> Result<PathBuf, FtpError> {
    // An empty root is the current directory, which can be listed by another name only.
    let mut place = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root.to_owned() };
    for name in path.split(|byte| *byte == b'/').filter(|name| !name.is_empty()) {
        place.push(called(name)?);
    }
    Ok(place)
}
