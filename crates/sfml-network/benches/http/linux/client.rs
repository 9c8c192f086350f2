//! The programs that are compared, and how each is told what to do.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use testkit::versions;

/// A program that speaks HTTP.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Client {
    Ours,
    Curl,
}

/// What a client is to do. It trusts the authority whose certificate is in a file.
#[derive(Clone, Copy, Debug)]
pub(super) enum Job<'a> {
    Get { url: &'a str, file: &'a Path },
    GetNowhere { url: &'a str },
    Put { file: &'a Path, url: &'a str },
}

impl Client {
    /// The name with the version.
    pub(super) fn label(self) -> String {
        match self {
            Self::Ours => "ours".to_owned(),
            Self::Curl => format!("curl {}", versions::of_program(Path::new("curl")).unwrap_or_default()),
        }
    }

    /// Whether it can be started.
    pub(super) fn is_here(self) -> bool {
        match self {
            Self::Ours => our_program().is_file(),
            Self::Curl => versions::of_program(Path::new("curl")).is_some(),
        }
    }

    /// The whole command.
    pub(super) fn command(self, job: Job<'_>, authority: &Path) -> Command {
        match self {
            Self::Ours => ours(job, authority),
            Self::Curl => curl(job, authority),
        }
    }
}

fn ours(job: Job<'_>, authority: &Path) -> Command {
    let mut command = Command::new(our_program());
    match job {
        Job::Get { url, file } => command.args(["get", url]).arg(file),
        Job::GetNowhere { url } => command.args(["get", url, "-"]),
        Job::Put { file, url } => command.args(["put", url]).arg(file),
    };
    command.arg("--ca").arg(authority);
    command
}

fn curl(job: Job<'_>, authority: &Path) -> Command {
    let mut command = Command::new("curl");
    command.args(["--disable", "--silent", "--show-error", "--fail", "--ipv4", "--noproxy", "*"]);
    command.arg("--cacert").arg(authority);
    match job {
        Job::Get { url, file } => command.arg("--output").arg(file).arg(url),
        Job::GetNowhere { url } => command.args(["--output", "/dev/null", url]),
        // An expectation would cost it a round trip, or a second where the server does not know it.
        Job::Put { file, url } => command.args(["--header", "Expect:", "--upload-file"]).arg(file).arg(url),
    };
    command
}

fn our_program() -> PathBuf {
    let ours = env::current_exe().unwrap().with_file_name("../examples/http_client");
    env::var_os("SFML_NETWORK_HTTP_CLIENT").map_or(ours, PathBuf::from)
}
