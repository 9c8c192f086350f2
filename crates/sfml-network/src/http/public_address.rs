//! The address others see this computer at.

use std::net::IpAddr;

use super::client::Http;
use super::error::{HttpError, Phase};
use super::options::HttpOptions;
use super::request::Request;
use super::url::{Scheme, Url};
use crate::address::IpAddress;
use crate::time::Deadline;

/// A family of addresses.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Family {
    /// IPv4.
    #[default]
    V4,
    /// IPv6.
    V6,
}

/// Asks services on the internet which address they see this computer at, over verified `https`.
///
/// The services are asked in order until one answers with an address of the family, each with an even share of the time
/// left. What it answers is read as numbers and never looked up.
///
/// ```no_run
/// use sfml_network::http::{Family, PublicAddress};
/// use std::time::Duration;
///
/// let mut public = PublicAddress::default();
/// public.services_v4 = vec!["https://my-own.example/address".to_owned()];
/// println!("{}", public.look_up(Duration::from_secs(5), Family::V4)?);
/// # Ok::<(), sfml_network::http::HttpError>(())
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PublicAddress {
    /// Whole `https` URLs of services that answer a GET with an IPv4 address as text.
    pub services_v4: Vec<String>,
    /// The same for IPv6.
    pub services_v6: Vec<String>,
    /// How the services are spoken to.
    pub options: HttpOptions,
}

impl Default for PublicAddress {
    /// Three services of three providers, for each family.
    fn default() -> Self {
        let of = |hosts: [&str; 3]| hosts.map(|host| format!("https://{host}/")).to_vec();
        Self {
            services_v4: of(["ipv4.icanhazip.com", "api4.ipify.org", "v4.ident.me"]),
            services_v6: of(["ipv6.icanhazip.com", "api6.ipify.org", "v6.ident.me"]),
            options: HttpOptions::default(),
        }
    }
}

impl PublicAddress {
    /// Looks it up.
    ///
    /// # Errors
    /// Of the service asked last: [`HttpError::Lookup`] without a network, [`HttpError::TimedOut`], [`HttpError::Tls`] when
    /// it cannot prove who it is, [`HttpError::Invalid`] when its answer is no public address of the family;
    /// [`HttpError::Request`] for a service that is not spoken to in `https`.
    pub fn look_up(&self, deadline: impl Into<Deadline>, family: Family) -> Result<IpAddress, HttpError> {
        let deadline = deadline.into();
        let services = match family {
            Family::V4 => &self.services_v4,
            Family::V6 => &self.services_v6,
        };
        let http = Http::anywhere(HttpOptions { body_limit: LONGEST_ANSWER, ..self.options.clone() });
        let mut outcome = Err(HttpError::request("services", "there is no service to ask"));
        for (asked, service) in services.iter().enumerate() {
            if deadline.has_passed() {
                return Err(HttpError::TimedOut { phase: Phase::Lookup, limit: None });
            }
            let share = deadline.remaining().map(|left| left / (services.len() - asked) as u32);
            outcome = ask(&http, service, share.into(), family);
            if matches!(outcome, Ok(_) | Err(HttpError::Interrupted(_) | HttpError::Cancelled)) {
                break;
            }
        }
        outcome
    }
}

fn ask(http: &Http, service: &str, deadline: Deadline, family: Family) -> Result<IpAddress, HttpError> {
    let (url, _) = Url::parse(service)?;
    if url.origin.scheme != Scheme::Https {
        let sentence = format!("{url} is not https, whoever sits between could answer");
        return Err(HttpError::request("services", sentence));
    }
    let request = Request::get(service).field("Accept", "text/plain");
    let mut response = http.send_within(&request, deadline)?;
    if !response.is_ok() {
        return Err(HttpError::Refused(response.status()));
    }
    let text = response.text()?;
    let invalid = || HttpError::Invalid(format!("{url} answered no public address of that family"));
    let address: IpAddr = text.trim().parse().map_err(|_| invalid())?;
    let is_of_family = match (address, family) {
        (IpAddr::V4(address), Family::V4) => !address.is_private() && !address.is_link_local(),
        (IpAddr::V6(address), Family::V6) => {
            !address.is_unique_local()
                && !address.is_unicast_link_local()
                && address.to_ipv4_mapped().is_none()
        }
        _ => false,
    };
    let is_nobodys = address.is_unspecified() || address.is_loopback() || address.is_multicast();
    if is_of_family && !is_nobodys { Ok(address.into()) } else { Err(invalid()) }
}

/// Asks the usual services; see [`PublicAddress`].
///
/// # Errors
/// As [`PublicAddress::look_up`].
pub fn public_address(deadline: impl Into<Deadline>, family: Family) -> Result<IpAddress, HttpError> {
    PublicAddress::default().look_up(deadline, family)
}

/// An address has less.
const LONGEST_ANSWER: u64 = 256;
