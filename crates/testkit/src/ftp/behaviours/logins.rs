//! USER, PASS, ACCT, and what comes right after them.

use super::super::scripted::Scripted;
use super::steps::{GETS, LOGIN_FAILS, step};
use super::{Behaviour, Expect, Operation, Step, row};

const REFUSED_421: &[Step] = &[step(Operation::Login, Expect::Refused(421))];
const REFUSED_500: &[Step] = &[step(Operation::Login, Expect::Refused(500))];
const REFUSED_530: &[Step] = &[step(Operation::Login, Expect::Refused(530))];
const WITH_ACCOUNT: &[Step] = &[step(Operation::LoginWithAccount("b7"), Expect::Done)];
const WRONG_ACCOUNT: &[Step] = &[step(Operation::LoginWithAccount("b7"), Expect::Refused(530))];

pub(super) fn rows() -> Vec<Behaviour> {
    vec![
        row("user-230", "No password is wanted.", "RFC 959, section 5.4", GETS, || {
            Scripted::new().reply("USER", "230 Welcome\r\n").reply("PASS", "503 Not now\r\n")
        }),
        row("user-530", "There are too many users already.", "RFC 959, section 5.4", REFUSED_530, || {
            Scripted::new().reply("USER", "530 Too many anonymous users\r\n")
        }),
        row(
            "user-421",
            "The server goes down when a name was said.",
            "RFC 959, section 5.4",
            REFUSED_421,
            || {
                Scripted::new().on("USER", |peer, _| {
                    peer.send("421 Going down\r\n")?;
                    peer.close_control();
                    Ok(())
                })
            },
        ),
        row(
            "user-eof",
            "The server hangs up when a name was said.",
            "RFC 959, section 5.4",
            LOGIN_FAILS,
            || {
                Scripted::new().on("USER", |peer, _| {
                    peer.close_control();
                    Ok(())
                })
            },
        ),
        row(
            "user-332-acct",
            "The account takes the password's place.",
            "RFC 959, section 6",
            WITH_ACCOUNT,
            || Scripted::new().reply("USER", "332 Account\r\n").reply("ACCT", "230 Welcome\r\n"),
        ),
        row("pass-202", "The password was not needed.", "RFC 959, section 5.4", GETS, || {
            Scripted::new().reply("PASS", "202 Superfluous\r\n")
        }),
        row("pass-530", "The password is wrong.", "RFC 959, section 5.4", REFUSED_530, || {
            Scripted::new().reply("PASS", "530 Login incorrect\r\n")
        }),
        row("pass-421", "The server goes down at the password.", "RFC 959, section 5.4", REFUSED_421, || {
            Scripted::new().on("PASS", |peer, _| {
                peer.send("421 Too many tries\r\n")?;
                peer.close_control();
                Ok(())
            })
        }),
        row("pass-331", "The password is asked for again.", "RFC 959, section 6", LOGIN_FAILS, || {
            Scripted::new().reply("PASS", "331 Once more\r\n")
        }),
        row("pass-never", "The password is not answered.", "RFC 959, section 5.4", LOGIN_FAILS, || {
            Scripted::new().on("PASS", |peer, _| peer.stall())
        })
        .that_waits(),
        row(
            "pass-332-without-account",
            "An account is asked for that the client does not have.",
            "RFC 959, section 6",
            LOGIN_FAILS,
            || Scripted::new().reply("PASS", "332 Account\r\n").reply("ACCT", "530 Not that\r\n"),
        ),
        row("pass-332-acct-230", "An account is asked for.", "RFC 959, section 6", WITH_ACCOUNT, || {
            Scripted::new().reply("PASS", "332 Account\r\n").on("ACCT", |peer, argument| {
                let is_right = argument == b"b7";
                peer.send(if is_right { "230 Welcome\r\n" } else { "530 Not that\r\n" })
            })
        }),
        row("pass-332-acct-530", "The account is wrong.", "RFC 959, section 6", WRONG_ACCOUNT, || {
            Scripted::new().reply("PASS", "332 Account\r\n").reply("ACCT", "530 Not that\r\n")
        }),
        row(
            "pass-closed-by-another-code",
            "A reply of several lines begins with one code and ends with another.",
            "suppaftp#169, glFTPd",
            GETS,
            || Scripted::new().reply("PASS", "230-Welcome\r\n to all\r\n200 Go on\r\n"),
        ),
        row("everything-is-500", "Every command is unknown.", "RFC 959, section 5.4", REFUSED_500, || {
            Scripted::new().on_any(|peer, _| peer.send("500 What?\r\n"))
        }),
        row("feat-500", "There is no FEAT.", "RFC 2389, section 3", GETS, || {
            Scripted::new().reply("FEAT", "500 Unknown command\r\n")
        }),
        row("feat-530", "FEAT is for users.", "vsftpd 3.0.3", GETS, || {
            Scripted::new().on("FEAT", |peer, argument| match peer.count("PASS") {
                0 => peer.send("530 Log in with USER and PASS\r\n"),
                _ => peer.default("FEAT", argument),
            })
        }),
        row("opts-504", "UTF8 is a feature, and its option is refused.", "pure-ftpd 1.0.50", GETS, || {
            Scripted::new().reply("OPTS", "504 Unknown command\r\n")
        }),
        row("syst-502", "SYST is not implemented.", "RFC 959, section 5.1", GETS, || {
            Scripted::new().reply("SYST", "502 Not here\r\n")
        }),
    ]
}
