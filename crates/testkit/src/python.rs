//! The Python that tests use as a peer and as a second opinion.

use std::env;
use std::path::PathBuf;

/// The interpreter: what `SFML_NETWORK_PYTHON` names, else that of the repository's `.venv`, which has the packages
/// tests talk to, else the system's.
pub fn interpreter() -> PathBuf {
    let ours = crate::workspace().join(".venv/bin/python");
    let fallback = || if ours.exists() { ours } else { PathBuf::from("python3") };
    env::var_os("SFML_NETWORK_PYTHON").map_or_else(fallback, PathBuf::from)
}
