//! The servers of Debian, as `cargo xtask servers` unpacked them.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Missing, Site};

/// One unpacked server with its libraries.
#[derive(Debug)]
pub(super) struct Unpacked {
    prefix: PathBuf,
    /// The version of the package.
    pub(super) version: String,
}

impl Unpacked {
    /// Finds the server that the package brings.
    pub(super) fn find(package: &str) -> Result<Self, Missing> {
        let prefix = servers().join(package);
        let listed = fs::read_to_string(prefix.join(MARKER));
        let listed = listed.map_err(|_| {
            Missing(format!("{package} is not in {}; cargo xtask servers fetches it", servers().display()))
        })?;
        let version = listed.lines().find_map(|line| line.strip_prefix(package)?.strip_prefix(' '));
        Ok(Self { prefix, version: version.unwrap_or("unknown").to_owned() })
    }

    /// A command for one of its programs, given by its path in the package.
    ///
    /// The program and the libraries are copied to where the server works: the user it runs as may be unable to
    /// look into the folders that lead here.
    pub(super) fn command(&self, program: &str, site: &Site) -> Command {
        let folder = site.path("bin");
        let copied = self.copy(Path::new(program), &folder);
        let path = copied.unwrap_or_else(|error| panic!("{program} cannot be copied: {error}"));
        let mut command = Command::new(path);
        command.env("LD_LIBRARY_PATH", &folder).current_dir(site.folder.path());
        command
    }

    fn copy(&self, program: &Path, folder: &Path) -> io::Result<PathBuf> {
        fs::create_dir_all(folder)?;
        fs::set_permissions(folder, Permissions::from_mode(0o755))?;
        for library in self.libraries() {
            copy_into(folder, &library)?;
        }
        copy_into(folder, &self.prefix.join(program))
    }

    /// The libraries, which lie in folders named after kinds of machine.
    fn libraries(&self) -> Vec<PathBuf> {
        let mut found = entries(&self.prefix.join("usr/lib"));
        found.extend(entries(&self.prefix.join("lib")));
        found.retain(|folder| name_of(folder).contains("-linux-"));
        let mut libraries: Vec<PathBuf> = found.iter().flat_map(|folder| entries(folder)).collect();
        libraries.retain(|file| name_of(file).contains(".so") && file.is_file());
        libraries
    }
}

/// Copies the file, or what the link leads to, unless it is there already.
fn copy_into(folder: &Path, file: &Path) -> io::Result<PathBuf> {
    let target = folder.join(file.file_name().unwrap_or_default());
    if !target.exists() {
        fs::copy(file, &target)?;
    }
    Ok(target)
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or(OsStr::new("")).to_string_lossy().into_owned()
}

fn servers() -> PathBuf {
    env::var_os("SFML_NETWORK_SERVERS")
        .map_or_else(|| crate::workspace().join("target/servers"), PathBuf::from)
}

/// In each server's folder: the packages unpacked there, one `name version` a line.
const MARKER: &str = "packages.txt";
