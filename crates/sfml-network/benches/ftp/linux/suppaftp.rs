//! The suppaftp crate as a program: this benchmark, started again.

use std::fs::File;
use std::io;
use std::path::Path;

use suppaftp::list::ListParser;
use suppaftp::types::FileType;
use suppaftp::{FtpError, FtpStream};

/// The first argument of the benchmark when it is to be this program.
pub(super) const MARK: &str = "as-suppaftp";

/// `get|put|mget|list ADDRESS PORT USER PASSWORD REMOTE LOCAL`.
pub(super) fn run(arguments: &[String]) {
    let [verb, address, port, user, password, remote, local] = arguments else {
        panic!("seven arguments are needed: {arguments:?}");
    };
    let mut ftp = FtpStream::connect(format!("{address}:{port}")).unwrap();
    ftp.login(user, password).unwrap();
    ftp.transfer_type(FileType::Binary).unwrap();
    let local = Path::new(local);
    match verb.as_str() {
        "get" => fetch(&mut ftp, remote, local),
        "put" => {
            ftp.put_file(remote, &mut File::open(local).unwrap()).unwrap();
        }
        "mget" => {
            ftp.cwd(remote).unwrap();
            for name in ftp.nlst(None).unwrap() {
                fetch(&mut ftp, &name, &local.join(&name));
            }
        }
        _ => {
            let lines = ftp.list(Some(remote)).unwrap();
            let entries: Vec<_> =
                lines.iter().filter_map(|line| ListParser::parse_posix(line).ok()).collect();
            assert!(!entries.is_empty());
        }
    }
    ftp.quit().unwrap();
}

fn fetch(ftp: &mut FtpStream, name: &str, path: &Path) {
    let mut file = File::create(path).unwrap();
    let copied = ftp.retr(name, |data| io::copy(data, &mut file).map_err(FtpError::ConnectionError));
    copied.unwrap();
}
