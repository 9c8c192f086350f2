//! Names on the wire, and where they are on the disk.
//!
//! A [`Name`] is what the client means, `/` being the served folder; it cannot leave it. A symbolic link could, so
//! every path is followed to its end before it is used.

use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};

/// A name as the client sees it: absolute, without `.` and `..`.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(super) struct Name {
    components: Vec<Vec<u8>>,
}

impl Name {
    /// What `argument` means in this folder.
    pub(super) fn join(&self, argument: &[u8]) -> Self {
        let mut components =
            if argument.first() == Some(&b'/') { Vec::new() } else { self.components.clone() };
        for component in argument.split(|byte| *byte == b'/') {
            match component {
                b"" | b"." => {}
                b".." => drop(components.pop()),
                other => components.push(other.to_vec()),
            }
        }
        Self { components }
    }

    pub(super) fn bytes(&self) -> Vec<u8> {
        if self.components.is_empty() {
            return b"/".to_vec();
        }
        self.components.iter().flat_map(|component| [b"/", component.as_slice()].concat()).collect()
    }

    /// The path in quotes, its own quotes doubled (RFC 959, appendix II).
    pub(super) fn quoted(&self) -> Vec<u8> {
        let mut text = vec![b'"'];
        for byte in self.bytes() {
            text.push(byte);
            if byte == b'"' {
                text.push(byte);
            }
        }
        text.push(b'"');
        text
    }

    fn split_last(&self) -> Option<(&[u8], &[Vec<u8>])> {
        self.components.split_last().map(|(last, parents)| (last.as_slice(), parents))
    }
}

/// The folder that is served.
#[derive(Debug)]
pub(super) struct Root {
    path: PathBuf,
}

impl Root {
    pub(super) fn new(path: &Path) -> io::Result<Self> {
        let path = path.canonicalize()?;
        std::fs::read_dir(&path)?;
        Ok(Self { path })
    }

    /// The place of something that exists, links followed.
    pub(super) fn existing(&self, name: &Name) -> io::Result<PathBuf> {
        self.follow(&name.components)
    }

    /// The place of an entry in a folder that exists: to be made, renamed or removed. A link is itself.
    pub(super) fn entry(&self, name: &Name) -> io::Result<PathBuf> {
        let (last, parents) = name.split_last().ok_or(io::ErrorKind::PermissionDenied)?;
        Ok(self.follow(parents)?.join(component(last)?))
    }

    /// The place of a file that is to be written and may exist.
    pub(super) fn target(&self, name: &Name) -> io::Result<PathBuf> {
        let path = self.entry(name)?;
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_symlink() => self.existing(name),
            _ => Ok(path),
        }
    }

    fn follow(&self, components: &[Vec<u8>]) -> io::Result<PathBuf> {
        let mut path = self.path.clone();
        for bytes in components {
            path.push(component(bytes)?);
        }
        let path = path.canonicalize()?;
        if path.starts_with(&self.path) { Ok(path) } else { Err(io::ErrorKind::PermissionDenied.into()) }
    }
}

/// A component of a path; one that would be more than that is refused.
fn component(bytes: &[u8]) -> io::Result<PathBuf> {
    let path = PathBuf::from(os_string(bytes));
    let is_one = !bytes.contains(&0) && path.file_name().is_some_and(|name| name == path.as_os_str());
    if is_one { Ok(path) } else { Err(io::ErrorKind::InvalidInput.into()) }
}

fn os_string(bytes: &[u8]) -> OsString {
    #[cfg(unix)]
    let name = std::os::unix::ffi::OsStringExt::from_vec(bytes.to_vec());
    #[cfg(not(unix))]
    let name = String::from_utf8_lossy(bytes).into_owned().into();
    name
}

/// A name from the disk, as it is sent.
pub(super) fn name_bytes(name: &OsStr) -> Vec<u8> {
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStrExt::as_bytes(name).to_vec();
    #[cfg(not(unix))]
    let bytes = name.to_string_lossy().into_owned().into_bytes();
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_never_leave_the_folder() {
        let home = Name::default().join(b"a//b/./");
        assert_eq!(home.bytes(), b"/a/b");
        assert_eq!(home.join(b"../c").bytes(), b"/a/c");
        assert_eq!(home.join(b"../../../../etc").bytes(), b"/etc");
        assert_eq!(home.join(b"/..").bytes(), b"/");
        assert_eq!(home.join(b"").bytes(), b"/a/b");
    }

    #[test]
    fn a_component_is_one() {
        assert!(component(b"a b").is_ok());
        for bytes in [&b"a\0b"[..], b"a/b", b"..", b""] {
            assert!(component(bytes).is_err(), "{}", bytes.escape_ascii());
        }
    }
}
