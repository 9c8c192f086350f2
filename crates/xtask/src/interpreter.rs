//! Finds a Python that is new enough.

use std::process::Command;

use crate::step::Halt;

#[derive(Debug)]
pub(crate) struct Interpreter {
    pub(crate) path: String,
    pub(crate) version: Version,
}

#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Version(pub(crate) u32, pub(crate) u32, pub(crate) u32);

impl Version {
    /// Reads `3.11.7`; what follows the third number, such as `rc1`, is left aside.
    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.trim().splitn(3, '.').map(|part| {
            let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            part[..end].parse().ok()
        });
        Some(Self(numbers.next()??, numbers.next()??, numbers.next()??))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// The first of the usual names that answers and is at least [`OLDEST`]; `PYTHON` goes before them.
pub(crate) fn find() -> Result<Interpreter, Halt> {
    let chosen = std::env::var("PYTHON").ok();
    let mut too_old = None;
    for name in chosen.as_deref().into_iter().chain(NAMES.iter().copied()) {
        match ask(name) {
            Some(found) if found.version >= OLDEST => return Ok(found),
            Some(found) => too_old = Some(found),
            None => {}
        }
    }
    let found = too_old.map_or_else(
        || "none was found".to_owned(),
        |old| format!("the newest found is {} ({})", old.version, old.path),
    );
    Err(Halt::Failed(format!(
        "CPython 3.11 or newer is needed and {found}: install one, or name it in PYTHON"
    )))
}

/// Runs it rather than looking for it: a name on the path may be a launcher with nothing behind it.
fn ask(name: &str) -> Option<Interpreter> {
    let question = "import sys; print(sys.version.split()[0]); print(sys.executable)";
    let output = Command::new(name).args(["-c", question]).output().ok()?;
    if !output.status.success() {
        return None;
    }
    let text = String::from_utf8(output.stdout).ok()?;
    let mut lines = text.lines();
    let version = Version::parse(lines.next()?)?;
    Some(Interpreter { path: lines.next()?.to_owned(), version })
}

const OLDEST: Version = Version(3, 11, 0);
const NAMES: &[&str] = &["python3.13", "python3.12", "python3.11", "python3", "python"];

#[cfg(test)]
mod tests {
    use super::{OLDEST, Version};

    #[test]
    fn versions_are_read_and_ordered_as_numbers() {
        assert_eq!(Version::parse("3.11.7\n"), Some(Version(3, 11, 7)));
        assert_eq!(Version::parse("3.14.0rc1"), Some(Version(3, 14, 0)));
        assert!(Version::parse("3.9.18").unwrap() < OLDEST);
        assert!(Version::parse("3.13.0").unwrap() > OLDEST);
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "3", "3.11", "three.eleven.seven", "Python 3.11.7"] {
            assert_eq!(Version::parse(text), None, "{text:?}");
        }
    }
}
