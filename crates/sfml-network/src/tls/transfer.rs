//! Moving bytes over a connection inside TLS.

use std::io::{self, IoSlice, Read, Write};

use super::session::{PIECE, Session};
use super::socket::TlsSocket;
use crate::address::IpAddress;
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::selector::sealed::Sealed;
use crate::socket::{Incomplete, TcpSocket};
use crate::stream::Stream;
use crate::wait::Wait;

impl TlsSocket {
    /// Sends data and returns how much was taken.
    ///
    /// In blocking mode that is all of it, and it is with the system when the call returns; less only when the
    /// [timeout](Self::set_timeout) ran out midway. In non-blocking mode it is at least one byte. Empty data is no
    /// operation.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: nothing was taken in the time allowed.
    /// * [`SocketError::Disconnected`]: the connection is over, or [finished](Self::finish_sending) here.
    /// * [`SocketError::Other`] with a [`TlsError`](super::TlsError): TLS has failed.
    pub fn send(&self, data: &[u8]) -> Result<usize, SocketError> {
        if self.is_blocking() { self.send_all(data, &mut self.timeout().into()) } else { self.try_send(data) }
    }

    /// Sends data, waiting as told, whatever the mode. Returns less than all only when the time ran out midway.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_within<'a>(&self, data: &[u8], timeout: impl Into<Wait<'a>>) -> Result<usize, SocketError> {
        self.send_all(data, &mut timeout.into())
    }

    /// Sends what can be taken at once, whatever the mode: nothing while something older still has to be sent, and
    /// 64 KiB at most. What was taken and found no room is sent by later calls, by [`flush`](Self::flush), and while a
    /// selector waits.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn try_send(&self, data: &[u8]) -> Result<usize, SocketError> {
        if data.is_empty() {
            return Ok(0);
        }
        self.try_put(&[IoSlice::new(data)])
    }

    fn send_all(&self, data: &[u8], wait: &mut Wait<'_>) -> Result<usize, SocketError> {
        let mut sent = 0;
        while sent < data.len() {
            if sent > 0 && !wait.go_on()? {
                return Ok(sent);
            }
            match self.retry_send(wait, || self.try_send(&data[sent..])) {
                Ok(more) => sent += more,
                Err(SocketError::NotReady) if sent > 0 => return Ok(sent),
                Err(error) => return Err(error),
            }
        }
        self.flush_taken(wait).map(|()| sent)
    }

    /// Sends what the session takes, behind the rest of a packet.
    fn try_put(&self, pieces: &[IoSlice<'_>]) -> Result<usize, SocketError> {
        let packets = &self.0.packets;
        if packets.in_use() {
            return packets.send_behind(|pieces| self.put(pieces), pieces);
        }
        self.put(pieces)
    }

    /// Sends what the session takes, whoever's turn it is.
    pub(super) fn put(&self, pieces: &[IoSlice<'_>]) -> Result<usize, SocketError> {
        self.attempt(Readiness::WRITABLE, &mut |session, socket| session.send(socket, pieces)).0
    }

    /// Tries to send until it no longer would block, waiting in between.
    pub(super) fn retry_send<T>(
        &self,
        wait: &mut Wait<'_>,
        mut operation: impl FnMut() -> Result<T, SocketError>,
    ) -> Result<T, SocketError> {
        loop {
            match operation() {
                Err(SocketError::NotReady) => {
                    let needs = self.session().needs(Readiness::WRITABLE);
                    self.sleep(needs, wait)?;
                }
                done => return done,
            }
        }
    }

    /// Waits until the system has what was taken. Taken is taken: what the time did not suffice for goes out with a
    /// later call.
    pub(super) fn flush_taken(&self, wait: &mut Wait<'_>) -> Result<(), SocketError> {
        match self.retry(Readiness::WRITABLE, wait, Session::flush) {
            Err(SocketError::NotReady) => Ok(()),
            done => done,
        }
    }

    /// Sends what was taken and found no room yet, and the rest of a packet; in blocking mode waits until that is done.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn flush(&self) -> Result<(), SocketError> {
        if self.is_blocking() { self.flush_within(self.timeout()) } else { self.try_flush() }
    }

    /// The same, waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn flush_within<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        self.retry_send(&mut timeout.into(), || self.try_flush())
    }

    /// The same without waiting, whatever the mode.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn try_flush(&self) -> Result<(), SocketError> {
        if self.0.packets.in_use() {
            self.0.packets.send_behind(|pieces| self.put(pieces), &[])?;
        }
        self.attempt(Readiness::WRITABLE, &mut Session::flush).0
    }

    /// Tells the peer that nothing more will be sent (`close_notify`, RFC 8446 §6.1). Receiving goes on.
    ///
    /// In blocking mode waits until that is with the system; in non-blocking mode call again on
    /// [`SocketError::NotReady`].
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn finish_sending(&self) -> Result<(), SocketError> {
        self.by_mode(Readiness::WRITABLE, Session::finish)
    }

    /// Receives at most `buffer.len()` bytes, in blocking mode waiting until at least one arrives.
    ///
    /// Returns 0 only for an empty buffer, which touches nothing. A record that has arrived in part is not ready.
    ///
    /// # Errors
    /// * [`SocketError::NotReady`]: nothing arrived in the time allowed.
    /// * [`SocketError::Disconnected`]: the peer ended the stream as TLS demands (`None`), the connection was reset,
    ///   or it ended without TLS's own mark, with [`TlsError::Truncated`](super::TlsError::Truncated) inside.
    /// * [`SocketError::Other`] with a [`TlsError`](super::TlsError): TLS has failed.
    pub fn receive(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        self.by_mode(Readiness::READABLE, |session, socket| session.receive(socket, buffer))
    }

    /// Receives, waiting as told, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn receive_within<'a>(
        &self,
        buffer: &mut [u8],
        timeout: impl Into<Wait<'a>>,
    ) -> Result<usize, SocketError> {
        self.receive_waiting(buffer, &mut timeout.into())
    }

    fn receive_waiting(&self, buffer: &mut [u8], wait: &mut Wait<'_>) -> Result<usize, SocketError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        self.retry(Readiness::READABLE, wait, |session, socket| session.receive(socket, buffer))
    }

    /// Receives what is there at once, whatever the mode.
    ///
    /// # Errors
    /// As [`receive`](Self::receive).
    pub fn try_receive(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        if buffer.is_empty() {
            return Ok(0);
        }
        self.attempt(Readiness::READABLE, &mut |session, socket| session.receive(socket, buffer)).0
    }

    /// Receives exactly `buffer.len()` bytes.
    ///
    /// # Errors
    /// [`Incomplete`], which tells how many bytes did arrive and why not more. In non-blocking mode it is returned as
    /// soon as there are no more.
    pub fn receive_exact(&self, buffer: &mut [u8]) -> Result<(), Incomplete> {
        self.receive_all(buffer, self.is_blocking().then(|| self.timeout().into()))
    }

    /// Receives exactly `buffer.len()` bytes, waiting as told, whatever the mode. One limit for all of it.
    ///
    /// # Errors
    /// As [`receive_exact`](Self::receive_exact).
    pub fn receive_exact_within<'a>(
        &self,
        buffer: &mut [u8],
        timeout: impl Into<Wait<'a>>,
    ) -> Result<(), Incomplete> {
        self.receive_all(buffer, Some(timeout.into()))
    }

    fn receive_all(&self, buffer: &mut [u8], mut wait: Option<Wait<'_>>) -> Result<(), Incomplete> {
        let mut received = 0;
        while received < buffer.len() {
            let rest = &mut buffer[received..];
            let more = match &mut wait {
                Some(wait) => self.receive_waiting(rest, wait),
                None => self.try_receive(rest),
            };
            match more {
                Ok(more) => received += more,
                Err(error) => return Err(Incomplete { received, error }),
            }
        }
        Ok(())
    }

    /// Waits until there is data to receive, the end of the stream or an error included. A part of a record does not
    /// count.
    ///
    /// # Errors
    /// [`SocketError::NotReady`] when the time ran out.
    pub fn wait_readable<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        self.until_ready(Readiness::READABLE, &mut timeout.into())
    }

    /// Waits until there is room to send, or the connection is broken.
    ///
    /// # Errors
    /// [`SocketError::NotReady`] when the time ran out.
    pub fn wait_writable<'a>(&self, timeout: impl Into<Wait<'a>>) -> Result<(), SocketError> {
        self.until_ready(Readiness::WRITABLE, &mut timeout.into())
    }

    /// Waits until it is ready, as part of a call that has one limit for all its waits.
    pub(crate) fn until_ready(&self, want: Readiness, wait: &mut Wait<'_>) -> Result<(), SocketError> {
        let mut found = None;
        loop {
            let mut look = |session: &mut Session, socket: &TcpSocket| Ok(session.look(socket, found));
            let (look, needs) = self.attempt(want, &mut look);
            if self.descriptor().is_closed() {
                return Ok(());
            }
            let look = look?;
            if (want.is_readable() && look.readable) || (want.is_writable() && look.writable) {
                return Ok(());
            }
            self.sleep(needs, wait)?;
            // What the socket is ready for is found by trying.
            found = Some(Readiness::BOTH);
        }
    }
}

