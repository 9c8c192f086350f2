//! The FTP peers, met with plain sockets, with Python's `ftplib` and with curl.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod opinions;
mod plain;
mod scratch;
mod scripted;
mod server;
mod table;
mod transfers;
