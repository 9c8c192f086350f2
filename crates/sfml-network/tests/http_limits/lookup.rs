//! The lookup of a name where the name server does not answer.

use std::env;
use std::net::UdpSocket;
use std::process::Command;
use std::time::Instant;

use sfml_network::http::{Http, HttpError, HttpOptions, Phase, Request};
use testkit::folder::TempFolder;

use crate::{LATE, LIMITS, best, judge};

/// An address of this computer at which nothing else should serve names.
const MUTE: &str = "127.0.53.53";

const MARK: &str = "SFML_NETWORK_MUTE_NAME_SERVER";

/// Runs this test again where the system asks the mute server, which only root can arrange, and only for itself.
#[test]
fn a_lookup_ends_when_its_time_is_up() {
    if env::var_os(MARK).is_some() {
        return try_all();
    }
    let Ok(_server) = UdpSocket::bind((MUTE, 53)) else {
        return testkit::skip::skip("no name server can be played, which takes root and port 53");
    };
    let folder = TempFolder::new("http-lookup").unwrap();
    let configuration = folder.path().join("resolv.conf");
    std::fs::write(&configuration, format!("nameserver {MUTE}\n")).unwrap();
    const SCRIPT: &str =
        "mount --bind \"$1\" /etc/resolv.conf || exit 77; exec \"$2\" --exact --nocapture \"$3\"";
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", SCRIPT, "sh"])
        .arg(&configuration)
        .arg(env::current_exe().unwrap())
        .arg("lookup::a_lookup_ends_when_its_time_is_up")
        .env(MARK, "1")
        .output();
    match output {
        Ok(output) if output.status.success() => print!("{}", String::from_utf8_lossy(&output.stdout)),
        Ok(output) if output.status.code() == Some(101) => {
            let text = [output.stdout, output.stderr].concat();
            panic!("{}", String::from_utf8_lossy(&text));
        }
        _ => testkit::skip::skip("there is no unshare that can mount, which takes root"),
    }
}

fn try_all() {
    let results = LIMITS.map(|limit| {
        let late = best(|| {
            let http = Http::anywhere(HttpOptions::default());
            let begun = Instant::now();
            let error = http.send(&Request::get("http://name.example/").timeout(limit)).unwrap_err();
            let taken = begun.elapsed();
            let is_right = matches!(error, HttpError::TimedOut { phase: Phase::Lookup, limit: Some(told) } if told == limit);
            assert!(is_right && taken >= limit, "{error:?} after {taken:?}");
            taken - limit
        });
        ("lookup", late)
    });
    judge("a mute name server", LATE, &results);
}
