//! Which rows, which clients, and who runs them.

mod client;
#[path = "../../../tests/http_behaviours/ours.rs"]
mod ours;
#[path = "../../behaviours/linux/page.rs"]
mod page;

use std::env;
use std::fs;
use std::io::{self, Write};

use testkit::http::behaviours::all;

use self::client::Client;

pub(crate) fn run() -> io::Result<()> {
    let words: Vec<String> = env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let mut rows = all();
    rows.retain(|row| row.name.contains(&words.join(" ")));

    let mut columns = Vec::new();
    for client in Client::ALL {
        if let Some(label) = client.label() {
            columns.push((label, client.try_rows(&rows)?));
        }
    }
    let rows: Vec<page::Row> = rows.iter().map(|row| (row.name, row.about)).collect();
    let page = page::render(&rows, &columns);
    if let Some(path) = env::var_os("SFML_NETWORK_BENCH_PAGE") {
        fs::write(path, &page)?;
    }
    io::stdout().write_all(page.as_bytes())
}
