//! Real servers, and curl as a second opinion on what they say.

use std::process::Command;
use std::time::{Duration, Instant};

use sfml_network::http::{Body, Http, HttpError, HttpOptions, Method, Phase, Request, Status, Version};
use sfml_network::tls::ClientConfig;
use testkit::PATIENCE;
use testkit::certificates::Certificates;
use testkit::servers::Options;
use testkit::servers::http::{HttpKind, HttpServer};

use crate::http_scripts::Scripted;

fn client() -> Http {
    let mut options = HttpOptions::default();
    options.timeout = Some(PATIENCE);
    let roots = &Certificates::shared().authority.pem;
    options.tls = Some(ClientConfig::builder().roots(roots.as_bytes()).unwrap().build().unwrap());
    Http::anywhere(options)
}

fn text(request: &Request) -> (u16, String) {
    let mut response = client().send(request).unwrap();
    (response.status().0, response.text().unwrap())
}

/// What curl gets: the status and the body; `None` where there is no curl.
fn curl(arguments: &[&str]) -> Option<(u16, Vec<u8>)> {
    let mut command = Command::new("curl");
    command.args(["--silent", "--max-time", "30", "--noproxy", "*", "--write-out", "\n%{http_code}"]);
    let output = command.args(arguments).output().ok()?;
    let end = output.stdout.iter().rposition(|byte| *byte == b'\n')?;
    let status = std::str::from_utf8(&output.stdout[end + 1..]).ok()?.parse().ok()?;
    Some((status, output.stdout[..end].to_vec()))
}

/// Asks for each path with both, and compares.
fn assert_as_curl(server: &HttpServer, paths: &[&str]) {
    for path in paths {
        let url = server.url(path);
        let Some(theirs) = curl(&["--compressed", &url]) else {
            return testkit::skip::skip("curl is missing; apt-get install curl");
        };
        let mut response = client().get(&url).unwrap();
        let ours = (response.status().0, response.body().unwrap());
        assert!(
            ours == theirs,
            "{url}: {} and {}, {:?} and {:?}",
            ours.0,
            theirs.0,
            ours.1.len(),
            theirs.1.len()
        );
    }
}

#[test]
fn nginx_serves_takes_and_removes_files() {
    let identity = &Certificates::shared().good;
    let Some(nginx) = HttpKind::Nginx.start(&Options::default(), Some(identity)) else { return };
    nginx.put("page.txt", "text ".repeat(1000).as_bytes()).unwrap();
    assert_as_curl(&nginx, &["/small", "/page.txt", "/missing", "/moved", "/nothing", "/small?a=b%20c", "/"]);
    let http = client();
    for url in [nginx.url(""), nginx.tls_url("")] {
        let file = format!("{url}/upload/file");
        let put = Request::put(&file).body(Body::from(vec![b'u'; 300_000]));
        assert_eq!(http.send(&put).unwrap().status(), Status::CREATED);
        assert_eq!(http.send(&put).unwrap().status(), Status::NO_CONTENT);
        let chunked = Request::put(&file).body(Body::reader(std::io::Cursor::new(vec![b'v'; 200_000])));
        assert_eq!(http.send(&chunked).unwrap().status(), Status::NO_CONTENT);
        assert_eq!(http.get(&file).unwrap().body().unwrap(), vec![b'v'; 200_000]);
        let head = http.send(&Request::head(&file)).unwrap();
        assert_eq!((head.status(), head.field("Content-Length")), (Status::OK, Some("200000")));
        let mut part = http.send(&Request::get(&file).field("Range", "bytes=10-19")).unwrap();
        assert_eq!((part.status(), part.body().unwrap().len()), (Status::PARTIAL_CONTENT, 10));
        let beyond = http.send(&Request::get(&file).field("Range", "bytes=200000-")).unwrap();
        assert_eq!(beyond.status(), Status::RANGE_NOT_SATISFIABLE);
        let parts = http.send(&Request::get(&file).field("Range", "bytes=0-1,5-6")).unwrap();
        assert!(parts.field("Content-Type").unwrap().starts_with("multipart/byteranges"));
        let mut packed = http.get(&format!("{url}/page.txt")).unwrap();
        assert_eq!(packed.field("Content-Encoding"), Some("gzip"));
        assert_eq!(packed.text().unwrap(), "text ".repeat(1000));
        let mut old = http.send(&Request::get(&file).version(Version::Http10)).unwrap();
        assert_eq!(old.body().unwrap().len(), 200_000);
        let delete = Request::new(Method::DELETE, &file);
        assert_eq!(http.send(&delete).unwrap().status(), Status::NO_CONTENT);
        assert_eq!(http.get(&file).unwrap().status(), Status::NOT_FOUND);
    }
}

#[test]
fn python_serves_files_by_both_versions() {
    let Some(python) = HttpKind::Python.start(&Options::default(), None) else { return };
    assert_as_curl(&python, &["/small", "/missing"]);
    for version in [Version::Http10, Version::Http11] {
        let ask =
            |method| client().send(&Request::new(method, python.url("/small")).version(version)).unwrap();
        assert_eq!(ask(Method::GET).body().unwrap(), [b's'; 1024]);
        assert_eq!(ask(Method::HEAD).field("Content-Length"), Some("1024"));
        assert_eq!(ask(Method::PUT).status(), Status::NOT_IMPLEMENTED);
    }
}

