//! What is in a folder, as LIST and MLSD write it.

use std::fs::{self, Metadata};
use std::io;
use std::path::Path;
use std::time::SystemTime;

use super::moment::Moment;
use super::paths::name_bytes;

/// A file or folder with its name.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    metadata: Metadata,
}

/// The entries of a folder, by name. A name with a line end is left out: no listing can hold it.
pub(super) fn entries(folder: &Path) -> io::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = name_bytes(&entry.file_name());
        // What was removed meanwhile is not there.
        if let (Ok(metadata), false) = (entry.metadata(), name.iter().any(|byte| b"\r\n".contains(byte))) {
            entries.push(Entry { name, metadata });
        }
    }
    entries.sort_by(|left, right| left.name.cmp(&right.name));
    Ok(entries)
}

impl Entry {
    pub(super) fn of(place: &Path, name: &[u8]) -> io::Result<Self> {
        Ok(Self { name: name.to_vec(), metadata: place.metadata()? })
    }

    /// The row of `ls -l`.
    pub(super) fn row(&self) -> Vec<u8> {
        let kind = match &self.metadata {
            folder if folder.is_dir() => 'd',
            link if link.is_symlink() => 'l',
            _ => '-',
        };
        let (mode, links) = (mode(&self.metadata), links(&self.metadata));
        let mut permissions = String::new();
        for (place, letter) in "rwxrwxrwx".chars().enumerate() {
            permissions.push(if mode & (0o400 >> place) == 0 { '-' } else { letter });
        }
        let date = self.modified().of_listing(SystemTime::now().into());
        let front =
            format!("{kind}{permissions} {links:3} ftp      ftp      {:>12} {date} ", self.metadata.len());
        [front.as_bytes(), &self.name].concat()
    }

    fn modified(&self) -> Moment {
        self.metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH).into()
    }
}

/// The facts of MLSx (RFC 3659, section 7.5) that a client wants to see.
#[derive(Clone, Debug)]
pub(super) struct Facts {
    chosen: Vec<&'static str>,
}

const FACTS: [&str; 5] = ["type", "size", "modify", "perm", "unix.mode"];

impl Default for Facts {
    fn default() -> Self {
        Self { chosen: FACTS.to_vec() }
    }
}

impl Facts {
    /// Those that are known of a list as in `OPTS MLST type;size;`.
    pub(super) fn chosen(list: &[u8]) -> Self {
        let names: Vec<&[u8]> = list.split(|byte| *byte == b';').collect();
        let is_chosen = |fact: &&str| names.iter().any(|name| name.eq_ignore_ascii_case(fact.as_bytes()));
        Self { chosen: FACTS.into_iter().filter(|fact| is_chosen(fact)).collect() }
    }

    /// As they were chosen.
    pub(super) fn list(&self) -> String {
        self.chosen.iter().map(|fact| format!("{fact};")).collect()
    }

    /// The line of FEAT: all facts, and which are chosen.
    pub(super) fn feature(&self) -> String {
        let mark = |fact| if self.chosen.contains(&fact) { "*" } else { "" };
        let facts: String = FACTS.iter().map(|fact| format!("{fact}{};", mark(*fact))).collect();
        format!("MLST {facts}")
    }

    /// An entry's line. `kind` is its type where that is not told by the entry.
    pub(super) fn row(&self, entry: &Entry, kind: Option<&str>, may_write: bool) -> Vec<u8> {
        let metadata = &entry.metadata;
        let mut row = String::new();
        for fact in &self.chosen {
            let value = match *fact {
                "type" => kind.unwrap_or(own_kind(metadata)).to_owned(),
                "size" if metadata.is_file() => metadata.len().to_string(),
                "modify" => entry.modified().digits(),
                "perm" => permissions(metadata, may_write).to_owned(),
                "unix.mode" => format!("0{:03o}", mode(metadata)),
                _ => continue,
            };
            row.push_str(&format!("{fact}={value};"));
        }
        [row.as_bytes(), b" ", &entry.name].concat()
    }
}

fn own_kind(metadata: &Metadata) -> &'static str {
    match metadata {
        folder if folder.is_dir() => "dir",
        link if link.is_symlink() => "OS.unix=symlink",
        _ => "file",
    }
}

fn permissions(metadata: &Metadata, may_write: bool) -> &'static str {
    match (metadata.is_dir(), may_write) {
        (true, true) => "cdeflmp",
        (true, false) => "el",
        (false, true) => "adfrw",
        (false, false) => "r",
    }
}

#[cfg(unix)]
fn mode(metadata: &Metadata) -> u32 {
    std::os::unix::fs::MetadataExt::mode(metadata) & 0o777
}

#[cfg(not(unix))]
fn mode(metadata: &Metadata) -> u32 {
    if metadata.is_dir() { 0o755 } else { 0o644 }
}

#[cfg(unix)]
fn links(metadata: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}
