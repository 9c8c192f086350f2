//! Threads of our own, which must not take the program's signals.

use std::io;
use std::thread::{Builder, JoinHandle};

/// Starts a thread that no signal handler runs on, so that signals reach the threads of the program.
pub(crate) fn spawn_without_signals(
    name: &str,
    run: impl FnOnce() + Send + 'static,
) -> io::Result<JoinHandle<()>> {
    without_signals(|| Builder::new().name(name.to_owned()).spawn(run))
}

/// Runs `start` with all signals blocked: a thread that it starts begins with the same mask and keeps it.
pub(crate) fn without_signals<T>(start: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    #[cfg(unix)]
    let _blocked = unix::BlockedSignals::new()?;
    start()
}

#[cfg(unix)]
mod unix {
    use std::io;
    use std::mem::MaybeUninit;

    /// Keeps all signals from this thread for as long as it lives.
    pub(super) struct BlockedSignals {
        previous: libc::sigset_t,
    }

    impl BlockedSignals {
        pub(super) fn new() -> io::Result<Self> {
            let (mut all, mut previous) = (MaybeUninit::uninit(), MaybeUninit::uninit());
            // SAFETY: both sets are valid for writing, and sigfillset initialises the one that is read.
            let code = unsafe {
                libc::sigfillset(all.as_mut_ptr());
                libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), previous.as_mut_ptr())
            };
            if code != 0 {
                return Err(io::Error::from_raw_os_error(code));
            }
            // SAFETY: the call succeeded, so it has written the set.
            Ok(Self { previous: unsafe { previous.assume_init() } })
        }
    }

    impl Drop for BlockedSignals {
        fn drop(&mut self) {
            // SAFETY: `previous` is the mask this thread had. Setting it cannot fail.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, &self.previous, std::ptr::null_mut()) };
        }
    }
}
