//! Names alone, as `NLST` lists them.

use super::entry::{Entry, EntryKind};

/// A line of `NLST`, which is a name, or a path where the server sends one.
pub(super) fn parse(line: &[u8]) -> Option<Entry> {
    if line.is_empty() { None } else { Some(Entry::new(line, EntryKind::Other)) }
}

/// Takes `directory/` from the front of the names if each has it, as when a server answers `NLST sub` with paths.
///
/// If but one has something else in front, or nothing behind, they stay as they are.
///
/// ```
/// let mut names = vec![b"sub/a".to_vec(), b"sub/b".to_vec()];
/// ftp_proto::strip_common_directory(&mut names, b"sub");
/// assert_eq!(names, [b"a", b"b"]);
/// ```
pub fn strip_common_directory(names: &mut [Vec<u8>], directory: &[u8]) {
    let Some(last) = directory.last() else {
        return;
    };
    let slash: &[u8] = if *last == b'/' { b"" } else { b"/" };
    let prefix = [directory, slash].concat();
    if names.iter().all(|name| name.len() > prefix.len() && name.starts_with(&prefix)) {
        for name in names {
            name.drain(..prefix.len());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stripped(names: &[&str], directory: &str) -> Vec<String> {
        let mut names: Vec<Vec<u8>> = names.iter().map(|name| name.as_bytes().to_vec()).collect();
        strip_common_directory(&mut names, directory.as_bytes());
        names.into_iter().map(|name| String::from_utf8(name).unwrap()).collect()
    }

    #[test]
    fn directory_is_taken_from_every_name_or_none() {
        assert_eq!(stripped(&["sub/a", "sub/.", "sub/b/c"], "sub"), ["a", ".", "b/c"]);
        assert_eq!(stripped(&["sub/a", "sub/b"], "sub/"), ["a", "b"]);
        assert_eq!(stripped(&["/a", "/b"], "/"), ["a", "b"]);
        for (names, directory) in [
            (&["sub/a", "b"][..], "sub"),
            (&["sub/a", "sub/"], "sub"),
            (&["subway/a"], "sub"),
            (&["a", "b"], "sub"),
            (&["sub/a"], ""),
            (&[], "sub"),
        ] {
            assert_eq!(stripped(names, directory), names);
        }
    }

    #[test]
    fn any_line_with_a_byte_is_a_name() {
        assert_eq!(parse(b" a\rb\xFF ").unwrap().name, b" a\rb\xFF ");
        assert_eq!(parse(b""), None);
    }
}
