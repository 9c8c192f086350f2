# ruff: noqa: PYI021 (editors show these sentences; they cannot ask a compiled module)
"""The types of the extension module; `python/tests/test_stub.py` keeps its sentences those of the module."""

import sys
from collections.abc import Iterable, Iterator
from datetime import timedelta
from ipaddress import IPv4Address, IPv6Address
from typing import ClassVar, Self, TypeAlias, TypeVar, final, overload

from typing_extensions import Buffer, disjoint_base

from sfml_network._status import Status
from sfml_network._text import Text
from sfml_network.system import Time

__all__ = [
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

_SocketT = TypeVar("_SocketT", bound=TcpSocket)
_PacketT = TypeVar("_PacketT", bound=Packet)

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
    def get_public_address(cls, timeout: _Timeout = None) -> IpAddress:
        """Returns the address this computer has on the internet, `NONE` when it is not known."""
    @classmethod
    @overload
    def get_public_address(cls, *, time: _Timeout) -> IpAddress: ...
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
