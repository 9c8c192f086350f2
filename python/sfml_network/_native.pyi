# ruff: noqa: PYI021 (editors show these sentences; they cannot ask a compiled module)
"""The types of the extension module; `python/tests/test_stub.py` keeps its sentences those of the module."""

import sys
from collections.abc import (
    Callable,
    ItemsView,
    Iterable,
    Iterator,
    KeysView,
    Mapping,
    MutableMapping,
    ValuesView,
)
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address
from os import PathLike
from typing import Any, ClassVar, Literal, Protocol, Self, TypeAlias, TypeVar, final, overload

from typing_extensions import Buffer, disjoint_base

from sfml_network._ftp import FtpError, FtpStatus, FtpTransferMode, FtpTreeProgress, FtpTreeReport
from sfml_network._http import HttpError, HttpMethod, HttpStatus
from sfml_network._status import Status
from sfml_network._status import TlsStatus as _TlsStatus
from sfml_network._text import CallableText, Text
from sfml_network.system import Time

__all__ = [
    "Ftp",
    "FtpDirectoryResponse",
    "FtpEntry",
    "FtpListingResponse",
    "FtpOptions",
    "FtpResponse",
    "FtpTransferResponse",
    "Http",
    "HttpChunks",
    "HttpFields",
    "HttpRequest",
    "HttpRequestFields",
    "HttpResponse",
    "IpAddress",
    "Packet",
    "Socket",
    "SocketOptions",
    "SocketSelector",
    "TcpListener",
    "TcpSocket",
    "UdpSocket",
    "__version__",
]

__version__: str

# How long a call may take: `float` is seconds. `None`, zero and `Time.ZERO` mean without limit.
_Timeout: TypeAlias = Time | timedelta | float | None

# A length of time; `None` where an option may be off.
_Span: TypeAlias = Time | timedelta | float | None

# Where to bind, listen or send to: a `str` is a numeric address. `TcpSocket.connect` takes host names too.
_Address: TypeAlias = IpAddress | str | IPv4Address | IPv6Address

# What is sent: any contiguous buffer, or a `str`, which goes out as UTF-8.
_Data: TypeAlias = Buffer | str

# A path on the server, or words for it: a `str` goes out as UTF-8 with surrogate escapes as their bytes.
_Remote: TypeAlias = str | bytes | PathLike[str] | PathLike[bytes]

# A path on this computer.
_Path: TypeAlias = str | bytes | PathLike[str] | PathLike[bytes]

# Certificates or a key: PEM text as a `str` or `bytes`, or the path of a file.
_Pem: TypeAlias = str | bytes | PathLike[str] | PathLike[bytes]

# Called with the bytes done and the bytes in all, if that is known; `False` cancels the call.
_Progress: TypeAlias = Callable[[int, int | None], object] | None

# A method of HTTP: a member of `HttpMethod`, its number, or any token.
_Method: TypeAlias = HttpMethod | int | str | bytes

# Header fields: a mapping, or pairs where a name may come twice.
_SomeFields: TypeAlias = (
    Mapping[str, str | bytes] | Mapping[bytes, str | bytes] | Iterable[tuple[str | bytes, str | bytes]]
)
_Fields: TypeAlias = _SomeFields | None

# A query or a form: names, each with a value or several; one that is None is left out.
_Value: TypeAlias = str | bytes | float | None
_Values: TypeAlias = _Value | list[_Value] | tuple[_Value, ...]
_Pairs: TypeAlias = Mapping[str, Any] | Iterable[tuple[str | bytes, _Values]] | None

# The body of a request: in memory, a file by its path, or a binary file or pieces, which can be sent once.
_Body: TypeAlias = Buffer | str | PathLike[str] | PathLike[bytes] | _Reader | Iterable[bytes] | None

# A file of a form: a path, contents, or a tuple of file name, contents and perhaps the type.
_File: TypeAlias = Buffer | str | PathLike[str] | PathLike[bytes] | _Reader
_Files: TypeAlias = (
    Mapping[str, _File | tuple[str, _File] | tuple[str, _File, str | None]]
    | Iterable[tuple[str, _File | tuple[str, _File] | tuple[str, _File, str | None]]]
    | None
)

# Who asks: a user and a password, or a token.
_Auth: TypeAlias = tuple[str | bytes, str | bytes] | str | bytes | None

# The same for a tree.
_TreeProgress: TypeAlias = Callable[[FtpTreeProgress], object] | None

# Patterns for the paths of a tree: one, or several.
_Patterns: TypeAlias = str | bytes | Iterable[str | bytes]

class _Writer(Protocol):
    def write(self, data: bytes, /) -> object: ...

class _Reader(Protocol):
    def read(self, size: int, /) -> Buffer: ...

_SocketT = TypeVar("_SocketT", bound=TcpSocket)
_PacketT = TypeVar("_PacketT", bound=Packet)
_T = TypeVar("_T")

@disjoint_base
class IpAddress:
    """An IPv4 or IPv6 address."""

    NONE: ClassVar[IpAddress]
    ANY: ClassVar[IpAddress]
    ANY_V6: ClassVar[IpAddress]
    LOCAL_HOST: ClassVar[IpAddress]
    LOCAL_HOST_V6: ClassVar[IpAddress]
    BROADCAST: ClassVar[IpAddress]
    __match_args__ = ("string",)

    def __new__(cls, address: _Address | int | bytes | None = None, /) -> Self: ...
    @classmethod
    @overload
    def from_string(cls, string: str, timeout: _Timeout = None) -> IpAddress:
        """Makes an address of a numeric string or a host name, which is looked up."""
    @classmethod
    @overload
    def from_string(cls, *, _string: str, timeout: _Timeout = None) -> IpAddress: ...
    @classmethod
    @overload
    def from_integer(cls, integer: int) -> IpAddress:
        """Makes an IPv4 address of its integer, most significant byte first: 0x7F000001 is 127.0.0.1."""
    @classmethod
    @overload
    def from_integer(cls, *, address: int) -> IpAddress: ...
    @classmethod
    def from_bytes(cls, b0: int, b1: int, b2: int, b3: int) -> IpAddress:
        """Makes the IPv4 address ``b0.b1.b2.b3``."""
    @classmethod
    def resolve(cls, name: str, timeout: _Timeout = None) -> tuple[IpAddress, ...]:
        """Looks up all addresses of a host name, in the system's order of preference."""
    @classmethod
    def get_local_address(cls, *, ipv6: bool = False) -> IpAddress:
        """Returns the address this computer has in its local network, `NONE` when it has no route."""
    @classmethod
    @overload
    def get_public_address(
        cls,
        timeout: _Timeout = None,
        *,
        services: Iterable[str] | None = None,
        family: Literal[4, 6] = 4,
        ca: _Pem | None = None,
    ) -> IpAddress:
        """Returns the address this computer has on the internet, `NONE` when it is not known."""
    @classmethod
    @overload
    def get_public_address(
        cls,
        *,
        time: _Timeout,
        services: Iterable[str] | None = None,
        family: Literal[4, 6] = 4,
        ca: _Pem | None = None,
    ) -> IpAddress: ...
    @property
    def string(self) -> Text:
        """The address in its usual notation, "192.168.1.56" or "::1"."""
    @property
    def integer(self) -> int:
        """The address as an int, most significant byte first; 0 for `NONE`."""
    @property
    def is_v4(self) -> bool:
        """Whether this is an IPv4 address."""
    @property
    def is_v6(self) -> bool:
        """Whether this is an IPv6 address."""
    def to_ipaddress(self) -> IPv4Address | IPv6Address:
        """Returns the same address as an `ipaddress.IPv4Address` or `IPv6Address`."""
    def __eq__(self, other: object, /) -> bool: ...
    def __ne__(self, other: object, /) -> bool: ...
    def __lt__(self, other: IpAddress | IPv4Address | IPv6Address, /) -> bool: ...
    def __le__(self, other: IpAddress | IPv4Address | IPv6Address, /) -> bool: ...
    def __gt__(self, other: IpAddress | IPv4Address | IPv6Address, /) -> bool: ...
    def __ge__(self, other: IpAddress | IPv4Address | IPv6Address, /) -> bool: ...
    def __hash__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __int__(self) -> int: ...
    def __bytes__(self) -> bytes: ...
    def __format__(self, specification: str, /) -> str: ...
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object) -> Self: ...

