//! The slot of a Python socket: empty, or holding one open socket of the crate.

use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use sfml_network::tls::{TlsError, TlsSocket};
use sfml_network::{Key, Readiness, SocketError, SocketSelector, TcpListener, TcpSocket, UdpSocket, Wait};

use crate::lock::lock;
use crate::waiting;

/// How long closing waits for calls of other threads to let go of the descriptor. They are woken first, so
/// this is reached only in a forked child, where those threads do not exist.
const LET_GO_LIMIT: Duration = Duration::from_millis(250);

/// An open socket.
pub(crate) enum Open {
    Tcp(TcpSocket),
    Tls(Inside),
    Barred(Barred),
    Udp(UdpSocket),
    Listener(TcpListener),
}

/// A connection inside TLS.
pub(crate) struct Inside {
    pub(crate) socket: TlsSocket,
    pub(crate) role: Role,
}

/// Which end of TLS this is.
#[derive(Clone, Copy, Eq, PartialEq)]
pub(crate) enum Role {
    Client,
    Server,
}

/// A connection that was to be inside TLS, and could not be put there. Nothing is sent on it in plain text.
pub(crate) struct Barred {
    pub(crate) socket: TcpSocket,
    pub(crate) why: Box<TlsError>,
}

/// Does the same to whichever socket it is.
macro_rules! each {
    ($open:expr, $socket:ident => $do:expr) => {
        match $open {
            Open::Tcp($socket) => $do,
            Open::Tls(Inside { socket: $socket, .. }) => $do,
            Open::Barred(Barred { socket: $socket, .. }) => $do,
            Open::Udp($socket) => $do,
            Open::Listener($socket) => $do,
        }
    };
}

impl Barred {
    /// What every call on it reports.
    #[cold]
    pub(crate) fn refusal(&self) -> SocketError {
        TlsError::clone(&self.why).into()
    }
}

impl Open {
    /// The TCP socket, which may be inside TLS.
    pub(crate) fn tcp(&self) -> Option<&TcpSocket> {
        match self {
            Self::Tcp(socket) | Self::Barred(Barred { socket, .. }) => Some(socket),
            Self::Tls(inside) => Some(inside.socket.tcp()),
            Self::Udp(_) | Self::Listener(_) => None,
        }
    }

    pub(crate) fn udp(&self) -> Option<&UdpSocket> {
        if let Self::Udp(socket) = self { Some(socket) } else { None }
    }

    pub(crate) fn listener(&self) -> Option<&TcpListener> {
        if let Self::Listener(listener) = self { Some(listener) } else { None }
    }

    pub(crate) fn inside_tls(&self) -> Option<&Inside> {
        if let Self::Tls(inside) = self { Some(inside) } else { None }
    }

    /// Ends the calls other threads have under way, and leaves all selectors.
    pub(crate) fn close(&self) {
        match self {
            Self::Tcp(socket) | Self::Barred(Barred { socket, .. }) => socket.disconnect(),
            Self::Tls(inside) => inside.socket.disconnect(),
            Self::Udp(socket) => socket.close(),
            Self::Listener(listener) => listener.close(),
        }
    }

    pub(crate) fn local_port(&self) -> u16 {
        each!(self, socket => socket.local_port())
    }

    pub(crate) fn wait(&self, want: Readiness, wait: Wait<'_>) -> Result<(), SocketError> {
        match self {
            Self::Tcp(socket) if want.is_writable() => socket.wait_writable(wait),
            Self::Tcp(socket) => socket.wait_readable(wait),
            Self::Tls(inside) if want.is_writable() => inside.socket.wait_writable(wait),
            Self::Tls(inside) => inside.socket.wait_readable(wait),
            Self::Barred(barred) => Err(barred.refusal()),
            Self::Udp(socket) if want.is_writable() => socket.wait_writable(wait),
            Self::Udp(socket) => socket.wait_readable(wait),
            Self::Listener(listener) => listener.wait_readable(wait),
        }
    }

    pub(crate) fn add_to(&self, selector: &SocketSelector, want: Readiness) -> Result<Key, SocketError> {
        each!(self, socket => selector.add_for(socket, want))
    }

    /// Leaves a selector; returns the key it had there.
    pub(crate) fn leave(&self, selector: &SocketSelector) -> Option<Key> {
        let key = self.key_in(selector)?;
        each!(self, socket => selector.remove(socket)).then_some(key)
    }

    pub(crate) fn key_in(&self, selector: &SocketSelector) -> Option<Key> {
        each!(self, socket => selector.key(socket))
    }

    #[inline]
    pub(crate) fn is_ready_in(&self, selector: &SocketSelector) -> bool {
        each!(self, socket => selector.is_ready(socket))
    }

    pub(crate) fn is_writable_in(&self, selector: &SocketSelector) -> bool {
        each!(self, socket => selector.is_writable(socket))
    }

    #[cfg(unix)]
    pub(crate) fn number(&self) -> i64 {
        use std::os::fd::AsRawFd;
        each!(self, socket => socket.as_raw_fd().into())
    }

