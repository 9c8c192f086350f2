//! `ClientConfig`: whom a client believes, and what it offers.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConnection, RootCertStore};

use super::identity::Identity;
use super::verifier::{Trust, Verifier};
use super::version::{Version, provider};
use super::{ConfigError, pem};

/// Stands in for names that are none of a host; `.invalid` belongs to nobody (RFC 6761 §6.4).
pub(super) const STAND_IN: &str = "not-a-host-name.invalid";

/// The longest name of a server, in bytes. Those of hosts have at most 253.
const LONGEST_NAME: usize = 1024;

/// What a client needs to know to talk TLS. Cheap to clone; the clones share the sessions that can be resumed, so a
/// program makes one and keeps it.
///
/// ```no_run
/// use sfml_network::TcpSocket;
/// use sfml_network::tls::{ClientConfig, TlsSocket};
/// use std::time::Duration;
///
/// let config = ClientConfig::system()?;
/// let socket = TcpSocket::connect_host("example.org", 443, Duration::from_secs(10))?;
/// let socket = TlsSocket::connect(socket, "example.org", &config, Duration::from_secs(10))?;
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Clone)]
pub struct ClientConfig {
    rustls: Arc<rustls::ClientConfig>,
    trust: Trust,
}

impl ClientConfig {
    /// Believes servers that the system's authorities vouch for. On Linux those are read once per call, from where
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` say or else from where the distribution keeps them.
    ///
    /// # Errors
    /// [`ConfigError::NoRoots`] when the system has none.
    pub fn system() -> Result<Self, ConfigError> {
        Self::builder().system_roots().build()
    }

    /// Begins a configuration. Without any roots [`build`](ClientConfigBuilder::build) takes the system's.
    pub fn builder() -> ClientConfigBuilder {
        ClientConfigBuilder::default()
    }

    /// Whether there can be a server of that name, asked before a socket is given away. Any text without control
    /// characters can be one, up to 1024 bytes.
    ///
    /// # Errors
    /// [`ConfigError::BadName`].
    pub fn check_name(name: &str) -> Result<(), ConfigError> {
        let is_possible = !name.is_empty() && name.len() <= LONGEST_NAME && !name.contains(char::is_control);
        if is_possible { Ok(()) } else { Err(ConfigError::BadName(name.to_owned())) }
    }

    /// Begins a connection to the server of that name.
    pub(super) fn connection(&self, name: &str) -> Result<ClientConnection, ConfigError> {
        if let Ok(name) = ServerName::try_from(name.to_owned()) {
            return Ok(ClientConnection::new(Arc::clone(&self.rustls), name)?);
        }
        Self::check_name(name)?;
        let stand_in = ServerName::try_from(STAND_IN).map_err(|_| ConfigError::BadName(name.to_owned()))?;
        Ok(ClientConnection::new(Arc::new(self.for_odd_name(name)), stand_in)?)
    }

    /// For a name that is none of a host: it is not sent, and nothing is resumed, since one session could not be told
    /// from that of another such name.
    fn for_odd_name(&self, name: &str) -> rustls::ClientConfig {
        let mut config = rustls::ClientConfig::clone(&self.rustls);
        config.enable_sni = false;
        config.resumption = Resumption::disabled();
        let verifier = Verifier {
            trust: self.trust.clone(),
            odd_name: Some(name.to_owned()),
            provider: Arc::clone(config.crypto_provider()),
        };
        config.dangerous().set_certificate_verifier(Arc::new(verifier));
        config
    }
}

impl fmt::Debug for ClientConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientConfig").field("alpn", &self.rustls.alpn_protocols).finish_non_exhaustive()
    }
}

/// Makes a [`ClientConfig`], step by step.
///
/// ```
/// use sfml_network::tls::ClientConfig;
///
/// # let authority = &testkit::certificates::Certificates::shared().authority.pem;
/// let config = ClientConfig::builder().roots(authority.as_bytes())?.alpn(["http/1.1"]).build()?;
/// # Ok::<(), sfml_network::SocketError>(())
/// ```
#[derive(Debug, Default)]
#[must_use = "a builder does nothing until build is called"]
pub struct ClientConfigBuilder {
    system: bool,
    given: Vec<CertificateDer<'static>>,
    anybody: bool,
    identity: Option<Identity>,
    alpn: Vec<Vec<u8>>,
    no_resumption: bool,
    least: Version,
}

impl ClientConfigBuilder {
    /// Believes the system's authorities, besides whoever else is given.
    pub fn system_roots(mut self) -> Self {
        self.system = true;
        self
    }

