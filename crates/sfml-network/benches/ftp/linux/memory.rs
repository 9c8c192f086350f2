//! How much memory it takes at most: little, and no more for more.

use std::path::Path;

use testkit::folder::{TempFolder, in_memory};
use testkit::paired::{Figure, Spread, Unit, program};

use super::Bench;
use super::bulk::write_large;
use super::client::{Client, Job};
use super::listing::put_entries;

pub(super) fn run(bench: &mut Bench) {
    let scale = bench.scale;
    let (mebibytes, entries) = (scale.mebibytes, scale.entries * 10);
    let download = format!("memory for a download of {mebibytes} MiB");
    let upload = format!("memory for an upload of {mebibytes} MiB");
    let listing = format!("memory for a listing of {entries} entries");
    if ![&download, &upload, &listing].into_iter().any(|case| bench.wants(case)) {
        return;
    }
    let Some(server) = bench.server() else { return };
    let folder = TempFolder::inside(&in_memory(), "ftp-bench").unwrap();
    let target = folder.path().join("target");
    write_large(&server, "large", mebibytes);
    write_large(&server, "small", (mebibytes / 64).max(1));
    let (large, small) = (server.root.join("large"), server.root.join("small"));
    let get = |remote| Job::Get { remote, local: &target };
    let peak = |client: Client, job: Job<'_>| program::memory(&client.command(&server, job));

    bench.memory(&download, |client| peak(client, get("small")), |client| peak(client, get("large")));
    bench.memory(&upload, |client| peak(client, put(&small)), |client| peak(client, put(&large)));
    if bench.wants(&listing) {
        put_entries(&server, "few", entries / 64);
        put_entries(&server, "many", entries);
    }
    let list = |remote| Job::List { remote };
    bench.memory(&listing, |client| peak(client, list("few")), |client| peak(client, list("many")));
}

fn put(local: &Path) -> Job<'_> {
    Job::Put { local, remote: "uploaded" }
}

impl Bench {
    /// Compares the peaks for much, and ours with that for little.
    fn memory(&mut self, case: &str, little: impl Fn(Client) -> f64, much: impl Fn(Client) -> f64) {
        if !self.wants(case) {
            return;
        }
        let rounds = self.scale.rounds.min(3);
        let repeat =
            |peak: &dyn Fn(Client) -> f64, client| (0..rounds).map(|_| peak(client)).collect::<Vec<f64>>();
        let (few, ours) = (repeat(&little, self.ours), repeat(&much, self.ours));
        let growth: Vec<f64> = few.iter().zip(&ours).map(|(few, much)| (much - few).max(PAGE)).collect();
        let limit = ("8 MiB more than for a 64th", ALLOWED_GROWTH);
        let mut figures = vec![Figure::against_limit(case, limit, Unit::Memory, &growth)];
        let middle = Spread::of(&ours).median;
        for peer in self.peers.iter().copied() {
            let theirs = Spread::of(&repeat(&much, peer)).median;
            figures.push(Figure {
                goal: None,
                ..Figure::against_limit(case, (peer.label(), theirs), Unit::Memory, &ours)
            });
        }
        super::say(&format!("{case}: {:.1} MiB", middle / ALLOWED_GROWTH * 8.0));
        self.show(figures);
    }
}

/// What nothing at all counts as.
const PAGE: f64 = 4096.0;

const ALLOWED_GROWTH: f64 = 8.0 * 1024.0 * 1024.0;
