//! Where the data connection goes: what `PASV` and `EPSV` answer, what `PORT` and `EPRT` say.
//!
//! Out of scope: whether the address in an answer may be trusted. It may not, unless someone decided so.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, SocketAddrV4};

use crate::argument::Argument;
use crate::number::{decimal, split_digits};

/// The address and port in the text of a 227 reply.
///
/// They are six numbers between commas (RFC 959, section 4.1.2). Servers disagree about the words and parentheses
/// around them, so the first place that has six is taken. `None` when there is none, or the port is 0.
///
/// ```
/// let text = b"Entering Passive Mode (192,0,2,7,195,80).";
/// assert_eq!(ftp_proto::passive_address(text), Some(([192, 0, 2, 7].into(), 50000)));
/// ```
pub fn passive_address(text: &[u8]) -> Option<(Ipv4Addr, u16)> {
    let [a, b, c, d, high, low] = outside_numbers(text).find_map(six_numbers)?;
    match u16::from_be_bytes([high, low]) {
        0 => None,
        port => Some((Ipv4Addr::new(a, b, c, d), port)),
    }
}

/// The port in the text of a 229 reply (RFC 2428, section 3).
///
/// The delimiter may be any, the parentheses may be missing; protocol and address, which should be empty, are
/// ignored. `None` when there is no such thing, or the port is not 1 to 65535.
///
/// ```
/// assert_eq!(ftp_proto::extended_passive_port(b"Extended Passive Mode (|||6446|)"), Some(6446));
/// ```
pub fn extended_passive_port(text: &[u8]) -> Option<u16> {
    let port = outside_numbers(text).find_map(delimited_port)?;
    decimal(port)?.try_into().ok().filter(|port| *port != 0)
}

/// The argument of `PORT` for a listener at this address.
pub fn port_argument(address: SocketAddrV4) -> Argument {
    let [a, b, c, d] = address.ip().octets();
    let [high, low] = address.port().to_be_bytes();
    Argument::new(format!("{a},{b},{c},{d},{high},{low}")).expect("digits and commas are an argument")
}

/// The argument of `EPRT` for a listener at this address (RFC 2428, section 2).
///
/// An IPv4 address inside an IPv6 one is sent as the IPv4 address it is, a zone is left out: neither would mean
/// anything to the server.
pub fn eprt_argument(address: SocketAddr) -> Argument {
    let (ip, port) = (address.ip().to_canonical(), address.port());
    let protocol = match ip {
        IpAddr::V4(_) => 1,
        IpAddr::V6(_) => 2,
    };
    Argument::new(format!("|{protocol}|{ip}|{port}|")).expect("an address is an argument")
}

/// The text from each place on that is not behind a digit, where nothing we look for begins.
fn outside_numbers(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let is_inside = |at: usize| at > 0 && text[at - 1].is_ascii_digit();
    (0..text.len()).filter(move |at| !is_inside(*at)).map(|at| &text[at..])
}

fn six_numbers(text: &[u8]) -> Option<[u8; 6]> {
    let mut numbers = [0; 6];
    let mut rest = text;
    for (index, number) in numbers.iter_mut().enumerate() {
        if index > 0 {
            rest = rest.trim_ascii_start().strip_prefix(b",")?.trim_ascii_start();
        }
        let (digits, after) = split_digits(rest);
        *number = decimal(digits)?.try_into().ok()?;
        rest = after;
    }
    Some(numbers)
}

