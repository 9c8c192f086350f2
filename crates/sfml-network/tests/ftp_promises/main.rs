//! What a session promises whatever the server and the caller do: an end to every wait, no other file than the one
//! asked for, nothing deleted on a guess, and a session that goes on.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod calls;
mod directories;
mod files;
mod replies;
mod scene;
mod trees;
