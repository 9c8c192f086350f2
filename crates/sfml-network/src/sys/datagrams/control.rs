//! Control messages (`cmsg(3)`), read and written as bytes: safe code, whatever the kernel or a test hands in.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::{Duration, SystemTime};

use super::Details;

/// The length of a message's header: its own length as a `size_t`, its level and its type.
const HEADER: usize = size_of::<usize>() + 2 * size_of::<libc::c_int>();

/// Messages begin at multiples of this.
const ALIGNMENT: usize = size_of::<usize>();

const fn aligned(length: usize) -> usize {
    (length + ALIGNMENT - 1) & !(ALIGNMENT - 1)
}

/// Room for the messages of one datagram: segment size, timestamp and both kinds of packet information take 136
/// bytes at most.
#[repr(C, align(8))]
pub(super) struct Control([u8; Self::ROOM]);

impl Control {
    pub(super) const ROOM: usize = 192;
    /// The length of `segmented` in use.
    pub(super) const SEGMENTED: usize = aligned(HEADER + size_of::<u16>());

    pub(super) const fn empty() -> Self {
        Self([0; Self::ROOM])
    }

    /// The message that asks for a datagram to be sent in segments.
    pub(super) fn segmented(segment: u16) -> Self {
        let mut control = Self::empty();
        let [length, level, kind] = [size_of::<usize>(), size_of::<libc::c_int>(), size_of::<libc::c_int>()];
        let (header, data) = control.0.split_at_mut(HEADER);
        header[..length].copy_from_slice(&(HEADER + size_of::<u16>()).to_ne_bytes());
        header[length..length + level].copy_from_slice(&libc::SOL_UDP.to_ne_bytes());
        header[length + level..length + level + kind].copy_from_slice(&libc::UDP_SEGMENT.to_ne_bytes());
        data[..size_of::<u16>()].copy_from_slice(&segment.to_ne_bytes());
        control
    }

    /// The first `length` bytes, which the kernel says it filled.
    pub(super) fn filled(&self, length: usize) -> &[u8] {
        &self.0[..length.min(Self::ROOM)]
    }
}

/// One control message.
#[derive(Debug)]
struct Message<'a> {
    level: libc::c_int,
    kind: libc::c_int,
    data: &'a [u8],
}

/// The messages of a control buffer, up to the first that does not fit into it.
fn messages(mut control: &[u8]) -> impl Iterator<Item = Message<'_>> {
    std::iter::from_fn(move || {
        let (length, rest) = control.split_first_chunk()?;
        let (level, rest) = rest.split_first_chunk()?;
        let (kind, _) = rest.split_first_chunk()?;
        let length = usize::from_ne_bytes(*length);
        let data = control.get(HEADER..length)?;
        control = control.get(aligned(length)..).unwrap_or_default();
        Some(Message {
            level: libc::c_int::from_ne_bytes(*level),
            kind: libc::c_int::from_ne_bytes(*kind),
            data,
        })
    })
}

/// The details in a control buffer; messages of other kinds are passed over.
pub(super) fn details(control: &[u8]) -> Details {
    let mut details = Details::default();
    for Message { level, kind, data } in messages(control) {
        match (level, kind) {
            (libc::SOL_UDP, libc::UDP_GRO) => details.segment = segment(data),
            (libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS) => details.timestamp = timestamp(data),
            (libc::IPPROTO_IP, libc::IP_PKTINFO) => {
                // struct in_pktinfo: interface, local address, destination in the packet's header.
                if let Some((interface, [_, _, _, _, destination @ ..])) = data.split_first_chunk() {
                    details.interface = u32::try_from(i32::from_ne_bytes(*interface)).ok();
                    details.destination =
                        destination.first_chunk().map(|v4: &[u8; 4]| Ipv4Addr::from(*v4).into());
                }
            }
            (libc::IPPROTO_IPV6, libc::IPV6_PKTINFO) => {
                // struct in6_pktinfo: destination, interface.
                if let Some((destination, interface)) = data.split_first_chunk::<16>() {
                    details.interface = interface.first_chunk().map(|index| u32::from_ne_bytes(*index));
                    details.destination = Some(IpAddr::from(Ipv6Addr::from(*destination)).to_canonical());
                }
            }
            _ => {}
        }
    }
    details
}

/// The size the kernel cut a run into; an `int` that is positive in a run.
fn segment(data: &[u8]) -> Option<usize> {
    let size = i32::from_ne_bytes(*data.first_chunk()?);
    usize::try_from(size).ok().filter(|size| *size > 0)
}

