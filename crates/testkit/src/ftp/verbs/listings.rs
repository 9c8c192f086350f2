//! LIST, NLST, STAT (RFC 959) and MLSD, MLST (RFC 3659, section 7).

use std::io::{self, Write};
use std::path::PathBuf;

use super::super::copy::{self, Trouble};
use super::super::listing::{Entry, entries};
use super::super::session::Session;

pub(super) fn list(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let argument = without_flags(session, argument);
    match rows(session, argument) {
        Ok(rows) => send(session, &rows),
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn nlst(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let argument = without_flags(session, argument);
    // Names are such that RETR finds them from the same folder.
    let prefix = match argument {
        b"" | b"." => Vec::new(),
        folder if folder.ends_with(b"/") => folder.to_vec(),
        folder => [folder, b"/"].concat(),
    };
    let names = place(session, argument).and_then(|place| {
        if place.is_dir() {
            let names = entries(&place)?.into_iter().map(|entry| [prefix.as_slice(), &entry.name].concat());
            Ok(names.collect())
        } else {
            Ok(vec![argument.to_vec()])
        }
    });
    match names {
        Ok(names) => send(session, &names),
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn mlsd(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let listed = place(session, argument).and_then(|place| {
        if !place.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        Ok((Entry::of(&place, b".")?, entries(&place)?))
    });
    let (own, entries) = match listed {
        Ok(listed) => listed,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            return session.reply(501, "MLSD is for folders");
        }
        Err(error) => return session.refuse(argument, &error),
    };
    let may_write = !session.setup.options.read_only;
    let mut rows = vec![session.facts.row(&own, Some("cdir"), may_write)];
    rows.extend(entries.iter().map(|entry| session.facts.row(entry, None, may_write)));
    send(session, &rows)
}

pub(super) fn mlst(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let name = session.folder.join(argument);
    let place = session.setup.root.existing(&name);
    match place.and_then(|place| Entry::of(&place, &name.bytes())) {
        Ok(entry) => {
            let row = session.facts.row(&entry, None, !session.setup.options.read_only);
            session.reply_lines(250, "Facts:", &[row], "End")
        }
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn stat(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    if argument.is_empty() {
        let lines = [
            [b"In ", session.folder.bytes().as_slice()].concat(),
            format!("TYPE: {:?}, STRU: F, MODE: S", session.representation).into_bytes(),
        ];
        return session.reply_lines(211, "Status:", &lines, "End");
    }
    let argument = without_flags(session, argument);
    match rows(session, argument) {
        Ok(rows) => session.reply_lines(213, "Status:", &rows, "End"),
        Err(error) => session.refuse(argument, &error),
    }
}

/// What LIST sends for a folder, or for a file.
fn rows(session: &Session<'_>, argument: &[u8]) -> io::Result<Vec<Vec<u8>>> {
    let place = place(session, argument)?;
    let entries = if place.is_dir() { entries(&place)? } else { vec![Entry::of(&place, argument)?] };
    Ok(entries.iter().map(Entry::row).collect())
}

fn place(session: &Session<'_>, argument: &[u8]) -> io::Result<PathBuf> {
    session.setup.root.existing(&session.folder.join(argument))
}

fn send(session: &mut Session<'_>, rows: &[Vec<u8>]) -> io::Result<()> {
    let mut text = Vec::new();
    for row in rows {
        text.extend_from_slice(row);
        text.extend_from_slice(b"\r\n");
    }
    session.offset = 0;
    session.transfer(b"Here it comes", |stream, meter| {
        for part in text.chunks(copy::CHUNK) {
            let mut part = part;
            while !part.is_empty() {
                let count = meter.next(part.len())?;
                stream.write_all(&part[..count]).map_err(Trouble::Data)?;
                meter.moved(count);
                part = &part[count..];
            }
        }
        Ok(())
    })
}

/// Many clients send the options of `ls`; they change nothing here.
fn without_flags<'a>(session: &Session<'_>, argument: &'a [u8]) -> &'a [u8] {
    let end = argument.iter().position(|byte| *byte == b' ').unwrap_or(argument.len());
    let is_flags = argument.first() == Some(&b'-') && place(session, argument).is_err();
    if is_flags { argument.get(end + 1..).unwrap_or_default() } else { argument }
}