    #[cfg(windows)]
    pub(crate) fn number(&self) -> i64 {
        use std::os::windows::io::AsRawSocket;
        each!(self, socket => socket.as_raw_socket() as i64)
    }

    /// Gives the descriptor to the caller, who closes it from now on. Not one inside TLS, which ends instead.
    #[cfg(unix)]
    pub(crate) fn into_number(self) -> Option<i64> {
        use std::os::fd::{IntoRawFd, OwnedFd};
        let descriptor: OwnedFd = match self {
            Self::Tcp(socket) | Self::Barred(Barred { socket, .. }) => socket.into(),
            Self::Udp(socket) => socket.into(),
            Self::Listener(listener) => listener.into(),
            Self::Tls(_) => return None,
        };
        Some(descriptor.into_raw_fd().into())
    }

    /// Gives the descriptor to the caller, who closes it from now on. Not one inside TLS, which ends instead.
    #[cfg(windows)]
    pub(crate) fn into_number(self) -> Option<i64> {
        use std::os::windows::io::{IntoRawSocket, OwnedSocket};
        let descriptor: OwnedSocket = match self {
            Self::Tcp(socket) | Self::Barred(Barred { socket, .. }) => socket.into(),
            Self::Udp(socket) => socket.into(),
            Self::Listener(listener) => listener.into(),
            Self::Tls(_) => return None,
        };
        Some(descriptor.into_raw_socket() as i64)
    }
}

/// What became of a socket that was to be turned into another.
pub(crate) enum Turned {
    Done(Arc<Open>),
    /// It is in use, and was left as it is.
    Busy(Arc<Open>),
    Failed(SocketError),
    Empty,
}

/// Locked only to copy or exchange the pointer; calls run on their copy.
#[derive(Default)]
pub(crate) struct Slot(Mutex<Option<Arc<Open>>>);

impl Slot {
    #[inline]
    pub(crate) fn get(&self) -> Option<Arc<Open>> {
        lock(&self.0).clone()
    }

    /// Asks the open socket a question that takes no time.
    #[inline]
    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Open) -> T) -> Option<T> {
        lock(&self.0).as_deref().map(question)
    }

    /// Puts a socket in, and returns the one that was there.
    pub(crate) fn replace(&self, open: Option<Arc<Open>>) -> Option<Arc<Open>> {
        std::mem::replace(&mut *lock(&self.0), open)
    }

    /// Empties the slot if this very socket is still in it; returns whether it was.
    pub(crate) fn discard(&self, open: &Arc<Open>) -> bool {
        let mut slot = lock(&self.0);
        slot.take_if(|current| Arc::ptr_eq(current, open)).is_some()
    }

    /// Puts a socket in unless another thread was faster.
    pub(crate) fn fill_if_empty(&self, open: Open) {
        lock(&self.0).get_or_insert_with(|| Arc::new(open));
    }

    /// Makes another socket of the one in the slot, unless a call of another thread is using it. While that is done
    /// others find neither; a failure empties the slot.
    pub(crate) fn turn(&self, into: impl FnOnce(Open) -> Result<Open, SocketError>) -> Turned {
        let mut slot = lock(&self.0);
        let Some(open) = slot.take() else { return Turned::Empty };
        match Arc::try_unwrap(open).map(into) {
            Ok(Ok(open)) => Turned::Done(Arc::clone(slot.insert(Arc::new(open)))),
            Ok(Err(error)) => Turned::Failed(error),
            Err(shared) => Turned::Busy(Arc::clone(slot.insert(shared))),
        }
    }

    /// Whether this very socket is still the one in the slot.
    pub(crate) fn holds(&self, open: &Arc<Open>) -> bool {
        let slot = lock(&self.0);
        slot.as_ref().is_some_and(|current| Arc::ptr_eq(current, open))
    }

    /// The same, for one that may be gone.
    pub(crate) fn holds_weak(&self, open: &Weak<Open>) -> bool {
        open.upgrade().is_some_and(|open| self.holds(&open))
    }

    /// Empties the slot; returns once the descriptor is closed, so that its port is free.
    pub(crate) fn close(&self, py: Python<'_>) {
        if let Some(open) = self.replace(None) {
            open.close();
            let_go(py, open);
        }
    }
}

/// Waits until nobody else holds the socket, whose calls have been ended. Then it is the caller's alone.
pub(crate) fn let_go(py: Python<'_>, mut open: Arc<Open>) -> Option<Open> {
    match Arc::try_unwrap(open) {
        Ok(open) => return Some(open),
        Err(shared) => open = shared,
    }
    if waiting::is_interrupted_here() {
        // The call that holds it goes on after us: waiting for it would be in vain.
        return None;
    }
    py.detach(move || {
        let start = Instant::now();
        while start.elapsed() < LET_GO_LIMIT {
            std::thread::sleep(Duration::from_micros(50));
            match Arc::try_unwrap(open) {
                Ok(open) => return Some(open),
                Err(shared) => open = shared,
            }
        }
        None
    })
}
