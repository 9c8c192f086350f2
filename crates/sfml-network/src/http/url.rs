//! `Origin` and `Url`: where a request goes (RFC 3986, RFC 9110 section 4.2).

use std::borrow::Cow;
use std::fmt;

use iri_string::types::{UriAbsoluteStr, UriReferenceStr};
use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::RequestProblem;

/// How a server is spoken to.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Scheme {
    /// In plain text.
    Http,
    /// Inside TLS.
    Https,
}

impl Scheme {
    /// The name, as in a URL.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    /// The port servers listen on unless told otherwise.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }
}

/// A scheme, a host and a port: what must agree for two resources to trust each other.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Origin {
    /// How it is spoken to.
    pub scheme: Scheme,
    /// A name in lower case, or an address; of IPv6 without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl Origin {
    /// Reads what [`Http::new`](super::Http::new) takes: `host`, `host:port`, either behind `http://` or `https://` and
    /// before a `/`. A port of 0 means that of the text, else the scheme's own.
    pub(super) fn parse(text: &str, port: u16) -> Result<Self, RequestProblem> {
        let (scheme, rest) = split_scheme(text)?;
        let rest = rest.strip_suffix('/').unwrap_or(rest);
        if rest.contains('/') {
            let sentence = format!("{text:?} is more than a host, its path belongs into the request's uri");
            return Err(RequestProblem::new("host", sentence));
        }
        let authority = authority(rest)?;
        if authority.user.is_some() {
            let sentence = "a host does not hold a user and password, set them on the request";
            return Err(RequestProblem::new("host", sentence));
        }
        let port = if port != 0 { port } else { authority.port.unwrap_or(scheme.default_port()) };
        Ok(Self { scheme, host: authority.host, port })
    }

    /// The host and, where it is not the scheme's own, the port: the field `Host`.
    pub(super) fn authority(&self) -> String {
        let mut text = String::with_capacity(self.host.len() + 8);
        // A text takes whatever is written.
        let _ = self.write_authority(&mut text);
        text
    }

    fn write_authority(&self, text: &mut impl fmt::Write) -> fmt::Result {
        let (open, close) = if self.host.contains(':') { ("[", "]") } else { ("", "") };
        [open, &self.host, close].into_iter().try_for_each(|part| text.write_str(part))?;
        if self.port == self.scheme.default_port() { Ok(()) } else { write!(text, ":{}", self.port) }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme.as_str())?;
        f.write_str("://")?;
        self.write_authority(f)
    }
}

/// A resource: its origin, and its path with the query.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Url {
    /// Where it is.
    pub origin: Origin,
    /// What it is there: begins with `/`, holds nothing that would have to be encoded.
    pub target: String,
}

/// A URL, and the user and password it came with.
pub(super) type UrlAndUser = (Url, Option<(String, String)>);

impl Url {
    /// Reads a whole URL, and the user and password in it.
    pub(super) fn parse(text: &str) -> Result<UrlAndUser, RequestProblem> {
        if !text.contains("://") {
            let sentence = format!("{text:?} is no whole URL, which begins with http:// or https://");
            return Err(RequestProblem::new("uri", sentence));
        }
        let (scheme, rest) = split_scheme(text)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let authority = authority(&rest[..end]).map_err(|problem| {
            // What was taken for the place may be the beginning of a password.
            let is_odd = !rest[..end].contains('@') && rest[end..].contains('@');
            let sentence = "a '/', '?' or '#' in a user or password is to be encoded, as %2F, %3F or %23";
            if is_odd { RequestProblem::new("uri", sentence) } else { problem }
        })?;
        let port = authority.port.unwrap_or(scheme.default_port());
        let origin = Origin { scheme, host: authority.host, port };
        Ok((Self { origin, target: target(&rest[end..])? }, authority.user))
    }

    /// The URL that a `Location` names, seen from this one (RFC 3986, section 5).
    pub(super) fn join(&self, location: &str) -> Result<UrlAndUser, String> {
        let encoded = utf8_percent_encode(location.trim(), NOT_IN_A_URI).to_string();
        let wrong = || format!("{location:?} is no URL");
        let base = self.to_string();
        let base = UriAbsoluteStr::new(&base).map_err(|_| wrong())?;
        let reference = UriReferenceStr::new(&encoded).map_err(|_| wrong())?;
        let resolved = reference.resolve_against(base);
        resolved.ensure_rfc3986_normalizable().map_err(|_| wrong())?;
        Self::parse(&resolved.to_string()).map_err(|problem| problem.to_string())
    }

    /// The URL as the engine takes it.
    pub(super) fn is_https(&self) -> bool {
        self.origin.scheme == Scheme::Https
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.origin.fmt(f)?;
        f.write_str(&self.target)
    }
}

