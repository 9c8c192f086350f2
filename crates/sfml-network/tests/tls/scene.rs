//! Two ends of a connection, and what they believe.

use std::thread;

use sfml_network::tls::{ClientConfig, ServerConfig, TlsSocket};
use sfml_network::{IpAddress, SocketError, TcpListener, TcpSocket};
use testkit::PATIENCE;
use testkit::certificates::{Certificates, Identity};

/// The certificates of this process.
pub(crate) fn certificates() -> &'static Certificates {
    Certificates::shared()
}

/// A server that shows this identity.
pub(crate) fn server(identity: &Identity) -> ServerConfig {
    ServerConfig::new(identity.chain.as_bytes(), identity.key.as_bytes()).expect("it is an identity")
}

/// A client that believes these certificates.
pub(crate) fn believing(roots: &str) -> ClientConfig {
    let builder = ClientConfig::builder().roots(roots.as_bytes()).expect("they are certificates");
    builder.build().expect("they are roots")
}

/// A client that believes the authority.
pub(crate) fn client() -> ClientConfig {
    believing(&certificates().authority.pem)
}

/// Two connected sockets without TLS.
pub(crate) fn plain_pair() -> (TcpSocket, TcpSocket) {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).expect("a port is free");
    let near =
        TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), PATIENCE).expect("it listens");
    (near, listener.accept_within(PATIENCE).expect("it connected"))
}

/// What the two ends make of a handshake for this name: the client, then the server.
pub(crate) fn shake_hands(
    name: &str,
    client: &ClientConfig,
    server: &ServerConfig,
) -> (Result<TlsSocket, SocketError>, Result<TlsSocket, SocketError>) {
    let (near, far) = plain_pair();
    let server = server.clone();
    let far = thread::spawn(move || TlsSocket::accept(far, &server, PATIENCE));
    let near = TlsSocket::connect(near, name, client, PATIENCE);
    (near, far.join().expect("it does not panic"))
}

/// Two ends of one connection inside TLS.
pub(crate) fn pair() -> (TlsSocket, TlsSocket) {
    let (near, far) = shake_hands("localhost", &client(), &server(&certificates().good));
    (near.expect("the client agrees"), far.expect("the server agrees"))
}

/// The same in non-blocking mode, and with the handshake to be done.
pub(crate) fn started_pair() -> (TlsSocket, TlsSocket) {
    let (near, far) = plain_pair();
    let near = TlsSocket::start_connect(near, "localhost", &client()).expect("it starts");
    (near, TlsSocket::start_accept(far, &server(&certificates().good)).expect("it starts"))
}

/// Bytes that are not all alike.
pub(crate) fn pattern(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}
