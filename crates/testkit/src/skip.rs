//! Tests that this machine cannot run.

use std::env;
use std::io::{self, Write};

/// Says that the calling test did not run, and why; the test then returns.
///
/// The line goes past the capture of test output, so that a skipped test is seen. `reason` also says what to
/// install.
///
/// # Panics
///
/// Panics where `CI` is `true`: there everything is to be installed, and a test that silently stops running would
/// be missed.
pub fn skip(reason: &str) {
    assert!(env::var_os("CI").is_none_or(|value| value != "true"), "skipped where nothing may be: {reason}");
    // A closed standard error leaves nobody to tell.
    let _ = io::stderr().write_all(format!("SKIPPED: {reason}\n").as_bytes());
}
