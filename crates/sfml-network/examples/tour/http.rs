//! A form, a large download and an interrupted one, over HTTP and over HTTPS, from a server in this program.

use std::fs;
use std::ops::ControlFlow;
use std::time::Instant;

use sfml_network::http::{Download, Http, HttpOptions, Request};
use sfml_network::tls::ClientConfig;
use testkit::certificates::Certificates;
use testkit::folder::TempFolder;
use testkit::http::{Options, Server, pseudo_random};

use crate::account::{Failure, grouped, per_second, quarters, tell};
use crate::bytes::{Crc32, checksum};
use crate::over_tls::over_tls;

const LARGE: u64 = 256 << 20;
const PIECE: u64 = 1 << 20;
/// Where the download is broken off.
const BREAK: u64 = 100 << 20;
const REQUESTS: usize = 1_000;

/// Over plain HTTP.
pub(crate) fn plain() -> Result<(), Failure> {
    let server = Server::start()?;
    show(&server, &Http::new(&server.url(""), 0)?)
}

/// Over HTTPS, with a certificate of an authority that was made for this tour.
pub(crate) fn encrypted() -> Result<(), Failure> {
    let certificates = Certificates::shared();
    let server = Server::start_with(Options::default().over(over_tls(&certificates.good, |_| ())?))?;
    let url = format!("https://{}", server.address());
    match Http::new(&url, 0)?.get("/get") {
        Ok(_) => return Err("a certificate that nobody vouches for was accepted".into()),
        Err(error) => tell("refused:", crate::account::causes(&error)),
    }
    let mut options = HttpOptions::default();
    options.tls = Some(ClientConfig::builder().roots(&certificates.authority.certificate)?.build()?);
    show(&server, &Http::with_options(&url, 0, options)?)
}

fn show(server: &Server, http: &Http) -> Result<(), Failure> {
    let connections = server.connections();
    let mut answer = http.send(&Request::post("/anything").form([("name", "Ada"), ("points", "1815")]))?;
    let sent = "name=Ada&points=1815";
    if !answer.text()?.contains(sent) {
        return Err("the form did not arrive as it was sent".into());
    }
    tell(answer.status().0, format!("{} is the answer to a form", answer.reason()));

    let started = Instant::now();
    for _ in 0..REQUESTS {
        http.get("/bytes/1024")?.body()?;
    }
    tell(per_second(REQUESTS, started.elapsed()), "requests of 1 KiB per second, one after the other");
    tell(server.connections() - connections, "connection for all of them");

    let folder = TempFolder::new("tour-http")?;
    let path = folder.path().join("large.bin");
    let request = Request::get(format!("/bytes/{LARGE}"));
    let started = Instant::now();
    let mut stop = |done, _| if done > BREAK { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    match http.download(&request, &path, Download::new().resume().progress(&mut stop)) {
        Ok(_) => return Err("the download was to be cancelled, and was not".into()),
        Err(error) => tell("interrupted:", error),
    }
    let mut told = quarters("received");
    let saved = http.download(&request, &path, Download::new().resume().progress(&mut told))?;
    tell(
        per_second((LARGE >> 20) as usize, started.elapsed()),
        "MiB per second down, the interruption included",
    );
    tell(grouped(saved.resumed_from as usize), "bytes were there already when the download went on");

    let mut expected = Crc32::new();
    for start in (0..LARGE).step_by(PIECE as usize) {
        expected.update(&pseudo_random(start..start + PIECE));
    }
    let (expected, arrived) = (expected.value(), checksum(&path)?);
    if expected != arrived {
        return Err(format!("CRC-32 {expected:08x} was sent, and {arrived:08x} received").into());
    }
    tell(format!("{arrived:08x}"), "is the CRC-32 of what was sent, and of what arrived");
    let left = fs::read_dir(folder.path())?.count();
    tell(left, "file is in the folder: the complete one");
    Ok(())
}
