//! RNFR, RNTO, DELE, and of RFC 3659 SIZE, MDTM, and MFMT of its companion draft.

use std::fs::{self, File, Metadata};
use std::io;
use std::time::SystemTime;

use super::super::moment::Moment;
use super::super::session::{Representation, Session};

pub(super) fn rnfr(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let name = session.folder.join(argument);
    match session.setup.root.entry(&name).and_then(fs::symlink_metadata) {
        Ok(_) => {
            session.rename_from = Some(name);
            session.reply(350, "To what?")
        }
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn rnto(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let Some(from) = session.rename_from.take() else {
        return session.reply(503, "RNFR comes first");
    };
    let root = &session.setup.root;
    let renamed = root
        .entry(&from)
        .and_then(|from| Ok((from, root.entry(&session.folder.join(argument))?)))
        .and_then(|(from, to)| fs::rename(from, to));
    match renamed {
        Ok(()) => session.reply(250, "Renamed"),
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn dele(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let name = session.folder.join(argument);
    match session.setup.root.entry(&name).and_then(fs::remove_file) {
        Ok(()) => session.reply(250, "Deleted"),
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn size(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    if session.representation == Representation::Ascii {
        // The size is that of the transfer, and line ends change it.
        return session.reply(550, "Not in TYPE A");
    }
    match file(session, argument) {
        Ok(metadata) => session.reply(213, metadata.len().to_string()),
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn mdtm(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    match file(session, argument).and_then(|metadata| metadata.modified()) {
        Ok(time) => session.reply(213, Moment::from(time).digits()),
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn mfmt(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let end = argument.iter().position(|byte| *byte == b' ').unwrap_or(argument.len());
    let Some(time) = Moment::parse(&argument[..end]) else {
        return session.reply(501, "MFMT YYYYMMDDhhmmss path");
    };
    let name = argument.get(end + 1..).unwrap_or_default();
    let place = session.setup.root.existing(&session.folder.join(name));
    match place.and_then(File::open).and_then(|file| file.set_modified(SystemTime::from(time))) {
        Ok(()) => session.reply(213, [format!("Modify={}; ", time.digits()).as_bytes(), name].concat()),
        Err(error) => session.refuse(name, &error),
    }
}

fn file(session: &Session<'_>, argument: &[u8]) -> io::Result<Metadata> {
    let metadata = session.setup.root.existing(&session.folder.join(argument)).and_then(fs::metadata)?;
    if metadata.is_file() { Ok(metadata) } else { Err(io::ErrorKind::IsADirectory.into()) }
}