    /// Believes these certificates (PEM text with one or more, or one in DER), and whoever they vouch for.
    ///
    /// A server that shows one of them byte for byte is believed too, even if it is an authority's, as those that
    /// `openssl req -x509` makes are. It still has to be valid now, and to carry the name that is asked for: among its
    /// alternative names, or if it has none as its common name, which need not be the name of a host.
    ///
    /// # Errors
    /// [`ConfigError::NoCertificate`], [`ConfigError::Malformed`].
    pub fn roots(mut self, certificates: &[u8]) -> Result<Self, ConfigError> {
        self.given.extend(pem::certificates(certificates)?);
        Ok(self)
    }

    /// The same from a file.
    ///
    /// # Errors
    /// As [`roots`](Self::roots), and [`ConfigError::File`].
    pub fn roots_file(self, path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        self.roots(&pem::read(path.as_ref())?)
    }

    /// Believes whoever answers. What is sent and received is then hidden from those who only listen, not from those
    /// who answer in the server's place; for tests, never for users.
    ///
    /// The server still has to have the key of the certificate that it shows.
    pub fn danger_accept_invalid_certificates(mut self) -> Self {
        self.anybody = true;
        self
    }

    /// Shows this certificate to servers that ask for one: the chain and the key, as in
    /// [`ServerConfig::new`](super::ServerConfig::new).
    ///
    /// # Errors
    /// Those of reading the certificate and the key.
    pub fn identity(mut self, chain: &[u8], key: &[u8]) -> Result<Self, ConfigError> {
        self.identity = Some(Identity::new(chain, key, None)?);
        Ok(self)
    }

    /// The same with a key that is under a password.
    ///
    /// # Errors
    /// As [`identity`](Self::identity), and [`ConfigError::WrongPassword`].
    pub fn identity_with_password(
        mut self,
        chain: &[u8],
        key: &[u8],
        password: &str,
    ) -> Result<Self, ConfigError> {
        self.identity = Some(Identity::new(chain, key, Some(password))?);
        Ok(self)
    }

    /// Offers application protocols (ALPN, RFC 7301), the preferred one first.
    pub fn alpn<P: AsRef<[u8]>>(mut self, protocols: impl IntoIterator<Item = P>) -> Self {
        self.alpn = protocols.into_iter().map(|protocol| protocol.as_ref().to_vec()).collect();
        self
    }

    /// Whether later connections to a server may take up the session of an earlier one, which saves most of the
    /// handshake. On unless turned off.
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
    /// * [`ConfigError::NoRoots`]: nobody is believed.
    /// * [`ConfigError::KeyMismatch`]: the key is not that of the certificate.
    pub fn build(self) -> Result<ClientConfig, ConfigError> {
        let provider = provider();
        let trust = self.trust(&provider)?;
        let verifier = Verifier { trust: trust.clone(), odd_name: None, provider: Arc::clone(&provider) };
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_protocol_versions(self.least.and_later())?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier));
        let mut config = match self.identity {
            Some(identity) => config.with_client_auth_cert(identity.chain, identity.key)?,
            None => config.with_no_client_auth(),
        };
        config.alpn_protocols = self.alpn;
        if self.no_resumption {
            config.resumption = Resumption::disabled();
        }
        Ok(ClientConfig { rustls: Arc::new(config), trust })
    }

    fn trust(&self, provider: &Arc<CryptoProvider>) -> Result<Trust, ConfigError> {
        if self.anybody {
            return Ok(Trust::Anybody);
        }
        let given: Arc<[CertificateDer<'static>]> = self.given.as_slice().into();
        let authorities: Arc<dyn ServerCertVerifier> = if self.system || given.is_empty() {
            // Certificates that are no roots for webpki can still be the server's own.
            let usable = self.given.iter().filter(|certificate| store([*certificate]).len() == 1).cloned();
            let verifier =
                rustls_platform_verifier::Verifier::new_with_extra_roots(usable, Arc::clone(provider));
            Arc::new(verifier.map_err(|_| ConfigError::NoRoots)?)
        } else {
            let roots = store(given.iter());
            if roots.is_empty() {
                return Ok(Trust::Roots { authorities: None, given });
            }
            WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider))
                .build()
                .map_err(|error| ConfigError::Refused(error.to_string()))?
        };
        Ok(Trust::Roots { authorities: Some(authorities), given })
    }
}

fn store<'a>(certificates: impl IntoIterator<Item = &'a CertificateDer<'static>>) -> RootCertStore {
    let mut store = RootCertStore::empty();
    store.add_parsable_certificates(certificates.into_iter().cloned());
    store
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_any_text_that_fits_on_one_line() {
        let longest = "x".repeat(LONGEST_NAME);
        for name in ["localhost", "::1", "SFML TLS Example", longest.as_str()] {
            assert_eq!(ClientConfig::check_name(name), Ok(()));
        }
        for name in ["", "a\nb", "\0", &format!("{longest}x")] {
            assert_eq!(ClientConfig::check_name(name), Err(ConfigError::BadName(name.to_owned())));
        }
    }
}
