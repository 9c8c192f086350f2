//! Data connections: opened from here (`EPSV`, `PASV`), or by the server (`EPRT`, `PORT`).
//!
//! RFC 959, sections 3.2 and 5.1.2; RFC 2428 for IPv6 and for servers behind address translation.

use std::net::{IpAddr, SocketAddr};
use std::ops::RangeInclusive;
use std::time::Duration;

use ftp_proto::{
    Command, Reply, Ticket, eprt_argument, extended_passive_port, passive_address, port_argument,
};

use super::client::{Client, SendingAhead};
use super::control::Control;
use super::error::{Awaited, FtpError, ProtocolError};
use super::options::{DataConnections, PassiveHost};
use super::signals::LOOK;
use crate::address::IpAddress;
use crate::error::SocketError;
use crate::readiness::Readiness;
use crate::socket::{ListenOptions, TcpListener, TcpSocket};
use crate::stream::Stream;
use crate::time::Deadline;
use crate::wait::Wait;

/// The longest one way to connect may take while there is another.
const DIAL_LIMIT: Duration = Duration::from_secs(10);

/// A data connection, as far as it can be made before the command that uses it.
pub(super) enum DataConnection {
    /// It is there.
    Open(Box<dyn Stream>),
    /// The server will connect.
    Listening(Offer),
}

/// A port that the server was told to connect to.
///
/// A program that another thread starts holds a copy of the socket until its own image is loaded: the port is given
/// up by more than the descriptor, or the next transfer would find it taken.
pub(super) struct Offer(TcpListener);

impl Drop for Offer {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Client {
    /// Makes a data connection, or what the server needs to make it.
    pub(super) fn prepare_data(&mut self) -> Result<DataConnection, FtpError> {
        match self.options.data_connections.clone() {
            DataConnections::Passive(host) => self.dial_data(host).map(DataConnection::Open),
            DataConnections::Active { announce, ports } => {
                self.offer_data(announce, ports).map(DataConnection::Listening)
            }
        }
    }

    /// The server's own address, whatever it says about itself.
    fn server(&mut self) -> Result<IpAddress, FtpError> {
        self.control()?.stream().remote_address().ok_or(FtpError::NotConnected)
    }

    fn dial_data(&mut self, host: PassiveHost) -> Result<Box<dyn Stream>, FtpError> {
        let mut failure = None;
        if let Some(ahead) = self.known.ahead.take() {
            match self.dial_ahead(ahead) {
                Ok(Some(stream)) => return Ok(stream),
                Err(error @ (FtpError::Interrupted(_) | FtpError::Cancelled)) => return Err(error),
                Err(error) if error.ends_session() => return Err(error),
                Ok(None) | Err(_) => self.known.sending_ahead = SendingAhead::Fails,
            }
        }
        if !self.known.extended_fails {
            let command = Command::new("EPSV");
            let reply = self.control()?.call(&command)?;
            match self.dial_extended(&command, reply) {
                Ok(stream) => return Ok(stream),
                Err(error @ (FtpError::Interrupted(_) | FtpError::Cancelled)) => return Err(error),
                Err(error) => failure = Some(error),
            }
        }
        let server = self.server()?;
        let outcome = if server.is_v4() {
            self.dial_classic(server, host)
        } else {
            // PASV has no room for a longer address.
            Err(FtpError::impossible("the data connection", "the server offers none over IPv6"))
        };
        // Where it is the only way it is tried again: a port that was dead once says little.
        self.known.extended_fails |= outcome.is_ok();
        outcome.map_err(|error| match (failure, error) {
            (Some(first), FtpError::Rejected { .. } | FtpError::Argument { .. }) => first,
            (_, error) => error,
        })
    }

    /// Connects to the port that was asked for behind the transfer before; `None` when the server has forgotten it.
    fn dial_ahead(&mut self, ahead: Ticket) -> Result<Option<Box<dyn Stream>>, FtpError> {
        match self.control()?.reply_to_ahead(ahead)? {
            Some(reply) => self.dial_extended(&Command::new("EPSV"), reply).map(Some),
            None => Ok(None),
        }
    }

    /// Connects to where a reply to `EPSV` leads.
    pub(super) fn dial_extended(
        &mut self,
        command: &Command,
        reply: Reply,
    ) -> Result<Box<dyn Stream>, FtpError> {
        let server = self.server()?;
        match extended_passive_port(reply.text()).filter(|_| reply.status().is_completion()) {
            Some(port) => self.dial(server, port),
            None => Err(unusable(command, reply)),
        }
    }

    fn dial_classic(&mut self, server: IpAddress, host: PassiveHost) -> Result<Box<dyn Stream>, FtpError> {
        let command = Command::new("PASV");
        let reply = self.control()?.call(&command)?;
        if !reply.status().is_completion() {
            return Err(unusable(&command, reply));
        }
        if let Some((named, port)) = passive_address(reply.text()) {
            return self.dial(chosen(host, server, named.into()), port);
        }
        // Some translators of addresses answer PASV as if it had been EPSV.
        match extended_passive_port(reply.text()) {
            Some(port) => self.dial(server, port),
            None => Err(unusable(&command, reply)),
        }
    }

    fn dial(&mut self, address: IpAddress, port: u16) -> Result<Box<dyn Stream>, FtpError> {
        let interrupt = self.interrupt();
        let limit = self.options.connect_timeout.min(DIAL_LIMIT);
        let mut hook = || interrupt.ask();
        let wait = Wait::until(Deadline::after(limit)).with_interrupt(&mut hook);
        match TcpSocket::connect(address, port, wait) {
            Ok(socket) => Ok(Box::new(socket)),
            Err(SocketError::NotReady) => Err(FtpError::TimedOut { awaited: Awaited::DataConnection, limit }),
            Err(error) => Err(FtpError::of_wait(error, |source| FtpError::Data { reply: None, source })),
        }
    }

