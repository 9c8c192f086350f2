//! How much memory a transfer takes, however large it is: that of a process which makes it, at its most.

use std::env;
use std::fs::File;
use std::io::{self, Read, Write};
use std::process::Command;
use std::time::Instant;

use sfml_network::http::{Body, Download, Http, HttpOptions, Request};
use sfml_network::tls::ClientConfig;
use testkit::certificates::Certificates;
use testkit::folder::TempFolder;
use testkit::servers::Options;
use testkit::servers::http::HttpKind;

use crate::http_scripts::Scripted;

const LITTLE: u64 = 1 << 20;
/// A gigabyte, and less where each takes long.
const MUCH: u64 = if cfg!(debug_assertions) { 256 << 20 } else { 1 << 30 };

/// How many KiB more may be taken for much than for little.
const MORE: u64 = 8 << 10;

const MARK: &str = "SFML_NETWORK_MEMORY";

const NAME: &str = "memory::a_large_transfer_takes_no_more_memory_than_a_small_one";

#[test]
fn a_large_transfer_takes_no_more_memory_than_a_small_one() {
    if let Ok(job) = env::var(MARK) {
        return run(&job.split(' ').collect::<Vec<_>>());
    }
    let folder = TempFolder::new("http-memory").unwrap();
    let file = |name: &str| folder.path().join(name).display().to_string();
    for (name, size) in [("little", LITTLE), ("much", MUCH)] {
        File::create(file(name)).unwrap().set_len(size).unwrap();
    }
    let server = Scripted::start(|wire| {
        while let Ok(head) = wire.read_head() {
            let path = head.split(' ').nth(1).unwrap_or_default();
            if head.starts_with("PUT") {
                swallow(&mut wire.stream, &head)?;
                wire.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")?;
            } else {
                let size = if path.ends_with("much") { MUCH } else { LITTLE };
                pour(&mut wire.stream, size, path.starts_with("/chunked"))?;
            }
        }
        Ok(())
    });
    let url = |path: &str| server.url(path);
    let mut jobs = vec![
        ("receive", url("/plain"), String::new()),
        ("receive", url("/chunked"), String::new()),
        ("download", url("/plain"), file("target")),
        ("download", url("/chunked"), file("target")),
        ("upload", url("/file"), file("")),
        ("reader", url("/reader"), String::new()),
    ];
    let tls = HttpKind::Nginx.start(&Options::default(), Some(&Certificates::shared().good));
    if let Some(nginx) = &tls {
        nginx.put("little", &vec![0; LITTLE as usize]).unwrap();
        File::create(nginx.root.join("much")).unwrap().set_len(MUCH).unwrap();
        std::fs::write(file("authority"), &Certificates::shared().authority.pem).unwrap();
        jobs.push(("receive", nginx.tls_url(""), file("authority")));
        jobs.push(("upload", nginx.tls_url("/upload"), file("")));
    }
    for (kind, url, place) in &jobs {
        let peak = |size: &str| {
            let begun = Instant::now();
            let mut command = Command::new(env::current_exe().unwrap());
            command.args(["--exact", "--nocapture", NAME]);
            command.env(MARK, format!("{kind} {url} {size} {place} {}", file("authority")));
            let output = command.output().unwrap();
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let peak = text
                .lines()
                .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
            let peak: u64 = peak
                .unwrap_or_else(|| panic!("{kind} {url}: {text}{}", String::from_utf8_lossy(&output.stderr)));
            (peak, begun.elapsed())
        };
        let ((little, _), (much, time)) = (peak("little"), peak("much"));
        println!("{kind} {url}: {little} KiB, {much} KiB for much, in {time:.1?}");
        assert!(much <= little + MORE, "{kind} {url}: {little} KiB became {much} KiB");
    }
}

/// Makes one transfer, and tells how much memory it took.
fn run(job: &[&str]) {
    let [kind, url, size, place, authority] = job[..] else { panic!("{job:?}") };
    let mut options = HttpOptions::default();
    if url.starts_with("https") {
        let roots = std::fs::read(authority).unwrap();
        options.tls = Some(ClientConfig::builder().roots(&roots).unwrap().build().unwrap());
    }
    let http = Http::anywhere(options);
    let request = Request::get(format!("{url}/{size}"));
    let bytes = if size == "much" { MUCH } else { LITTLE };
    match kind {
        "receive" => {
            let mut response = http.send(&request).unwrap();
            assert_eq!(io::copy(&mut response, &mut io::sink()).unwrap(), bytes);
        }
        "download" => assert_eq!(http.download(&request, place, Download::new()).unwrap().bytes, bytes),
        kind => {
            let body = match kind {
                "upload" => Body::file(format!("{place}{size}")),
                _ => Body::reader(io::repeat(1).take(bytes)),
            };
            let request = Request::put(format!("{url}/{size}")).body(body);
            assert!(http.send(&request).unwrap().is_ok());
        }
    }
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("\n{status}");
}

/// Answers with so many zeros.
fn pour(stream: &mut impl Write, size: u64, is_chunked: bool) -> io::Result<()> {
    const PIECE: u64 = 1 << 20;
    let piece = vec![0; PIECE as usize];
    if !is_chunked {
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {size}\r\n\r\n")?;
        return (0..size / PIECE).try_for_each(|_| stream.write_all(&piece));
    }
    write!(stream, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    for _ in 0..size / PIECE {
        write!(stream, "{PIECE:x}\r\n")?;
        stream.write_all(&piece)?;
        stream.write_all(b"\r\n")?;
    }
    stream.write_all(b"0\r\n\r\n")
}

/// Reads a body to its end.
fn swallow(stream: &mut (impl Read + ?Sized), head: &str) -> io::Result<()> {
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    if let Some(length) = length {
        return io::copy(&mut stream.take(length), &mut io::sink()).map(drop);
    }
    let mut buffer = vec![0; 256 << 10];
    loop {
        // No chunk here holds what looks like the last one.
        let read = stream.read(&mut buffer)?;
        if read == 0 || buffer[..read].ends_with(b"\r\n0\r\n\r\n") || buffer[..read] == *b"0\r\n\r\n" {
            return Ok(());
        }
    }
}
