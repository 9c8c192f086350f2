//! One large file, there and back.

use std::fs::{self, File};
use std::io::Write;

use testkit::folder::{TempFolder, in_memory};
use testkit::paired::{Unit, program};
use testkit::servers::RealServer;

use super::Bench;
use super::client::{Client, Job};

pub(super) fn run(bench: &mut Bench) {
    let (mebibytes, rounds) = (bench.scale.mebibytes, bench.scale.rounds);
    let cases = [format!("download of {mebibytes} MiB"), format!("upload of {mebibytes} MiB")];
    if !cases.iter().any(|case| bench.wants(case)) {
        return;
    }
    let Some(server) = bench.server() else { return };
    let folder = TempFolder::inside(&in_memory(), "ftp-bench").unwrap();
    let (source, target) = (server.root.join("large"), folder.path().join("large"));
    let size = write_large(&server, "large", mebibytes);
    let goals = [(Client::Curl, 2.0)];

    bench.compare(&cases[0], rounds, &TIMES, &goals, |client, stopwatch, turn| {
        for _ in 0..turn.repetitions() {
            let command = client.command(&server, Job::Get { remote: "large", local: &target });
            turn.time(|| stopwatch.add(program::times(&command)));
            assert_eq!(fs::metadata(&target).unwrap().len(), size, "{}", client.name());
            fs::remove_file(&target).unwrap();
        }
    });
    let uploaded = server.root.join("uploaded");
    bench.compare(&cases[1], rounds, &TIMES, &goals, |client, stopwatch, turn| {
        for _ in 0..turn.repetitions() {
            let command = client.command(&server, Job::Put { local: &source, remote: "uploaded" });
            turn.time(|| stopwatch.add(program::times(&command)));
            assert_eq!(fs::metadata(&uploaded).unwrap().len(), size, "{}", client.name());
            fs::remove_file(&uploaded).unwrap();
        }
    });
}

/// Puts a file without holes on the server; returns its size.
pub(super) fn write_large(server: &RealServer, name: &str, mebibytes: usize) -> u64 {
    let block: Vec<u8> = (0..1_usize << 20).map(|position| (position % 251) as u8).collect();
    let mut file = File::create(server.root.join(name)).unwrap();
    for _ in 0..mebibytes {
        file.write_all(&block).unwrap();
    }
    file.metadata().unwrap().len()
}

/// The server takes part in the one, and only the client in the other.
const TIMES: [Unit; 2] = [Unit::Wall, Unit::Cpu];
