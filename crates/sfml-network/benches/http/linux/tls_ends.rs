//! The two ends of a connection inside TLS: ours, and rustls over the standard library's sockets, believing the same.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use rustls::client::Resumption;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConnection, RootCertStore, ServerConnection, StreamOwned};
use sfml_network::tls::{ClientConfig, ServerConfig, TlsSocket};
use sfml_network::{IpAddress, TcpListener, TcpSocket};
use testkit::certificates::Certificates;

/// Somebody's way to begin TLS at both ends.
pub(super) trait Ends: Clone + Send + Sync + 'static {
    type Near: Read + Write + Send + 'static;
    type Far: Read + Write + Send + 'static;

    /// Puts a connected socket into TLS as the client.
    fn connect(&self, socket: TcpSocket) -> Self::Near;

    /// Does the same as the server.
    fn accept(&self, socket: TcpSocket) -> Self::Far;
}

/// The name the certificate is for.
const NAME: &str = "localhost";

/// The longest a handshake may take.
const LIMIT: Duration = Duration::from_secs(30);

#[derive(Clone)]
pub(super) struct Ours {
    client: ClientConfig,
    server: ServerConfig,
}

impl Ours {
    pub(super) fn new(resumes: bool) -> Self {
        let (authority, good) = (&Certificates::shared().authority, &Certificates::shared().good);
        let roots = ClientConfig::builder().roots(authority.pem.as_bytes()).unwrap();
        let server = ServerConfig::new(good.chain.as_bytes(), good.key.as_bytes()).unwrap();
        Self { client: roots.resumption(resumes).build().unwrap(), server }
    }
}

impl Ends for Ours {
    type Near = TlsSocket;
    type Far = TlsSocket;

    fn connect(&self, socket: TcpSocket) -> TlsSocket {
        TlsSocket::connect(socket, NAME, &self.client, LIMIT).unwrap()
    }

    fn accept(&self, socket: TcpSocket) -> TlsSocket {
        TlsSocket::accept(socket, &self.server, LIMIT).unwrap()
    }
}

#[derive(Clone)]
pub(super) struct Bare {
    client: Arc<rustls::ClientConfig>,
    server: Arc<rustls::ServerConfig>,
}

impl Bare {
    pub(super) fn new(resumes: bool) -> Self {
        let (authority, good) = (&Certificates::shared().authority, &Certificates::shared().good);
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
        let client = rustls::ClientConfig::builder_with_provider(Arc::clone(&provider));
        let client = client.with_safe_default_protocol_versions().unwrap().with_root_certificates(roots);
        let mut client = client.with_no_client_auth();
        if !resumes {
            client.resumption = Resumption::disabled();
        }
        let chain = CertificateDer::pem_slice_iter(good.chain.as_bytes()).collect::<Result<_, _>>().unwrap();
        let key = PrivateKeyDer::from_pem_slice(good.key.as_bytes()).unwrap();
        let server = rustls::ServerConfig::builder_with_provider(provider);
        let server = server.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
        let mut server = server.with_single_cert(chain, key).unwrap();
        server.ticketer = rustls::crypto::ring::Ticketer::new().unwrap();
        Self { client: Arc::new(client), server: Arc::new(server) }
    }
}

impl Ends for Bare {
    type Near = StreamOwned<ClientConnection, TcpStream>;
    type Far = StreamOwned<ServerConnection, TcpStream>;

    fn connect(&self, socket: TcpSocket) -> Self::Near {
        let name = ServerName::try_from(NAME).unwrap();
        let mut connection = ClientConnection::new(Arc::clone(&self.client), name).unwrap();
        let mut stream = plain(&socket);
        connection.complete_io(&mut stream).unwrap();
        StreamOwned::new(connection, stream)
    }

    fn accept(&self, socket: TcpSocket) -> Self::Far {
        let mut connection = ServerConnection::new(Arc::clone(&self.server)).unwrap();
        let mut stream = plain(&socket);
        connection.complete_io(&mut stream).unwrap();
        StreamOwned::new(connection, stream)
    }
}

/// The same connection as one of the standard library.
fn plain(socket: &TcpSocket) -> TcpStream {
    use std::os::fd::AsFd;
    TcpStream::from(socket.as_fd().try_clone_to_owned().unwrap())
}

/// A connection with room for several records on the way.
pub(super) fn connection() -> (TcpSocket, TcpSocket) {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
    let near = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), LIMIT).unwrap();
    let far = listener.accept_within(LIMIT).unwrap();
    for end in [&near, &far] {
        end.set_send_buffer_size(ROOM).unwrap();
        end.set_recv_buffer_size(ROOM).unwrap();
    }
    (near, far)
}

const ROOM: usize = 256 << 10;
