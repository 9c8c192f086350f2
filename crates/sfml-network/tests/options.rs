//! Options are read back as they were set, mean the same on every socket, and refuse what makes no sense.

use std::io::ErrorKind;
use std::time::Duration;

use sfml_network::{
    BindOptions, Dscp, IpAddress, ListenOptions, SocketError, TcpKeepalive, TcpListener, TcpSocket, UdpSocket,
};
use testkit::PATIENCE;

const GROUP: IpAddress = IpAddress::from_bytes(239, 255, 77, 77);

fn group_v6() -> IpAddress {
    "ff12::7777".parse().expect("a group")
}

fn pair() -> (TcpListener, TcpSocket, TcpSocket) {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).expect("a port");
    let near =
        TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), PATIENCE).expect("it listens");
    let far = listener.accept_within(PATIENCE).expect("it connected");
    (listener, near, far)
}

fn udp() -> UdpSocket {
    UdpSocket::bind(IpAddress::LOCAL_HOST, 0).expect("a port")
}

/// A socket of this family, or a word about its absence.
fn udp_v6() -> Option<UdpSocket> {
    let socket = UdpSocket::bind(IpAddress::LOCAL_HOST_V6, 0).ok();
    if socket.is_none() {
        testkit::skip::skip("this computer has no IPv6: enable it on the loopback interface");
    }
    socket
}

/// A socket on the interface and port of a group's members, or a word about their absence.
fn member(port: u16) -> Option<UdpSocket> {
    let shared = BindOptions { reuse_address: true, ..BindOptions::default() };
    let socket = UdpSocket::bind_with(IpAddress::ANY, port, shared).expect("a shared port");
    if let Err(error) = socket.join_multicast_v4(GROUP, IpAddress::LOCAL_HOST) {
        testkit::skip::skip(&format!(
            "the loopback interface takes no groups ({error}): allow multicast on it"
        ));
        return None;
    }
    Some(socket)
}

/// Checks what every kind of socket has.
macro_rules! check_common {
    ($socket:expr) => {{
        let socket = $socket;
        let granted = socket.set_recv_buffer_size(20_000).unwrap();
        assert!(granted >= 20_000);
        assert_eq!(socket.recv_buffer_size().unwrap(), granted);
        let granted = socket.set_send_buffer_size(30_000).unwrap();
        assert!(granted >= 30_000);
        assert_eq!(socket.send_buffer_size().unwrap(), granted);
        socket.set_ttl_v4(17).unwrap();
        assert_eq!(socket.ttl_v4().unwrap(), 17);
        assert!(matches!(socket.set_ttl_v4(256), Err(SocketError::Other(_))));
        socket.set_tos_v4(Dscp::Af41).unwrap();
        assert_eq!(socket.tos_v4().unwrap(), 0x88);
        socket.set_tos_v4(0x20).unwrap();
        assert_eq!(socket.tos_v4().unwrap(), u8::from(Dscp::Cs1));
        #[cfg(target_os = "linux")]
        {
            socket.set_priority(5).unwrap();
            assert_eq!(socket.priority().unwrap(), 5);
            let usual = socket.busy_poll().unwrap();
            match socket.set_busy_poll(usual + Duration::from_micros(50)) {
                Ok(()) => assert_eq!(socket.busy_poll().unwrap(), usual + Duration::from_micros(50)),
                Err(error) => assert_eq!(error.kind(), ErrorKind::PermissionDenied),
            }
        }
    }};
}

#[test]
fn every_socket_has_the_common_options() {
    let (listener, near, _far) = pair();
    check_common!(&listener);
    check_common!(&near);
    check_common!(&udp());
}

#[test]
fn a_buffer_larger_than_allowed_is_granted_in_part() {
    let granted = udp().set_recv_buffer_size(1 << 30).unwrap();
    assert!(granted > 0 && granted <= 2 << 30);
}

#[test]
fn hops_and_classes_of_ipv6_are_read_back() {
    let Some(socket) = udp_v6() else { return };
    socket.set_unicast_hops_v6(9).unwrap();
    assert_eq!(socket.unicast_hops_v6().unwrap(), 9);
    socket.set_multicast_hops_v6(3).unwrap();
    assert_eq!(socket.multicast_hops_v6().unwrap(), 3);
    socket.set_multicast_loop_v6(false).unwrap();
    assert!(!socket.multicast_loop_v6().unwrap());
    socket.set_multicast_if_v6(0).unwrap();
    assert_eq!(socket.multicast_if_v6().unwrap(), 0);
    #[cfg(unix)]
    {
        socket.set_tclass_v6(Dscp::Ef).unwrap();
        assert_eq!(socket.tclass_v6().unwrap(), 0xB8);
    }
}

