//! Which rows, which clients, and who runs them.

mod client;
#[path = "../../../tests/http_behaviours/ours.rs"]
mod ours;
#[path = "../../behaviours/linux/page.rs"]
mod page;

use std::env;
use std::fs;
use std::io::{self, Write};
use std::thread;

use testkit::http::behaviours::all;

use self::client::Client;

pub(crate) fn run() -> io::Result<()> {
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let mut rows = all();
    rows.retain(|row| row.name.contains(&words.join(" ")));

    let clients = Client::ALL.into_iter().filter_map(|client| Some((client, client.label()?)));
    let rows = rows.as_slice();
    let columns: io::Result<Vec<page::Column>> = thread::scope(|scope| {
        let tried: Vec<_> =
            clients.map(|(client, label)| (label, scope.spawn(move || client.try_rows(rows)))).collect();
        let joined = tried.into_iter().map(|(label, verdicts)| Ok((label, verdicts.join().unwrap()?)));
        joined.collect()
    });
    let rows: Vec<page::Row> = rows.iter().map(|row| (row.name, row.about)).collect();
    let page = page::render(&rows, &columns?);
    if let Some(path) = env::var_os("SFML_NETWORK_BENCH_PAGE") {
        fs::write(path, &page)?;
    }
    io::stdout().write_all(page.as_bytes())
}
