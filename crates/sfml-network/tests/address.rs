//! `IpAddress`: parsing, conversions, order, and looking up names.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, Instant};

use sfml_network::{IpAddress, SocketError, Wait};
use testkit::PATIENCE;

#[test]
fn constants_are_the_well_known_addresses() {
    let texts = [
        (IpAddress::ANY, "0.0.0.0"),
        (IpAddress::LOCAL_HOST, "127.0.0.1"),
        (IpAddress::BROADCAST, "255.255.255.255"),
        (IpAddress::ANY_V6, "::"),
        (IpAddress::LOCAL_HOST_V6, "::1"),
    ];
    for (address, text) in texts {
        assert_eq!(address.to_string(), text);
        assert_eq!(text.parse(), Ok(address));
        assert_eq!((address.is_v4(), address.is_v6()), (text.contains('.'), text.contains(':')));
    }
}

#[test]
fn integer_has_the_first_byte_on_top() {
    let address = IpAddress::from_bytes(192, 168, 1, 56);
    assert_eq!(address.to_integer(), Some(0xC0A8_0138));
    assert_eq!(IpAddress::from_integer(0xC0A8_0138), address);
    assert_eq!(IpAddress::from([192, 168, 1, 56]), address);
    assert_eq!(IpAddress::LOCAL_HOST_V6.to_integer(), None);
}

#[test]
fn addresses_convert_to_the_standard_librarys_and_back() {
    let v4 = Ipv4Addr::new(10, 1, 2, 3);
    let v6 = Ipv6Addr::new(0x2001, 0xDB8, 0, 0, 0, 0, 0, 1);
    assert_eq!(IpAddr::from(IpAddress::from(v4)), IpAddr::V4(v4));
    assert_eq!(IpAddr::from(IpAddress::from(v6)), IpAddr::V6(v6));
    assert_eq!(IpAddress::from(IpAddr::V6(v6)), IpAddress::from(v6.octets()));
}

#[test]
fn order_is_numeric_and_ipv4_comes_first() {
    let mut addresses =
        ["::2", "9.0.0.0", "10.0.0.0", "::1", "10.0.0.1"].map(|text| text.parse::<IpAddress>().unwrap());
    addresses.sort();
    assert_eq!(
        addresses.map(|address| address.to_string()),
        ["9.0.0.0", "10.0.0.0", "10.0.0.1", "::1", "::2"]
    );
}

#[test]
fn anything_but_a_plain_numeric_address_does_not_parse() {
    let texts = [
        "",
        " ",
        "localhost",
        "127.1",
        "1.2.3",
        "1.2.3.4.5",
        "256.0.0.1",
        "01.2.3.4",
        "0x7f.0.0.1",
        "1.2.3.4 ",
        " 1.2.3.4",
        "1.2.3.4\n",
        "1.2.3.4\0",
        "1.2.3.4:80",
        "[::1]",
        "::1%lo",
        ":::",
        "1::2::3",
        "2130706433",
        "१.2.3.4",
    ];
    for text in texts {
        let error = text.parse::<IpAddress>().unwrap_err();
        assert!(error.to_string().contains("not a numeric"), "{text:?}: {error}");
    }
    let long = "1".repeat(1 << 20);
    assert!(long.parse::<IpAddress>().unwrap_err().to_string().len() < 200);
}

#[test]
fn localhost_is_loopback() {
    let addresses = IpAddress::resolve("localhost", PATIENCE).unwrap();
    assert!(!addresses.is_empty());
    for address in addresses {
        assert!(IpAddr::from(address).is_loopback(), "{address}");
    }
}

#[test]
fn numeric_address_resolves_to_itself_without_a_lookup() {
    for text in ["203.0.113.7", "2001:db8::7"] {
        assert_eq!(IpAddress::resolve(text, Duration::ZERO).unwrap(), [text.parse().unwrap()]);
    }
}

#[test]
fn impossible_names_are_refused_without_a_lookup() {
    for name in ["", "a\0b", "a\nb", "a\r\nb", &"x".repeat(255), &"x".repeat(1 << 20)] {
        let error = IpAddress::resolve(name, Duration::ZERO).unwrap_err();
        assert!(matches!(error, SocketError::Other(_)), "{error:?}");
        assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    }
}

#[test]
fn name_that_is_not_there_is_an_error_that_repeats_it() {
    // A label of more than 63 bytes: no server can know it, and none is asked.
    let name = "x".repeat(64);
    let error = IpAddress::resolve(&name, PATIENCE).unwrap_err();
    assert!(matches!(error, SocketError::Other(_)), "{error:?}");
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert!(error.to_string().contains(&name), "{error}");
}

#[test]
fn deadline_in_the_past_gives_up_at_once() {
    let start = Instant::now();
    let outcome = IpAddress::resolve("localhost", Duration::ZERO);
    // The answer may be there already.
    assert!(matches!(outcome, Err(SocketError::NotReady) | Ok(_)), "{outcome:?}");
    assert!(start.elapsed() < PATIENCE);
}

#[test]
fn interrupt_hook_that_does_not_object_lets_the_lookup_finish() {
    let mut hook = || Ok(());
    let wait = Wait::until(PATIENCE.into()).with_interrupt(&mut hook);
    assert!(IpAddress::resolve("localhost", wait).is_ok());
}

#[test]
fn many_lookups_one_after_the_other_use_no_lasting_place() {
    for _ in 0..100 {
        IpAddress::resolve("localhost", PATIENCE).unwrap();
    }
}

#[test]
fn local_address_is_one_of_this_computer() {
    match IpAddress::local() {
        Ok(address) => {
            assert!(address.is_v4());
            sfml_network::UdpSocket::bind(address, 0).unwrap();
        }
        Err(error) => assert!(matches!(error, SocketError::Other(_)), "{error:?}"),
    }
    match IpAddress::local_v6() {
        Ok(address) => assert!(address.is_v6()),
        Err(error) => assert!(matches!(error, SocketError::Other(_)), "{error:?}"),
    }
}
