//! The same inside TLS, and the public address, which needs it.

use std::time::Duration;

use sfml_network::http::{Family, Http, HttpError, HttpOptions, PublicAddress, Request, Status};
use sfml_network::tls::{ClientConfig, HandshakeKind, TlsError, TlsSocket};
use testkit::certificates::{Certificates, Identity};
use testkit::http::{Options, Server, pseudo_random};

use crate::over_tls::over_tls;

fn server_with(identity: &Identity) -> Server {
    Server::start_with(Options::default().over(over_tls(identity, |_| ()).unwrap())).unwrap()
}

fn trusting() -> HttpOptions {
    let authority = &Certificates::shared().authority;
    let mut options = HttpOptions::default();
    options.tls = Some(ClientConfig::builder().roots(&authority.certificate).unwrap().build().unwrap());
    options
}

fn client(server: &Server, options: HttpOptions) -> Http {
    Http::with_options(&format!("https://{}", server.address()), 0, options).unwrap()
}

#[test]
fn https_carries_the_same_and_keeps_connections() {
    let server = server_with(&Certificates::shared().good);
    let http = client(&server, trusting());
    for size in [0_u64, 10, 300_000] {
        assert_eq!(http.get(&format!("/bytes/{size}")).unwrap().body().unwrap(), pseudo_random(0..size));
        assert_eq!(http.get(&format!("/chunked/{size}")).unwrap().body().unwrap(), pseudo_random(0..size));
    }
    let body = pseudo_random(0..500_000);
    assert_eq!(http.send(&Request::put("/upload").body(body)).unwrap().status(), Status::OK);
    assert_eq!(server.connections(), 1);
    let folder = testkit::folder::TempFolder::new("https").unwrap();
    let path = folder.path().join("file");
    http.get("/bytes/3000000").unwrap().save_to(&path).unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), pseudo_random(0..3_000_000));
}

#[test]
fn a_server_that_cannot_prove_who_it_is_is_refused_by_name() {
    let certificates = Certificates::shared();
    for (identity, name) in [
        (&certificates.expired, "Expired"),
        (&certificates.not_yet_valid, "NotYetValid"),
        (&certificates.wrong_host, "WrongHost"),
        (&certificates.self_signed, "SelfSigned"),
        (&certificates.unknown_issuer, "UnknownIssuer"),
    ] {
        let server = server_with(identity);
        let error = client(&server, trusting()).get("/get").unwrap_err();
        let HttpError::Tls(inner) = &error else { panic!("{name}: {error:?}") };
        assert!(format!("{:?}", inner.tls()).contains(name), "{name}: {error:?}");
        assert_eq!(error.status(), Status::CONNECTION_FAILED);
        assert!(server.requests().is_empty());
    }
}

#[test]
fn plain_http_where_tls_is_due_is_told_as_such() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let peer = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // As nginx does, once it has seen something that is no request.
        std::io::Read::read(&mut stream, &mut [0; 1024]).unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let http = Http::with_options(&format!("https://{address}"), 0, trusting()).unwrap();
    let error = http.get("/get").unwrap_err();
    peer.join().unwrap();
    let HttpError::Tls(inner) = &error else { panic!("{error:?}") };
    assert!(matches!(inner.tls(), Some(TlsError::NotTls { is_http: true })), "{error:?}");
}

#[test]
fn a_second_connection_resumes_the_session_of_the_first() {
    let identity = &Certificates::shared().good;
    let (told, kinds) = std::sync::mpsc::channel();
    let tell = move |socket: &TlsSocket| told.send(socket.handshake_kind()).unwrap();
    let server = Server::start_with(Options::default().over(over_tls(identity, tell).unwrap())).unwrap();
    let http = client(&server, trusting());
    for _ in 0..2 {
        http.get("/get").unwrap().body().unwrap();
        server.kill_connections();
    }
    let kinds: Vec<_> = kinds.iter().take(2).collect();
    assert!(matches!(kinds[..], [Some(HandshakeKind::Full), Some(HandshakeKind::Resumed)]), "{kinds:?}");
}

#[test]
fn the_public_address_is_what_the_first_honest_service_says() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let server = server_with(&Certificates::shared().good);
    let plain = Server::start().unwrap();
    let mut public = PublicAddress::default();
    public.options = trusting();
    let says = |text: &str| format!("https://{}/says/{text}", server.address());
    public.services_v4 = vec![
        format!("https://127.0.0.1:{port}/"),
        plain.url("/says/203.0.113.1"),
        says("localhost"),
        says("127.0.0.1"),
        says("192.168.0.1"),
        says("2001:db8::1"),
        format!("https://{}/status/404", server.address()),
        says("203.0.113.7"),
        says("203.0.113.8"),
    ];
    let address = public.look_up(testkit::PATIENCE, Family::V4).unwrap();
    assert_eq!(address.to_string(), "203.0.113.7");
    assert!(plain.requests().is_empty());
    public.services_v6 = vec![says("203.0.113.7"), says("2001:db8::7")];
    assert_eq!(public.look_up(testkit::PATIENCE, Family::V6).unwrap().to_string(), "2001:db8::7");
    for nobodys in ["localhost", "fd00::1", "fe80::1", "::1", "::ffff:203.0.113.7"] {
        public.services_v6 = vec![says(nobodys)];
        let answer = public.look_up(testkit::PATIENCE, Family::V6);
        assert!(matches!(answer, Err(HttpError::Invalid(_))), "{nobodys}: {answer:?}");
    }
    public.services_v6 = Vec::new();
    assert!(matches!(public.look_up(testkit::PATIENCE, Family::V6), Err(HttpError::Request(_))));
    public.services_v4 = vec![format!("https://{}/slow", server.address())];
    let late = public.look_up(Duration::from_millis(50), Family::V4);
    assert!(matches!(late, Err(HttpError::TimedOut { .. })), "{late:?}");
    server.release();
}
