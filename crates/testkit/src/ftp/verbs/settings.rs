//! TYPE, STRU, MODE, SITE, SYST, HELP, NOOP (RFC 959), and FEAT, OPTS (RFC 2389).

use std::io;

use super::super::listing::Facts;
use super::super::session::{Representation, Session};

pub(super) fn representation(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    session.representation = match argument.to_ascii_uppercase().as_slice() {
        b"A" | b"A N" => Representation::Ascii,
        b"E" | b"E N" => Representation::Ebcdic,
        b"I" | b"L 8" => Representation::Image,
        b"" => return session.reply(501, "TYPE needs a type"),
        _ => return session.reply(504, "A, E, I and L 8 are known"),
    };
    session.reply(200, "So be it")
}

pub(super) fn stru(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    only(session, argument, b"F")
}

pub(super) fn mode(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    only(session, argument, b"S")
}

fn only(session: &mut Session<'_>, argument: &[u8], known: &[u8]) -> io::Result<()> {
    if argument.eq_ignore_ascii_case(known) {
        session.reply(200, "As before")
    } else {
        session.reply(504, [b"Only ", known, b" is known"].concat())
    }
}

pub(super) fn site(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let mut words = argument.splitn(3, |byte| *byte == b' ');
    let verb = words.next().unwrap_or_default().to_ascii_uppercase();
    match (verb.as_slice(), words.next(), words.next()) {
        (b"CHMOD", Some(mode), Some(name)) if cfg!(unix) => chmod(session, mode, name),
        (b"HELP", ..) => session.reply(214, "CHMOD HELP"),
        _ => session.reply(504, "CHMOD and HELP are known"),
    }
}

fn chmod(session: &mut Session<'_>, mode: &[u8], name: &[u8]) -> io::Result<()> {
    let mode = std::str::from_utf8(mode).ok().and_then(|mode| u32::from_str_radix(mode, 8).ok());
    let Some(mode) = mode.filter(|mode| *mode <= 0o777) else {
        return session.reply(501, "The mode is octal, and at most 777");
    };
    if session.setup.options.read_only {
        return session.reply(550, "Nothing can be changed here");
    }
    let place = session.setup.root.existing(&session.folder.join(name));
    match place.and_then(|path| set_mode(&path, mode)) {
        Ok(()) => session.reply(200, "Changed"),
        Err(error) => session.refuse(name, &error),
    }
}

#[cfg(unix)]
fn set_mode(path: &std::path::Path, mode: u32) -> io::Result<()> {
    std::fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &std::path::Path, _: u32) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

pub(super) fn syst(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    session.reply(215, "UNIX Type: L8")
}

pub(super) fn help(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    let known: Vec<&str> = super::names().filter(|name| session.setup.options.knows(name)).collect();
    let lines: Vec<Vec<u8>> = known.chunks(8).map(|row| row.join(" ").into_bytes()).collect();
    session.reply_lines(214, "These commands are known:", &lines, "That was all")
}

pub(super) fn noop(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    session.reply(200, "Still here")
}

pub(super) fn feat(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    let facts = session.facts.feature();
    let features = ["EPRT", "EPSV", "MDTM", "MFMT", facts.as_str(), "REST STREAM", "SIZE", "TVFS", "UTF8"];
    let is_known = |feature: &&&str| {
        let verb = feature.split(' ').next().unwrap_or_default();
        session.setup.options.knows(verb)
    };
    let lines: Vec<Vec<u8>> =
        features.iter().filter(is_known).map(|feature| feature.as_bytes().to_vec()).collect();
    session.reply_lines(211, "Features:", &lines, "End")
}

pub(super) fn opts(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let mut words = argument.splitn(2, |byte| *byte == b' ');
    let verb = words.next().unwrap_or_default().to_ascii_uppercase();
    let value = words.next().unwrap_or_default();
    match verb.as_slice() {
        b"UTF8" | b"UTF-8" if value.eq_ignore_ascii_case(b"ON") && session.setup.options.knows("UTF8") => {
            session.reply(200, "Names are UTF-8, and any other bytes")
        }
        b"MLST" if session.setup.options.knows("MLST") => {
            session.facts = Facts::chosen(value);
            let text = format!("MLST OPTS {}", session.facts.list());
            session.reply(200, text.trim_end())
        }
        _ => session.reply(501, "No such option"),
    }
}
