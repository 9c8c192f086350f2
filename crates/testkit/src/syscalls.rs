//! Counts the system calls of an operation, by watching a second run of the test with `strace`.
//!
//! The second run brackets the operation with a system call that nothing else makes. Only the calls between the two,
//! of the same thread, count; what memory and the clock take does not.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::process::Command;

use rustix::process::getppid;

use crate::skip::skip;

const MARK: &str = "TESTKIT_UNDER_STRACE";

/// The brackets in strace's output.
const BRACKET: &str = "getppid";

/// Calls that the allocator and the scheduler make when they see fit.
const INCIDENTAL: [&str; 7] = ["brk", "madvise", "mmap", "mprotect", "mremap", "munmap", "restart_syscall"];

/// Runs `operation` between the brackets, and returns what it returned.
///
/// What it needs besides is to be prepared before, and dropped after.
pub fn bracketed<T>(operation: impl FnOnce() -> T) -> T {
    let _ = getppid();
    let result = operation();
    let _ = getppid();
    result
}

/// The system calls, each with how often it was made, that the test called `name` makes inside [`bracketed`].
///
/// In the run that is watched it runs `scenario` and returns `None`; so it does where `strace` is missing or not
/// permitted, having said so.
///
/// # Panics
/// Panics when the watched run fails, or did not have exactly one pair of brackets.
pub fn count(name: &str, scenario: impl FnOnce()) -> Option<BTreeMap<String, u32>> {
    if env::var_os(MARK).is_some() {
        scenario();
        return None;
    }
    if !strace_works() {
        skip("counting system calls needs strace and the permission to trace; install strace");
        return None;
    }
    let program = env::current_exe().expect("a test program knows its path");
    let log = env::temp_dir().join(format!("syscalls-{}-{name}.log", std::process::id()));
    let output = Command::new("strace")
        .args(["-f", "-qq", "-o"])
        .arg(&log)
        .arg(program)
        .args([name, "--exact", "--nocapture", "--test-threads=1"])
        .env(MARK, "1")
        .output()
        .expect("strace works");
    let text = fs::read_to_string(&log);
    // Nobody looks for it there.
    let _ = fs::remove_file(&log);
    assert!(output.status.success(), "the watched run failed: {}", String::from_utf8_lossy(&output.stdout));
    Some(between_brackets(&text.expect("strace wrote a log")))
}

fn strace_works() -> bool {
    Command::new("strace")
        .args(["-qq", "-o", "/dev/null", "true"])
        .status()
        .is_ok_and(|status| status.success())
}

/// Counts the calls between the first and the last bracket, of the thread that made these.
fn between_brackets(log: &str) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    let mut inside = None;
    let mut brackets = 0;
    for line in log.lines() {
        let Some((thread, call)) = line.split_once(char::is_whitespace) else { continue };
        let Some((name, _)) = call.trim_start().split_once('(') else { continue };
        if name.starts_with('<') {
            // The rest of a call that another thread's line has interrupted, which was counted at its start.
            continue;
        }
        if name == BRACKET {
            brackets += 1;
            inside = if inside.is_none() { Some(thread) } else { None };
        } else if inside == Some(thread) && !INCIDENTAL.contains(&name) {
            *counts.entry(name.to_owned()).or_insert(0) += 1;
        }
    }
    assert_eq!(brackets, 2, "one pair of brackets is needed:\n{log}");
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_bracketing_thread_counts_and_only_inside() {
        let log = "\
10 socket(AF_INET, SOCK_STREAM, IPPROTO_TCP) = 3
11 getppid()                         = 1
11 sendto(3, \"x\", 1, 0, NULL, 0)   = 1
10 futex(0x7f00, FUTEX_WAIT <unfinished ...>
11 recvfrom(3,  <unfinished ...>
10 <... futex resumed>)              = 0
11 <... recvfrom resumed>\"x\", 1, 0, NULL, NULL) = 1
11 ppoll([{fd=3, events=POLLIN}], 1, NULL <unfinished ...>
11 <... ppoll resumed>)              = 1 ([{fd=3, revents=POLLIN}])
11 mmap(NULL, 4096) = 0x7f00
11 sendto(3, \"x\", 1, 0, NULL, 0)   = 1
11 getppid()                         = 1
11 close(3)                          = 0
";
        let counts = between_brackets(log);
        assert_eq!(
            counts,
            BTreeMap::from([("ppoll".to_owned(), 1), ("recvfrom".to_owned(), 1), ("sendto".to_owned(), 2)])
        );
    }

    #[test]
    #[should_panic(expected = "one pair of brackets")]
    fn a_run_without_brackets_is_a_mistake() {
        between_brackets("10 close(3) = 0\n");
    }
}
