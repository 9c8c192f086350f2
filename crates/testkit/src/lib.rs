//! Loopback peers, hostile peers and the paired benchmark harness.

pub mod child;
#[cfg(unix)]
pub mod descriptors;
pub mod hostile;
pub mod skip;
pub mod sleeper;
