//! FTP peers: an embedded server that is right, and a scripted one that does what a test tells it.

mod address;
pub mod behaviours;
mod canonical;
mod copy;
mod data;
mod host;
mod interrupt;
mod journal;
mod lines;
mod listing;
mod moment;
mod options;
mod passive;
mod paths;
mod peer;
mod scripted;
mod server;
mod session;
mod tree;
mod verbs;

pub use journal::Journal;
pub use options::Options;
pub use passive::Passive;
pub use peer::Peer;
pub use scripted::{Scripted, ScriptedServer};
pub use server::Server;
pub use tree::FILE;
