//! FTP peers: an embedded server that is right, and a scripted one that does what a test tells it.

mod copy;
mod data;
mod host;
mod interrupt;
mod journal;
mod lines;
mod listing;
mod moment;
mod options;
mod paths;
mod server;
mod session;
mod verbs;

pub use journal::Journal;
pub use options::Options;
pub use server::Server;
