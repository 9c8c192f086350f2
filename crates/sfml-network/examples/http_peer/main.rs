//! An HTTP server for the Python tour: `http_peer [FOLDER]`.
//!
//! Serves the test kit's pages on a port of loopback that it prints, until its input ends. With a folder it does so inside
//! TLS, with a certificate of an authority made for this run. Both are written to the folder first, as `good.pem` with
//! `good.key` and `authority.pem`.

use std::error::Error;
use std::io::{self, Read, Write};

use testkit::certificates::Certificates;
use testkit::http::{Options, Server};

#[path = "../values/over_tls.rs"]
mod over_tls;

fn main() -> Result<(), Box<dyn Error>> {
    let options = match std::env::args_os().nth(1) {
        Some(folder) => {
            let certificates = Certificates::new();
            certificates.write(folder.as_ref())?;
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
