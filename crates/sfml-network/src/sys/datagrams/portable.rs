//! One system call per datagram, for systems that offer no more.

use std::io;
use std::mem::MaybeUninit;
use std::net::SocketAddr;

use super::Details;
use crate::sys::{Arrival, Handle, as_uninit, receive_from, send_to};

/// The most datagrams one call sends.
const CHUNK: usize = 64;

/// The most runs of joined datagrams one call receives; no system here joins them.
pub(crate) const RUNS: usize = 1;

fn unsupported<T>() -> io::Result<T> {
    Err(io::ErrorKind::Unsupported.into())
}

/// What asks for a feature fails, what does without it succeeds.
fn only_off(on: bool) -> io::Result<()> {
    if on { unsupported() } else { Ok(()) }
}

/// Sends datagrams until one fails, or a call's worth of them is sent; an error only when the first fails.
pub(crate) fn send_many<'d>(
    handle: &Handle,
    datagrams: impl Iterator<Item = (&'d [u8], SocketAddr)>,
) -> io::Result<usize> {
    let mut sent = 0;
    for (data, to) in datagrams.take(CHUNK) {
        match send_to(handle, data, &to) {
            Ok(_) => sent += 1,
            Err(error) if sent == 0 => return Err(error),
            Err(_) => break,
        }
    }
    Ok(sent)
}

/// Sends data as datagrams of `segment` bytes each, the last one shorter: not here.
pub(crate) fn send_segmented(_: &Handle, _: &[u8], _: u16, _: &SocketAddr) -> io::Result<usize> {
    unsupported()
}

/// Whether the error says that the system cannot segment, and not that the data cannot be sent.
pub(crate) fn refuses_segments(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported
}

/// Receives a datagram into each slot until there are no more, and hands each to `take`.
///
/// An error is returned when it is the first thing that happens, and left in `late` when it came after datagrams.
pub(crate) fn receive_many<'b>(
    handle: &Handle,
    slots: impl Iterator<Item = &'b mut [u8]>,
    _: bool,
    late: &mut Option<io::Error>,
    mut take: impl FnMut(Arrival, Option<usize>),
) -> io::Result<()> {
    for (received, slot) in slots.enumerate() {
        match receive_from(handle, as_uninit(slot)) {
            Ok(arrival) => take(arrival, None),
            Err(error) if received == 0 => return Err(error),
            Err(error) => {
                *late = Some(error).filter(|error| error.kind() != io::ErrorKind::WouldBlock);
                break;
            }
        }
    }
    Ok(())
}

/// Receives a datagram with its details.
pub(crate) fn receive_message(
    handle: &Handle,
    buffer: &mut [MaybeUninit<u8>],
) -> io::Result<(Arrival, Details)> {
    receive_from(handle, buffer).map(|arrival| (arrival, Details::default()))
}

/// Looks at the next datagram, which stays where it is: not here.
pub(crate) fn peek_message(_: &Handle, _: &mut [u8]) -> io::Result<(Arrival, Details)> {
    unsupported()
}

/// Drops the next datagram.
pub(crate) fn discard(handle: &Handle) -> io::Result<()> {
    receive_from(handle, &mut []).map(drop)
}

/// Lets the system join datagrams of one sender and size into runs.
pub(crate) fn set_runs(_: &Handle, on: bool) -> io::Result<()> {
    only_off(on)
}

/// Whether the system joins datagrams into runs: none here does.
pub(crate) fn joins_runs(_: &Handle) -> bool {
    false
}

/// Asks for the time each datagram was received.
pub(crate) fn set_timestamps(_: &Handle, on: bool) -> io::Result<()> {
    only_off(on)
}

/// Asks for the address each datagram was sent to, and the interface it came in by.
pub(crate) fn set_destinations(_: &Handle, _is_v6: bool, on: bool) -> io::Result<()> {
    only_off(on)
}
