//! What both backends share: creating sockets, addresses, options.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::net::SocketAddr;

use socket2::{Domain, Protocol, SockAddr, SockRef, Socket, Type};

/// An open descriptor, closed when dropped.
#[cfg(unix)]
pub(crate) type Handle = std::os::fd::OwnedFd;
/// An open descriptor, closed when dropped.
#[cfg(windows)]
pub(crate) type Handle = std::os::windows::io::OwnedSocket;

/// The number of an open descriptor.
#[cfg(unix)]
pub(crate) type RawHandle = std::os::fd::RawFd;
/// The number of an open descriptor.
#[cfg(windows)]
pub(crate) type RawHandle = std::os::windows::io::RawSocket;

/// The number of the descriptor, which says nothing about how long it stays open.
pub(crate) fn raw(handle: &Handle) -> RawHandle {
    #[cfg(unix)]
    return std::os::fd::AsRawFd::as_raw_fd(handle);
    #[cfg(windows)]
    return std::os::windows::io::AsRawSocket::as_raw_socket(handle);
}

/// The conventional error codes for conditions we find ourselves.
#[cfg(unix)]
pub(crate) mod code {
    pub(crate) const ABORTED: i32 = libc::ECONNABORTED;
    pub(crate) const BAD_DESCRIPTOR: i32 = libc::EBADF;
    pub(crate) const FORKED: i32 = libc::EPERM;
    pub(crate) const INVALID: i32 = libc::EINVAL;
    pub(crate) const MESSAGE_SIZE: i32 = libc::EMSGSIZE;
    pub(crate) const NOT_FOUND: i32 = libc::ENOENT;
    pub(crate) const TOO_MANY: i32 = libc::EBUSY;
}
/// The conventional error codes for conditions we find ourselves.
#[cfg(windows)]
pub(crate) mod code {
    pub(crate) const ABORTED: i32 = 10053;
    pub(crate) const BAD_DESCRIPTOR: i32 = 10038;
    pub(crate) const FORKED: i32 = 10013;
    pub(crate) const INVALID: i32 = 10022;
    pub(crate) const MESSAGE_SIZE: i32 = 10040;
    pub(crate) const NOT_FOUND: i32 = 11001;
    pub(crate) const TOO_MANY: i32 = 10055;
}

/// Whether the error says that a connection attempt is under way.
pub(crate) fn is_in_progress(error: &io::Error) -> bool {
    #[cfg(unix)]
    let codes = [libc::EINPROGRESS, libc::EALREADY];
    #[cfg(windows)]
    let codes = [10036, 10037];
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

/// Whether the error says that the network dropped the connection.
pub(crate) fn is_network_reset(error: &io::Error) -> bool {
    #[cfg(unix)]
    let code = libc::ENETRESET;
    #[cfg(windows)]
    let code = 10052;
    error.raw_os_error() == Some(code)
}

/// Whether the error says that the process, or the system, may not have more descriptors.
pub(crate) fn is_out_of_descriptors(error: &io::Error) -> bool {
    #[cfg(unix)]
    let codes = [libc::EMFILE, libc::ENFILE];
    #[cfg(windows)]
    let codes = [10024];
    error.raw_os_error().is_some_and(|code| codes.contains(&code))
}

/// Whether `accept` failed for the connection it was about to return, not for the listener (`accept(2)`,
/// "Error handling").
#[cold]
pub(crate) fn is_lost_connection(error: &io::Error) -> bool {
    use io::ErrorKind as Kind;
    #[cfg(unix)]
    let protocol = Some(libc::EPROTO);
    #[cfg(windows)]
    let protocol = None;
    matches!(
        error.kind(),
        Kind::ConnectionAborted | Kind::ConnectionReset | Kind::HostUnreachable | Kind::NetworkUnreachable
    ) || (protocol.is_some() && error.raw_os_error() == protocol)
}

/// The same buffer for a call that only writes to it.
#[inline]
pub(crate) fn as_uninit(buffer: &mut [u8]) -> &mut [MaybeUninit<u8>] {
    // SAFETY: the layouts agree, and no function of this module stores uninitialised bytes into a buffer.
    unsafe { &mut *(std::ptr::from_mut(buffer) as *mut [MaybeUninit<u8>]) }
}

/// Zeroed memory, which costs nothing until it is used; `None` when there is not that much.
pub(crate) fn zeroed(length: usize) -> Option<Vec<u8>> {
    let layout = std::alloc::Layout::array::<u8>(length).ok().filter(|layout| layout.size() > 0)?;
    // SAFETY: the size is not zero.
    let start = unsafe { std::alloc::alloc_zeroed(layout) };
    if start.is_null() {
        return None;
    }
    // SAFETY: the global allocator has just given `length` bytes at alignment 1, all of them zero.
    Some(unsafe { Vec::from_raw_parts(start, length, length) })
}

/// The pieces one vectored call takes: with more the system refuses all of them.
#[inline]
pub(crate) fn for_one_call<'a, 'b>(pieces: &'a [IoSlice<'b>]) -> &'a [IoSlice<'b>] {
    /// `IOV_MAX` of Linux, the BSDs and macOS.
    const MOST: usize = 1024;
    &pieces[..pieces.len().min(MOST)]
}

