//! Through proxies: HTTP's tunnels and SOCKS 5, with and without a login.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use sfml_network::http::{Http, HttpError, HttpOptions, Proxies, Proxy, Status};
use testkit::http::{Server, pseudo_random};

/// A proxy that connects whoever asks to one server, whatever the name, and notes what it was asked.
struct Peer {
    port: u16,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Peer {
    fn start(server: &Server, greet: fn(&mut TcpStream) -> io::Result<Option<String>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let (asked, target) = (Arc::<Mutex<Vec<String>>>::default(), server.address());
        let notes = Arc::clone(&asked);
        thread::spawn(move || {
            while let Ok((mut client, _)) = listener.accept() {
                let Ok(Some(what)) = greet(&mut client) else { continue };
                notes.lock().unwrap().push(what);
                let server = TcpStream::connect(target).unwrap();
                let (to, from) = (server.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || carry(from, to));
                thread::spawn(move || carry(server, client));
            }
        });
        Self { port, asked }
    }

    fn client(&self, proxy: &str, host: &str) -> Http {
        let mut options = HttpOptions::default();
        let proxy: Proxy = proxy.replace("PORT", &self.port.to_string()).parse().unwrap();
        options.proxies = Proxies::all(proxy);
        Http::with_options(host, 0, options).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream) {
    // A connection that breaks is the client's to tell.
    let _ = io::copy(&mut from, &mut to);
    let _ = to.shutdown(Shutdown::Write);
}

fn exactly<const N: usize>(stream: &mut TcpStream) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    stream.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Takes `CONNECT` of whoever is `ada`.
fn tunnel(client: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(exactly::<1>(client)?[0].into());
    }
    if !head.contains("Proxy-Authorization: Basic YWRhOnNlY3JldA==\r\n") {
        client.write_all(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")?;
        return Ok(None);
    }
    client.write_all(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 Connected\r\nX-Proxy: yes\r\n\r\n")?;
    Ok(head.lines().next().map(str::to_owned))
}

/// SOCKS 5 for whoever is `ada`; a host called `refused` is.
fn socks(client: &mut TcpStream) -> io::Result<Option<String>> {
    let [_, count] = exactly(client)?;
    let mut methods = vec![0; count.into()];
    client.read_exact(&mut methods)?;
    if !methods.contains(&2) {
        client.write_all(&[5, 0xff])?;
        return Ok(None);
    }
    client.write_all(&[5, 2])?;
    let mut login = Vec::new();
    let [_, length] = exactly(client)?;
    login.resize(length.into(), 0);
    client.read_exact(&mut login)?;
    let [length] = exactly(client)?;
    let mut password = vec![0; length.into()];
    client.read_exact(&mut password)?;
    let is_known = login == b"ada" && password == b"secret";
    client.write_all(&[1, u8::from(!is_known)])?;
    let [_, _, _, kind] = exactly(client)?;
    let host = match kind {
        1 => std::net::Ipv4Addr::from(exactly::<4>(client)?).to_string(),
        4 => std::net::Ipv6Addr::from(exactly::<16>(client)?).to_string(),
        _ => {
            let [length] = exactly(client)?;
            let mut name = vec![0; length.into()];
            client.read_exact(&mut name)?;
            String::from_utf8_lossy(&name).into_owned()
        }
    };
    let port = u16::from_be_bytes(exactly(client)?);
    let reply = if host == "refused" { 5 } else { 0 };
    client.write_all(&[5, reply, 0, 1, 0, 0, 0, 0, 0, 0])?;
    Ok((reply == 0).then(|| format!("{host}:{port}")))
}

#[test]
fn a_tunnel_carries_requests_and_is_kept() {
    let server = Server::start().unwrap();
    let proxy = Peer::start(&server, tunnel);
    // The proxy looks the name up, which nobody has.
    let http = proxy.client("http://ada:secret@127.0.0.1:PORT", "game.invalid:8080");
    for _ in 0..3 {
        assert_eq!(http.get("/bytes/5000").unwrap().body().unwrap(), pseudo_random(0..5000));
    }
    assert_eq!(proxy.asked(), ["CONNECT game.invalid:8080 HTTP/1.1"]);
    assert_eq!(server.requests()[0].field("host").as_deref(), Some("game.invalid:8080"));
    assert_eq!(server.requests()[0].field("proxy-authorization"), None);
    let stranger = proxy.client("127.0.0.1:PORT", "game.invalid");
    let error = stranger.get("/").unwrap_err();
    assert!(matches!(&error, HttpError::Proxy(sentence) if sentence.contains("407")), "{error:?}");
    assert_eq!(error.status(), Status::CONNECTION_FAILED);
}

#[test]
fn socks_carries_requests_and_tells_its_refusals() {
    let server = Server::start().unwrap();
    let proxy = Peer::start(&server, socks);
    for host in ["game.invalid", "192.0.2.7", "[2001:db8::7]:8080"] {
        let http = proxy.client("socks5://ada:secret@127.0.0.1:PORT", host);
        assert_eq!(http.get("/bytes/5000").unwrap().body().unwrap(), pseudo_random(0..5000));
    }
    assert_eq!(proxy.asked(), ["game.invalid:80", "192.0.2.7:80", "2001:db8::7:8080"]);
    for (url, host, part) in [
        ("socks5://ada:secret@127.0.0.1:PORT", "refused", "the connection was refused"),
        ("socks5://ada:wrong@127.0.0.1:PORT", "game.invalid", "does not take the user"),
        ("socks5://127.0.0.1:PORT", "game.invalid", "password"),
    ] {
        let error = proxy.client(url, host).get("/").unwrap_err();
        assert!(matches!(&error, HttpError::Proxy(sentence) if sentence.contains(part)), "{error:?}");
        assert!(!format!("{error:?}").contains("secret"));
    }
}

#[test]
fn hosts_among_the_exceptions_are_reached_directly() {
    let server = Server::start().unwrap();
    let mut options = HttpOptions::default();
    // Nobody listens there.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    options.proxies = Proxies::all(format!("127.0.0.1:{port}").parse().unwrap());
    let through = Http::with_options(&server.url(""), 0, options.clone()).unwrap();
    assert!(matches!(through.get("/get"), Err(HttpError::Connect(_))));
    options.proxies.exceptions = vec!["127.0.0.1".to_owned()];
    let directly = Http::with_options(&server.url(""), 0, options).unwrap();
    assert_eq!(directly.get("/get").unwrap().status(), Status::OK);
}