    /// Listens, and tells the server where.
    fn offer_data(
        &mut self,
        announce: Option<IpAddress>,
        ports: Option<RangeInclusive<u16>>,
    ) -> Result<Offer, FtpError> {
        let own = self.control()?.stream().local_address().ok_or(FtpError::NotConnected)?;
        let offer = listen(own, ports).map_err(|source| FtpError::Data { reply: None, source })?;
        let shown = SocketAddr::new(announce.unwrap_or(own).into(), offer.0.local_port());
        if !self.known.extended_fails {
            let command = Command::with("EPRT", eprt_argument(shown));
            let reply = self.control()?.call(&command)?;
            match (reply.status().is_completion(), shown) {
                (true, _) => return Ok(offer),
                (false, SocketAddr::V6(_)) => return Err(unusable(&command, reply)),
                (false, SocketAddr::V4(_)) => self.known.extended_fails = true,
            }
        }
        match shown {
            SocketAddr::V4(shown) => {
                self.demand(&Command::with("PORT", port_argument(shown)))?;
                Ok(offer)
            }
            SocketAddr::V6(_) => {
                Err(FtpError::impossible("the data connection", "PORT cannot announce an IPv6 address"))
            }
        }
    }

    /// The data connection, now that the command that uses it was sent.
    pub(super) fn data_stream(
        &mut self,
        connection: DataConnection,
        transfer: Ticket,
        command: &Command,
    ) -> Result<Box<dyn Stream>, FtpError> {
        match connection {
            DataConnection::Open(stream) => Ok(stream),
            DataConnection::Listening(offer) => {
                let server = self.server()?;
                let limit = self.options.connect_timeout;
                accept(&offer.0, server, self.control()?, (transfer, command), limit)
            }
        }
    }
}

fn listen(address: IpAddress, ports: Option<RangeInclusive<u16>>) -> Result<Offer, SocketError> {
    let options = ListenOptions { backlog: 1, ..ListenOptions::default() };
    let mut outcome = Err(SocketError::NotReady);
    for port in ports.unwrap_or(0..=0) {
        outcome = TcpListener::listen_with(address, port, options).map(Offer);
        if outcome.is_ok() {
            break;
        }
    }
    outcome
}

/// Waits for the server's connection. Those of others are closed at once: whoever connects first would otherwise get
/// the upload, or decide what the download contains.
fn accept(
    listener: &TcpListener,
    server: IpAddress,
    control: &mut Control,
    (transfer, command): (Ticket, &Command),
    limit: Duration,
) -> Result<Box<dyn Stream>, FtpError> {
    let deadline = Deadline::after(limit);
    loop {
        let interrupt = control.interrupt.clone();
        interrupt.check_in_passing()?;
        let mut hook = || interrupt.ask();
        let slice = deadline.sooner(Deadline::after(LOOK));
        match listener.accept_within(Wait::until(slice).with_interrupt(&mut hook)) {
            Ok(socket) if socket.remote_address() == Some(server) => return Ok(Box::new(socket)),
            Ok(_) => {}
            Err(SocketError::NotReady) if deadline.has_passed() => {
                return Err(FtpError::TimedOut { awaited: Awaited::ServerToConnect, limit });
            }
            Err(SocketError::NotReady) => {
                while control.advance(Deadline::after(Duration::ZERO))? {}
                if let Some(reply) = control.answer(transfer).filter(|reply| !reply.status().is_ok()) {
                    return Err(FtpError::Rejected { command: command.to_string(), reply: reply.clone() });
                }
            }
            Err(error) => {
                return Err(FtpError::of_wait(error, |source| FtpError::Data { reply: None, source }));
            }
        }
    }
}

/// Which host to connect to after a `PASV` reply that names one.
fn chosen(policy: PassiveHost, server: IpAddress, named: IpAddress) -> IpAddress {
    match policy {
        PassiveHost::Server => server,
        PassiveHost::Trust => named,
        PassiveHost::Fix if is_local(named) && !is_local(server) => server,
        PassiveHost::Fix => named,
    }
}

/// Whether an address means nothing outside of one network.
fn is_local(address: IpAddress) -> bool {
    match IpAddr::from(address) {
        IpAddr::V4(address) => {
            address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_unspecified()
                || address.is_multicast()
                || address.is_broadcast()
        }
        IpAddr::V6(address) => address.is_loopback() || address.is_unspecified() || address.is_multicast(),
    }
}

fn unusable(command: &Command, reply: Reply) -> FtpError {
    let command = command.to_string();
    if reply.status().is_ok() {
        FtpError::Protocol(ProtocolError::Meaningless { command, reply })
    } else {
        FtpError::Rejected { command, reply }
    }
}

/// Whether there is something to read, or the end of the data, without waiting for it.
pub(super) fn has_data(control: &Control, stream: &dyn Stream) -> bool {
    control.interrupt.wait(stream, Readiness::READABLE, Deadline::after(Duration::ZERO)).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fixed_hosts_are_the_named_one_unless_it_cannot_be_reached_from_here() {
        let public = IpAddress::from_bytes(203, 0, 113, 5);
        let other = IpAddress::from_bytes(198, 51, 100, 7);
        let private = IpAddress::from_bytes(192, 168, 1, 2);
        assert_eq!(chosen(PassiveHost::Fix, public, private), public);
        assert_eq!(chosen(PassiveHost::Fix, public, other), other);
        assert_eq!(chosen(PassiveHost::Fix, IpAddress::LOCAL_HOST, private), private);
        assert_eq!(chosen(PassiveHost::Server, public, other), public);
        assert_eq!(chosen(PassiveHost::Trust, public, private), private);
    }
}
