//! A session with a server of our own, and folders at both ends.
#![allow(dead_code, unreachable_pub, reason = "not every test program needs all of it")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

use std::path::{Path, PathBuf};
use std::time::Duration;

use sfml_network::ftp::{Ftp, FtpOptions};
use testkit::folder::TempFolder;
use testkit::ftp::{Options, Server};

/// The server's folder, ours, and the session between them.
pub struct Scene {
    pub ftp: Ftp,
    pub server: Server,
    home: TempFolder,
    root: TempFolder,
}

impl Scene {
    pub fn new() -> Self {
        Self::with(Options::new(), |_| {})
    }

    pub fn with(options: Options, adjust: impl FnOnce(&mut FtpOptions)) -> Self {
        let (root, home) = (TempFolder::new("ftp-root").unwrap(), TempFolder::new("ftp-home").unwrap());
        let server = Server::start_with(root.path(), options).unwrap();
        let mut options = FtpOptions::default();
        options.connect_timeout = Duration::from_secs(10);
        options.control_timeout = Duration::from_secs(10);
        options.data_timeout = Duration::from_secs(10);
        adjust(&mut options);
        let ftp = Ftp::connect_with(server.address().ip(), server.address().port(), options).unwrap();
        ftp.login_anonymous().unwrap();
        Self { ftp, server, home, root }
    }

    /// A path of ours.
    pub fn home(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// A path of the server's.
    pub fn root(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    /// The commands so far that begin with one of these verbs.
    pub fn commands(&self, verbs: &[&str]) -> Vec<String> {
        let is_wanted = |line: &String| verbs.iter().any(|verb| line.starts_with(verb));
        self.server.commands().into_iter().filter(is_wanted).collect()
    }
}

/// Bytes in which a lost or doubled piece would show.
pub fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9E37_79B9_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    std::iter::repeat_with(&mut next).take(length).collect()
}

/// Writes files below a folder, their folders included.
pub fn plant(root: &Path, files: &[(&str, &[u8])]) {
    for (path, data) in files {
        let path = root.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, data).unwrap();
    }
}

/// The paths of all files below a folder, sorted, with their contents.
pub fn harvest(root: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.is_symlink() {
                waiting.push(path);
            } else {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read(&path).unwrap_or_default()));
            }
        }
    }
    found.sort();
    found
}
