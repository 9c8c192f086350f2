//! The peers: the system's calls as a careful C programmer would make them, through `libc`.
#![expect(unsafe_code, reason = "libc is what we compare with")]

use std::io;
use std::net::SocketAddrV4;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

use libc::{c_int, c_void, sockaddr_in, socklen_t};

fn checked(result: isize) -> usize {
    usize::try_from(result).unwrap_or_else(|_| panic!("{}", io::Error::last_os_error()))
}

/// `send(2)`
#[inline(always)]
pub(crate) fn send(fd: RawFd, data: &[u8]) -> usize {
    // SAFETY: the pointer and length are a live slice's.
    checked(unsafe { libc::send(fd, data.as_ptr().cast(), data.len(), libc::MSG_NOSIGNAL) })
}

/// `recv(2)`
#[inline(always)]
pub(crate) fn recv(fd: RawFd, buffer: &mut [u8], flags: c_int) -> usize {
    // SAFETY: the pointer and length are a live, exclusively borrowed slice's.
    checked(unsafe { libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), flags) })
}

/// `recv(2)` of nothing; the error number.
#[inline(always)]
pub(crate) fn recv_miss(fd: RawFd, buffer: &mut [u8]) -> c_int {
    // SAFETY: the pointer and length are a live, exclusively borrowed slice's; errno is this thread's own.
    unsafe {
        let received = libc::recv(fd, buffer.as_mut_ptr().cast(), buffer.len(), libc::MSG_DONTWAIT);
        assert!(received < 0, "nothing was sent");
        *libc::__errno_location()
    }
}

/// `poll(2)` with a limit, then `recv(2)`
#[inline(always)]
pub(crate) fn poll_and_recv(fd: RawFd, buffer: &mut [u8], limit: std::time::Duration) -> usize {
    let mut wanted = libc::pollfd { fd, events: libc::POLLIN, revents: 0 };
    // SAFETY: the one element is a live local.
    let ready = unsafe { libc::poll(&raw mut wanted, 1, limit.as_millis() as c_int) };
    assert_eq!(ready, 1, "in time");
    recv(fd, buffer, 0)
}

pub(crate) fn address(of: SocketAddrV4) -> sockaddr_in {
    sockaddr_in {
        sin_family: libc::AF_INET as libc::sa_family_t,
        sin_port: of.port().to_be(),
        sin_addr: libc::in_addr { s_addr: u32::from(*of.ip()).to_be() },
        sin_zero: [0; 8],
    }
}

const ADDRESS_SIZE: socklen_t = size_of::<sockaddr_in>() as socklen_t;

/// `sendto(2)`
#[inline(always)]
pub(crate) fn sendto(fd: RawFd, data: &[u8], to: &sockaddr_in) -> usize {
    // SAFETY: data and address are live and of the lengths given.
    checked(unsafe {
        libc::sendto(
            fd,
            data.as_ptr().cast(),
            data.len(),
            libc::MSG_NOSIGNAL,
            ptr::from_ref(to).cast(),
            ADDRESS_SIZE,
        )
    })
}

/// `recvfrom(2)`
#[inline(always)]
pub(crate) fn recvfrom(fd: RawFd, buffer: &mut [u8], from: &mut sockaddr_in) -> usize {
    let mut size = ADDRESS_SIZE;
    // SAFETY: buffer and address are live, exclusively borrowed and of the lengths given.
    checked(unsafe {
        libc::recvfrom(
            fd,
            buffer.as_mut_ptr().cast(),
            buffer.len(),
            0,
            ptr::from_mut(from).cast(),
            &raw mut size,
        )
    })
}

/// `accept4(2)` that asks for no address.
#[inline(always)]
pub(crate) fn accept4(listener: RawFd) -> OwnedFd {
    // SAFETY: no address is asked for; the descriptor returned is new and nobody else's.
    unsafe {
        let fd = libc::accept4(listener, ptr::null_mut(), ptr::null_mut(), libc::SOCK_CLOEXEC);
        assert!(fd >= 0, "{}", io::Error::last_os_error());
        OwnedFd::from_raw_fd(fd)
    }
}