@disjoint_base
class Socket:
    """Base of `TcpSocket`, `UdpSocket` and `TcpListener`; not created by itself."""

    ANY_PORT: ClassVar[int]
    DONE: ClassVar[Status]
    NOT_READY: ClassVar[Status]
    PARTIAL: ClassVar[Status]
    DISCONNECTED: ClassVar[Status]
    ERROR: ClassVar[Status]

    @property
    def blocking(self) -> bool:
        """Whether calls wait until they can proceed (`True`, the default), or raise `SocketNotReady` at once."""
    @blocking.setter
    def blocking(self, value: bool, /) -> None: ...
    @property
    def closed(self) -> bool:
        """Whether the socket has no descriptor: it was closed, or not yet connected, bound or listening."""
    def fileno(self) -> int:
        """Returns the number of the socket's descriptor, or -1 when it has none."""
    def detach(self) -> int:
        """Takes the descriptor out of this socket and returns its number, without closing it."""
    @property
    def options(self) -> SocketOptions:
        """The options of the socket, such as ``socket.options.tcp_nodelay``; they can be used while it is open."""
    def __enter__(self) -> Self: ...
    def __exit__(self, *_exception: object) -> None: ...

@final
class SocketOptions:
    """The options of an open socket; `Socket.options` returns it."""

    @property
    def recv_buffer_size(self) -> int:
        """Bytes the system keeps until they are received (SO_RCVBUF). Linux grants twice what is set, within limits."""
    @recv_buffer_size.setter
    def recv_buffer_size(self, value: int, /) -> None: ...
    @property
    def send_buffer_size(self) -> int:
        """Bytes the system keeps until they are sent (SO_SNDBUF). Linux grants twice what is set, within limits."""
    @send_buffer_size.setter
    def send_buffer_size(self, value: int, /) -> None: ...
    @property
    def ttl_v4(self) -> int:
        """The hops IPv4 packets may take (IP_TTL)."""
    @ttl_v4.setter
    def ttl_v4(self, value: int, /) -> None: ...
    @property
    def unicast_hops_v6(self) -> int:
        """The hops IPv6 packets may take (IPV6_UNICAST_HOPS)."""
    @unicast_hops_v6.setter
    def unicast_hops_v6(self, value: int, /) -> None: ...
    @property
    def tos_v4(self) -> int:
        """The class of service of IPv4 packets (IP_TOS): 184 for expedited forwarding, the usual one for games."""
    @tos_v4.setter
    def tos_v4(self, value: int, /) -> None: ...
    @property
    def tcp_nodelay(self) -> bool:
        """Whether small pieces of data are sent at once (TCP_NODELAY); on unless set."""
    @tcp_nodelay.setter
    def tcp_nodelay(self, value: bool, /) -> None: ...
    @property
    def linger(self) -> timedelta | None:
        """How long closing waits for data to be sent (SO_LINGER); None for not at all, in the background."""
    @linger.setter
    def linger(self, value: _Span, /) -> None: ...
    @property
    def broadcast(self) -> bool:
        """Whether sending to broadcast addresses is allowed (SO_BROADCAST); on unless set."""
    @broadcast.setter
    def broadcast(self, value: bool, /) -> None: ...
    @property
    def multicast_loop_v4(self) -> bool:
        """Whether this computer receives what it sends to IPv4 groups (IP_MULTICAST_LOOP)."""
    @multicast_loop_v4.setter
    def multicast_loop_v4(self, value: bool, /) -> None: ...
    @property
    def multicast_loop_v6(self) -> bool:
        """Whether this computer receives what it sends to IPv6 groups (IPV6_MULTICAST_LOOP)."""
    @multicast_loop_v6.setter
    def multicast_loop_v6(self, value: bool, /) -> None: ...
    @property
    def multicast_ttl_v4(self) -> int:
        """The hops packets to IPv4 groups may take (IP_MULTICAST_TTL)."""
    @multicast_ttl_v4.setter
    def multicast_ttl_v4(self, value: int, /) -> None: ...
    @property
    def multicast_hops_v6(self) -> int:
        """The hops packets to IPv6 groups may take (IPV6_MULTICAST_HOPS)."""
    @multicast_hops_v6.setter
    def multicast_hops_v6(self, value: int, /) -> None: ...
    @property
    def multicast_if_v4(self) -> IpAddress:
        """The address of the interface that packets to IPv4 groups leave through (IP_MULTICAST_IF)."""
    @multicast_if_v4.setter
    def multicast_if_v4(self, value: _Address, /) -> None: ...
    @property
    def multicast_if_v6(self) -> int:
        """The index of the interface that packets to IPv6 groups leave through (IPV6_MULTICAST_IF)."""
    @multicast_if_v6.setter
    def multicast_if_v6(self, value: int, /) -> None: ...
    if sys.platform != "win32":
        @property
        def tclass_v6(self) -> int:
            """The class of service of IPv6 packets (IPV6_TCLASS). Not on Windows."""
        @tclass_v6.setter
        def tclass_v6(self, value: int, /) -> None: ...
        @property
        def tcp_keepalive(self) -> tuple[timedelta, timedelta, int] | None:
            """When a silent peer is asked for a sign (SO_KEEPALIVE): (time, interval, retries), or None for never."""
        @tcp_keepalive.setter
        def tcp_keepalive(self, value: tuple[_Span, _Span, int] | None, /) -> None: ...
    if sys.platform == "linux":
        @property
        def priority(self) -> int:
            """The priority of packets in this computer's queues (SO_PRIORITY). Linux only."""
        @priority.setter
        def priority(self, value: int, /) -> None: ...
        @property
        def busy_poll(self) -> timedelta:
            """How long a receive asks the device itself before it sleeps (SO_BUSY_POLL). Linux only."""
        @busy_poll.setter
        def busy_poll(self, value: Time | timedelta | float, /) -> None: ...
        @property
        def tcp_user_timeout(self) -> timedelta | None:
            """How long sent data may stay unconfirmed (TCP_USER_TIMEOUT); None for the system's limit. Linux only."""
        @tcp_user_timeout.setter
        def tcp_user_timeout(self, value: _Span, /) -> None: ...
        @property
        def tcp_quickack(self) -> bool:
            """Whether received data is confirmed at once (TCP_QUICKACK). Linux only."""
        @tcp_quickack.setter
        def tcp_quickack(self, value: bool, /) -> None: ...

