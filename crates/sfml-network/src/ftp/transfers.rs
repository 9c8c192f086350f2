//! `Ftp`: files and trees, there and back.

use std::io::{Read, Write};
use std::path::Path;

use super::Ftp;
use super::error::FtpError;
use super::transfer::{Transfer, Transferred};
use super::tree::{Tree, TreeReport};

impl Ftp {
    /// Downloads a file (`RETR`).
    ///
    /// `local` is the file to write, or a directory, in which it gets its own name. The file is written beside its
    /// place and moved there when it is complete: the end of the data, the server's last reply and the size, where the
    /// server tells it, agree. A failure leaves nothing, or with [`Transfer::resume`] the part that came.
    ///
    /// # Errors
    /// * [`FtpError::Rejected`]: there is no such file, or it may not be read.
    /// * [`FtpError::Incomplete`]: less came than the file is long.
    /// * [`FtpError::Local`]: the file cannot be written here.
    /// * [`FtpError::Data`], [`FtpError::TimedOut`]: the network.
    /// * [`FtpError::UnsafeName`]: no name is left of `remote` that could be a file in a directory.
    pub fn download<'a>(
        &self,
        remote: impl AsRef<[u8]>,
        local: impl AsRef<Path>,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        self.run(|client| client.download(remote.as_ref(), local.as_ref(), transfer.into()))
    }

    /// Downloads a file into a writer, which has what came before a failure.
    ///
    /// # Errors
    /// As [`download`](Self::download).
    pub fn retrieve<'a>(
        &self,
        remote: impl AsRef<[u8]>,
        mut writer: impl Write,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        self.run(|client| client.retrieve(remote.as_ref(), &mut writer, transfer.into()))
    }

    /// Uploads a file (`STOR`, `APPE`).
    ///
    /// `remote` is the path there; one that is empty or ends with a slash is a directory, in which the file gets its
    /// own name. After a failure the server may have a part of it.
    ///
    /// # Errors
    /// * [`FtpError::Local`]: the file cannot be read here, or became shorter meanwhile.
    /// * [`FtpError::Rejected`]: it may not be stored, or there is no room.
    /// * [`FtpError::Data`], [`FtpError::TimedOut`]: the network.
    pub fn upload<'a>(
        &self,
        local: impl AsRef<Path>,
        remote: impl AsRef<[u8]>,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        self.run(|client| client.upload(local.as_ref(), remote.as_ref(), transfer.into()))
    }

    /// Uploads what a reader gives.
    ///
    /// # Errors
    /// As [`upload`](Self::upload).
    pub fn store<'a>(
        &self,
        mut reader: impl Read,
        remote: impl AsRef<[u8]>,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        self.run(|client| client.store(&mut reader, remote.as_ref(), transfer.into()))
    }

    /// Downloads a large file with several sessions at once, each a part of it (`SIZE`, `REST`).
    ///
    /// As [`download`](Self::download) otherwise. With one session, or for a file of less than 2 MiB, it is the same. Of
    /// the options of the transfer those of progress and time count.
    ///
    /// # Errors
    /// As [`download`](Self::download); [`FtpError::Rejected`] when the server does not tell the size.
    pub fn download_segmented<'a>(
        &self,
        remote: impl AsRef<[u8]>,
        local: impl AsRef<Path>,
        sessions: usize,
        transfer: impl Into<Transfer<'a>>,
    ) -> Result<Transferred, FtpError> {
        let transfer = transfer.into();
        self.run(|client| client.download_segmented(remote.as_ref(), local.as_ref(), sessions, transfer))
    }

    /// Downloads a directory with everything in it, with several sessions at once.
    ///
    /// Names that would lead out of the directory are refused one by one; links are neither followed nor made.
    ///
    /// # Errors
    /// [`FtpError::Unfinished`] when something failed and the rest did not; else what kept all of it from being done.
    pub fn download_tree(
        &self,
        remote: impl AsRef<[u8]>,
        local: impl AsRef<Path>,
        tree: Tree<'_>,
    ) -> Result<TreeReport, FtpError> {
        self.run(|client| client.download_tree(remote.as_ref(), local.as_ref(), tree))
    }

    /// Uploads a directory with everything in it, with several sessions at once.
    ///
    /// # Errors
    /// As [`download_tree`](Self::download_tree).
    pub fn upload_tree(
        &self,
        local: impl AsRef<Path>,
        remote: impl AsRef<[u8]>,
        tree: Tree<'_>,
    ) -> Result<TreeReport, FtpError> {
        self.run(|client| client.upload_tree(local.as_ref(), remote.as_ref(), tree))
    }
}
