//! A connection through a SOCKS 5 proxy (RFC 1928), with a user and password (RFC 1929) if it asks for them.

use std::net::IpAddr;

use super::Peer;
use crate::address::IpAddress;
use crate::http::error::HttpError;
use crate::http::url::Origin;

pub(super) fn connect(peer: &Peer<'_>, user: Option<(&str, &str)>, origin: &Origin) -> Result<(), HttpError> {
    let methods: &[u8] = if user.is_some() { &[NO_AUTHENTICATION, PASSWORD] } else { &[NO_AUTHENTICATION] };
    peer.send(&[&[VERSION, methods.len() as u8], methods].concat())?;
    match (peer.receive(2)?.as_slice(), user) {
        ([VERSION, NO_AUTHENTICATION], _) => {}
        ([VERSION, PASSWORD], Some((name, password))) => log_in(peer, name, password)?,
        ([VERSION, _], None) => return Err(refused("it wants a user and a password")),
        ([VERSION, _], Some(_)) => return Err(refused("it takes neither no login nor one by password")),
        _ => return Err(refused("it does not speak SOCKS 5")),
    }
    let mut request = vec![VERSION, CONNECT, 0];
    match origin.host.parse::<IpAddress>().map(IpAddr::from) {
        Ok(IpAddr::V4(address)) => {
            request.push(IPV4);
            request.extend(address.octets());
        }
        Ok(IpAddr::V6(address)) => {
            request.push(IPV6);
            request.extend(address.octets());
        }
        Err(_) => {
            let length = u8::try_from(origin.host.len())
                .map_err(|_| HttpError::request("host", "a host name has at most 255 bytes"))?;
            request.extend([NAME, length]);
            request.extend(origin.host.as_bytes());
        }
    }
    request.extend(origin.port.to_be_bytes());
    peer.send(&request)?;
    let answer = peer.receive(4)?;
    let [VERSION, reply, _, kind] = answer[..] else { return Err(refused("it does not speak SOCKS 5")) };
    if reply != 0 {
        let reason = REASONS.get(usize::from(reply) - 1).copied().unwrap_or("a reason it has no name for");
        return Err(refused(format!("it could not connect to {}: {reason}", origin.authority())));
    }
    let length = match kind {
        IPV4 => 4,
        IPV6 => 16,
        NAME => peer.receive_byte()?.into(),
        _ => return Err(refused("its answer has an address of no known kind")),
    };
    // The address it connects from, and its port.
    peer.receive(length + 2).map(drop)
}

fn log_in(peer: &Peer<'_>, name: &str, password: &str) -> Result<(), HttpError> {
    let mut request = vec![1, name.len() as u8];
    request.extend(name.as_bytes());
    request.push(password.len() as u8);
    request.extend(password.as_bytes());
    peer.send(&request)?;
    match peer.receive(2)?[..] {
        [_, 0] => Ok(()),
        _ => Err(refused("it does not take the user and password")),
    }
}

fn refused(sentence: impl Into<String>) -> HttpError {
    HttpError::Proxy(sentence.into())
}

const VERSION: u8 = 5;
const CONNECT: u8 = 1;
const NO_AUTHENTICATION: u8 = 0;
const PASSWORD: u8 = 2;
const IPV4: u8 = 1;
const NAME: u8 = 3;
const IPV6: u8 = 4;

/// RFC 1928, section 6, from 1 on.
const REASONS: &[&str] = &[
    "it failed",
    "its rules do not allow it",
    "the network cannot be reached",
    "the host cannot be reached",
    "the connection was refused",
    "the time to live ran out",
    "it does not know the command",
    "it does not know that kind of address",
];