@disjoint_base
class TcpSocket(Socket):
    """One TCP connection."""

    TlsStatus: ClassVar[type[_TlsStatus]]

    def __init__(self) -> None: ...
    @property
    def local_port(self) -> int:
        """The port of this end, 0 when not connected."""
    @property
    def local_address(self) -> IpAddress:
        """The address of this end, `IpAddress.NONE` when not connected."""
    @property
    def remote_address(self) -> IpAddress:
        """The address of the peer, `IpAddress.NONE` when not connected."""
    @property
    def remote_port(self) -> int:
        """The port of the peer, 0 when not connected."""
    @overload
    def connect(self, remote_address: _Address, remote_port: int, timeout: _Timeout = None) -> None:
        """Connects to a peer; a socket that is connected is disconnected first."""
    @overload
    def connect(self, remote_address: _Address, *, port: int, timeout: _Timeout = None) -> None: ...
    def setup_tls_client(
        self,
        hostname: str,
        verify: bool = True,
        *,
        ca: _Pem | None = None,
        cert: _Pem | None = None,
        key: _Pem | None = None,
        password: str = "",
        alpn: Iterable[str | bytes] | None = None,
        timeout: _Timeout = None,
    ) -> _TlsStatus:
        """Puts the connection into TLS as the client, or moves the handshake on; returns the `TlsStatus`."""
    def setup_tls_server(
        self,
        chain: _Pem,
        key: _Pem,
        password: str = "",
        *,
        client_ca: _Pem | None = None,
        require_client_certificate: bool = False,
        alpn: Iterable[str | bytes] | None = None,
        timeout: _Timeout = None,
    ) -> _TlsStatus:
        """Puts the connection into TLS as the server, or moves the handshake on; returns the `TlsStatus`."""
    @property
    def tls_status(self) -> _TlsStatus:
        """How far TLS is, a `TlsStatus`: NOT_CONNECTED on a plain socket, ERROR after a failure."""
    @property
    def tls_version(self) -> Literal["TLS 1.2", "TLS 1.3"] | None:
        """The version of TLS that was agreed on, "TLS 1.3" or "TLS 1.2"; `None` on a plain socket."""
    @property
    def ciphersuite(self) -> str | None:
        """The cipher suite that was agreed on, such as "TLS_AES_256_GCM_SHA384"; `None` on a plain socket."""
    @property
    def alpn(self) -> str | None:
        """The application protocol that was agreed on (ALPN), `None` without one."""
    @property
    def peer_certificates(self) -> list[bytes]:
        """The certificates that the peer has shown in TLS, its own first, as DER bytes."""
    @property
    def session_reused(self) -> bool | None:
        """Whether the handshake took up an earlier session; `None` before that is known, and on a plain
        socket.
        """
    @property
    def server_name(self) -> str | None:
        """At the server's end of TLS the name that the client has asked for, `None` without one."""
    def disconnect(self) -> None:
        """Ends the connection, and the calls other threads have under way on it. No effect when not
        connected.
        """
    def close(self) -> None:
        """The same as `disconnect`, under the name other Python sockets use."""
    def send(self, data: _Data, timeout: _Timeout = None) -> int:
        """Sends data and returns how many bytes the system took."""
    def receive(self, size: int, timeout: _Timeout = None) -> bytes:
        """Receives 1 to `size` bytes, waiting until some arrive."""
    def try_receive(self, size: int) -> bytes | None:
        """Receives what is there, without waiting whatever the mode; `None` when there is nothing."""
    def receive_into(self, buffer: Buffer, timeout: _Timeout = None) -> int:
        """Receives into a writable buffer and returns the number of bytes, at least 1 unless the buffer is
        empty.
        """
    def receive_exact(self, size: int, timeout: _Timeout = None) -> bytes:
        """Receives exactly `size` bytes."""
    def peek(self, size: int, timeout: _Timeout = None) -> bytes:
        """Returns what `receive` would, without taking it: the next call receives the same bytes again."""
    def shutdown(self) -> None:
        """Tells the peer that nothing more will be sent; this end can still receive."""
    def send_packet(self, packet: Packet, timeout: _Timeout = None) -> None:
        """Sends a packet: its length as four bytes, then its data, as SFML does."""
    @overload
    def receive_packet(self, packet: None = None, timeout: _Timeout = None) -> Packet:
        """Receives a packet and returns it; given one, fills and returns that."""
    @overload
    def receive_packet(self, packet: _PacketT, timeout: _Timeout = None) -> _PacketT: ...
    @property
    def packet_limit(self) -> int:
        """The longest packet this socket receives, in bytes; 16 MiB unless set."""
    @packet_limit.setter
    def packet_limit(self, value: int, /) -> None: ...

@disjoint_base
class UdpSocket(Socket):
    """Sends datagrams to, and receives them from, any address."""

    MAX_DATAGRAM_SIZE: ClassVar[int]

    def __init__(self) -> None: ...
    @property
    def local_port(self) -> int:
        """The port it is bound to, 0 when it is not bound."""
    @property
    def local_address(self) -> IpAddress:
        """The address it is bound to, `IpAddress.NONE` when it is not bound."""
    def bind(
        self,
        port: int,
        address: _Address | None = None,
        *,
        reuse_address: bool = False,
        reuse_port: bool = False,
    ) -> None:
        """Takes a port, after giving up any other."""
    def unbind(self) -> None:
        """Gives up the port, and ends the calls other threads have under way. No effect when not bound."""
    def close(self) -> None:
        """The same as `unbind`, under the name other Python sockets use."""
    @overload
    def send(self, data: _Data, remote_address: _Address, port: int, timeout: _Timeout = None) -> int:
        """Sends one datagram and returns its length."""
    @overload
    def send(
        self, data: _Data, remote_address: _Address, *, remote_port: int, timeout: _Timeout = None
    ) -> int: ...
    def receive(self, size: int, timeout: _Timeout = None) -> tuple[bytes, IpAddress, int]:
        """Receives one datagram, waiting until one comes: its data, its sender's address and port."""
    def try_receive(self, size: int) -> tuple[bytes, IpAddress, int] | None:
        """Receives a datagram that is there already, whatever the mode; `None` when there is none."""
    def receive_into(self, buffer: Buffer, timeout: _Timeout = None) -> tuple[int, IpAddress, int]:
        """Receives one datagram into a writable buffer: its length, its sender's address and port."""
    def send_many(self, datagrams: Iterable[tuple[_Data, _Address, int]], timeout: _Timeout = None) -> int:
        """Sends many datagrams, each a tuple of data, address and port; returns how many were sent."""
    def receive_many(
        self, most: int = 64, size: int = 65507, timeout: _Timeout = None
    ) -> list[tuple[bytes, IpAddress, int]]:
        """Receives 1 to `most` datagrams with few system calls, waiting until one comes."""
    def send_segmented(
        self, data: _Data, size: int, remote_address: _Address, port: int, timeout: _Timeout = None
    ) -> int:
        """Sends data as datagrams of `size` bytes, the last one shorter; returns how many bytes were sent."""
    def set_gro(self, on: bool) -> None:
        """Lets the system join datagrams that come in a run (UDP_GRO), for a much faster `receive_many`."""
    def join_multicast(self, group: _Address, interface: _Address | int | None = None) -> None:
        """Receives what is sent to a multicast group, too."""
    def leave_multicast(self, group: _Address, interface: _Address | int | None = None) -> None:
        """No longer receives what is sent to a multicast group that was joined on that interface."""
    def send_packet(
        self, packet: Packet, remote_address: _Address, port: int, timeout: _Timeout = None
    ) -> None:
        """Sends a packet's data as one datagram, as SFML does: a datagram needs no length in front."""
    @overload
    def receive_packet(self, packet: None = None, timeout: _Timeout = None) -> tuple[Packet, IpAddress, int]:
        """Receives one datagram as a packet: the packet, its sender's address and port."""
    @overload
    def receive_packet(
        self, packet: _PacketT, timeout: _Timeout = None
    ) -> tuple[_PacketT, IpAddress, int]: ...

