//! The HTTP client in trouble: processes that die, disks that are full, servers that change their mind; and against
//! real servers, at length.

#![cfg(all(feature = "tls", target_os = "linux"))]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]
#![expect(clippy::print_stdout, reason = "what was measured is told")]

mod disks;
mod downloads;
#[path = "../http_scripts/mod.rs"]
mod http_scripts;
mod memory;
mod servers;
mod threads;
