//! `Landing`: where a download is put until it is complete.

mod error;
mod place;
#[cfg(test)]
mod tests;

use std::fs::{self, File, Metadata};
use std::io::{self, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

pub(crate) use self::error::LandingError;
use self::error::attempt;
use crate::sys;

/// What is left of a download that did not complete.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Keep {
    /// Nothing: it arrives in a hidden file of a name nobody knows, `.name.random.part`, which is removed.
    Nothing,
    /// What has arrived, as `name.part`, where the next attempt finds it. A name too long for that becomes
    /// `.hash.part`.
    Partial,
}

/// A file beside the target that becomes the target when it is complete, in one step: there never is half a file under
/// the target's name.
///
/// It is not forced to the disk (`fsync`), which would cost more than the transfer of a small file: after a loss of
/// power a file that was complete moments before may be missing or empty, as with other programs that copy files.
#[derive(Debug)]
pub(crate) struct Landing {
    target: PathBuf,
    place: PathBuf,
    file: File,
    keep: Keep,
    /// What the target is now, if it exists.
    replaced: Option<Metadata>,
    modified: Option<SystemTime>,
    is_reserved: bool,
    is_committed: bool,
}

impl Landing {
    /// From which size on it is worth [making sure](Self::reserve) of room before the bytes come.
    pub(crate) const RESERVED_FROM: u64 = 1 << 20;

    /// The most room that is taken in advance: the size is only the peer's claim, and others use the disk too.
    const RESERVED_MOST: u64 = 1 << 30;

    /// Opens the file beside `target`, at its end.
    ///
    /// With [`Keep::Partial`] that is what an earlier attempt has left, if it did.
    ///
    /// # Errors
    /// A [`LandingError`] inside, of these kinds among others:
    /// * `InvalidInput`: the target ends with no file name, or is something else than a file, as devices are; or
    ///   what is at the place of the partial file is not a file of its own, as links are not.
    /// * `IsADirectory`: the target is a directory, or a link to one.
    /// * `PermissionDenied`: the target is marked as read-only, or no file can be created beside it.
    /// * `NotFound`: the directory does not exist.
    /// * `ResourceBusy`: another download is filling the partial file.
    pub(crate) fn create(target: &Path, keep: Keep) -> io::Result<Self> {
        let name = place::file_name(target)?;
        let replaced = place::replaceable(target)?;
        let (place, mut file) = match keep {
            Keep::Nothing => place::create_hidden(target, name, replaced.as_ref())?,
            Keep::Partial => place::open_partial(target, name, replaced.as_ref())?,
        };
        file.seek(SeekFrom::End(0)).map_err(|error| attempt("could not use the file", &place, error))?;
        Ok(Self {
            target: target.to_owned(),
            place,
            file,
            keep,
            replaced,
            modified: None,
            is_reserved: false,
            is_committed: false,
        })
    }

    /// The file, positioned behind what is there.
    pub(crate) fn file(&self) -> &File {
        &self.file
    }

    /// Where it is until it is committed.
    pub(crate) fn place(&self) -> &Path {
        &self.place
    }

    /// The name for what is kept beside the place: that with `ending` behind it, or `.hash` and the ending where that
    /// is longer than the file system takes.
    #[cfg(feature = "http")]
    pub(crate) fn companion(&self, ending: &str) -> PathBuf {
        place::with_ending(&self.place, ending)
    }

    /// How many bytes are there.
    pub(crate) fn len(&self) -> io::Result<u64> {
        let metadata = self.file.metadata();
        Ok(metadata.map_err(|error| self.failed("could not look at the file", error))?.len())
    }

    /// Goes behind what is there.
    pub(crate) fn go_to_end(&mut self) -> io::Result<()> {
        let moved = self.file.seek(SeekFrom::End(0));
        moved.map(drop).map_err(|error| self.failed("could not use the file", error))
    }

    /// Throws away what is there.
    pub(crate) fn restart(&mut self) -> io::Result<()> {
        let emptied = self.file.set_len(0).and_then(|()| self.file.rewind());
        self.is_reserved = false;
        emptied.map_err(|error| self.failed("could not empty the file", error))
    }

    /// Makes sure that there is room for a file of `size` bytes in all, as far as the system can tell: the first GiB of
    /// what is missing is taken now (`fallocate(2)`), the rest compared with what is free. To be called once.
    ///
    /// # Errors
    /// `StorageFull`, `QuotaExceeded` or `FileTooLarge` when there is none.
    pub(crate) fn reserve(&mut self, size: u64) -> io::Result<()> {
        let present = self.len()?;
        let missing = size.saturating_sub(present);
        if missing == 0 || self.is_reserved {
            return Ok(());
        }
        if sys::room(&self.file).is_some_and(|room| room < missing) {
            return Err(self.failed("there is no room for the file", io::ErrorKind::StorageFull.into()));
        }
        use io::ErrorKind as Kind;
        match sys::reserve(&self.file, present, missing.min(Self::RESERVED_MOST)) {
            Ok(()) => self.is_reserved = true,
            Err(error)
                if matches!(error.kind(), Kind::StorageFull | Kind::QuotaExceeded | Kind::FileTooLarge) =>
            {
                return Err(self.failed("there is no room for the file", error));
            }
            // Only some file systems can do it.
            Err(_) => {}
        }
        Ok(())
    }

    /// Sets what the file's time of modification will be.
    pub(crate) fn set_modified(&mut self, time: SystemTime) {
        self.modified = Some(time);
    }

    /// Puts the file in the target's place.
    ///
    /// A file that is there is replaced, and lends the new one its permissions; so is a symbolic link, itself and not
    /// what it points to. The owner is whoever this program runs as.
    ///
    /// # Errors
    /// A [`LandingError`] inside. The target is as it was.
    pub(crate) fn commit(mut self) -> io::Result<()> {
        self.give_back();
        if let Some(replaced) = &self.replaced {
            place::lend_permissions(replaced, &self.file)
                .map_err(|error| self.failed("could not set the permissions of the file", error))?;
        }
        if let Some(time) = self.modified {
            self.file
                .set_modified(time)
                .map_err(|error| self.failed("could not set the time of the file", error))?;
        }
        // A second descriptor is closed in its place: the first is the one that has the lock until it is renamed.
        let closed = self.file.try_clone().and_then(sys::close);
        closed.map_err(|error| self.failed("could not finish the file", error))?;
        fs::rename(&self.place, &self.target)
            .map_err(|error| attempt("could not replace", &self.target, error))?;
        self.is_committed = true;
        Ok(())
    }

    /// Gives back the room that was reserved and not used.
    fn give_back(&self) {
        if self.is_reserved {
            // It is only room: the bytes are not affected.
            let _ = self.len().and_then(|length| self.file.set_len(length));
        }
    }

    #[cold]
    fn failed(&self, sentence: &'static str, error: io::Error) -> io::Error {
        attempt(sentence, &self.place, error)
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        let is_useful = self.keep == Keep::Partial && self.len().is_ok_and(|length| length > 0);
        match (self.is_committed, is_useful) {
            (true, _) => {}
            (false, true) => self.give_back(),
            (false, false) => {
                // Nobody is left to tell.
                let _ = fs::remove_file(&self.place);
            }
        }
        sys::unlock_file(&self.file);
    }
}
