//! Configurations of TLS, kept for the next socket.
//!
//! Making one reads certificates, which takes milliseconds, and it holds the sessions that can be taken up again. So a
//! configuration is kept with what it was made of, and whoever asks for the same gets the same; a changed file is other
//! contents, and makes another one.

use std::sync::Mutex;

use sfml_network::tls::{ClientConfig, ConfigError, ServerConfig};

use crate::lock::lock;

/// How many are kept; the one that was not used for longest makes room.
const MOST: usize = 16;

/// Those of one end, the one used last at the end.
pub(super) struct Configurations<Of, Config>(Mutex<Vec<(Of, Config)>>);

impl<Of, Config> Default for Configurations<Of, Config> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<Of: PartialEq, Config: Clone> Configurations<Of, Config> {
    pub(super) fn get_or_make(
        &self,
        of: Of,
        make: impl FnOnce(&Of) -> Result<Config, ConfigError>,
    ) -> Result<Config, ConfigError> {
        let find = |kept: &mut Vec<(Of, Config)>| {
            let at = kept.iter().position(|(other, _)| *other == of)?;
            let entry = kept.remove(at);
            let config = entry.1.clone();
            kept.push(entry);
            Some(config)
        };
        if let Some(config) = find(&mut lock(&self.0)) {
            return Ok(config);
        }
        // Not under the lock: others may not need to wait for the system's certificates.
        let config = make(&of)?;
        let mut kept = lock(&self.0);
        if let Some(config) = find(&mut kept) {
            // Another thread was faster, and its sessions are those that will be taken up.
            return Ok(config);
        }
        if kept.len() >= MOST {
            kept.remove(0);
        }
        kept.push((of, config.clone()));
        Ok(config)
    }
}

/// A certificate and its key.
#[derive(Eq, PartialEq)]
pub(super) struct Identity {
    pub(super) chain: Vec<u8>,
    pub(super) key: Vec<u8>,
    pub(super) password: String,
}

/// What the configuration of a client is made of.
#[derive(Eq, PartialEq)]
pub(super) struct Client {
    pub(super) verify: bool,
    pub(super) ca: Option<Vec<u8>>,
    pub(super) own: Option<Identity>,
    pub(super) alpn: Vec<Vec<u8>>,
}

impl Client {
    pub(super) fn config(&self) -> Result<ClientConfig, ConfigError> {
        let builder = ClientConfig::builder().alpn(&self.alpn);
        let builder = match (&self.ca, self.verify) {
            (_, false) => builder.danger_accept_invalid_certificates(),
            (Some(ca), true) => builder.roots(ca)?,
            (None, true) => builder.system_roots(),
        };
        let builder = match &self.own {
            Some(own) => builder.identity_with_password(&own.chain, &own.key, &own.password)?,
            None => builder,
        };
        builder.build()
    }
}

/// What the configuration of a server is made of.
#[derive(Eq, PartialEq)]
pub(super) struct Server {
    pub(super) own: Identity,
    pub(super) client_ca: Option<Vec<u8>>,
    pub(super) require: bool,
    pub(super) alpn: Vec<Vec<u8>>,
}

impl Server {
    pub(super) fn config(&self) -> Result<ServerConfig, ConfigError> {
        let own = &self.own;
        let builder = ServerConfig::builder_with_password(&own.chain, &own.key, &own.password)?;
        let builder = match (&self.client_ca, self.require) {
            (Some(ca), true) => builder.required_client_certificates(ca)?,
            (Some(ca), false) => builder.optional_client_certificates(ca)?,
            (None, _) => builder,
        };
        builder.alpn(&self.alpn).build()
    }
}