/// The calls SFML makes for each connection: accept with the address, blocking mode, no delay.
#[inline(always)]
pub(crate) fn accept_as_sfml(listener: RawFd) -> OwnedFd {
    let mut from = address(SocketAddrV4::new([0, 0, 0, 0].into(), 0));
    let mut size = ADDRESS_SIZE;
    let on: c_int = 1;
    // SAFETY: every pointer is to a live local of the length given; the descriptor returned is nobody else's.
    unsafe {
        let fd = libc::accept(listener, ptr::from_mut(&mut from).cast(), &raw mut size);
        assert!(fd >= 0, "{}", io::Error::last_os_error());
        let flags = libc::fcntl(fd, libc::F_GETFL);
        libc::fcntl(fd, libc::F_SETFL, flags & !libc::O_NONBLOCK);
        let on = ptr::from_ref(&on).cast();
        libc::setsockopt(fd, libc::IPPROTO_TCP, libc::TCP_NODELAY, on, size_of::<c_int>() as socklen_t);
        OwnedFd::from_raw_fd(fd)
    }
}

/// An epoll instance and its buffer of events.
pub(crate) struct Epoll {
    fd: OwnedFd,
    events: Vec<libc::epoll_event>,
}

impl Epoll {
    pub(crate) fn new(watched: &[impl AsRawFd]) -> Self {
        // SAFETY: the descriptor returned is new and nobody else's.
        let fd = unsafe { OwnedFd::from_raw_fd(libc::epoll_create1(libc::EPOLL_CLOEXEC)) };
        for (index, socket) in watched.iter().enumerate() {
            let mut event = libc::epoll_event { events: libc::EPOLLIN as u32, u64: index as u64 };
            // SAFETY: the event is a live local.
            let added = unsafe {
                libc::epoll_ctl(fd.as_raw_fd(), libc::EPOLL_CTL_ADD, socket.as_raw_fd(), &raw mut event)
            };
            assert_eq!(added, 0, "{}", io::Error::last_os_error());
        }
        let events = vec![libc::epoll_event { events: 0, u64: 0 }; watched.len().min(4096)];
        Self { fd, events }
    }

    /// `epoll_wait(2)`
    #[inline(always)]
    pub(crate) fn wait(&mut self, milliseconds: c_int) -> &[libc::epoll_event] {
        let (events, room) = (self.events.as_mut_ptr(), self.events.len() as c_int);
        // SAFETY: the buffer is live and exclusively borrowed, and as long as said.
        let count = unsafe { libc::epoll_wait(self.fd.as_raw_fd(), events, room, milliseconds) };
        &self.events[..checked(count as isize)]
    }
}

/// The descriptors of a `select(2)`, kept as SFML before 3.1 keeps them.
pub(crate) struct Select {
    all: libc::fd_set,
    past: c_int,
}

impl Select {
    pub(crate) fn new(watched: &[impl AsRawFd]) -> Self {
        // SAFETY: a set of descriptors is plain bits, and all zero means empty.
        let mut all: libc::fd_set = unsafe { std::mem::zeroed() };
        let mut past = 0;
        for socket in watched {
            let fd = socket.as_raw_fd();
            assert!(fd < libc::FD_SETSIZE as c_int, "select knows descriptors below 1024 only");
            // SAFETY: the set is live, and the number in its range.
            unsafe { libc::FD_SET(fd, &raw mut all) };
            past = past.max(fd + 1);
        }
        Self { all, past }
    }

    /// `select(2)` without limit.
    #[inline(always)]
    pub(crate) fn wait(&self) -> usize {
        let mut ready = self.all;
        let none = ptr::null_mut();
        // SAFETY: the set is a live local; the other pointers may be null.
        checked(unsafe { libc::select(self.past, &raw mut ready, none, none, ptr::null_mut()) } as isize)
    }
}

