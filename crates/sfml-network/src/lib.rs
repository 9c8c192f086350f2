//! TCP and UDP sockets, a selector and packets in SFML's vocabulary: bounded waits, typed errors, and calls that
//! cost little more than the system call they make.
//!
//! # The types
//!
//! [`IpAddress`] is an IPv4 or IPv6 address. Parsing takes numbers only; names are [resolved](IpAddress::resolve)
//! with a time limit.
//!
//! ```
//! use sfml_network::IpAddress;
//!
//! assert_eq!("127.0.0.1".parse(), Ok(IpAddress::LOCAL_HOST));
//! ```
//!
//! [`TcpSocket`] is one connection, [`TcpListener`] accepts them. A socket is closed when it is dropped.
//!
//! ```
//! use sfml_network::{IpAddress, TcpListener, TcpSocket};
//! use std::time::Duration;
//!
//! let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
//! let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), Duration::from_secs(5))?;
//! let server = listener.accept()?;
//! client.send(b"hello")?;
//! let mut greeting = [0; 5];
//! server.receive_exact(&mut greeting)?;
//! assert_eq!(&greeting, b"hello");
//! # Ok::<(), sfml_network::SocketError>(())
//! ```
//!
//! [`UdpSocket`] sends and receives datagrams, one at a time or in [batches](DatagramBatch).
//!
//! ```
//! use sfml_network::{IpAddress, UdpSocket};
//!
//! let socket = UdpSocket::bind(IpAddress::LOCAL_HOST, 0)?;
//! socket.send(b"note to self", IpAddress::LOCAL_HOST, socket.local_port())?;
//! let mut buffer = [0; 1500];
//! let (length, sender, _port) = socket.receive(&mut buffer)?;
//! assert_eq!((&buffer[..length], sender), (&b"note to self"[..], IpAddress::LOCAL_HOST));
//! # Ok::<(), sfml_network::SocketError>(())
//! ```
//!
//! [`SocketSelector`] waits on any number of sockets at once.
//!
//! ```
//! use sfml_network::{IpAddress, SocketSelector, UdpSocket};
//! use std::time::Duration;
//!
//! let socket = UdpSocket::bind(IpAddress::LOCAL_HOST, 0)?;
//! let selector = SocketSelector::new()?;
//! selector.add(&socket)?;
//! assert!(!selector.wait(Duration::from_millis(1))?);
//! socket.send(b"!", IpAddress::LOCAL_HOST, socket.local_port())?;
//! assert!(selector.wait(Duration::from_secs(5))? && selector.is_ready(&socket));
//! # Ok::<(), sfml_network::SocketError>(())
//! ```
//!
//! [`TlsSocket`](tls::TlsSocket) is a connection inside TLS, at either end; see [`tls`].
//!
//! [`Packet`] carries typed values in the format of `sf::Packet`, so the other end may be C++.
//!
//! ```
//! use sfml_network::Packet;
//!
//! let mut packet = Packet::new();
//! packet.write(7_u16).write("Ada");
//! assert_eq!((packet.read::<u16>()?, packet.read_string()?), (7, "Ada".to_owned()));
//! # Ok::<(), sfml_network::PacketError>(())
//! ```
//!
//! [`ftp::Ftp`] is a session with an FTP server, [`http::Http`] a client of HTTP servers; see [`ftp`] and [`http`].
//!
//! # Features
//!
//! `http` and `tls` are on by default; without them the library builds in seconds. `cookies`, `json`,
//! `encrypted-keys` and `aws-lc-rs` add what their names say. None changes what is there without it.
//!
//! # Waiting
//!
//! A socket in blocking mode, the default, waits; in [non-blocking mode](TcpSocket::set_blocking) a call that
//! cannot proceed returns [`SocketError::NotReady`]. Methods named `…_within` take a [`Wait`]: a duration, a
//! [`Deadline`], or one with a hook that may interrupt it. A limit bounds the whole call, name lookup included.
//! Methods named `try_…` never wait.
//!
//! # Threads
//!
//! All methods take `&self`. Closing a socket ends the calls other threads have under way on it, and a descriptor is
//! freed only after the last of them has returned, so that none can reach a stranger's socket.
//!
//! # Systems
//!
//! Linux has a backend of its own (rustix, epoll). macOS, the BSDs and Windows share one built on socket2 and
//! polling; it passes the same tests on Linux, compiles for those systems, and has not been run on them yet.

mod address;
mod descriptor;
mod error;
pub mod ftp;
#[cfg(feature = "http")]
pub mod http;
mod interrupt;
mod layer;
mod packet;
mod readiness;
mod resolver;
#[cfg(all(test, any(feature = "http", feature = "tls")))]
#[path = "../../../fuzz/checks/seeds.rs"]
mod seeds;
mod selector;
mod socket;
mod stream;
mod sys;
mod time;
#[cfg(feature = "tls")]
pub mod tls;
mod transfer;
mod wait;

pub use address::{IpAddress, ParseAddressError};
pub use error::SocketError;
pub use packet::{Packet, PacketError, PacketRead, PacketTransform, PacketWrite};
pub use readiness::Readiness;
pub use selector::{Event, Key, Selectable, SocketSelector};
pub use socket::{
    BindOptions, Datagram, DatagramBatch, Datagrams, Dscp, Incomplete, ListenOptions, ReceivedDatagram,
    TcpKeepalive, TcpListener, TcpSocket, UdpSocket,
};
pub use time::Deadline;
pub use wait::Wait;

/// The examples of the project's front page.
#[cfg(all(doctest, feature = "http"))]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// The examples of the page about FTP.
#[cfg(doctest)]
#[doc = include_str!("../../../docs/ftp.md")]
struct FtpPage;

/// The examples of the page about TLS.
#[cfg(all(doctest, feature = "tls"))]
#[doc = include_str!("../../../docs/tls.md")]
struct TlsPage;

/// The examples of the page about HTTP.
#[cfg(all(doctest, feature = "http"))]
#[doc = include_str!("../../../docs/http.md")]
struct HttpPage;
