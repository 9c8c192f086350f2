//! Which version of something this is, to be written beside figures.

use std::path::Path;
use std::process::Command;

/// The first number with dots that a program says about itself; `None` where it cannot be run.
pub fn of_program(program: &Path) -> Option<String> {
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let is_version =
        |word: &&str| word.contains('.') && word.starts_with(|letter: char| letter.is_ascii_digit());
    text.split_whitespace().find(is_version).map(str::to_owned)
}

/// The version of a package that the [interpreter](crate::python::interpreter) of tests has.
pub fn of_python_package(package: &str) -> Option<String> {
    let ask = format!("import importlib.metadata; print(importlib.metadata.version({package:?}))");
    let output = Command::new(crate::python::interpreter()).args(["-c", &ask]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The version of a package that the project is built with.
pub fn locked(package: &str) -> Option<String> {
    let (_, entry) = LOCK.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    entry.split('"').next().map(str::to_owned)
}

const LOCK: &str = include_str!("../../../Cargo.lock");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packages_and_programs_tell_their_versions() {
        assert_eq!(locked("testkit").as_deref(), Some(env!("CARGO_PKG_VERSION")));
        assert_eq!(locked("no-such-package"), None);
        assert!(of_program(Path::new("cargo")).is_some());
        assert_eq!(of_program(Path::new("/no/such/program")), None);
        assert_eq!(of_python_package("no-such-package"), None);
    }
}
