//! Where things are, and the cargo that started us.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

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

/// Whether this is a hosted run, where a test that cannot run counts as one that failed.
pub(crate) fn in_ci() -> bool {
    env::var("CI").is_ok_and(|value| value == "true" || value == "1")
}
