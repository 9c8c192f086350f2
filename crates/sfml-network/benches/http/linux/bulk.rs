//! One large body: to a file, to nowhere, to the server; plain and inside TLS.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;

use testkit::certificates::Certificates;
use testkit::folder::{TempFolder, in_memory};
use testkit::paired::program::{self, Stopwatch};
use testkit::paired::{Paired, Turn};

use super::client::{Client, Job};
use super::{Bench, say};

pub(super) fn run(bench: &mut Bench) {
    let mebibytes = bench.mebibytes;
    let name = |what: &str| format!("{what} of {mebibytes} MiB");
    let to_file = [name("download"), name("download over TLS")];
    let to_nowhere = [name("download to nowhere"), name("download over TLS to nowhere")];
    let upload = [name("upload"), name("upload over TLS")];
    if ![&to_file, &to_nowhere, &upload].into_iter().flatten().any(|case| bench.wants(case)) {
        return;
    }
    let Some(server) = bench.server() else { return };
    let folder = TempFolder::inside(&in_memory(), "http-bench").unwrap();
    let authority = write_authority(&folder);
    let source = server.root.join("large");
    let size = write_large(&source, mebibytes).unwrap();
    let target = folder.path().join("large");
    let uploaded = server.root.join("upload/large");
    let whole = |path: &Path| {
        assert_eq!(fs::metadata(path).unwrap().len(), size);
        fs::remove_file(path).unwrap();
    };
    let urls = [server.url("/large"), server.tls_url("/large")];
    for (case, url) in to_file.iter().zip(&urls) {
        compare(bench, case, &authority, Job::Get { url, file: &target }, || whole(&target));
    }
    for (case, url) in to_nowhere.iter().zip(&urls) {
        compare(bench, case, &authority, Job::GetNowhere { url }, || {});
    }
    let urls = [server.url("/upload/large"), server.tls_url("/upload/large")];
    for (case, url) in upload.iter().zip(&urls) {
        compare(bench, case, &authority, Job::Put { file: &source, url }, || whole(&uploaded));
    }
}

/// Lets ours and curl take turns, and checks behind each what came of it.
fn compare(bench: &mut Bench, case: &str, authority: &Path, job: Job<'_>, check: impl Fn()) {
    if !bench.wants(case) {
        return;
    }
    if let Some(missing) = [Client::Ours, Client::Curl].into_iter().find(|client| !client.is_here()) {
        return say(&format!("left out, {missing:?} is missing: {case}"));
    }
    let stopwatch = Stopwatch::default();
    let (watch, check) = (&stopwatch, &check);
    let work = |client: Client| {
        move |turn: &mut Turn<'_>| {
            for _ in 0..turn.repetitions() {
                let command = client.command(job, authority);
                turn.time(|| watch.add(program::times(&command)));
                check();
            }
        }
    };
    let case = Paired::new(case, work(Client::Ours)).rounds(bench.rounds);
    bench.run(case.against(Client::Curl.label(), 0.9, work(Client::Curl)), watch, Some(1.0));
}

/// Writes the certificate of the authority that the server's is from; where it is.
pub(super) fn write_authority(folder: &TempFolder) -> std::path::PathBuf {
    let path = folder.path().join("authority.pem");
    fs::write(&path, &Certificates::shared().authority.pem).unwrap();
    path
}

/// Writes a file without holes; returns its size.
pub(super) fn write_large(path: &Path, mebibytes: usize) -> io::Result<u64> {
    let block: Vec<u8> = (0..1_usize << 20).map(|position| (position % 251) as u8).collect();
    let mut file = File::create(path)?;
    for _ in 0..mebibytes {
        file.write_all(&block)?;
    }
    Ok(file.metadata()?.len())
}