/// What a socket is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A TCP connection, which never sleeps in the kernel until it is `settle`d.
    Stream,
    /// A TCP listener, which never sleeps in the kernel.
    Listener,
    /// UDP.
    Datagram,
}

/// A new close-on-exec socket of the address's family, dual-stack when that is IPv6.
pub(crate) fn open(address: &SocketAddr, kind: Kind) -> io::Result<Handle> {
    let (kind, protocol, non_blocking) = match kind {
        Kind::Stream | Kind::Listener => (Type::STREAM, Protocol::TCP, true),
        Kind::Datagram => (Type::DGRAM, Protocol::UDP, super::NON_BLOCKING),
    };
    #[cfg(target_os = "linux")]
    let kind = if non_blocking { kind.nonblocking() } else { kind };
    let socket = Socket::new(Domain::for_address(*address), kind, Some(protocol))?;
    #[cfg(not(target_os = "linux"))]
    if non_blocking {
        socket.set_nonblocking(true)?;
    }
    if address.is_ipv6() {
        socket.set_only_v6(false)?;
    }
    Ok(socket.into())
}

/// Whether a descriptor that was opened elsewhere is an internet socket of a kind.
pub(crate) fn is_of_kind(handle: &Handle, kind: Kind) -> bool {
    let socket = SockRef::from(handle);
    let wanted = if kind == Kind::Datagram { Type::DGRAM } else { Type::STREAM };
    // Some systems tell no address of a socket that is not bound.
    let is_foreign = local_address(handle).is_err_and(|error| error.kind() == io::ErrorKind::Unsupported);
    socket.r#type().is_ok_and(|found| found == wanted) && !is_foreign
}

/// Prepares a descriptor that was opened elsewhere, and may be in any mode.
pub(crate) fn adopt(handle: &Handle, kind: Kind) -> io::Result<()> {
    let socket = SockRef::from(handle);
    #[cfg(target_vendor = "apple")]
    socket.set_nosigpipe(true)?;
    if super::NON_BLOCKING || kind == Kind::Listener { socket.set_nonblocking(true) } else { Ok(()) }
}

/// Puts a descriptor that is given away into the system's mode for its new owner.
pub(crate) fn release(handle: &Handle, blocking: bool) -> io::Result<()> {
    SockRef::from(handle).set_nonblocking(!blocking)
}

/// `bind(2)`
pub(crate) fn bind(handle: &Handle, address: &SocketAddr) -> io::Result<()> {
    SockRef::from(handle).bind(&SockAddr::from(*address))
}

/// `bind(2)` and `listen(2)`
pub(crate) fn listen(handle: &Handle, address: &SocketAddr, backlog: i32) -> io::Result<()> {
    bind(handle, address)?;
    SockRef::from(handle).listen(backlog)
}

/// `connect(2)`; a stream reports `WouldBlock` or in-progress until it is writable.
pub(crate) fn connect(handle: &Handle, address: &SocketAddr) -> io::Result<()> {
    SockRef::from(handle).connect(&SockAddr::from(*address))
}

/// `getsockname(2)`
pub(crate) fn local_address(handle: &Handle) -> io::Result<SocketAddr> {
    internet_address(SockRef::from(handle).local_addr()?)
}

/// `getpeername(2)`
pub(crate) fn remote_address(handle: &Handle) -> io::Result<SocketAddr> {
    internet_address(SockRef::from(handle).peer_addr()?)
}

fn internet_address(address: SockAddr) -> io::Result<SocketAddr> {
    address.as_socket().ok_or_else(|| io::ErrorKind::Unsupported.into())
}

/// The error a connection attempt or an earlier datagram left behind (`SO_ERROR`).
pub(crate) fn take_error(handle: &Handle) -> io::Result<Option<io::Error>> {
    SockRef::from(handle).take_error()
}

/// `shutdown(2)`
pub(crate) fn shutdown(handle: &Handle, how: std::net::Shutdown) -> io::Result<()> {
    SockRef::from(handle).shutdown(how)
}