impl Select {
    /// `FD_ISSET`, in the set of all
    #[inline(always)]
    pub(crate) fn contains(&self, fd: RawFd) -> bool {
        // SAFETY: the set is live; only numbers that were added are asked for.
        unsafe { libc::FD_ISSET(fd, &raw const self.all) }
    }
}

/// The `polling` crate, level-triggered.
pub(crate) struct Polling<'s, S: AsRawFd> {
    poller: polling::Poller,
    events: polling::Events,
    watched: &'s [S],
}

impl<'s, S: AsRawFd> Polling<'s, S> {
    pub(crate) fn new(watched: &'s [S]) -> io::Result<Self> {
        let poller = polling::Poller::new()?;
        for (key, socket) in watched.iter().enumerate() {
            let (want, mode) = (polling::Event::readable(key), polling::PollMode::Level);
            // SAFETY: the sources are borrowed for as long as this lives, and deleted when it is dropped.
            unsafe { poller.add_with_mode(socket.as_raw_fd(), want, mode)? };
        }
        Ok(Self { poller, events: polling::Events::new(), watched })
    }

    #[inline(always)]
    pub(crate) fn wait(&mut self, timeout: Option<std::time::Duration>) -> usize {
        self.events.clear();
        self.poller.wait(&mut self.events, timeout).expect("the poller waits")
    }
}

impl<S: AsRawFd> Drop for Polling<'_, S> {
    fn drop(&mut self) {
        for socket in self.watched {
            // SAFETY: borrowed for `'s`, so open.
            let source = unsafe { std::os::fd::BorrowedFd::borrow_raw(socket.as_raw_fd()) };
            let _ = self.poller.delete(source);
        }
    }
}

/// Sets an option that is an integer.
pub(crate) fn set_option(fd: RawFd, level: c_int, name: c_int, value: c_int) {
    let value = ptr::from_ref(&value).cast::<c_void>();
    // SAFETY: the value is a live integer of the length given.
    let set = unsafe { libc::setsockopt(fd, level, name, value, size_of::<c_int>() as socklen_t) };
    assert_eq!(set, 0, "{}", io::Error::last_os_error());
}

/// Makes closing abort the connection, which frees the port at once.
pub(crate) fn reset_on_close(fd: RawFd) {
    let linger = libc::linger { l_onoff: 1, l_linger: 0 };
    let value = ptr::from_ref(&linger).cast::<c_void>();
    let length = size_of::<libc::linger>() as socklen_t;
    // SAFETY: the value is live and of the length given.
    let set = unsafe { libc::setsockopt(fd, libc::SOL_SOCKET, libc::SO_LINGER, value, length) };
    assert_eq!(set, 0, "{}", io::Error::last_os_error());
}

/// The headers of `sendmmsg(2)` and `recvmmsg(2)` for one buffer cut into equal pieces, made once.
pub(crate) struct Messages {
    headers: Vec<libc::mmsghdr>,
    // What the headers point to.
    _pieces: Vec<libc::iovec>,
    _names: Vec<sockaddr_in>,
    _buffer: Box<[u8]>,
}

impl Messages {
    pub(crate) fn new(count: usize, size: usize, name: sockaddr_in) -> Self {
        let mut buffer = vec![7; count * size].into_boxed_slice();
        let mut names = vec![name; count];
        let mut pieces: Vec<libc::iovec> = buffer
            .chunks_exact_mut(size)
            .map(|piece| libc::iovec { iov_base: piece.as_mut_ptr().cast(), iov_len: size })
            .collect();
        let headers = pieces
            .iter_mut()
            .zip(&mut names)
            .map(|(piece, name)| {
                // SAFETY: a message header is integers and pointers, and all zero is valid.
                let mut header: libc::mmsghdr = unsafe { std::mem::zeroed() };
                header.msg_hdr.msg_name = ptr::from_mut(name).cast();
                header.msg_hdr.msg_namelen = ADDRESS_SIZE;
                header.msg_hdr.msg_iov = piece;
                header.msg_hdr.msg_iovlen = 1;
                header
            })
            .collect();
        Self { headers, _pieces: pieces, _names: names, _buffer: buffer }
    }

