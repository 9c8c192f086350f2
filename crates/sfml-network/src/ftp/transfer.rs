//! What a transfer is to do, and what it did.

use std::fmt;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::time::SystemTime;

use ftp_proto::{Argument, Command, Reply};

/// How bytes are represented on the way (RFC 959, section 3.1.1).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum TransferMode {
    /// As they are (`TYPE I`). The default.
    #[default]
    Binary,
    /// As lines of text (`TYPE A`): line ends are converted from and to this computer's.
    Ascii,
    /// As lines of EBCDIC text (`TYPE E`), for servers that keep such files. The bytes are moved as they are.
    Ebcdic,
}

impl TransferMode {
    pub(super) fn command(self) -> Command {
        let letter = match self {
            Self::Binary => "I",
            Self::Ascii => "A",
            Self::Ebcdic => "E",
        };
        // One letter is always an argument.
        Argument::new(letter).map_or_else(|_| Command::new("TYPE"), |letter| Command::with("TYPE", letter))
    }

    /// How many bytes go by for a file of this size, if that is known: line ends have another length on the way.
    pub(super) fn total(self, size: Option<u64>) -> Option<u64> {
        size.filter(|_| self != Self::Ascii)
    }
}

/// Told how far a transfer is: the bytes there are, those of an earlier attempt included, and how many there will
/// be, if that is known, which for [`Ascii`](TransferMode::Ascii) it is not. `Break` cancels the transfer.
pub type ProgressCallback<'a> = &'a mut dyn FnMut(u64, Option<u64>) -> ControlFlow<()>;

/// What a transfer is to do.
///
/// ```
/// use sfml_network::ftp::{Transfer, TransferMode};
/// use std::ops::ControlFlow;
///
/// let mut show = |done: u64, total: Option<u64>| {
///     eprintln!("{done} of {total:?}");
///     ControlFlow::Continue(())
/// };
/// let transfer = Transfer::binary().resume().progress(&mut show);
/// # let _ = transfer;
/// ```
#[derive(Default)]
pub struct Transfer<'a> {
    pub(super) mode: TransferMode,
    pub(super) resume: bool,
    pub(super) append: bool,
    pub(super) keep_time: bool,
    pub(super) size: Option<u64>,
    /// When the file was changed, known from a listing.
    pub(super) modified: Option<SystemTime>,
    pub(super) progress: Option<ProgressCallback<'a>>,
}

impl<'a> Transfer<'a> {
    /// Bytes as they are.
    pub fn binary() -> Self {
        Self::default()
    }

    /// Lines of text.
    pub fn ascii() -> Self {
        TransferMode::Ascii.into()
    }

    /// Goes on where an earlier attempt ended, if the file is still the same; else from the beginning.
    ///
    /// A download keeps what has arrived of a file named `x` as `x.part` when it fails, and looks there first. It
    /// is the same file when the server's is neither shorter nor was changed since (`SIZE`, `MDTM`). An upload
    /// looks how much the server has (`SIZE`). Binary only.
    #[must_use]
    pub fn resume(mut self) -> Self {
        self.resume = true;
        self
    }

    /// An upload adds to the end of the file that is there (`APPE`).
    #[must_use]
    pub fn append(mut self) -> Self {
        self.append = true;
        self
    }

    /// A downloaded file gets the time of the server's (`MDTM`), an uploaded one that of the local file (`MFMT`),
    /// where the server can.
    #[must_use]
    pub fn keep_time(mut self) -> Self {
        self.keep_time = true;
        self
    }

    /// The size of the file, known from a listing, which saves asking for it. For a reader that is uploaded, the
    /// total that is told as progress.
    #[must_use]
    pub fn size(mut self, size: u64) -> Self {
        self.size = Some(size);
        self
    }

    /// Tells how far the transfer is, in pieces of at most 4 MiB. Where that is `Break` it is given up.
    #[must_use]
    pub fn progress(mut self, progress: ProgressCallback<'a>) -> Self {
        self.progress = Some(progress);
        self
    }

    /// The file there, if its size is to be the number of the bytes that are sent.
    pub(super) fn whole<'r>(&self, remote: &'r [u8]) -> Option<&'r [u8]> {
        (self.mode == TransferMode::Binary && !self.append).then_some(remote)
    }

    /// The same once more, for another attempt.
    pub(super) fn again(&mut self) -> Transfer<'_> {
        let progress: Option<ProgressCallback<'_>> = match &mut self.progress {
            Some(progress) => Some(&mut **progress),
            None => None,
        };
        Transfer { progress, ..*self }
    }
}

impl From<TransferMode> for Transfer<'_> {
    fn from(mode: TransferMode) -> Self {
        Self { mode, ..Self::default() }
    }
}

impl fmt::Debug for Transfer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transfer")
            .field("mode", &self.mode)
            .field("resume", &self.resume)
            .field("append", &self.append)
            .field("keep_time", &self.keep_time)
            .field("size", &self.size)
            .finish_non_exhaustive()
    }
}

/// What a transfer did.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Transferred {
    /// The bytes that went over the data connection.
    pub bytes: u64,
    /// How many were there before, from an earlier attempt.
    pub resumed_from: u64,
    /// The local file.
    pub path: Option<PathBuf>,
    /// The server's last reply.
    pub reply: Reply,
}
