//! The few files of the scripted server, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What is in `file.txt`: 130 bytes, which are the same in every type of transfer.
pub const FILE: &[u8; 130] = b"row 00 ok,row 01 ok,row 02 ok,row 03 ok,row 04 ok,row 05 ok,row 06 ok,\
row 07 ok,row 08 ok,row 09 ok,row 10 ok,row 11 ok,row 12 ok.";

/// When every file was modified.
pub(super) const MODIFIED: &str = "20200102030405";

/// Files and folders by absolute name; a folder has no contents.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Mutex<BTreeMap<Vec<u8>, Option<Vec<u8>>>>,
}

impl Default for Tree {
    fn default() -> Self {
        let nodes: [(&[u8], Option<&[u8]>); 5] = [
            (b"/", None),
            (b"/empty.txt", Some(b"")),
            (b"/file.txt", Some(FILE)),
            (b"/sub", None),
            (b"/sub/inner.txt", Some(b"inner")),
        ];
        let owned = nodes.map(|(name, contents)| (name.to_vec(), contents.map(<[u8]>::to_vec)));
        Self { nodes: Mutex::new(owned.into()) }
    }
}

impl Tree {
    /// The contents of a file.
    pub(super) fn file(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.lock().get(name).cloned().flatten()
    }

    pub(super) fn is_folder(&self, name: &[u8]) -> bool {
        self.lock().get(name).is_some_and(Option::is_none)
    }

    pub(super) fn write(&self, name: &[u8], contents: Vec<u8>) {
        self.lock().insert(name.to_vec(), Some(contents));
    }

    /// `false` when there is something of that name.
    pub(super) fn make_folder(&self, name: &[u8]) -> bool {
        let mut nodes = self.lock();
        let is_free = !nodes.contains_key(name);
        if is_free {
            nodes.insert(name.to_vec(), None);
        }
        is_free
    }

    /// `false` when there is nothing of that name, or a folder that is not empty.
    pub(super) fn remove(&self, name: &[u8]) -> bool {
        let is_empty = self.entries(name).is_empty();
        is_empty && self.lock().remove(name).is_some()
    }

    /// `false` when there is nothing of that name.
    pub(super) fn rename(&self, from: &[u8], to: &[u8]) -> bool {
        let mut nodes = self.lock();
        let node = nodes.remove(from);
        node.is_some_and(|node| {
            nodes.insert(to.to_vec(), node);
            true
        })
    }

    /// The names of what is in a folder, and their sizes; a folder has none.
    pub(super) fn entries(&self, folder: &[u8]) -> Vec<(Vec<u8>, Option<usize>)> {
        let prefix = if folder == b"/" { b"/".to_vec() } else { [folder, b"/"].concat() };
        let nodes = self.lock();
        let within = nodes.iter().filter_map(|(name, contents)| {
            let rest = name.strip_prefix(prefix.as_slice())?;
            let is_own = !rest.is_empty() && !rest.contains(&b'/');
            is_own.then(|| (rest.to_vec(), contents.as_ref().map(Vec::len)))
        });
        within.collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<Vec<u8>, Option<Vec<u8>>>> {
        self.nodes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
