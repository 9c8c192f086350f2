//! What one line of a listing says.

use crate::timestamp::Timestamp;

/// One entry of a listing; what the server did not say is `None`.
///
/// Everything in it is what a stranger sent. A name may hold any byte but a line feed, slashes and `..` included,
/// so it is not to be used for a local file unchecked.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The name, in the server's encoding; a path where the server sends one.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: EntryKind,
    /// Its size in bytes. Of a link it is what the server says, mostly the length of the target's name.
    pub size: Option<u64>,
    /// When it was last changed.
    pub modified: Option<Timestamp>,
    /// Whether that time is in UTC, as facts and EPLF tell it. Other listings are for people, in the zone of the server.
    pub modified_is_utc: bool,
    /// The twelve bits of a Unix mode: read, write and execute for three, sticky, and the two set-id bits.
    pub permissions: Option<u16>,
    /// Who owns it, a name or a number.
    pub owner: Option<Vec<u8>>,
    /// The group it belongs to, a name or a number.
    pub group: Option<Vec<u8>>,
    /// What a link points to.
    pub target: Option<Vec<u8>>,
    /// An identifier: two entries of one server that have the same are the same file (RFC 3659, section 7.5.2).
    pub unique: Option<Vec<u8>>,
    /// What this user may do with it: the letters of the `perm` fact (RFC 3659, section 7.5.5).
    pub rights: Option<Vec<u8>>,
}

impl Entry {
    /// An entry of which only this is known.
    pub fn new(name: impl Into<Vec<u8>>, kind: EntryKind) -> Self {
        Self {
            name: name.into(),
            kind,
            size: None,
            modified: None,
            modified_is_utc: false,
            permissions: None,
            owner: None,
            group: None,
            target: None,
            unique: None,
            rights: None,
        }
    }
}

/// What an entry is.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
#[non_exhaustive]
pub enum EntryKind {
    /// A file.
    File,
    /// A directory.
    Directory,
    /// A symbolic link, to whatever it may be.
    Link,
    /// The directory that is listed: `.`, or `type=cdir`.
    CurrentDirectory,
    /// The directory above: `..`, or `type=pdir`.
    ParentDirectory,
    /// Something else, as a device; or the listing does not say, as one of names alone.
    Other,
}
