//! `Filter`: which paths of a tree are meant.

use fast_glob::{glob_match, validate};

use super::super::error::FtpError;

#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    include: Vec<Vec<u8>>,
    exclude: Vec<Vec<u8>>,
}

impl Filter {
    pub(super) fn include(&mut self, pattern: Vec<u8>) {
        self.include.push(pattern);
    }

    pub(super) fn exclude(&mut self, pattern: Vec<u8>) {
        self.exclude.push(pattern);
    }

    /// Whether every pattern is one.
    pub(super) fn check(&self) -> Result<(), FtpError> {
        let is_pattern = |pattern: &Vec<u8>| !pattern.is_empty() && validate(pattern).is_ok();
        if self.include.iter().chain(&self.exclude).all(is_pattern) {
            return Ok(());
        }
        let sentence = "it is empty, or has brackets or braces that are not closed";
        Err(FtpError::impossible("the pattern", sentence))
    }

    pub(super) fn wants_directory(&self, path: &[u8]) -> bool {
        !self.exclude.iter().any(|pattern| matches(pattern, path))
    }

    pub(super) fn wants_file(&self, path: &[u8]) -> bool {
        let is_included =
            self.include.is_empty() || self.include.iter().any(|pattern| matches(pattern, path));
        is_included && self.wants_directory(path)
    }
}

fn matches(pattern: &[u8], path: &[u8]) -> bool {
    if pattern.contains(&b'/') {
        let pattern = pattern.strip_prefix(b"/").unwrap_or(pattern);
        glob_match(pattern, path)
    } else {
        glob_match(pattern, path.rsplit(|byte| *byte == b'/').next().unwrap_or(path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filter(include: &[&str], exclude: &[&str]) -> Filter {
        let bytes = |patterns: &[&str]| patterns.iter().map(|pattern| pattern.as_bytes().to_vec()).collect();
        Filter { include: bytes(include), exclude: bytes(exclude) }
    }

    #[test]
    fn names_match_anywhere_and_paths_from_the_root() {
        let filter = filter(&["*.txt", "/src/**/*.rs"], &["old*", "src/gen/**"]);
        for wanted in ["a.txt", "x/y/a.txt", "src/a.rs", "src/x/y.rs"] {
            assert!(filter.wants_file(wanted.as_bytes()), "{wanted}");
        }
        for unwanted in ["a.rs", "x/src/a.rs", "old.txt", "x/older.txt", "src/gen/a.rs", "src/gen/x/a.txt"] {
            assert!(!filter.wants_file(unwanted.as_bytes()), "{unwanted}");
        }
        assert!(filter.wants_directory(b"src") && !filter.wants_directory(b"x/old"));
    }

    #[test]
    fn without_patterns_everything_is_meant() {
        assert!(Filter::default().wants_file(b"\xFF\xFE") && Filter::default().wants_directory(b"x"));
    }

    #[test]
    fn broken_patterns_are_told() {
        assert!(filter(&["*.{a,b"], &[]).check().is_err());
        assert!(filter(&[], &[""]).check().is_err());
        assert!(filter(&["[ab]?"], &["**"]).check().is_ok());
    }
}
