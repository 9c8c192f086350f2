//! ABOR, and how differently it is answered.

use std::io;

use super::super::peer::Peer;
use super::super::scripted::Scripted;
use super::super::tree::FILE;
use super::steps::{ANNOUNCED, ROOT, WHOLE, step};
use super::{Behaviour, Expect, Operation, Step, row};

const ABORT: Operation = Operation::Abort("file.txt");
const ABORTS_AND_GOES_ON: &[Step] = &[step(ABORT, Expect::Error), step(Operation::Pwd, ROOT)];
const ABORTS_AND_MAY_GO_ON: &[Step] =
    &[step(ABORT, Expect::Error), step(Operation::Pwd, Expect::Perhaps(&ROOT))];
const TOO_LATE: &[Step] = &[step(ABORT, Expect::Perhaps(&WHOLE)), step(Operation::Pwd, ROOT)];
const ABORT_FAILS: &[Step] = &[step(ABORT, Expect::Error)];

pub(super) fn rows() -> Vec<Behaviour> {
    vec![
        row(
            "abor-426-226",
            "Both replies come at once.",
            "RFC 959, section 4.1.3",
            ABORTS_AND_GOES_ON,
            || {
                aborting(|peer| {
                    peer.close_data();
                    peer.send("426 Connection closed\r\n226 Abort successful\r\n")
                })
            },
        ),
        row(
            "abor-426-then-225",
            "The second reply has the other code.",
            "vsftpd 3.0.3",
            ABORTS_AND_GOES_ON,
            || {
                aborting(|peer| {
                    peer.close_data();
                    peer.send("426 Failure writing network stream.\r\n")?;
                    peer.send("225 No transfer to ABOR.\r\n")
                })
            },
        ),
        row(
            "abor-waits-for-the-data",
            "Nothing is said until the client closes.",
            "vsftpd, ProFTPD",
            ABORTS_AND_GOES_ON,
            || {
                aborting(|peer| {
                    // It ends when the client closes, in whatever way.
                    let _ = peer.receive_data();
                    peer.close_data();
                    peer.send("426 Connection closed\r\n226 Abort successful\r\n")
                })
            },
        ),
        row(
            "abor-too-late",
            "The transfer was done before.",
            "RFC 959, section 4.1.3",
            TOO_LATE,
            Scripted::new,
        ),
        row("abor-226-only", "There is one reply.", "RFC 959, section 5.4", ABORTS_AND_MAY_GO_ON, || {
            aborting(|peer| {
                peer.close_data();
                peer.send("226 Abort successful\r\n")
            })
        }),
        row(
            "abor-150-only",
            "There is a figure, and no final reply.",
            "pure-ftpd 1.0.50",
            ABORTS_AND_MAY_GO_ON,
            || {
                aborting(|peer| {
                    peer.close_data();
                    peer.send("150 0.000 seconds (measured here), 0.00 bytes per second\r\n")
                })
            },
        ),
        row(
            "abor-502",
            "ABOR is not implemented, and the transfer ends.",
            "RFC 959, section 5.1",
            ABORTS_AND_MAY_GO_ON,
            || {
                aborting(|peer| {
                    peer.send("502 Not here\r\n")?;
                    let _ = peer.send_data(&FILE[20..]);
                    peer.close_data();
                    peer.send("226 Transfer complete\r\n")
                })
            },
        ),
        row("abor-eof", "ABOR is answered by hanging up.", "RFC 959, section 4.1.3", ABORT_FAILS, || {
            aborting(|peer| {
                peer.close_control();
                Ok(())
            })
        }),
        row("abor-never", "ABOR is not answered.", "RFC 959, section 4.1.3", ABORT_FAILS, || {
            aborting(Peer::stall)
        })
        .that_waits(),
    ]
}

/// A server that sends a part of the file and then waits for ABOR. A client that hangs up the data connection
/// without it is answered as the standard says.
fn aborting(answer: fn(&mut Peer) -> io::Result<()>) -> Scripted {
    Scripted::new().on("RETR", move |peer, _| {
        peer.send(ANNOUNCED)?;
        peer.send_data(&FILE[..20])?;
        match peer.read_line()? {
            Some(line) if line.eq_ignore_ascii_case(b"ABOR") => answer(peer),
            Some(line) => {
                peer.close_data();
                peer.send("426 Connection closed\r\n")?;
                peer.run(&line)
            }
            None => Ok(()),
        }
    })
}
