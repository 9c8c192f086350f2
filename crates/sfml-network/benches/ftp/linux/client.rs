//! The programs that are compared, and how each is told what to do.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::python;
use testkit::servers::RealServer;
use testkit::versions;

use super::suppaftp;

/// A program that speaks FTP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Client {
    Ours,
    Curl,
    Ftplib,
    Lftp,
    Suppaftp,
}

/// What a client is to do. Remote names are relative to the folder a session starts in.
#[derive(Clone, Copy, Debug)]
pub(super) enum Job<'a> {
    Get {
        remote: &'a str,
        local: &'a Path,
    },
    Put {
        local: &'a Path,
        remote: &'a str,
    },
    /// All the files of a folder that [`file_name`] names, in one session or several.
    GetFolder {
        remote: &'a str,
        local: &'a Path,
        files: usize,
        sessions: usize,
    },
    List {
        remote: &'a str,
    },
}

/// The name of one of many files.
pub(super) fn file_name(number: usize) -> String {
    format!("file-{number:07}")
}

impl Client {
    pub(super) const PEERS: [Self; 4] = [Self::Curl, Self::Ftplib, Self::Lftp, Self::Suppaftp];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Curl => "curl",
            Self::Ftplib => "ftplib",
            Self::Lftp => "lftp",
            Self::Suppaftp => "suppaftp",
        }
    }

    /// The name with the version, where there is one to tell.
    pub(super) fn label(self) -> String {
        let version = match self {
            Self::Ours => None,
            Self::Suppaftp => versions::locked("suppaftp"),
            // What comes with Python has Python's version.
            Self::Ftplib => versions::of_program(&python::interpreter()),
            Self::Curl | Self::Lftp => versions::of_program(Path::new(self.name())),
        };
        version.map_or_else(|| self.name().to_owned(), |version| format!("{} {version}", self.name()))
    }

    /// Whether it can be started.
    pub(super) fn is_here(self) -> bool {
        match self {
            Self::Ours => our_program().is_file(),
            Self::Suppaftp => true,
            Self::Ftplib => versions::of_program(&python::interpreter()).is_some(),
            Self::Curl | Self::Lftp => versions::of_program(Path::new(self.name())).is_some(),
        }
    }

    /// Whether it can have several sessions at once.
    pub(super) fn is_parallel(self) -> bool {
        matches!(self, Self::Ours | Self::Curl | Self::Lftp)
    }

    /// The whole command.
    pub(super) fn command(self, server: &RealServer, job: Job<'_>) -> Command {
        match self {
            Self::Ours => plain(Command::new(our_program()), server, job),
            Self::Curl => curl(server, job),
            Self::Lftp => lftp(server, job),
            Self::Ftplib => {
                let mut command = Command::new(python::interpreter());
                command.args(["-c", FTPLIB]);
                plain(command, server, job)
            }
            Self::Suppaftp => {
                let mut command = Command::new(env::current_exe().unwrap());
                command.arg(suppaftp::MARK);
                plain(command, server, job)
            }
        }
    }
}

/// The form of the programs that exist for this benchmark: `VERB ADDRESS PORT USER PASSWORD REMOTE LOCAL`.
fn plain(mut command: Command, server: &RealServer, job: Job<'_>) -> Command {
    let (verb, remote, local) = match job {
        Job::Get { remote, local } => ("get", remote, local),
        Job::Put { local, remote } => ("put", remote, local),
        Job::GetFolder { remote, local, .. } => ("mget", remote, local),
        Job::List { remote } => ("list", remote, Path::new("/dev/null")),
    };
    let (address, port) = (server.address.ip().to_string(), server.address.port().to_string());
    command.args([verb, &address, &port, &server.user, &server.password, remote]).arg(local);
    if let Job::GetFolder { sessions: sessions @ 2.., .. } = job {
        command.args(["--sessions", &sessions.to_string()]);
    }
    command
}

fn curl(server: &RealServer, job: Job<'_>) -> Command {
    let mut command = Command::new("curl");
    let user = format!("{}:{}", server.user, server.password);
    command.args(["--disable", "--silent", "--show-error", "--fail", "--user", &user]);
    let url = |path: &str| format!("ftp://{}/{path}", server.address);
    match job {
        Job::Get { remote, local } => command.arg("--output").arg(local).arg(url(remote)),
        Job::Put { local, remote } => command.arg("--upload-file").arg(local).arg(url(remote)),
        Job::GetFolder { remote, local, files, sessions } => {
            if sessions > 1 {
                command.args(["--parallel", "--parallel-max", &sessions.to_string()]);
            }
            let last = file_name(files - 1).replace("file-", "");
            let names = format!("{remote}/file-[{}-{last}]", "0".repeat(last.len()));
            command.arg("--remote-name-all").arg("--output-dir").arg(local).arg(url(&names))
        }
        Job::List { remote } => command.arg(url(&format!("{remote}/"))),
    };
    command
}

fn lftp(server: &RealServer, job: Job<'_>) -> Command {
    let (address, port) = (server.address.ip(), server.address.port());
    let open = format!("open -p {port} -u '{},{}' {address}", server.user, server.password);
    let task = match job {
        Job::Get { remote, local } => format!("get {remote} -o '{}'", local.display()),
        Job::Put { local, remote } => format!("put '{}' -o {remote}", local.display()),
        Job::GetFolder { remote, local, sessions, .. } => {
            format!("mirror --parallel={sessions} {remote} '{}'", local.display())
        }
        Job::List { remote } => format!("cls -l {remote}/"),
    };
    let mut command = Command::new("lftp");
    command.args(["--norc", "-c", &format!("{LFTP_SETTINGS}; {open}; {task}")]);
    command
}

fn our_program() -> PathBuf {
    let ours = env::current_exe().unwrap().with_file_name("../examples/ftp_client");
    env::var_os("SFML_NETWORK_FTP_CLIENT").map_or(ours, PathBuf::from)
}

/// A file that is there already is written over, as with the others, and nothing is asked that needs a certificate.
const LFTP_SETTINGS: &str = "set cmd:fail-exit yes; set xfer:clobber yes; set ftp:ssl-allow no";

const FTPLIB: &str = include_str!("ftplib_client.py");