@disjoint_base
class TcpListener(Socket):
    """Listens on a port and accepts TCP connections."""

    def __init__(self) -> None: ...
    @property
    def local_port(self) -> int:
        """The port it listens on, 0 when it does not listen."""
    @property
    def local_address(self) -> IpAddress:
        """The address it listens on, `IpAddress.NONE` when it does not listen."""
    def listen(
        self, port: int, address: _Address | None = None, *, backlog: int = 4096, reuse_port: bool = False
    ) -> None:
        """Listens on a port, after it stopped listening on any other."""
    def close(self) -> None:
        """Stops listening, and ends the calls other threads have under way. No effect when not listening."""
    @overload
    def accept(self, socket: None = None, timeout: _Timeout = None) -> TcpSocket:
        """Accepts a connection, waiting until one comes, and returns its `TcpSocket`, in blocking mode."""
    @overload
    def accept(self, socket: _SocketT, timeout: _Timeout = None) -> _SocketT: ...
    def try_accept(self) -> TcpSocket | None:
        """Accepts a connection that is there already, whatever the mode; `None` when there is none."""

@disjoint_base
class SocketSelector:
    """Waits until any of many sockets is ready, at a cost that does not depend on their number."""

    def __init__(self) -> None: ...
    def add(self, socket: Socket, *, readable: bool = True, writable: bool = False) -> None:
        """Adds a socket, to be told when it can be received from or accepted on; on request, when it can be
        sent on.
        """
    def remove(self, socket: Socket) -> bool:
        """Removes a socket; returns whether it was here. Closed sockets have left already."""
    def clear(self) -> None:
        """Removes all sockets."""
    def wait(self, timeout: _Timeout = None) -> bool:
        """Waits until a socket is ready; returns whether one is."""
    def poll(self) -> bool:
        """Looks which sockets are ready, without waiting; returns whether one is."""
    def is_ready(self, socket: Socket) -> bool:
        """Whether the last wait found the socket ready to receive from or accept on."""
    def is_writable(self, socket: Socket) -> bool:
        """Whether the last wait found the socket, added with ``writable=True``, ready to send on."""
    def ready(self) -> list[Socket]:
        """Returns the sockets the last wait found ready, as a list in no particular order."""
    def wake(self) -> None:
        """Makes a `wait` in another thread return now, or the next one at once."""
    def __iter__(self) -> Iterator[Socket]: ...
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __contains__(self, socket: object, /) -> bool: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *_exception: object) -> None: ...

@disjoint_base
class Packet:
    """Typed values in SFML's wire format, to exchange with C++ `sf::Packet`."""

    def __init__(self, data: _Data | None = None) -> None: ...
    @property
    def data(self) -> bytes:
        """All data of the packet."""
    @property
    def read_position(self) -> int:
        """How many bytes have been read."""
    @property
    def end_of_packet(self) -> bool:
        """Whether everything has been read."""
    @property
    def is_valid(self) -> bool:
        """Whether no read has failed."""
    def append(self, data: _Data) -> Self:
        """Appends raw bytes."""
    def clear(self) -> Self:
        """Empties the packet and makes it valid again."""
    def on_send(self) -> _Data:
        """What is sent for this packet; override it to compress or encrypt. Returns `data`."""
    def on_receive(self, data: bytes) -> None:
        """Fills this packet from what was received; override it to undo what `on_send` did, and call it with
        the result.
        """
    def write_bool(self, value: bool) -> Self:
        """Appends a bool as one byte."""
    def write_i8(self, value: int) -> Self:
        """Appends a signed 8-bit integer."""
    def write_u8(self, value: int) -> Self:
        """Appends an unsigned 8-bit integer."""
    def write_i16(self, value: int) -> Self:
        """Appends a signed 16-bit integer."""
    def write_u16(self, value: int) -> Self:
        """Appends an unsigned 16-bit integer."""
    def write_i32(self, value: int) -> Self:
        """Appends a signed 32-bit integer."""
    def write_u32(self, value: int) -> Self:
        """Appends an unsigned 32-bit integer."""
    def write_i64(self, value: int) -> Self:
        """Appends a signed 64-bit integer."""
    def write_u64(self, value: int) -> Self:
        """Appends an unsigned 64-bit integer."""
    def write_f32(self, value: float) -> Self:
        """Appends a 32-bit float."""
    def write_f64(self, value: float) -> Self:
        """Appends a 64-bit float."""
    def write_string(self, value: _Data) -> Self:
        """Appends a string behind its length in bytes; a str as UTF-8. C++ reads it as `std::string`."""
    def write_wide_string(self, value: str) -> Self:
        """Appends a string behind its length in characters, four bytes each. C++ reads it as `std::wstring`
        or `sf::String`.
        """
    def read_bool(self) -> bool:
        """Takes a bool."""
    def read_i8(self) -> int:
        """Takes a signed 8-bit integer."""
    def read_u8(self) -> int:
        """Takes an unsigned 8-bit integer."""
    def read_i16(self) -> int:
        """Takes a signed 16-bit integer."""
    def read_u16(self) -> int:
        """Takes an unsigned 16-bit integer."""
    def read_i32(self) -> int:
        """Takes a signed 32-bit integer."""
    def read_u32(self) -> int:
        """Takes an unsigned 32-bit integer."""
    def read_i64(self) -> int:
        """Takes a signed 64-bit integer."""
    def read_u64(self) -> int:
        """Takes an unsigned 64-bit integer."""
    def read_f32(self) -> float:
        """Takes a 32-bit float."""
    def read_f64(self) -> float:
        """Takes a 64-bit float."""
    def read_string(self) -> str:
        """Takes a string, which must be UTF-8."""
    def read_string_bytes(self) -> bytes:
        """Takes a string as its bytes, whatever they are."""
    def read_wide_string(self) -> str:
        """Takes a wide string."""
    def read_bytes(self, count: int) -> bytes:
        """Takes `count` raw bytes."""
    def __len__(self) -> int: ...
    def __bool__(self) -> bool: ...
    def __bytes__(self) -> bytes: ...
    def __eq__(self, other: object, /) -> bool: ...
    def __getstate__(self) -> tuple[bytes, dict[str, object] | None]: ...
    def __setstate__(self, state: tuple[_Data, dict[str, object] | None], /) -> None: ...
    __hash__: ClassVar[None]  # type: ignore[assignment]

