//! The HTTP client against a server that does everything right.

#![cfg(feature = "http")]
#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod bodies;
mod connections;
mod downloads;
#[cfg(all(feature = "tls", unix))]
mod https;
#[cfg(all(feature = "tls", unix))]
#[path = "../../examples/values/over_tls.rs"]
mod over_tls;
mod proxies;
mod redirects;
mod requests;
mod responses;

use sfml_network::http::{Http, HttpOptions};
use testkit::http::Server;

/// A server, and a client of it.
fn pair() -> (Server, Http) {
    pair_with(HttpOptions::default())
}

fn pair_with(options: HttpOptions) -> (Server, Http) {
    let server = Server::start().unwrap();
    let http = Http::with_options(&server.url(""), 0, options).unwrap();
    (server, http)
}