#[test]
fn httpbin_answers_what_its_paths_say() {
    let Some(httpbin) = HttpKind::Httpbin.start(&Options::default(), None) else { return };
    let paths =
        ["/status/418", "/status/503", "/html", "/encoding/utf8", "/stream-bytes/5000?seed=1", "/redirect/2"];
    assert_as_curl(&httpbin, &paths);
    for (path, word) in [("/gzip", "gzipped"), ("/brotli", "brotli")] {
        let (status, body) = text(&Request::get(httpbin.url(path)));
        assert!(status == 200 && body.contains(&format!("\"{word}\": true")), "{body}");
    }
    // It is not asked for, and left as it comes.
    let mut deflated = client().get(&httpbin.url("/deflate")).unwrap();
    assert_eq!(deflated.field("Content-Encoding"), Some("deflate"));
    assert!(!deflated.body().unwrap().is_empty());

    let following = Http::anywhere({
        let mut options = HttpOptions::default();
        options.redirects = 10;
        options
    });
    let response = following.get(&httpbin.url("/redirect/5")).unwrap();
    assert_eq!((response.status(), response.history().len()), (Status::OK, 5));
    let set = client().get(&httpbin.url("/cookies/set?a=b")).unwrap();
    assert!(set.field("Set-Cookie").is_some_and(|cookie| cookie.starts_with("a=b")));
    let (_, cookies) = text(&Request::get(httpbin.url("/cookies")).field("Cookie", "a=b"));
    assert!(cookies.contains("\"a\": \"b\""), "{cookies}");
    let protected = Request::get(httpbin.url("/basic-auth/ada/secret"));
    assert_eq!(text(&protected).0, 401);
    assert_eq!(text(&protected.clone().basic_auth("ada", "secret")).0, 200);
    assert_eq!(text(&Request::get(httpbin.url("/bearer")).bearer_auth("token")).0, 200);
    let (_, form) = text(&Request::post(httpbin.url("/post")).form([("a", "1 2"), ("b", "ü")]));
    assert!(form.contains("\"a\": \"1 2\"") && form.contains("\"b\": \"\\u00fc\""), "{form}");
    assert_eq!(text(&Request::get(httpbin.url("/stream/5"))).1.lines().count(), 5);

    let begun = Instant::now();
    let late = client().send(&Request::get(httpbin.url("/delay/5")).timeout(Duration::from_millis(200)));
    assert!(matches!(late, Err(HttpError::TimedOut { phase: Phase::Head, .. })), "{late:?}");
    assert!(begun.elapsed() < Duration::from_secs(4), "{:?}", begun.elapsed());
    let slow =
        Request::get(httpbin.url("/drip?duration=5&numbytes=5&delay=0")).timeout(Duration::from_millis(500));
    let late = client().send(&slow).and_then(|mut response| response.body());
    assert!(matches!(late, Err(HttpError::TimedOut { .. })), "{late:?}");
}

#[test]
fn openssl_serves_files_that_end_with_the_connection() {
    let identity = &Certificates::shared().good;
    let Some(openssl) = HttpKind::Openssl.start(&Options::default(), Some(identity)) else { return };
    for _ in 0..3 {
        let mut response = client().get(&openssl.tls_url("/small")).unwrap();
        assert_eq!((response.version(), response.length()), (Version::Http10, None));
        assert_eq!(response.body().unwrap(), [b's'; 1024]);
    }
}

#[test]
fn what_is_asked_is_asked_as_curl_does() {
    let server = Scripted::answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let url = |path: &str| server.url(path);
    let with_user = url("/user").replace("http://", "http://me:p%40ss@");
    for (arguments, request) in [
        (vec![url("/a?b=c")], Request::get(url("/a?b=c"))),
        (vec!["--head".into(), url("/")], Request::head(url("/"))),
        (
            vec!["--data".into(), "a=1&b=2".into(), url("/form")],
            Request::post(url("/form")).form([("a", "1"), ("b", "2")]),
        ),
        (vec!["--request".into(), "DELETE".into(), url("/x")], Request::delete(url("/x"))),
        (vec!["--http1.0".into(), url("/old")], Request::get(url("/old")).version(Version::Http10)),
        (
            vec!["--range".into(), "5-".into(), url("/part")],
            Request::get(url("/part")).field("Range", "bytes=5-"),
        ),
        (vec![with_user.clone()], Request::get(with_user)),
        (
            vec!["--header".into(), "X-Own: a, b".into(), url("/own")],
            Request::get(url("/own")).field("X-Own", "a, b"),
        ),
    ] {
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        if curl(&arguments).is_none() {
            return testkit::skip::skip("curl is missing; apt-get install curl");
        }
        client().send(&request).unwrap();
        let heads = server.heads();
        let [.., theirs, ours] = &heads[..] else { panic!("{heads:?}") };
        assert_eq!(comparable(ours), comparable(theirs), "{request:?}");
    }
}

/// What two heads have to agree in: all but the name of the program, and what it can decode.
fn comparable(head: &str) -> Vec<String> {
    let mut lines = head.trim_end().lines();
    let first = lines.next().unwrap_or_default().to_owned();
    let fields = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        format!("{}: {value}", name.to_ascii_lowercase())
    });
    let mut fields: Vec<_> = fields
        .filter(|field| !field.starts_with("user-agent:") && !field.starts_with("accept-encoding:"))
        .collect();
    fields.sort();
    [vec![first], fields].concat()
}
