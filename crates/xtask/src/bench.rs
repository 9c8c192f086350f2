//! Runs the benchmark harnesses and writes their figures into `docs/benchmarks.md`, and what FTP and HTTP clients make
//! of the tables of server behaviours into `docs/ftp.md` and `docs/http.md`.
//!
//! A harness finds the file it must write in `SFML_NETWORK_BENCH_CSV` or `SFML_NETWORK_BENCH_PAGE`. The Python ones
//! run in an interpreter that has the peer, that of the sockets once per peer, and find our own packages in the folder
//! named by `SFML_NETWORK_BENCH_SITE`: appended to `sys.path` it gives `sfml_network` and leaves `sfml` to the peer.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sink::Sink;
use crate::step::Halt;
use crate::venv::Venv;
use crate::{apt, interpreter, servers, table, wheel, workspace};

/// How often a harness is run that measures calls, each time in a new process. Odd, so that the median is a run that happened.
const RUNS: usize = 9;

pub(crate) fn sockets(sink: &Sink) -> Result<(), Halt> {
    let page = Page::open("docs/benchmarks.md", "bench sockets")?;
    apt::prepare(sink)?;
    let venv = Venv::main(sink)?;
    let peers = Venv::peers(sink)?;
    let site = site(&venv, sink)?;

    let mut rows = Vec::new();
    let mut harness = |name: &str, command: &mut Command| {
        command.env("SFML_NETWORK_BENCH_SITE", &site);
        rows.extend(repeated(name, command, sink)?);
        Ok::<(), Halt>(())
    };
    harness("rust", &mut workspace::cargo(&["bench", "--package", "sfml-network", "--bench", "sockets"]))?;
    harness("python", &mut python(&venv.interpreter(), "socket"))?;
    harness("python-pypi", &mut python(&peers.interpreter(), "pypi"))?;
    let debian = PathBuf::from("/usr/bin/python3");
    if Path::new("/usr/lib/python3/dist-packages/sfml").is_dir() {
        harness("python-debian", &mut python(&debian, "debian"))?;
    } else {
        sink.note("python-debian: left out, python3-sfml is not installed");
    }

    page.write_rows(&rows, &venv, sink)
}

/// One run of the harness: it starts a process for each turn of each client anyway.
pub(crate) fn ftp(sink: &Sink) -> Result<(), Halt> {
    let page = Page::open("docs/benchmarks.md", "bench ftp")?;
    apt::prepare(sink)?;
    servers::prepare(sink)?;
    let venv = Venv::main(sink)?;
    let csv = folder()?.join("ftp.csv");
    let package = ["--package", "sfml-network"];
    sink.run(workspace::cargo(&["build", "--release", "--example", "ftp_client"]).args(package))?;
    let mut command = workspace::cargo(&["bench", "--bench", "ftp"]);
    command
        .args(package)
        .env("SFML_NETWORK_BENCH_CSV", &csv)
        .env("SFML_NETWORK_FTP_CLIENT", workspace::release_example("ftp_client"))
        .env("SFML_NETWORK_SERVERS", servers::folder())
        .env("SFML_NETWORK_PYTHON", venv.interpreter());
    sink.run(&mut command)?;
    page.write_rows(&figures(&csv)?, &venv, sink)
}

/// Ours in Rust against the engines, and in Python against other clients of Python's; then against curl, as whole
/// programs and therefore in one run.
pub(crate) fn http(sink: &Sink) -> Result<(), Halt> {
    let page = Page::open("docs/benchmarks.md", "bench http")?;
    apt::prepare(sink)?;
    servers::prepare(sink)?;
    let venv = Venv::main(sink)?;
    let peers = Venv::peers(sink)?;
    let site = site(&venv, sink)?;
    let package = ["--package", "sfml-network"];
    sink.run(workspace::cargo(&["build", "--release", "--example", "http_client"]).args(package))?;
    sink.run(&mut workspace::cargo(&["build", "--package", "testkit", "--example", "http_real_server"]))?;
    let harness = |part: &str| {
        let mut command = workspace::cargo(&["bench", "--bench", "http"]);
        command
            .args(package)
            .args(["--", part])
            .env("SFML_NETWORK_HTTP_CLIENT", workspace::release_example("http_client"))
            .env("SFML_NETWORK_SERVERS", servers::folder())
            .env("SFML_NETWORK_PYTHON", venv.interpreter());
        command
    };
    let mut python = workspace::program(peers.interpreter());
    python
        .arg("benches/python_http.py")
        .env("SFML_NETWORK_BENCH_SITE", &site)
        .env("SFML_NETWORK_HTTP_REAL_SERVER", workspace::example("http_real_server"))
        .env("SFML_NETWORK_SERVERS", servers::folder());

    let mut rows = repeated("http", &mut harness("--calls"), sink)?;
    let csv = folder()?.join("http-programs.csv");
    sink.run(harness("--programs").env("SFML_NETWORK_BENCH_CSV", &csv))?;
    rows.extend(figures(&csv)?);
    rows.extend(repeated("http-python", &mut python, sink)?);
    page.write_rows(&rows, &venv, sink)
}

