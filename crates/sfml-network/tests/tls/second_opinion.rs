//! OpenSSL on the other end, with ours in non-blocking mode and in a selector.

use std::fs;
use std::io::{Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sfml_network::tls::{ClientConfig, ConfigError, ServerConfig, TlsError, TlsSocket, Version};
use sfml_network::{IpAddress, Readiness, SocketError, SocketSelector, TcpListener, TcpSocket};
use testkit::PATIENCE;
use testkit::folder::TempFolder;

use crate::scene::{certificates, client, pattern, server, shake_hands};

/// The program with a folder of certificates, and the pipes to and from it.
struct Openssl {
    child: Child,
    input: Option<ChildStdin>,
    output: Option<ChildStdout>,
    _folder: TempFolder,
}

impl Openssl {
    fn start(arguments: &str) -> Option<Self> {
        let folder = TempFolder::new("openssl").expect("there is room for a folder");
        certificates().write(folder.path()).expect("there is room for files");
        let child = Command::new("openssl")
            .args(arguments.split_whitespace())
            .current_dir(folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut child) = child else {
            testkit::skip::skip("there is no openssl, install the package openssl");
            return None;
        };
        let (input, output) = (child.stdin.take(), child.stdout.take());
        Some(Self { child, input, output, _folder: folder })
    }

    /// A server, with a connection to it.
    fn serve(arguments: &str) -> Option<(Self, TcpSocket)> {
        let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).expect("a port is free");
        let port = listener.local_port();
        drop(listener);
        let common = format!("s_server -accept 127.0.0.1:{port} -naccept 1 -cert good.pem -key good.key");
        let server = Self::start(&format!("{common} {arguments}"))?;
        // Quiet as it is to be, it does not tell that it listens.
        let start = Instant::now();
        loop {
            match TcpSocket::connect(IpAddress::LOCAL_HOST, port, PATIENCE) {
                Err(_) if start.elapsed() < PATIENCE => thread::sleep(Duration::from_millis(1)),
                outcome => return Some((server, outcome.expect("openssl listens"))),
            }
        }
    }
}

impl Drop for Openssl {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn run(folder: &TempFolder, arguments: &str) -> bool {
    let command =
        Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder.path()).output();
    command.is_ok_and(|output| output.status.success())
}

/// Sends all of it and receives as much, never blocking but in the selector.
fn exchange(socket: &TlsSocket, data: &[u8]) -> Vec<u8> {
    socket.set_blocking(false);
    let selector = SocketSelector::new().expect("there are descriptors");
    let (mut sent, mut received, mut buffer) = (0, Vec::new(), vec![0; 50_000]);
    while received.len() < data.len() {
        let want = if sent < data.len() { Readiness::BOTH } else { Readiness::READABLE };
        selector.add_for(socket, want).expect("it is open");
        assert!(selector.wait(PATIENCE).expect("nothing interrupts"));
        if selector.is_ready(socket) {
            match socket.receive(&mut buffer) {
                Ok(length) => received.extend_from_slice(&buffer[..length]),
                Err(error) => assert!(matches!(error, SocketError::NotReady), "{error}"),
            }
        }
        if sent < data.len() && selector.is_writable(socket) {
            match socket.send(&data[sent..]) {
                Ok(more) => sent += more,
                Err(error) => assert!(matches!(error, SocketError::NotReady), "{error}"),
            }
        }
    }
    received
}

/// What goes in at the one end comes out at the other.
fn echo(openssl: &mut Openssl, length: usize) -> thread::JoinHandle<()> {
    let mut input = openssl.input.take().expect("it is taken once");
    let mut output = openssl.output.take().expect("it is taken once");
    thread::spawn(move || {
        let (mut left, mut buffer) = (length, vec![0; 1 << 16]);
        while left > 0 {
            let read = output.read(&mut buffer).expect("openssl runs");
            assert!(read > 0, "it ended with {left} bytes to go");
            input.write_all(&buffer[..read]).expect("openssl runs");
            left -= read;
        }
        input.flush().expect("openssl runs");
    })
}

