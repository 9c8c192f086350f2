//! Many datagrams in one call.
//!
//! `batch` receives them, `segments` sends equal ones, `runs` takes apart what the system joined, `info` tells
//! more about one.

mod batch;
mod info;
mod late;
mod runs;
mod segments;
mod storage;

pub use self::batch::{DatagramBatch, Datagrams};
pub use self::info::ReceivedDatagram;
pub(super) use self::runs::Runs;
pub(super) use self::segments::Refusals;

use super::udp::UdpSocket;
use crate::address::IpAddress;
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::sys;
use crate::wait::Wait;

/// A datagram and the peer it goes to, or came from.
///
/// What a [`DatagramBatch`] yields can be handed to [`UdpSocket::send_many`] as it is, which answers the senders.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Datagram<'a> {
    /// The bytes.
    pub data: &'a [u8],
    /// The peer's address.
    pub address: IpAddress,
    /// The peer's port.
    pub port: u16,
}

impl<'a> Datagram<'a> {
    /// A datagram for, or from, a peer.
    pub fn new(data: &'a [u8], address: impl Into<IpAddress>, port: u16) -> Self {
        Self { data, address: address.into(), port }
    }
}

impl UdpSocket {
    /// Sends datagrams in order, each to its own peer, and returns how many were sent: a system call for up to 64
    /// of them on Linux (`sendmmsg(2)`), one for each elsewhere.
    ///
    /// In blocking mode it waits until all are sent; fewer only when the socket's
    /// [timeout](Self::set_timeout) ran out, or one could not be sent. To go on after that one, or to learn what
    /// is wrong with it, send from it on.
    ///
    /// For data of one size to one peer, [`send_segmented`](Self::send_segmented) is many times faster.
    ///
    /// ```
    /// use sfml_network::{Datagram, DatagramBatch, IpAddress, UdpSocket};
    ///
    /// let server = UdpSocket::bind(IpAddress::LOCAL_HOST, 0)?;
    /// let client = UdpSocket::bind(IpAddress::LOCAL_HOST, 0)?;
    /// let hello = |data| Datagram::new(data, IpAddress::LOCAL_HOST, server.local_port());
    /// assert_eq!(client.send_many(&[hello(b"one"), hello(b"two")])?, 2);
    ///
    /// let mut batch = DatagramBatch::new(32, 1500);
    /// while server.receive_many(&mut batch)? > 0 {
    ///     let answers: Vec<_> = batch.iter().collect();
    ///     server.send_many(&answers)?;
    /// #   break;
    /// }
    /// # Ok::<(), sfml_network::SocketError>(())
    /// ```
    ///
    /// # Errors
    /// Those of [`send`](Self::send) for the first datagram, when none was sent.
    #[inline]
    pub fn send_many(&self, datagrams: &[Datagram<'_>]) -> Result<usize, SocketError> {
        self.send_parts(datagrams.len(), self.plain_wait(), |sent| self.send_some(&datagrams[sent..]))
    }

    /// As [`send_many`](Self::send_many), waiting as told, whatever the mode. The time limits sending too: when it is
    /// up, no further part of up to 64 datagrams is begun.
    ///
    /// # Errors
    /// As [`send_many`](Self::send_many), and what the interrupt hook says, also after some were sent.
    pub fn send_many_within<'a>(
        &self,
        datagrams: &[Datagram<'_>],
        timeout: impl Into<Wait<'a>>,
    ) -> Result<usize, SocketError> {
        self.send_parts(datagrams.len(), Some(timeout.into()), |sent| self.send_some(&datagrams[sent..]))
    }

    /// As [`send_many`](Self::send_many), as far as there is room at once, whatever the mode.
    ///
    /// # Errors
    /// As [`send_many`](Self::send_many).
    pub fn try_send_many(&self, datagrams: &[Datagram<'_>]) -> Result<usize, SocketError> {
        self.send_parts(datagrams.len(), None, |sent| self.send_some(&datagrams[sent..]))
    }

    #[inline]
    fn send_some(&self, datagrams: &[Datagram<'_>]) -> Result<usize, SocketError> {
        let first = &datagrams[0];
        self.check_send(first.data.len())?;
        let each = datagrams
            .iter()
            .take_while(|datagram| datagram.data.len() <= Self::MAX_DATAGRAM_SIZE)
            .map(|datagram| (datagram.data, self.target(datagram.address, datagram.port)));
        sys::send_many(self.descriptor.handle(), each)
            .map_err(|error| self.send_error(error, &self.target(first.address, first.port)))
    }

    /// The wait of a plain call, none in non-blocking mode.
    #[inline]
    fn plain_wait(&self) -> Option<Wait<'static>> {
        self.mode.is_blocking().then(|| self.mode.wait())
    }

    /// Sends part after part until `total` is done or the time is up, waiting for room if `wait` says so. An error
    /// that comes after some parts ends it without being told: the next call meets it again. What the interrupt hook
    /// says comes only once, so it is told.
    #[inline]
    fn send_parts(
        &self,
        total: usize,
        mut wait: Option<Wait<'_>>,
        mut send: impl FnMut(usize) -> Result<usize, SocketError>,
    ) -> Result<usize, SocketError> {
        let mut done = 0;
        while done < total {
            if let (1.., Some(wait)) = (done, &mut wait) {
                if !wait.go_on()? {
                    break;
                }
            }
            let result = match (send(done), &mut wait) {
                (Err(SocketError::NotReady), Some(wait)) => {
                    wait.until_ready(&self.descriptor, Readiness::WRITABLE).map(|()| 0)
                }
                (result, _) => result,
            };
            match result {
                Ok(sent) => done += sent,
                Err(_) if done > 0 && !wait.as_ref().is_some_and(Wait::was_interrupted) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(done)
    }
}
