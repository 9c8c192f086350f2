//! HTTP peers: an embedded server that is right, and a table of what others do.

mod answer;
pub mod behaviours;
mod checksum;
mod connection;
mod content;
mod exchange;
mod head;
mod journal;
mod options;
mod ranges;
mod routes;
mod server;
mod text;

pub use checksum::Crc32;
pub use connection::Connection;
pub use content::{COMPRESSED_TEXT, LATIN1_TEXT, pseudo_random};
pub use journal::{Journal, Received};
pub use options::Options;
pub use server::Server;
