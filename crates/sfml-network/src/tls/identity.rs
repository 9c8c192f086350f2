//! A certificate and the key that belongs to it.

use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::{ConfigError, pem};

/// What an end shows, and proves to have.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl Identity {
    /// An empty password counts as none, as in SFML.
    pub(super) fn new(chain: &[u8], key: &[u8], password: Option<&str>) -> Result<Self, ConfigError> {
        let password = password.filter(|password| !password.is_empty()).map(str::as_bytes);
        Ok(Self { chain: pem::certificates(chain)?, key: pem::key(key, password)? })
    }
}
