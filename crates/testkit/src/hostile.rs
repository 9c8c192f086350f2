//! Peers that do not behave: they do not answer, or hang up without a word.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use socket2::{Domain, SockAddr, SockRef, Socket, Type};

/// Closes a connection so that the peer gets a reset instead of the end of the stream, and loses what it has not
/// read yet.
///
/// # Errors
/// When the system refuses the option.
pub fn reset(stream: TcpStream) -> io::Result<()> {
    SockRef::from(&stream).set_linger(Some(Duration::ZERO))?;
    drop(stream);
    Ok(())
}

/// A port on loopback that neither accepts nor refuses: a listener whose queue is full.
#[derive(Debug)]
pub struct Unanswering {
    address: SocketAddr,
    /// The listener, the connections that fill its queue, and some that wait in vain.
    _sockets: Vec<Socket>,
}

impl Unanswering {
    /// # Errors
    /// When the system has no descriptors or ports left.
    ///
    /// # Panics
    /// Panics if an open listener has no address.
    pub fn new() -> io::Result<Self> {
        const MORE_THAN_THE_QUEUE_HOLDS: usize = 8;
        let listener = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        listener.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into())?;
        listener.listen(0)?;
        let address = listener.local_addr()?;
        let mut sockets = vec![listener];
        for _ in 0..MORE_THAN_THE_QUEUE_HOLDS {
            sockets.push(begin_to_connect(&address)?);
        }
        let address = address.as_socket().expect("it was bound to an IPv4 address");
        Ok(Self { address, _sockets: sockets })
    }

    /// Where it does not answer.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

fn begin_to_connect(address: &SockAddr) -> io::Result<Socket> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.set_nonblocking(true)?;
    // In progress, which every system has a code of its own for.
    let _ = socket.connect(address);
    Ok(socket)
}