@disjoint_base
class FtpResponse:
    """What became of a command: a status, the server's words, and what went wrong."""

    RESTART_MARKER_REPLY: ClassVar[FtpStatus]
    SERVICE_READY_SOON: ClassVar[FtpStatus]
    DATA_CONNECTION_ALREADY_OPENED: ClassVar[FtpStatus]
    OPENING_DATA_CONNECTION: ClassVar[FtpStatus]
    OK: ClassVar[FtpStatus]
    POINTLESS_COMMAND: ClassVar[FtpStatus]
    SYSTEM_STATUS: ClassVar[FtpStatus]
    DIRECTORY_STATUS: ClassVar[FtpStatus]
    FILE_STATUS: ClassVar[FtpStatus]
    HELP_MESSAGE: ClassVar[FtpStatus]
    SYSTEM_TYPE: ClassVar[FtpStatus]
    SERVICE_READY: ClassVar[FtpStatus]
    CLOSING_CONNECTION: ClassVar[FtpStatus]
    DATA_CONNECTION_OPENED: ClassVar[FtpStatus]
    CLOSING_DATA_CONNECTION: ClassVar[FtpStatus]
    ENTERING_PASSIVE_MODE: ClassVar[FtpStatus]
    LOGGED_IN: ClassVar[FtpStatus]
    FILE_ACTION_OK: ClassVar[FtpStatus]
    DIRECTORY_OK: ClassVar[FtpStatus]
    NEED_PASSWORD: ClassVar[FtpStatus]
    NEED_ACCOUNT_TO_LOG_IN: ClassVar[FtpStatus]
    NEED_INFORMATION: ClassVar[FtpStatus]
    SERVICE_UNAVAILABLE: ClassVar[FtpStatus]
    DATA_CONNECTION_UNAVAILABLE: ClassVar[FtpStatus]
    TRANSFER_ABORTED: ClassVar[FtpStatus]
    FILE_ACTION_ABORTED: ClassVar[FtpStatus]
    LOCAL_ERROR: ClassVar[FtpStatus]
    INSUFFICIENT_STORAGE_SPACE: ClassVar[FtpStatus]
    COMMAND_UNKNOWN: ClassVar[FtpStatus]
    PARAMETERS_UNKNOWN: ClassVar[FtpStatus]
    COMMAND_NOT_IMPLEMENTED: ClassVar[FtpStatus]
    BAD_COMMAND_SEQUENCE: ClassVar[FtpStatus]
    PARAMETER_NOT_IMPLEMENTED: ClassVar[FtpStatus]
    NOT_LOGGED_IN: ClassVar[FtpStatus]
    NEED_ACCOUNT_TO_STORE: ClassVar[FtpStatus]
    FILE_UNAVAILABLE: ClassVar[FtpStatus]
    PAGE_TYPE_UNKNOWN: ClassVar[FtpStatus]
    NOT_ENOUGH_MEMORY: ClassVar[FtpStatus]
    FILENAME_NOT_ALLOWED: ClassVar[FtpStatus]
    INVALID_RESPONSE: ClassVar[FtpStatus]
    CONNECTION_FAILED: ClassVar[FtpStatus]
    CONNECTION_CLOSED: ClassVar[FtpStatus]
    INVALID_FILE: ClassVar[FtpStatus]

    def __new__(cls, status: int = 1000, message: str | bytes = "") -> Self: ...
    @property
    def ok(self) -> bool:
        """Whether the status means no failure: it is below 400."""
    @property
    def status(self) -> FtpStatus | int:
        """The status: a member of `FtpStatus`, or a plain int where the number has no name."""
    @property
    def message(self) -> Text:
        """The server's words without the code at their front, several lines separated by line feeds."""
    @property
    def error(self) -> FtpError | None:
        """Why the call did not succeed, as an `FtpError`; None when it did."""
    def raise_for_status(self) -> Self:
        """Raises the `error`, if there is one; returns the response otherwise."""
    def __copy__(self) -> Self: ...
    def __deepcopy__(self, _memo: object, /) -> Self: ...

@final
class FtpDirectoryResponse(FtpResponse):
    """The response to `Ftp.get_working_directory` and `create_directory`, with a path."""

    def __new__(cls) -> Self: ...
    @property
    def directory(self) -> Text:
        """The path of the directory, empty when the call failed."""
    @property
    def get_directory(self) -> CallableText:
        """The same, which may also be called: the documentation shows it both ways."""

@final
class FtpListingResponse(FtpResponse):
    """The response to `Ftp.get_directory_listing`, with the names in the directory."""

    def __new__(cls) -> Self: ...
    @property
    def filenames(self) -> tuple[Text, ...]:
        """The names as a tuple, empty when the call failed; bytes that are no UTF-8 are surrogate escapes."""
    def get_filenames(self) -> tuple[Text, ...]:
        """Returns the same tuple."""

@final
class FtpTransferResponse(FtpResponse):
    """The response to `Ftp.download` and `Ftp.upload`, with what was moved."""

    def __new__(cls) -> Self: ...
    @property
    def transferred(self) -> int:
        """How many bytes this call has moved, 0 when it failed."""
    @property
    def resumed_from(self) -> int:
        """How many bytes were there before, from an earlier attempt; 0 unless it was resumed."""
    @property
    def path(self) -> str | None:
        """The local file as a str; None for a file object, and when the call failed."""

@final
class FtpEntry:
    """One entry of a directory, as `Ftp.entries` and `Ftp.entry` return it. What the server did not tell is
    None.
    """

    @property
    def name(self) -> Text:
        """The name; bytes that are no UTF-8 are surrogate escapes."""
    @property
    def kind(self) -> Literal["file", "directory", "link", "other"]:
        """What it is: "file", "directory", "link" or "other"."""
    @property
    def is_file(self) -> bool:
        """Whether it is a file."""
    @property
    def is_dir(self) -> bool:
        """Whether it is a directory."""
    @property
    def is_link(self) -> bool:
        """Whether it is a symbolic link; what it leads to is not known."""
    @property
    def size(self) -> int | None:
        """The size in bytes."""
    @property
    def modified(self) -> datetime | None:
        """When it was changed last: in UTC, or without a time zone where the server does not tell it."""
    @property
    def permissions(self) -> int | None:
        """The twelve bits of its Unix permissions, as in ``0o644``."""
    @property
    def owner(self) -> Text | None:
        """The name or number of its owner."""
    @property
    def group(self) -> Text | None:
        """The name or number of its group."""
    @property
    def target(self) -> Text | None:
        """Where a link leads."""

@final
class FtpOptions:
    """How the sessions of an `Ftp` behave; `Ftp.options` returns it, and `Ftp` takes each as a keyword."""

    @property
    def connect_timeout(self) -> timedelta | None:
        """The longest a connection may take to be made, name lookup included; 30 s. `connect` may be given
        another.
        """
    @connect_timeout.setter
    def connect_timeout(self, value: _Span, /) -> None: ...
    @property
    def control_timeout(self) -> timedelta | None:
        """The longest a reply may take to be complete; 60 s."""
    @control_timeout.setter
    def control_timeout(self, value: _Span, /) -> None: ...
    @property
    def data_timeout(self) -> timedelta | None:
        """The longest a transfer may stand still; 60 s."""
    @data_timeout.setter
    def data_timeout(self, value: _Span, /) -> None: ...
    @property
    def low_speed(self) -> tuple[int, timedelta] | None:
        """The lowest speed of a transfer, as (bytes per second, over which time); 100 over 60 s, `None` for
        any.
        """
    @low_speed.setter
    def low_speed(self, value: tuple[int, Time | timedelta | float] | None, /) -> None: ...
    @property
    def noop_interval(self) -> timedelta | None:
        """How often a NOOP keeps the connection alive during a transfer; 60 s, `None` and zero for never."""
    @noop_interval.setter
    def noop_interval(self, value: _Span, /) -> None: ...
    @property
    def active(self) -> bool:
        """Whether the server opens the data connections (PORT, EPRT), and not this end; False."""
    @active.setter
    def active(self, value: bool, /) -> None: ...
    @property
    def active_address(self) -> IpAddress | None:
        """The address the server is told to connect to, where a router translates it; `None` for this
        computer's own.
        """
    @active_address.setter
    def active_address(self, value: _Address | None, /) -> None: ...
    @property
    def active_ports(self) -> tuple[int, int] | None:
        """The first and the last port the server may be told to connect to; `None` for any."""
    @active_ports.setter
    def active_ports(self, value: tuple[int, int] | None, /) -> None: ...
    @property
    def passive_host(self) -> str:
        """Which host a PASV reply leads to: "server", the default, whatever it says; "trust", the one it
        says; "fix", that one unless it is private and the server is not.
        """
    @passive_host.setter
    def passive_host(self, value: Literal["server", "fix", "trust"], /) -> None: ...
    @property
    def rate(self) -> int | None:
        """The most bytes per second a transfer may move; `None` and zero for no limit."""
    @rate.setter
    def rate(self, value: int | None, /) -> None: ...
    @property
    def retries(self) -> int:
        """How many times a download or upload of a file begins anew when the connection fails; 0."""
    @retries.setter
    def retries(self, value: int, /) -> None: ...
    @property
    def retry_delay(self) -> timedelta:
        """The time before the first of them, doubled each time; 1 s."""
    @retry_delay.setter
    def retry_delay(self, value: Time | timedelta | float, /) -> None: ...

