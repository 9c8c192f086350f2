//! Redirects.

use sfml_network::http::{HttpError, HttpOptions, Request, Status};

use super::{pair, pair_with};

#[test]
fn redirects_are_responses_unless_they_may_be_followed() {
    let (server, http) = pair();
    assert_eq!(http.get("/redirect/1").unwrap().status(), Status::MOVED_TEMPORARILY);
    let mut options = HttpOptions::default();
    options.redirects = 3;
    let (following, http) = pair_with(options);
    let response = http.get("/redirect/3").unwrap();
    assert_eq!((response.status(), response.history().len()), (Status::OK, 3));
    assert_eq!(following.connections(), 1);
    let error = http.get("/redirect/4").unwrap_err();
    assert!(matches!(error, HttpError::Redirect(_)), "{error:?}");
    drop(server);
}

#[test]
fn what_is_for_one_server_is_not_told_another() {
    let (elsewhere, _) = pair();
    let mut options = HttpOptions::default();
    options.redirects = 3;
    let (_server, http) = pair_with(options);
    let to = Request::post("/redirect-to").query("url", &elsewhere.url("/anything")).query("code", "307");
    let request = to.basic_auth("ada", "secret").field("X-Own", "1").body("data");
    let response = http.send(&request).unwrap();
    assert_eq!(response.status(), Status::OK, "{response:?}");
    let received = &elsewhere.requests()[0];
    assert_eq!((received.method.as_str(), received.body.as_slice()), ("POST", &b"data"[..]));
    assert_eq!(received.field("authorization"), None);
    assert_eq!(received.field("x-own").as_deref(), Some("1"));
}

#[cfg(feature = "cookies")]
#[test]
fn cookies_are_kept_and_told_if_asked_for() {
    let mut options = HttpOptions::default();
    (options.redirects, options.cookies) = (3, true);
    let (_server, http) = pair_with(options);
    let text = http.get("/cookies/set?a=1&b=2").unwrap().text().unwrap();
    assert!(text.contains("a=1") && text.contains("b=2"), "{text}");
    let own = Request::get("/cookies").field("Cookie", "c=3");
    assert!(!http.send(&own).unwrap().text().unwrap().contains("a=1"));
    let (_server, without) = pair();
    without.get("/cookies/set?a=1").unwrap().text().unwrap();
    assert!(!without.get("/cookies").unwrap().text().unwrap().contains("a=1"));
}
