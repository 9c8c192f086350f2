//! The suppaftp crate as a client of the table.

use std::io::Read;
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use suppaftp::list::ListParser;
use suppaftp::types::FileType;
use suppaftp::{FtpError, FtpResult, FtpStream, Mode};
use testkit::ftp::behaviours::{Operation, Outcome};

pub(super) struct Suppaftp {
    server: SocketAddr,
    mode: Mode,
    timeout: Duration,
    session: Option<FtpStream>,
}

impl Suppaftp {
    pub(super) fn new(server: SocketAddr, mode: Mode, timeout: Duration) -> Self {
        Self { server, mode, timeout, session: None }
    }

    /// How a step ends.
    pub(super) fn take(&mut self, operation: Operation) -> Outcome {
        self.perform(operation).unwrap_or_else(|error| {
            let code = match &error {
                FtpError::UnexpectedResponse(response) => u16::try_from(response.status.code()).ok(),
                _ => None,
            };
            Outcome::Failed { code, why: error.to_string() }
        })
    }

    /// With time limits on both connections, which are the caller's to set.
    fn log_in(&mut self) -> FtpResult<()> {
        let timeout = self.timeout;
        let mut ftp = FtpStream::connect_with_stream(connect(self.server, timeout)?)?
            .active_mode(timeout)
            .passive_stream_builder(move |address| connect(address, timeout));
        ftp.set_mode(self.mode);
        ftp.login("anonymous", "anonymous@")?;
        self.session = Some(ftp);
        Ok(())
    }

    fn perform(&mut self, operation: Operation) -> FtpResult<Outcome> {
        if operation == Operation::Login {
            return self.log_in().map(|()| Outcome::Done);
        }
        let Some(ftp) = &mut self.session else { return Ok(Outcome::Impossible) };
        match operation {
            Operation::Login | Operation::LoginWithAccount(_) => return Ok(Outcome::Impossible),
            Operation::Get(name) => return fetch(ftp, name, b""),
            Operation::GetActive(name) => {
                ftp.set_mode(Mode::Active);
                return fetch(ftp, name, b"");
            }
            Operation::Resume(name, have) => return fetch(ftp, name, have),
            Operation::Abort(name) => {
                ftp.transfer_type(FileType::Binary)?;
                let mut stream = ftp.retr_as_stream(name)?;
                stream.read_exact(&mut [0]).map_err(FtpError::ConnectionError)?;
                ftp.abort(stream)?;
                return Ok(Outcome::Failed { code: None, why: "aborted".to_owned() });
            }
            Operation::Put(name, mut data) => {
                ftp.transfer_type(FileType::Binary)?;
                ftp.put_file(name, &mut data)?;
            }
            Operation::Append(name, mut data) => {
                ftp.transfer_type(FileType::Binary)?;
                ftp.append_file(name, &mut data)?;
            }
            Operation::List(folder) => return Ok(names(ftp.nlst(path(folder))?)),
            Operation::Entries(folder) => return entries(ftp, path(folder)),
            Operation::Pwd => return Ok(Outcome::Directory(ftp.pwd()?.into_bytes())),
            Operation::Cwd(folder) => ftp.cwd(folder)?,
            Operation::Cdup => ftp.cdup()?,
            Operation::Mkd(folder) => ftp.mkdir(folder)?,
            Operation::Rmd(folder) => ftp.rmdir(folder)?,
            Operation::Delete(name) => ftp.rm(name)?,
            Operation::Rename(from, to) => ftp.rename(from, to)?,
            Operation::Size(name) => {
                ftp.transfer_type(FileType::Binary)?;
                return Ok(Outcome::Size(ftp.size(name)? as i128));
            }
            Operation::Modified(name) => {
                return Ok(Outcome::Modified(ftp.mdtm(name)?.format("%Y%m%d%H%M%S").to_string()));
            }
            Operation::Feat => {
                return Ok(names(ftp.feat()?.into_keys().map(|key| key.to_uppercase()).collect()));
            }
            Operation::Noop => ftp.noop()?,
            Operation::Quit => ftp.quit()?,
        }
        Ok(Outcome::Done)
    }
}

fn connect(address: SocketAddr, timeout: Duration) -> FtpResult<TcpStream> {
    let connected = TcpStream::connect_timeout(&address, timeout).and_then(|stream| {
        stream.set_read_timeout(Some(timeout))?;
        stream.set_write_timeout(Some(timeout))?;
        Ok(stream)
    });
    connected.map_err(FtpError::ConnectionError)
}

/// Downloads what follows these bytes.
fn fetch(ftp: &mut FtpStream, name: &str, have: &[u8]) -> FtpResult<Outcome> {
    ftp.transfer_type(FileType::Binary)?;
    if !have.is_empty() {
        ftp.resume_transfer(have.len())?;
    }
    let rest = ftp.retr_as_buffer(name)?.into_inner();
    Ok(Outcome::Content([have, &rest].concat()))
}

/// The entries of MLSD, or of LIST where that is refused. Lines it cannot read are passed over, as a sum has to be.
fn entries(ftp: &mut FtpStream, folder: Option<&str>) -> FtpResult<Outcome> {
    let (lines, is_mlsd) = match ftp.mlsd(folder) {
        Err(FtpError::UnexpectedResponse(_)) => (ftp.list(folder)?, false),
        lines => (lines?, true),
    };
    let parse = |line: &String| match is_mlsd {
        true => ListParser::parse_mlsd(line),
        false => ListParser::parse_posix(line).or_else(|_| ListParser::parse_dos(line)),
    };
    let found = lines.iter().filter_map(|line| parse(line).ok()).map(|file| file.name().to_owned());
    Ok(names(found.filter(|name| !matches!(&**name, "." | ".." | "/")).collect()))
}

fn names(names: Vec<String>) -> Outcome {
    Outcome::Names(names.into_iter().map(String::into_bytes).collect())
}

fn path(folder: &str) -> Option<&str> {
    Some(folder).filter(|folder| !folder.is_empty())
}