@disjoint_base
class Ftp:
    """A client of one FTP server."""

    BINARY: ClassVar[FtpTransferMode]
    ASCII: ClassVar[FtpTransferMode]
    EBCDIC: ClassVar[FtpTransferMode]

    def __init__(
        self,
        *,
        connect_timeout: _Span = ...,
        control_timeout: _Span = ...,
        data_timeout: _Span = ...,
        low_speed: tuple[int, Time | timedelta | float] | None = ...,
        noop_interval: _Span = ...,
        active: bool = ...,
        active_address: _Address | None = ...,
        active_ports: tuple[int, int] | None = ...,
        passive_host: Literal["server", "fix", "trust"] = ...,
        rate: int | None = ...,
        retries: int = ...,
        retry_delay: Time | timedelta | float = ...,
    ) -> None: ...
    @property
    def options(self) -> FtpOptions:
        """The options of this client, as attributes that may be set."""
    @property
    def connected(self) -> bool:
        """Whether there is a session, as far as is known without asking the server."""
    @overload
    def connect(self, address: _Address, port: int = 21, timeout: _Timeout = None) -> FtpResponse:
        """Connects to a server and waits for its greeting; a session that is under way is closed first."""
    @overload
    def connect(self, *, server: _Address, port: int = 21, timeout: _Timeout = None) -> FtpResponse: ...
    def disconnect(self) -> FtpResponse:
        """Says good-bye (QUIT) and closes the connection, whatever the server answers."""
    def close(self) -> None:
        """Closes the connection without a word, after cancelling the call another thread has under way."""
    def cancel(self) -> None:
        """Cancels the call that another thread has under way; it returns within moments, and the session goes
        on.
        """
    def reconnect(self) -> FtpResponse:
        """Begins the session anew where it was: the same server, login and working directory."""
    @overload
    def login(
        self,
        name: str | bytes | None = None,
        password: str | bytes = "",
        *,
        account: str | bytes | None = None,
    ) -> FtpResponse:
        """Logs in; without a name as a guest, `anonymous`."""
    @overload
    def login(
        self, name: str | bytes, *, message: str | bytes, account: str | bytes | None = None
    ) -> FtpResponse: ...
    def keep_alive(self) -> FtpResponse:
        """Tells the server that the session is still wanted (NOOP)."""
    def get_working_directory(self) -> FtpDirectoryResponse:
        """Asks for the path of the working directory (PWD)."""
    def get_directory_listing(self, directory: _Remote = "") -> FtpListingResponse:
        """Asks for the names in a directory (NLST), in the working one unless told otherwise."""
    def change_directory(self, directory: _Remote) -> FtpResponse:
        """Changes the working directory (CWD)."""
    def parent_directory(self) -> FtpResponse:
        """Changes to the directory above (CDUP)."""
    def create_directory(self, name: _Remote) -> FtpDirectoryResponse:
        """Creates a directory (MKD); the response has its path."""
    def delete_directory(self, name: _Remote) -> FtpResponse:
        """Deletes an empty directory (RMD)."""
    def rename_file(self, filename: _Remote, newname: _Remote) -> FtpResponse:
        """Gives a file or directory another name (RNFR, RNTO)."""
    def delete_file(self, name: _Remote) -> FtpResponse:
        """Deletes a file (DELE)."""
    def download(
        self,
        remotefile: _Remote,
        localpath: _Path | _Writer,
        mode: int = 0,
        *,
        progress: _Progress = None,
        resume: bool = False,
        keep_time: bool = False,
        size: int | None = None,
    ) -> FtpTransferResponse:
        """Downloads a file (RETR)."""
    def upload(
        self,
        localfile: _Path | _Reader,
        remotepath: _Remote,
        mode: int = 0,
        append: bool = False,
        *,
        name: str | bytes | None = None,
        progress: _Progress = None,
        resume: bool = False,
        keep_time: bool = False,
        size: int | None = None,
    ) -> FtpTransferResponse:
        """Uploads a file (STOR, or APPE to add to the one that is there)."""
    def download_segmented(
        self,
        remotefile: _Remote,
        localpath: _Path,
        sessions: int = 4,
        *,
        progress: _Progress = None,
        keep_time: bool = False,
    ) -> FtpTransferResponse:
        """Downloads a large file with several sessions at once, each a part of it (SIZE, REST)."""
    def download_tree(
        self,
        remote: _Remote,
        local: _Path,
        *,
        sessions: int = 4,
        include: _Patterns = (),
        exclude: _Patterns = (),
        delete: bool = False,
        progress: _TreeProgress = None,
    ) -> FtpTreeReport:
        """Makes a directory of this computer what one of the server is, with everything in it."""
    def upload_tree(
        self,
        local: _Path,
        remote: _Remote,
        *,
        sessions: int = 4,
        include: _Patterns = (),
        exclude: _Patterns = (),
        delete: bool = False,
        progress: _TreeProgress = None,
    ) -> FtpTreeReport:
        """Makes a directory of the server what one of this computer is, with everything in it."""
    def send_command(self, command: str | bytes, parameter: str | bytes = "") -> FtpResponse:
        """Sends a command of your own and returns the server's reply. Commands that move data are refused."""
    def entries(self, directory: _Remote = "") -> list[FtpEntry]:
        """Returns the entries of a directory with what the server tells of each (MLSD, or else LIST)."""
    def each_entry(self, callback: Callable[[FtpEntry], object], directory: _Remote = "") -> None:
        """Calls `callback` with each entry of a directory as it arrives, so that memory does not grow with their
        number.
        """
    def entry(self, path: _Remote) -> FtpEntry:
        """Returns what the server tells of one file or directory (MLST). Raises `FtpError`."""
    def size(self, path: _Remote) -> int:
        """Returns the size of a file in bytes (SIZE). Raises `FtpError`."""
    def modified(self, path: _Remote) -> datetime:
        """Returns when a file was changed last (MDTM), as a `datetime` in UTC. Raises `FtpError`."""
    def set_modified(self, path: _Remote, time: datetime | float) -> None:
        """Sets when a file was changed last (MFMT, or what servers had before it), in whole seconds."""
    def features(self) -> dict[str, Text]:
        """Returns what the server says it can (FEAT): the keywords in capitals, each with its parameters."""
    def __enter__(self) -> Self: ...
    def __exit__(self, exception_type: object = None, *_exception: object) -> None: ...

@disjoint_base
class HttpFields(Mapping[str, str]):
    """Header fields, as a mapping of names to values that does not regard the case of names."""

    def __getitem__(self, key: str | bytes, /) -> str: ...
    def __contains__(self, key: object, /) -> bool: ...
    def __len__(self) -> int: ...
    def __iter__(self) -> Iterator[str]: ...
    def __eq__(self, other: object, /) -> bool: ...
    @overload
    def get(self, name: str | bytes, default: None = None) -> str | None:
        """Returns the first value of a name, or `default` if there is none."""
    @overload
    def get(self, name: str | bytes, default: str) -> str: ...
    @overload
    def get(self, name: str | bytes, default: _T) -> str | _T: ...
    def keys(self) -> KeysView[str]:
        """Returns a view of the names, each once."""
    def items(self) -> ItemsView[str, str]:
        """Returns a view of the names and their first values."""
    def values(self) -> ValuesView[str]:
        """Returns a view of the first value of each name."""
    def get_all(self, name: str | bytes) -> list[str]:
        """Returns all values of a name, in order."""

