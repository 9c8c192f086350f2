//! What can hold up a call: at each step, by silence or by drop after drop.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use sfml_network::http::{Body, Http, HttpError, HttpOptions, Phase, Proxies, Request};
use sfml_network::tls::ClientConfig;
use testkit::certificates::Certificates;
use testkit::hostile::Unanswering;

use crate::http_scripts::{Scripted, Wire};

/// One thing that holds up calls.
#[derive(Clone)]
pub(crate) struct Scene {
    pub(crate) name: &'static str,
    /// Where it does.
    pub(crate) phase: Phase,
    /// Whether something comes all the time.
    pub(crate) drips: bool,
    pub(crate) http: Http,
    url: String,
    uploads: bool,
    /// Whether the peer has come to where it holds up.
    reached: Arc<AtomicBool>,
    stopped: Arc<AtomicBool>,
    peer: Arc<Peer>,
}

enum Peer {
    Scripted { _server: Scripted },
    Unanswering { _port: Unanswering },
}

impl Scene {
    /// Makes the call, to the last byte of the response.
    pub(crate) fn call(&self, limit: Option<Duration>) -> Result<Vec<u8>, HttpError> {
        let mut request = Request::get(self.url.as_str());
        if self.uploads {
            const LARGE: u64 = 1 << 30;
            request = Request::put(self.url.as_str()).body(Body::sized_reader(io::repeat(0), LARGE));
        }
        if let Some(limit) = limit {
            request = request.timeout(limit);
        }
        self.http.send(&request)?.body()
    }

    pub(crate) fn is_reached(&self) -> bool {
        self.reached.load(Ordering::Acquire)
    }

    /// Lets the hook end calls.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    /// Forgets earlier calls.
    pub(crate) fn begin_anew(&self) {
        self.stopped.store(false, Ordering::Release);
        let is_passive = matches!(&*self.peer, Peer::Unanswering { .. });
        self.reached.store(is_passive, Ordering::Release);
    }

    /// The same with a client that is as patient with each step.
    pub(crate) fn with_step_limit(&self, limit: Duration) -> Self {
        let mut options = self.http.options().clone();
        options.read_timeout = limit;
        options.connect_timeout = limit;
        Self { http: Http::anywhere(options), ..self.clone() }
    }
}

pub(crate) fn scenes() -> Vec<Scene> {
    use Phase::{Body, Connect, Head, Send};
    const OK: &str = "HTTP/1.1 200 OK\r\n";
    const LENGTH: &str = "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    let answer = |name, phase, bytes: &'static str| {
        scene(name, phase, Way::Direct, move |wire| {
            wire.read_head()?;
            wire.send(bytes)
        })
    };
    let with = |start: &'static str, rest: &'static str| format!("{start}{rest}").leak() as &'static str;
    let drip = |name, phase, start: &'static str, drop: &'static str| Scene {
        drips: true,
        ..scene_dripping(name, phase, start, drop)
    };
    let mut unread =
        scene("an upload that nobody reads", Send, Way::Direct, |wire| wire.read_head().map(drop));
    unread.uploads = true;
    vec![
        unanswering(Connect),
        scene("a handshake", Phase::Tls, Way::Tls, |_| Ok(())),
        scene("a tunnel", Phase::Proxy, Way::Proxy("http"), |wire| wire.read_head().map(drop)),
        scene("SOCKS", Phase::Proxy, Way::Proxy("socks5"), |_| Ok(())),
        unread,
        answer("a header", Head, ""),
        answer("the middle of a header", Head, with(OK, "X-Field: val")),
        answer("what follows an interim response", Head, "HTTP/1.1 103 Hints\r\n\r\n"),
        answer("a body", Body, LENGTH),
        answer("the middle of a body", Body, with(LENGTH, "some bytes")),
        answer("a body without length", Body, with(OK, "\r\nsome bytes")),
        answer("a chunk", Body, with(CHUNKED, "5\r\nhel")),
        answer("a trailer", Body, with(CHUNKED, "5\r\nhello\r\n0\r\nX-Checksum: ")),
        answer("a compressed body", Body, with(OK, "Content-Encoding: gzip\r\n\r\n\u{1f}")),
        drip("a header that drips", Head, with(OK, "X-Field: "), "x"),
        drip("interim responses that drip", Head, "", "HTTP/1.1 102 Processing\r\n\r\n"),
        drip("a body that drips", Body, LENGTH, "x"),
        drip("chunks that drip", Body, CHUNKED, "1\r\nx\r\n"),
        drip("a trailer that drips", Body, with(CHUNKED, "0\r\nX-Checksum: "), "x"),
    ]
}

enum Way {
    Direct,
    Tls,
    /// Through a proxy of this scheme.
    Proxy(&'static str),
}

/// A peer that says nothing behind what the script says.
fn scene(
    name: &'static str,
    phase: Phase,
    way: Way,
    script: impl Fn(&mut Wire) -> io::Result<()> + Send + Sync + 'static,
) -> Scene {
    let reached = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&reached);
    let is_unread = phase == Phase::Send;
    let server = Scripted::start(move |wire| {
        script(wire)?;
        told.store(true, Ordering::Release);
        if is_unread {
            // Not even the end is read, so it ends with the patience of the tests.
            let _ = wire.stream.peek(&mut [0]);
            while wire.stream.take_error()?.is_none() {
                thread::sleep(DROP);
            }
        }
        wire.be_silent()
    });
    let address = server.address();
    build(name, phase, &way, address, Peer::Scripted { _server: server }, reached)
}

/// Time between two drops.
const DROP: Duration = Duration::from_millis(20);

fn scene_dripping(name: &'static str, phase: Phase, start: &'static str, drop: &'static str) -> Scene {
    let reached = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&reached);
    let server = Scripted::start(move |wire| {
        wire.read_head()?;
        wire.send(start)?;
        loop {
            wire.send(drop)?;
            told.store(true, Ordering::Release);
            thread::sleep(DROP);
        }
    });
    let address = server.address();
    build(name, phase, &Way::Direct, address, Peer::Scripted { _server: server }, reached)
}

fn unanswering(phase: Phase) -> Scene {
    let peer = Unanswering::new().expect("there are descriptors");
    let address = peer.address();
    let reached = Arc::new(AtomicBool::new(true));
    build("a connection", phase, &Way::Direct, address, Peer::Unanswering { _port: peer }, reached)
}

fn build(
    name: &'static str,
    phase: Phase,
    way: &Way,
    address: std::net::SocketAddr,
    peer: Peer,
    reached: Arc<AtomicBool>,
) -> Scene {
    let mut options = HttpOptions::default();
    let url = match way {
        Way::Direct => format!("http://{address}/"),
        Way::Tls => {
            let roots = &Certificates::shared().authority.pem;
            let config = ClientConfig::builder().roots(roots.as_bytes()).and_then(|builder| builder.build());
            options.tls = Some(config.expect("they are roots"));
            format!("https://{address}/")
        }
        Way::Proxy(scheme) => {
            let proxy = format!("{scheme}://{address}").parse().expect("it is a proxy");
            options.proxies = Proxies::all(proxy);
            "http://nowhere.test/".to_owned()
        }
    };
    let stopped = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stopped);
    options.interrupt = Some(Arc::new(move || match asked.load(Ordering::Acquire) {
        true => Err(io::Error::other("enough")),
        false => Ok(()),
    }));
    let http = Http::anywhere(options);
    let peer = Arc::new(peer);
    Scene { name, phase, drips: false, http, url, uploads: false, reached, stopped, peer }
}
