//! Starts one of the real FTP servers for a program in another language: `ftp_server vsftpd`.
//!
//! Prints one line each for the address, the port, the served folder, the user, the password and the version; then
//! each line of its input is a command. `kill` ends the server without warning, `restart` starts it again on the same
//! port and prints `ready`. The server ends with the input. Where the machine does not have it, the exit code is 77
//! and standard error says why.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    return linux::run();
    #[cfg(not(target_os = "linux"))]
    ExitCode::from(77)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::io::{self, Write};
    use std::process::ExitCode;

    use testkit::servers::{Kind, Options, RealServer};

    const MISSING: u8 = 77;

    pub(super) fn run() -> ExitCode {
        match start().and_then(serve) {
            Ok(code) => code,
            Err(error) => {
                let _ = writeln!(io::stderr(), "ftp_server: {error}");
                ExitCode::FAILURE
            }
        }
    }

    fn start() -> io::Result<Option<RealServer>> {
        let name = std::env::args().nth(1).unwrap_or_default();
        let kind: Kind = name.parse().map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
        Ok(kind.start(&Options::default()))
    }

    fn serve(server: Option<RealServer>) -> io::Result<ExitCode> {
        let Some(mut server) = server else { return Ok(ExitCode::from(MISSING)) };
        let mut output = io::stdout();
        writeln!(output, "{}\n{}", server.address.ip(), server.address.port())?;
        writeln!(output, "{}\n{}", server.root.display(), server.user)?;
        writeln!(output, "{}\n{}", server.password, server.version)?;
        for line in io::stdin().lines() {
            match line?.as_str() {
                "kill" => {
                    server.kill();
                    writeln!(output, "killed")?;
                }
                "restart" => {
                    server.restart();
                    writeln!(output, "ready")?;
                }
                other => return Err(io::Error::new(io::ErrorKind::InvalidInput, other)),
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
