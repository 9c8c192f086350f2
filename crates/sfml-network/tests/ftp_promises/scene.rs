//! A scripted server, and a session with it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, SystemTime};
use std::{fs, io};

use sfml_network::ftp::{Ftp, FtpError, FtpOptions, Retry};
use testkit::PATIENCE;
use testkit::folder::TempFolder;
use testkit::ftp::{Scripted, ScriptedServer};

/// Nothing here takes long, unless it hangs.
pub(crate) fn brisk() -> FtpOptions {
    let mut options = FtpOptions::default();
    options.connect_timeout = PATIENCE;
    options.control_timeout = PATIENCE;
    options.data_timeout = PATIENCE;
    options
}

pub(crate) fn session(address: SocketAddr, options: FtpOptions) -> Ftp {
    let ftp = Ftp::connect_with(address.ip(), address.port(), options).unwrap();
    ftp.login_anonymous().unwrap();
    ftp
}

pub(crate) fn start_with(script: Scripted, adjust: impl FnOnce(&mut FtpOptions)) -> (ScriptedServer, Ftp) {
    let server = script.start().unwrap();
    let mut options = brisk();
    adjust(&mut options);
    let ftp = session(server.address(), options);
    (server, ftp)
}

pub(crate) fn start(script: Scripted) -> (ScriptedServer, Ftp) {
    start_with(script, |_| {})
}

pub(crate) fn home() -> TempFolder {
    TempFolder::new("ftp").unwrap()
}

/// Runs what may hang on a thread of its own, which is left behind if it does.
pub(crate) fn in_time<T: Send + 'static>(run: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(run()));
    match receiver.recv_timeout(PATIENCE) {
        Ok(outcome) => outcome,
        Err(_) => panic!("it hangs, or has failed"),
    }
}

/// The code that a call was refused with.
pub(crate) fn refused<T: std::fmt::Debug>(outcome: Result<T, FtpError>) -> u16 {
    match outcome {
        Err(FtpError::Rejected { reply, .. }) => reply.status().0,
        other => panic!("{other:?}"),
    }
}

/// So many files in the folder `/sub`, which has one already.
pub(crate) fn many(script: Scripted, count: usize) -> Scripted {
    (1..count).fold(script, |script, number| script.file(format!("/sub/{number}"), number.to_string()))
}

pub(crate) fn retrying(options: &mut FtpOptions) {
    options.retry = Retry { attempts: 2, delay: Duration::ZERO };
}

/// Bytes in which a lost or doubled piece would show.
pub(crate) fn noise(length: u32) -> Vec<u8> {
    (0..length / 4).flat_map(|number| number.wrapping_mul(0x9E37_79B9).to_le_bytes()).collect()
}

/// A hook that ends calls when told to.
#[derive(Clone, Default)]
pub(crate) struct Hook(Arc<AtomicBool>);

impl Hook {
    pub(crate) fn set(&self, stop: bool) {
        self.0.store(stop, Ordering::Release);
    }

    pub(crate) fn install(&self, options: &mut FtpOptions) {
        let stop = self.clone();
        options.interrupt = Some(Arc::new(move || match stop.0.load(Ordering::Acquire) {
            true => Err(io::ErrorKind::Interrupted.into()),
            false => Ok(()),
        }));
    }
}

/// A file that was changed before every file of the server's.
pub(crate) fn old_file(home: &TempFolder, name: &str, contents: &[u8]) -> PathBuf {
    let path = home.path().join(name);
    fs::write(&path, contents).unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    path
}
