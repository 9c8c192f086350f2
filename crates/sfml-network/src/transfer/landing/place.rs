//! Choosing, checking and opening the file beside the target.

use std::collections::hash_map::RandomState;
use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};

use super::error::attempt;
use crate::sys;

/// How many names are tried until one is free.
const ATTEMPTS: usize = 16;

/// The last part of the target, which must be a plain name: `folder/` and `folder/.` name no file.
pub(super) fn file_name(target: &Path) -> io::Result<&OsStr> {
    let whole = target.as_os_str().as_encoded_bytes();
    let name = target.file_name().filter(|name| whole.ends_with(name.as_encoded_bytes()));
    let refused = || io::Error::new(io::ErrorKind::InvalidInput, "the path does not end with a file name");
    name.ok_or_else(|| attempt("could not use the target", target, refused()))
}

/// What the target is, if it exists and may be replaced.
pub(super) fn replaceable(target: &Path) -> io::Result<Option<Metadata>> {
    let refuse = |error| Err(attempt("could not use the target", target, error));
    let metadata = match fs::symlink_metadata(target) {
        Ok(metadata) => metadata,
        // Of the target itself or of its directory, which creating a file in it will tell.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return refuse(error),
    };
    if fs::metadata(target).is_ok_and(|metadata| metadata.is_dir()) {
        return refuse(io::ErrorKind::IsADirectory.into());
    }
    if metadata.is_symlink() {
        return Ok(None);
    }
    if !metadata.is_file() {
        return refuse(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    if metadata.permissions().readonly() {
        return refuse(io::Error::new(io::ErrorKind::PermissionDenied, "it is marked as read-only"));
    }
    Ok(Some(metadata))
}

/// A new file under a name that nobody can know before.
pub(super) fn create_hidden(
    target: &Path,
    name: &OsStr,
    replaced: Option<&Metadata>,
) -> io::Result<(PathBuf, File)> {
    let mut options = options(replaced);
    options.create_new(true);
    let mut is_short = false;
    for _ in 0..ATTEMPTS {
        let random = RandomState::new().build_hasher().finish();
        let mut hidden = OsString::from(".");
        if !is_short {
            hidden.push(name);
            hidden.push(".");
        }
        hidden.push(format!("{random:016x}.part"));
        let place = target.with_file_name(hidden);
        match options.open(&place) {
            Ok(file) => return Ok((place, file)),
            Err(error) if sys::is_name_too_long(&error) && !is_short => is_short = true,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(not_created(target, error)),
        }
    }
    Err(not_created(target, io::ErrorKind::AlreadyExists.into()))
}

/// The file that an earlier attempt has left, or a new one.
pub(super) fn open_partial(
    target: &Path,
    name: &OsStr,
    replaced: Option<&Metadata>,
) -> io::Result<(PathBuf, File)> {
    let mut options = options(replaced);
    options.create(true).truncate(false);
    sys::open_only_itself(&mut options);
    let mut partial = name.to_owned();
    partial.push(".part");
    let mut place = target.with_file_name(partial);
    for _ in 0..ATTEMPTS {
        let mut opened = options.open(&place);
        if opened.as_ref().is_err_and(sys::is_name_too_long) {
            place = target.with_file_name(format!(".{:016x}.part", hash(name)));
            opened = options.open(&place);
        }
        let refused = |error| attempt("could not use the partial file", &place, error);
        let file = match opened {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(not_created(target, error)),
            Err(_) if place.is_symlink() => return Err(refused(not_of_its_own())),
            Err(error) => return Err(refused(error)),
        };
        let metadata = file.metadata().map_err(refused)?;
        if !metadata.is_file() || has_other_names(&metadata) {
            return Err(refused(not_of_its_own()));
        }
        sys::lock_file(&file).map_err(|_| refused(io::ErrorKind::ResourceBusy.into()))?;
        // Between the two, whoever had it may have put it in the target's place.
        if fs::symlink_metadata(&place).is_ok_and(|now| is_same_file(&now, &metadata)) {
            return Ok((place, file));
        }
    }
    Err(attempt("could not use the partial file", &place, io::ErrorKind::ResourceBusy.into()))
}

/// The path with something behind its name, which is shortened to a hash where the whole would be too long.
#[cfg(feature = "http")]
pub(super) fn with_ending(place: &Path, ending: &str) -> PathBuf {
    let name = place.file_name().unwrap_or_default();
    let mut long = name.to_owned();
    long.push(ending);
    let whole = place.with_file_name(long);
    match fs::symlink_metadata(&whole) {
        Err(error) if sys::is_name_too_long(&error) => {
            place.with_file_name(format!(".{:016x}{ending}", hash(name)))
        }
        _ => whole,
    }
}

/// Gives a file the permissions of another: who may read, write and run it, and nothing beyond.
pub(super) fn lend_permissions(from: &Metadata, to: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        to.set_permissions(fs::Permissions::from_mode(from.permissions().mode() & 0o777))
    }
    #[cfg(not(unix))]
    {
        let _ = (from, to);
        Ok(())
    }
}

/// For reading too, so that what is there can be verified; no more open to others than what it replaces.
fn options(replaced: Option<&Metadata>) -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    if let Some(replaced) = replaced {
        use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
        options.mode(replaced.permissions().mode() & 0o777 | 0o600);
    }
    #[cfg(not(unix))]
    let _ = replaced;
    options
}

fn not_created(target: &Path, error: io::Error) -> io::Error {
    let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    attempt("could not create a file in", directory.unwrap_or(Path::new(".")), error)
}

fn not_of_its_own() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, "it is a link or no regular file")
}

/// Whether what is written to the file would appear elsewhere too.
fn has_other_names(metadata: &Metadata) -> bool {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(metadata) > 1;
    #[cfg(not(unix))]
    {
        let _ = metadata;
        false
    }
}

fn is_same_file(one: &Metadata, other: &Metadata) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (one.dev(), one.ino()) == (other.dev(), other.ino())
    }
    #[cfg(not(unix))]
    {
        let _ = (one, other);
        true
    }
}

/// A number for a name, the same in every run and version: FNV-1a.
fn hash(name: &OsStr) -> u64 {
    name.as_encoded_bytes()
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
