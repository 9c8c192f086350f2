//! Where the commands of a step write: straight to the console, or into a log that is shown when they fail.

use std::cell::RefCell;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::process::{Command, ExitStatus};
use std::thread;
use std::time::Duration;

use crate::explain::explain;
use crate::step::Halt;

pub(crate) struct Sink {
    log: Option<Log>,
    notes: RefCell<Vec<String>>,
}

struct Log {
    path: PathBuf,
    follow: bool,
}

impl Sink {
    /// Everything is shown as it comes.
    pub(crate) fn console() -> Self {
        Self { log: None, notes: RefCell::default() }
    }

    /// Everything goes to the file; with `follow` it is shown as well, while it comes.
    pub(crate) fn file(path: PathBuf, follow: bool) -> io::Result<Self> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        File::create(&path)?;
        Ok(Self { log: Some(Log { path, follow }), notes: RefCell::default() })
    }

    /// Runs the command to its end. A failure says in one sentence what is missing, where the output shows it.
    pub(crate) fn run(&self, command: &mut Command) -> Result<(), Halt> {
        let name = line_of(command);
        let status = match &self.log {
            None => command.status(),
            Some(log) => log.run(command, &name),
        };
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => {
                let reason =
                    explain(&self.text()).map_or_else(String::new, |sentence| format!(": {sentence}"));
                Err(Halt::Failed(format!("`{name}` ended with {status}{reason}")))
            }
            Err(error) => Err(Halt::Failed(format!("`{name}` could not be started: {error}"))),
        }
    }

    /// As [`Sink::run`], and silent on the console unless it fails: for the setting-up nobody wants to read.
    pub(crate) fn run_quietly(&self, command: &mut Command) -> Result<(), Halt> {
        if self.log.is_some() {
            return self.run(command);
        }
        let name = line_of(command);
        let output = command
            .output()
            .map_err(|error| Halt::Failed(format!("`{name}` could not be started: {error}")))?;
        if output.status.success() {
            return Ok(());
        }
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        eprint!("{text}");
        let sentence =
            explain(&text).map_or_else(|| format!("`{name}` ended with {}", output.status), str::to_owned);
        Err(Halt::Failed(sentence))
    }

    /// A line the reader should see even when all went well.
    pub(crate) fn note(&self, line: impl Into<String>) {
        match &self.log {
            None => println!("{}", line.into()),
            Some(_) => self.notes.borrow_mut().push(line.into()),
        }
    }

    /// A line between the parts of a long command; a log has the commands themselves for that.
    pub(crate) fn heading(&self, title: &str) {
        if self.log.is_none() {
            println!("\n== {title}");
        }
    }

    pub(crate) fn take_notes(&self) -> Vec<String> {
        self.notes.take()
    }

    /// What the log holds so far; empty for the console.
    pub(crate) fn text(&self) -> String {
        let bytes = self.log.as_ref().and_then(|log| fs::read(&log.path).ok()).unwrap_or_default();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// Whether the reader has seen the log already.
    pub(crate) fn was_shown(&self) -> bool {
        self.log.as_ref().is_none_or(|log| log.follow)
    }
}

impl Log {
    fn run(&self, command: &mut Command, name: &str) -> io::Result<ExitStatus> {
        let mut file = OpenOptions::new().append(true).open(&self.path)?;
        writeln!(file, "$ {name}")?;
        let mut shown = file.metadata()?.len();
        let mut child = command.stdout(file.try_clone()?).stderr(file).spawn()?;
        if !self.follow {
            return child.wait();
        }
        loop {
            let ended = child.try_wait()?;
            shown = self.show_from(shown)?;
            if let Some(status) = ended {
                return Ok(status);
            }
            thread::sleep(FOLLOW_EVERY);
        }
    }

    fn show_from(&self, position: u64) -> io::Result<u64> {
        let mut file = File::open(&self.path)?;
        file.seek(SeekFrom::Start(position))?;
        let mut fresh = Vec::new();
        file.read_to_end(&mut fresh)?;
        io::stdout().write_all(&fresh)?;
        Ok(position + fresh.len() as u64)
    }
}

fn line_of(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let mut line = program.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args() {
        line.push(' ');
        line.push_str(&argument.to_string_lossy());
    }
    line
}

const FOLLOW_EVERY: Duration = Duration::from_millis(50);