impl Stream for TlsSocket {
    fn try_receive(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        self.try_receive(buffer)
    }

    fn try_send(&self, data: &[u8]) -> Result<usize, SocketError> {
        self.try_send(data)
    }

    fn wait(&self, want: Readiness, wait: &mut Wait<'_>) -> Result<(), SocketError> {
        self.until_ready(want, wait)
    }

    fn finish_sending(&self) -> Result<(), SocketError> {
        self.attempt(Readiness::WRITABLE, &mut Session::finish).0
    }

    #[cfg(feature = "http")]
    fn is_foreign(&self) -> bool {
        self.descriptor().is_foreign()
    }

    fn plain(&self) -> Option<&TcpSocket> {
        None
    }

    fn local_address(&self) -> Option<IpAddress> {
        self.local_address()
    }

    fn remote_address(&self) -> Option<IpAddress> {
        self.remote_address()
    }
}

/// The end of the stream is `Ok(0)`, if it is one by the rules of TLS.
impl Read for &TlsSocket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.receive(buffer) {
            Err(SocketError::Disconnected(None)) => Ok(0),
            done => done.map_err(io::Error::from),
        }
    }
}

/// One write is at most 64 KiB.
impl Write for &TlsSocket {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.send(&data[..data.len().min(PIECE)]).map_err(io::Error::from)
    }

    fn flush(&mut self) -> io::Result<()> {
        TlsSocket::flush(self).map_err(io::Error::from)
    }
}

