//! An FTP server for the Python tour: `ftp_peer FOLDER [BYTES]`.
//!
//! Serves the folder to whoever logs in as `anonymous`, on a port of loopback that it prints, until its input ends. With
//! a number of bytes it hangs up once, after that many bytes of a transfer.

use std::error::Error;
use std::io::{self, Read, Write};

use testkit::ftp::{Options, Server};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1);
    let folder = arguments.next().ok_or("usage: ftp_peer FOLDER [BYTES]")?;
    let options = match arguments.next() {
        Some(bytes) => {
            let bytes = bytes.to_str().ok_or("the number of bytes is none")?.parse()?;
            Options::new().stop_after(bytes, 1)
        }
        None => Options::new(),
    };
    let server = Server::start_with(folder, options)?;
    let mut output = io::stdout();
    writeln!(output, "{}", server.address().port())?;
    output.flush()?;
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
