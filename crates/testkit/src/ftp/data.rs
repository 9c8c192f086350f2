//! The data connection of the embedded server, and the frame of every transfer.

use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::Ordering;

use super::copy::{Meter, Trouble};
use super::host::Waiting;
use super::session::Session;

/// Where the next data connection comes from.
#[derive(Debug)]
pub(super) enum DataPort {
    /// Nothing was said.
    None,
    /// The client connects.
    Passive(TcpListener),
    /// The server connects.
    Active(SocketAddr),
}

impl Session<'_> {
    /// Opens the data connection, moves what `body` moves, closes it; and replies before and after.
    pub(super) fn transfer(
        &mut self,
        about: &[u8],
        body: impl FnOnce(&mut TcpStream, &mut Meter<'_>) -> Result<(), Trouble>,
    ) -> io::Result<()> {
        let port = std::mem::replace(&mut self.data, DataPort::None);
        if matches!(port, DataPort::None) {
            return self.reply(425, "Use EPSV, PASV, EPRT or PORT first");
        }
        self.interrupt.begin();
        let outcome = match self.reply(150, about) {
            Ok(()) => self.open(&port).map_err(Trouble::Unopened).and_then(|mut stream| {
                body(&mut stream, &mut self.meter())?;
                // The client may be gone already, having got all.
                let _ = stream.shutdown(Shutdown::Write);
                Ok(())
            }),
            Err(error) => Err(Trouble::Data(error)),
        };
        match (self.interrupt.end(), outcome) {
            (true, Err(_)) => self.reply(426, "Cut short"),
            (_, Ok(())) => self.reply(226, "Done"),
            (_, Err(Trouble::Unopened(error))) => self.reply(425, format!("No data connection: {error}")),
            (_, Err(Trouble::Data(error))) => self.reply(426, format!("The data connection broke: {error}")),
            (_, Err(Trouble::Disk(error))) => match error.kind() {
                io::ErrorKind::StorageFull => self.reply(452, "No space left"),
                _ => self.reply(451, format!("The disk failed: {error}")),
            },
            (_, Err(Trouble::Stopped)) => {
                self.hang_up();
                Ok(())
            }
        }
    }

    fn open(&self, port: &DataPort) -> io::Result<TcpStream> {
        let stream = match port {
            DataPort::None => return Err(io::ErrorKind::NotConnected.into()),
            DataPort::Active(address) => TcpStream::connect(address)?,
            DataPort::Passive(listener) => {
                self.interrupt.wait_on(Waiting::Listener(listener.local_addr()?))?;
                loop {
                    let (stream, peer) = listener.accept()?;
                    if peer.ip() == self.peer {
                        break stream;
                    }
                }
            }
        };
        self.interrupt.wait_on(Waiting::Stream(stream.try_clone()?))?;
        Ok(stream)
    }

    fn meter(&self) -> Meter<'_> {
        let options = &self.setup.options;
        let is_left = self.setup.stops.load(Ordering::Relaxed) > 0;
        let stop_after = options.stop.filter(|_| is_left).map(|stop| stop.after);
        Meter::new(self.interrupt, self.journal, options.bytes_per_second, stop_after, &self.setup.stops)
    }
}
