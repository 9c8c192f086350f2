//! Folders that are gone when their owner is.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// An empty folder of its own, removed with everything in it when dropped.
#[derive(Debug)]
pub struct TempFolder(PathBuf);

impl TempFolder {
    /// Makes one inside `parent`, which has to exist; its name begins with `name`.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn inside(parent: &Path, name: &str) -> io::Result<Self> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        const MOST_LEFTOVERS: u32 = 1000;
        for _ in 0..MOST_LEFTOVERS {
            let number = NUMBER.fetch_add(1, Ordering::Relaxed);
            let path = parent.join(format!("{name}-{}-{number}", process::id()));
            match fs::create_dir(&path) {
                // Left behind by a process that had our number before.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                outcome => return outcome.map(|()| Self(path)),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Makes one among the system's temporary files.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn new(name: &str) -> io::Result<Self> {
        Self::inside(&std::env::temp_dir(), name)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

/// A place for large files in memory, so that no disk is measured, if there is one; else among the temporary files.
pub fn in_memory() -> PathBuf {
    let memory = PathBuf::from("/dev/shm");
    if memory.is_dir() { memory } else { std::env::temp_dir() }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        // Whoever still writes into it keeps some of it; the system clears its temporary folder.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_new_and_goes_with_its_contents() {
        let parent = std::env::temp_dir();
        let (one, other) =
            (TempFolder::inside(&parent, "x").unwrap(), TempFolder::inside(&parent, "x").unwrap());
        assert_ne!(one.path(), other.path());
        fs::write(one.path().join("file"), "contents").unwrap();
        let path = one.path().to_owned();
        drop(one);
        assert!(!path.exists() && other.path().is_dir());
    }
}
