//! The table of what FTP servers do: every row has to come out right.

#![expect(clippy::unwrap_used, reason = "what fails here fails the test")]

mod ours;

use std::time::Duration;

use testkit::ftp::behaviours::{Behaviour, all};

use self::ours::Ours;

/// How long our own limits are in rows that nothing else ends, and in the others.
const SHORT: Duration = Duration::from_millis(700);
const LONG: Duration = Duration::from_secs(10);

/// The longest a row may take before it counts as hanging: several waits of the shorter limit, on a busy machine.
const HANGING: Duration = Duration::from_secs(60);

#[test]
fn every_row_comes_out_right() {
    testkit::every_row_is_right(&all(), |row| (row.name, row.about), HANGING, attempt);
}

/// One row; the error says what is wrong.
fn attempt(row: &Behaviour) -> Result<(), String> {
    let server = row.start().unwrap();
    let client = Ours::new(row, server.address(), if row.waits { SHORT } else { LONG });
    for step in row.all_steps() {
        let outcome = client.take(step.operation);
        if !step.accepts(&outcome, &server) {
            return Err(format!("{:?} came to {outcome}, expected {:?}", step.operation, step.expect));
        }
    }
    match server.lured() {
        0 => Ok(()),
        _ => Err("the client was lured to another host".to_owned()),
    }
}
