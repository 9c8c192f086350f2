//! The addresses that clients send with PORT (RFC 959) and EPRT (RFC 2428).

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address in the argument of PORT.
pub(super) fn of_port(argument: &[u8]) -> Option<SocketAddr> {
    let number = |text| std::str::from_utf8(text).ok()?.parse().ok();
    let numbers: Option<Vec<u8>> = argument.split(|byte| *byte == b',').map(number).collect();
    let &[a, b, c, d, high, low] = numbers?.as_slice() else {
        return None;
    };
    Some(SocketAddr::from((Ipv4Addr::new(a, b, c, d), u16::from_be_bytes([high, low]))))
}

/// The protocol's number in the argument of EPRT, and the address if it is one of that protocol.
pub(super) fn of_eprt(argument: &[u8]) -> Option<(&str, Option<SocketAddr>)> {
    let text = std::str::from_utf8(argument).ok()?;
    let delimiter = text.chars().next()?;
    let mut parts = text.split(delimiter).skip(1);
    let (protocol, address, port) = (parts.next()?, parts.next()?, parts.next()?);
    let address: Option<IpAddr> = address.parse().ok();
    let address = address.filter(|address| (protocol == "1") == address.is_ipv4());
    let port: Option<u16> = port.parse().ok();
    Some((protocol, address.zip(port).map(SocketAddr::from)))
}
