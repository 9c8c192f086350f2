//! The form of replies in general: line ends, pieces, odd bytes, too few, too many.

use std::time::Duration;

use super::super::scripted::Scripted;
use super::steps::{GETS, GETS_AND_GOES_ON, ROOT, step};
use super::{Behaviour, Expect, Operation, Step, row};

const NOOP_DONE: &[Step] = &[step(Operation::Noop, Expect::Done)];
const NOOP_FAILS: &[Step] = &[step(Operation::Noop, Expect::Error)];
const NOOP_421: &[Step] = &[step(Operation::Noop, Expect::Refused(421))];
const NOOP_500_AND_ON: &[Step] = &[step(Operation::Noop, Expect::Refused(500)), step(Operation::Pwd, ROOT)];
const QUITS: &[Step] = &[step(Operation::Quit, Expect::Done)];
const MAY_QUIT: &[Step] = &[step(Operation::Quit, Expect::Perhaps(&Expect::Done))];

pub(super) fn rows() -> Vec<Behaviour> {
    vec![
        row(
            "replies-end-with-lf",
            "Lines end with LF.",
            "lftp 4.9.2 gives up on it",
            GETS_AND_GOES_ON,
            || Scripted::new().rewritten(|bytes| without(bytes, b'\r')),
        ),
        row(
            "replies-end-with-cr-cr-lf",
            "Lines end with CR CR LF.",
            "RFC 959, section 5.3.1",
            GETS_AND_GOES_ON,
            || Scripted::new().rewritten(|bytes| doubled(bytes, b'\r')),
        ),
        row(
            "replies-byte-by-byte",
            "Every byte comes alone.",
            "RFC 9293, section 3.7",
            GETS_AND_GOES_ON,
            || Scripted::new().in_pieces(1),
        ),
        row(
            "replies-in-threes",
            "A packet ends after each third byte.",
            "RFC 9293, section 3.7",
            GETS_AND_GOES_ON,
            || Scripted::new().in_pieces(3),
        ),
        row("replies-in-latin-1", "Texts are not UTF-8.", "RFC 2640, section 2", GETS_AND_GOES_ON, || {
            Scripted::new()
                .greeting(b"220 Gr\xFC\xDFe\r\n".to_vec())
                .reply("TYPE", b"200 Ge\xE4ndert\r\n".to_vec())
        }),
        row("reply-with-telnet-nop", "A telnet command is in a reply.", "RFC 854", NOOP_DONE, || {
            Scripted::new().reply("NOOP", b"2\xFF\xF10\xFF\xF10 Done\r\n".to_vec())
        }),
        row("reply-with-nul", "A NUL is in a reply.", "curl test 2108", NOOP_FAILS, || {
            Scripted::new().reply("NOOP", "200 Do\0ne\r\n")
        }),
        row("reply-without-code", "A reply has no code.", "RFC 959, section 4.2", NOOP_FAILS, || {
            Scripted::new().reply("NOOP", "Done\r\n")
        }),
        row("reply-is-a-bare-code", "A reply has no text.", "RFC 959, section 4.2", NOOP_DONE, || {
            Scripted::new().reply("NOOP", "200\r\n")
        }),
        row("reply-999", "A code is of no known kind.", "RFC 959, section 4.2.1", NOOP_FAILS, || {
            Scripted::new().reply("NOOP", "999 Done\r\n")
        }),
        row("reply-of-another-code", "Success has another code.", "RFC 959, section 4.2", NOOP_DONE, || {
            Scripted::new().reply("NOOP", "250 Done\r\n")
        }),
        row("reply-of-4000-bytes", "A reply is one long line.", "RFC 959, section 4.2", NOOP_DONE, || {
            Scripted::new().reply("NOOP", format!("200 {}\r\n", "x".repeat(4000)))
        }),
        row("reply-500", "A command is unknown.", "RFC 959, section 5.4", NOOP_500_AND_ON, || {
            Scripted::new().reply("NOOP", "500 What?\r\n")
        }),
        row("reply-421", "The server was idle for too long.", "RFC 959, section 5.4", NOOP_421, || {
            Scripted::new().on("NOOP", |peer, _| {
                peer.send("421 Timeout\r\n")?;
                peer.close_control();
                Ok(())
            })
        }),
        row(
            "reply-is-eof",
            "The server hangs up instead of replying.",
            "RFC 959, section 5.4",
            NOOP_FAILS,
            || {
                Scripted::new().on("NOOP", |peer, _| {
                    peer.close_control();
                    Ok(())
                })
            },
        ),
        row("reply-is-cut", "The server hangs up in a reply.", "RFC 959, section 4.2", NOOP_FAILS, || {
            Scripted::new().on("NOOP", |peer, _| {
                peer.send("200 Do")?;
                peer.close_control();
                Ok(())
            })
        }),
        row(
            "reply-of-many-lines-is-cut",
            "The server hangs up between lines.",
            "RFC 959, section 4.2",
            NOOP_FAILS,
            || {
                Scripted::new().on("NOOP", |peer, _| {
                    peer.send("200-Do\r\n ne\r\n")?;
                    peer.close_control();
                    Ok(())
                })
            },
        ),
        row("reply-never", "A command is not answered.", "RFC 959, section 5.4", NOOP_FAILS, || {
            Scripted::new().on("NOOP", |peer, _| peer.stall())
        })
        .that_waits(),
        row(
            "reply-drips",
            "A reply comes a byte at a time, for ever.",
            "basic-ftp GHSA-rpmf-866q-6p89",
            NOOP_FAILS,
            || {
                Scripted::new().on("NOOP", |peer, _| {
                    peer.send("200-")?;
                    peer.send_endlessly("x\r\n", 1 << 20, Duration::from_millis(20))
                })
            },
        )
        .that_waits(),
        row(
            "reply-without-end",
            "A reply has one more line, for ever.",
            "basic-ftp GHSA-rpmf-866q-6p89",
            NOOP_FAILS,
            || {
                let lines = "200-Still busy\r\n".repeat(1000);
                Scripted::new()
                    .on("NOOP", move |peer, _| peer.send_endlessly(&lines, 64 << 20, Duration::ZERO))
            },
        ),
        row(
            "reply-line-without-end",
            "A reply is one line, for ever.",
            "basic-ftp GHSA-rpmf-866q-6p89",
            NOOP_FAILS,
            || {
                Scripted::new().on("NOOP", |peer, _| {
                    peer.send("200 ")?;
                    peer.send_endlessly([b'x'; 1 << 16], 64 << 20, Duration::ZERO)
                })
            },
        ),
        row(
            "type-200-twice",
            "TYPE is answered twice in one packet.",
            "lftp ftpclass.cc, on stale replies",
            GETS,
            || Scripted::new().reply("TYPE", "200 Done\r\n200 Done\r\n"),
        ),
        row("quit-of-two-lines", "The goodbye has two lines.", "pure-ftpd 1.0.50", QUITS, || {
            Scripted::new().on("QUIT", |peer, _| {
                peer.send("221-You moved 0 kbytes\r\n221 Goodbye\r\n")?;
                peer.close_control();
                Ok(())
            })
        }),
        row("quit-is-eof", "QUIT is answered by hanging up.", "RFC 959, section 4.1.1", MAY_QUIT, || {
            Scripted::new().on("QUIT", |peer, _| {
                peer.close_control();
                Ok(())
            })
        }),
        row("quit-never", "QUIT is not answered.", "RFC 959, section 4.1.1", MAY_QUIT, || {
            Scripted::new().on("QUIT", |peer, _| peer.stall())
        })
        .that_waits(),
    ]
}

fn without(bytes: &[u8], unwanted: u8) -> Vec<u8> {
    bytes.iter().copied().filter(|byte| *byte != unwanted).collect()
}

fn doubled(bytes: &[u8], twice: u8) -> Vec<u8> {
    bytes.iter().flat_map(|byte| vec![*byte; if *byte == twice { 2 } else { 1 }]).collect()
}
