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
    let text = quoted(&session.folder.bytes());
    session.reply(257, text)
}

pub(super) fn mkd(session: &mut Session<'_>, argument: &[u8]) -> io::Result<()> {
    let name = session.folder.join(argument);
    match session.setup.root.entry(&name).and_then(fs::create_dir) {
        Ok(()) => session.reply(257, [quoted(&name.bytes()).as_slice(), b" made"].concat()),
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

/// The path in quotes, its own quotes doubled (RFC 959, appendix II).
fn quoted(path: &[u8]) -> Vec<u8> {
    let mut text = vec![b'"'];
    for byte in path {
        text.push(*byte);
        if *byte == b'"' {
            text.push(b'"');
        }
    }
    text.push(b'"');
    text
}
