//! Loopback peers, hostile peers, real servers and the paired benchmark harness.

pub mod certificates;
pub mod child;
#[cfg(target_os = "linux")]
pub mod delay;
#[cfg(unix)]
pub mod descriptors;
mod each;
pub mod folder;
pub mod ftp;
mod host;
pub mod hostile;
pub mod http;
#[cfg(target_os = "linux")]
pub mod paired;
pub mod python;
#[cfg(target_os = "linux")]
pub mod servers;
pub mod skip;
pub mod sleeper;
#[cfg(target_os = "linux")]
pub mod syscalls;
pub mod versions;

pub use self::each::{each, every_row_is_right};

/// How long a step of a test may take on a machine under load before the test fails.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);

/// The folder of the whole project.
fn workspace() -> &'static std::path::Path {
    let manifest = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.ancestors().nth(2).unwrap_or(manifest)
}
