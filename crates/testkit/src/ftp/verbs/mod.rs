//! The commands of the embedded server, a file for each group, and the table of them.

mod access;
mod files;
mod folders;
mod listings;
mod ports;
mod settings;
mod transfers;

use std::io;

use super::session::Session;

/// A command.
pub(super) struct Verb {
    pub(super) name: &'static str,
    pub(super) rule: Rule,
    pub(super) run: fn(&mut Session<'_>, &[u8]) -> io::Result<()>,
}

/// Who may use a command.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// Everybody, before a login too.
    Anyone,
    /// Users.
    Reader,
    /// Users of a server that is not read-only.
    Writer,
}

/// The command of this name, in upper case. The names that begin with X are those of RFC 775, still in use.
pub(super) fn find(name: &str) -> Option<&'static Verb> {
    let name = match name {
        "XCWD" => "CWD",
        "XCUP" => "CDUP",
        "XPWD" => "PWD",
        "XMKD" => "MKD",
        "XRMD" => "RMD",
        other => other,
    };
    VERBS.iter().find(|verb| verb.name == name)
}

macro_rules! verbs {
    ($($name:literal $rule:ident $module:ident::$run:ident,)*) => {
        &[$(Verb { name: $name, rule: Rule::$rule, run: $module::$run }),*]
    };
}

/// RFC 959, section 4.1, in its order; then RFC 2389, 2428, 3659.
const VERBS: &[Verb] = verbs![
    "USER" Anyone access::user,
    "PASS" Anyone access::pass,
    "ACCT" Anyone access::acct,
    "CWD" Reader folders::cwd,
    "CDUP" Reader folders::cdup,
    "REIN" Anyone access::rein,
    "QUIT" Anyone access::quit,
    "PORT" Reader ports::port,
    "PASV" Reader ports::pasv,
    "TYPE" Reader settings::representation,
    "STRU" Reader settings::stru,
    "MODE" Reader settings::mode,
    "RETR" Reader transfers::retr,
    "STOR" Writer transfers::stor,
    "STOU" Writer transfers::stou,
    "APPE" Writer transfers::appe,
    "ALLO" Reader transfers::allo,
    "REST" Reader transfers::rest,
    "RNFR" Writer files::rnfr,
    "RNTO" Writer files::rnto,
    "ABOR" Anyone transfers::abor,
    "DELE" Writer files::dele,
    "RMD" Writer folders::rmd,
    "MKD" Writer folders::mkd,
    "PWD" Reader folders::pwd,
    "LIST" Reader listings::list,
    "NLST" Reader listings::nlst,
    "SITE" Reader settings::site,
    "SYST" Anyone settings::syst,
    "STAT" Reader listings::stat,
    "HELP" Anyone settings::help,
    "NOOP" Anyone settings::noop,
    "FEAT" Anyone settings::feat,
    "OPTS" Anyone settings::opts,
    "EPRT" Reader ports::eprt,
    "EPSV" Reader ports::epsv,
    "MDTM" Reader files::mdtm,
    "MFMT" Writer files::mfmt,
    "MLSD" Reader listings::mlsd,
    "MLST" Reader listings::mlst,
    "SIZE" Reader files::size,
];

/// The names of all commands.
fn names() -> impl Iterator<Item = &'static str> {
    VERBS.iter().map(|verb| verb.name)
}
