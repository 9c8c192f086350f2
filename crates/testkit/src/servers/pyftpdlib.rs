//! pyftpdlib: the one server in Python. It serves as whoever starts it.

use std::path::Path;
use std::process::Command;

use crate::python;

use super::{Missing, PASSWORD, Recipe, Site, USER};

pub(super) fn recipe(site: &Site) -> Result<Recipe, Missing> {
    let python = python::interpreter();
    let version = version(&python).ok_or_else(|| {
        Missing(format!("{} has no pyftpdlib; cargo xtask servers installs it", python.display()))
    })?;
    let mut command = Command::new(python);
    command
        .args(["-c", PROGRAM, &site.address.ip().to_string(), &site.address.port().to_string()])
        .arg(site.root.path())
        .args([USER, PASSWORD])
        .current_dir(site.folder.path());
    Ok(Recipe { command, user: USER.to_owned(), password: PASSWORD.to_owned(), version })
}

fn version(python: &Path) -> Option<String> {
    let ask = "import pyftpdlib; print(pyftpdlib.__ver__)";
    let output = Command::new(python).args(["-c", ask]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

const PROGRAM: &str = include_str!("pyftpdlib_server.py");
