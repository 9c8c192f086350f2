//! Writes throw-away certificates into a folder: `cargo run -p testkit --example certificates -- FOLDER`.

use std::path::PathBuf;
use std::{env, fs, io};

use testkit::certificates::Certificates;

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("name the folder to write the certificates into"))?;
    fs::create_dir_all(&folder)?;
    Certificates::new().write(&folder)
}
