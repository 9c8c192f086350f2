//! What `Http` is made with: limits, proxies, and whom to trust in TLS.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyTuple;
use sfml_network::http::{Fields, HttpOptions, Proxies, Proxy};
use sfml_network::tls::{ClientConfig, ConfigError};

use super::argument::refused;
use super::pairs::each_pair;
use crate::pem::Pem;
use crate::system;
use crate::words::{encoded, wrong};

/// Whom to trust, and who the client is.
pub(crate) struct Trust<'py> {
    pub(crate) verify: bool,
    pub(crate) ca: Option<Bound<'py, PyAny>>,
    pub(crate) cert: Option<Bound<'py, PyAny>>,
}

impl Trust<'_> {
    /// The configuration of TLS; `None` for the usual one.
    pub(crate) fn config(&self) -> PyResult<Option<ClientConfig>> {
        if self.verify && self.ca.is_none() && self.cert.is_none() {
            return Ok(None);
        }
        let mut builder = ClientConfig::builder();
        builder = match (&self.ca, self.verify) {
            (_, false) => builder.danger_accept_invalid_certificates(),
            (Some(ca), true) => builder.roots(&pem(ca, "ca")?).map_err(unusable)?,
            (None, true) => builder.system_roots(),
        };
        if let Some(cert) = &self.cert {
            builder = match Certificate::of(cert)? {
                Certificate { chain, key, password: None } => builder.identity(&chain, &key),
                Certificate { chain, key, password: Some(password) } => {
                    builder.identity_with_password(&chain, &key, &password)
                }
            }
            .map_err(unusable)?;
        }
        builder.build().map(Some).map_err(unusable)
    }
}

/// The client's own certificate: one file, or a tuple of the chain, the key and the key's password.
struct Certificate {
    chain: Vec<u8>,
    key: Vec<u8>,
    password: Option<String>,
}

impl Certificate {
    fn of(object: &Bound<'_, PyAny>) -> PyResult<Self> {
        let Ok(tuple) = object.cast::<PyTuple>() else {
            let both = pem(object, "cert")?;
            return Ok(Self { key: both.clone(), chain: both, password: None });
        };
        if !(2..=3).contains(&tuple.len()) {
            return Err(PyValueError::new_err("cert as a tuple is (chain, key) or (chain, key, password)"));
        }
        let password = if tuple.len() == 3 { tuple.get_item(2)?.extract()? } else { None };
        let (chain, key) = (pem(&tuple.get_item(0)?, "cert")?, pem(&tuple.get_item(1)?, "cert")?);
        Ok(Self { chain, key, password })
    }
}

fn pem(object: &Bound<'_, PyAny>, what: &str) -> PyResult<Vec<u8>> {
    let pem = Pem::of(object, what)?;
    pem.read_file().map_err(|error| match system::exception(object.py(), pem.path(), &error) {
        Ok(exception) => PyErr::from_value(exception),
        Err(error) => error,
    })
}

fn unusable(error: ConfigError) -> PyErr {
    PyValueError::new_err(error.to_string())
}

/// The proxies: one for all, a mapping by scheme, or those of the environment.
pub(crate) fn proxies(object: Option<&Bound<'_, PyAny>>, trust_env: bool) -> PyResult<Proxies> {
    let Some(object) = object else {
        let found = if trust_env { Proxies::from_environment() } else { Ok(Proxies::default()) };
        return found.map_err(refused);
    };
    if encoded(object)?.is_some() {
        return proxy(object).map(Proxies::all);
    }
    let mut proxies = Proxies::default();
    each_pair(object, "proxies", |scheme, value| {
        let scheme = scheme.extract::<String>().unwrap_or_default();
        match scheme.as_str() {
            "http" => proxies.http = Some(proxy(value)?),
            "https" => proxies.https = Some(proxy(value)?),
            "no_proxy" => {
                let hosts = value.extract::<Vec<String>>();
                proxies.exceptions = hosts.map_err(|_| PyTypeError::new_err("no_proxy is a list of str"))?;
            }
            _ => return Err(PyValueError::new_err("proxies are for 'http' and 'https', with 'no_proxy'")),
        }
        Ok(())
    })?;
    Ok(proxies)
}

fn proxy(object: &Bound<'_, PyAny>) -> PyResult<Proxy> {
    match encoded(object)? {
        Some(text) => String::from_utf8_lossy(&text).parse().map_err(refused),
        None => Err(wrong(object, "a proxy is a str such as 'http://proxy:3128'")),
    }
}

/// The field `User-Agent`, if it can be sent.
pub(crate) fn user_agent(text: String) -> PyResult<String> {
    Fields::new().append("User-Agent", &text).map_err(refused)?;
    Ok(text)
}

/// The options a client has before it was told any.
pub(crate) fn default() -> HttpOptions {
    let mut options = HttpOptions::default();
    options.interrupt = Some(super::calling::hook());
    options
}
