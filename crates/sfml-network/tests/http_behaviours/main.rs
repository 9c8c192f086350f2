//! The table of what HTTP servers do: every row has to come out right.

#![cfg(feature = "http")]

mod ours;
#[cfg(all(feature = "tls", unix))]
#[path = "../../examples/values/over_tls.rs"]
mod over_tls;

use std::time::Duration;

use testkit::http::behaviours::{Behaviour, Server, all};

use self::ours::Ours;

/// How long our own limits are in rows that nothing else ends, and in the others.
const SHORT: Duration = Duration::from_millis(700);
const LONG: Duration = Duration::from_secs(20);

/// The longest a row may take before it counts as hanging.
const HANGING: Duration = Duration::from_secs(60);

#[test]
fn every_row_comes_out_right() {
    let server = server();
    let described = |row: &Behaviour| (row.name, row.about);
    testkit::every_row_is_right(&all(), described, HANGING, |row| attempt(row, &server));
}

fn attempt(row: &Behaviour, server: &Server) -> Result<(), String> {
    let client = Ours::new(row, if row.waits { SHORT } else { LONG });
    row.try_client(server, |call, url| client.call(call, url))
}

/// The table's server, with another one in TLS whose certificate nobody trusts.
#[cfg(all(feature = "tls", unix))]
fn server() -> Server {
    let wrap = over_tls::over_tls(&testkit::certificates::Certificates::shared().self_signed, |_| ());
    Server::start_with_tls(wrap.expect("the certificate is good, but for its trust"))
        .expect("there is a port")
}

#[cfg(not(all(feature = "tls", unix)))]
fn server() -> Server {
    Server::start().expect("there is a port")
}
