//! A server's processes: started together, ended together.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::PATIENCE;

/// A running program and whatever it starts. Dropped, all of it ends at once.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    tether: Option<Child>,
}

impl Process {
    /// Starts it in a process group of its own; what it writes goes to the end of the log.
    ///
    /// The folders are removed when we end without having ended it.
    pub(super) fn start(mut command: Command, log: &Path, folders: &[&Path]) -> io::Result<Self> {
        let log = OpenOptions::new().create(true).read(true).append(true).open(log)?;
        // One of the servers complains to its standard input.
        command.stdin(log.try_clone()?).stdout(log.try_clone()?).stderr(log).process_group(0);
        let child = spawn(&mut command)?;
        let tether = tether(&child, folders).ok();
        Ok(Self { child, tether })
    }

    /// Whether it has not ended by itself.
    pub(super) fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Lets it and its sessions stand still.
    pub(super) fn freeze(&self) {
        for session in self.stop() {
            let _ = kill_process(session, Signal::STOP);
            wait_until(session, &['T', 'Z', 'X']);
        }
    }

    /// Ends [`freeze`](Self::freeze).
    pub(super) fn thaw(&self) {
        let server = Pid::from_child(&self.child);
        for process in sessions(server).into_iter().chain([server]) {
            let _ = kill_process(process, Signal::CONT);
        }
    }

    /// Lets it stand still, but not its sessions, which are returned.
    ///
    /// Then it starts nothing more, and the numbers of what it has started stay theirs. Some sessions leave their
    /// group, so that a signal to all of it would not do.
    fn stop(&self) -> Vec<Pid> {
        let server = Pid::from_child(&self.child);
        let _ = kill_process(server, Signal::STOP);
        wait_until(server, &['T', 'Z', 'X']);
        sessions(server)
    }

    fn end(&mut self) {
        // First, so that it does not end a group that has our number later.
        if let Some(mut tether) = self.tether.take() {
            let _ = tether.kill();
            let _ = tether.wait();
        }
        if !self.is_running() {
            return;
        }
        let sessions = self.stop();
        for session in &sessions {
            let _ = kill_process(*session, Signal::KILL);
        }
        for session in sessions {
            wait_until(session, &['Z', 'X']);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Starts a program that may just have been written. A thread that starts another one at the same moment holds the
/// file open for a moment longer.
pub(super) fn spawn(command: &mut Command) -> io::Result<Child> {
    let start = Instant::now();
    loop {
        match command.spawn() {
            Err(error) if error.kind() == io::ErrorKind::ExecutableFileBusy && start.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(1));
            }
            outcome => return outcome,
        }
    }
}

/// A process that ends the other's group and removes the folders once we are gone, however that came about: then
/// its input ends.
fn tether(child: &Child, folders: &[&Path]) -> io::Result<Child> {
    const SCRIPT: &str = r#"group=$1; shift; read -r _; kill -s KILL -- "-$group"; rm -rf -- "$@""#;
    Command::new("sh")
        .args(["-c", SCRIPT, "sh", &child.id().to_string()])
        .args(folders)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
}

/// Waits until the process is in one of the states, or gone.
fn wait_until(process: Pid, states: &[char]) {
    let start = Instant::now();
    let has_arrived = || {
        let status = status(process.as_raw_nonzero().get());
        status.is_none_or(|(_, state)| states.contains(&state))
    };
    while !has_arrived() && start.elapsed() < PATIENCE {
        thread::yield_now();
    }
}

/// The processes of a server beside its first.
fn sessions(server: Pid) -> Vec<Pid> {
    descendants(server.as_raw_nonzero().get()).into_iter().filter_map(Pid::from_raw).collect()
}

/// The processes that this one has started, and those that they have.
fn descendants(process: i32) -> Vec<i32> {
    let mut children: HashMap<i32, Vec<i32>> = HashMap::new();
    let names = fs::read_dir("/proc").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.file_name()));
    for number in names.filter_map(|name| name.to_str()?.parse().ok()) {
        if let Some((parent, _)) = status(number) {
            children.entry(parent).or_default().push(number);
        }
    }
    let mut found = Vec::new();
    let mut parents = vec![process];
    while let Some(parent) = parents.pop() {
        let below = children.remove(&parent).unwrap_or_default();
        found.extend(&below);
        parents.extend(below);
    }
    found
}

/// The parent and the state of a process.
fn status(process: i32) -> Option<(i32, char)> {
    let text = io::read_to_string(File::open(format!("/proc/{process}/stat")).ok()?).ok()?;
    // After the name, which may contain anything.
    let mut fields = text.rsplit(") ").next()?.split(' ');
    let state = fields.next()?.chars().next()?;
    Some((fields.next()?.parse().ok()?, state))
}
