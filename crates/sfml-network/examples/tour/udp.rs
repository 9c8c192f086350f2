//! Datagrams one by one, many in a call, cut and joined by the system; and what happens to a sender in a hurry.

use std::thread;
use std::time::{Duration, Instant};

use sfml_network::{Datagram, DatagramBatch, Deadline, IpAddress, SocketError, UdpSocket};

use crate::LIMIT;
use crate::account::{Failure, grouped, joined, per_second, tell};

const SIZE: usize = 1000;
/// As many as the receiving socket's buffer holds, and as the system cuts in one call.
const BURST: usize = 64;
const COUNT: usize = 800 * BURST;
/// After this long without a datagram, those that are missing are counted as lost.
const PATIENCE: Duration = Duration::from_millis(100);

/// Sends datagrams in three ways, and then faster than they are received.
pub(crate) fn datagrams() -> Result<(), Failure> {
    let link = Link::new()?;
    let mut batch = DatagramBatch::new(BURST, SIZE);
    in_bursts("one in a call", &link, Link::send_each, |arrivals, total| link.receive_each(arrivals, total))?;

    let mut receive_many = |arrivals: &mut _, total| link.receive_many(&mut batch, arrivals, total);
    in_bursts("64 in a call", &link, Link::send_many, &mut receive_many)?;

    let joining = link.receiver.set_gro(true).is_ok();
    let how = if joining { "cut and joined by the system" } else { "cut by the system where it can" };
    in_bursts(how, &link, Link::send_segmented, &mut receive_many)?;
    without_waiting(&Link::new()?)
}

/// Sends a burst, receives it, and so on: nothing has a reason to be lost.
fn in_bursts(
    how: &str,
    link: &Link,
    send: fn(&Link, &[u8]) -> Result<(), SocketError>,
    mut receive: impl FnMut(&mut Arrivals, usize) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let deadline = Deadline::after(LIMIT);
    let mut arrivals = Arrivals::of(link)?;
    let mut burst = vec![0; BURST * SIZE];
    let mut lost = 0;
    let started = Instant::now();
    for sent in (0..COUNT).step_by(BURST) {
        if deadline.has_passed() {
            return Err(format!("{sent} datagrams, {how}, took too long").into());
        }
        number_datagrams(&mut burst, sent);
        send(link, &burst)?;
        receive(&mut arrivals, sent + BURST - lost)?;
        // One that comes late after all is counted when it does.
        lost = sent + BURST - arrivals.count;
    }
    let rate = per_second(arrivals.count, started.elapsed());
    let (arrived, lost) = (grouped(arrivals.count), grouped(lost));
    tell(rate, format!("per second, {how}: {arrived} arrived, {lost} lost"));
    Ok(())
}

/// Sends and receives in two threads. The sender does not know how fast the receiver is, and UDP does not care.
fn without_waiting(link: &Link) -> Result<(), Failure> {
    let mut arrivals = Arrivals::of(link)?;
    let sent = thread::scope(|scope| {
        let sender = scope.spawn(|| -> Result<usize, Failure> {
            let mut burst = vec![0; BURST * SIZE];
            for sent in (0..COUNT).step_by(BURST) {
                number_datagrams(&mut burst, sent);
                link.send_each(&burst)?;
            }
            Ok(COUNT)
        });
        link.receive_each(&mut arrivals, COUNT)?;
        joined(sender)
    })?;
    if arrivals.count == 0 {
        return Err("no datagram arrived at all".into());
    }
    let (sent, lost) = (grouped(sent), grouped(sent - arrivals.count));
    // UDP has no flow control: what does not fit into the receiver's buffer is dropped, and nobody is told.
    tell(
        grouped(arrivals.count),
        format!("of {sent} arrived from a sender that never waited, {lost} were lost"),
    );
    Ok(())
}

/// Makes each datagram of a burst tell its number, and differ from the others.
fn number_datagrams(burst: &mut [u8], first: usize) {
    for (number, datagram) in (first..).zip(burst.chunks_mut(SIZE)) {
        datagram.fill(number as u8);
        datagram[..8].copy_from_slice(&(number as u64).to_be_bytes());
    }
}

/// Two sockets, and the ways from one to the other.
struct Link {
    sender: UdpSocket,
    receiver: UdpSocket,
    port: u16,
}

impl Link {
    fn new() -> Result<Self, SocketError> {
        let sender = UdpSocket::bind(IpAddress::LOCAL_HOST, 0)?;
        let receiver = UdpSocket::bind(IpAddress::LOCAL_HOST, 0)?;
        sender.set_timeout(Some(LIMIT));
        receiver.set_timeout(Some(PATIENCE));
        let port = receiver.local_port();
        Ok(Self { sender, receiver, port })
    }

    fn send_each(&self, burst: &[u8]) -> Result<(), SocketError> {
        for data in burst.chunks(SIZE) {
            self.sender.send(data, IpAddress::LOCAL_HOST, self.port)?;
        }
        Ok(())
    }

    fn send_many(&self, burst: &[u8]) -> Result<(), SocketError> {
        let to_receiver = |data| Datagram::new(data, IpAddress::LOCAL_HOST, self.port);
        let datagrams: Vec<_> = burst.chunks(SIZE).map(to_receiver).collect();
        self.sender.send_many(&datagrams).map(drop)
    }

    fn send_segmented(&self, burst: &[u8]) -> Result<(), SocketError> {
        self.sender.send_segmented(burst, SIZE, IpAddress::LOCAL_HOST, self.port).map(drop)
    }

    /// Receives until `total` datagrams have arrived, or none comes any more.
    fn receive_each(&self, arrivals: &mut Arrivals, total: usize) -> Result<(), Failure> {
        let mut buffer = [0; SIZE];
        while arrivals.count < total {
            match self.receiver.receive(&mut buffer) {
                Ok((length, address, port)) => {
                    arrivals.note(&Datagram::new(&buffer[..length], address, port))?;
                }
                Err(SocketError::NotReady) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// As `receive_each`, as many at a time as there are.
    fn receive_many(
        &self,
        batch: &mut DatagramBatch,
        arrivals: &mut Arrivals,
        total: usize,
    ) -> Result<(), Failure> {
        while arrivals.count < total {
            match self.receiver.receive_many(batch) {
                Ok(_) => batch.iter().try_for_each(|datagram| arrivals.note(&datagram))?,
                Err(SocketError::NotReady) => break,
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Which datagrams have arrived.
struct Arrivals {
    seen: Vec<bool>,
    count: usize,
    from: (IpAddress, u16),
}

impl Arrivals {
    fn of(link: &Link) -> Result<Self, Failure> {
        let address = link.sender.local_address().ok_or("the sender has no address")?;
        Ok(Self { seen: vec![false; COUNT], count: 0, from: (address, link.sender.local_port()) })
    }

    /// Takes note of a datagram, if it is as it was sent.
    fn note(&mut self, datagram: &Datagram<'_>) -> Result<(), Failure> {
        let (number, filling) = datagram.data.split_first_chunk().ok_or("a datagram arrived shortened")?;
        let number = u64::from_be_bytes(*number) as usize;
        let is_whole = datagram.data.len() == SIZE && filling.iter().all(|byte| *byte == number as u8);
        if !is_whole || (datagram.address, datagram.port) != self.from {
            return Err(format!("datagram {number} arrived changed").into());
        }
        match self.seen.get_mut(number) {
            Some(seen) if !*seen => *seen = true,
            _ => return Err(format!("datagram {number} arrived twice, or was never sent").into()),
        }
        self.count += 1;
        Ok(())
    }
}
