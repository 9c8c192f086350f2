//! Which rows, which clients, and who runs them.

mod client;
mod curl;
#[path = "../../../tests/ftp_behaviours/ours.rs"]
mod ours;
mod page;
mod suppaftp;

use std::env;
use std::fs;
use std::io::{self, Write};
use std::time::Duration;

use testkit::each;
use testkit::ftp::behaviours::{Verdict, all};

use self::client::Client;

/// What each client is told to wait for at most, be it a connection, a reply or data.
const TIMEOUT: Duration = Duration::from_secs(5);

/// How long a row may take before it counts as hanging: six waits of that length.
const LIMIT: Duration = Duration::from_secs(30);

pub(crate) fn run() -> io::Result<()> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [client::MARK, client, row, server] = &*arguments.iter().map(String::as_str).collect::<Vec<_>>() {
        return client::take_steps(client, row, server);
    }
    let words: Vec<&str> =
        arguments.iter().map(String::as_str).filter(|word| !word.starts_with('-')).collect();
    let mut rows = all();
    rows.retain(|row| row.name.contains(&words.join(" ")));

    let mut columns = Vec::new();
    for client in Client::ALL.into_iter().filter(|client| client.is_here()) {
        let verdicts: io::Result<Vec<Verdict>> = each(&rows, |row| client.try_row(row)).into_iter().collect();
        columns.push((client.label(), verdicts?));
    }
    let rows: Vec<page::Row> = rows.iter().map(|row| (row.name, row.about)).collect();
    let page = page::render(&rows, &columns);
    if let Some(path) = env::var_os("SFML_NETWORK_BENCH_PAGE") {
        fs::write(path, &page)?;
    }
    io::stdout().write_all(page.as_bytes())
}