/// What several clients make of each row of the tables of server behaviours. Nothing is measured, so nothing is
/// optimised.
pub(crate) fn behaviours(sink: &Sink) -> Result<(), Halt> {
    let (ftp, http) = (Page::open("docs/ftp.md", "behaviours")?, Page::open("docs/http.md", "behaviours")?);
    play(&ftp, "behaviours", interpreter::find()?.path.as_ref(), sink)?;
    // Its clients of Python's are installed ones.
    play(&http, "http_behaviours", &Venv::peers(sink)?.interpreter(), sink)
}

fn play(page: &Page, harness: &str, python: &Path, sink: &Sink) -> Result<(), Halt> {
    let table = folder()?.join(format!("{harness}.md"));
    let mut command = workspace::cargo(&["bench", "--profile", "dev", "--bench", harness]);
    command
        .args(["--package", "sfml-network"])
        .env("SFML_NETWORK_BENCH_PAGE", &table)
        .env("SFML_NETWORK_PYTHON", python);
    sink.run(&mut command)?;
    page.write(&mut workspace::program(python), &workspace::read(&table)?, sink)
}

/// Where the harnesses write.
fn folder() -> Result<PathBuf, Halt> {
    let folder = workspace::target().join("bench");
    fs::create_dir_all(&folder)?;
    Ok(folder)
}

/// A folder with our own packages, built anew.
fn site(venv: &Venv, sink: &Sink) -> Result<PathBuf, Halt> {
    let wheel = wheel::build(venv, sink)?;
    wheel::install(venv, &wheel, sink)?;
    let site = folder()?.join("site");
    sink.run_quietly(
        venv.pip(&["install", "--no-deps", "--no-index", "--upgrade", "--target"]).arg(&site).arg(&wheel),
    )?;
    Ok(site)
}

/// What a harness gives in several runs, as one.
fn repeated(name: &str, command: &mut Command, sink: &Sink) -> Result<Vec<table::Row>, Halt> {
    sink.heading(name);
    let mut runs = Vec::new();
    for run in 1..=RUNS {
        let csv = folder()?.join(format!("{name}-{run}.csv"));
        sink.run(command.env("SFML_NETWORK_BENCH_CSV", &csv))?;
        runs.push(figures(&csv)?);
    }
    Ok(table::merge(&runs))
}

/// The figures a harness has written.
fn figures(csv: &Path) -> Result<Vec<table::Row>, Halt> {
    let rows = table::parse(&workspace::read(csv)?);
    rows.map_err(|why| Halt::Failed(format!("{}: {why}", csv.display())))
}

/// A page, which has a place for the table of this name.
struct Page {
    name: &'static str,
    path: PathBuf,
    text: String,
}

impl Page {
    /// Opened before anything is measured: a page without a place for the table should not cost a run.
    fn open(path: &str, name: &'static str) -> Result<Self, Halt> {
        let path = workspace::root().join(path);
        let text = workspace::read(&path)?;
        let is_ready = table::replace(&text, name, "");
        is_ready.map_err(|why| Halt::Failed(format!("{}: {why}", path.display())))?;
        Ok(Self { name, path, text })
    }

    fn write_rows(&self, rows: &[table::Row], venv: &Venv, sink: &Sink) -> Result<(), Halt> {
        self.write(&mut venv.python(&[]), &table::render(rows), sink)
    }

    /// Writes the table, below where and when it was made.
    fn write(&self, python: &mut Command, table: &str, sink: &Sink) -> Result<(), Halt> {
        let body = format!("{}\n\n{table}", machine(python));
        let text = table::replace(&self.text, self.name, &body).map_err(Halt::Failed)?;
        fs::write(&self.path, text)?;
        sink.note(format!("written to {}", self.path.display()));
        Ok(())
    }
}

fn python(interpreter: &Path, peer: &str) -> Command {
    let mut command = workspace::program(interpreter);
    command.args(["benches/python_sockets.py", peer]);
    command
}

/// One line saying where and when.
fn machine(python: &mut Command) -> String {
    let output = python.args(["-c", MACHINE]).output();
    output.map_or_else(|_| String::new(), |output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

const MACHINE: &str = r#"
import datetime, os, platform, re
try:
    with open("/proc/cpuinfo") as info:
        cpu = re.search(r"model name\s*: (.+)", info.read()).group(1)
except (OSError, AttributeError):
    cpu = platform.processor() or platform.machine()
today = datetime.datetime.now(datetime.timezone.utc).date()
print(f"Measured {today}: {cpu}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, CPython {platform.python_version()}.")
"#;
