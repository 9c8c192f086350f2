//! Data connections that the server opens.

use super::super::scripted::Scripted;
use super::steps::{ROOT, WHOLE, step};
use super::{Behaviour, Expect, Operation, Step, row};

const GET: Operation = Operation::GetActive("file.txt");
const GETS: &[Step] = &[step(GET, WHOLE)];
const FAILS: &[Step] = &[step(GET, Expect::Error)];
const FAILS_AND_GOES_ON: &[Step] = &[step(GET, Expect::Error), step(Operation::Pwd, ROOT)];

pub(super) fn rows() -> Vec<Behaviour> {
    vec![
        row(
            "active-right",
            "The server connects to the client.",
            "RFC 959, section 3.3",
            GETS,
            Scripted::new,
        ),
        row("active-eprt-500", "EPRT is unknown, PORT is right.", "RFC 2428, section 2", GETS, || {
            Scripted::new().reply("EPRT", "500 Unknown command\r\n")
        }),
        row("active-eprt-522", "EPRT does not know the protocol.", "RFC 2428, section 2", GETS, || {
            Scripted::new().reply("EPRT", "522 Network protocol not supported, use (2)\r\n")
        }),
        row(
            "active-refused",
            "The server connects to nobody.",
            "RFC 2577, section 3",
            FAILS_AND_GOES_ON,
            || Scripted::new().reply("EPRT", "500 No\r\n").reply("PORT", "500 No\r\n"),
        ),
        row(
            "active-stranger-first",
            "Somebody else connects before the server.",
            "RFC 2577, section 4",
            GETS,
            || {
                Scripted::new().on("RETR", |peer, argument| {
                    peer.connect_as_a_stranger()?;
                    peer.default("RETR", argument)
                })
            },
        ),
        row(
            "active-150-after-connecting",
            "The server connects before it says so.",
            "RFC 959, section 5.4",
            GETS,
            || {
                Scripted::new().on("RETR", |peer, argument| {
                    peer.accept_data()?;
                    peer.default("RETR", argument)
                })
            },
        ),
        row("active-425", "The server could not connect.", "RFC 959, section 5.4", FAILS_AND_GOES_ON, || {
            Scripted::new().reply("RETR", "150 Here\r\n425 Cannot open data connection\r\n")
        }),
        row("active-never", "The server says that it connects, and does not.", "suppaftp#72", FAILS, || {
            Scripted::new().on("RETR", |peer, _| {
                peer.send("150 Here\r\n")?;
                peer.stall()
            })
        })
        .that_waits(),
    ]
}
