//! Loopback peers, hostile peers and the paired benchmark harness.

pub mod child;
#[cfg(unix)]
pub mod descriptors;
pub mod hostile;
#[cfg(target_os = "linux")]
pub mod paired;
pub mod skip;
pub mod sleeper;
