//! Trees: a directory with everything in it, made the same on the other side.

mod download;
mod filter;
mod jobs;
mod times;
mod upload;
mod walk;

use std::fmt;
use std::ops::ControlFlow;

use self::filter::Filter;
use super::error::FtpError;

/// What the transfer of a tree is to do.
///
/// A file is transferred if it is missing on the other side, or has another size or time there; it gets the time of its
/// origin, so that the next call leaves it alone. Where a server does not let its times be set, an upload counts as the
/// same file while the one here is not newer. Links are neither followed nor made.
///
/// ```
/// use sfml_network::ftp::Tree;
///
/// let tree = Tree::new().sessions(8).exclude("*.tmp").exclude("cache/**").delete();
/// # let _ = tree;
/// ```
pub struct Tree<'a> {
    sessions: usize,
    filter: Filter,
    delete: bool,
    progress: Option<TreeProgressCallback<'a>>,
}

/// Told how far the transfer of a tree is. `Break` cancels it.
pub type TreeProgressCallback<'a> = &'a mut dyn FnMut(TreeProgress) -> ControlFlow<()>;

/// How far the transfer of a tree is.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct TreeProgress {
    /// The bytes that were transferred.
    pub bytes: u64,
    /// The bytes there are to transfer, as far as the sizes are known.
    pub total_bytes: u64,
    /// The files that are done.
    pub files: u64,
    /// The files there are to transfer.
    pub total_files: u64,
}

/// What the transfer of a tree did.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct TreeReport {
    /// The files that were transferred.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// The files that were the same on both sides.
    pub unchanged: u64,
    /// The files and directories that were deleted, if that was asked for.
    pub deleted: u64,
    /// What was passed over because it is neither a file nor a directory: links, devices. Paths below the root of the
    /// tree.
    pub skipped: Vec<Vec<u8>>,
    /// What failed.
    pub failures: Vec<TreeFailure>,
}

/// One file or directory that could not be transferred.
#[derive(Debug)]
#[non_exhaustive]
pub struct TreeFailure {
    /// The path below the root of the tree.
    pub path: Vec<u8>,
    /// Why.
    pub error: FtpError,
}

impl<'a> Tree<'a> {
    /// Everything, with four sessions, and nothing deleted.
    pub fn new() -> Self {
        Self { sessions: 4, filter: Filter::default(), delete: false, progress: None }
    }

    /// With how many sessions at once, 1 to 32. Where the server admits fewer, it is fewer.
    #[must_use]
    pub fn sessions(mut self, sessions: usize) -> Self {
        self.sessions = sessions;
        self
    }

    /// Only files that match this pattern, or another one given this way.
    ///
    /// `*` and `?` stand for characters other than a slash, `**` for directories, `[ab]` and `{a,b}` for alternatives.
    /// A pattern without a slash is compared with names, any other with paths below the root of the tree.
    #[must_use]
    pub fn include(mut self, pattern: impl Into<Vec<u8>>) -> Self {
        self.filter.include(pattern.into());
        self
    }

    /// No files or directories that match this pattern; it counts more than [`include`](Self::include). What it hides is
    /// not deleted either.
    #[must_use]
    pub fn exclude(mut self, pattern: impl Into<Vec<u8>>) -> Self {
        self.filter.exclude(pattern.into());
        self
    }

    /// Deletes what is only on the side that is written to, once everything else has succeeded.
    #[must_use]
    pub fn delete(mut self) -> Self {
        self.delete = true;
        self
    }

    /// Tells how far the transfer is.
    #[must_use]
    pub fn progress(mut self, progress: TreeProgressCallback<'a>) -> Self {
        self.progress = Some(progress);
        self
    }
}

impl Default for Tree<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Tree<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tree")
            .field("sessions", &self.sessions)
            .field("filter", &self.filter)
            .field("delete", &self.delete)
            .finish_non_exhaustive()
    }
}

impl TreeReport {
    /// The report, or as an error what did not succeed.
    fn judged(self) -> Result<Self, FtpError> {
        if self.failures.is_empty() { Ok(self) } else { Err(FtpError::Unfinished(Box::new(self))) }
    }

    fn fail(&mut self, path: &[u8], error: FtpError) {
        self.failures.push(TreeFailure { path: path.to_vec(), error });
    }
}
