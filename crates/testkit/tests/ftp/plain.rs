//! A client of a socket and nothing else: what it sends is what the test says.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use testkit::PATIENCE;

pub(crate) struct Plain {
    control: BufReader<TcpStream>,
}

impl Plain {
    /// Connects and takes the greeting.
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let mut plain = Self::connect_silently(address);
        assert_eq!(plain.reply().0, 220);
        plain
    }

    pub(crate) fn connect_silently(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        Self { control: BufReader::new(stream) }
    }

    /// Connects and logs in, for binary transfers.
    pub(crate) fn login(address: SocketAddr) -> Self {
        let mut plain = Self::connect(address);
        assert_eq!(plain.ask("USER anonymous").0, 331);
        assert_eq!(plain.ask("PASS me@").0, 230);
        assert_eq!(plain.ask("TYPE I").0, 200);
        plain
    }

    pub(crate) fn stream(&self) -> &TcpStream {
        self.control.get_ref()
    }

    pub(crate) fn send(&mut self, line: impl AsRef<[u8]>) {
        self.control.get_mut().write_all(&[line.as_ref(), b"\r\n"].concat()).unwrap();
    }

    pub(crate) fn line(&mut self) -> Vec<u8> {
        self.try_line().unwrap()
    }

    /// The next line; an empty one at the end, `None` when the connection broke.
    pub(crate) fn try_line(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        self.control.read_until(b'\n', &mut line).ok()?;
        Some(line)
    }

    /// The next reply: its code, and all of its text.
    pub(crate) fn reply(&mut self) -> (u16, String) {
        let first = self.text();
        assert!(first.len() >= 4, "no reply: {first:?}");
        let (code, end) = (first[..3].to_owned(), format!("{} ", &first[..3]));
        let mut text = first.clone();
        if first.as_bytes()[3] == b'-' {
            while !text.lines().last().unwrap_or_default().starts_with(&end) {
                let line = self.text();
                assert!(!line.is_empty(), "the reply does not end: {text}");
                text.push_str(&line);
            }
        }
        (code.parse().unwrap(), text)
    }

    pub(crate) fn ask(&mut self, line: impl AsRef<[u8]>) -> (u16, String) {
        self.send(line);
        self.reply()
    }

    /// Opens a data connection with EPSV.
    pub(crate) fn data(&mut self) -> TcpStream {
        let (code, text) = self.ask("EPSV");
        assert_eq!(code, 229, "{text}");
        let port = text.split('|').nth(3).unwrap().parse().unwrap();
        let stream =
            TcpStream::connect(SocketAddr::new(self.stream().peer_addr().unwrap().ip(), port)).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// What comes over the data connection, and the final code.
    pub(crate) fn get(&mut self, line: impl AsRef<[u8]>) -> (Vec<u8>, u16) {
        let mut data = self.data();
        let (code, _) = self.ask(line);
        let mut bytes = Vec::new();
        if code >= 400 {
            return (bytes, code);
        }
        assert_eq!(code, 150);
        data.read_to_end(&mut bytes).unwrap();
        (bytes, self.reply().0)
    }

    /// What comes over the data connection of a command with a preliminary reply.
    pub(crate) fn get_data_only(&mut self, line: impl AsRef<[u8]>) -> Vec<u8> {
        let mut data = self.data();
        assert_eq!(self.ask(line).0, 150);
        let mut bytes = Vec::new();
        data.read_to_end(&mut bytes).unwrap();
        bytes
    }

    /// Sends over the data connection; returns the final code.
    pub(crate) fn put(&mut self, line: impl AsRef<[u8]>, bytes: &[u8]) -> u16 {
        let mut data = self.data();
        let (code, _) = self.ask(line);
        if code >= 400 {
            return code;
        }
        assert_eq!(code, 150);
        data.write_all(bytes).unwrap();
        drop(data);
        self.reply().0
    }

    /// Whether the server has closed the control connection, and said nothing more.
    pub(crate) fn is_closed(&mut self) -> bool {
        self.control.read(&mut [0]).is_ok_and(|count| count == 0)
    }

    fn text(&mut self) -> String {
        String::from_utf8_lossy(&self.line()).into_owned()
    }
}