impl Read for TlsSocket {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        (&*self).read(buffer)
    }
}

impl Write for TlsSocket {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        (&*self).write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut &*self)
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use testkit::PATIENCE;
    use testkit::certificates::Certificates;

    use super::*;
    use crate::socket::TcpListener;
    use crate::tls::{ClientConfig, ServerConfig};

    fn pair() -> (Box<dyn Stream>, TlsSocket) {
        let certificates = Certificates::shared();
        let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
        let near = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
        let far = listener.accept().unwrap();
        let identity = &certificates.good;
        let server = ServerConfig::new(identity.chain.as_bytes(), identity.key.as_bytes()).unwrap();
        let roots = certificates.authority.pem.as_bytes();
        let client = ClientConfig::builder().roots(roots).unwrap().build().unwrap();
        let far = thread::spawn(move || TlsSocket::accept(far, &server, PATIENCE).unwrap());
        let near = TlsSocket::connect(near, "localhost", &client, PATIENCE).unwrap();
        (Box::new(near), far.join().unwrap())
    }

    #[test]
    fn a_stream_inside_tls_waits_for_data_and_not_for_bytes() {
        let (stream, peer) = pair();
        assert!(stream.plain().is_none());
        assert_eq!(stream.remote_address(), peer.local_address());
        // The server's tickets are there, or come.
        let mut moment = Duration::from_millis(20).into();
        assert!(matches!(stream.wait(Readiness::READABLE, &mut moment), Err(SocketError::NotReady)));
        stream.wait(Readiness::WRITABLE, &mut PATIENCE.into()).unwrap();
        peer.send(b"two").unwrap();
        stream.wait(Readiness::READABLE, &mut PATIENCE.into()).unwrap();
        assert_eq!(stream.try_receive(&mut [0]).unwrap(), 1);
        // What is left is with the session, and no longer with the system.
        stream.wait(Readiness::READABLE, &mut Duration::ZERO.into()).unwrap();
        assert_eq!(stream.try_receive(&mut [0; 9]).unwrap(), 2);
        assert!(matches!(stream.try_receive(&mut [0; 9]), Err(SocketError::NotReady)));
    }

    #[test]
    fn a_stream_inside_tls_receives_after_it_has_finished_sending() {
        let (stream, peer) = pair();
        assert_eq!(stream.try_send(b"question").unwrap(), 8);
        stream.finish_sending().unwrap();
        peer.receive_exact(&mut [0; 8]).unwrap();
        assert!(matches!(peer.receive(&mut [0]), Err(SocketError::Disconnected(None))));
        peer.send(b"answer").unwrap();
        stream.wait(Readiness::READABLE, &mut PATIENCE.into()).unwrap();
        assert_eq!(stream.try_receive(&mut [0; 9]).unwrap(), 6);
    }
}
