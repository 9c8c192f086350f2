//! A client that is a socket.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};

use testkit::PATIENCE;

/// One connection, on which the test says each byte itself.
pub(crate) struct Plain(TcpStream);

/// A status, the lines of the fields and the body.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: String,
    pub(crate) fields: Vec<String>,
    pub(crate) body: Vec<u8>,
}

impl Plain {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(stream)
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).unwrap();
    }

    /// Asks for a path with the method `GET`, and reads the answer.
    pub(crate) fn get(&mut self, path: &str, fields: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n"));
        self.answer()
    }

    /// The next answer, whose body has the length that it tells.
    pub(crate) fn answer(&mut self) -> Answer {
        let mut answer = self.head();
        let length = answer.field("content-length").map_or(0, |length| length.parse().unwrap());
        answer.body = self.bytes(length);
        answer
    }

    /// The head of the next answer.
    pub(crate) fn head(&mut self) -> Answer {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.extend(self.bytes(1));
        }
        let text: String = head.into_iter().map(char::from).collect();
        let mut lines = text.trim_end().split("\r\n").map(str::to_owned);
        Answer { status: lines.next().unwrap(), fields: lines.collect(), body: Vec::new() }
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Everything until the connection ends.
    pub(crate) fn rest(mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).unwrap();
        bytes
    }
}

impl Answer {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let mut pairs = self.fields.iter().filter_map(|line| line.split_once(": "));
        pairs.find_map(|(found, value)| found.eq_ignore_ascii_case(name).then_some(value))
    }

    pub(crate) fn text(&self) -> String {
        self.body.iter().copied().map(char::from).collect()
    }
}