#[test]
fn an_ipv4_socket_has_no_options_of_ipv6() {
    let socket = udp();
    let error = socket.set_multicast_hops_v6(1).unwrap_err();
    assert!(matches!(error, SocketError::Other(_)));
    assert!(error.to_string().contains("IPV6_MULTICAST_HOPS"), "{error}");
    assert!(socket.join_multicast_v6(group_v6(), 0).is_err());
}

#[test]
fn nodelay_is_on_until_turned_off_and_inherited() {
    let (listener, near, far) = pair();
    assert!(near.tcp_nodelay().unwrap() && far.tcp_nodelay().unwrap());
    near.set_tcp_nodelay(false).unwrap();
    assert!(!near.tcp_nodelay().unwrap());
    listener.set_tcp_nodelay(false).unwrap();
    let _client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), PATIENCE).unwrap();
    assert!(!listener.accept_within(PATIENCE).unwrap().tcp_nodelay().unwrap());
}

#[test]
fn keepalive_is_off_until_set_and_its_times_are_rounded_up() {
    let (_listener, near, _far) = pair();
    let asked =
        TcpKeepalive { time: Duration::from_secs(30), interval: Duration::from_millis(4001), retries: 3 };
    near.set_tcp_keepalive(Some(asked)).unwrap();
    #[cfg(all(unix, not(target_os = "openbsd")))]
    {
        let expected = TcpKeepalive { interval: Duration::from_secs(5), ..asked };
        assert_eq!(near.tcp_keepalive().unwrap(), Some(expected));
        assert_eq!(_far.tcp_keepalive().unwrap(), None);
    }
    near.set_tcp_keepalive(None).unwrap();
    #[cfg(all(unix, not(target_os = "openbsd")))]
    assert_eq!(near.tcp_keepalive().unwrap(), None);
}

#[test]
fn linger_never_becomes_less_than_asked_for() {
    let (_listener, near, far) = pair();
    assert_eq!(near.linger().unwrap(), None);
    near.set_linger(Some(Duration::from_millis(200))).unwrap();
    assert_eq!(near.linger().unwrap(), Some(Duration::from_secs(1)));
    near.set_linger(None).unwrap();
    assert_eq!(near.linger().unwrap(), None);
    near.set_linger(Some(Duration::ZERO)).unwrap();
    drop(near);
    let reset = far.receive_within(&mut [0], PATIENCE);
    assert!(matches!(reset, Err(SocketError::Disconnected(Some(_)))));
}

#[cfg(target_os = "linux")]
#[test]
fn linux_has_a_timeout_for_unconfirmed_data_and_quick_confirmations() {
    let (_listener, near, _far) = pair();
    assert_eq!(near.tcp_user_timeout().unwrap(), None);
    for (asked, granted) in [(1500, 1500), (0, 1)] {
        near.set_tcp_user_timeout(Some(Duration::from_millis(asked))).unwrap();
        assert_eq!(near.tcp_user_timeout().unwrap(), Some(Duration::from_millis(granted)));
    }
    near.set_tcp_user_timeout(None).unwrap();
    assert_eq!(near.tcp_user_timeout().unwrap(), None);
    near.set_tcp_quickack(false).unwrap();
    assert!(!near.tcp_quickack().unwrap());
}

#[test]
fn broadcast_is_allowed_until_it_is_forbidden() {
    let socket = udp();
    assert!(socket.broadcast().unwrap());
    socket.set_broadcast(false).unwrap();
    assert!(!socket.broadcast().unwrap());
    assert!(socket.send(b"all", IpAddress::BROADCAST, 9).is_err());
}

#[test]
fn multicast_options_of_ipv4_are_read_back() {
    let socket = udp();
    assert!(socket.multicast_loop_v4().unwrap());
    socket.set_multicast_loop_v4(false).unwrap();
    assert!(!socket.multicast_loop_v4().unwrap());
    assert_eq!(socket.multicast_ttl_v4().unwrap(), 1);
    socket.set_multicast_ttl_v4(4).unwrap();
    assert_eq!(socket.multicast_ttl_v4().unwrap(), 4);
    socket.set_multicast_if_v4(IpAddress::LOCAL_HOST).unwrap();
    assert_eq!(socket.multicast_if_v4().unwrap(), IpAddress::LOCAL_HOST);
}

