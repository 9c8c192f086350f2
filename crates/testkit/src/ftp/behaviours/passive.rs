//! PASV and EPSV: how the port is told, and what is behind it.

use std::net::Ipv4Addr;

use super::super::passive::Passive;
use super::super::peer::Peer;
use super::super::scripted::Scripted;
use super::steps::{GET_FAILS, GET_FAILS_AND_GOES_ON, GETS, MAY_GET};
use super::{Behaviour, row};

/// Behind this address nothing listens, and no packet to it leaves the machine.
const INSIDE: Ipv4Addr = Ipv4Addr::new(127, 255, 255, 254);

pub(super) fn rows() -> Vec<Behaviour> {
    vec![
        row("pasv-right", "EPSV is unknown, PASV is right.", "RFC 2428, section 3", GETS, without_epsv),
        row(
            "pasv-bare",
            "The numbers of 227 are not in parentheses.",
            "RFC 1123, section 4.1.2.6",
            GETS,
            || without_epsv().on("PASV", |peer, _| peer.send_passive_reply(Passive::Bare)),
        ),
        row("pasv-after-equals-sign", "The numbers of 227 follow a sign.", "publicfile", GETS, || {
            pasv(|host, port| format!("227 ={host},{port}\r\n"))
        }),
        row(
            "pasv-after-other-numbers",
            "Numbers precede those of 227.",
            "RFC 1123, section 4.1.2.6",
            GETS,
            || pasv(|host, port| format!("227 Mode 2, port 1,2: ({host},{port}).\r\n")),
        ),
        row(
            "pasv-of-two-lines",
            "The numbers of 227 are in the second line.",
            "RFC 959, section 4.2",
            GETS,
            || pasv(|host, port| format!("227-Entering passive mode\r\n227 ({host},{port})\r\n")),
        ),
        row("pasv-inside-address", "The host of 227 is behind a translator.", "CVE-2020-8284", GETS, || {
            without_epsv().on("PASV", |peer, _| peer.send_passive_reply(Passive::Host(INSIDE)))
        }),
        row("pasv-zero-address", "The host of 227 is 0.0.0.0.", "curl ftp_skip_ip", GETS, || {
            without_epsv().on("PASV", |peer, _| peer.send_passive_reply(Passive::Host(Ipv4Addr::UNSPECIFIED)))
        }),
        row("pasv-lures", "The host of 227 is somebody else, who listens.", "CVE-2021-4189", GETS, || {
            without_epsv().on("PASV", |peer, _| peer.send_luring_reply())
        }),
        row("pasv-is-229", "PASV is answered as EPSV.", "cpython#127478", GETS, || {
            without_epsv().on("PASV", |peer, _| peer.send_passive_reply(Passive::Extended))
        }),
        row("pasv-port-0", "The port of 227 is zero.", "RFC 959, section 4.1.2", GET_FAILS, || {
            without_epsv().reply("PASV", "227 Entering Passive Mode (127,0,0,1,0,0)\r\n")
        }),
        row(
            "pasv-300",
            "A number of 227 does not fit into a byte.",
            "RFC 959, section 4.1.2",
            GET_FAILS,
            || without_epsv().reply("PASV", "227 Entering Passive Mode (127,0,0,1,300,7)\r\n"),
        ),
        row("pasv-five-numbers", "A number of 227 is missing.", "RFC 959, section 4.1.2", GET_FAILS, || {
            without_epsv().reply("PASV", "227 Entering Passive Mode (127,0,0,1,7)\r\n")
        }),
        row("pasv-421", "The server goes down at PASV.", "RFC 959, section 5.4", GET_FAILS, || {
            without_epsv().on("PASV", |peer, _| {
                peer.send("421 Going down\r\n")?;
                peer.close_control();
                Ok(())
            })
        }),
        row("pasv-and-epsv-500", "No passive command is known.", "RFC 959, section 5.1", MAY_GET, || {
            without_epsv().reply("PASV", "500 Unknown command\r\n")
        }),
        row("epsv-500", "EPSV is unknown.", "RFC 2428, section 3", GETS, || {
            refusing("500 Unknown command\r\n")
        }),
        row("epsv-425", "EPSV is not possible now.", "RFC 959, section 5.4", GETS, || refusing("425 No\r\n")),
        row("epsv-501", "EPSV is a fault of syntax.", "suppaftp#28", GETS, || refusing("501 No\r\n")),
        row("epsv-522", "EPSV does not know the protocol.", "RFC 2428, section 3", GETS, || {
            refusing("522 Network protocol not supported, use (2)\r\n")
        }),
        row(
            "epsv-exclamation-marks",
            "The delimiter of 229 is another one.",
            "RFC 2428, section 2",
            GETS,
            || extended(|peer| peer.send_passive_reply(Passive::Delimiter('!'))),
        ),
        row("epsv-bare", "The port of 229 is not in parentheses.", "RFC 2428, section 3", GETS, || {
            extended(|peer| peer.send_passive_reply(Passive::ExtendedBare))
        }),
        row(
            "epsv-with-address",
            "229 has the fields that are to be empty.",
            "RFC 2428, section 3",
            GETS,
            || extended(|peer| peer.send_passive_reply(Passive::ExtendedFull)),
        ),
        row("epsv-lures", "229 names somebody else, who listens.", "RFC 2428, section 3", GETS, || {
            extended(Peer::send_luring_extended_reply)
        }),
        row("epsv-dead-port", "Nothing listens at the port of 229.", "curl test 1233", GETS, || {
            extended(|peer| peer.send_dead_passive_reply(Passive::Extended))
        }),
        row("epsv-is-227", "EPSV is answered as PASV.", "RFC 2428, section 3", MAY_GET, || {
            extended(|peer| peer.send_passive_reply(Passive::Plain))
        }),
        row("epsv-port-0", "The port of 229 is zero.", "RFC 2428, section 3", MAY_GET, || {
            Scripted::new().reply("EPSV", "229 Entering Extended Passive Mode (|||0|)\r\n")
        }),
        row("epsv-port-99999", "The port of 229 does not exist.", "RFC 2428, section 3", MAY_GET, || {
            Scripted::new().reply("EPSV", "229 Entering Extended Passive Mode (|||99999|)\r\n")
        }),
        row("epsv-without-port", "229 does not tell the port.", "RFC 2428, section 3", MAY_GET, || {
            Scripted::new().reply("EPSV", "229 Entering Extended Passive Mode\r\n")
        }),
        row("epsv-never", "EPSV is not answered.", "RFC 2428, section 1, on translators", MAY_GET, || {
            Scripted::new().on("EPSV", |peer, _| peer.stall())
        })
        .that_waits(),
        row("passive-ports-dead", "Nothing listens at any port.", "RFC 959, section 5.4", GET_FAILS, || {
            Scripted::new()
                .on("EPSV", |peer, _| peer.send_dead_passive_reply(Passive::Extended))
                .on("PASV", |peer, _| peer.send_dead_passive_reply(Passive::Plain))
        }),
        row(
            "passive-connection-reset",
            "The data connection is reset before it was used.",
            "RFC 959, section 5.4",
            GET_FAILS_AND_GOES_ON,
            || {
                Scripted::new().on("RETR", |peer, _| {
                    peer.send("150 Here\r\n")?;
                    peer.accept_data()?;
                    peer.reset_data()?;
                    peer.send("426 Connection closed\r\n")
                })
            },
        ),
    ]
}

fn without_epsv() -> Scripted {
    refusing("500 Unknown command\r\n")
}

fn refusing(reply: &str) -> Scripted {
    Scripted::new().reply("EPSV", reply)
}

fn extended(answer: fn(&mut Peer) -> std::io::Result<()>) -> Scripted {
    Scripted::new().on("EPSV", move |peer, argument| match argument {
        b"ALL" => peer.default("EPSV", argument),
        _ => answer(peer),
    })
}

/// The reply to PASV, made of the four numbers of the host and the two of the port.
fn pasv(reply: fn(&str, &str) -> String) -> Scripted {
    without_epsv().on("PASV", move |peer, _| {
        let [high, low] = peer.open_passive()?.to_be_bytes();
        let host = peer.local().to_string().replace('.', ",");
        peer.send(reply(&host, &format!("{high},{low}")))
    })
}
