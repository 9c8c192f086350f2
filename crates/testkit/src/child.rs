//! Tests that need a process of their own, because they change something the whole process shares.

use std::env;
use std::process::Command;

const MARK: &str = "TESTKIT_IN_CHILD";

/// Runs the test called `name` of the calling test program again, alone in a process of its own, where this
/// function returns `true`. In the calling process it returns `false` once that has succeeded.
///
/// # Panics
/// Panics when the child fails, with its output.
pub fn is_child(name: &str) -> bool {
    if env::var_os(MARK).is_some() {
        return true;
    }
    let program = env::current_exe().expect("a test program knows its path");
    let arguments = [name, "--exact", "--include-ignored", "--nocapture", "--test-threads=1"];
    let output = Command::new(program).args(arguments).env(MARK, "1").output().expect("it started once");
    let text =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
    assert!(output.status.success(), "the child failed:\n{text}");
    assert!(text.contains("1 passed"), "there is no test called {name}:\n{text}");
    false
}
