//! The other end of the Python tour's packets: says which port it listens on, and answers one client.

#![expect(clippy::print_stdout, reason = "the port is this program's result")]

#[path = "../values/every_type.rs"]
mod every_type;

use std::error::Error;
use std::time::Duration;

use every_type::EveryType;
use sfml_network::{Deadline, IpAddress, Packet, SocketError, TcpListener};

/// After this long it ends in any case, so that it does not outlive whoever started it.
const LIMIT: Duration = Duration::from_secs(20);

fn main() -> Result<(), Box<dyn Error>> {
    let deadline = Deadline::after(LIMIT);
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
    println!("{}", listener.local_port());

    let client = listener.accept_within(deadline)?;
    loop {
        let mut question = match client.receive_packet_within(deadline) {
            Ok(packet) => packet,
            Err(SocketError::Disconnected(None)) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let values: EveryType = question.read()?;
        if !question.is_at_end() {
            return Err(format!("{} bytes were left over", question.remaining().len()).into());
        }
        let mut answer = Packet::new();
        answer.write(values.answer());
        client.send_packet_within(&answer, deadline)?;
    }
}
