//! The servers of Debian, of FTP and of HTTP, that tests and benchmarks talk to, unpacked beside each other.
//!
//! Some packages exclude each other, and installed they would be started as services. So they are only
//! downloaded and unpacked, each with the libraries this machine lacks, into a folder of its own.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sink::Sink;
use crate::step::Halt;
use crate::workspace;

/// Fetches what is missing where that can be done; elsewhere says what will be skipped. Never fails: each test
/// decides for itself whether it can run.
pub(crate) fn prepare(sink: &Sink) -> Result<(), Halt> {
    let missing: Vec<&str> = SERVERS.iter().copied().filter(|server| !is_here(server)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(", ");
    if !has_tools() {
        sink.note(format!("tests that talk to them will skip and say so (no apt-get and dpkg): {list}"));
        return Ok(());
    }
    if missing.iter().any(|server| needed(server).is_empty()) {
        // Only root may; where the lists are there already, nobody needs it.
        let _ = sink.run_quietly(workspace::program("apt-get").arg("update"));
    }
    for server in missing {
        match fetch(server, sink) {
            Ok(packages) => sink.note(format!("unpacked with its libraries: {}", packages.join(", "))),
            Err(Halt::Failed(why) | Halt::Skipped(why)) => {
                sink.note(format!("tests that talk to it will skip and say so ({why}): {server}"));
            }
        }
    }
    Ok(())
}

/// Where the servers are, one folder each.
pub(crate) fn folder() -> PathBuf {
    workspace::target().join("servers")
}

/// Downloads and unpacks one server; the folder appears when it is complete.
fn fetch(server: &str, sink: &Sink) -> Result<Vec<String>, Halt> {
    let packages = needed(server);
    if packages.is_empty() {
        return Err(Halt::Skipped("apt-get knows no such package".to_owned()));
    }
    let part = folder().join(format!("{server}.part"));
    remove(&part)?;
    let downloads = part.join("downloads");
    fs::create_dir_all(&downloads)?;
    let mut command = Command::new("apt-get");
    command.args(["download", "-o", "APT::Sandbox::User=root"]).args(&packages).current_dir(&downloads);
    sink.run_quietly(&mut command)?;

    let archives = workspace::files_of(&downloads, "deb")?;
    for archive in &archives {
        sink.run_quietly(workspace::program("dpkg").arg("-x").arg(archive).arg(&part))?;
    }
    let names: Vec<String> = archives.iter().filter_map(|archive| name_and_version(archive)).collect();
    remove(&downloads)?;
    fs::write(part.join(MARKER), names.join("\n") + "\n")?;
    let complete = folder().join(server);
    remove(&complete)?;
    fs::rename(&part, &complete)?;
    Ok(names)
}

/// The package and what else would be installed with it here; empty where its name is unknown.
fn needed(server: &str) -> Vec<String> {
    let arguments = ["install", "--simulate", "--no-install-recommends", server];
    let output = Command::new("apt-get").args(arguments).env("LC_ALL", "C").output();
    match output {
        Ok(output) if output.status.success() => {
            to_be_installed(server, &String::from_utf8_lossy(&output.stdout))
        }
        _ => Vec::new(),
    }
}

/// Reads the lines `Inst name (version ...)`. One that is installed already is not among them.
fn to_be_installed(server: &str, simulation: &str) -> Vec<String> {
    let names = simulation.lines().filter_map(|line| line.strip_prefix("Inst ")?.split(' ').next());
    let mut packages: Vec<String> = names.map(str::to_owned).collect();
    if !packages.iter().any(|package| package == server) {
        packages.push(server.to_owned());
    }
    packages
}

/// `name version` of an archive called `name_version_architecture.deb`, where a colon is `%3a`.
fn name_and_version(archive: &Path) -> Option<String> {
    let stem = archive.file_stem()?.to_str()?;
    let mut parts = stem.split('_');
    Some(format!("{} {}", parts.next()?, parts.next()?.replace("%3a", ":")))
}

fn is_here(server: &str) -> bool {
    folder().join(server).join(MARKER).is_file()
}

fn has_tools() -> bool {
    ["apt-get", "dpkg"]
        .iter()
        .all(|tool| Command::new(tool).arg("--version").output().is_ok_and(|output| output.status.success()))
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// In each server's folder: the packages unpacked there, one `name version` a line.
const MARKER: &str = "packages.txt";

/// The packages that bring the servers, which are also the names of the folders.
const SERVERS: &[&str] = &["nginx", "proftpd-core", "pure-ftpd", "vsftpd"];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{name_and_version, to_be_installed};

    #[test]
    fn a_server_comes_with_the_libraries_that_are_missing() {
        let simulation = "Reading package lists...\nInst libwrap0 (7.6 Debian [amd64])\nInst vsftpd (3.0 Debian)\nConf vsftpd (3.0)\n";
        assert_eq!(to_be_installed("vsftpd", simulation), ["libwrap0", "vsftpd"]);
        assert_eq!(to_be_installed("vsftpd", "vsftpd is already the newest version\n"), ["vsftpd"]);
    }

    #[test]
    fn an_archive_tells_its_version() {
        let archive = Path::new("downloads/proftpd-core_1%3a1.3.8+dfsg-4_amd64.deb");
        assert_eq!(name_and_version(archive).as_deref(), Some("proftpd-core 1:1.3.8+dfsg-4"));
        assert_eq!(name_and_version(Path::new("odd.deb")), None);
    }
}
