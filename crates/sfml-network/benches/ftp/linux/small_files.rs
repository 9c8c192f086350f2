//! Many small files from a server that is a round trip of 20 ms away, where waiting is all that counts.

use std::fs;
use std::time::Duration;

use testkit::delay::Network;
use testkit::folder::{TempFolder, in_memory};
use testkit::paired::program::{self, Cost, Stopwatch};
use testkit::paired::{Figure, Turn, Unit};
use testkit::servers::{Kind, Options, RealServer};

use super::Bench;
use super::client::{Client, Job, file_name};

pub(super) fn run(bench: &mut Bench) {
    let (files, rounds) = (bench.scale.files, bench.scale.rounds.min(3));
    let few = (files / 10).max(1);
    let alone = format!("{files} files of 4 KiB at 20 ms; one session");
    let few_alone = format!("{few} files of 4 KiB at 20 ms; one session");
    let together = format!("{files} files of 4 KiB at 20 ms; eight sessions");
    if ![&alone, &few_alone, &together].into_iter().any(|case| bench.wants(case)) {
        return;
    }
    let Some(network) = Network::start(ROUND_TRIP) else { return };
    let there = network.server();
    let options = Options { address: there.address(), folder: in_memory() };
    let Some(server) = there.run(|| Kind::Vsftpd.start(&options)) else { return };
    let far = Far { network, server };
    far.put_files("all", files);
    far.put_files("few", few);

    if bench.wants(&alone) {
        let walls: Vec<f64> = (0..rounds).map(|_| far.fetch(bench.ours, "all", files, 1).wall).collect();
        let limit = TRIPS_EACH * ROUND_TRIP.as_secs_f64() * files as f64;
        let figure = Figure::against_limit(
            &alone,
            (format!("{TRIPS_EACH} round trips each"), limit),
            Unit::Wall,
            &walls,
        );
        bench.show(vec![figure]);
    }
    let work = |folder, files, sessions| {
        let far = &far;
        move |client: Client, stopwatch: &Stopwatch, turn: &mut Turn<'_>| {
            for _ in 0..turn.repetitions() {
                turn.time(|| stopwatch.add(far.fetch(client, folder, files, sessions)));
            }
        }
    };
    bench.compare(&few_alone, 1, &[Unit::Wall], &[], work("few", few, 1));
    let all = bench.peers.clone();
    bench.peers.retain(|peer| peer.is_parallel());
    bench.compare(&together, 1, &[Unit::Wall], &[(Client::Lftp, 1.0)], work("all", files, 8));
    bench.peers = all;
}

/// A server, and the way to it.
struct Far {
    server: RealServer,
    network: Network,
}

impl Far {
    fn put_files(&self, folder: &str, files: usize) {
        self.server.make_folder(folder).unwrap();
        for number in 0..files {
            self.server.put(format!("{folder}/{}", file_name(number)), &[b'x'; SIZE]).unwrap();
        }
    }

    /// Lets the client fetch a folder from afar, and checks that it did.
    fn fetch(&self, client: Client, folder: &str, files: usize, sessions: usize) -> Cost {
        let target = TempFolder::inside(&in_memory(), "ftp-bench").unwrap();
        let job = Job::GetFolder { remote: folder, local: target.path(), files, sessions };
        let command = client.command(&self.server, job);
        let cost = self.network.client().run(|| program::times(&command));
        let whole = (0..files).all(|number| {
            fs::metadata(target.path().join(file_name(number))).is_ok_and(|file| file.len() == SIZE as u64)
        });
        assert!(whole, "{} has not fetched all of {folder}", client.name());
        cost
    }
}

const ROUND_TRIP: Duration = Duration::from_millis(20);

/// How many round trips a file may take in one session.
const TRIPS_EACH: f64 = 3.3;

const SIZE: usize = 4096;
