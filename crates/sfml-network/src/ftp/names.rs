//! Names that a server gives, as names of local files.

use std::ffi::OsString;

use super::error::FtpError;

/// What a name from the server is called here.
///
/// It has to be one component of a path: a server that names a file `../.profile` does not get it written there. On
/// Windows the names of devices and of streams are refused as well.
pub(super) fn local(name: &[u8]) -> Result<OsString, FtpError> {
    let is_component =
        !matches!(name, b"" | b"." | b"..") && !name.iter().any(|byte| *byte == b'/' || *byte < b' ');
    if !is_component || (cfg!(windows) && !is_windows_name(name)) {
        return Err(FtpError::UnsafeName { name: name.to_vec() });
    }
    own(name)
}

/// The local name that these bytes are of, which [`remote`] has made of it: it may be any.
pub(super) fn own(name: &[u8]) -> Result<OsString, FtpError> {
    #[cfg(unix)]
    return Ok(std::os::unix::ffi::OsStringExt::from_vec(name.to_vec()));
    #[cfg(not(unix))]
    return std::str::from_utf8(name)
        .map(OsString::from)
        .map_err(|_| FtpError::UnsafeName { name: name.to_vec() });
}

/// The bytes of a local name, as the server is told it.
pub(super) fn remote(name: &std::ffi::OsStr) -> Vec<u8> {
    #[cfg(unix)]
    return std::os::unix::ffi::OsStrExt::as_bytes(name).to_vec();
    #[cfg(not(unix))]
    return name.to_string_lossy().into_owned().into_bytes();
}

/// What two names share that are one file here: all of it, or where the system ignores case the same letters.
pub(super) fn folded(name: &[u8]) -> Vec<u8> {
    if cfg!(any(windows, target_vendor = "apple")) {
        String::from_utf8_lossy(name).to_lowercase().into_bytes()
    } else {
        name.to_vec()
    }
}

/// A path on the server: a name in a directory.
pub(super) fn joined(directory: &[u8], name: &[u8]) -> Vec<u8> {
    let mut path = directory.to_vec();
    if !path.is_empty() && !path.ends_with(b"/") {
        path.push(b'/');
    }
    path.extend_from_slice(name);
    path
}

/// Whether Windows takes the name for a file of that name, and not for a device, a stream or another directory.
fn is_windows_name(name: &[u8]) -> bool {
    const DEVICES: [&[u8]; 6] = [b"CON", b"PRN", b"AUX", b"NUL", b"CONIN$", b"CONOUT$"];
    let stem =
        name.split(|byte| *byte == b'.').next().unwrap_or_default().trim_ascii_end().to_ascii_uppercase();
    let is_numbered = matches!(&*stem, [b'C', b'O', b'M', ..] | [b'L', b'P', b'T', ..])
        && matches!(&stem[3..], [b'0'..=b'9'] | [0xC2, 0xB9 | 0xB2 | 0xB3]);
    !name.iter().any(|byte| b"\\:*?\"<>|".contains(byte))
        && !name.ends_with(b".")
        && !name.ends_with(b" ")
        && !DEVICES.contains(&&*stem)
        && !is_numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in [&b""[..], b".", b"..", b"../x", b"/etc/passwd", b"a/b", b"a\nb", b"a\0b", b"\x1b[2J"] {
            assert!(matches!(local(name), Err(FtpError::UnsafeName { .. })), "{name:?}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn every_other_name_is_kept_byte_by_byte() {
        for name in
            [&b"a b"[..], b"...", b".hidden", b"\xFF\xFE", "\u{e9}t\u{e9}".as_bytes(), b"a\\b:c", b"NUL"]
        {
            assert_eq!(remote(&local(name).unwrap()), name);
        }
    }

    #[test]
    fn windows_has_names_of_its_own() {
        for name in
            ["CON", "con.txt", "Lpt1", "COM9.log", "nul .x", "a:b", "a\\b", "x.", "x ", "a?", "COM\u{b9}"]
        {
            assert!(!is_windows_name(name.as_bytes()), "{name}");
        }
        for name in ["console", "com", "COM10", "a.b", "\u{e9}"] {
            assert!(is_windows_name(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn paths_are_joined_with_one_slash() {
        assert_eq!(joined(b"", b"x"), b"x");
        assert_eq!(joined(b"/", b"x"), b"/x");
        assert_eq!(joined(b"a", b"x"), b"a/x");
    }
}
