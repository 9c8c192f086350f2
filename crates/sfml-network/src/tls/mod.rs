//! TLS on TCP sockets: [`TlsSocket`], and what its two ends need to know.
//!
//! A connection is made as ever, and then put into TLS: by [`TlsSocket::connect`] with a [`ClientConfig`], or by
//! [`TlsSocket::accept`] with a [`ServerConfig`]. From then on it has the methods of a [`TcpSocket`](crate::TcpSocket),
//! waits like one, and belongs into the same [selectors](crate::SocketSelector).
//!
//! ```
//! use sfml_network::tls::{ClientConfig, ServerConfig, TlsError, TlsSocket};
//! use sfml_network::{IpAddress, SocketError, SocketSelector, TcpListener, TcpSocket};
//! use std::time::Duration;
//!
//! # let certificates = testkit::certificates::Certificates::shared();
//! # let (chain, key) = (certificates.good.chain.as_bytes(), certificates.good.key.as_bytes());
//! # let authority = certificates.authority.pem.as_bytes();
//! let server_config = ServerConfig::new(chain, key)?;
//! let client_config = ClientConfig::builder().roots(authority)?.build()?;
//!
//! let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
//! let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), Duration::from_secs(5))?;
//! let client = TlsSocket::start_connect(client, "localhost", &client_config)?;
//! let server = TlsSocket::start_accept(listener.accept()?, &server_config)?;
//!
//! // Both ends in one thread, so neither may block: a selector moves the handshakes on.
//! let selector = SocketSelector::new()?;
//! selector.add(&client)?;
//! selector.add(&server)?;
//! while client.handshake().is_err() || server.handshake().is_err() {
//!     selector.wait(Duration::from_secs(5))?;
//! }
//! client.send(b"hello")?;
//! let mut buffer = [0; 64];
//! while let Err(SocketError::NotReady) = server.receive(&mut buffer) {
//!     selector.wait(Duration::from_secs(5))?;
//! }
//! assert_eq!(&buffer[..5], b"hello");
//!
//! // Whoever is not who was asked for is told so, by name.
//! let other = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), Duration::from_secs(5))?;
//! let other = TlsSocket::start_connect(other, "elsewhere.test", &client_config)?;
//! let server = TlsSocket::start_accept(listener.accept()?, &server_config)?;
//! let error = loop {
//!     match other.handshake() {
//!         Err(SocketError::NotReady) => _ = server.handshake(),
//!         outcome => break outcome.unwrap_err(),
//!     }
//! };
//! assert!(matches!(error.tls(), Some(TlsError::WrongHost { .. })));
//! # Ok::<(), SocketError>(())
//! ```
//!
//! # Rules
//!
//! - A failure stays: every later call fails with the same [`TlsError`], the peer gets the alert, and nothing is sent any
//!   more. [`SocketError::tls`](crate::SocketError::tls) gets it out of a socket's error.
//! - A stream that ends without TLS's own mark was cut: [`TlsError::Truncated`].
//! - The cryptography is that of this build, *ring* or AWS-LC, whatever the process has set as its default.
//!
//! # Rooms
//!
//! `session` is the state of one connection and never waits; `socket`, `transfer` and `packets` wait for it, `watched` shows it to
//! selectors; `client`, `server`, `identity` and `pem` make configurations, `verifier` and `certificate` decide whom to
//! believe.

mod certificate;
mod client;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod identity;
mod incoming;
mod packets;
mod pem;
mod server;
mod session;
mod socket;
mod transfer;
mod verifier;
mod version;
mod watched;

pub use self::client::{ClientConfig, ClientConfigBuilder};
pub use self::error::{InCommon, TlsError};
pub use self::pem::ConfigError;
pub use self::server::{ServerConfig, ServerConfigBuilder};
pub use self::socket::{HandshakeKind, TlsSocket, TlsStatus};
pub use self::version::Version;
