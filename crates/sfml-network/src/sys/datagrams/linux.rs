//! Linux: `sendmmsg` and `recvmmsg`, segmentation (`UDP_SEGMENT`, `UDP_GRO`) and control messages.
//!
//! The kernel's descriptions of the messages are made on the stack for each call: filling them in costs about
//! one part in a hundred of the call, and the buffers stay plain memory that may move between threads.

use std::io;
use std::mem::{self, MaybeUninit};
use std::net::{SocketAddr, SocketAddrV4, SocketAddrV6};
use std::os::fd::AsRawFd;

use super::Details;
use super::control::{self, Control};
use crate::sys::{Arrival, Handle, as_uninit};

/// The most datagrams one system call moves.
const CHUNK: usize = 64;

/// The most runs of joined datagrams one call receives: 64 KiB each, so their buffers stay in the second-level
/// cache.
pub(crate) const RUNS: usize = 16;

const SEND: libc::c_int = libc::MSG_DONTWAIT | libc::MSG_NOSIGNAL;
const RECEIVE_WHOLE: libc::c_int = libc::MSG_DONTWAIT | libc::MSG_TRUNC;

/// An address as the kernel writes it.
#[repr(C)]
union RawAddress {
    v4: libc::sockaddr_in,
    v6: libc::sockaddr_in6,
}

impl RawAddress {
    const ROOM: libc::socklen_t = size_of::<Self>() as libc::socklen_t;

    /// An address of no family.
    #[inline]
    fn empty() -> Self {
        // SAFETY: integers only, for which zero is a value.
        unsafe { mem::zeroed() }
    }

    /// Writes an address; returns its length.
    #[inline]
    fn write(&mut self, address: &SocketAddr) -> libc::socklen_t {
        match address {
            SocketAddr::V4(address) => {
                self.v4 = libc::sockaddr_in {
                    sin_family: libc::AF_INET as libc::sa_family_t,
                    sin_port: address.port().to_be(),
                    sin_addr: libc::in_addr { s_addr: u32::from_ne_bytes(address.ip().octets()) },
                    sin_zero: [0; 8],
                };
                size_of::<libc::sockaddr_in>() as libc::socklen_t
            }
            SocketAddr::V6(address) => {
                self.v6 = libc::sockaddr_in6 {
                    sin6_family: libc::AF_INET6 as libc::sa_family_t,
                    sin6_port: address.port().to_be(),
                    sin6_flowinfo: address.flowinfo(),
                    sin6_addr: libc::in6_addr { s6_addr: address.ip().octets() },
                    sin6_scope_id: address.scope_id(),
                };
                size_of::<libc::sockaddr_in6>() as libc::socklen_t
            }
        }
    }

    /// The address the kernel left, `None` if it left none.
    #[inline]
    fn read(&self, length: libc::socklen_t) -> Option<SocketAddr> {
        if length < size_of::<libc::sockaddr_in>() as libc::socklen_t {
            return None;
        }
        // SAFETY: both members begin with the family, and all bytes were initialised by `empty`; the kernel
        // wrote over some of them. Integers have no invalid values.
        let (family, v4, v6) = unsafe { (self.v4.sin_family, &self.v4, &self.v6) };
        match libc::c_int::from(family) {
            libc::AF_INET => {
                let ip = v4.sin_addr.s_addr.to_ne_bytes().into();
                Some(SocketAddrV4::new(ip, u16::from_be(v4.sin_port)).into())
            }
            libc::AF_INET6 => {
                let (ip, port) = (v6.sin6_addr.s6_addr.into(), u16::from_be(v6.sin6_port));
                Some(SocketAddrV6::new(ip, port, v6.sin6_flowinfo, v6.sin6_scope_id).into())
            }
            _ => None,
        }
    }
}

/// A message of one piece of data. All pointers must stay valid while it is in use.
#[inline]
fn message(name: *mut RawAddress, name_length: libc::socklen_t, piece: *mut libc::iovec) -> libc::msghdr {
    // SAFETY: integers and pointers, for which zero is a value.
    let mut message: libc::msghdr = unsafe { mem::zeroed() };
    message.msg_name = name.cast();
    message.msg_namelen = name_length;
    message.msg_iov = piece;
    message.msg_iovlen = 1;
    message
}

/// Adds room for control messages, which must stay valid while the message is in use.
#[inline]
fn with_control(message: &mut libc::msghdr, control: *mut Control, length: usize) {
    message.msg_control = control.cast();
    message.msg_controllen = length as _;
}

/// A buffer the kernel reads from, or writes to if it is mutable.
#[inline]
fn piece(start: *const u8, length: usize) -> libc::iovec {
    libc::iovec { iov_base: start.cast_mut().cast(), iov_len: length }
}

