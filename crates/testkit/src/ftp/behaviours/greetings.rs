//! What servers say first, or do not.

use std::time::Duration;

use super::super::scripted::Scripted;
use super::steps::{GETS, GETS_AND_GOES_ON, LOGIN_FAILS, step};
use super::{Behaviour, Expect, Operation, Step, row};

const REFUSED_421: &[Step] = &[step(Operation::Login, Expect::Refused(421))];
const REFUSED_530: &[Step] = &[step(Operation::Login, Expect::Refused(530))];
const REFUSED_554: &[Step] = &[step(Operation::Login, Expect::Refused(554))];

const MIB: usize = 1 << 20;

pub(super) fn rows() -> Vec<Behaviour> {
    vec![
        row("right", "Everything is right.", "RFC 959", GETS_AND_GOES_ON, Scripted::new),
        row(
            "greeting-line-begins-with-a-number",
            "A line of the greeting's text looks like a preliminary reply.",
            "RFC 959, section 4.2",
            GETS,
            || Scripted::new().greeting("220-Welcome\r\n123 files are here\r\n220 Ready\r\n"),
        ),
        row(
            "greeting-lines-begin-with-codes",
            "Lines of the greeting's text look like final replies of every kind.",
            "RFC 959, section 4.2",
            GETS,
            || {
                Scripted::new().greeting(
                    "220-Welcome\r\n230 users are here\r\n530 were here\r\n331 will be\r\n220-More\r\n220 Ready\r\n",
                )
            },
        ),
        row(
            "greeting-lines-are-indented-codes",
            "Lines of the greeting's text are its own code, indented.",
            "RFC 959, section 4.2",
            GETS,
            || Scripted::new().greeting("220-Welcome\r\n 220 is our code\r\n 220-too\r\n220 Ready\r\n"),
        ),
        row(
            "greeting-ends-with-a-bare-code",
            "The last line of a greeting is its code, without a blank.",
            "RFC 959, section 4.2",
            GETS,
            || Scripted::new().greeting("220-Welcome\r\n220\r\n"),
        ),
        row(
            "greeting-is-a-bare-code",
            "The greeting has no text, and no blank before it.",
            "RFC 959, section 4.2",
            GETS,
            || Scripted::new().greeting("220\r\n"),
        ),
        row(
            "greeting-after-a-120",
            "The greeting is preceded by one that asks to wait.",
            "RFC 959, section 5.4",
            GETS,
            || Scripted::new().greeting("120 Ready in 0 minutes\r\n220 Ready\r\n"),
        ),
        row(
            "greeting-twice",
            "There are two greetings in one packet.",
            "lftp ftpclass.cc, on stale replies",
            GETS_AND_GOES_ON,
            || Scripted::new().greeting("220 Relay ready\r\n220 Server ready\r\n"),
        ),
        row(
            "greeting-after-blank-lines",
            "The greeting is preceded by empty lines.",
            "RFC 959, section 4.2",
            GETS,
            || Scripted::new().greeting("\r\n\r\n220 Ready\r\n"),
        ),
        row(
            "greeting-with-telnet-options",
            "The greeting is preceded by a telnet negotiation.",
            "RFC 959, section 4.1.3; RFC 854",
            GETS,
            || Scripted::new().greeting(b"\xFF\xFD\x01\xFF\xFB\x03220 Ready\r\n".to_vec()),
        ),
        row(
            "greeting-of-2000-lines",
            "The greeting is long, as a message of the day can be.",
            "RFC 959, section 4.2",
            GETS,
            || {
                let line = "220-Terms of use, read by nobody so far\r\n";
                Scripted::new().greeting(line.repeat(2000) + "220 Ready\r\n")
            },
        ),
        row(
            "greeting-of-one-line-of-2-mib",
            "The greeting is a single line that no one will ever read.",
            "basic-ftp GHSA-rpmf-866q-6p89",
            LOGIN_FAILS,
            || Scripted::new().greeting([b"220 ", vec![b'x'; 2 * MIB].as_slice(), b"\r\n"].concat()),
        ),
        row(
            "greeting-without-end",
            "The greeting has one more line, for ever.",
            "basic-ftp GHSA-rpmf-866q-6p89",
            LOGIN_FAILS,
            || {
                let lines = "220-Welcome to the endless greeting\r\n".repeat(1000);
                Scripted::new().greet(move |peer| peer.send_endlessly(&lines, 64 * MIB, Duration::ZERO))
            },
        ),
        row(
            "greeting-drips",
            "The greeting comes a byte at a time and has no end.",
            "basic-ftp GHSA-rpmf-866q-6p89",
            LOGIN_FAILS,
            || Scripted::new().greet(|peer| peer.send_endlessly("2", MIB, Duration::from_millis(20))),
        )
        .that_waits(),
        row("greeting-never", "The server says nothing.", "RFC 959, section 5.4", LOGIN_FAILS, || {
            Scripted::new().greet(|peer| peer.stall())
        })
        .that_waits(),
        row(
            "greeting-stops-in-its-middle",
            "The greeting's last line does not come.",
            "RFC 959, section 4.2",
            LOGIN_FAILS,
            || {
                Scripted::new().greet(|peer| {
                    peer.send("220-Welcome\r\n")?;
                    peer.stall()
                })
            },
        )
        .that_waits(),
        row("greeting-is-eof", "The server hangs up at once.", "RFC 959, section 5.4", LOGIN_FAILS, || {
            Scripted::new().greet(|peer| {
                peer.close_control();
                Ok(())
            })
        }),
        row("greeting-421", "The server is too busy.", "RFC 959, section 5.4", REFUSED_421, || {
            Scripted::new().greet(|peer| {
                peer.send("421 Too many connections\r\n")?;
                peer.close_control();
                Ok(())
            })
        }),
        row("greeting-530", "The server wants no guests.", "ProFTPD MaxClients", REFUSED_530, || {
            Scripted::new().greeting("530 Too many users\r\n")
        }),
        row("greeting-554", "The server refuses this client.", "RFC 959, section 4.2.1", REFUSED_554, || {
            Scripted::new().greeting("554 Go away\r\n")
        }),
        row(
            "greeting-of-another-protocol",
            "The port is that of an SSH server.",
            "RFC 4253, section 4.2",
            LOGIN_FAILS,
            || Scripted::new().greeting("SSH-2.0-Other_1.0\r\n"),
        ),
        row(
            "greeting-with-a-letter-in-its-code",
            "The code is no number.",
            "RFC 959, section 4.2",
            LOGIN_FAILS,
            || Scripted::new().greeting("22O Ready\r\n"),
        ),
        row("greeting-with-nul", "There is a NUL in the greeting.", "curl test 2108", LOGIN_FAILS, || {
            Scripted::new().greeting("220 Rea\0dy\r\n")
        }),
    ]
}
