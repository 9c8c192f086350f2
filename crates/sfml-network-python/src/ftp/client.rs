//! `Ftp` for Python.

use std::time::{Duration, SystemTime};

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDateTime, PyDict, PyTuple};
use sfml_network::SocketError;
use sfml_network::ftp::{Ftp as Core, FtpError, Host, Reply, TransferMode};

use super::argument::{Local, Mode, Patterns, RemotePath};
use super::entry::{FtpEntry, Zone, moment};
use super::file::FileObject;
use super::options::{FtpOptions, unlimited};
use super::response::{FtpDirectoryResponse, FtpListingResponse, FtpResponse, FtpTransferResponse, text};
use super::session::Session;
use super::transfer::Plan;
use super::tree::{self, TreePlan};
use crate::argument::{Port, Span, Target, Whole, either};
use crate::words::{LocalPath, Words};

/// A client of one FTP server.
///
/// Created empty; `connect` begins a session, `login` makes it of use. The documented methods return a response, and
/// a refusal is a response too: its `ok` is false and its `error` tells why. So do `reconnect`, `send_command` and
/// `download_segmented`. Other methods beyond them return what they are asked for and raise `FtpError`. Wrong arguments
/// raise `ValueError` or `TypeError`, among them a CR, LF or NUL in a name, which could carry a second command.
///
/// Other threads run while a call waits; calls of several threads take turns. Ctrl-C ends a call, `cancel` the one of
/// another thread. Passwords and files are not encrypted. An object that is destroyed closes its connection without a
/// word.
///
/// >>> from sfml.network import Ftp
/// >>> def fetch(server: str) -> None:
/// ...     with Ftp(data_timeout=20) as ftp:
/// ...         ftp.connect(server).raise_for_status()
/// ...         ftp.login("ada", "secret").raise_for_status()
/// ...         for name in ftp.get_directory_listing("reports").filenames:
/// ...             ftp.download(f"reports/{name}", "").raise_for_status()
#[pyclass(frozen, subclass, module = "sfml.network", weakref)]
pub(crate) struct Ftp {
    session: Session,
}

type Outcome<T> = Result<T, FtpError>;

impl Ftp {
    /// Runs a call whose reply is all there is to tell.
    fn respond(
        &self,
        py: Python<'_>,
        call: impl FnOnce(&Core) -> Outcome<Reply> + Send,
    ) -> PyResult<FtpResponse> {
        FtpResponse::new(self.session.call(py, call)?)
    }

    /// Runs a call that returns a value.
    fn ask<T: Send>(&self, py: Python<'_>, call: impl FnOnce(&Core) -> Outcome<T> + Send) -> PyResult<T> {
        self.session.call(py, call)?.map_err(|failure| FtpResponse::raise(py, failure))
    }
}

#[pymethods]
impl Ftp {
    #[new]
    #[pyo3(signature = (*_args, **_kwargs), text_signature = "(**options)")]
    fn new(_args: &Bound<'_, PyTuple>, _kwargs: Option<&Bound<'_, PyDict>>) -> Self {
        Self { session: Session::new() }
    }

    /// Apart from `new`, so that subclasses may have an ``__init__`` with other arguments.
    #[pyo3(signature = (**options))]
    fn __init__(&self, py: Python<'_>, options: Option<&Bound<'_, PyDict>>) -> PyResult<()> {
        let target = Bound::new(py, self.options())?;
        for (name, value) in options.into_iter().flatten() {
            let name = name.extract::<String>()?;
            if name.starts_with('_') || !target.hasattr(&*name)? {
                return Err(PyTypeError::new_err(format!("Ftp has no option {name:?}")));
            }
            target.setattr(&*name, value)?;
        }
        Ok(())
    }

    /// The options of this client, as attributes that may be set.
    #[getter]
    fn options(&self) -> FtpOptions {
        FtpOptions(self.session.settings().clone())
    }

    /// Whether there is a session, as far as is known without asking the server.
    #[getter]
    fn connected(&self) -> bool {
        self.session.is_connected()
    }

