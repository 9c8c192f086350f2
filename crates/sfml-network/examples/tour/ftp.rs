//! A tree and a large file, to an FTP server in this program and back.

use std::fs;
use std::path::Path;
use std::time::Instant;

use sfml_network::ftp::{Ftp, Transfer, Tree};
use testkit::folder::TempFolder;
use testkit::ftp::{Options, Server};

use crate::account::{Failure, grouped, per_second, quarters, tell};
use crate::bytes::{Crc32, checksum, noise};

const FILES: usize = 300;
const SESSIONS: usize = 4;
const LARGE: usize = 256 << 20;
/// Where the server hangs up.
const BREAK: u64 = 100 << 20;

/// Uploads a tree of small files with several sessions, downloads it again and compares the two.
pub(crate) fn tree() -> Result<(), Failure> {
    let (root, home) = (TempFolder::new("tour-ftp-root")?, TempFolder::new("tour-ftp-home")?);
    let server = Server::start(root.path())?;
    let (original, copy) = (home.path().join("original"), home.path().join("copy"));
    plant(&original)?;
    let ftp = Ftp::connect(server.address().ip(), server.address().port(), crate::LIMIT)?;
    ftp.login_anonymous()?;
    let started = Instant::now();
    let up = ftp.upload_tree(&original, "tree", Tree::new().sessions(SESSIONS))?;
    let down = ftp.download_tree("tree", &copy, Tree::new().sessions(SESSIONS))?;
    let elapsed = started.elapsed();
    let again = ftp.download_tree("tree", &copy, Tree::new().sessions(SESSIONS))?;
    ftp.quit()?;
    let (sent, returned) = (checksum_of_tree(&original)?, checksum_of_tree(&copy)?);
    if (up.files, down.files, again.files) != (FILES as u64, FILES as u64, 0) || sent != returned {
        return Err("the tree that came back is not the one that was sent".into());
    }
    tell(FILES, format!("files in 10 directories went up and came back, over {SESSIONS} sessions"));
    tell(per_second(2 * FILES, elapsed), "files per second");
    tell(again.unchanged, "of them were left alone when the tree was downloaded once more");
    tell(format!("{sent:08x}"), "is the CRC-32 of both trees");
    Ok(())
}

/// Uploads 256 MiB, and downloads them from a server that hangs up in the middle.
pub(crate) fn large_file() -> Result<(), Failure> {
    let (root, home) = (TempFolder::new("tour-ftp-root")?, TempFolder::new("tour-ftp-home")?);
    let original = home.path().join("large.bin");
    fs::write(&original, noise(LARGE))?;
    let sent = checksum(&original)?;

    let server = Server::start(root.path())?;
    let ftp = Ftp::connect(server.address().ip(), server.address().port(), crate::LIMIT)?;
    ftp.login_anonymous()?;
    let started = Instant::now();
    ftp.upload(&original, "", Transfer::binary().progress(&mut quarters("sent")))?;
    tell(per_second(LARGE >> 20, started.elapsed()), "MiB per second up");
    ftp.quit()?;
    drop(server);

    let server = Server::start_with(root.path(), Options::new().stop_after(BREAK, 1))?;
    let ftp = Ftp::connect(server.address().ip(), server.address().port(), crate::LIMIT)?;
    ftp.login_anonymous()?;
    let copy = home.path().join("copy.bin");
    let mut show = quarters("received");
    let started = Instant::now();
    match ftp.download("large.bin", &copy, Transfer::binary().resume().progress(&mut show)) {
        Ok(_) => return Err("the server was to hang up, and did not".into()),
        Err(error) => tell("interrupted:", error),
    }
    ftp.reconnect()?;
    let done = ftp.download("large.bin", &copy, Transfer::binary().resume().progress(&mut show))?;
    tell(per_second(LARGE >> 20, started.elapsed()), "MiB per second down, the interruption included");
    ftp.quit()?;
    if done.resumed_from == 0 {
        return Err("the second attempt began anew".into());
    }
    let arrived = checksum(&copy)?;
    if sent != arrived {
        return Err(format!("CRC-32 {sent:08x} was sent, and {arrived:08x} received").into());
    }
    tell(grouped(done.resumed_from as usize), "bytes were there already when the download went on");
    tell(format!("{sent:08x}"), "is the CRC-32 of what was sent, and of what arrived");
    Ok(())
}

fn plant(root: &Path) -> Result<(), Failure> {
    for number in 0..FILES {
        let folder = root.join((number % 10).to_string());
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(format!("file {number}")), noise(number * 64))?;
    }
    Ok(())
}

/// The checksum of all files in the order of their names.
fn checksum_of_tree(root: &Path) -> Result<u32, Failure> {
    let mut sum = Crc32::new();
    for number in 0..FILES {
        sum.update(&fs::read(root.join((number % 10).to_string()).join(format!("file {number}")))?);
    }
    Ok(sum.value())
}