/// Calls until no signal interrupts; none of these calls sleeps.
#[inline(always)]
fn uninterrupted(mut call: impl FnMut() -> isize) -> io::Result<usize> {
    loop {
        if let Ok(count) = usize::try_from(call()) {
            return Ok(count);
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

/// Sends datagrams until one fails, or a call's worth of them is sent; an error only when the first fails.
#[inline]
pub(crate) fn send_many<'d>(
    handle: &Handle,
    datagrams: impl Iterator<Item = (&'d [u8], SocketAddr)>,
) -> io::Result<usize> {
    let mut names = [const { MaybeUninit::<RawAddress>::uninit() }; CHUNK];
    let mut pieces = [const { MaybeUninit::<libc::iovec>::uninit() }; CHUNK];
    let mut messages = [const { MaybeUninit::<libc::mmsghdr>::uninit() }; CHUNK];
    let mut count = 0;
    for (data, to) in datagrams.take(CHUNK) {
        let name = names[count].write(RawAddress::empty());
        let name_length = name.write(&to);
        let piece = pieces[count].write(piece(data.as_ptr(), data.len()));
        let msg_hdr = message(name, name_length, piece);
        messages[count].write(libc::mmsghdr { msg_hdr, msg_len: 0 });
        count += 1;
    }
    // SAFETY: the first `count` messages are initialised; the names and pieces they point to are locals, and the
    // data behind those is borrowed for `'d`. The kernel only reads from the data.
    uninterrupted(|| unsafe {
        libc::sendmmsg(handle.as_raw_fd(), messages.as_mut_ptr().cast(), count as libc::c_uint, SEND as _)
            as isize
    })
}

/// Sends data as datagrams of `segment` bytes each, the last one shorter (`UDP_SEGMENT`): all of them or none.
#[inline]
pub(crate) fn send_segmented(
    handle: &Handle,
    data: &[u8],
    segment: u16,
    to: &SocketAddr,
) -> io::Result<usize> {
    let mut control = Control::segmented(segment);
    let mut name = RawAddress::empty();
    let name_length = name.write(to);
    let mut piece = piece(data.as_ptr(), data.len());
    let mut message = message(&raw mut name, name_length, &raw mut piece);
    with_control(&mut message, &raw mut control, Control::SEGMENTED);
    // SAFETY: the message points to locals and to `data`, from which the kernel only reads.
    uninterrupted(|| unsafe { libc::sendmsg(handle.as_raw_fd(), &raw const message, SEND) })
}

/// Whether the error says that the system, the route or the interface cannot segment, and not that the data
/// cannot be sent.
pub(crate) fn refuses_segments(error: &io::Error) -> bool {
    let codes = [libc::EIO, libc::EINVAL, libc::EMSGSIZE, libc::EOPNOTSUPP, libc::ENOPROTOOPT];
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

/// Receives a datagram into each slot until there are no more, and hands each to `take`, with the size of its
/// segments if `joined` says that it may be a run.
///
/// An error is returned when it is the first thing that happens, and left in `late` when it came after datagrams.
#[inline]
pub(crate) fn receive_many<'b>(
    handle: &Handle,
    mut slots: impl Iterator<Item = &'b mut [u8]>,
    joined: bool,
    late: &mut Option<io::Error>,
    mut take: impl FnMut(Arrival, Option<usize>),
) -> io::Result<()> {
    let mut received_any = false;
    loop {
        match receive_chunk(handle, &mut slots, joined, &mut take) {
            Ok(ChunkEnd::MayBeMore) => received_any = true,
            Ok(ChunkEnd::NoMore) => return Ok(()),
            Err(error) if received_any => {
                *late = Some(error).filter(|error| error.kind() != io::ErrorKind::WouldBlock);
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
}

/// How a chunk ended: with the last datagram or slot there was, or because the chunk was full.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum ChunkEnd {
    NoMore,
    MayBeMore,
}

#[inline]
fn receive_chunk<'b>(
    handle: &Handle,
    slots: &mut impl Iterator<Item = &'b mut [u8]>,
    joined: bool,
    take: &mut impl FnMut(Arrival, Option<usize>),
) -> io::Result<ChunkEnd> {
    let mut names = [const { MaybeUninit::<RawAddress>::uninit() }; CHUNK];
    let mut pieces = [const { MaybeUninit::<libc::iovec>::uninit() }; CHUNK];
    let mut controls = [const { MaybeUninit::<Control>::uninit() }; CHUNK];
    let mut messages = [const { MaybeUninit::<libc::mmsghdr>::uninit() }; CHUNK];
    let mut count = 0;
    for slot in slots.take(CHUNK) {
        let name = names[count].write(RawAddress::empty());
        let piece = pieces[count].write(piece(slot.as_mut_ptr(), slot.len()));
        let mut msg_hdr = message(name, RawAddress::ROOM, piece);
        if joined {
            with_control(&mut msg_hdr, controls[count].write(Control::empty()), Control::ROOM);
        }
        messages[count].write(libc::mmsghdr { msg_hdr, msg_len: 0 });
        count += 1;
    }
    if count == 0 {
        return Ok(ChunkEnd::NoMore);
    }
    let (first, number) = (messages.as_mut_ptr().cast(), count as libc::c_uint);
    let no_timeout = std::ptr::null_mut();
    // SAFETY: the first `count` messages are initialised; names, pieces and controls are locals, and the slots
    // behind the pieces are exclusively borrowed for `'b`. The kernel writes within the lengths given.
    let received = uninterrupted(|| unsafe {
        libc::recvmmsg(handle.as_raw_fd(), first, number, RECEIVE_WHOLE as _, no_timeout) as isize
    })?;
    for index in 0..received {
        // SAFETY: written above for every index below `count`, and the kernel received no more than that.
        let (message, piece, name) = unsafe {
            (
                messages[index].assume_init_ref(),
                pieces[index].assume_init_ref(),
                names[index].assume_init_ref(),
            )
        };
        let segment = if joined {
            // SAFETY: written above for every index when `joined`.
            let control = unsafe { controls[index].assume_init_ref() };
            control::details(control.filled(message.msg_hdr.msg_controllen as _)).segment
        } else {
            None
        };
        let length = message.msg_len as usize;
        let sender = name.read(message.msg_hdr.msg_namelen);
        take(Arrival { received: length.min(piece.iov_len), length, sender }, segment);
    }
    Ok(if received == CHUNK { ChunkEnd::MayBeMore } else { ChunkEnd::NoMore })
}

/// Receives a datagram with its details.
#[inline]
pub(crate) fn receive_message(
    handle: &Handle,
    buffer: &mut [MaybeUninit<u8>],
) -> io::Result<(Arrival, Details)> {
    message_in(handle, buffer, RECEIVE_WHOLE)
}

/// Looks at the next datagram, which stays where it is.
pub(crate) fn peek_message(handle: &Handle, buffer: &mut [u8]) -> io::Result<(Arrival, Details)> {
    message_in(handle, as_uninit(buffer), RECEIVE_WHOLE | libc::MSG_PEEK)
}

#[inline]
fn message_in(
    handle: &Handle,
    buffer: &mut [MaybeUninit<u8>],
    flags: libc::c_int,
) -> io::Result<(Arrival, Details)> {
    let mut control = Control::empty();
    let mut name = RawAddress::empty();
    let mut piece = piece(buffer.as_mut_ptr().cast(), buffer.len());
    let mut message = message(&raw mut name, RawAddress::ROOM, &raw mut piece);
    with_control(&mut message, &raw mut control, Control::ROOM);
    // SAFETY: the message points to locals and to `buffer`, which is exclusively borrowed; the kernel writes
    // within the lengths given.
    let length = uninterrupted(|| unsafe { libc::recvmsg(handle.as_raw_fd(), &raw mut message, flags) })?;
    let details = control::details(control.filled(message.msg_controllen as _));
    let sender = name.read(message.msg_namelen);
    Ok((Arrival { received: length.min(buffer.len()), length, sender }, details))
}

/// Drops the next datagram.
pub(crate) fn discard(handle: &Handle) -> io::Result<()> {
    // SAFETY: no buffer is given.
    uninterrupted(|| unsafe { libc::recv(handle.as_raw_fd(), std::ptr::null_mut(), 0, libc::MSG_DONTWAIT) })
        .map(drop)
}

/// Lets the system join datagrams of one sender and size into runs (`UDP_GRO`).
pub(crate) fn set_runs(handle: &Handle, on: bool) -> io::Result<()> {
    set_option(handle, libc::SOL_UDP, libc::UDP_GRO, on)
}

/// Whether the system joins datagrams into runs.
pub(crate) fn joins_runs(handle: &Handle) -> bool {
    let mut value: libc::c_int = 0;
    let mut length = size_of_val(&value) as libc::socklen_t;
    let (level, name) = (libc::SOL_UDP, libc::UDP_GRO);
    // SAFETY: `value` is a live integer of the length given, and so is that length.
    let asked = uninterrupted(|| unsafe {
        libc::getsockopt(handle.as_raw_fd(), level, name, (&raw mut value).cast(), &raw mut length) as isize
    });
    asked.is_ok() && value != 0
}

/// Asks for the time each datagram was received.
pub(crate) fn set_timestamps(handle: &Handle, on: bool) -> io::Result<()> {
    set_option(handle, libc::SOL_SOCKET, libc::SO_TIMESTAMPNS, on)
}

/// Asks for the address each datagram was sent to, and the interface it came in by.
pub(crate) fn set_destinations(handle: &Handle, is_v6: bool, on: bool) -> io::Result<()> {
    if is_v6 {
        set_option(handle, libc::IPPROTO_IPV6, libc::IPV6_RECVPKTINFO, on)
    } else {
        set_option(handle, libc::IPPROTO_IP, libc::IP_PKTINFO, on)
    }
}

/// Leaves checksums out, without which no kernel segments: the way to be refused.
#[cfg(test)]
pub(crate) fn omit_checksums(handle: &Handle) -> io::Result<()> {
    set_option(handle, libc::SOL_SOCKET, libc::SO_NO_CHECK, true)
}

fn set_option(handle: &Handle, level: libc::c_int, name: libc::c_int, on: bool) -> io::Result<()> {
    let value = libc::c_int::from(on);
    let length = size_of_val(&value) as libc::socklen_t;
    // SAFETY: `value` is a live integer of the length given.
    uninterrupted(|| unsafe {
        libc::setsockopt(handle.as_raw_fd(), level, name, (&raw const value).cast(), length) as isize
    })
    .map(drop)
}
