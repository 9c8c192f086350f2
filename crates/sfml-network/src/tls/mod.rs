//! TLS on TCP sockets: [`TlsSocket`], and what its two ends need to know.

mod certificate;
mod client;
mod error;
mod identity;
mod incoming;
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
