//! The HTTP peers, met with plain sockets, with Python's `http.client` and with curl.
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod plain;
mod server;
mod table;
