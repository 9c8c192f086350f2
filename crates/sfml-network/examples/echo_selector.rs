//! An echo server for any number of clients in one thread.
//!
//! Without arguments it starts the server, talks to it with a few clients, stops it and ends. With a port it serves
//! that port of this computer until it is stopped from outside: `cargo run --example echo_selector 4000`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use std::{env, thread};

use sfml_network::{IpAddress, SocketError, SocketSelector, TcpListener, TcpSocket};

/// A client that does not take its echo for so long is let go, so that it cannot hold up the others.
const PATIENCE: Duration = Duration::from_secs(1);

fn main() -> Result<(), Box<dyn Error>> {
    let port = env::args().nth(1).map(|port| port.parse()).transpose()?;
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, port.unwrap_or(0))?;
    let selector = SocketSelector::new()?;
    println!("listening on port {}", listener.local_port());
    let stop = AtomicBool::new(false);
    if port.is_some() {
        return Ok(serve(&listener, &selector, &stop)?);
    }
    thread::scope(|scope| {
        let server = scope.spawn(|| serve(&listener, &selector, &stop));
        let talked = talk(listener.local_port());
        stop.store(true, Ordering::Relaxed);
        selector.wake()?;
        server.join().map_err(|_| "the server panicked")??;
        talked
    })
}

/// Sends back what each client sends, until another thread sets `stop` and wakes the selector.
fn serve(listener: &TcpListener, selector: &SocketSelector, stop: &AtomicBool) -> Result<(), SocketError> {
    let door = selector.add(listener)?;
    let mut clients = HashMap::new();
    while !stop.load(Ordering::Relaxed) {
        selector.wait(None)?;
        for event in selector.ready() {
            if event.key == door {
                if let Some(client) = accept(listener)? {
                    clients.insert(selector.add(&client)?, client);
                }
            } else if let Some(client) = clients.get(&event.key) {
                if echo(client).is_err() {
                    // Dropped, it is closed, and leaves the selector by itself.
                    clients.remove(&event.key);
                }
            }
        }
    }
    Ok(())
}

/// The next client, unless it went away before it was accepted.
fn accept(listener: &TcpListener) -> Result<Option<TcpSocket>, SocketError> {
    match listener.try_accept() {
        Ok(client) => {
            client.set_timeout(Some(PATIENCE));
            Ok(Some(client))
        }
        Err(SocketError::NotReady) => Ok(None),
        Err(error) => Err(error),
    }
}

fn echo(client: &TcpSocket) -> Result<(), SocketError> {
    let mut buffer = [0; 4096];
    let length = client.receive(&mut buffer)?;
    match client.send(&buffer[..length])? {
        sent if sent == length => Ok(()),
        _ => Err(SocketError::NotReady),
    }
}

/// Talks to the server with three clients at a time.
fn talk(port: u16) -> Result<(), Box<dyn Error>> {
    let connect = |_| TcpSocket::connect(IpAddress::LOCAL_HOST, port, PATIENCE);
    let clients = (0..3).map(connect).collect::<Result<Vec<_>, _>>()?;
    for (client, message) in clients.iter().zip(["one", "two", "three"]) {
        client.send_within(message.as_bytes(), PATIENCE)?;
    }
    for (client, message) in clients.iter().zip(["one", "two", "three"]) {
        let mut answer = vec![0; message.len()];
        client.receive_exact_within(&mut answer, PATIENCE)?;
        let answer = String::from_utf8(answer)?;
        println!("sent {message:?}, received {answer:?}");
        if answer != message {
            return Err("the echo differs".into());
        }
    }
    Ok(())
}
