//! RETR, STOR, STOU, APPE, ALLO, REST, ABOR.

use std::fs::{File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::path::Path;

use super::super::copy;
use super::super::data::DataPort;
use super::super::session::{Representation, Session};

pub(super) fn retr(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let offset = std::mem::take(&mut session.offset);
    let place = session.setup.root.existing(&session.folder.join(argument));
    let (file, size) = match place.and_then(|path| open(&path)) {
        Ok(opened) => opened,
        Err(error) => return session.refuse(argument, &error),
    };
    let Some(left) = size.checked_sub(offset) else {
        return session.reply(554, "The file ends before that");
    };
    let representation = session.representation;
    let about = [b"Sending ", argument, format!(" ({left} bytes)").as_bytes()].concat();
    session.transfer(&about, |stream, meter| match representation {
        Representation::Ascii => copy::send_lines(&file, stream, meter),
        _ => copy::send(&file, offset, stream, meter),
    })
}

pub(super) fn stor(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let offset = std::mem::take(&mut session.offset);
    let place = session.setup.root.target(&session.folder.join(argument));
    match place.and_then(|path| create(&path, offset)) {
        Ok(file) => receive(session, &file, &[b"Receiving ", argument].concat()),
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn appe(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    session.offset = 0;
    let place = session.setup.root.target(&session.folder.join(argument));
    match place.and_then(|path| OpenOptions::new().append(true).create(true).open(path)) {
        Ok(file) => receive(session, &file, &[b"Receiving ", argument].concat()),
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn stou(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    const TRIES: u32 = 10_000;
    session.offset = 0;
    let stem = if argument.is_empty() { b"unique" } else { argument };
    for number in 1..=TRIES {
        let name = [stem, format!(".{number}").as_bytes()].concat();
        let place = session.setup.root.entry(&session.folder.join(&name));
        match place.and_then(|path| OpenOptions::new().write(true).create_new(true).open(path)) {
            // The form of the text is that of RFC 1123, section 4.1.2.9.
            Ok(file) => return receive(session, &file, &[b"FILE: ", name.as_slice()].concat()),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return session.refuse(&name, &error),
        }
    }
    session.reply(450, "No name is left")
}

pub(super) fn allo(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    session.reply(202, "Not needed")
}

pub(super) fn rest(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    match std::str::from_utf8(argument).ok().and_then(|text| text.trim().parse().ok()) {
        None => session.reply(501, "REST needs a number"),
        Some(0) => {
            session.offset = 0;
            session.reply(350, "From the beginning")
        }
        Some(_) if session.representation == Representation::Ascii => {
            session.reply(504, "Not in TYPE A: line ends change the place")
        }
        Some(offset) => {
            session.offset = offset;
            session.reply(350, format!("From byte {offset}"))
        }
    }
}

/// What it was to end has ended: this runs after the transfer.
pub(super) fn abor(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    session.interrupt.abort_is_answered();
    session.data = DataPort::None;
    session.offset = 0;
    session.reply(226, "Nothing is left to abort")
}

fn receive(session: &mut Session<'_>, file: &File, about: &[u8]) -> io::Result<()> {
    let representation = session.representation;
    session.transfer(about, |stream, meter| match representation {
        Representation::Ascii => copy::receive_lines(stream, file, meter),
        _ => copy::receive(stream, file, meter),
    })
}

fn open(path: &Path) -> io::Result<(File, u64)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() { Ok((file, metadata.len())) } else { Err(io::ErrorKind::IsADirectory.into()) }
}

/// A file to write from `offset`, where it ends until then.
fn create(path: &Path, offset: u64) -> io::Result<File> {
    let mut file = OpenOptions::new().write(true).create(true).truncate(offset == 0).open(path)?;
    if offset > 0 {
        if file.metadata()?.len() < offset {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        file.set_len(offset)?;
        file.seek(SeekFrom::Start(offset))?;
    }
    Ok(file)
}
