//! `UdpSocket` for Python.

use std::sync::{Arc, Mutex};

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};
use sfml_network::{
    BindOptions, Datagram, IpAddress as Address, Packet as CorePacket, Readiness, SocketError,
    UdpSocket as Core,
};

use crate::address::IpAddress;
use crate::argument::{AddressArgument, Data, Port, Size, Timeout, Whole, either};
use crate::batches::Batches;
use crate::buffer;
use crate::error;
use crate::lock::lock;
use crate::open::Open;
use crate::packet::Packet;
use crate::socket::Socket;

/// Sends datagrams to, and receives them from, any address.
///
/// `bind` takes a port; a socket that sends without it gets one from the system. Sending to broadcast addresses
/// is allowed.
///
/// >>> from sfml.network import IpAddress, UdpSocket
/// >>> with UdpSocket() as alice, UdpSocket() as bob:
/// ...     bob.bind(0, IpAddress.LOCAL_HOST)
/// ...     _ = alice.send(b"hello", IpAddress.LOCAL_HOST, bob.local_port)
/// ...     data, sender, port = bob.receive(1500)
/// ...     data, str(sender), port == alice.local_port
/// (b'hello', '127.0.0.1', True)
#[pyclass(frozen, subclass, extends = Socket, module = "sfml.network")]
pub(crate) struct UdpSocket {
    /// The object made for the last sender: the same peer tends to send again.
    last_sender: Mutex<Option<(Address, Py<IpAddress>)>>,
    batches: Batches,
}

/// A datagram to send: data, address, port.
type Outgoing<'py> = (Data<'py>, AddressArgument, Port);

/// How much is sent before other threads get a turn.
const PIECE_DATAGRAMS: usize = 256;
const PIECE_BYTES: usize = 256 << 10;

/// A datagram as Python sees it: data, sender, sender's port.
type Received<'py> = (Bound<'py, PyBytes>, Py<IpAddress>, u16);

fn as_udp(open: &Open) -> &Core {
    match open {
        Open::Udp(socket) => socket,
        _ => unreachable!("a UdpSocket's slot holds UDP sockets only"),
    }
}

impl UdpSocket {
    pub(crate) fn open(slf: &Bound<'_, Self>) -> PyResult<Arc<Open>> {
        let unbound = || error::misuse(slf.py(), "the socket is not bound, call bind() first");
        slf.as_super().get().slot().get().ok_or_else(unbound)
    }

    /// The open socket; one that has no port yet gets one for sending to that address.
    fn open_for(slf: &Bound<'_, Self>, address: Address) -> PyResult<Arc<Open>> {
        let slot = slf.as_super().get().slot();
        loop {
            if let Some(open) = slot.get() {
                return Ok(open);
            }
            let own = if address.is_v6() { Address::ANY_V6 } else { Address::ANY };
            let socket = Core::bind(own, 0).map_err(|error| error::to_python(slf.py(), &error))?;
            slot.fill_if_empty(Open::Udp(socket));
        }
    }

    fn multicast(
        slf: &Bound<'_, Self>,
        group: AddressArgument,
        interface: Option<&Bound<'_, PyAny>>,
        v4: impl FnOnce(&Core, Address, Address) -> Result<(), SocketError>,
        v6: impl FnOnce(&Core, Address, u32) -> Result<(), SocketError>,
    ) -> PyResult<()> {
        let py = slf.py();
        let group = group.get(py)?;
        let open = Self::open(slf)?;
        let outcome = if group.is_v6() {
            v6(
                as_udp(&open),
                group,
                interface.map_or(Ok(0), |index| index.extract().map(|Whole(index)| index))?,
            )
        } else {
            let interface: Option<AddressArgument> =
                interface.map(|address| address.extract()).transpose()?;
            v4(as_udp(&open), group, interface.map_or(Ok(Address::ANY), |address| address.get(py))?)
        };
        outcome.map_err(|error| error::to_python(py, &error))
    }

    /// The Python object of a sender.
    fn sender(&self, py: Python<'_>, address: Address) -> PyResult<Py<IpAddress>> {
        let last = lock(&self.last_sender);
        if let Some((known, object)) = &*last {
            if *known == address {
                return Ok(object.clone_ref(py));
            }
        }
        drop(last);
        let object = Py::new(py, IpAddress(Some(address)))?;
        let new = Some((address, object.clone_ref(py)));
        let _previous = std::mem::replace(&mut *lock(&self.last_sender), new);
        Ok(object)
    }
}

