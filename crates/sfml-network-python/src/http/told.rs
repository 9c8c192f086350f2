//! `Told`: what a server tells in front of the body.

use std::time::Duration;

use sfml_network::IpAddress as Address;
use sfml_network::http::{Fields, Response, Url, Version};

/// The header of a response, and where it came from.
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) version: Version,
    pub(crate) reason: String,
    pub(crate) fields: Fields,
    pub(crate) url: Url,
    pub(crate) history: Vec<Url>,
    pub(crate) remote: Option<(Address, u16)>,
    pub(crate) elapsed: Duration,
}

impl Told {
    pub(crate) fn of(response: &Response) -> Self {
        Self {
            status: response.status().0,
            version: response.version(),
            reason: response.reason().into_owned(),
            fields: response.fields().clone(),
            url: response.url().clone(),
            history: response.history().to_vec(),
            remote: response.remote_address(),
            elapsed: response.elapsed(),
        }
    }
}
