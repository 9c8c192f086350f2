//! RETR: its replies in every order, and what is said of the size.

use super::super::scripted::Scripted;
use super::super::tree::FILE;
use super::steps::{
    ANNOUNCED, DONE, GET_FAILS, GET_FILE, GETS, GETS_AND_GOES_ON, MAY_GET, ROOT, WHOLE, sending, step,
};
use super::{Behaviour, Expect, Operation, Step, row};

const PART: &[u8] = FILE.split_at(20).0;
const GETS_NOTHING: &[Step] = &[step(Operation::Get("empty.txt"), Expect::Content(b""))];
const GET_550_AND_ON: &[Step] =
    &[step(Operation::Get("no"), Expect::Refused(550)), step(Operation::Pwd, ROOT)];
const GETS_THEN_421: &[Step] = &[step(GET_FILE, WHOLE), step(Operation::Pwd, Expect::Error)];
const GETS_AND_IS_NOT_CONFUSED: &[Step] =
    &[step(GET_FILE, WHOLE), step(Operation::Pwd, Expect::Perhaps(&ROOT))];

pub(super) fn rows() -> Vec<Behaviour> {
    let mut rows = orders();
    rows.extend(sizes());
    rows
}

/// All of the data, and the replies around it.
fn orders() -> Vec<Behaviour> {
    vec![
        row("get-125", "The data connection was open already.", "RFC 959, section 5.4", GETS, || {
            sending("125 Here\r\n", FILE, DONE)
        }),
        row(
            "get-250",
            "The final reply is the other one that is allowed.",
            "RFC 959, section 5.4",
            GETS,
            || sending(ANNOUNCED, FILE, "250 Done\r\n"),
        ),
        row(
            "get-200-before-150",
            "An empty success precedes the preliminary reply.",
            "curl 7.88 refuses it",
            GETS_AND_GOES_ON,
            || sending("200 Ok\r\n150 Here\r\n", FILE, DONE),
        ),
        row(
            "get-150-twice",
            "There are two preliminary replies.",
            "RFC 959, section 4.2.1",
            GETS_AND_GOES_ON,
            || sending("150 Here\r\n125 Still here\r\n", FILE, DONE),
        ),
        row("get-150-of-two-lines", "The preliminary reply has two lines.", "jlaffaye/ftp#23", GETS, || {
            sending("150-Accepted data connection\r\n150 0.1 kbytes to download\r\n", FILE, DONE)
        }),
        row(
            "get-110",
            "A restart marker comes during the transfer.",
            "RFC 959, section 3.5",
            GETS_AND_GOES_ON,
            || sending("150 Here\r\n110 MARK 100 = 100\r\n", FILE, DONE),
        ),
        row(
            "get-226-with-150",
            "Both replies come in one packet, before the data.",
            "curl ftp.c",
            GETS_AND_GOES_ON,
            || sending("150 Here\r\n226 Done\r\n", FILE, ""),
        ),
        row(
            "get-226-before-data",
            "The final reply comes before the data.",
            "basic-ftp TransferResolver",
            GETS_AND_GOES_ON,
            || {
                Scripted::new().on("RETR", |peer, _| {
                    peer.send("150 Here\r\n")?;
                    peer.accept_data()?;
                    peer.send(DONE)?;
                    peer.send_data(FILE)?;
                    peer.close_data();
                    Ok(())
                })
            },
        ),
        row(
            "get-226-while-data-is-open",
            "The final reply comes before the data ends.",
            "RFC 959, section 3.3",
            GETS,
            || {
                Scripted::new().on("RETR", |peer, _| {
                    peer.send("150 Here\r\n")?;
                    peer.send_data(&FILE[..20])?;
                    peer.send(DONE)?;
                    peer.send_data(&FILE[20..])?;
                    peer.close_data();
                    Ok(())
                })
            },
        ),
        row(
            "get-150-late",
            "Both replies come after the data.",
            "basic-ftp TransferResolver",
            GETS_AND_GOES_ON,
            || sending("", FILE, "150 Here\r\n226 Done\r\n"),
        ),
        row(
            "get-without-150",
            "There is no preliminary reply.",
            "RFC 959, section 5.4",
            GETS_AND_GOES_ON,
            || sending("", FILE, DONE),
        ),
        row(
            "get-226-twice",
            "There are two final replies in one packet.",
            "lftp ftpclass.cc",
            GETS_AND_GOES_ON,
            || sending(ANNOUNCED, FILE, "226 Done\r\n226 Done indeed\r\n"),
        ),
        row(
            "get-226-again-later",
            "A second final reply precedes that of the next command.",
            "lftp ftpclass.cc",
            GETS_AND_IS_NOT_CONFUSED,
            || {
                Scripted::new().on("PWD", |peer, argument| match peer.turn() {
                    1 if peer.count("RETR") > 0 => peer.send("226 Done indeed\r\n257 \"/\"\r\n"),
                    _ => peer.default("PWD", argument),
                })
            },
        ),
        row(
            "get-226-of-many-lines",
            "The final reply has figures, some like codes.",
            "pure-ftpd 1.0.50",
            GETS,
            || {
                sending(
                    ANNOUNCED,
                    FILE,
                    "226-File successfully transferred\r\n150 bytes or so\r\n226 0.000 seconds\r\n",
                )
            },
        ),
        row(
            "get-226-closed-by-200",
            "The final reply ends with another code.",
            "suppaftp#169, glFTPd",
            GETS,
            || sending(ANNOUNCED, FILE, "226-Done\r\n Credits: 1\r\n200 Go on\r\n"),
        ),
        row("get-type-226", "TYPE is answered with a transfer's code.", "RFC 959, section 4.2", GETS, || {
            Scripted::new().reply("TYPE", "226 Type set to I\r\n")
        }),
        row(
            "get-type-504",
            "The server cannot send bytes as they are.",
            "RFC 959, section 5.4",
            GET_FAILS,
            || Scripted::new().reply("TYPE", "504 Only A is known\r\n"),
        ),
        row("get-nothing", "The file is empty.", "RFC 959, section 3.3", GETS_NOTHING, Scripted::new),
        row("get-550", "There is no such file.", "RFC 959, section 5.4", GET_550_AND_ON, Scripted::new),
        row(
            "get-421-after",
            "The server hangs up after a transfer.",
            "RFC 959, section 5.4",
            GETS_THEN_421,
            || {
                Scripted::new().on("RETR", |peer, argument| {
                    peer.default("RETR", argument)?;
                    peer.send("421 That was the last one\r\n")?;
                    peer.close_control();
                    Ok(())
                })
            },
        ),
    ]
}