#[pymethods]
impl UdpSocket {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "()")]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> PyClassInitializer<Self> {
        PyClassInitializer::from(Socket::empty())
            .add_subclass(Self { last_sender: Mutex::default(), batches: Batches::default() })
    }

    /// The most bytes one datagram can carry.
    #[classattr]
    const MAX_DATAGRAM_SIZE: usize = Core::MAX_DATAGRAM_SIZE;

    /// The port it is bound to, 0 when it is not bound.
    #[getter]
    fn local_port(slf: &Bound<'_, Self>) -> u16 {
        slf.as_super().get().slot().ask(Open::local_port).unwrap_or(0)
    }

    /// The address it is bound to, `IpAddress.NONE` when it is not bound.
    #[getter]
    fn local_address(slf: &Bound<'_, Self>) -> IpAddress {
        IpAddress(slf.as_super().get().slot().ask(|open| as_udp(open).local_address()).flatten())
    }

    /// Takes a port, after giving up any other.
    ///
    /// Port 0 (`Socket.ANY_PORT`) lets the system choose one, which `local_port` tells. Without `address` the
    /// socket receives on every IPv4 interface; `IpAddress.ANY_V6` stands for every interface of both kinds.
    /// `reuse_address` shares the port with others that do the same, as the members of a multicast group on one
    /// computer must; `reuse_port` (Unix) spreads what arrives over them.
    ///
    /// Raises `SocketError` when the port is taken or not permitted, or the address is not of this computer.
    #[pyo3(signature = (port, address=None, *, reuse_address=false, reuse_port=false))]
    fn bind(
        slf: &Bound<'_, Self>,
        port: Port,
        address: Option<AddressArgument>,
        reuse_address: bool,
        reuse_port: bool,
    ) -> PyResult<()> {
        let py = slf.py();
        let address = address.map_or(Ok(Address::ANY), |address| address.get(py))?;
        let base = slf.as_super().get();
        base.slot().close(py);
        let options = BindOptions { reuse_address, reuse_port, ..BindOptions::default() };
        let socket = Core::bind_with(address, port.0, options);
        base.put(py, Open::Udp(socket.map_err(|error| error::to_python(py, &error))?));
        Ok(())
    }

    /// Gives up the port, and ends the calls other threads have under way. No effect when not bound.
    fn unbind(slf: &Bound<'_, Self>) {
        slf.as_super().get().slot().close(slf.py());
    }

    /// The same as `unbind`, under the name other Python sockets use.
    fn close(slf: &Bound<'_, Self>) {
        slf.as_super().get().slot().close(slf.py());
    }

    /// Sends one datagram and returns its length.
    ///
    /// `data` is bytes, any contiguous buffer, or a str, sent as UTF-8. Success means that it was handed to the
    /// network, not that it arrived.
    ///
    /// Raises `SocketNotReady` when there was no room in the time allowed, `SocketError` when it is longer than
    /// `MAX_DATAGRAM_SIZE` (nothing is sent) or there is no route.
    #[pyo3(
        signature = (data, remote_address, port=None, timeout=None, *, remote_port=None),
        text_signature = "($self, data, remote_address, port=..., timeout=None, *, remote_port=...)"
    )]
    fn send(
        slf: &Bound<'_, Self>,
        data: Data<'_>,
        remote_address: AddressArgument,
        port: Option<Port>,
        timeout: Option<Timeout>,
        remote_port: Option<Port>,
    ) -> PyResult<usize> {
        let py = slf.py();
        let Port(port) = either("port", port, "remote_port", remote_port)?;
        let address = remote_address.get(py)?;
        let open = Self::open_for(slf, address)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let data = data.bytes(py)?;
        let send = || as_udp(&open).try_send(data, address, port);
        slf.as_super().get().perform(py, &open, Readiness::WRITABLE, deadline, send)
    }

    /// Receives one datagram, waiting until one comes: its data, its sender's address and port.
    ///
    /// Raises `SocketNotReady` when none came in the time allowed. A datagram longer than `size` raises
    /// `SocketError` and is dropped, never shortened.
    #[pyo3(signature = (size, timeout=None))]
    fn receive<'py>(slf: &Bound<'py, Self>, size: Size, timeout: Option<Timeout>) -> PyResult<Received<'py>> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let size = size.0.min(usize::from(u16::MAX));
        let (data, (address, port)) = buffer::receive_bytes(py, size, |memory| {
            let receive = || as_udp(&open).try_receive_uninit(memory);
            let (length, address, port) =
                slf.as_super().get().perform(py, &open, Readiness::READABLE, deadline, receive)?;
            Ok((length, (address, port)))
        })?;
        Ok((data, slf.get().sender(py, address)?, port))
    }

    /// Receives a datagram that is there already, whatever the mode; `None` when there is none.
    ///
    /// Cheaper than catching `SocketNotReady`.
    fn try_receive<'py>(slf: &Bound<'py, Self>, size: Size) -> PyResult<Option<Received<'py>>> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let size = size.0.min(usize::from(u16::MAX));
        let (data, from) =
            buffer::receive_bytes(py, size, |memory| match as_udp(&open).try_receive_uninit(memory) {
                Ok((length, address, port)) => Ok((length, Some((address, port)))),
                Err(SocketError::NotReady) => Ok((0, None)),
                Err(error) => Err(error::to_python(py, &error)),
            })?;
        let Some((address, port)) = from else {
            return Ok(None);
        };
        Ok(Some((data, slf.get().sender(py, address)?, port)))
    }

    /// Receives one datagram into a writable buffer: its length, its sender's address and port.
    #[pyo3(signature = (buffer, timeout=None))]
    fn receive_into(
        slf: &Bound<'_, Self>,
        buffer: &Bound<'_, PyAny>,
        timeout: Option<Timeout>,
    ) -> PyResult<(usize, Py<IpAddress>, u16)> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let (length, address, port) = buffer::receive_into(buffer, |memory| {
            let receive = || as_udp(&open).try_receive(memory);
            slf.as_super().get().perform(py, &open, Readiness::READABLE, deadline, receive)
        })?;
        Ok((length, slf.get().sender(py, address)?, port))
    }

    /// Sends many datagrams, each a tuple of data, address and port; returns how many were sent.
    ///
    /// It takes few system calls. In blocking mode all are sent; fewer only when `timeout` passed midway. When one
    /// cannot be sent, those before it are, and their number is returned; the exception comes if it is the first.
    #[pyo3(signature = (datagrams, timeout=None))]
    fn send_many(
        slf: &Bound<'_, Self>,
        datagrams: &Bound<'_, PyAny>,
        timeout: Option<Timeout>,
    ) -> PyResult<usize> {
        let py = slf.py();
        let given =
            datagrams.try_iter()?.map(|item| item?.extract()).collect::<PyResult<Vec<Outgoing<'_>>>>()?;
        let datagrams = given
            .iter()
            .map(|(data, address, port)| Ok(Datagram::new(data.bytes(py)?, address.get(py)?, port.0)))
            .collect::<PyResult<Vec<_>>>()?;
        let Some(first) = datagrams.first() else { return Ok(0) };
        let open = Self::open_for(slf, first.address)?;
        let (size, timeout) = ((datagrams.len(), PIECE_DATAGRAMS), timeout.unwrap_or_default());
        let send = |piece| as_udp(&open).try_send_many(&datagrams[piece]);
        slf.as_super().get().send_in_pieces(py, &open, size, timeout, error::is_ours, send)
    }

    /// Receives 1 to `most` datagrams with few system calls, waiting until one comes.
    ///
    /// Returns a list of tuples as `receive` returns. Datagrams longer than `size` are dropped; if all were, it
    /// raises `SocketError`.
    #[pyo3(
        signature = (most=Size(64), size=Size(65_507), timeout=None),
        text_signature = "($self, most=64, size=65507, timeout=None)"
    )]
    fn receive_many<'py>(
        slf: &Bound<'py, Self>,
        most: Size,
        size: Size,
        timeout: Option<Timeout>,
    ) -> PyResult<Vec<Received<'py>>> {
        let py = slf.py();
        let open = Self::open(slf)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let mut batch = slf.get().batches.take(most.0, size.0)?;
        let receive = || as_udp(&open).try_receive_many(&mut batch.datagrams);
        let outcome = slf.as_super().get().perform(py, &open, Readiness::READABLE, deadline, receive);
        let received = outcome.and_then(|_| {
            let whole = |datagram: Datagram<'_>| {
                let sender = slf.get().sender(py, datagram.address)?;
                Ok((PyBytes::new(py, datagram.data), sender, datagram.port))
            };
            batch.datagrams.iter().map(whole).collect()
        });
        slf.get().batches.put_back(batch);
        received
    }

    /// Sends data as datagrams of `size` bytes, the last one shorter; returns how many bytes were sent.
    ///
    /// It takes few system calls. On Linux this is many times faster than sending them one by one.
    #[pyo3(signature = (data, size, remote_address, port, timeout=None))]
    fn send_segmented(
        slf: &Bound<'_, Self>,
        data: Data<'_>,
        size: Size,
        remote_address: AddressArgument,
        port: Port,
        timeout: Option<Timeout>,
    ) -> PyResult<usize> {
        let py = slf.py();
        let address = remote_address.get(py)?;
        let open = Self::open_for(slf, address)?;
        let data = data.bytes(py)?;
        let whole_segments = (PIECE_BYTES / size.0.max(1)).max(1).saturating_mul(size.0.max(1));
        let (total, timeout) = ((data.len(), whole_segments), timeout.unwrap_or_default());
        let send = |piece| as_udp(&open).try_send_segmented(&data[piece], size.0, address, port.0);
        slf.as_super().get().send_in_pieces(py, &open, total, timeout, error::is_ours, send)
    }

    /// Lets the system join datagrams that come in a run (UDP_GRO), for a much faster `receive_many`.
    ///
    /// What is received stays the same, but `receive_many` may return more than it was asked for. Linux only;
    /// elsewhere it raises `SocketError`.
    fn set_gro(slf: &Bound<'_, Self>, on: bool) -> PyResult<()> {
        as_udp(&*Self::open(slf)?).set_gro(on).map_err(|error| error::to_python(slf.py(), &error))
    }

    /// Receives what is sent to a multicast group, too.
    ///
    /// `interface` is which of this computer's interfaces listens: its address for an IPv4 group, its index for an
    /// IPv6 group; the system chooses without it.
    #[pyo3(signature = (group, interface=None))]
    fn join_multicast(
        slf: &Bound<'_, Self>,
        group: AddressArgument,
        interface: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        Self::multicast(slf, group, interface, Core::join_multicast_v4, Core::join_multicast_v6)
    }

    /// No longer receives what is sent to a multicast group that was joined on that interface.
    #[pyo3(signature = (group, interface=None))]
    fn leave_multicast(
        slf: &Bound<'_, Self>,
        group: AddressArgument,
        interface: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<()> {
        Self::multicast(slf, group, interface, Core::leave_multicast_v4, Core::leave_multicast_v6)
    }

    /// Sends a packet's data as one datagram, as SFML does: a datagram needs no length in front.
    #[pyo3(signature = (packet, remote_address, port, timeout=None))]
    fn send_packet(
        slf: &Bound<'_, Self>,
        packet: &Bound<'_, Packet>,
        remote_address: AddressArgument,
        port: Port,
        timeout: Option<Timeout>,
    ) -> PyResult<()> {
        let py = slf.py();
        let address = remote_address.get(py)?;
        let transformed = if Packet::transforms(packet)? { Some(Packet::transformed(packet)?) } else { None };
        let open = Self::open_for(slf, address)?;
        let deadline = || timeout.unwrap_or_default().deadline();
        let send = |core: &CorePacket| as_udp(&open).try_send(core.data(), address, port.0);
        let send = || match &transformed {
            Some(core) => send(core),
            None => packet.get().with_core(send),
        };
        slf.as_super().get().perform(py, &open, Readiness::WRITABLE, deadline, send).map(drop)
    }

    /// Receives one datagram as a packet: the packet, its sender's address and port.
    #[pyo3(signature = (packet=None, timeout=None))]
    fn receive_packet<'py>(
        slf: &Bound<'py, Self>,
        packet: Option<Bound<'py, Packet>>,
        timeout: Option<Timeout>,
    ) -> PyResult<(Bound<'py, Packet>, Py<IpAddress>, u16)> {
        let (data, sender, port) = Self::receive(slf, Size(usize::from(u16::MAX)), timeout)?;
        let packet = Packet::received(slf.py(), data.as_bytes().to_vec().into(), packet)?;
        Ok((packet, sender, port))
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let name = slf.get_type().name()?;
        Ok(match slf.as_super().get().slot().ask(Open::local_port) {
            Some(port) => format!("<{name} on port {port}>"),
            None => format!("<{name} not bound>"),
        })
    }
}
