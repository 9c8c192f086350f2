//! One long listing, received and understood.

use testkit::paired::{Figure, Unit, program};
use testkit::servers::RealServer;

use super::Bench;
use super::client::{Client, Job, file_name};

pub(super) fn run(bench: &mut Bench) {
    let (entries, rounds) = (bench.scale.entries, bench.scale.rounds);
    let case = format!("listing of {entries} entries");
    if !bench.wants(&case) {
        return;
    }
    let Some(server) = bench.server() else { return };
    put_entries(&server, "many", entries);
    let job = Job::List { remote: "many" };
    let ours = bench.ours;
    let cpu: Vec<f64> = (0..rounds).map(|_| program::times(&ours.command(&server, job)).cpu).collect();
    // For a hundred thousand; the whole program counts, not only the parser.
    let limit = CPU_SECONDS_EACH * entries as f64;
    let name = format!("{:.2} ms of CPU", limit * 1000.0);
    bench.show(vec![Figure::against_limit(&case, (name, limit), Unit::Cpu, &cpu)]);
    bench.compare(&case, rounds, &[Unit::Cpu], &[], |client: Client, stopwatch, turn| {
        for _ in 0..turn.repetitions() {
            let command = client.command(&server, job);
            turn.time(|| stopwatch.add(program::times(&command)));
        }
    });
}

/// Makes a folder with that many empty files.
pub(super) fn put_entries(server: &RealServer, folder: &str, entries: usize) {
    let path = server.make_folder(folder).unwrap();
    for number in 0..entries {
        std::fs::File::create(path.join(file_name(number))).unwrap();
    }
}

/// 50 ms for a hundred thousand.
const CPU_SECONDS_EACH: f64 = 0.05 / 100_000.0;
