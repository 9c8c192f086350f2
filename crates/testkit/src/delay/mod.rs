//! A network with a long way between its two ends, on one machine.
//!
//! Two network namespaces, joined by a line that delays every packet by half the round trip: a delay and no limit on
//! the rate. So servers and clients of any kind meet what a distant peer means, connections they open on ports
//! nobody knows before included. Needs root.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::net::Ipv4Addr;
use std::os::fd::AsFd;
use std::panic::resume_unwind;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::geteuid;
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

use crate::python;
use crate::skip::skip;

/// The two ends and the line between them, which is gone when this is dropped and nothing runs at its ends any more.
#[derive(Debug)]
pub struct Network {
    server: End,
    client: End,
    relay: Child,
}

impl Network {
    /// Makes the network. `None`, after a skip that says why, where the system does not let us.
    ///
    /// # Panics
    /// Panics when there is no Python, or when the relay has printed something else than it does.
    pub fn start(round_trip: Duration) -> Option<Self> {
        if !geteuid().is_root() {
            skip("a network with a delay needs root, for namespaces of its own");
            return None;
        }
        let mut relay = Command::new(python::interpreter())
            .args(["-c", RELAY, &SERVER.to_string(), &CLIENT.to_string()])
            .arg((round_trip / 2).as_secs_f64().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("there is a Python");
        let mut line = String::new();
        let output = relay.stdout.take().expect("it was just asked for");
        BufReader::new(output).read_line(&mut line).expect("what the relay prints is text");
        if line.is_empty() {
            skip(&format!("a network with a delay needs namespaces and TUN devices: {}", last_words(relay)));
            return None;
        }
        let (server, client) = line.trim().split_once(' ').expect("two descriptors are printed");
        let end = |address, descriptor| {
            let path = format!("/proc/{}/fd/{descriptor}", relay.id());
            End { address, namespace: File::open(path).expect("the relay keeps its namespaces open") }
        };
        Some(Self { server: end(SERVER, server), client: end(CLIENT, client), relay })
    }

    /// Where servers are to run.
    pub fn server(&self) -> &End {
        &self.server
    }

    /// Where clients are to run.
    pub fn client(&self) -> &End {
        &self.client
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        let _ = self.relay.kill();
        let _ = self.relay.wait();
    }
}

/// One end of the network.
#[derive(Debug)]
pub struct End {
    address: Ipv4Addr,
    namespace: File,
}

impl End {
    /// Its address, by which the other end and itself reach it.
    pub fn address(&self) -> Ipv4Addr {
        self.address
    }

    /// Does something at this end, in a thread of its own: the sockets it opens and the processes it starts belong
    /// here, and stay here when it returns.
    ///
    /// # Panics
    /// Panics when `work` does.
    pub fn run<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        let moved = || {
            let network = Some(LinkNameSpaceType::Network);
            move_into_link_name_space(self.namespace.as_fd(), network)
                .expect("root may move between namespaces");
            work()
        };
        thread::scope(|scope| scope.spawn(moved).join()).unwrap_or_else(|panic| resume_unwind(panic))
    }
}

/// The end of what a process complained about.
fn last_words(mut process: Child) -> String {
    let mut text = String::new();
    let read = process.stderr.take().map_or(Ok(0), |mut errors| errors.read_to_string(&mut text));
    let ended = process.wait();
    match read.and(ended.map(drop)) {
        Ok(()) => text.lines().last().unwrap_or_default().to_owned(),
        Err(error) => error.to_string(),
    }
}

const RELAY: &str = include_str!("tun_relay.py");

// Addresses that are kept for documentation, so nobody else has them.
const SERVER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
const CLIENT: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};
    use std::time::Instant;

    use super::*;

    const ROUND_TRIP: Duration = Duration::from_millis(40);

    #[test]
    fn a_connection_takes_a_round_trip_and_so_does_an_answer() {
        let Some(network) = Network::start(ROUND_TRIP) else { return };
        let listener = network.server().run(|| TcpListener::bind((network.server().address(), 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let start = Instant::now();
        let mut client = network.client().run(|| TcpStream::connect(address)).unwrap();
        assert!(start.elapsed() >= ROUND_TRIP);

        let (mut server, _) = listener.accept().unwrap();
        let start = Instant::now();
        client.write_all(b"?").unwrap();
        server.read_exact(&mut [0]).unwrap();
        server.write_all(b"!").unwrap();
        client.read_exact(&mut [0]).unwrap();
        assert!(start.elapsed() >= ROUND_TRIP);
    }

    #[test]
    fn what_is_sent_arrives_as_it_was() {
        let Some(network) = Network::start(Duration::from_millis(2)) else { return };
        let listener = network.server().run(|| TcpListener::bind((network.server().address(), 0))).unwrap();
        let address = listener.local_addr().unwrap();
        let sent: Vec<u8> = (0..3_000_000_u32).map(|position| (position % 253) as u8).collect();
        let mut received = Vec::new();
        thread::scope(|scope| {
            scope.spawn(|| {
                let mut client = network.client().run(|| TcpStream::connect(address)).unwrap();
                client.write_all(&sent).unwrap();
            });
            listener.accept().unwrap().0.read_to_end(&mut received).unwrap();
        });
        assert!(received == sent);
    }

    #[test]
    fn networks_do_not_meet() {
        let (one, other) = (Network::start(Duration::ZERO), Network::start(Duration::ZERO));
        let (Some(one), Some(other)) = (one, other) else { return };
        let listener = one.server().run(|| TcpListener::bind((one.server().address(), 0))).unwrap();
        let address = listener.local_addr().unwrap();
        assert!(other.client().run(|| TcpStream::connect(address)).is_err());
        assert!(TcpListener::bind((SERVER, 0)).is_err(), "outside there is no such address");
    }

    #[test]
    fn a_panic_at_an_end_reaches_the_caller() {
        let Some(network) = Network::start(Duration::ZERO) else { return };
        let caught = thread::scope(|scope| {
            let call = scope.spawn(|| network.client().run(|| panic!("there")));
            call.join().map_err(|panic| panic.downcast_ref::<&str>().copied() == Some("there"))
        });
        assert_eq!(caught, Err(true));
    }
}
