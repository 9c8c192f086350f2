//! Two connected sockets.

use sfml_network::{IpAddress, TcpListener, TcpSocket};
use testkit::PATIENCE;

/// Two ends of one connection.
pub(crate) fn pair() -> (TcpSocket, TcpSocket) {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).expect("a free port");
    let near =
        TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), PATIENCE).expect("it listens");
    let far = listener.accept_within(PATIENCE).expect("it connected");
    (near, far)
}
