//! The operating system: the only room with `unsafe`.
//!
//! `linux` is the thin backend (inlined system calls, epoll). `portable` (socket2 and polling) serves every
//! other system and is built and tested on Linux too, under `--cfg sfml_network_portable`. Both offer the same
//! functions: every data call is one non-blocking system call that reports `WouldBlock` when it cannot proceed.

#![expect(unsafe_code, reason = "system calls that no kept library wraps; each block says why it is sound")]

mod common;
mod datagrams;
mod files;
mod thread;

#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
mod linux;
#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
pub(crate) use linux::*;

#[cfg(all(
    any(unix, windows),
    target_pointer_width = "64",
    any(not(target_os = "linux"), sfml_network_portable)
))]
mod portable;
#[cfg(all(
    any(unix, windows),
    target_pointer_width = "64",
    any(not(target_os = "linux"), sfml_network_portable)
))]
pub(crate) use portable::*;

pub(crate) use common::*;
pub(crate) use datagrams::*;
pub(crate) use files::*;
pub(crate) use thread::{spawn_without_signals, without_signals};

#[cfg(not(any(target_os = "linux", all(any(unix, windows), target_pointer_width = "64"))))]
compile_error!("sfml-network supports Linux, and 64-bit macOS, BSD and Windows");
