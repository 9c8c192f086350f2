//! An HTTP server of the test kit that speaks inside this library's own TLS.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;

use sfml_network::TcpSocket;
use sfml_network::tls::{ServerConfig, TlsSocket};
use testkit::certificates::Identity;
use testkit::http::Connection;

/// A connection that says good-bye.
struct Polite(TlsSocket);

impl Drop for Polite {
    fn drop(&mut self) {
        // The client may be gone, which is no loss.
        let _ = self.0.finish_sending();
    }
}

impl Read for Polite {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        Read::read(&mut &self.0, buffer)
    }
}

impl Write for Polite {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        Write::write(&mut &self.0, data)
    }

    fn flush(&mut self) -> io::Result<()> {
        Write::flush(&mut &self.0)
    }
}

/// What makes a connection in TLS of one of TCP.
pub(crate) type Wrap = Box<dyn Fn(TcpStream) -> io::Result<Box<dyn Connection>> + Send + Sync>;

/// Puts the connections of a server into TLS with this certificate, and shows each to `look` when its handshake is done.
pub(crate) fn over_tls(
    identity: &Identity,
    look: impl Fn(&TlsSocket) + Send + Sync + 'static,
) -> io::Result<Wrap> {
    let config =
        ServerConfig::new(identity.chain.as_bytes(), identity.key.as_bytes()).map_err(io::Error::other)?;
    Ok(Box::new(move |stream: TcpStream| {
        let socket = TcpSocket::from(OwnedFd::from(stream));
        let socket = TlsSocket::accept(socket, &config, testkit::PATIENCE)?;
        look(&socket);
        Ok(Box::new(Polite(socket)) as Box<dyn Connection>)
    }))
}
