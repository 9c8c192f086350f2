//! The table of what HTTP servers do: every row has to come out right.

#![cfg(feature = "http")]

mod ours;

use std::time::{Duration, Instant};

use testkit::http::behaviours::{Behaviour, Server, all};

use self::ours::Ours;

/// How long our own limits are in rows that nothing else ends, and in the others.
const SHORT: Duration = Duration::from_millis(700);
const LONG: Duration = Duration::from_secs(20);

/// The longest a row may take before it counts as hanging.
const HANGING: Duration = Duration::from_secs(60);

#[test]
fn every_row_comes_out_right() {
    let server = Server::start().unwrap();
    let rows = all();
    let results = testkit::each(&rows, |row| {
        let started = Instant::now();
        let outcome = attempt(row, &server);
        (started.elapsed(), outcome.map_err(|why| format!("{}: {why} ({})", row.name, row.about)))
    });
    let mut times: Vec<_> = results.iter().zip(&rows).map(|((time, _), row)| (*time, row.name)).collect();
    times.sort();
    let (longest, slowest) = *times.last().unwrap();
    println!("{} rows; the longest took {:.1} s: {slowest}", rows.len(), longest.as_secs_f64());
    let failures: Vec<String> = results.into_iter().filter_map(|(_, outcome)| outcome.err()).collect();
    assert!(
        failures.is_empty(),
        "{} of {} rows failed:\n{}",
        failures.len(),
        rows.len(),
        failures.join("\n")
    );
    assert!(longest < HANGING, "{slowest} hangs");
}

fn attempt(row: &Behaviour, server: &Server) -> Result<(), String> {
    let client = Ours::new(row, if row.waits { SHORT } else { LONG });
    row.try_client(server, |call, url| client.call(call, url))
}