@final
class HttpRequestFields(HttpFields, MutableMapping[str, str]):
    """The fields of a request, which may be set."""

    def __setitem__(self, key: str | bytes, value: str | bytes, /) -> None: ...
    def __delitem__(self, key: str | bytes, /) -> None: ...
    def add(self, name: str | bytes, value: str | bytes) -> None:
        """Adds a field behind those of its name that are there."""
    @overload
    def pop(self, name: str | bytes) -> str:
        """Removes all fields of a name, and returns the first value; `default`, if one is given and there is none."""
    @overload
    def pop(self, name: str | bytes, default: str) -> str: ...
    @overload
    def pop(self, name: str | bytes, default: _T) -> str | _T: ...
    def popitem(self) -> tuple[str, str]:
        """Removes all fields of the name that came last, and returns it with the first value."""
    def setdefault(self, name: str | bytes, default: str | bytes = "") -> str:
        """Returns the first value of a name, after setting it to `default` if there is none."""
    def update(self, fields: _Fields = (), /, **others: str | bytes) -> None:  # type: ignore[override]
        """Sets the fields of a mapping, or of pairs, each in place of all of its name."""
    def clear(self) -> None:
        """Removes all fields."""

@disjoint_base
class HttpRequest:
    """What is asked of a server: a method, a uri, fields and a body."""

    GET: ClassVar[HttpMethod]
    POST: ClassVar[HttpMethod]
    HEAD: ClassVar[HttpMethod]
    PUT: ClassVar[HttpMethod]
    DELETE: ClassVar[HttpMethod]
    def __init__(
        self,
        uri: str | bytes = "/",
        method: _Method = 0,
        body: _Body = b"",
        *,
        params: _Pairs = None,
        fields: _Fields = None,
        form: _Pairs = None,
        json: object = None,
        files: _Files = None,
        auth: _Auth = None,
        http_version: tuple[int, int] = (1, 0),
        timeout: _Timeout = None,
    ) -> None: ...
    @property
    def field(self) -> HttpRequestFields:
        """The header fields, as a mapping that changes them."""
    @field.setter
    def field(self, value: tuple[str | bytes, str | bytes] | _SomeFields, /) -> None: ...
    @property
    def method(self) -> HttpMethod | str:
        """The method: a member of `HttpMethod`, or a str."""
    @method.setter
    def method(self, value: _Method, /) -> None: ...
    @property
    def uri(self) -> str:
        """The uri: a path, or a whole URL."""
    @uri.setter
    def uri(self, value: str | bytes, /) -> None: ...
    @property
    def http_version(self) -> tuple[int, int]:
        """The version of HTTP, (1, 0) or (1, 1)."""
    @http_version.setter
    def http_version(self, value: tuple[int, int], /) -> None: ...
    @property
    def body(self) -> Any:
        """The body: bytes, or the object it was made of."""
    @body.setter
    def body(self, value: _Body, /) -> None: ...
    @property
    def timeout(self) -> timedelta | None:
        """The longest the whole call may take, zero for no limit; None for what the client has."""
    @timeout.setter
    def timeout(self, value: _Timeout, /) -> None: ...
    def set_field(self, name: str | bytes, value: str | bytes) -> None:
        """Sets a field, in place of all of its name."""
    def set_method(self, method: _Method) -> None:
        """Sets the method."""
    def set_uri(self, uri: str | bytes) -> None:
        """Sets the uri."""
    def set_http_version(self, major: int, minor: int) -> None:
        """Sets the version of HTTP, 1.0 or 1.1."""
    def set_body(self, body: _Body) -> None:
        """Sets the body."""

@disjoint_base
class HttpResponse:
    """What a server has answered, or that there was no answer."""

    CONTINUE: ClassVar[HttpStatus]
    SWITCHING_PROTOCOLS: ClassVar[HttpStatus]
    PROCESSING: ClassVar[HttpStatus]
    EARLY_HINTS: ClassVar[HttpStatus]
    OK: ClassVar[HttpStatus]
    CREATED: ClassVar[HttpStatus]
    ACCEPTED: ClassVar[HttpStatus]
    NON_AUTHORITATIVE_INFORMATION: ClassVar[HttpStatus]
    NO_CONTENT: ClassVar[HttpStatus]
    RESET_CONTENT: ClassVar[HttpStatus]
    PARTIAL_CONTENT: ClassVar[HttpStatus]
    MULTIPLE_CHOICES: ClassVar[HttpStatus]
    MOVED_PERMANENTLY: ClassVar[HttpStatus]
    MOVED_TEMPORARILY: ClassVar[HttpStatus]
    SEE_OTHER: ClassVar[HttpStatus]
    NOT_MODIFIED: ClassVar[HttpStatus]
    TEMPORARY_REDIRECT: ClassVar[HttpStatus]
    PERMANENT_REDIRECT: ClassVar[HttpStatus]
    BAD_REQUEST: ClassVar[HttpStatus]
    UNAUTHORIZED: ClassVar[HttpStatus]
    PAYMENT_REQUIRED: ClassVar[HttpStatus]
    FORBIDDEN: ClassVar[HttpStatus]
    NOT_FOUND: ClassVar[HttpStatus]
    METHOD_NOT_ALLOWED: ClassVar[HttpStatus]
    NOT_ACCEPTABLE: ClassVar[HttpStatus]
    PROXY_AUTHENTICATION_REQUIRED: ClassVar[HttpStatus]
    REQUEST_TIMEOUT: ClassVar[HttpStatus]
    CONFLICT: ClassVar[HttpStatus]
    GONE: ClassVar[HttpStatus]
    LENGTH_REQUIRED: ClassVar[HttpStatus]
    PRECONDITION_FAILED: ClassVar[HttpStatus]
    CONTENT_TOO_LARGE: ClassVar[HttpStatus]
    URI_TOO_LONG: ClassVar[HttpStatus]
    UNSUPPORTED_MEDIA_TYPE: ClassVar[HttpStatus]
    RANGE_NOT_SATISFIABLE: ClassVar[HttpStatus]
    EXPECTATION_FAILED: ClassVar[HttpStatus]
    MISDIRECTED_REQUEST: ClassVar[HttpStatus]
    UNPROCESSABLE_CONTENT: ClassVar[HttpStatus]
    UPGRADE_REQUIRED: ClassVar[HttpStatus]
    PRECONDITION_REQUIRED: ClassVar[HttpStatus]
    TOO_MANY_REQUESTS: ClassVar[HttpStatus]
    REQUEST_HEADER_FIELDS_TOO_LARGE: ClassVar[HttpStatus]
    UNAVAILABLE_FOR_LEGAL_REASONS: ClassVar[HttpStatus]
    INTERNAL_SERVER_ERROR: ClassVar[HttpStatus]
    NOT_IMPLEMENTED: ClassVar[HttpStatus]
    BAD_GATEWAY: ClassVar[HttpStatus]
    SERVICE_NOT_AVAILABLE: ClassVar[HttpStatus]
    GATEWAY_TIMEOUT: ClassVar[HttpStatus]
    VERSION_NOT_SUPPORTED: ClassVar[HttpStatus]
    INVALID_RESPONSE: ClassVar[HttpStatus]
    CONNECTION_FAILED: ClassVar[HttpStatus]
    def __init__(self) -> None: ...
    @property
    def status(self) -> HttpStatus | int:
        """The status: a member of `HttpStatus`, or a plain int where the number has no name."""
    @property
    def ok(self) -> bool:
        """Whether there is a whole response, and its status means no failure: it is below 400."""
    @property
    def error(self) -> HttpError | None:
        """Why there is no response, or not all of it, as an `HttpError`; None when there is."""
    def raise_for_status(self) -> Self:
        """Raises an `HttpError` unless the response is `ok`; returns the response otherwise."""
    @property
    def field(self) -> HttpFields:
        """The header fields, as a mapping; empty without a response."""
    @overload
    def get_field(self, field: str) -> str:
        """Returns the first value of a field, empty if there is none: as `bytes` for a name in `bytes`, else as
        `str`.
        """
    @overload
    def get_field(self, field: bytes) -> bytes: ...
    @property
    def major_http_version(self) -> int:
        """The number before the dot of the version the server speaks; 0 without a response."""
    @property
    def minor_http_version(self) -> int:
        """The number behind the dot."""
    @property
    def reason(self) -> str:
        """What the server says about the status in words; may be empty."""
    @property
    def url(self) -> str:
        """Where the response came from, after all redirects; empty without a response."""
    @property
    def history(self) -> tuple[str, ...]:
        """The URLs that redirected here, in order."""
    @property
    def elapsed(self) -> Time:
        """How long it took until the header was there, as a `Time`."""
    @property
    def remote_address(self) -> IpAddress:
        """The address of the server, or of the proxy; `IpAddress.NONE` without a response."""
    @property
    def remote_port(self) -> int:
        """Its port; 0 without a response."""
    @property
    def encoding(self) -> str:
        """The encoding of a text: what the field ``Content-Type`` says, else UTF-8."""
    @property
    def body(self) -> bytes:
        """The whole body; empty when the response has an `error`."""
    @property
    def text(self) -> str:
        """The whole body as text, in the `encoding`; what cannot be decoded becomes U+FFFD."""
    def json(self, **options: Any) -> Any:
        """Reads the body as JSON, by `json.loads` with these keywords."""
    def read(self, size: int | None = -1) -> bytes:
        """Reads the next `size` bytes of the body, fewer only at its end; all that is left if it is None or
        negative.
        """
    def iter_bytes(self, chunk_size: int | None = None) -> HttpChunks:
        """Returns an iterator over the rest of the body: pieces of `chunk_size` bytes, or as they come if it
        is None.
        """
    def iter_lines(self) -> Iterator[str]:
        """Returns an iterator over the lines of the rest of the body as `str`, without their ends, each as soon as
        it is there. A line of more than 16 Mi characters raises `HttpError`.
        """
    def save_to(self, path: _Path, *, progress: _Progress = None) -> int:
        """Saves the rest of the body to a file; returns how many bytes that were."""
    @property
    def transferred(self) -> int:
        """How many bytes `Http.download` has received now."""
    @property
    def resumed_from(self) -> int:
        """How many bytes `Http.download` has found, from an earlier attempt."""
    def close(self) -> None:
        """Gives up what has not been read of a streamed body. If that is anything, the connection is closed."""
    def __enter__(self) -> Self: ...
    def __exit__(self, *_exception: object) -> None: ...

