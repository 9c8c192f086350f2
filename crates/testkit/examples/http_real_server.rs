//! Starts one of the real HTTP servers for a program in another language: `http_real_server nginx [FOLDER]`.
//!
//! With a folder it speaks TLS, and the certificate of the authority to trust is in `authority.pem` there. Prints one
//! line each for the URL of its root, that with TLS (`-` where there is none), the served folder and the version; then
//! each line of its input is a command: `kill`, `freeze` or `thaw`, which is answered by a line that says `done`. The
//! server ends with the input. Where the machine does not have it, the exit code is 77 and standard error says why.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(target_os = "linux")]
    return linux::run();
    #[cfg(not(target_os = "linux"))]
    ExitCode::from(77)
}

#[cfg(target_os = "linux")]
mod linux {
    use std::fs;
    use std::io::{self, Write};
    use std::path::PathBuf;
    use std::process::ExitCode;

    use testkit::certificates::Certificates;
    use testkit::servers::Options;
    use testkit::servers::http::{HttpKind, HttpServer};

    const MISSING: u8 = 77;

    pub(super) fn run() -> ExitCode {
        match start().and_then(serve) {
            Ok(code) => code,
            Err(error) => {
                let _ = writeln!(io::stderr(), "http_real_server: {error}");
                ExitCode::FAILURE
            }
        }
    }

    fn start() -> io::Result<Option<HttpServer>> {
        let mut arguments = std::env::args_os().skip(1);
        let name = arguments.next().unwrap_or_default();
        let kind: HttpKind = name.to_string_lossy().parse().map_err(invalid)?;
        let folder = arguments.next().map(PathBuf::from);
        let identity = match &folder {
            Some(folder) => {
                let certificates = Certificates::shared();
                fs::write(folder.join("authority.pem"), &certificates.authority.pem)?;
                Some(&certificates.good)
            }
            None => None,
        };
        if identity.is_some() && !kind.has_tls() {
            return Err(invalid(format!("{} has no TLS", kind.name())));
        }
        if identity.is_none() && kind.needs_tls() {
            return Err(invalid(format!("{} speaks nothing but TLS: name a folder", kind.name())));
        }
        Ok(kind.start(&Options::default(), identity))
    }

    fn invalid(why: String) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidInput, why)
    }

    fn serve(server: Option<HttpServer>) -> io::Result<ExitCode> {
        let Some(mut server) = server else { return Ok(ExitCode::from(MISSING)) };
        let mut output = io::stdout();
        let tls = server.tls.map_or_else(|| "-".to_owned(), |_| server.tls_url("/"));
        writeln!(output, "{}\n{tls}", server.url("/"))?;
        writeln!(output, "{}\n{}", server.root.display(), server.version)?;
        for line in io::stdin().lines() {
            match line?.as_str() {
                "kill" => server.kill(),
                "freeze" => server.freeze(),
                "thaw" => server.thaw(),
                other => return Err(invalid(other.to_owned())),
            }
            writeln!(output, "done")?;
        }
        Ok(ExitCode::SUCCESS)
    }
}
