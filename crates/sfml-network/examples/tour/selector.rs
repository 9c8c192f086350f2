//! Many connections, one thread: the selector tells which of them have something to say.

use std::collections::HashMap;
use std::thread;
use std::time::Instant;

use sfml_network::{Deadline, IpAddress, SocketError, SocketSelector, TcpListener, TcpSocket};

use crate::LIMIT;
use crate::account::{Failure, grouped, joined, per_second, tell};

pub(crate) const CLIENTS: usize = 200;
const ROUNDS: usize = 50;
const MESSAGE_SIZE: usize = 64;

/// Lets all clients talk at once, round after round, to a server that is one thread.
pub(crate) fn serve_many() -> Result<(), Failure> {
    let deadline = Deadline::after(LIMIT);
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
    thread::scope(|scope| {
        let server = scope.spawn(|| serve(&listener, deadline));
        let connect = |_| TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), deadline);
        let clients = (0..CLIENTS).map(connect).collect::<Result<Vec<_>, _>>()?;
        let started = Instant::now();
        for round in 0..ROUNDS {
            for (number, client) in clients.iter().enumerate() {
                client.send_within(&message(number, round), deadline)?;
            }
            for (number, client) in clients.iter().enumerate() {
                let mut answer = [0; MESSAGE_SIZE];
                client.receive_exact_within(&mut answer, deadline)?;
                if answer != message(number, round) {
                    return Err(format!("client {number} got something else in round {round}").into());
                }
            }
        }
        let elapsed = started.elapsed();
        drop(clients);

        let served = joined(server)?;
        if let Some(bytes) = served.iter().find(|bytes| **bytes != ROUNDS * MESSAGE_SIZE) {
            return Err(format!("a client was served {bytes} bytes, not all of its messages").into());
        }
        tell(served.len(), format!("clients were connected at once, and each was answered {ROUNDS} times"));
        tell(
            grouped(CLIENTS * ROUNDS),
            format!("messages of {MESSAGE_SIZE} bytes came back, each to its client"),
        );
        tell(per_second(CLIENTS * ROUNDS, elapsed), "messages answered per second");
        Ok(())
    })
}

/// Accepts whoever comes and sends back what each sends, until all have come and gone; returns how many bytes it
/// was for each.
fn serve(listener: &TcpListener, deadline: Deadline) -> Result<Vec<usize>, Failure> {
    let selector = SocketSelector::new()?;
    let door = selector.add(listener)?;
    let mut clients = HashMap::new();
    let mut served = Vec::new();
    let mut buffer = [0; 4096];
    while served.len() < CLIENTS {
        if !selector.wait(deadline)? {
            return Err(format!("{} clients came and left in time", served.len()).into());
        }
        for event in selector.ready() {
            if event.key == door {
                let client = listener.accept_within(deadline)?;
                clients.insert(selector.add(&client)?, (client, 0));
                continue;
            }
            let Some((client, bytes)) = clients.get_mut(&event.key) else {
                continue;
            };
            match client.receive_within(&mut buffer, deadline) {
                Ok(length) => *bytes += client.send_within(&buffer[..length], deadline)?,
                // Dropped, the socket leaves the selector by itself.
                Err(SocketError::Disconnected(_)) => {
                    served.extend(clients.remove(&event.key).map(|(_, bytes)| bytes));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(served)
}

/// What a client says in a round, unlike what any other says in it.
fn message(client: usize, round: usize) -> [u8; MESSAGE_SIZE] {
    let mut message = [round as u8; MESSAGE_SIZE];
    message[..8].copy_from_slice(&(client as u64).to_be_bytes());
    message
}
