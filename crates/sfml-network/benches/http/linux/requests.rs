//! Small requests over a kept connection, against the engine with its own transport.

use sfml_network::http::{Http, HttpOptions};
use sfml_network::tls::ClientConfig;
use testkit::certificates::Certificates;
use testkit::paired::{Paired, ThreadClock, Turn};
use testkit::versions;

use super::{Bench, OneCore};

const CASE: &str = "GET of 1 KiB; connection kept";
const OVER_TLS: &str = "GET of 1 KiB over TLS; connection kept";

pub(super) fn run(bench: &mut Bench) {
    if !bench.wants(CASE) && !bench.wants(OVER_TLS) {
        return;
    }
    let _core = OneCore::new();
    let Some(server) = bench.server() else { return };
    let mut options = HttpOptions::default();
    let roots = ClientConfig::builder().roots(Certificates::shared().authority.pem.as_bytes()).unwrap();
    options.tls = Some(roots.build().unwrap());
    let http = Http::anywhere(options);
    let get = |url: String| {
        let http = &http;
        move |turn: &mut Turn<'_>| {
            turn.repeat(|| {
                let mut response = http.get(&url).unwrap();
                assert_eq!(response.body().unwrap().len(), SIZE);
            });
        }
    };
    let agent = ureq::Agent::new_with_defaults();
    let url = server.url("/small");
    let bare = |turn: &mut Turn<'_>| {
        turn.repeat(|| {
            let mut response = agent.get(&url).call().unwrap();
            assert_eq!(response.body_mut().read_to_vec().unwrap().len(), SIZE);
        });
    };
    let engine = format!("ureq {}", versions::locked("ureq").unwrap_or_default());
    if bench.wants(CASE) {
        let case = Paired::new(CASE, get(server.url("/small"))).against(engine, 0.95, bare);
        bench.run(case, &ThreadClock, None);
    }
    if bench.wants(OVER_TLS) {
        let case = Paired::new(OVER_TLS, get(server.tls_url("/small"))).against(
            "ours without TLS",
            None,
            get(url.clone()),
        );
        bench.run(case, &ThreadClock, None);
    }
}

const SIZE: usize = 1024;
