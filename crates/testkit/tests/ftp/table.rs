//! A second opinion on the table of behaviours: rows that Python's `ftplib` passes.

use std::time::Duration;

use testkit::PATIENCE;
use testkit::ftp::behaviours::{self, Verdict, ftplib};
use testkit::python;
use testkit::skip::skip;

/// How long `ftplib` waits for a socket. None of the rows makes it wait.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Rows that every client is expected to pass.
const FINE: &[&str] = &[
    "right",
    "greeting-lines-are-indented-codes",
    "greeting-421",
    "user-230",
    "user-530",
    "pass-202",
    "pass-530",
    "pass-332-acct-230",
    "feat-500",
    "everything-is-500",
    "replies-end-with-lf",
    "replies-byte-by-byte",
    "pwd-doubled-quotes",
    "pwd-of-mvs",
    "cwd-550",
    "dele-450",
    "rnto-553",
    "size-550",
    "size-550-for-get",
    "pasv-right",
    "pasv-lures",
    "pasv-port-0",
    "epsv-500",
    "active-right",
    "active-refused",
    "get-125",
    "get-250",
    "get-226-with-150",
    "get-226-before-data",
    "get-150-late",
    "get-200-before-150",
    "get-nothing",
    "get-550",
    "get-426",
    "get-451",
    "get-421-at-once",
    "get-eof-after-data",
    "rest-right",
    "put-right",
    "put-nothing",
    "put-553",
    "put-451",
    "put-452",
    "append-right",
    "nlst-right",
    "nlst-with-lf",
    "nlst-empty",
    "nlst-550",
    "nlst-426",
    "mlsd-right",
    "mlsd-links",
];

#[test]
fn ftplib_passes_the_rows_that_are_fine_for_everybody() {
    if std::process::Command::new(python::interpreter()).arg("--version").output().is_err() {
        return skip("there is no Python, install python3");
    }
    let rows: Vec<_> = FINE.iter().map(|name| behaviours::named(name).unwrap()).collect();
    let verdicts =
        testkit::each(&rows, |row| row.try_program(|server| ftplib(row, server, TIMEOUT), PATIENCE).unwrap());
    for (name, verdict) in FINE.iter().zip(verdicts) {
        assert_eq!(verdict, Verdict::Right, "{name}");
    }
}