#[test]
fn what_is_no_group_or_of_the_wrong_family_is_refused_by_name() {
    let socket = UdpSocket::bind(IpAddress::ANY, 0).unwrap();
    let refusals = [
        (socket.join_multicast_v4(IpAddress::LOCAL_HOST, IpAddress::ANY), "127.0.0.1"),
        (socket.join_multicast_v4(group_v6(), IpAddress::ANY), "ff12::7777"),
        (socket.join_multicast_v4(GROUP, IpAddress::LOCAL_HOST_V6), "::1"),
        (socket.leave_multicast_v4(IpAddress::ANY_V6, IpAddress::ANY), "::"),
        (socket.join_multicast_v6(GROUP, 0), "239.255.77.77"),
        (socket.leave_multicast_v6(IpAddress::LOCAL_HOST_V6, 0), "::1"),
        (socket.set_multicast_if_v4(IpAddress::LOCAL_HOST_V6), "::1"),
    ];
    for (refusal, named) in refusals {
        let error = refusal.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().starts_with(named), "{error}");
    }
}

#[test]
fn members_of_a_group_share_a_port_and_each_receives() {
    let Some(first) = member(0) else { return };
    let Some(second) = member(first.local_port()) else { return };
    let sender = udp();
    sender.set_multicast_if_v4(IpAddress::LOCAL_HOST).unwrap();
    sender.send(b"to all", GROUP, first.local_port()).unwrap();
    let mut buffer = [0; 16];
    for member in [&first, &second] {
        let (length, _, port) = member.receive_within(&mut buffer, PATIENCE).unwrap();
        assert_eq!((&buffer[..length], port), (b"to all".as_slice(), sender.local_port()));
    }
    second.leave_multicast_v4(GROUP, IpAddress::LOCAL_HOST).unwrap();
    assert!(second.leave_multicast_v4(GROUP, IpAddress::LOCAL_HOST).is_err(), "no member any more");
}

#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
#[test]
fn the_destination_of_a_datagram_to_a_group_is_the_group_and_its_interface_can_join() {
    let Some(receiver) = member(0) else { return };
    receiver.set_receive_destination(true).unwrap();
    let sender = udp();
    sender.set_multicast_if_v4(IpAddress::LOCAL_HOST).unwrap();
    sender.send(b"x", GROUP, receiver.local_port()).unwrap();
    let told = receiver.receive_with_info_within(&mut [0; 16], PATIENCE).unwrap();
    assert_eq!(told.destination, Some(GROUP));
    let interface = told.interface.expect("an interface");
    receiver.leave_multicast_v4(GROUP, IpAddress::LOCAL_HOST).unwrap();
    receiver.join_multicast_v4_n(GROUP, interface).unwrap();
    assert!(receiver.join_multicast_v4_n(GROUP, interface).is_err(), "a member already");
    receiver.leave_multicast_v4_n(GROUP, interface).unwrap();
}

#[test]
fn ports_are_shared_only_by_those_who_want_to() {
    let alone = udp();
    let taken = UdpSocket::bind(IpAddress::LOCAL_HOST, alone.local_port()).unwrap_err();
    assert_eq!(taken.kind(), ErrorKind::AddrInUse);

    let shared = BindOptions { reuse_port: true, ..BindOptions::default() };
    let first = UdpSocket::bind_with(IpAddress::LOCAL_HOST, 0, shared);
    if !cfg!(unix) {
        assert_eq!(first.unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    let first = first.unwrap();
    assert!(UdpSocket::bind_with(IpAddress::LOCAL_HOST, first.local_port(), shared).is_ok());
    assert!(UdpSocket::bind(IpAddress::LOCAL_HOST, first.local_port()).is_err());

    let shared = ListenOptions { reuse_port: true, ..ListenOptions::default() };
    let first = TcpListener::listen_with(IpAddress::LOCAL_HOST, 0, shared).unwrap();
    assert!(TcpListener::listen_with(IpAddress::LOCAL_HOST, first.local_port(), shared).is_ok());
    assert!(TcpListener::listen(IpAddress::LOCAL_HOST, first.local_port()).is_err());
}

#[test]
fn a_socket_for_ipv6_only_leaves_the_port_to_ipv4() {
    if udp_v6().is_none() {
        return;
    }
    let only = BindOptions { only_v6: true, ..BindOptions::default() };
    let socket = UdpSocket::bind_with(IpAddress::ANY_V6, 0, only).unwrap();
    assert!(UdpSocket::bind(IpAddress::ANY, socket.local_port()).is_ok());
    let both = UdpSocket::bind(IpAddress::ANY_V6, 0).unwrap();
    assert!(UdpSocket::bind(IpAddress::ANY, both.local_port()).is_err());

    let only = ListenOptions { only_v6: true, ..ListenOptions::default() };
    let listener = TcpListener::listen_with(IpAddress::ANY_V6, 0, only).unwrap();
    assert!(TcpListener::listen(IpAddress::ANY, listener.local_port()).is_ok());
}
