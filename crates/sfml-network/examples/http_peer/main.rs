//! An HTTP server for the Python tour: `http_peer [FILE]`.
//!
//! Serves the test kit's pages on a port of loopback that it prints, until its input ends. With a file it does so inside
//! TLS, with a certificate of an authority made for this run, whose own certificate it writes to that file first.

use std::error::Error;
use std::fs;
use std::io::{self, Read, Write};

use testkit::certificates::Certificates;
use testkit::http::{Options, Server};

#[path = "../values/over_tls.rs"]
mod over_tls;

fn main() -> Result<(), Box<dyn Error>> {
    let options = match std::env::args_os().nth(1) {
        Some(file) => {
            let certificates = Certificates::new();
            fs::write(file, &certificates.authority.pem)?;
            Options::default().over(over_tls::over_tls(&certificates.good, |_| ())?)
        }
        None => Options::default(),
    };
    let server = Server::start_with(options)?;
    let mut output = io::stdout();
    writeln!(output, "{}", server.address().port())?;
    output.flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
