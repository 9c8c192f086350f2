//! `http.server`: files, by Python's standard library. It serves as whoever starts it.

use std::process::Command;

use super::{Missing, Recipe, Setting, version_of};
use crate::python::interpreter;

pub(super) fn recipe(setting: &Setting<'_>) -> Result<Recipe, Missing> {
    assert!(setting.tls.is_none(), "http.server has no TLS");
    let site = setting.site;
    let python = interpreter();
    let version = version_of(Command::new(&python).args(["-c", ASK])).ok_or_else(|| {
        Missing(format!("{} is no Python; cargo xtask servers finds one", python.display()))
    })?;
    let mut command = Command::new(python);
    command
        .args(["-m", "http.server", &site.address.port().to_string()])
        .args(["--bind", &site.address.ip().to_string(), "--protocol", "HTTP/1.1", "--directory"])
        .arg(site.root.path())
        .current_dir(site.folder.path());
    Ok(Recipe { command, version, tls: None })
}

const ASK: &str = "import http.server, platform; print(platform.python_version())";
