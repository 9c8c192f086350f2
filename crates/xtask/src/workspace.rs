//! Where things are, and the cargo that started us.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, io};

use crate::step::Halt;

/// The folder of the workspace's `Cargo.toml`.
pub(crate) fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest).to_path_buf()
}

/// The target folder this program was built into, whatever chose it.
pub(crate) fn target() -> PathBuf {
    let built = env::current_exe().ok().and_then(|program| Some(program.ancestors().nth(2)?.to_path_buf()));
    built.filter(|folder| folder.is_dir()).unwrap_or_else(|| root().join("target"))
}

/// A debug build's example program.
pub(crate) fn example(name: &str) -> PathBuf {
    target().join("debug/examples").join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// A release build's example program.
pub(crate) fn release_example(name: &str) -> PathBuf {
    target().join("release/examples").join(format!("{name}{}", env::consts::EXE_SUFFIX))
}

/// `cargo ...`, run in the workspace and building into the same target folder.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).env("CARGO_TARGET_DIR", target());
    command
}

/// Any program, run in the workspace.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The text of a file; a failure names it.
pub(crate) fn read(path: &Path) -> Result<String, Halt> {
    fs::read_to_string(path)
        .map_err(|error| Halt::Failed(format!("{} cannot be read: {error}", path.display())))
}

/// The files with this extension directly in a folder, in order; a failure names it.
pub(crate) fn files_of(folder: &Path, extension: &str) -> Result<Vec<PathBuf>, Halt> {
    let listed = fs::read_dir(folder).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>()
    });
    let mut files =
        listed.map_err(|error| Halt::Failed(format!("{} cannot be listed: {error}", folder.display())))?;
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    Ok(files)
}

/// Whether this is a hosted run, where a test that cannot run counts as one that failed.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}