#[test]
fn openssl_serves_ours_in_every_version() {
    for version in [Version::Tls12, Version::Tls13] {
        let flag = if version == Version::Tls12 { "-tls1_2" } else { "-tls1_3" };
        let Some((mut openssl, socket)) = Openssl::serve(&format!("-quiet {flag} -alpn http/1.1")) else {
            return;
        };
        let config = ClientConfig::builder().roots(certificates().authority.pem.as_bytes()).unwrap();
        let config = config.alpn(["h2", "http/1.1"]).build().unwrap();
        let socket = TlsSocket::start_connect(socket, "localhost", &config).unwrap();
        socket.handshake_within(PATIENCE).unwrap();
        assert_eq!(socket.version(), Some(version));
        assert_eq!(socket.alpn().as_deref(), Some(&b"http/1.1"[..]));
        let data = pattern(1 << 20);
        let echo = echo(&mut openssl, data.len());
        assert!(exchange(&socket, &data) == data);
        echo.join().unwrap();
    }
}

#[test]
fn ours_serves_openssl() {
    for flag in ["-tls1_2", "-tls1_3"] {
        let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
        let arguments = format!(
            "s_client -quiet -verify_return_error -CAfile authority.pem -verify_hostname localhost -servername localhost \
             -cert client.pem -key client.key {flag} -connect 127.0.0.1:{}",
            listener.local_port()
        );
        let Some(mut openssl) = Openssl::start(&arguments) else {
            return;
        };
        let identity = &certificates().chained;
        let config = ServerConfig::builder(identity.chain.as_bytes(), identity.key.as_bytes()).unwrap();
        let roots = certificates().authority.pem.as_bytes();
        let config = config.required_client_certificates(roots).unwrap().build().unwrap();
        let socket = TlsSocket::start_accept(listener.accept_within(PATIENCE).unwrap(), &config).unwrap();
        socket.handshake_within(PATIENCE).unwrap();
        assert_eq!(socket.peer_certificates()[0], certificates().client.certificate);
        assert_eq!(socket.server_name().as_deref(), Some("localhost"));
        let data = pattern(1 << 20);
        let echo = echo(&mut openssl, data.len());
        assert!(exchange(&socket, &data) == data);
        echo.join().unwrap();
    }
}

#[test]
fn an_end_by_openssl_is_clean() {
    let Some((mut openssl, socket)) = Openssl::serve("-www") else {
        return;
    };
    let mut socket = TlsSocket::connect(socket, "localhost", &client(), PATIENCE).unwrap();
    socket.send(b"GET / HTTP/1.0\r\n\r\n").unwrap();
    let mut page = String::new();
    socket.read_to_string(&mut page).unwrap();
    assert!(page.starts_with("HTTP/1.0 200 ok") && page.contains(socket.ciphersuite().unwrap()), "{page}");
    drop(socket);
    openssl.child.wait().unwrap();
}

#[test]
fn openssl_says_what_it_does_not_like() {
    let Some((_openssl, socket)) =
        Openssl::serve("-quiet -Verify 1 -verify_return_error -CAfile authority.pem")
    else {
        return;
    };
    let outcome = TlsSocket::connect(socket, "localhost", &client(), PATIENCE);
    let error = outcome.and_then(|socket| socket.receive_within(&mut [0], PATIENCE)).unwrap_err();
    assert_eq!(error.tls(), Some(&TlsError::CertificateRequired), "{error:?}");
    let Some((_openssl, socket)) = Openssl::serve("-quiet -tls1_2") else {
        return;
    };
    let config = ClientConfig::builder().roots(certificates().authority.pem.as_bytes()).unwrap();
    let config = config.least_version(Version::Tls13).build().unwrap();
    let error = TlsSocket::connect(socket, "localhost", &config, PATIENCE).unwrap_err();
    assert!(matches!(error.tls(), Some(TlsError::NothingInCommon(_))), "{error:?}");
}

