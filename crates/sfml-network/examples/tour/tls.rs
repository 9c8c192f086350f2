//! An echo inside TLS, with both ends in this program.

use std::thread;

use sfml_network::tls::{ClientConfig, ServerConfig, TlsSocket};
use sfml_network::{IpAddress, TcpListener, TcpSocket};
use testkit::certificates::{Certificates, LOCAL_NAMES};

use crate::account::{Failure, joined, tell};

/// Sends a text and gets it back, from a server whose certificate an authority of this tour has signed.
pub(crate) fn echo() -> Result<(), Failure> {
    let certificates = Certificates::shared();
    let identity = &certificates.good;
    let server = ServerConfig::new(identity.chain.as_bytes(), identity.key.as_bytes())?;
    let client = ClientConfig::builder().roots(&certificates.authority.certificate)?.build()?;
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;

    thread::scope(|scope| {
        let peer = scope.spawn(|| -> Result<(), Failure> {
            for _ in 0..2 {
                let socket = TlsSocket::accept(listener.accept()?, &server, crate::LIMIT)?;
                let mut text = [0; 5];
                socket.receive_exact(&mut text)?;
                socket.send(&text)?;
                socket.finish_sending()?;
            }
            Ok(())
        });
        for _ in 0..2 {
            let socket = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), crate::LIMIT)?;
            let socket = TlsSocket::connect(socket, LOCAL_NAMES[0], &client, crate::LIMIT)?;
            socket.send(b"hello")?;
            let mut text = [0; 5];
            socket.receive_exact(&mut text)?;
            if &text != b"hello" {
                return Err("the text that came back is another one".into());
            }
            let kind = socket.handshake_kind().map(|kind| format!("{kind:?}").to_lowercase());
            tell(
                String::from_utf8_lossy(&text),
                format!("came back, encrypted with {}", socket.ciphersuite().unwrap_or("nothing")),
            );
            tell(kind.unwrap_or_default(), "handshake");
        }
        joined(peer)
    })
}
