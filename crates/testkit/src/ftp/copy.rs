//! Moving bytes between files and data connections, with the brakes a test asks for.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::interrupt::Interrupt;
use super::journal::Journal;

/// How much is moved at once.
pub(super) const CHUNK: usize = 256 << 10;

/// Why a transfer is not complete.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There was no data connection.
    Unopened(io::Error),
    /// The data connection broke.
    Data(io::Error),
    /// The file could not be read or written.
    Disk(io::Error),
    /// The test wanted it to stop here.
    Stopped,
}

/// Counts what is moved, slows it down, and stops it.
#[derive(Debug)]
pub(super) struct Meter<'a> {
    interrupt: &'a Interrupt,
    journal: &'a Journal,
    rate: Option<u64>,
    stop_after: Option<u64>,
    stops: &'a AtomicUsize,
    started: Instant,
    total: u64,
}

impl<'a> Meter<'a> {
    pub(super) fn new(
        interrupt: &'a Interrupt,
        journal: &'a Journal,
        rate: Option<u64>,
        stop_after: Option<u64>,
        stops: &'a AtomicUsize,
    ) -> Self {
        Self { interrupt, journal, rate, stop_after, stops, started: Instant::now(), total: 0 }
    }

    /// Waits until more may be moved, and says how much of `wanted`: at least a byte.
    pub(super) fn next(&mut self, wanted: usize) -> Result<usize, Trouble> {
        let mut count = wanted.min(CHUNK);
        if let Some(limit) = self.stop_after {
            match usize::try_from(limit.saturating_sub(self.total)).unwrap_or(usize::MAX) {
                0 if self.takes_a_stop() => return Err(Trouble::Stopped),
                // Another transfer was stopped in its place.
                0 => self.stop_after = None,
                left => count = count.min(left),
            }
        }
        if let Some(rate) = self.rate {
            const STEPS_IN_A_SECOND: u64 = 50;
            let step = usize::try_from(rate / STEPS_IN_A_SECOND).unwrap_or(usize::MAX).max(1);
            count = count.min(step);
            let due = Duration::try_from_secs_f64(self.total as f64 / rate as f64).unwrap_or(Duration::MAX);
            let due = self.started.checked_add(due).unwrap_or(self.started);
            self.interrupt.pause_until(due).map_err(Trouble::Data)?;
        }
        Ok(count)
    }

    pub(super) fn moved(&mut self, count: usize) {
        self.total += count as u64;
        self.journal.moved(count as u64);
    }

    fn takes_a_stop(&self) -> bool {
        let one_less = |left: usize| left.checked_sub(1);
        self.stops.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
    }
}

/// Sends a file from `offset` to its end.
pub(super) fn send(
    file: &File,
    offset: u64,
    stream: &mut TcpStream,
    meter: &mut Meter<'_>,
) -> Result<(), Trouble> {
    #[cfg(target_os = "linux")]
    if send_in_kernel(file, offset, stream, meter)? {
        return Ok(());
    }
    send_by_hand(file, offset, stream, meter)
}

/// `sendfile(2)`; `false` when the file is of a kind that it cannot send.
#[cfg(target_os = "linux")]
fn send_in_kernel(
    file: &File,
    mut offset: u64,
    stream: &mut TcpStream,
    meter: &mut Meter<'_>,
) -> Result<bool, Trouble> {
    use rustix::io::Errno;
    let mut is_first = true;
    loop {
        let count = meter.next(CHUNK)?;
        match rustix::fs::sendfile(&*stream, file, Some(&mut offset), count) {
            Ok(0) => return Ok(true),
            Ok(count) => meter.moved(count),
            Err(Errno::INTR) => {}
            Err(Errno::INVAL | Errno::NOSYS) if is_first => return Ok(false),
            Err(error) => return Err(Trouble::Data(error.into())),
        }
        is_first = false;
    }
}

fn send_by_hand(
    mut file: &File,
    offset: u64,
    stream: &mut TcpStream,
    meter: &mut Meter<'_>,
) -> Result<(), Trouble> {
    io::Seek::seek(&mut file, io::SeekFrom::Start(offset)).map_err(Trouble::Disk)?;
    let mut buffer = vec![0; CHUNK];
    loop {
        let count = meter.next(CHUNK)?;
        let count = read(&mut file, &mut buffer[..count]).map_err(Trouble::Disk)?;
        if count == 0 {
            return Ok(());
        }
        stream.write_all(&buffer[..count]).map_err(Trouble::Data)?;
        meter.moved(count);
    }
}

/// Sends a file of lines that end with LF with CR LF at their ends.
pub(super) fn send_lines(
    mut file: &File,
    stream: &mut TcpStream,
    meter: &mut Meter<'_>,
) -> Result<(), Trouble> {
    let mut buffer = vec![0; CHUNK];
    let mut lines = Vec::new();
    loop {
        let count = read(&mut file, &mut buffer).map_err(Trouble::Disk)?;
        if count == 0 {
            return Ok(());
        }
        lines.clear();
        for byte in &buffer[..count] {
            if *byte == b'\n' {
                lines.push(b'\r');
            }
            lines.push(*byte);
        }
        let mut left = lines.as_slice();
        while !left.is_empty() {
            let count = meter.next(left.len())?;
            stream.write_all(&left[..count]).map_err(Trouble::Data)?;
            meter.moved(count);
            left = &left[count..];
        }
    }
}

/// Writes what arrives into a file.
pub(super) fn receive(stream: &mut TcpStream, mut file: &File, meter: &mut Meter<'_>) -> Result<(), Trouble> {
    receive_each(stream, meter, |bytes| file.write_all(bytes))
}

/// Writes the lines that arrive into a file, with LF at their ends for CR LF.
pub(super) fn receive_lines(
    stream: &mut TcpStream,
    mut file: &File,
    meter: &mut Meter<'_>,
) -> Result<(), Trouble> {
    let mut lines = Vec::new();
    let mut has_cr = false;
    receive_each(stream, meter, |bytes| {
        lines.clear();
        for byte in bytes {
            if has_cr && *byte != b'\n' {
                lines.push(b'\r');
            }
            has_cr = *byte == b'\r';
            if !has_cr {
                lines.push(*byte);
            }
        }
        file.write_all(&lines)
    })?;
    if has_cr { file.write_all(b"\r").map_err(Trouble::Disk) } else { Ok(()) }
}

fn receive_each(
    stream: &mut TcpStream,
    meter: &mut Meter<'_>,
    mut take: impl FnMut(&[u8]) -> io::Result<()>,
) -> Result<(), Trouble> {
    let mut buffer = vec![0; CHUNK];
    loop {
        let count = meter.next(CHUNK)?;
        let count = read(stream, &mut buffer[..count]).map_err(Trouble::Data)?;
        if count == 0 {
            // A data connection that was cut from this side ends like one that the client closed.
            return meter.interrupt.pause_until(meter.started).map_err(Trouble::Data);
        }
        take(&buffer[..count]).map_err(Trouble::Disk)?;
        meter.moved(count);
    }
}

fn read(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match source.read(buffer) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            other => return other,
        }
    }
}
