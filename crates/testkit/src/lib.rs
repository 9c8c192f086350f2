//! Loopback peers, hostile peers and the paired benchmark harness.

pub mod child;
#[cfg(unix)]
pub mod descriptors;
pub mod ftp;
pub mod hostile;
#[cfg(target_os = "linux")]
pub mod paired;
pub mod skip;
pub mod sleeper;

/// How long a step of a test may take on a machine under load before the test fails.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(30);
#[cfg(target_os = "linux")]
pub mod syscalls;