/// The digits of the port, if these bytes begin with a delimiter and it comes back where it should.
fn delimited_port(text: &[u8]) -> Option<&[u8]> {
    let (delimiter, rest) = text.split_first().filter(|(first, _)| first.is_ascii_punctuation())?;
    let (_protocol, rest) = split_digits(rest);
    let rest = rest.strip_prefix(&[*delimiter])?;
    let end = rest.iter().position(|byte| byte == delimiter || byte.is_ascii_whitespace())?;
    let rest = rest[end..].strip_prefix(&[*delimiter])?;
    let (port, rest) = split_digits(rest);
    if port.is_empty() || rest.first() != Some(delimiter) { None } else { Some(port) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn passive_addresses_are_found_whatever_is_around_them() {
        let wanted = Some((Ipv4Addr::new(127, 0, 0, 1), 50001));
        for text in [
            "Entering Passive Mode (127,0,0,1,195,81).",
            "Entering Passive Mode (127,0,0,1,195,81)",
            "Entering Passive Mode 127,0,0,1,195,81",
            "=127,0,0,1,195,81",
            "127,0,0,1,195,81",
            "Passive Mode OK (127, 0 ,0 , 1,195,81)",
            "Mode [127,000,000,001,195,081]",
            "Entering Passive Mode on port 50001, use\n (127,0,0,1,195,81)",
            "1,2,3 and 1,2,3,4,5,256 are not it, 127,0,0,1,195,81 is",
        ] {
            assert_eq!(passive_address(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn passive_answers_without_a_usable_address_are_none() {
        for text in [
            "",
            "Entering Passive Mode",
            "(127,0,0,1,0,0)",
            "(127,0,0,1,195)",
            "(127,0,0,1,195,)",
            "(127,0,0,1,195,256)",
            "(127,0,0,1,-195,81)",
            "(127.0.0.1.195.81)",
            "(127,0,0,1,,195,81)",
        ] {
            assert_eq!(passive_address(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn extended_ports_are_found_whatever_is_around_them() {
        for text in [
            "Entering Extended Passive Mode (|||6446|)",
            "Entering Extended Passive Mode (|||6446|).",
            "Entering Extended Passive Mode (EPSV) (|||6446|)",
            "Entering Extended Passive Mode !!!6446!",
            "Extended Passive: |||6446|",
            "|1|192.0.2.7|6446|",
            "ok (|2|::1|6446|)",
            "ok (:::6446:)",
            "ok (@@@06446@)",
            "ok\n|||6446|\nthere",
            "Mode|||6446|",
            "Hey... (|||6446|)",
            "|||6446|||7000|",
        ] {
            assert_eq!(extended_passive_port(text.as_bytes()), Some(6446), "{text}");
        }
    }

    #[test]
    fn extended_answers_without_a_usable_port_are_none() {
        for text in [
            "",
            "|||0|",
            "|||65536|",
            "|||99999999999999999999999|",
            "|||65536|1|",
            "||||",
            "|||-1|",
            "|||6446",
            "||6446|",
            "|x|y|6446|",
            "| | |6446|",
            "(127,0,0,1,195,81)",
            "aaa6446a",
        ] {
            assert_eq!(extended_passive_port(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn cut_answers_are_none_or_a_shorter_port() {
        let text = b"Entering Extended Passive Mode (|||6446|)";
        for length in 0..text.len() {
            let wanted = (length == text.len() - 1).then_some(6446);
            assert_eq!(extended_passive_port(&text[..length]), wanted);
        }
        let text = b"Entering Passive Mode (127,0,0,1,195,81)";
        for length in 0..text.len() {
            let port = passive_address(&text[..length]).map(|(_, port)| port & 0xFF);
            assert!([None, Some(8), Some(81)].contains(&port));
        }
    }

    #[test]
    fn own_addresses_are_told_as_the_standards_want() {
        let shown = |argument: Argument| String::from_utf8(argument.as_bytes().to_vec()).unwrap();
        assert_eq!(shown(port_argument("192.0.2.7:50001".parse().unwrap())), "192,0,2,7,195,81");
        assert_eq!(shown(eprt_argument("192.0.2.7:50001".parse().unwrap())), "|1|192.0.2.7|50001|");
        assert_eq!(shown(eprt_argument("[2001:db8::7]:50001".parse().unwrap())), "|2|2001:db8::7|50001|");
        assert_eq!(shown(eprt_argument("[::ffff:192.0.2.7]:80".parse().unwrap())), "|1|192.0.2.7|80|");
        assert_eq!(shown(eprt_argument("[fe80::1%3]:80".parse().unwrap())), "|2|fe80::1|80|");
    }

    proptest! {
        #[test]
        fn what_one_side_says_the_other_reads(ip: [u8; 4], port in 1_u16..) {
            let address = SocketAddrV4::new(ip.into(), port);
            let passive = passive_address(port_argument(address).as_bytes());
            prop_assert_eq!(passive, Some((*address.ip(), port)));
            prop_assert_eq!(extended_passive_port(eprt_argument(address.into()).as_bytes()), Some(port));
        }

        #[test]
        fn any_bytes_are_an_answer_or_none(text in "[0-9,|! ()x]{0,60}", bytes: Vec<u8>) {
            for text in [text.as_bytes(), &bytes] {
                let port = passive_address(text).map(|(_, port)| port).or_else(|| extended_passive_port(text));
                prop_assert_ne!(port, Some(0));
            }
        }
    }
}
