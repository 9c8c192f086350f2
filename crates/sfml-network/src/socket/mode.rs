//! Whether, and how long, a socket's plain calls wait. A flag of ours: the descriptor's own mode never changes.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use crate::wait::Wait;

const NO_TIMEOUT: u64 = u64::MAX;

#[derive(Debug)]
pub(super) struct Mode {
    blocking: AtomicBool,
    timeout_nanos: AtomicU64,
}

impl Mode {
    #[inline]
    pub(super) fn new(blocking: bool) -> Self {
        Self { blocking: AtomicBool::new(blocking), timeout_nanos: AtomicU64::new(NO_TIMEOUT) }
    }

    #[inline]
    pub(super) fn is_blocking(&self) -> bool {
        self.blocking.load(Ordering::Relaxed)
    }

    pub(super) fn set_blocking(&self, blocking: bool) {
        self.blocking.store(blocking, Ordering::Relaxed);
    }

    pub(super) fn timeout(&self) -> Option<Duration> {
        let nanos = self.timeout_nanos.load(Ordering::Relaxed);
        (nanos != NO_TIMEOUT).then(|| Duration::from_nanos(nanos))
    }

    pub(super) fn set_timeout(&self, timeout: Option<Duration>) {
        let nanos = timeout.map_or(NO_TIMEOUT, |limit| limit.as_nanos().try_into().unwrap_or(NO_TIMEOUT));
        self.timeout_nanos.store(nanos, Ordering::Relaxed);
    }

    /// The wait of a call that names none.
    pub(super) fn wait(&self) -> Wait<'static> {
        self.timeout().into()
    }
}

/// The mode's public methods, the same on every socket.
macro_rules! mode_methods {
    () => {
        /// Whether plain calls wait until they can proceed. The default.
        #[inline]
        pub fn is_blocking(&self) -> bool {
            self.mode.is_blocking()
        }

        /// Lets plain calls wait (`true`), or return [`SocketError::NotReady`](crate::SocketError::NotReady) at
        /// once. Costs no system call, and may be changed at any time.
        pub fn set_blocking(&self, blocking: bool) {
            self.mode.set_blocking(blocking);
        }

        /// How long a plain call in blocking mode waits; `None`, the default, for no limit.
        pub fn timeout(&self) -> Option<std::time::Duration> {
            self.mode.timeout()
        }

        /// Limits how long a plain call in blocking mode waits, as a whole, before it fails with
        /// [`SocketError::NotReady`](crate::SocketError::NotReady).
        ///
        /// Calls that take a wait of their own, named `…_within`, go by that.
        pub fn set_timeout(&self, timeout: Option<std::time::Duration>) {
            self.mode.set_timeout(timeout);
        }
    };
}

/// What makes a socket selectable, and interchangeable with the standard library's.
///
/// A descriptor given away is in the system's blocking or non-blocking mode as the socket was. What else has to be
/// undone first, a third argument does.
macro_rules! descriptor_traits {
    ($socket:ty, $kind:expr) => {
        descriptor_traits!($socket, $kind, |_| ());
    };
    ($socket:ty, $kind:expr, $before_release:expr) => {
        impl crate::selector::sealed::Sealed for $socket {
            #[inline]
            fn descriptor(&self) -> &crate::descriptor::Descriptor {
                &self.descriptor
            }
        }

        #[cfg(unix)]
        impl std::os::fd::AsFd for $socket {
            fn as_fd(&self) -> std::os::fd::BorrowedFd<'_> {
                self.descriptor.handle().as_fd()
            }
        }

        #[cfg(unix)]
        impl std::os::fd::AsRawFd for $socket {
            fn as_raw_fd(&self) -> std::os::fd::RawFd {
                self.descriptor.handle().as_raw_fd()
            }
        }

        #[cfg(windows)]
        impl std::os::windows::io::AsSocket for $socket {
            fn as_socket(&self) -> std::os::windows::io::BorrowedSocket<'_> {
                self.descriptor.handle().as_socket()
            }
        }

        #[cfg(windows)]
        impl std::os::windows::io::AsRawSocket for $socket {
            fn as_raw_socket(&self) -> std::os::windows::io::RawSocket {
                self.descriptor.handle().as_raw_socket()
            }
        }

        #[cfg(unix)]
        impl From<$socket> for std::os::fd::OwnedFd {
            fn from(socket: $socket) -> Self {
                let before_release: fn(&$socket) = $before_release;
                before_release(&socket);
                let is_blocking = socket.is_blocking();
                let handle = socket.descriptor.into_handle();
                // An open descriptor has no reason to refuse.
                let _ = crate::sys::release(&handle, is_blocking);
                handle
            }
        }

        #[cfg(windows)]
        impl From<$socket> for std::os::windows::io::OwnedSocket {
            fn from(socket: $socket) -> Self {
                let before_release: fn(&$socket) = $before_release;
                before_release(&socket);
                let is_blocking = socket.is_blocking();
                let handle = socket.descriptor.into_handle();
                // An open descriptor has no reason to refuse.
                let _ = crate::sys::release(&handle, is_blocking);
                handle
            }
        }

        #[cfg(unix)]
        impl From<std::os::fd::OwnedFd> for $socket {
            /// Takes over a socket, which must be of this type, and of IPv4 or IPv6. Calls on any other fail, or do
            /// what the system makes of them; it can be converted back.
            ///
            /// Its options stay as they are: `TCP_NODELAY` and `SO_BROADCAST` are turned on only for sockets made
            /// here.
            fn from(descriptor: std::os::fd::OwnedFd) -> Self {
                // An open descriptor has no reason to refuse; what is no socket fails when it is used.
                let _ = crate::sys::adopt(&descriptor, $kind);
                Self::from_handle(descriptor)
            }
        }

        #[cfg(windows)]
        impl From<std::os::windows::io::OwnedSocket> for $socket {
            /// Takes over a socket, which must be of this type, and of IPv4 or IPv6. Calls on any other fail, or do
            /// what the system makes of them; it can be converted back.
            ///
            /// Its options stay as they are: `TCP_NODELAY` and `SO_BROADCAST` are turned on only for sockets made
            /// here.
            fn from(descriptor: std::os::windows::io::OwnedSocket) -> Self {
                // An open descriptor has no reason to refuse; what is no socket fails when it is used.
                let _ = crate::sys::adopt(&descriptor, $kind);
                Self::from_handle(descriptor)
            }
        }
    };
}

pub(super) use descriptor_traits;
pub(super) use mode_methods;