@final
class HttpChunks:
    """An iterator over the pieces of a body; `HttpResponse.iter_bytes` returns it."""

    def __iter__(self) -> Self: ...
    def __next__(self) -> bytes: ...

@disjoint_base
class Http:
    """A client of HTTP servers."""

    def __init__(
        self,
        host: str | bytes = "",
        port: int = 0,
        *,
        timeout: _Timeout = None,
        connect_timeout: _Timeout = 30,
        read_timeout: _Timeout = 60,
        redirects: int = 0,
        decompress: bool = True,
        user_agent: str | bytes | None = None,
        max_body: int | None = 67108864,
        proxies: str | bytes | Mapping[str, Any] | None = None,
        trust_env: bool = False,
        verify: bool = True,
        ca: _Path | None = None,
        cert: _Path | tuple[_Path, _Path] | tuple[_Path, _Path, str | None] | None = None,
        keep_alive: int = 8,
    ) -> None: ...
    def set_host(self, host: str | bytes, port: int = 0) -> None:
        """Makes it a client of another server, with the same options; kept connections stay."""
    def send_request(
        self,
        request: HttpRequest,
        timeout: _Timeout = None,
        *,
        stream: bool = False,
        progress: _Progress = None,
    ) -> HttpResponse:
        """Sends a request, and returns the response with its whole body."""
    def request(
        self,
        method: _Method,
        uri: str | bytes,
        *,
        params: _Pairs = None,
        fields: _Fields = None,
        body: _Body = None,
        form: _Pairs = None,
        json: object = None,
        files: _Files = None,
        auth: _Auth = None,
        timeout: _Timeout = None,
        stream: bool = False,
        progress: _Progress = None,
    ) -> HttpResponse:
        """Sends a request of this method, in HTTP/1.1; the keywords are those of `HttpRequest` and `send_request`."""
    def get(
        self,
        uri: str | bytes,
        *,
        params: _Pairs = None,
        fields: _Fields = None,
        body: _Body = None,
        form: _Pairs = None,
        json: object = None,
        files: _Files = None,
        auth: _Auth = None,
        timeout: _Timeout = None,
        stream: bool = False,
        progress: _Progress = None,
    ) -> HttpResponse:
        """Sends a GET, as `request` does."""
    def post(
        self,
        uri: str | bytes,
        *,
        params: _Pairs = None,
        fields: _Fields = None,
        body: _Body = None,
        form: _Pairs = None,
        json: object = None,
        files: _Files = None,
        auth: _Auth = None,
        timeout: _Timeout = None,
        stream: bool = False,
        progress: _Progress = None,
    ) -> HttpResponse:
        """Sends a POST, as `request` does."""
    def put(
        self,
        uri: str | bytes,
        *,
        params: _Pairs = None,
        fields: _Fields = None,
        body: _Body = None,
        form: _Pairs = None,
        json: object = None,
        files: _Files = None,
        auth: _Auth = None,
        timeout: _Timeout = None,
        stream: bool = False,
        progress: _Progress = None,
    ) -> HttpResponse:
        """Sends a PUT, as `request` does."""
    def delete(
        self,
        uri: str | bytes,
        *,
        params: _Pairs = None,
        fields: _Fields = None,
        body: _Body = None,
        form: _Pairs = None,
        json: object = None,
        files: _Files = None,
        auth: _Auth = None,
        timeout: _Timeout = None,
        stream: bool = False,
        progress: _Progress = None,
    ) -> HttpResponse:
        """Sends a DELETE, as `request` does."""
    def head(
        self,
        uri: str | bytes,
        *,
        params: _Pairs = None,
        fields: _Fields = None,
        body: _Body = None,
        form: _Pairs = None,
        json: object = None,
        files: _Files = None,
        auth: _Auth = None,
        timeout: _Timeout = None,
        stream: bool = False,
        progress: _Progress = None,
    ) -> HttpResponse:
        """Sends a HEAD, as `request` does."""
    def patch(
        self,
        uri: str | bytes,
        *,
        params: _Pairs = None,
        fields: _Fields = None,
        body: _Body = None,
        form: _Pairs = None,
        json: object = None,
        files: _Files = None,
        auth: _Auth = None,
        timeout: _Timeout = None,
        stream: bool = False,
        progress: _Progress = None,
    ) -> HttpResponse:
        """Sends a PATCH, as `request` does."""
    def options(
        self,
        uri: str | bytes,
        *,
        params: _Pairs = None,
        fields: _Fields = None,
        body: _Body = None,
        form: _Pairs = None,
        json: object = None,
        files: _Files = None,
        auth: _Auth = None,
        timeout: _Timeout = None,
        stream: bool = False,
        progress: _Progress = None,
    ) -> HttpResponse:
        """Sends an OPTIONS, as `request` does."""
    def download(
        self,
        uri: str | bytes | HttpRequest,
        path: _Path,
        *,
        resume: bool = False,
        progress: _Progress = None,
        timeout: _Timeout = None,
    ) -> HttpResponse:
        """Downloads to a file, which is complete or not there."""
    def cancel(self) -> None:
        """Cancels the calls that other threads have under way, reading a response included; they return within
        moments.
        """
    def close(self) -> None:
        """Cancels the calls under way and closes the connections that are kept. The next request makes a new one."""
    def __enter__(self) -> Self: ...
    def __exit__(self, *_exception: object) -> None: ...
