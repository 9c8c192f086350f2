//! RETR: data or replies that break off.

use super::super::scripted::Scripted;
use super::super::tree::FILE;
use super::steps::{ANNOUNCED, DONE, GET_FAILS, GET_FAILS_AND_GOES_ON, GET_FILE, MAY_GET, sending, step};
use super::{Behaviour, Expect, Step, row};

const PART: &[u8] = FILE.split_at(20).0;
const GET_421: &[Step] = &[step(GET_FILE, Expect::Refused(421))];

pub(super) fn rows() -> Vec<Behaviour> {
    vec![
        row("get-426", "The transfer is given up.", "RFC 959, section 5.4", GET_FAILS_AND_GOES_ON, || {
            sending(ANNOUNCED, PART, "426 Connection closed\r\n")
        }),
        row(
            "get-451",
            "All data comes, and the server doubts it.",
            "RFC 959, section 5.4",
            GET_FAILS_AND_GOES_ON,
            || sending(ANNOUNCED, FILE, "451 Read error\r\n"),
        ),
        row(
            "get-550-late",
            "The file vanishes after the preliminary reply.",
            "ProFTPD 1.3.8",
            GET_FAILS_AND_GOES_ON,
            || sending("150 Here\r\n", b"", "550 No such file\r\n"),
        ),
        row(
            "get-reset-then-226",
            "The data connection is reset.",
            "RFC 9293, section 3.5",
            GET_FAILS_AND_GOES_ON,
            || {
                Scripted::new().on("RETR", |peer, _| {
                    peer.send(ANNOUNCED)?;
                    peer.send_data(PART)?;
                    peer.reset_data()?;
                    peer.send(DONE)
                })
            },
        ),
        row(
            "get-reset-then-426",
            "It is reset, and the server says so.",
            "RFC 959, section 5.4",
            GET_FAILS_AND_GOES_ON,
            || {
                Scripted::new().on("RETR", |peer, _| {
                    peer.send(ANNOUNCED)?;
                    peer.send_data(PART)?;
                    peer.reset_data()?;
                    peer.send("426 Connection closed\r\n")
                })
            },
        ),
        row("get-421-at-once", "The server goes down instead.", "RFC 959, section 5.4", GET_421, || {
            Scripted::new().on("RETR", |peer, _| {
                peer.send("421 Going down\r\n")?;
                peer.close_control();
                Ok(())
            })
        }),
        row(
            "get-421-amid-data",
            "The server goes down during the transfer.",
            "RFC 959, section 5.4",
            GET_FAILS,
            || {
                Scripted::new().on("RETR", |peer, _| {
                    peer.send(ANNOUNCED)?;
                    peer.send_data(PART)?;
                    peer.send("421 Going down\r\n")?;
                    peer.close_control();
                    Ok(())
                })
            },
        ),
        row(
            "get-eof-amid-data",
            "The server vanishes during the transfer.",
            "basic-ftp#175",
            GET_FAILS,
            || {
                Scripted::new().on("RETR", |peer, _| {
                    peer.send(ANNOUNCED)?;
                    peer.send_data(PART)?;
                    peer.close_control();
                    Ok(())
                })
            },
        ),
        row(
            "get-eof-after-data",
            "The server hangs up before the final reply.",
            "lftp takes it for success",
            GET_FAILS,
            || {
                Scripted::new().on("RETR", |peer, _| {
                    peer.send(ANNOUNCED)?;
                    peer.send_data(FILE)?;
                    peer.close_data();
                    peer.close_control();
                    Ok(())
                })
            },
        ),
        row("get-cut-after-data", "The final reply is cut.", "RFC 959, section 4.2", GET_FAILS, || {
            Scripted::new().on("RETR", |peer, _| {
                peer.send(ANNOUNCED)?;
                peer.send_data(FILE)?;
                peer.close_data();
                peer.send("226 Trans")?;
                peer.close_control();
                Ok(())
            })
        }),
        row("get-stalls", "The data stops coming.", "rclone#7022", GET_FAILS, || {
            Scripted::new().on("RETR", |peer, _| {
                peer.send(ANNOUNCED)?;
                peer.send_data(PART)?;
                peer.stall()
            })
        })
        .that_waits(),
        row("get-without-final-reply", "The final reply does not come.", "rclone#3086", GET_FAILS, || {
            Scripted::new().on("RETR", |peer, _| {
                peer.send(ANNOUNCED)?;
                peer.send_data(FILE)?;
                peer.close_data();
                peer.stall()
            })
        })
        .that_waits(),
        row("get-never", "RETR is not answered.", "RFC 959, section 5.4", GET_FAILS, || {
            Scripted::new().on("RETR", |peer, _| peer.stall())
        })
        .that_waits(),
        row(
            "get-data-stays-open",
            "All is sent and said, and the data does not end.",
            "RFC 959, section 3.3",
            MAY_GET,
            || {
                Scripted::new().on("RETR", |peer, _| {
                    peer.send(ANNOUNCED)?;
                    peer.send_data(FILE)?;
                    peer.send(DONE)?;
                    peer.stall()
                })
            },
        )
        .that_waits(),
    ]
}