/// Characters no URI may hold, besides those that have a meaning there; `%` stays, as part of what is encoded already.
const NOT_IN_A_URI: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// Of the query parameters everything is encoded but what never needs it (RFC 3986, section 2.3).
const PARAMETER: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The path and query as they are sent: with a `/` in front, without a fragment, encoded where that is needed.
pub(super) fn target(text: &str) -> Result<String, RequestProblem> {
    if let Some(byte) = text.bytes().find(|byte| matches!(byte, b'\r' | b'\n' | 0)) {
        let sentence = format!("the uri holds the control character 0x{byte:02x}, which would end the line");
        return Err(RequestProblem::new("uri", sentence));
    }
    let text = text.split('#').next().unwrap_or_default();
    let slash = if text.starts_with('/') { "" } else { "/" };
    let target = format!("{slash}{}", utf8_percent_encode(text, NOT_IN_A_URI));
    if target.len() > LONGEST_TARGET {
        let sentence = format!("the uri is longer than {LONGEST_TARGET} bytes, send the data as a body");
        return Err(RequestProblem::new("uri", sentence));
    }
    Ok(target)
}

/// What the engine takes, with room for the origin.
const LONGEST_TARGET: usize = 65_000;

/// Adds `name=value` pairs to a target, encoded.
pub(super) fn add_query(target: &mut String, pairs: &[(String, String)]) {
    for (name, value) in pairs {
        target.push(if target.contains('?') { '&' } else { '?' });
        push_pair(target, name, value);
    }
}

/// `name=value&name=value`, encoded as forms are: what never needs encoding stays, a blank becomes `+`.
pub(super) fn form(pairs: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        push_pair(&mut text, name, value);
    }
    text.replace("%20", "+")
}

fn push_pair(text: &mut String, name: &str, value: &str) {
    text.extend(utf8_percent_encode(name, PARAMETER));
    text.push('=');
    text.extend(utf8_percent_encode(value, PARAMETER));
}

fn split_scheme(text: &str) -> Result<(Scheme, &str), RequestProblem> {
    let Some((scheme, rest)) = text.split_once("://") else { return Ok((Scheme::Http, text)) };
    match scheme.to_ascii_lowercase().as_str() {
        "http" => Ok((Scheme::Http, rest)),
        "https" => Ok((Scheme::Https, rest)),
        _ => {
            let sentence = format!("{scheme:?} is not spoken here, only http and https are");
            Err(RequestProblem::new("uri", sentence))
        }
    }
}

struct Authority {
    host: String,
    port: Option<u16>,
    user: Option<(String, String)>,
}

/// Reads `user:password@host:port`.
fn authority(text: &str) -> Result<Authority, RequestProblem> {
    let wrong = |sentence: String| RequestProblem::new("host", sentence);
    let (user, place) = match text.rsplit_once('@') {
        Some((user, place)) => (Some(user), place),
        None => (None, text),
    };
    let colons = place.bytes().filter(|byte| *byte == b':').count();
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, after) =
                rest.split_once(']').ok_or_else(|| wrong(format!("the ']' is missing in {place:?}")))?;
            (host, after.strip_prefix(':').or(after.is_empty().then_some("")))
        }
        // An address of IPv6 on its own, which SFML's users write without brackets.
        None if colons > 1 => (place, Some("")),
        None => place.split_once(':').map_or((place, Some("")), |(host, port)| (host, Some(port))),
    };
    let port = port.ok_or_else(|| wrong(format!("{place:?} is no host and port")))?;
    let port = match port {
        "" => None,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            let number = digits.parse().ok().filter(|port| *port != 0);
            Some(number.ok_or_else(|| wrong(format!("{digits} is no port, which is 1 to 65535")))?)
        }
        other => return Err(wrong(format!("{other:?} is no port number"))),
    };
    if host.is_empty() {
        return Err(wrong("the host is missing".to_owned()));
    }
    let is_numeric = host.parse::<std::net::Ipv6Addr>().is_ok();
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_');
    if !is_numeric && !host.bytes().all(is_name) {
        let sentence = "is no host name: letters, digits, '-', '.' and '_', others in their xn-- form";
        return Err(wrong(format!("{host:?} {sentence}")));
    }
    let user = user.map(|user| {
        let (name, password) = user.split_once(':').unwrap_or((user, ""));
        (decoded(name), decoded(password))
    });
    Ok(Authority { host: host.to_ascii_lowercase(), port, user })
}

/// A URL as it may be shown: the user and password in it are not.
pub(super) fn without_user(text: &str) -> Cow<'_, str> {
    let start = text.find("://").map_or(0, |colon| colon + "://".len());
    let (scheme, rest) = text.split_at(start);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    // In what is no proper URL a password may hold anything.
    let is_proper = start == 0 || authority(&rest[..end]).is_ok();
    let searched = if is_proper { &rest[..end] } else { rest };
    match searched.rfind('@') {
        Some(at) => format!("{scheme}***{}", &rest[at..]).into(),
        None => text.into(),
    }
}

