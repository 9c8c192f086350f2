//! What the methods that set up TLS take.

use std::sync::LazyLock;

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use sfml_network::tls::{ClientConfig, ConfigError, ServerConfig};

use super::configurations::{Client, Configurations, Identity, Server};
use crate::pem::Pem;
use crate::words::{encoded, wrong};

/// The longest name of a protocol (RFC 7301 §3.1), and how many of them fit into a message whatever their names.
const MOST_ALPN: usize = 255;

/// Application protocols, the preferred one first.
pub(crate) struct Alpn(Vec<Vec<u8>>);

impl<'a, 'py> FromPyObject<'a, 'py> for Alpn {
    type Error = PyErr;

    fn extract(object: Borrowed<'a, 'py, PyAny>) -> PyResult<Self> {
        let is_text = object.cast::<PyString>().is_ok() || object.cast::<PyBytes>().is_ok();
        let all = if is_text { None } else { object.try_iter().ok() };
        let Some(all) = all else {
            return Err(wrong(&object, "alpn is a list of str, such as [\"http/1.1\"]"));
        };
        let mut protocols = Vec::new();
        for protocol in all {
            let protocol = protocol?;
            let Some(name) = encoded(&protocol)? else {
                return Err(wrong(&protocol, "a protocol of alpn is a str or bytes"));
            };
            if name.is_empty() || name.len() > MOST_ALPN {
                return Err(PyValueError::new_err("the name of a protocol has 1 to 255 bytes"));
            }
            protocols.push(name);
            if protocols.len() > MOST_ALPN {
                return Err(PyValueError::new_err("alpn has 255 protocols at most"));
            }
        }
        Ok(Self(protocols))
    }
}

/// The chain and the key of this end; a file may have both.
struct Own {
    chain: Pem,
    key: Option<Pem>,
    password: String,
}

impl Own {
    fn read(&self) -> Result<Identity, ConfigError> {
        let chain = self.chain.read()?;
        let key = self.key.as_ref().map_or_else(|| Ok(chain.clone()), Pem::read)?;
        Ok(Identity { chain, key, password: self.password.clone() })
    }
}

type Object<'py> = Bound<'py, PyAny>;

fn optional(object: Option<&Object<'_>>, what: &str) -> PyResult<Option<Pem>> {
    object.map(|object| Pem::of(object, what)).transpose()
}

/// Those of `setup_tls_client`.
pub(crate) struct ClientArguments {
    pub(crate) name: String,
    verify: bool,
    ca: Option<Pem>,
    own: Option<Own>,
    alpn: Vec<Vec<u8>>,
}

impl ClientArguments {
    pub(crate) fn new(
        name: String,
        verify: bool,
        ca: Option<&Object<'_>>,
        (cert, key, password): (Option<&Object<'_>>, Option<&Object<'_>>, String),
        alpn: Option<Alpn>,
    ) -> PyResult<Self> {
        let own = match (optional(cert, "cert")?, optional(key, "key")?) {
            (Some(chain), key) => Some(Own { chain, key, password }),
            (None, Some(_)) => return Err(PyTypeError::new_err("a key is for a certificate, give cert too")),
            (None, None) => None,
        };
        Ok(Self {
            name,
            verify,
            ca: optional(ca, "ca")?,
            own,
            alpn: alpn.map_or_else(Vec::new, |Alpn(all)| all),
        })
    }

    /// The configuration, made once for the same contents.
    pub(crate) fn config(&self) -> Result<ClientConfig, ConfigError> {
        static KEPT: LazyLock<Configurations<Client, ClientConfig>> = LazyLock::new(Configurations::default);
        let client = Client {
            verify: self.verify,
            ca: self.ca.as_ref().map(Pem::read).transpose()?,
            own: self.own.as_ref().map(Own::read).transpose()?,
            alpn: self.alpn.clone(),
        };
        KEPT.get_or_make(client, Client::config)
    }
}

/// Those of `setup_tls_server`.
pub(crate) struct ServerArguments {
    own: Own,
    client_ca: Option<Pem>,
    require: bool,
    alpn: Vec<Vec<u8>>,
}

impl ServerArguments {
    pub(crate) fn new(
        (chain, key, password): (&Object<'_>, &Object<'_>, String),
        client_ca: Option<&Object<'_>>,
        require: bool,
        alpn: Option<Alpn>,
    ) -> PyResult<Self> {
        if require && client_ca.is_none() {
            return Err(PyValueError::new_err(
                "client certificates are checked against client_ca, give that to require one",
            ));
        }
        let own = Own { chain: Pem::of(chain, "chain")?, key: Some(Pem::of(key, "key")?), password };
        let client_ca = optional(client_ca, "client_ca")?;
        Ok(Self { own, client_ca, require, alpn: alpn.map_or_else(Vec::new, |Alpn(all)| all) })
    }

    /// The configuration, made once for the same contents.
    pub(crate) fn config(&self) -> Result<ServerConfig, ConfigError> {
        static KEPT: LazyLock<Configurations<Server, ServerConfig>> = LazyLock::new(Configurations::default);
        let server = Server {
            own: self.own.read()?,
            client_ca: self.client_ca.as_ref().map(Pem::read).transpose()?,
            require: self.require,
            alpn: self.alpn.clone(),
        };
        KEPT.get_or_make(server, Server::config)
    }
}
