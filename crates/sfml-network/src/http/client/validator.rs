//! `Validator`: what a server called the version of a file of which a part has come.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::PathBuf;

use crate::http::fields::Fields;
use crate::sys;
use crate::transfer::Landing;

/// The file beside a part that tells which version the part is of: one line, an entity tag or a date.
///
/// Whoever may write to the folder may have put something else in its place. So only a regular file is read, and what
/// is written is always a new one.
pub(super) struct Validator(PathBuf);

impl Validator {
    pub(super) fn beside(landing: &Landing) -> Self {
        Self(landing.companion(".validator"))
    }

    /// What is there, if it is one.
    pub(super) fn read(&self) -> Option<String> {
        let mut options = OpenOptions::new();
        options.read(true);
        sys::open_only_itself(&mut options);
        let file = options.open(&self.0).ok()?;
        if !file.metadata().ok()?.is_file() {
            return None;
        }
        let mut text = String::new();
        file.take(LONGEST + 1).read_to_string(&mut text).ok()?;
        // The end of the line shows that it was written whole.
        let line = text.strip_suffix('\n')?;
        (!line.is_empty() && !line.chars().any(char::is_control)).then(|| line.to_owned())
    }

    /// Notes the version that a response with these fields brings; nothing where it has no name.
    pub(super) fn write(&self, fields: &Fields) -> io::Result<()> {
        self.remove();
        let Some(version) = version_of(fields).filter(|version| (version.len() as u64) < LONGEST) else {
            return Ok(());
        };
        let mut file = File::options().write(true).create_new(true).open(&self.0)?;
        file.write_all((version + "\n").as_bytes())
    }

    pub(super) fn remove(&self) {
        // It may never have been there.
        let _ = fs::remove_file(&self.0);
    }
}

/// What names a version so that equal names mean equal bytes (RFC 9110, section 8.8).
///
/// A decoded body is of no version: the ranges of the server count the bytes on the way.
fn version_of(fields: &Fields) -> Option<String> {
    if fields.get_all("Content-Encoding").any(|coding| !coding.eq_ignore_ascii_case(b"identity")) {
        return None;
    }
    if fields.contains("ETag") {
        return fields.get("ETag").filter(|etag| is_strong(etag)).map(str::to_owned);
    }
    // What was changed in the second in which it was sent may have changed once more (section 8.8.2.2).
    let changed = fields.get("Last-Modified").filter(|changed| fields.get("Date") != Some(changed));
    changed.map(str::to_owned)
}

fn is_strong(etag: &str) -> bool {
    etag.starts_with('"') && etag.len() > 2
}

/// Whether a response with these fields can be of that version: as far as it tells, it is.
pub(super) fn is_same_version(fields: &Fields, version: &str) -> bool {
    let name = if is_strong(version) { "ETag" } else { "Last-Modified" };
    fields.get_bytes(name).is_none_or(|now| now == version.as_bytes())
}

const LONGEST: u64 = 1024;

#[cfg(test)]
mod tests {
    use testkit::folder::TempFolder;

    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> Fields {
        let mut fields = Fields::new();
        pairs.iter().for_each(|(name, value)| fields.append(name, value).unwrap());
        fields
    }

    const DATE: &str = "Mon, 02 Nov 2026 10:00:00 GMT";

    #[test]
    fn only_strong_names_of_versions_count() {
        let version = |pairs: &[(&str, &str)]| version_of(&fields(pairs));
        assert_eq!(version(&[("ETag", "\"a\""), ("Last-Modified", DATE)]).as_deref(), Some("\"a\""));
        assert_eq!(version(&[("Last-Modified", DATE)]).as_deref(), Some(DATE));
        assert_eq!(version(&[("ETag", "W/\"a\""), ("Last-Modified", DATE)]), None);
        assert_eq!(version(&[("Last-Modified", DATE), ("Date", DATE)]), None);
        assert_eq!(version(&[("ETag", "\"a\""), ("Content-Encoding", "gzip")]), None);
        assert_eq!(version(&[]), None);
    }

    #[test]
    fn a_version_is_the_same_unless_its_own_field_says_otherwise() {
        let is_same = |pairs: &[(&str, &str)], version| is_same_version(&fields(pairs), version);
        assert!(is_same(&[], "\"a\"") && is_same(&[("ETag", "\"a\"")], "\"a\""));
        assert!(is_same(&[("ETag", "\"b\""), ("Last-Modified", DATE)], DATE));
        assert!(!is_same(&[("ETag", "W/\"a\"")], "\"a\"") && !is_same(&[("Last-Modified", "x")], DATE));
    }

    #[cfg(unix)]
    #[test]
    fn a_validator_is_neither_read_nor_written_through_a_link() {
        let folder = TempFolder::new("validator-link").unwrap();
        let victim = folder.path().join("victim");
        fs::write(&victim, "\"a\"\n").unwrap();
        let validator = Validator(folder.path().join("x.part.validator"));
        std::os::unix::fs::symlink(&victim, &validator.0).unwrap();
        assert_eq!(validator.read(), None);
        validator.write(&fields(&[("ETag", "\"b\"")])).unwrap();
        assert_eq!(validator.read().as_deref(), Some("\"b\""));
        assert_eq!(fs::read_to_string(&victim).unwrap(), "\"a\"\n");
    }

    #[test]
    fn what_is_no_name_of_a_version_is_not_read() {
        let folder = TempFolder::new("validator").unwrap();
        let validator = Validator(folder.path().join("x.part.validator"));
        assert_eq!(validator.read(), None);
        validator.write(&fields(&[("ETag", "\"a\"")])).unwrap();
        assert_eq!(validator.read().as_deref(), Some("\"a\""));
        let long = "x".repeat(5000) + "\n";
        for text in [b"".as_slice(), b"\n", b"\"a\"", b"a\nb\n", b"\0\0\n", b"\xff\n", long.as_bytes()] {
            fs::write(&validator.0, text).unwrap();
            assert_eq!(validator.read(), None, "{text:?}");
        }
        validator.write(&fields(&[("ETag", "W/\"a\"")])).unwrap();
        assert!(!validator.0.exists());
    }
}