    /// `sendmmsg(2)`
    #[inline(always)]
    pub(crate) fn send(&mut self, fd: RawFd) -> usize {
        let (first, count) = (self.headers.as_mut_ptr(), self.headers.len() as libc::c_uint);
        // SAFETY: the headers and all they point to are owned by this value.
        checked(unsafe { libc::sendmmsg(fd, first, count, 0) } as isize)
    }

    /// `recvmmsg(2)`
    #[inline(always)]
    pub(crate) fn receive(&mut self, fd: RawFd) -> usize {
        for header in &mut self.headers {
            header.msg_hdr.msg_namelen = ADDRESS_SIZE;
        }
        let (first, count) = (self.headers.as_mut_ptr(), self.headers.len() as libc::c_uint);
        // SAFETY: the headers and all they point to are owned by this value, which is exclusively borrowed.
        checked(unsafe { libc::recvmmsg(fd, first, count, libc::MSG_DONTWAIT, ptr::null_mut()) } as isize)
    }
}

/// Room for one control message of an integer.
#[repr(C, align(8))]
struct Control([u8; 32]);

/// `sendmsg(2)` with `UDP_SEGMENT`
#[inline(always)]
pub(crate) fn send_segmented(fd: RawFd, data: &[u8], segment: u16, to: &sockaddr_in) -> usize {
    let mut control = Control([0; 32]);
    let mut piece = libc::iovec { iov_base: data.as_ptr().cast_mut().cast(), iov_len: data.len() };
    // SAFETY: the message points to live locals and data, from which the kernel only reads; the control room is
    // aligned, and long enough for the one message written into it.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_name = ptr::from_ref(to).cast_mut().cast();
        message.msg_namelen = ADDRESS_SIZE;
        message.msg_iov = &raw mut piece;
        message.msg_iovlen = 1;
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = libc::CMSG_SPACE(size_of::<u16>() as u32) as _;
        let header = libc::CMSG_FIRSTHDR(&raw const message);
        (*header).cmsg_level = libc::SOL_UDP;
        (*header).cmsg_type = libc::UDP_SEGMENT;
        (*header).cmsg_len = libc::CMSG_LEN(size_of::<u16>() as u32) as _;
        libc::CMSG_DATA(header).cast::<u16>().write_unaligned(segment);
        checked(libc::sendmsg(fd, &raw const message, 0))
    }
}

/// `recvmsg(2)` with `UDP_GRO`; the bytes and the size of their segments.
#[inline(always)]
pub(crate) fn receive_joined(fd: RawFd, buffer: &mut [u8], from: &mut sockaddr_in) -> (usize, usize) {
    let mut control = Control([0; 32]);
    let mut piece = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
    // SAFETY: the message points to live, exclusively borrowed memory of the lengths given; the control messages
    // are read within the length the kernel wrote.
    unsafe {
        let mut message: libc::msghdr = std::mem::zeroed();
        message.msg_name = ptr::from_mut(from).cast();
        message.msg_namelen = ADDRESS_SIZE;
        message.msg_iov = &raw mut piece;
        message.msg_iovlen = 1;
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = control.0.len() as _;
        let received = checked(libc::recvmsg(fd, &raw mut message, libc::MSG_DONTWAIT));
        let header = libc::CMSG_FIRSTHDR(&raw const message);
        if header.is_null() || (*header).cmsg_type != libc::UDP_GRO {
            return (received, received);
        }
        (received, libc::CMSG_DATA(header).cast::<c_int>().read_unaligned() as usize)
    }
}
