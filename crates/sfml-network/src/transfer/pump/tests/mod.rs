mod direct;
mod receiving;
mod sending;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use testkit::PATIENCE;

use super::*;
use crate::address::IpAddress;
use crate::socket::TcpSocket;
use crate::wait::Wait;

/// Sizes around everything that bytes come in: pages, buffers, pipes.
const SIZES: [usize; 11] = [
    0,
    1,
    4095,
    4096,
    16 << 10,
    (16 << 10) + 1,
    128 << 10,
    (128 << 10) + 1,
    (1 << 20) - 1,
    1 << 20,
    (3 << 20) + 7,
];

#[derive(Debug)]
enum Stop {
    Pump(PumpError),
    /// The time was up.
    Late,
    /// The test wanted it.
    Cancelled,
}

impl From<PumpError> for Stop {
    fn from(error: PumpError) -> Self {
        Self::Pump(error)
    }
}

/// A monitor that counts, and stops when told.
struct Watch<'a> {
    piece: usize,
    patience: Duration,
    moved: u64,
    largest: usize,
    after: Box<dyn FnMut(u64) -> bool + 'a>,
}

impl Default for Watch<'_> {
    fn default() -> Self {
        Self { piece: usize::MAX, patience: PATIENCE, moved: 0, largest: 0, after: Box::new(|_| true) }
    }
}

impl<'a> Watch<'a> {
    fn of_pieces(piece: usize) -> Self {
        Self { piece, ..Self::default() }
    }

    fn patient_for(patience: Duration) -> Self {
        Self { patience, ..Self::default() }
    }

    /// Cancels when `go_on` of the bytes so far is `false`.
    fn while_true(piece: usize, go_on: impl FnMut(u64) -> bool + 'a) -> Self {
        Self { piece, after: Box::new(go_on), ..Self::default() }
    }
}

impl Monitor for Watch<'_> {
    type Error = Stop;

    fn wait(&mut self, stream: &dyn Stream, want: Readiness) -> Result<(), Stop> {
        stream.wait(want, &mut Wait::from(self.patience)).map_err(|error| match error {
            SocketError::NotReady => Stop::Late,
            error => Stop::Pump(PumpError::Stream(error)),
        })
    }

    fn moved(&mut self, bytes: usize) -> Result<(), Stop> {
        self.moved += bytes as u64;
        self.largest = self.largest.max(bytes);
        if (self.after)(self.moved) { Ok(()) } else { Err(Stop::Cancelled) }
    }

    fn piece(&self) -> usize {
        self.piece
    }
}

/// A stream whose bytes are not those on the socket, as far as the pump can tell.
#[derive(Debug)]
struct Veiled(TcpSocket);

impl Stream for Veiled {
    #[cfg(feature = "http")]
    fn is_foreign(&self) -> bool {
        self.0.is_foreign()
    }

    fn try_receive(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        self.0.try_receive(buffer)
    }

    fn try_send(&self, data: &[u8]) -> Result<usize, SocketError> {
        self.0.try_send(data)
    }

    fn wait(&self, want: Readiness, wait: &mut Wait<'_>) -> Result<(), SocketError> {
        Stream::wait(&self.0, want, wait)
    }

    fn finish_sending(&self) -> Result<(), SocketError> {
        self.0.finish_sending()
    }

    fn plain(&self) -> Option<&TcpSocket> {
        None
    }

    fn local_address(&self) -> Option<IpAddress> {
        self.0.local_address()
    }

    fn remote_address(&self) -> Option<IpAddress> {
        self.0.remote_address()
    }
}

/// A connection of ours and the peer's end of it.
fn pair() -> (TcpSocket, TcpStream) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let socket = TcpSocket::connect(IpAddress::LOCAL_HOST, port, PATIENCE).unwrap();
    let peer = listener.accept().unwrap().0;
    peer.set_read_timeout(Some(PATIENCE)).unwrap();
    peer.set_write_timeout(Some(PATIENCE)).unwrap();
    (socket, peer)
}

/// A connection whose peer does something in a thread of its own.
fn with_peer<T: Send + 'static>(
    act: impl FnOnce(TcpStream) -> T + Send + 'static,
) -> (TcpSocket, JoinHandle<T>) {
    let (socket, peer) = pair();
    (socket, thread::spawn(|| act(peer)))
}

/// Bytes in which every misplaced piece shows.
fn content(length: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let mut block = Vec::with_capacity(65_521);
    for _ in 0..65_521 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        block.push((state >> 24) as u8);
    }
    let mut content = block.repeat(length.div_ceil(block.len()));
    content.truncate(length);
    content
}

/// A folder that is removed with its contents.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("pump-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn file(&self, name: &str) -> File {
        let path = self.0.join(name);
        OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path).unwrap()
    }

    fn holding(&self, name: &str, content: &[u8]) -> File {
        fs::write(self.0.join(name), content).unwrap();
        self.file(name)
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Opens a named pipe's reading end in a thread, which returns all that comes out.
#[cfg(unix)]
fn read_named_pipe(path: &Path) -> JoinHandle<Vec<u8>> {
    let made = std::process::Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success());
    let path = path.to_owned();
    thread::spawn(|| fs::read(path).unwrap())
}

/// Compares without printing megabytes.
#[track_caller]
fn assert_same(got: &[u8], wanted: &[u8]) {
    let differs = got.chunks(4096).zip(wanted.chunks(4096)).position(|(got, wanted)| got != wanted);
    assert_eq!((got.len(), differs), (wanted.len(), None), "length, and the page that differs");
}

/// A writer that behaves as its list says, then takes everything.
#[derive(Default)]
struct Moody {
    taken: Vec<u8>,
    moods: Vec<io::Result<usize>>,
    largest: usize,
    flushed: bool,
}

impl Write for Moody {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.largest = self.largest.max(data.len());
        let most = self.moods.pop().unwrap_or(Ok(usize::MAX))?;
        let data = &data[..data.len().min(most)];
        self.taken.extend_from_slice(data);
        Ok(data.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.flushed = true;
        Ok(())
    }
}
