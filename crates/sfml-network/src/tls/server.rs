//! `ServerConfig`: what a server shows, and what it asks of clients.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{NoServerSessionStorage, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConnection};

use super::identity::Identity;
use super::version::{Version, provider, ticketer};
use super::{ConfigError, pem};

/// What a server needs to know to talk TLS. Cheap to clone; a program makes one and keeps it.
///
/// ```
/// use sfml_network::tls::ServerConfig;
///
/// # let identity = &testkit::certificates::Certificates::shared().good;
/// # let (chain, key) = (identity.chain.as_bytes(), identity.key.as_bytes());
/// let config = ServerConfig::new(chain, key)?;
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Clone)]
pub struct ServerConfig(Arc<rustls::ServerConfig>);

impl ServerConfig {
    /// With a certificate and its key, and everything else as it comes: [`builder`](Self::builder) and
    /// [`build`](ServerConfigBuilder::build).
    ///
    /// # Errors
    /// Those of the two.
    pub fn new(chain: &[u8], key: &[u8]) -> Result<Self, ConfigError> {
        Self::builder(chain, key)?.build()
    }

    /// Begins a configuration with a certificate, followed by those between it and the authority (PEM text, or one in
    /// DER), and its key (PKCS #8, PKCS #1 or SEC1; PEM or DER).
    ///
    /// # Errors
    /// * [`ConfigError::NoCertificate`], [`ConfigError::NoKey`]: there is none in it.
    /// * [`ConfigError::PasswordNeeded`], [`ConfigError::UnsupportedKeyEncryption`]: the key is under a password.
    /// * [`ConfigError::Malformed`].
    pub fn builder(chain: &[u8], key: &[u8]) -> Result<ServerConfigBuilder, ConfigError> {
        Identity::new(chain, key, None).map(ServerConfigBuilder::new)
    }

    /// The same with a key that is under a password (PKCS #8), which needs the feature `encrypted-keys`. An empty
    /// password is none.
    ///
    /// # Errors
    /// As [`builder`](Self::builder), and [`ConfigError::WrongPassword`].
    pub fn builder_with_password(
        chain: &[u8],
        key: &[u8],
        password: &str,
    ) -> Result<ServerConfigBuilder, ConfigError> {
        Identity::new(chain, key, Some(password)).map(ServerConfigBuilder::new)
    }

    /// The same from files.
    ///
    /// # Errors
    /// As [`builder_with_password`](Self::builder_with_password), and [`ConfigError::File`].
    pub fn builder_from_files(
        chain: impl AsRef<Path>,
        key: impl AsRef<Path>,
        password: Option<&str>,
    ) -> Result<ServerConfigBuilder, ConfigError> {
        let (chain, key) = (pem::read(chain.as_ref())?, pem::read(key.as_ref())?);
        Identity::new(&chain, &key, password).map(ServerConfigBuilder::new)
    }

    pub(super) fn connection(&self) -> Result<ServerConnection, ConfigError> {
        Ok(ServerConnection::new(Arc::clone(&self.0))?)
    }
}

impl fmt::Debug for ServerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerConfig").field("alpn", &self.0.alpn_protocols).finish_non_exhaustive()
    }
}

/// What a server asks of its clients.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
enum Ask {
    #[default]
    Nothing,
    Optional,
    Required,
}

/// Makes a [`ServerConfig`], step by step.
#[derive(Debug)]
#[must_use = "a builder does nothing until build is called"]
pub struct ServerConfigBuilder {
    identity: Identity,
    ask: Ask,
    roots: Vec<CertificateDer<'static>>,
    alpn: Vec<Vec<u8>>,
    no_resumption: bool,
    least: Version,
}

impl ServerConfigBuilder {
    fn new(identity: Identity) -> Self {
        let (ask, least) = (Ask::Nothing, Version::default());
        Self { identity, ask, roots: Vec::new(), alpn: Vec::new(), no_resumption: false, least }
    }

    /// Asks clients for a certificate, which has to be from one of these authorities (PEM text, or one in DER). A client
    /// without one is let in; [`peer_certificates`](super::TlsSocket::peer_certificates) tells.
    ///
    /// # Errors
    /// [`ConfigError::NoCertificate`], [`ConfigError::Malformed`].
    pub fn optional_client_certificates(self, roots: &[u8]) -> Result<Self, ConfigError> {
        self.ask(Ask::Optional, roots)
    }

    /// The same, but no client is let in without a certificate.
    ///
    /// # Errors
    /// As [`optional_client_certificates`](Self::optional_client_certificates).
    pub fn required_client_certificates(self, roots: &[u8]) -> Result<Self, ConfigError> {
        self.ask(Ask::Required, roots)
    }

    fn ask(mut self, ask: Ask, roots: &[u8]) -> Result<Self, ConfigError> {
        self.ask = ask;
        self.roots.extend(pem::certificates(roots)?);
        Ok(self)
    }

    /// The application protocols to choose from (ALPN, RFC 7301), the preferred one first. A client that offers only
    /// others is turned away; one that offers none is let in.
    pub fn alpn<P: AsRef<[u8]>>(mut self, protocols: impl IntoIterator<Item = P>) -> Self {
        self.alpn = protocols.into_iter().map(|protocol| protocol.as_ref().to_vec()).collect();
        self
    }

    /// Whether clients may take up earlier sessions. On unless turned off: the server gives out tickets, under keys that
    /// change every six hours, and keeps nothing for them.
    pub fn resumption(mut self, is_on: bool) -> Self {
        self.no_resumption = !is_on;
        self
    }

    /// The oldest version to accept; TLS 1.2 unless set.
    pub fn least_version(mut self, version: Version) -> Self {
        self.least = version;
        self
    }

    /// Makes the configuration.
    ///
    /// # Errors
    /// * [`ConfigError::KeyMismatch`]: the key is not that of the certificate.
    /// * [`ConfigError::Malformed`], [`ConfigError::Refused`]: the certificate, the key or a root is of no use.
    pub fn build(self) -> Result<ServerConfig, ConfigError> {
        let verifier = self.verifier()?;
        let config = rustls::ServerConfig::builder_with_provider(provider())
            .with_protocol_versions(self.least.and_later())?
            .with_client_cert_verifier(verifier);
        let mut config = config.with_single_cert(self.identity.chain, self.identity.key)?;
        config.alpn_protocols = self.alpn;
        if self.no_resumption {
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
        } else {
            config.ticketer = ticketer()?;
        }
        Ok(ServerConfig(Arc::new(config)))
    }

    fn verifier(&self) -> Result<Arc<dyn ClientCertVerifier>, ConfigError> {
        if self.ask == Ask::Nothing {
            return Ok(WebPkiClientVerifier::no_client_auth());
        }
        let mut roots = RootCertStore::empty();
        for root in &self.roots {
            roots.add(root.clone())?;
        }
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider());
        let verifier = if self.ask == Ask::Optional { verifier.allow_unauthenticated() } else { verifier };
        verifier.build().map_err(|error| ConfigError::Refused(error.to_string()))
    }
}