/// A `struct timespec` of either width.
fn timestamp(data: &[u8]) -> Option<SystemTime> {
    let (seconds, nanos) = if data.len() >= 16 {
        let (seconds, rest) = data.split_first_chunk()?;
        (i64::from_ne_bytes(*seconds), i64::from_ne_bytes(*rest.first_chunk()?))
    } else {
        let (seconds, rest) = data.split_first_chunk()?;
        (i32::from_ne_bytes(*seconds).into(), i32::from_ne_bytes(*rest.first_chunk()?).into())
    };
    let nanos = u32::try_from(nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    SystemTime::UNIX_EPOCH.checked_add(Duration::new(u64::try_from(seconds).ok()?, nanos))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn message(level: libc::c_int, kind: libc::c_int, data: &[u8]) -> Vec<u8> {
        let mut bytes = (HEADER + data.len()).to_ne_bytes().to_vec();
        bytes.extend(level.to_ne_bytes());
        bytes.extend(kind.to_ne_bytes());
        bytes.extend(data);
        bytes.resize(aligned(bytes.len()), 0);
        bytes
    }

    #[test]
    fn every_detail_is_found_among_others() {
        let mut control = message(libc::SOL_SOCKET, libc::SCM_RIGHTS, &[1, 2, 3]);
        control.extend(message(libc::SOL_UDP, libc::UDP_GRO, &1200_i32.to_ne_bytes()));
        let time = [7_i64.to_ne_bytes(), 5_i64.to_ne_bytes()].concat();
        control.extend(message(libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS, &time));
        let information = [3_i32.to_ne_bytes(), [10, 0, 0, 1], [239, 1, 2, 3]].concat();
        control.extend(message(libc::IPPROTO_IP, libc::IP_PKTINFO, &information));
        let expected = Details {
            segment: Some(1200),
            timestamp: Some(SystemTime::UNIX_EPOCH + Duration::new(7, 5)),
            destination: Some(Ipv4Addr::new(239, 1, 2, 3).into()),
            interface: Some(3),
        };
        assert_eq!(details(&control), expected);
    }

    #[test]
    fn a_mapped_destination_is_an_ipv4_address() {
        let mut information = Ipv4Addr::LOCALHOST.to_ipv6_mapped().octets().to_vec();
        information.extend(1_u32.to_ne_bytes());
        let found = details(&message(libc::IPPROTO_IPV6, libc::IPV6_PKTINFO, &information));
        assert_eq!((found.destination, found.interface), (Some(Ipv4Addr::LOCALHOST.into()), Some(1)));
    }

    #[test]
    fn a_shortened_message_ends_the_list_and_a_strange_value_is_no_detail() {
        let whole = message(libc::SOL_UDP, libc::UDP_GRO, &1200_i32.to_ne_bytes());
        for length in 0..HEADER + 4 {
            assert_eq!(details(&whole[..length]), Details::default(), "cut to {length}");
        }
        assert_eq!(details(&message(libc::SOL_UDP, libc::UDP_GRO, &(-1_i32).to_ne_bytes())).segment, None);
        let late = [1_i64.to_ne_bytes(), 1_000_000_000_i64.to_ne_bytes()].concat();
        assert_eq!(details(&message(libc::SOL_SOCKET, libc::SCM_TIMESTAMPNS, &late)).timestamp, None);
    }

    #[test]
    fn the_segment_message_reads_back() {
        let control = Control::segmented(1400);
        let found: Vec<_> = messages(control.filled(Control::SEGMENTED)).collect();
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].level, found[0].kind), (libc::SOL_UDP, libc::UDP_SEGMENT));
        assert_eq!(found[0].data, 1400_u16.to_ne_bytes());
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_are_read_within_their_bounds(control in proptest::collection::vec(any::<u8>(), 0..256)) {
            let total: usize = messages(&control).map(|message| HEADER + message.data.len()).sum();
            prop_assert!(total <= control.len());
            details(&control);
        }

        #[test]
        fn messages_with_arbitrary_lengths_and_kinds_are_read_within_their_bounds(
            parts in proptest::collection::vec((0_usize..48, 0_i32..70, 0_i32..110, any::<[u8; 24]>()), 0..6),
        ) {
            let mut control = Vec::new();
            for (length, level, kind, data) in parts {
                control.extend(length.to_ne_bytes());
                control.extend(level.to_ne_bytes());
                control.extend(kind.to_ne_bytes());
                control.extend(data);
            }
            let total: usize = messages(&control).map(|message| HEADER + message.data.len()).sum();
            prop_assert!(total <= control.len());
            details(&control);
        }
    }
}
