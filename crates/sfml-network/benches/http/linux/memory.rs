//! How much memory a large body takes at most: little, and no more for more.

use testkit::folder::{TempFolder, in_memory};
use testkit::paired::{Figure, Spread, Unit, program};

use super::bulk::{write_authority, write_large};
use super::client::{Client, Job};
use super::{Bench, say};

pub(super) fn run(bench: &mut Bench) {
    let mebibytes = bench.mebibytes;
    let name = |what: &str| format!("memory for {what} of {mebibytes} MiB");
    let downloads = [name("a download"), name("a download over TLS")];
    let upload = name("an upload");
    if !downloads.iter().chain([&upload]).any(|case| bench.wants(case)) {
        return;
    }
    let Some(server) = bench.server() else { return };
    let folder = TempFolder::inside(&in_memory(), "http-bench").unwrap();
    let authority = write_authority(&folder);
    let target = folder.path().join("target");
    let (small, large) = (server.root.join("part"), server.root.join("large"));
    write_large(&small, (mebibytes / 64).max(1)).unwrap();
    write_large(&large, mebibytes).unwrap();
    let peak = |client: Client, job: Job<'_>| program::memory(&client.command(job, &authority));

    let urls = [server.url("/"), server.tls_url("/")];
    for (case, root) in downloads.iter().zip(&urls) {
        let (part, whole) = (format!("{root}part"), format!("{root}large"));
        let get = |client, url: &str| peak(client, Job::Get { url, file: &target });
        bench.memory(case, || get(Client::Ours, &part), |client| get(client, &whole));
    }
    let url = server.url("/upload/large");
    let put = |client, file| peak(client, Job::Put { file, url: &url });
    bench.memory(&upload, || put(Client::Ours, &small), |client| put(client, &large));
}

impl Bench {
    /// Compares the peaks for much, and ours with that for little.
    fn memory(&mut self, case: &str, little: impl Fn() -> f64, much: impl Fn(Client) -> f64) {
        if !self.wants(case) || ![Client::Ours, Client::Curl].into_iter().all(Client::is_here) {
            return;
        }
        let rounds = self.rounds.min(3);
        let repeat = |peak: &dyn Fn() -> f64| (0..rounds).map(|_| peak()).collect::<Vec<f64>>();
        let (few, ours) = (repeat(&little), repeat(&|| much(Client::Ours)));
        let growth: Vec<f64> = few.iter().zip(&ours).map(|(few, much)| (much - few).max(PAGE)).collect();
        let theirs = Spread::of(&repeat(&|| much(Client::Curl))).median;
        say(&format!("{case}: {:.1} MiB", Spread::of(&ours).median / MEBIBYTE));
        let limit = ("8 MiB more than for a 64th", 8.0 * MEBIBYTE);
        self.show(vec![
            Figure::against_limit(case, limit, Unit::Memory, &growth),
            Figure {
                goal: None,
                ..Figure::against_limit(case, (Client::Curl.label(), theirs), Unit::Memory, &ours)
            },
        ]);
    }
}

/// What nothing at all counts as.
const PAGE: f64 = 4096.0;

const MEBIBYTE: f64 = 1024.0 * 1024.0;
