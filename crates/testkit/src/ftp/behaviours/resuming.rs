//! REST: where a transfer begins, and servers that have their own opinion.

use super::super::scripted::Scripted;
use super::super::tree::FILE;
use super::steps::{DONE, GET_FILE, WHOLE, step};
use super::{Behaviour, Expect, Operation, Step, row};

const PART: &[u8] = FILE.split_at(20).0;
const RESUME: Operation = Operation::Resume("file.txt", PART);
const RESUMES: &[Step] = &[step(RESUME, WHOLE)];
const MAY_RESUME: &[Step] = &[step(RESUME, Expect::Perhaps(&WHOLE))];
const FAILS_THEN_GETS: &[Step] = &[step(Operation::Resume("no", PART), Expect::Error), step(GET_FILE, WHOLE)];
const RESUMES_NOTHING: &[Step] = &[step(Operation::Resume("file.txt", b""), WHOLE)];
const HAS_ALL: &[Step] = &[step(Operation::Resume("file.txt", FILE), Expect::Perhaps(&WHOLE))];

pub(super) fn rows() -> Vec<Behaviour> {
    vec![
        row("rest-right", "The rest of a file is sent.", "RFC 3659, section 5", RESUMES, Scripted::new),
        row("rest-0", "All of a file is the rest.", "RFC 3659, section 5", RESUMES_NOTHING, Scripted::new),
        row("rest-of-all", "Nothing of a file is left.", "RFC 3659, section 5", HAS_ALL, Scripted::new),
        row("rest-150-with-total", "150 tells the size of the file.", "vsftpd 3.0.3", RESUMES, || {
            rest("150 Opening BINARY mode data connection for file.txt (130 bytes).\r\n", 20)
        }),
        row("rest-150-with-remaining", "150 tells the size of the rest.", "ProFTPD 1.3.8", RESUMES, || {
            rest("150 Opening BINARY mode data connection for file.txt (110 bytes)\r\n", 20)
        }),
        row("rest-ignored", "REST succeeds, and all is sent.", "RFC 3659, section 5.3", MAY_RESUME, || {
            rest("150 Here\r\n", 0)
        }),
        row("rest-elsewhere", "Less than the rest is sent.", "RFC 3659, section 5.3", MAY_RESUME, || {
            rest("150 Here\r\n", 40)
        }),
        row("rest-502", "REST is not implemented.", "RFC 959, section 5.1", MAY_RESUME, || {
            Scripted::new().reply("REST", "502 Not here\r\n")
        }),
        row("rest-554", "The file is said to end before that.", "ProFTPD 1.3.8", MAY_RESUME, || {
            Scripted::new().on("RETR", |peer, argument| match peer.count("REST") {
                0 => peer.default("RETR", argument),
                _ => peer.send("554 Invalid REST parameter\r\n"),
            })
        }),
        row("rest-200", "REST has another code.", "RFC 959, section 4.2", MAY_RESUME, || {
            Scripted::new().on("REST", |peer, argument| {
                peer.set_offset(argument);
                peer.send("200 From there\r\n")
            })
        }),
        row(
            "rest-outlives-a-failure",
            "The offset of a download that failed holds for the next one.",
            "vsftpd, ProFTPD, pure-ftpd and pyftpdlib",
            FAILS_THEN_GETS,
            || {
                Scripted::new().on("RETR", |peer, argument| match argument {
                    b"no" => peer.send("550 No such file\r\n"),
                    _ => peer.default("RETR", argument),
                })
            },
        ),
    ]
}

/// A server that sends the file from `offset` after a REST, whatever REST said.
fn rest(before: &'static str, offset: usize) -> Scripted {
    Scripted::new().on("RETR", move |peer, argument| {
        if peer.count("REST") == 0 {
            return peer.default("RETR", argument);
        }
        peer.send(before)?;
        peer.send_data(&FILE[offset..])?;
        peer.close_data();
        peer.send(DONE)
    })
}
