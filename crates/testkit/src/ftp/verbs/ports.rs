//! PORT, PASV (RFC 959) and EPRT, EPSV (RFC 2428): where the next data connection comes from.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};

use super::super::address;
use super::super::data::DataPort;
use super::super::session::Session;

pub(super) fn pasv(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    let IpAddr::V4(address) = session.local else {
        return session.reply(425, "PASV cannot say an IPv6 address; use EPSV");
    };
    if session.extended_only {
        return session.reply(503, "EPSV ALL was sent");
    }
    match listen(session) {
        Ok(port) => {
            let [a, b, c, d] = address.octets();
            let (high, low) = (port >> 8, port & 255);
            session.reply(227, format!("Entering passive mode ({a},{b},{c},{d},{high},{low})"))
        }
        Err(_) => session.reply(425, "No port is left"),
    }
}

pub(super) fn epsv(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let own = if session.local.is_ipv4() { b"1" } else { b"2" };
    match argument {
        b"" => {}
        other if other == own => {}
        other if other.eq_ignore_ascii_case(b"ALL") => {
            session.extended_only = true;
            return session.reply(200, "EPSV it will be");
        }
        _ => {
            return session.reply(522, format!("Only ({}) is known here", char::from(own[0])));
        }
    }
    match listen(session) {
        Ok(port) => session.reply(229, format!("Entering extended passive mode (|||{port}|)")),
        Err(_) => session.reply(425, "No port is left"),
    }
}

pub(super) fn port(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    match address::of_port(argument) {
        Some(address) => active(session, address),
        None => session.reply(501, "PORT h,h,h,h,p,p"),
    }
}

pub(super) fn eprt(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let Some((protocol, address)) = address::of_eprt(argument) else {
        return session.reply(501, "EPRT |1|address|port| or |2|address|port|");
    };
    match (protocol, address) {
        ("1" | "2", None) => session.reply(501, "Not an address"),
        ("1" | "2", Some(address)) => active(session, address),
        _ => session.reply(522, "Only (1,2) are known"),
    }
}

/// Only to the client itself: servers that connect elsewhere are used against others (RFC 2577, section 3).
fn active(session: &mut Session<'_>, address: SocketAddr) -> io::Result<()> {
    if session.extended_only {
        return session.reply(503, "EPSV ALL was sent");
    }
    if address.ip() != session.peer || address.port() == 0 {
        return session.reply(501, "That is not the client");
    }
    session.data = DataPort::Active(address);
    session.reply(200, "Noted")
}

fn listen(session: &mut Session<'_>) -> io::Result<u16> {
    let listener = TcpListener::bind(SocketAddr::new(session.local, 0))?;
    let port = listener.local_addr()?.port();
    session.data = DataPort::Passive(listener);
    Ok(port)
}