/// What is said of the size, and what comes.
fn sizes() -> Vec<Behaviour> {
    vec![
        row(
            "get-20-of-130",
            "The data ends early, and the server says that all is well.",
            "curl and lftp notice",
            GET_FAILS,
            || sending(ANNOUNCED, PART, DONE),
        ),
        row(
            "get-20-of-size",
            "Only SIZE tells that the data ended early.",
            "RFC 3659, section 4",
            GET_FAILS,
            || sending("150 Here\r\n", PART, DONE),
        ),
        row(
            "get-20-announced-only",
            "Only 150 tells that the data ended early.",
            "curl ftp.c",
            GET_FAILS,
            || sending(ANNOUNCED, PART, DONE).reply("SIZE", "500 Unknown command\r\n"),
        ),
        row("get-nothing-of-130", "No data comes at all.", "RFC 3659, section 4", GET_FAILS, || {
            sending(ANNOUNCED, b"", DONE)
        }),
        row("get-size-too-big", "SIZE tells more than comes.", "RFC 3659, section 4", GET_FAILS, || {
            sending("150 Here\r\n", FILE, DONE).reply("SIZE", "213 9999\r\n")
        }),
        row(
            "get-size-0",
            "SIZE tells nothing, as of a file of the kernel.",
            "RFC 3659, section 4",
            MAY_GET,
            || sending("150 Here\r\n", FILE, DONE).reply("SIZE", "213 0\r\n"),
        ),
        row("get-announced-too-big", "150 tells more than SIZE and the data.", "curl ftp.c", MAY_GET, || {
            sending("150 Here (260 bytes)\r\n", FILE, DONE)
        }),
        row("get-announced-0", "150 tells nothing, and the data comes.", "curl ftp.c", MAY_GET, || {
            sending("150 Here (0 bytes)\r\n", FILE, DONE)
        }),
        row("get-announced-with-address", "Numbers precede the size in 150.", "BSD ftpd", GETS, || {
            let reply = "150 Opening data connection for file.txt (127.0.0.1,40000) (130 bytes).\r\n";
            sending(reply, FILE, DONE)
        }),
        row("get-file-named-as-a-size", "The file's name looks like its size.", "curl ftp.c", GETS, || {
            sending("150 Opening data connection for a(7 bytes).txt (130 bytes).\r\n", FILE, DONE)
        }),
    ]
}
