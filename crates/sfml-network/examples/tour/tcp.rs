//! A connection as a conversation, and as a pipe for bulk data.

use std::thread;
use std::time::Instant;

use sfml_network::{Deadline, IpAddress, SocketError, TcpListener, TcpSocket};

use crate::LIMIT;
use crate::account::{Failure, grouped, joined, per_second, tell};
use crate::bytes::{crc32, noise};

const ROUND_TRIPS: usize = 20_000;
const MESSAGE_SIZE: usize = 32;
const TRANSFER_SIZE: usize = 64 << 20;

/// Sends a message, waits for the same message to come back, and again.
pub(crate) fn echo() -> Result<(), Failure> {
    let deadline = Deadline::after(LIMIT);
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
    thread::scope(|scope| {
        let server = scope.spawn(|| echo_server(&listener, deadline));
        let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), deadline)?;
        let mut answer = [0; MESSAGE_SIZE];
        let started = Instant::now();
        for number in 0..ROUND_TRIPS {
            let message = [number as u8; MESSAGE_SIZE];
            client.send_within(&message, deadline)?;
            client.receive_exact_within(&mut answer, deadline)?;
            if answer != message {
                return Err(format!("message {number} came back changed").into());
            }
        }
        let elapsed = started.elapsed();
        drop(client);
        let echoed = joined(server)?;
        if echoed != ROUND_TRIPS * MESSAGE_SIZE {
            return Err(format!("the server echoed {echoed} bytes, more or less than it was sent").into());
        }
        tell(
            grouped(ROUND_TRIPS),
            format!("messages of {MESSAGE_SIZE} bytes came back, each as it was sent"),
        );
        tell(per_second(ROUND_TRIPS, elapsed), "round trips per second");
        Ok(())
    })
}

/// Sends back what one client sends, until it disconnects; returns how many bytes that were.
fn echo_server(listener: &TcpListener, deadline: Deadline) -> Result<usize, Failure> {
    let client = listener.accept_within(deadline)?;
    let mut buffer = [0; 4096];
    let mut echoed = 0;
    loop {
        match client.receive_within(&mut buffer, deadline) {
            Ok(length) => echoed += client.send_within(&buffer[..length], deadline)?,
            Err(SocketError::Disconnected(None)) => return Ok(echoed),
            Err(error) => return Err(error.into()),
        }
    }
}

/// Sends 64 MiB in one call, and compares checksums.
pub(crate) fn transfer() -> Result<(), Failure> {
    let deadline = Deadline::after(LIMIT);
    let data = noise(TRANSFER_SIZE);
    // Filled, so that the clock does not measure how fast the system hands out memory.
    let mut received = vec![0xFF; TRANSFER_SIZE];
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
    let elapsed = thread::scope(|scope| {
        let sender = scope.spawn(|| -> Result<usize, Failure> {
            Ok(listener.accept_within(deadline)?.send_within(&data, deadline)?)
        });
        let receiver = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), deadline)?;
        let started = Instant::now();
        receiver.receive_exact_within(&mut received, deadline)?;
        let elapsed = started.elapsed();
        joined(sender).map(|_| elapsed)
    })?;
    let (sent, arrived) = (crc32(&data), crc32(&received));
    if sent != arrived {
        return Err(format!("CRC-32 {sent:08x} was sent, and {arrived:08x} received").into());
    }
    tell(TRANSFER_SIZE >> 20, "MiB arrived");
    tell(per_second(TRANSFER_SIZE >> 20, elapsed), "MiB per second");
    tell(format!("{sent:08x}"), "is the CRC-32 of what was sent, and of what arrived");
    Ok(())
}