fn decoded(text: &str) -> String {
    percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn origin(text: &str, port: u16) -> String {
        Origin::parse(text, port).map_or_else(|problem| problem.to_string(), |origin| origin.to_string())
    }

    #[test]
    fn hosts_are_read_as_sfml_users_write_them() {
        assert_eq!(origin("example.org", 0), "http://example.org");
        assert_eq!(origin("http://Example.ORG/", 0), "http://example.org");
        assert_eq!(origin("https://example.org", 0), "https://example.org");
        assert_eq!(origin("https://example.org", 80), "https://example.org:80");
        assert_eq!(origin("example.org:8080", 0), "http://example.org:8080");
        assert_eq!(origin("example.org:8080", 81), "http://example.org:81");
        assert_eq!(origin("[::1]:8080", 0), "http://[::1]:8080");
        assert_eq!(origin("::1", 0), "http://[::1]");
        assert_eq!(origin("127.0.0.1", 8080), "http://127.0.0.1:8080");
    }

    #[test]
    fn what_is_no_host_is_told() {
        for (text, part) in [
            ("", "missing"),
            ("http://", "missing"),
            ("ftp://example.org", "not spoken"),
            ("example.org/path", "path"),
            ("a b", "no host name"),
            ("a\r\nHost: b", "no port number"),
            ("münchen.de", "xn--"),
            ("example.org:99999", "65535"),
            ("example.org:http", "no port"),
            ("[::1", "']'"),
            ("me:secret@example.org", "user"),
        ] {
            let problem = Origin::parse(text, 0).unwrap_err().to_string();
            assert!(problem.contains(part), "{text:?}: {problem}");
            assert!(!problem.contains("secret"), "{problem}");
        }
    }

    #[test]
    fn targets_get_a_slash_and_what_encoding_they_need() {
        assert_eq!(target("").unwrap(), "/");
        assert_eq!(target("index.html").unwrap(), "/index.html");
        assert_eq!(target("/a b/ü?q=\"1\"&r=%20#there").unwrap(), "/a%20b/%C3%BC?q=%221%22&r=%20");
        assert!(target("/a\r\nHost: evil").is_err() && target("/\0").is_err());
        let mut with_query = "/find?a=1".to_owned();
        add_query(&mut with_query, &[("q".to_owned(), "x y&z".to_owned())]);
        assert_eq!(with_query, "/find?a=1&q=x%20y%26z");
        assert_eq!(
            form(&[("a b".to_owned(), "1+1".to_owned()), ("c".to_owned(), String::new())]),
            "a+b=1%2B1&c="
        );
    }

    #[test]
    fn locations_are_resolved_as_the_standard_says() {
        let base = Url::parse("http://a/b/c/d;p?q").unwrap().0;
        for (location, expected) in [
            ("g", "http://a/b/c/g"),
            ("./g/", "http://a/b/c/g/"),
            ("/g", "http://a/g"),
            ("//g", "http://g/"),
            ("?y", "http://a/b/c/d;p?y"),
            ("../../../g", "http://a/g"),
            ("", "http://a/b/c/d;p?q"),
            ("HTTPS://Other:8443/x y", "https://other:8443/x%20y"),
            ("#there", "http://a/b/c/d;p?q"),
        ] {
            assert_eq!(base.join(location).unwrap().0.to_string(), expected, "{location:?}");
        }
        for location in ["file:///etc/passwd", "ftp://a/", "http://", "http://a:0/", "mailto:me", "http:g"] {
            assert!(base.join(location).is_err(), "{location:?}");
        }
    }

    #[test]
    fn users_in_a_url_are_not_shown() {
        for (text, shown) in [
            ("http://me:secret@a/x", "http://***@a/x"),
            ("http://me:sec/ret@a/x", "http://***@a/x"),
            ("me:secret@a/x", "***@a/x"),
            ("http://a/mail?to=me@b", "http://a/mail?to=me@b"),
            ("/mail/me@b", "/mail/me@b"),
            ("", ""),
        ] {
            assert_eq!(without_user(text), shown);
        }
        for text in ["http://me:sec/ret@a/x", "http://me:sec?ret@a/x", "http://me:sec#ret@a/x"] {
            let problem = Url::parse(text).unwrap_err().to_string();
            assert!(problem.contains("%2F") && !problem.contains("sec"), "{problem}");
        }
    }

    #[test]
    fn users_in_a_url_are_taken_out_of_it() {
        let (url, user) = Url::parse("http://me:p%40ss@a/x").unwrap();
        assert_eq!(
            (url.to_string(), user),
            ("http://a/x".to_owned(), Some(("me".to_owned(), "p@ss".to_owned())))
        );
    }

    proptest! {
        #[test]
        fn any_text_is_a_url_that_reads_back_or_a_problem(text in "\\PC{0,40}", base in "[a-z./?#%@:\\[\\]]{0,20}") {
            for candidate in [text.clone(), format!("http://{text}"), format!("http://a/{base}")] {
                if let Ok((url, _)) = Url::parse(&candidate) {
                    let again = Url::parse(&url.to_string()).unwrap().0;
                    prop_assert_eq!(&again, &url);
                    prop_assert!(url.to_string().parse::<ureq::http::Uri>().is_ok(), "{}", url);
                    let _ = url.join(&text);
                }
            }
            let _ = Origin::parse(&text, 0);
        }
    }
}
