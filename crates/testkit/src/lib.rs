//! Loopback peers, hostile peers and the paired benchmark harness.

pub mod skip;
