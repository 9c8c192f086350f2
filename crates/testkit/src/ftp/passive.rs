//! The ways in which servers tell the port of a passive data connection.

use std::net::{IpAddr, Ipv4Addr};

/// How the reply to PASV or EPSV is written.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Passive {
    /// `227 … (h,h,h,h,p,p)`, as most servers do (RFC 959, section 4.1.2).
    Plain,
    /// `227 … h,h,h,h,p,p`, without parentheses.
    Bare,
    /// As [`Plain`](Self::Plain), with a host that is not the server's.
    Host(Ipv4Addr),
    /// `229 … (|||p|)` (RFC 2428, section 3).
    Extended,
    /// The same with another delimiter.
    Delimiter(char),
    /// `229 … |||p|`, without parentheses.
    ExtendedBare,
    /// `229 … (|1|h.h.h.h|p|)`, with what is to be left out.
    ExtendedFull,
}

impl Passive {
    /// The reply of a server at `local` for this port.
    pub fn reply(self, local: IpAddr, port: u16) -> String {
        let host = match (self, local) {
            (Self::Host(host), _) | (_, IpAddr::V4(host)) => host,
            _ => Ipv4Addr::UNSPECIFIED,
        };
        let [a, b, c, d] = host.octets();
        let [high, low] = port.to_be_bytes();
        let numbers = format!("{a},{b},{c},{d},{high},{low}");
        match self {
            Self::Plain | Self::Host(_) => format!("227 Entering Passive Mode ({numbers})\r\n"),
            Self::Bare => format!("227 Entering Passive Mode {numbers}\r\n"),
            Self::Extended => format!("229 Entering Extended Passive Mode (|||{port}|)\r\n"),
            Self::Delimiter(mark) => {
                format!("229 Entering Extended Passive Mode ({mark}{mark}{mark}{port}{mark})\r\n")
            }
            Self::ExtendedBare => format!("229 Entering Extended Passive Mode |||{port}|\r\n"),
            Self::ExtendedFull => {
                let family = if local.is_ipv4() { 1 } else { 2 };
                format!("229 Entering Extended Passive Mode (|{family}|{local}|{port}|)\r\n")
            }
        }
    }
}
