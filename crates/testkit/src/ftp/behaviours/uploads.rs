//! STOR and APPE: servers that do not want it, or not all of it.

use super::super::peer::Peer;
use super::super::scripted::Scripted;
use super::steps::{DONE, ROOT, step};
use super::{Behaviour, Expect, Operation, Step, row};

const TEXT: &[u8] = b"uploaded";
const PUT: Operation = Operation::Put("new.txt", TEXT);
const PUTS: &[Step] = &[step(PUT, Expect::Stored(TEXT)), step(Operation::Pwd, ROOT)];
const PUTS_EARLY: &[Step] = &[step(PUT, Expect::Done)];
const PUTS_NOTHING: &[Step] = &[step(Operation::Put("new.txt", b""), Expect::Stored(b""))];
const PUT_FAILS: &[Step] = &[step(PUT, Expect::Error)];
const PUT_FAILS_AND_GOES_ON: &[Step] = &[step(PUT, Expect::Error), step(Operation::Pwd, ROOT)];
const PUT_553: &[Step] = &[step(PUT, Expect::Refused(553)), step(Operation::Pwd, ROOT)];
const APPENDS: &[Step] = &[step(Operation::Append("sub/inner.txt", b"most"), Expect::Stored(b"innermost"))];
const APPEND_FAILS: &[Step] = &[step(Operation::Append("sub/inner.txt", b"most"), Expect::Error)];

/// More than fits into what a system buffers for a connection.
static BIG: [u8; 16 << 20] = [0; 16 << 20];
const PUT_BIG_FAILS: &[Step] = &[step(Operation::Put("new.txt", &BIG), Expect::Error)];

pub(super) fn rows() -> Vec<Behaviour> {
    vec![
        row("put-right", "A file is taken.", "RFC 959, section 4.1.3", PUTS, Scripted::new),
        row("put-nothing", "An empty file is taken.", "jlaffaye/ftp#283", PUTS_NOTHING, Scripted::new),
        row(
            "put-125-250",
            "Both replies are the others that are allowed.",
            "RFC 959, section 5.4",
            PUTS,
            || storing("125 Go ahead\r\n", "250 Done\r\n"),
        ),
        row(
            "put-200-before-150",
            "An empty success precedes the preliminary reply.",
            "curl 7.88 refuses it",
            PUTS,
            || storing("200 Ok\r\n150 Go ahead\r\n", DONE),
        ),
        row("put-226-twice", "There are two final replies in one packet.", "lftp ftpclass.cc", PUTS, || {
            storing("150 Go ahead\r\n", "226 Done\r\n226 Done indeed\r\n")
        }),
        row(
            "put-226-before-data",
            "The final reply comes before the data.",
            "basic-ftp TransferResolver",
            PUTS_EARLY,
            || storing("150 Go ahead\r\n226 Done\r\n", ""),
        ),
        row("put-553", "The name is not allowed.", "RFC 959, section 5.4", PUT_553, || {
            Scripted::new().reply("STOR", "553 Not that name\r\n")
        }),
        row(
            "put-425",
            "The data connection cannot be opened.",
            "RFC 959, section 5.4",
            PUT_FAILS_AND_GOES_ON,
            || {
                Scripted::new().on("STOR", |peer, _| {
                    peer.send("150 Go ahead\r\n")?;
                    peer.close_data();
                    peer.send("425 Cannot open data connection\r\n")
                })
            },
        ),
        row(
            "put-452",
            "The disk is full after some bytes.",
            "RFC 959, section 5.4",
            PUT_FAILS_AND_GOES_ON,
            || taking_some("452 No space left\r\n"),
        ),
        row("put-451", "All was sent, and not kept.", "RFC 959, section 5.4", PUT_FAILS_AND_GOES_ON, || {
            storing("150 Go ahead\r\n", "451 Write error\r\n")
        }),
        row(
            "put-big-426",
            "The server has enough after some bytes.",
            "RFC 959, section 5.4",
            PUT_BIG_FAILS,
            || taking_some("426 Enough\r\n"),
        ),
        row(
            "put-big-226",
            "It has enough, and says that all is well.",
            "RFC 959, section 5.4",
            PUT_BIG_FAILS,
            || taking_some(DONE),
        ),
        row("put-big-reset", "The data connection is reset.", "RFC 9293, section 3.5", PUT_BIG_FAILS, || {
            Scripted::new().on("STOR", |peer, _| {
                peer.send("150 Go ahead\r\n")?;
                peer.receive_some_data(4)?;
                peer.reset_data()?;
                peer.send("426 Connection closed\r\n")
            })
        }),
        row(
            "put-eof-after-data",
            "The server hangs up before the final reply.",
            "RFC 959, section 5.4",
            PUT_FAILS,
            || {
                Scripted::new().on("STOR", |peer, _| {
                    peer.send("150 Go ahead\r\n")?;
                    peer.receive_data()?;
                    peer.close_control();
                    Ok(())
                })
            },
        ),
        row(
            "put-421-amid-data",
            "The server goes down during the transfer.",
            "RFC 959, section 5.4",
            PUT_BIG_FAILS,
            || {
                Scripted::new().on("STOR", |peer, _| {
                    peer.send("150 Go ahead\r\n")?;
                    peer.receive_some_data(4)?;
                    peer.send("421 Going down\r\n")?;
                    peer.close_control();
                    Ok(())
                })
            },
        ),
        row("put-stalls", "The server does not read.", "rclone#7022", PUT_BIG_FAILS, || {
            Scripted::new().on("STOR", |peer, _| {
                peer.send("150 Go ahead\r\n")?;
                peer.accept_data()?;
                peer.stall()
            })
        })
        .that_waits(),
        row("put-without-final-reply", "The final reply does not come.", "rclone#3086", PUT_FAILS, || {
            Scripted::new().on("STOR", |peer, _| {
                peer.send("150 Go ahead\r\n")?;
                peer.receive_data()?;
                peer.stall()
            })
        })
        .that_waits(),
        row("append-right", "A file grows.", "RFC 959, section 4.1.3", APPENDS, Scripted::new),
        row("append-502", "APPE is not implemented.", "RFC 959, section 5.1", APPEND_FAILS, || {
            Scripted::new().reply("APPE", "502 Not here\r\n")
        }),
    ]
}

/// A server that takes a file with these replies around it.
fn storing(before: &'static str, after: &'static str) -> Scripted {
    Scripted::new().on("STOR", move |peer, argument| {
        peer.send(before)?;
        let contents = peer.receive_data()?;
        peer.close_data();
        peer.keep(argument, contents);
        peer.send(after)
    })
}

/// A server that closes the data connection after a few bytes.
fn taking_some(after: &'static str) -> Scripted {
    Scripted::new().on("STOR", move |peer: &mut Peer, _| {
        peer.send("150 Go ahead\r\n")?;
        peer.receive_some_data(4)?;
        peer.close_data();
        peer.send(after)
    })
}
