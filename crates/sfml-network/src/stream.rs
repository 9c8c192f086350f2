//! `Stream`: a connection as the protocols above see it, whether plain or inside TLS.

use std::fmt;
use std::net::Shutdown;

use crate::address::IpAddress;
use crate::error::SocketError;
use crate::readiness::Readiness;
#[cfg(feature = "http")]
use crate::selector::sealed::Sealed;
use crate::socket::TcpSocket;
use crate::wait::Wait;

/// A connection that carries bytes both ways. No method but [`wait`](Self::wait) waits.
pub(crate) trait Stream: fmt::Debug + Send + Sync {
    /// Receives what is there, at least one byte unless the buffer is empty.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: nothing is there.
    /// * [`SocketError::Disconnected`]: `None` after the peer's orderly end, else with the system's error.
    fn try_receive(&self, buffer: &mut [u8]) -> Result<usize, SocketError>;

    /// Sends what there is room for, at least one byte unless the data is empty.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: there is no room.
    /// * [`SocketError::Disconnected`]: the connection is over.
    fn try_send(&self, data: &[u8]) -> Result<usize, SocketError>;

    /// Waits until it is worth trying again, which also holds for a connection that has ended.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: the time ran out.
    /// * [`SocketError::Other`]: the interrupt hook said stop.
    fn wait(&self, want: Readiness, wait: &mut Wait<'_>) -> Result<(), SocketError>;

    /// Tells the peer that nothing more will be sent. Receiving goes on.
    ///
    /// # Errors
    /// [`SocketError::Disconnected`] when there is no connection any more, [`SocketError::NotReady`] when telling so
    /// needs room there is not.
    fn finish_sending(&self) -> Result<(), SocketError>;

    /// Whether this is a forked child's copy of a connection that the parent made, and goes on using.
    #[cfg(feature = "http")]
    fn is_foreign(&self) -> bool;

    /// The socket itself, when the bytes on it are the bytes of this stream.
    fn plain(&self) -> Option<&TcpSocket>;

    /// The address of this end.
    fn local_address(&self) -> Option<IpAddress>;

    /// The address of the peer.
    fn remote_address(&self) -> Option<IpAddress>;
}

impl Stream for TcpSocket {
    #[inline]
    fn try_receive(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        self.try_receive(buffer)
    }

    #[inline]
    fn try_send(&self, data: &[u8]) -> Result<usize, SocketError> {
        self.try_send(data)
    }

    fn wait(&self, want: Readiness, wait: &mut Wait<'_>) -> Result<(), SocketError> {
        self.until_ready(want, wait)
    }

    fn finish_sending(&self) -> Result<(), SocketError> {
        self.shutdown(Shutdown::Write)
    }

    #[cfg(feature = "http")]
    fn is_foreign(&self) -> bool {
        self.descriptor().is_foreign()
    }

    fn plain(&self) -> Option<&TcpSocket> {
        Some(self)
    }

    fn local_address(&self) -> Option<IpAddress> {
        self.local_address()
    }

    fn remote_address(&self) -> Option<IpAddress> {
        self.remote_address()
    }
}

#[cfg(test)]
mod tests {
    use testkit::PATIENCE;

    use super::*;
    use crate::socket::TcpListener;

    fn pair() -> (Box<dyn Stream>, TcpSocket) {
        let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
        let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
        (Box::new(client), listener.accept().unwrap())
    }

    #[test]
    fn a_socket_is_a_stream_that_receives_after_it_has_finished_sending() {
        let (stream, peer) = pair();
        assert_eq!(stream.try_send(b"question").unwrap(), 8);
        stream.finish_sending().unwrap();
        let mut buffer = [0; 16];
        peer.receive_exact(&mut buffer[..8]).unwrap();
        assert!(matches!(peer.receive(&mut buffer), Err(SocketError::Disconnected(None))));

        assert!(matches!(stream.try_receive(&mut buffer), Err(SocketError::NotReady)));
        peer.send(b"answer").unwrap();
        stream.wait(Readiness::READABLE, &mut PATIENCE.into()).unwrap();
        assert_eq!(stream.try_receive(&mut buffer).unwrap(), 6);
        let mut no_time = Wait::from(std::time::Duration::ZERO);
        assert!(matches!(stream.wait(Readiness::READABLE, &mut no_time), Err(SocketError::NotReady)));
    }

    #[test]
    fn a_socket_is_a_plain_stream_that_ends_when_it_is_dropped() {
        let (stream, peer) = pair();
        assert_eq!(stream.local_address(), Some(IpAddress::LOCAL_HOST));
        assert_eq!(stream.remote_address(), peer.local_address());
        assert!(stream.plain().is_some());
        drop(stream);
        assert!(matches!(peer.receive(&mut [0]), Err(SocketError::Disconnected(None))));
    }
}
