//! USER, PASS, ACCT, REIN, QUIT (RFC 959, section 4.1.1).

use std::io;

use super::super::session::{Login, Session};

pub(super) fn user(session: &mut Session<'_>, name: &[u8]) -> io::Result<()> {
    if name.is_empty() {
        return session.reply(501, "USER needs a name");
    }
    let name = String::from_utf8_lossy(name).into_owned();
    let text = if is_anonymous(session, &name) { "Any password will do" } else { "Password, please" };
    session.login = Login::Named(name);
    session.reply(331, text)
}

pub(super) fn pass(session: &mut Session<'_>, password: &[u8]) -> io::Result<()> {
    let Login::Named(name) = session.login.clone() else {
        return session.reply(503, "USER comes first");
    };
    let options = &session.setup.options;
    let is_right = is_anonymous(session, &name)
        || options.users.iter().any(|user| user.0 == name && user.1.as_bytes() == password);
    if !is_right {
        session.login = Login::Nobody;
        return session.reply(530, "Not these");
    }
    if options.account.is_some() {
        session.login = Login::NeedsAccount;
        return session.reply(332, "Account, please");
    }
    welcome(session)
}

pub(super) fn acct(session: &mut Session<'_>, account: &[u8]) -> io::Result<()> {
    match session.login {
        Login::Done => session.reply(202, "Not needed"),
        Login::NeedsAccount => {
            let wanted = session.setup.options.account.as_deref().unwrap_or_default();
            if wanted.as_bytes() == account {
                return welcome(session);
            }
            session.login = Login::Nobody;
            session.reply(530, "Not this account")
        }
        _ => session.reply(503, "USER and PASS come first"),
    }
}

pub(super) fn rein(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    session.reset();
    session.reply(220, "Ready for another user")
}

pub(super) fn quit(session: &mut Session<'_>, _: &[u8]) -> io::Result<()> {
    session.finish();
    session.reply(221, "Goodbye")
}

fn welcome(session: &mut Session<'_>) -> io::Result<()> {
    session.login = Login::Done;
    session.reply(230, "Welcome")
}

fn is_anonymous(session: &Session<'_>, name: &str) -> bool {
    session.setup.options.anonymous && ["anonymous", "ftp"].contains(&name.to_ascii_lowercase().as_str())
}
