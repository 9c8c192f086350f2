//! An HTTP server that plays a script on each connection, for what no proper server does.

#![allow(dead_code, clippy::allow_attributes, reason = "no program of tests needs all of it")]

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

use sfml_network::http::{Http, HttpOptions};

/// A server on loopback. Its connections end when the client's do; it accepts none once it is dropped.
pub(crate) struct Scripted {
    address: SocketAddr,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    heads: Mutex<Vec<String>>,
    is_over: AtomicBool,
}

/// One connection of it.
pub(crate) struct Wire {
    pub(crate) stream: TcpStream,
    /// Which one, counted from 0.
    pub(crate) number: usize,
    seen: Arc<Seen>,
}

impl Scripted {
    pub(crate) fn start(script: impl Fn(&mut Wire) -> io::Result<()> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        let seen = Arc::new(Seen::default());
        let (script, server) = (Arc::new(script), Self { address, seen: Arc::clone(&seen) });
        thread::spawn(move || {
            while let Ok((stream, _)) = listener.accept() {
                if seen.is_over.load(Ordering::Acquire) {
                    return;
                }
                let number = seen.connections.fetch_add(1, Ordering::AcqRel);
                let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
                // The client may end the connection at any time.
                thread::spawn(move || script(&mut Wire { stream, number, seen }));
            }
        });
        server
    }

    /// One that answers every request on every connection with these bytes.
    pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> Self {
        let answer = answer.into();
        Self::start(move |wire| {
            while wire.read_head().is_ok() {
                wire.stream.write_all(&answer)?;
            }
            Ok(())
        })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A client of it.
    pub(crate) fn client(&self) -> Http {
        self.client_with(HttpOptions::default())
    }

    pub(crate) fn client_with(&self, options: HttpOptions) -> Http {
        Http::with_options(&self.address.to_string(), 0, options).expect("an address is a host")
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::Acquire)
    }

    /// The headers of the requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.seen.heads.lock().expect("nobody panics with it").clone()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        self.seen.is_over.store(true, Ordering::Release);
        drop(TcpStream::connect(self.address));
    }
}

impl Wire {
    /// Reads up to the end of a header, and not a byte more.
    pub(crate) fn read_head(&mut self) -> io::Result<String> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            let mut byte = [0];
            self.stream.read_exact(&mut byte)?;
            head.push(byte[0]);
        }
        let head = String::from_utf8_lossy(&head).into_owned();
        self.seen.heads.lock().expect("nobody panics with it").push(head.clone());
        Ok(head)
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref())
    }

    /// Says nothing until the client ends the connection.
    pub(crate) fn be_silent(&mut self) -> io::Result<()> {
        io::copy(&mut self.stream, &mut io::sink()).map(drop)
    }
}
