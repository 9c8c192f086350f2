//! The Python distribution: built as users get it, installed as users install it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::sink::Sink;
use crate::step::Halt;
use crate::venv::Venv;
use crate::workspace;

/// `.venv` with the wheel of this tree installed, from nothing.
pub(crate) fn prepare(sink: &Sink) -> Result<Venv, Halt> {
    let venv = Venv::main(sink)?;
    let wheel = build(&venv, sink)?;
    install(&venv, &wheel, sink)?;
    Ok(venv)
}

/// Builds the wheel in release and returns its path.
pub(crate) fn build(venv: &Venv, sink: &Sink) -> Result<PathBuf, Halt> {
    let folder = workspace::target().join("wheels");
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    let mut command = venv.python(&["-m", "maturin", "build", "--release", "--out"]);
    command
        .arg(&folder)
        .arg("--interpreter")
        .arg(venv.interpreter())
        .env("CARGO_TARGET_DIR", workspace::target());
    sink.run(&mut command)?;

    match <[PathBuf; 1]>::try_from(workspace::files_of(&folder, "whl")?) {
        Ok([wheel]) => Ok(wheel),
        Err(wheels) => {
            Err(Halt::Failed(format!("maturin left {} wheels in {}", wheels.len(), folder.display())))
        }
    }
}

/// Installs it over whatever build of ours is there.
pub(crate) fn install(venv: &Venv, wheel: &Path, sink: &Sink) -> Result<(), Halt> {
    sink.run_quietly(venv.pip(&["install", "--force-reinstall", "--no-deps", "--no-index"]).arg(wheel))
}
