//! Bytes between a stream and a file without a detour through this process, and what the standard library leaves out
//! about files.
//!
//! `linux` has `splice`, `sendfile` and `fallocate`; `portable` says that there is nothing of the kind.

#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
mod linux;
#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
pub(crate) use linux::*;

#[cfg(any(not(target_os = "linux"), sfml_network_portable))]
mod portable;
#[cfg(any(not(target_os = "linux"), sfml_network_portable))]
pub(crate) use portable::*;

use std::fs::{File, OpenOptions};
use std::io;

/// Whether the error says that a name is longer than the file system takes.
pub(crate) fn is_name_too_long(error: &io::Error) -> bool {
    #[cfg(unix)]
    let codes = [libc::ENAMETOOLONG];
    #[cfg(windows)]
    let codes = [123, 206];
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

/// Makes an open refuse a symbolic link, and never wait for the other end of a named pipe.
pub(crate) fn open_only_itself(options: &mut OpenOptions) {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, libc::O_NOFOLLOW | libc::O_NONBLOCK);
    // FILE_FLAG_OPEN_REPARSE_POINT: the link itself, which is no regular file.
    #[cfg(windows)]
    std::os::windows::fs::OpenOptionsExt::custom_flags(options, 0x0020_0000);
}

/// Takes a file for this process alone, or reports `WouldBlock` when another has it; until it is closed. A file system
/// without locks, and Windows, where nobody asks, gives it to everybody.
pub(crate) fn lock_file(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    // SAFETY: the call takes numbers only, and the file is open.
    if unsafe { libc::flock(std::os::fd::AsRawFd::as_raw_fd(file), libc::LOCK_EX | libc::LOCK_NB) } != 0 {
        let error = io::Error::last_os_error();
        if error.kind() == io::ErrorKind::WouldBlock {
            return Err(error);
        }
    }
    #[cfg(windows)]
    let _ = file;
    Ok(())
}

/// Gives back what `lock_file` took. Closing the file is not enough: a child process that another thread is starting
/// has it open for a moment, and the lock with it.
pub(crate) fn unlock_file(file: &File) {
    #[cfg(unix)]
    // SAFETY: the call takes numbers only, and the file is open. It has no reason to fail.
    unsafe {
        libc::flock(std::os::fd::AsRawFd::as_raw_fd(file), libc::LOCK_UN);
    }
    #[cfg(windows)]
    let _ = file;
}

/// Closes a file and tells what only that can tell: network file systems write, and find a quota used up, when a file
/// is closed.
pub(crate) fn close(file: File) -> io::Result<()> {
    #[cfg(unix)]
    {
        let number = std::os::fd::IntoRawFd::into_raw_fd(file);
        // SAFETY: the number was owned by `file`, which has given it up, and is not used again.
        if unsafe { libc::close(number) } == 0 {
            return Ok(());
        }
        let error = io::Error::last_os_error();
        // It is closed all the same.
        if error.kind() == io::ErrorKind::Interrupted { Ok(()) } else { Err(error) }
    }
    #[cfg(windows)]
    {
        drop(file);
        Ok(())
    }
}
