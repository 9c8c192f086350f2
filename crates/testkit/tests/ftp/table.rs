//! A second opinion on the table of behaviours: what Python's `ftplib` makes of it.

use std::collections::HashMap;
use std::env;
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use testkit::ftp::behaviours::{self, Behaviour, Expect, Operation, Step};
use testkit::skip::skip;

/// Seconds that `ftplib` waits. Only rows that nothing else ends take so long.
const PATIENCE: &str = "5";

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
    let rows: Vec<Behaviour> = FINE.iter().map(|name| behaviours::named(name).unwrap()).collect();
    let Some(verdicts) = ftplib(&rows) else {
        return;
    };
    for name in FINE {
        assert_eq!(verdicts.get(*name).map(String::as_str), Some("right"), "{name}");
    }
}

#[test]
#[ignore = "prints what ftplib makes of every row, which takes minutes and proves nothing"]
fn what_ftplib_makes_of_the_whole_table() {
    let rows = behaviours::all();
    let Some(verdicts) = ftplib(&rows) else {
        return;
    };
    for row in &rows {
        println!("{:40} {}", row.name, verdicts.get(row.name).map_or("not tried", String::as_str));
    }
}

/// What `ftplib` makes of each row.
fn ftplib(rows: &[Behaviour]) -> Option<HashMap<String, String>> {
    let servers: Vec<_> = rows.iter().map(|row| row.start().unwrap()).collect();
    let mut input = String::new();
    for (row, server) in rows.iter().zip(&servers) {
        write!(input, "{}\t{}", row.name, server.address().port()).unwrap();
        for Step { operation, expect } in row.steps {
            write!(input, "\t{} = {}", operation_words(*operation), expect_words(*expect)).unwrap();
        }
        input.push('\n');
    }
    let interpreter = env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let mut command = Command::new(interpreter);
    command.args(["-c", include_str!("table.py"), PATIENCE]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            skip(&format!("python3: {error}"));
            return None;
        }
    };
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let verdicts = text.lines().filter_map(|line| line.split_once('\t'));
    let lured: Vec<_> = rows.iter().zip(&servers).filter(|(_, server)| server.lured() > 0).collect();
    assert!(lured.is_empty(), "{lured:?}");
    Some(verdicts.map(|(name, verdict)| (name.to_owned(), verdict.trim_end().to_owned())).collect())
}

fn operation_words(operation: Operation) -> String {
    let texts: &[&[u8]] = match operation {
        Operation::Resume(name, bytes) | Operation::Put(name, bytes) | Operation::Append(name, bytes) => {
            &[name.as_bytes(), bytes]
        }
        Operation::Rename(from, to) => &[from.as_bytes(), to.as_bytes()],
        Operation::LoginWithAccount(name)
        | Operation::Get(name)
        | Operation::GetActive(name)
        | Operation::Abort(name)
        | Operation::List(name)
        | Operation::Entries(name)
        | Operation::Cwd(name)
        | Operation::Mkd(name)
        | Operation::Rmd(name)
        | Operation::Delete(name)
        | Operation::Size(name)
        | Operation::Modified(name) => &[name.as_bytes()],
        _ => &[],
    };
    words(&format!("{operation:?}"), texts)
}

fn expect_words(expect: Expect) -> String {
    match expect {
        Expect::Content(bytes) | Expect::Stored(bytes) | Expect::Directory(bytes) => {
            words(&format!("{expect:?}"), &[bytes])
        }
        Expect::Names(names) => words("Names", names),
        Expect::Size(size) => words("Size", &[size.to_string().as_bytes()]),
        Expect::Refused(code) => words("Refused", &[code.to_string().as_bytes()]),
        Expect::Modified(time) => words("Modified", &[time.as_bytes()]),
        Expect::Perhaps(inner) => format!("Perhaps {}", expect_words(*inner)),
        _ => words(&format!("{expect:?}"), &[]),
    }
}

/// The word at the front of a value's `Debug`, and the arguments.
fn words(debug: &str, arguments: &[&[u8]]) -> String {
    let mut text = debug.split('(').next().unwrap_or_default().to_owned();
    for argument in arguments {
        text.push(' ');
        for byte in *argument {
            write!(text, "{byte:02x}").unwrap();
        }
    }
    text
}
