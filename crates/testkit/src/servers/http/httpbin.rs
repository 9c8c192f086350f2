//! httpbin, under the server of its own framework. It serves as whoever starts it.

use std::path::Path;
use std::process::Command;

use super::{Missing, Recipe, Setting, version_of};
use crate::python::interpreter;

pub(super) fn recipe(setting: &Setting<'_>) -> Result<Recipe, Missing> {
    let site = setting.site;
    let python = interpreter();
    let version = version(&python).ok_or_else(|| {
        Missing(format!("{} has no httpbin; cargo xtask servers installs it", python.display()))
    })?;
    let mut command = Command::new(python);
    command
        .args(["-c", PROGRAM, &site.address.ip().to_string(), &site.address.port().to_string()])
        .current_dir(site.folder.path());
    if let Some(tls) = &setting.tls {
        command.arg(&tls.files.chain).arg(&tls.files.key);
    }
    Ok(Recipe { command, version, tls: setting.tls.as_ref().map(|_| site.address) })
}

fn version(python: &Path) -> Option<String> {
    let ask = "import importlib.metadata, httpbin; print(importlib.metadata.version('httpbin'))";
    version_of(Command::new(python).args(["-c", ask]))
}

const PROGRAM: &str = include_str!("httpbin_server.py");
