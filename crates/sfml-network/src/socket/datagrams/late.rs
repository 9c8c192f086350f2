//! An error that came after datagrams, which were handed out first.

use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::descriptor::lock;

/// What the socket's next receive tells before it looks for datagrams.
#[derive(Debug, Default)]
pub(in super::super) struct Late {
    is_some: AtomicBool,
    error: Mutex<Option<io::Error>>,
}

impl Late {
    #[inline(always)]
    pub(in super::super) fn is_some(&self) -> bool {
        self.is_some.load(Ordering::Acquire)
    }

    /// Keeps an error; that nothing was there is none.
    #[cold]
    pub(super) fn keep(&self, error: io::Error) {
        if error.kind() != io::ErrorKind::WouldBlock {
            let mut kept = lock(&self.error);
            *kept = Some(error);
            self.is_some.store(true, Ordering::Release);
        }
    }

    /// Takes the error, unless another thread did.
    #[cold]
    pub(in super::super) fn take(&self) -> Option<io::Error> {
        let mut kept = lock(&self.error);
        self.is_some.store(false, Ordering::Release);
        kept.take()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::udp::UdpSocket;
    use super::super::DatagramBatch;
    use super::*;
    use crate::address::IpAddress;
    use crate::error::SocketError;

    type Receive = fn(&UdpSocket) -> Result<(), SocketError>;

    #[test]
    fn an_error_after_datagrams_is_told_once_by_its_own_socket_whatever_receives_next() {
        let bind = || {
            let socket = UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port");
            socket.set_blocking(false);
            socket
        };
        let (near, other) = (bind(), bind());
        let receives: [Receive; 5] = [
            |socket| socket.receive(&mut [0]).map(drop),
            |socket| socket.receive_connected(&mut [0]).map(drop),
            |socket| socket.receive_many(&mut DatagramBatch::new(1, 1)).map(drop),
            |socket| socket.receive_with_info(&mut [0]).map(drop),
            |socket| socket.receive_packet().map(drop),
        ];
        for receive in receives {
            near.runs.late.keep(io::ErrorKind::WouldBlock.into());
            assert!(matches!(receive(&near), Err(SocketError::NotReady)));
            near.runs.late.keep(io::ErrorKind::ConnectionRefused.into());
            assert!(matches!(receive(&other), Err(SocketError::NotReady)));
            let error = receive(&near).expect_err("kept");
            assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
            assert!(matches!(receive(&near), Err(SocketError::NotReady)));
        }
    }

    #[test]
    fn an_error_after_a_calls_worth_of_datagrams_comes_beside_them() {
        let [near, peer] = [(); 2].map(|()| UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port"));
        near.connect(IpAddress::LOCAL_HOST, peer.local_port()).expect("connected");
        for _ in 0..64 {
            peer.send(b"x", IpAddress::LOCAL_HOST, near.local_port()).expect("room");
        }
        drop(peer);
        let mut storage = [[0; 1]; 65];
        let slots = storage.iter_mut().enumerate().map(|(number, slot)| {
            // The first call's slots are filled by now.
            if number == 64 {
                near.send_connected(b"to nobody").expect("sent");
            }
            &mut slot[..]
        });
        let (mut late, mut count) = (None, 0);
        let done =
            crate::sys::receive_many(near.descriptor.handle(), slots, false, &mut late, |_, _| count += 1);
        assert!(done.is_ok() && count == 64);
        assert_eq!(late.map(|error| error.kind()), Some(io::ErrorKind::ConnectionRefused));
    }
}