    /// Connects to a server and waits for its greeting; a session that is under way is closed first.
    ///
    /// `address` is an `IpAddress`, an `ipaddress` address, or a str: a numeric address or a host name. `timeout`
    /// replaces the option `connect_timeout` for this call, unless it is `None` or zero.
    #[pyo3(
        signature = (address=None, port=Port(Core::DEFAULT_PORT), timeout=None, *, server=None),
        text_signature = "($self, address=..., port=21, timeout=None, *, server=...)"
    )]
    fn connect(
        &self,
        py: Python<'_>,
        address: Option<Target>,
        port: Port,
        timeout: Option<Span>,
        server: Option<Target>,
    ) -> PyResult<FtpResponse> {
        let host = match either("address", address, "server", server)? {
            Target::Host(name) => Host::Name(name),
            Target::Address(address) => match address.given() {
                Some(address) => Host::Address(address),
                None => {
                    self.session.forget(py)?;
                    let nowhere = std::io::Error::other("IpAddress.NONE is no address to connect to");
                    let source = SocketError::Other(nowhere);
                    return FtpResponse::failed(FtpError::Connect {
                        server: "IpAddress.NONE".into(),
                        source,
                    });
                }
            },
        };
        let limit = timeout.map(unlimited).filter(|limit| *limit < Duration::MAX);
        FtpResponse::new(self.session.connect(py, host, port.0, limit)?)
    }

    /// Says good-bye (QUIT) and closes the connection, whatever the server answers.
    fn disconnect(&self, py: Python<'_>) -> PyResult<FtpResponse> {
        self.respond(py, Core::quit)
    }

    /// Closes the connection without a word, after cancelling the call another thread has under way.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        self.session.close(py)
    }

    /// Cancels the call that another thread has under way; it returns within moments, and the session goes on.
    ///
    /// The response to a cancelled call has the status TRANSFER_ABORTED and an `FtpCancelledError`. Without a call
    /// under way nothing happens.
    fn cancel(&self) {
        self.session.cancel();
    }

    /// Begins the session anew where it was: the same server, login and working directory.
    ///
    /// For after the server has ended it. Returns the response to the last of these steps.
    fn reconnect(&self, py: Python<'_>) -> PyResult<FtpResponse> {
        FtpResponse::new(self.session.reconnect(py)?)
    }

    /// Logs in; without a name as a guest, `anonymous`.
    ///
    /// Password and account are sent only if the server asks for them. `message` is the name that pySFML 2 has for
    /// the password.
    #[pyo3(
        signature = (name=None, password=None, *, account=None, message=None),
        text_signature = "($self, name=None, password='', *, account=None, message=...)"
    )]
    fn login(
        &self,
        py: Python<'_>,
        name: Option<Words>,
        password: Option<Words>,
        account: Option<Words>,
        message: Option<Words>,
    ) -> PyResult<FtpResponse> {
        let password = match (password, message) {
            (Some(_), Some(_)) => {
                return Err(PyTypeError::new_err("'password' and 'message' are the same argument"));
            }
            (given, other) => given.or(other).unwrap_or_else(|| Words(Vec::new())).0,
        };
        self.respond(py, |core| match (name, account) {
            (None, _) => core.login_anonymous(),
            (Some(name), None) => core.login(name.0, password),
            (Some(name), Some(account)) => core.login_with_account(name.0, password, account.0),
        })
    }

    /// Tells the server that the session is still wanted (NOOP).
    fn keep_alive(&self, py: Python<'_>) -> PyResult<FtpResponse> {
        self.respond(py, Core::keep_alive)
    }

    /// Asks for the path of the working directory (PWD).
    fn get_working_directory<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, FtpDirectoryResponse>> {
        FtpDirectoryResponse::of(py, self.session.call(py, Core::working_directory)?)
    }

    /// Asks for the names in a directory (NLST), in the working one unless told otherwise.
    ///
    /// The names come without the directory and without ``.`` and ``..``.
    #[pyo3(signature = (directory=RemotePath(Vec::new())), text_signature = "($self, directory='')")]
    fn get_directory_listing<'py>(
        &self,
        py: Python<'py>,
        directory: RemotePath,
    ) -> PyResult<Bound<'py, FtpListingResponse>> {
        FtpListingResponse::of(py, self.session.call(py, |core| core.names(directory.0))?)
    }

    /// Changes the working directory (CWD).
    fn change_directory(&self, py: Python<'_>, directory: RemotePath) -> PyResult<FtpResponse> {
        self.respond(py, |core| core.change_directory(directory.0))
    }

    /// Changes to the directory above (CDUP).
    fn parent_directory(&self, py: Python<'_>) -> PyResult<FtpResponse> {
        self.respond(py, Core::parent_directory)
    }

    /// Creates a directory (MKD); the response has its path.
    fn create_directory<'py>(
        &self,
        py: Python<'py>,
        name: RemotePath,
    ) -> PyResult<Bound<'py, FtpDirectoryResponse>> {
        FtpDirectoryResponse::of(py, self.session.call(py, |core| core.create_directory(name.0))?)
    }

    /// Deletes an empty directory (RMD).
    fn delete_directory(&self, py: Python<'_>, name: RemotePath) -> PyResult<FtpResponse> {
        self.respond(py, |core| core.delete_directory(name.0))
    }

    /// Gives a file or directory another name (RNFR, RNTO).
    fn rename_file(
        &self,
        py: Python<'_>,
        filename: RemotePath,
        newname: RemotePath,
    ) -> PyResult<FtpResponse> {
        self.respond(py, |core| core.rename(filename.0, newname.0))
    }

    /// Deletes a file (DELE).
    fn delete_file(&self, py: Python<'_>, name: RemotePath) -> PyResult<FtpResponse> {
        self.respond(py, |core| core.delete_file(name.0))
    }

    /// Downloads a file (RETR).
    ///
    /// `localpath` is a directory, in which the file gets its own name: one that exists, ends with a separator, or
    /// is empty for the current one. Any other path is the file to write, and an object with a `write` method gets
    /// the data. A file is written beside its place and moved there when it is complete: the end of the data, the
    /// server's last reply and the size agree. A failure leaves nothing; with `resume`, what came is kept as
    /// ``NAME.part`` and the next call goes on from there, if the server's file is still the same.
    ///
    /// `progress` is called as ``progress(done, total)``, the total `None` where it is not known; if it returns
    /// `False` the call is cancelled. `keep_time` gives the file the time of the server's. `size`, known from a
    /// listing, saves asking for it.
    #[pyo3(
        signature = (remotefile, localpath, mode=Mode(TransferMode::Binary), *, progress=None, resume=false,
            keep_time=false, size=None),
        text_signature = "($self, remotefile, localpath, mode=0, *, progress=None, resume=False, \
            keep_time=False, size=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are keywords where this is called")]
    fn download<'py>(
        &self,
        py: Python<'py>,
        remotefile: RemotePath,
        localpath: &Bound<'py, PyAny>,
        mode: Mode,
        progress: Option<Py<PyAny>>,
        resume: bool,
        keep_time: bool,
        size: Option<Whole<u64>>,
    ) -> PyResult<Bound<'py, FtpTransferResponse>> {
        let (target, raised) = (Local::target(localpath)?, self.session.raised());
        let size = size.map(|Whole(size)| size);
        let plan = Plan { mode: mode.0, append: false, resume, keep_time, size, progress };
        let outcome = self.session.call(py, |core| {
            plan.run(raised, |transfer| match &target {
                Local::Path(path) => core.download(remotefile.0, path, transfer),
                Local::File(file) => core.retrieve(remotefile.0, FileObject::new(file, raised), transfer),
            })
        });
        FtpTransferResponse::of(py, outcome?)
    }

    /// Uploads a file (STOR, or APPE to add to the one that is there).
    ///
    /// `remotepath` is the directory on the server, empty for the working one; the file keeps its name there unless
    /// `name` is another. An object with a `read` method has no name, so for one `remotepath` is the file to write,
    /// unless there is a `name`. With `resume` it goes on behind what the server has, if that is of the same file.
    /// After a failure the server may have a part of it.
    ///
    /// `progress` is as for `download`. `keep_time` gives the server's file the time of this one, where the server
    /// can. `size` is the total that is told as progress of an object with a `read` method.
    #[pyo3(
        signature = (localfile, remotepath, mode=Mode(TransferMode::Binary), append=false, *, name=None,
            progress=None, resume=false, keep_time=false, size=None),
        text_signature = "($self, localfile, remotepath, mode=0, append=False, *, name=None, \
            progress=None, resume=False, keep_time=False, size=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are keywords where this is called")]
    fn upload<'py>(
        &self,
        py: Python<'py>,
        localfile: &Bound<'py, PyAny>,
        remotepath: RemotePath,
        mode: Mode,
        append: bool,
        name: Option<Words>,
        progress: Option<Py<PyAny>>,
        resume: bool,
        keep_time: bool,
        size: Option<Whole<u64>>,
    ) -> PyResult<Bound<'py, FtpTransferResponse>> {
        let (source, raised) = (Local::source(localfile)?, self.session.raised());
        let is_nameless = matches!(source, Local::File(_)) && name.is_none();
        let remote = if is_nameless { remotepath.0 } else { remotepath.with(name) };
        if is_nameless && (remote.is_empty() || remote.ends_with(b"/")) {
            return Err(PyValueError::new_err("a file object has no name of its own, give the whole path"));
        }
        let size = size.map(|Whole(size)| size);
        let plan = Plan { mode: mode.0, append, resume, keep_time, size, progress };
        let outcome = self.session.call(py, |core| {
            plan.run(raised, |transfer| match &source {
                Local::Path(path) => core.upload(path, remote, transfer),
                Local::File(file) => core.store(FileObject::new(file, raised), remote, transfer),
            })
        });
        FtpTransferResponse::of(py, outcome?)
    }

    /// Downloads a large file with several sessions at once, each a part of it (SIZE, REST).
    ///
    /// `localpath` and `progress` are as for `download`. `sessions` is how many, 1 to 32. Of a small file, and where the
    /// server admits no more, it is one.
    #[pyo3(
        signature = (remotefile, localpath, sessions=Whole(4), *, progress=None, keep_time=false),
        text_signature = "($self, remotefile, localpath, sessions=4, *, progress=None, keep_time=False)"
    )]
    fn download_segmented<'py>(
        &self,
        py: Python<'py>,
        remotefile: RemotePath,
        localpath: LocalPath,
        sessions: Whole<u16>,
        progress: Option<Py<PyAny>>,
        keep_time: bool,
    ) -> PyResult<Bound<'py, FtpTransferResponse>> {
        let raised = self.session.raised();
        let mode = TransferMode::Binary;
        let plan = Plan { mode, append: false, resume: false, keep_time, size: None, progress };
        let outcome = self.session.call(py, |core| {
            plan.run(raised, |transfer| {
                core.download_segmented(remotefile.0, localpath.0, sessions.0.into(), transfer)
            })
        });
        FtpTransferResponse::of(py, outcome?)
    }

    /// Makes a directory of this computer what one of the server is, with everything in it.
    ///
    /// `local` is made if it is missing. A file is transferred if it is missing here, or has another size or time; it
    /// gets the time of the server's, so that the next call leaves it alone. Links are neither followed nor made, and
    /// names that would lead out of `local` are refused one by one.
    ///
    /// `sessions` is how many are at work at once, 1 to 32; where the server admits fewer, it is fewer. `include` and
    /// `exclude` are patterns, one or several: ``*`` and ``?`` stand for characters other than a slash, ``**`` for
    /// directories, ``[ab]`` and ``{a,b}`` for alternatives. One without a slash is compared with names, any other with
    /// paths below the root. Where there are patterns to include, only files that match one are meant; what matches one
    /// to exclude is not, and is not deleted either. `delete` deletes what is only here, once all else has succeeded.
    ///
    /// `progress` is called with an `FtpTreeProgress`, on this thread; if it returns `False` the call is cancelled.
    ///
    /// Returns an `FtpTreeReport`. Raises `FtpUnfinishedError`, which has the report, if something failed and the rest
    /// did not; else the `FtpError` that kept all of it from being done.
    ///
    /// >>> from sfml.network import Ftp, FtpUnfinishedError
    /// >>> def fetch(ftp: Ftp) -> None:
    /// ...     try:
    /// ...         report = ftp.download_tree("reports", "copy", exclude=("*.tmp", "drafts/**"))
    /// ...     except FtpUnfinishedError as error:
    /// ...         for path, reason in error.report.failures:
    /// ...             print(path, reason)
    /// ...     else:
    /// ...         print(report.files, "files are new,", report.unchanged, "were here already")
    #[pyo3(
        signature = (remote, local, *, sessions=Whole(4), include=Patterns::default(),
            exclude=Patterns::default(), delete=false, progress=None),
        text_signature = "($self, remote, local, *, sessions=4, include=(), exclude=(), delete=False, \
            progress=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are keywords where this is called")]
    fn download_tree<'py>(
        &self,
        py: Python<'py>,
        remote: RemotePath,
        local: LocalPath,
        sessions: Whole<u16>,
        include: Patterns,
        exclude: Patterns,
        delete: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let raised = self.session.raised();
        let plan = TreePlan { sessions: sessions.0.into(), include, exclude, delete, progress };
        let outcome = self
            .session
            .call(py, |core| plan.run(raised, |tree| core.download_tree(remote.0, local.0, tree)))?;
        tree::report(py, outcome)
    }

    /// Makes a directory of the server what one of this computer is, with everything in it.
    ///
    /// As `download_tree`, the other way. Where a server does not let times be set, a file there counts as the same
    /// while it has the size of the one here and is not older. `delete` deletes what is only on the server.
    ///
    /// >>> from sfml.network import Ftp
    /// >>> def publish(ftp: Ftp) -> None:
    /// ...     report = ftp.upload_tree("site", "www", sessions=8, delete=True)
    /// ...     print(report.files, "files went up,", report.deleted, "were deleted")
    #[pyo3(
        signature = (local, remote, *, sessions=Whole(4), include=Patterns::default(),
            exclude=Patterns::default(), delete=false, progress=None),
        text_signature = "($self, local, remote, *, sessions=4, include=(), exclude=(), delete=False, \
            progress=None)"
    )]
    #[expect(clippy::too_many_arguments, reason = "they are keywords where this is called")]
    fn upload_tree<'py>(
        &self,
        py: Python<'py>,
        local: LocalPath,
        remote: RemotePath,
        sessions: Whole<u16>,
        include: Patterns,
        exclude: Patterns,
        delete: bool,
        progress: Option<Py<PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let raised = self.session.raised();
        let plan = TreePlan { sessions: sessions.0.into(), include, exclude, delete, progress };
        let outcome = self
            .session
            .call(py, |core| plan.run(raised, |tree| core.upload_tree(local.0, remote.0, tree)))?;
        tree::report(py, outcome)
    }

    /// Sends a command of your own and returns the server's reply. Commands that move data are refused.
    #[pyo3(signature = (command, parameter=Words(Vec::new())), text_signature = "($self, command, parameter='')")]
    fn send_command(&self, py: Python<'_>, command: Words, parameter: Words) -> PyResult<FtpResponse> {
        self.respond(py, |core| core.send_command(command.0, parameter.0))
    }

    /// Returns the entries of a directory with what the server tells of each (MLSD, or else LIST).
    ///
    /// Raises `FtpError`.
    #[pyo3(signature = (directory=RemotePath(Vec::new())), text_signature = "($self, directory='')")]
    fn entries(&self, py: Python<'_>, directory: RemotePath) -> PyResult<Vec<FtpEntry>> {
        Ok(self.ask(py, |core| core.entries(directory.0))?.into_iter().map(FtpEntry).collect())
    }

    /// Calls `callback` with each entry of a directory as it arrives, so that memory does not grow with their number.
    ///
    /// If it returns `False` the listing is cancelled. Raises `FtpError`, an `FtpCancelledError` then.
    ///
    /// >>> from sfml.network import Ftp, FtpEntry
    /// >>> def largest(ftp: Ftp) -> int:
    /// ...     sizes = [0]
    /// ...     def look(entry: FtpEntry) -> None:
    /// ...         sizes[0] = max(sizes[0], entry.size or 0)
    /// ...     ftp.each_entry(look, "logs")
    /// ...     return sizes[0]
    #[pyo3(
        signature = (callback, directory=RemotePath(Vec::new())),
        text_signature = "($self, callback, directory='')"
    )]
    fn each_entry(&self, py: Python<'_>, callback: Py<PyAny>, directory: RemotePath) -> PyResult<()> {
        let raised = self.session.raised();
        let each = |entry| raised.tell(|py| callback.bind(py).call1((FtpEntry(entry),)));
        self.ask(py, |core| core.each_entry(directory.0, each)).map(drop)
    }

    /// Returns what the server tells of one file or directory (MLST). Raises `FtpError`.
    fn entry(&self, py: Python<'_>, path: RemotePath) -> PyResult<FtpEntry> {
        self.ask(py, |core| core.entry(path.0)).map(FtpEntry)
    }

    /// Returns the size of a file in bytes (SIZE). Raises `FtpError`.
    fn size(&self, py: Python<'_>, path: RemotePath) -> PyResult<u64> {
        self.ask(py, |core| core.size(path.0))
    }

    /// Returns when a file was changed last (MDTM), as a `datetime` in UTC. Raises `FtpError`.
    fn modified<'py>(&self, py: Python<'py>, path: RemotePath) -> PyResult<Bound<'py, PyDateTime>> {
        let time = self.ask(py, |core| core.modified(path.0))?;
        moment(py, &time, Zone::Utc)
    }

    /// Sets when a file was changed last (MFMT, or what servers had before it), in whole seconds.
    ///
    /// `time` is a `datetime`, one without a zone in local time, or seconds since 1970. Raises `FtpError`.
    fn set_modified(&self, py: Python<'_>, path: RemotePath, time: &Bound<'_, PyAny>) -> PyResult<()> {
        let time = moment_of(time)?;
        self.ask(py, |core| core.set_modified(path.0, time)).map(drop)
    }

    /// Returns what the server says it can (FEAT): the keywords in capitals, each with its parameters.
    ///
    /// Of a keyword that is told more than once the parameters are separated by line feeds. Empty where the server
    /// does not say. Raises `FtpError`.
    fn features<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let features = self.ask(py, Core::features)?;
        let told = PyDict::new(py);
        for (keyword, _) in features.iter().filter(|(keyword, _)| !keyword.is_empty()) {
            let parameters: Vec<&[u8]> = features.all(keyword).collect();
            told.set_item(keyword, text(py, &parameters.join(&b'\n'))?)?;
        }
        Ok(told)
    }

    fn __enter__(slf: Bound<'_, Self>) -> Bound<'_, Self> {
        slf
    }

    /// Says good-bye, or closes the connection without a word if the block has raised.
    #[pyo3(signature = (exception_type=None, *_exception))]
    fn __exit__(
        &self,
        py: Python<'_>,
        exception_type: Option<&Bound<'_, PyAny>>,
        _exception: &Bound<'_, PyTuple>,
    ) -> PyResult<()> {
        if exception_type.is_none() && self.session.is_connected() {
            return self.disconnect(py).map(drop);
        }
        self.session.close(py)
    }

    fn __repr__(slf: &Bound<'_, Self>) -> PyResult<String> {
        let state = if slf.get().session.is_connected() { "connected" } else { "not connected" };
        Ok(format!("<{} {state}>", slf.get_type().name()?))
    }
}

/// Gives `Ftp` its constants.
pub(crate) fn add_modes(py: Python<'_>) -> PyResult<()> {
    let class = py.get_type::<Ftp>();
    let members = py.import("sfml_network._ftp")?.getattr("FtpTransferMode")?;
    Mode::ALL
        .iter()
        .enumerate()
        .try_for_each(|(number, (name, _))| class.setattr(*name, members.call1((number,))?))
}

/// The moment that a `datetime` or a number of seconds stands for.
fn moment_of(time: &Bound<'_, PyAny>) -> PyResult<SystemTime> {
    let seconds: f64 = if time.cast::<PyDateTime>().is_ok() {
        time.call_method0(intern!(time.py(), "timestamp"))?.extract()?
    } else {
        let wrong = |_| PyTypeError::new_err("a time is a datetime or a number of seconds since 1970");
        time.extract().map_err(wrong)?
    };
    let moment =
        Duration::try_from_secs_f64(seconds).ok().and_then(|since| SystemTime::UNIX_EPOCH.checked_add(since));
    moment.ok_or_else(|| PyValueError::new_err("the time is before 1970, or too far in the future"))
}