#[test]
fn keys_of_openssl_are_read_in_every_form() {
    let folder = TempFolder::new("keys").unwrap();
    let file = |name: &str| fs::read(folder.path().join(name)).unwrap();
    let request = "req -x509 -nodes -days 30 -subj /CN=localhost -addext subjectAltName=DNS:localhost \
                   -addext basicConstraints=critical,CA:FALSE";
    if !run(&folder, &format!("{request} -newkey rsa:2048 -keyout rsa.pem -out rsa.crt")) {
        return testkit::skip::skip("there is no openssl, install the package openssl");
    }
    let made = [
        format!("{request} -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout ec.pem -out ec.crt"),
        "rsa -in rsa.pem -traditional -out rsa-pkcs1.pem".to_owned(),
        "ec -in ec.pem -out ec-sec1.pem".to_owned(),
        "rsa -in rsa.pem -traditional -aes128 -passout pass:secret -out rsa-old.pem".to_owned(),
        "pkcs8 -topk8 -in ec.pem -passout pass:secret -out ec-pbkdf2.pem".to_owned(),
        "pkcs8 -topk8 -in ec.pem -scrypt -scrypt_N 1024 -passout pass:secret -out ec-scrypt.pem".to_owned(),
        "pkcs8 -topk8 -in ec.pem -outform DER -passout pass:secret -out ec-encrypted.der".to_owned(),
        "pkcs8 -topk8 -nocrypt -in ec.pem -outform DER -out ec.der".to_owned(),
    ];
    for command in &made {
        assert!(run(&folder, command), "{command}");
    }
    // With the parameters of the curve in front, as `openssl ecparam -genkey` writes it.
    fs::write(
        folder.path().join("ec-parameters.pem"),
        [
            b"-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n",
            &file("ec-sec1.pem")[..],
        ]
        .concat(),
    )
    .unwrap();
    let good = [
        ("rsa.crt", "rsa.pem"),
        ("rsa.crt", "rsa-pkcs1.pem"),
        ("ec.crt", "ec.pem"),
        ("ec.crt", "ec-sec1.pem"),
        ("ec.crt", "ec-parameters.pem"),
        ("ec.crt", "ec.der"),
    ];
    for (chain, key) in good {
        let server =
            ServerConfig::new(&file(chain), &file(key)).unwrap_or_else(|error| panic!("{key}: {error}"));
        let roots = ClientConfig::builder().roots(&file(chain)).unwrap().build().unwrap();
        let (near, far) = shake_hands("localhost", &roots, &server);
        assert!(near.is_ok() && far.is_ok(), "{key} {near:?}");
    }
    let with = |key: &str, password: &str| {
        let chain = if key.starts_with("rsa") { "rsa.crt" } else { "ec.crt" };
        let builder = ServerConfig::builder_with_password(&file(chain), &file(key), password)?;
        builder.build()
    };
    let old = with("rsa-old.pem", "secret").unwrap_err();
    assert!(old.to_string().contains("openssl pkcs8 -topk8"), "{old}");
    with("ec.pem", "not needed").unwrap();
    with("ec.pem", "").unwrap();
    for key in ["ec-pbkdf2.pem", "ec-scrypt.pem", "ec-encrypted.der"] {
        if cfg!(feature = "encrypted-keys") {
            with(key, "secret").unwrap_or_else(|error| panic!("{key}: {error}"));
            assert_eq!(with(key, "wrong").unwrap_err(), ConfigError::WrongPassword, "{key}");
            if key.ends_with("pem") {
                assert_eq!(with(key, "").unwrap_err(), ConfigError::PasswordNeeded, "{key}");
            }
        } else {
            assert!(matches!(with(key, "secret"), Err(ConfigError::UnsupportedKeyEncryption(_))), "{key}");
        }
    }
}

#[test]
fn curl_and_ours_agree_about_whom_to_believe() {
    let ask = |identity, roots: &str| {
        let folder = TempFolder::new("curl").unwrap();
        certificates().write(folder.path()).unwrap();
        let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0).unwrap();
        let url = format!("https://localhost:{}/", listener.local_port());
        let arguments = ["--silent", "--noproxy", "*", "--ipv4", "--cacert", roots, &url];
        let curl =
            Command::new("curl").args(arguments).current_dir(folder.path()).stdout(Stdio::piped()).spawn();
        let mut curl = curl.ok()?;
        let socket =
            TlsSocket::accept(listener.accept_within(PATIENCE).unwrap(), &server(identity), PATIENCE);
        if let Ok(socket) = &socket {
            // Whatever it asks; it may have hung up instead.
            let _ = socket.receive_within(&mut [0; 4096], PATIENCE);
            let _ = socket.send(b"HTTP/1.0 200 OK\r\n\r\nhello");
        }
        drop(socket);
        let mut body = String::new();
        curl.stdout.take().unwrap().read_to_string(&mut body).unwrap();
        curl.wait().unwrap();
        Some(body)
    };
    let Some(body) = ask(&certificates().chained, "authority.pem") else {
        return testkit::skip::skip("there is no curl, install the package curl");
    };
    assert_eq!(body, "hello");
    for identity in [&certificates().expired, &certificates().wrong_host, &certificates().self_signed] {
        assert_eq!(ask(identity, "authority.pem").as_deref(), Some(""));
    }
}
