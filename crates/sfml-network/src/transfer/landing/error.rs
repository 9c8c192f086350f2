//! What went wrong with a local file, and with which.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// An attempt on a local file that failed. Found inside the [`io::Error`] of a landing, which has the same kind.
#[derive(Debug)]
pub(crate) struct LandingError {
    sentence: &'static str,
    path: PathBuf,
    cause: io::Error,
}

impl LandingError {
    /// The file or directory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What came of it, before the path.
    pub(crate) fn sentence(&self) -> &'static str {
        self.sentence
    }

    /// The system's error, or what we found instead of one.
    #[cfg(test)]
    pub(crate) fn cause(&self) -> &io::Error {
        &self.cause
    }
}

impl fmt::Display for LandingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.sentence, self.path.display(), self.cause)
    }
}

impl Error for LandingError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.cause)
    }
}

/// The error of an attempt on a path.
#[cold]
pub(super) fn attempt(sentence: &'static str, path: &Path, cause: io::Error) -> io::Error {
    io::Error::new(cause.kind(), LandingError { sentence, path: path.to_owned(), cause })
}
