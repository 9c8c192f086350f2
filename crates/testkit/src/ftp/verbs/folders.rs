//! CWD, CDUP, PWD, MKD, RMD.

use std::fs;
use std::io;

use super::super::session::Session;

pub(super) fn cwd(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let name = session.folder.join(argument);
    match session.setup.root.existing(&name).and_then(fs::read_dir) {
        Ok(_) => {
            session.folder = name;
            session.reply(250, "There")
        }
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn cdup(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    cwd(session, b"..")
}

pub(super) fn pwd(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    let text = session.folder.quoted();
    session.reply(257, text)
}

pub(super) fn mkd(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let name = session.folder.join(argument);
    match session.setup.root.entry(&name).and_then(fs::create_dir) {
        Ok(()) => session.reply(257, [name.quoted().as_slice(), b" made"].concat()),
        Err(error) => session.refuse(argument, &error),
    }
}

pub(super) fn rmd(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let name = session.folder.join(argument);
    match session.setup.root.entry(&name).and_then(fs::remove_dir) {
        Ok(()) => session.reply(250, "Removed"),
        Err(error) => session.refuse(argument, &error),
    }
}
