//! `Request`: what is asked of a server.

use std::fmt;
use std::time::Duration;

use super::auth;
use super::body::Body;
use super::error::RequestProblem;
use super::fields::Fields;
use super::method::Method;
use super::multipart::Multipart;
use super::url::{self, Url};
use super::version::Version;

/// What is asked of a server: method, uri, fields, body.
///
/// Made by a chain of calls; one that cannot be sent is noted, and told when the request is sent. A request can be
/// sent again, unless its body is a reader.
///
/// Set by the library unless set here: `Host`, `User-Agent`, `Accept: */*`, `Accept-Encoding`, and what tells how long
/// the body is. Names are sent in lower case, in which they mean the same (RFC 9110, section 5.1).
///
/// ```
/// use sfml_network::http::Request;
///
/// let request = Request::get("/search").query("q", "sound & music").field("Accept", "text/html");
/// assert_eq!(request.target()?, "/search?q=sound%20%26%20music");
/// # Ok::<(), sfml_network::http::RequestProblem>(())
/// ```
#[derive(Clone, Default)]
pub struct Request {
    method: Method,
    uri: String,
    version: Version,
    query: Vec<(String, String)>,
    fields: Fields,
    body: Body,
    timeout: Option<Duration>,
    problem: Option<RequestProblem>,
}

macro_rules! of_method {
    ($($(#[$doc:meta])+ $name:ident = $method:ident;)+) => {
        $($(#[$doc])+ pub fn $name(uri: impl Into<String>) -> Self {
            Self::new(Method::$method, uri)
        })+
    };
}

impl Request {
    /// A request of HTTP/1.1 without fields or body.
    ///
    /// `uri` is a path with or without query, to which a leading `/` is added, or a whole URL, which then says where
    /// the request goes. What must be encoded in it is; a `%` is taken for part of what is encoded already. A fragment
    /// is left out.
    pub fn new(method: Method, uri: impl Into<String>) -> Self {
        Self { method, uri: uri.into(), ..Self::default() }
    }

    of_method! {
        /// A request for a resource.
        get = GET;
        /// A request for the header of a resource.
        head = HEAD;
        /// A request that gives data to a resource.
        post = POST;
        /// A request that replaces a resource.
        put = PUT;
        /// A request that removes a resource.
        delete = DELETE;
        /// A request that changes a part of a resource.
        patch = PATCH;
        /// A request that asks what can be done with a resource.
        options = OPTIONS;
    }

    /// Sets the version of HTTP.
    #[must_use]
    pub fn version(mut self, version: Version) -> Self {
        self.version = version;
        self
    }

    /// Adds a parameter to the query of the uri, encoded.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a field.
    #[must_use]
    pub fn field(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let added = self.fields.append(name, value);
        self.note(added.err());
        self
    }

    /// Says who asks, by a user and a password (`Authorization: Basic`, RFC 7617), which only TLS hides from others.
    #[must_use]
    pub fn basic_auth(self, user: &str, password: &str) -> Self {
        if user.contains(':') {
            let mut refused = self;
            refused.note(Some(RequestProblem::new("field", "the user of basic authentication holds no ':'")));
            return refused;
        }
        self.authorization(auth::basic(user, password))
    }

    /// Says who asks, by a token (`Authorization: Bearer`, RFC 6750).
    #[must_use]
    pub fn bearer_auth(self, token: &str) -> Self {
        self.authorization(auth::bearer(token))
    }

    fn authorization(mut self, value: String) -> Self {
        let set = self.fields.set("Authorization", value);
        self.note(set.err());
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self
    }

    /// Sets the body to a text, and its type to `text/plain` in UTF-8.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.typed("text/plain; charset=utf-8", Body::from(text))
    }

    /// Sets the body to a form (`application/x-www-form-urlencoded`).
    #[must_use]
    pub fn form<N: AsRef<str>, V: AsRef<str>>(self, pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let pairs: Vec<_> = pairs
            .into_iter()
            .map(|(name, value)| (name.as_ref().to_owned(), value.as_ref().to_owned()))
            .collect();
        self.typed("application/x-www-form-urlencoded", Body::from(url::form(&pairs)))
    }

    /// Sets the body to a text that is JSON already, and its type to `application/json`.
    #[must_use]
    pub fn json_text(self, json: impl Into<Vec<u8>>) -> Self {
        self.typed("application/json", Body::bytes(json))
    }

    /// Sets the body to a value as JSON.
    ///
    /// # Errors
    /// A [`RequestProblem`] when the value has no form in JSON.
    #[cfg(feature = "json")]
    pub fn json<T: serde::Serialize + ?Sized>(self, value: &T) -> Result<Self, RequestProblem> {
        let json =
            serde_json::to_vec(value).map_err(|error| RequestProblem::new("body", error.to_string()))?;
        Ok(self.json_text(json))
    }

    /// Sets the body to a form with files.
    #[must_use]
    pub fn multipart(self, form: Multipart) -> Self {
        let body = Body::multipart(form);
        let content_type = body.content_type().unwrap_or_default();
        self.typed(&content_type, body)
    }

    fn typed(mut self, content_type: &str, body: Body) -> Self {
        let set = self.fields.set("Content-Type", content_type);
        self.note(set.err());
        self.body(body)
    }

    /// Limits how long the whole call may take, in place of what the client's options say.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Keeps the first thing that was wrong.
    fn note(&mut self, problem: Option<RequestProblem>) {
        self.problem = self.problem.take().or(problem);
    }

    /// The method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// The uri as it was given.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The version of HTTP.
    pub fn http_version(&self) -> Version {
        self.version
    }

    /// The fields set so far.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// The fields, to be changed.
    pub fn fields_mut(&mut self) -> &mut Fields {
        &mut self.fields
    }

    /// The body.
    pub fn body_ref(&self) -> &Body {
        &self.body
    }

    pub(super) fn time_limit(&self) -> Option<Duration> {
        self.timeout
    }

    /// The path and query as they are sent.
    ///
    /// # Errors
    /// A [`RequestProblem`] when the uri cannot be sent.
    pub fn target(&self) -> Result<String, RequestProblem> {
        let mut target = match self.whole_url()? {
            Some((url, _)) => url.target,
            None => url::target(&self.uri)?,
        };
        url::add_query(&mut target, &self.query);
        Ok(target)
    }

    /// The uri, if it is a whole URL, and the user and password in it.
    pub(super) fn whole_url(&self) -> Result<Option<url::UrlAndUser>, RequestProblem> {
        let is_whole = self.uri.split(['/', '?', '#']).next().is_some_and(|first| first.ends_with(':'))
            && self.uri.contains("://");
        if is_whole { Url::parse(&self.uri).map(Some) } else { Ok(None) }
    }

    /// Tells what is wrong with it, as far as that can be seen before it is sent; its uri aside, see
    /// [`target`](Self::target).
    ///
    /// # Errors
    /// The first [`RequestProblem`] of the chain of calls that made it, or one of fields that do not fit.
    pub fn check(&self) -> Result<(), RequestProblem> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        for name in ["Transfer-Encoding", "Connection", "Expect", "Trailer", "Upgrade", "TE"] {
            let is_allowed = |value: &[u8]| match name {
                "Connection" => is_close_or_keep_alive(value),
                "Expect" => value.eq_ignore_ascii_case(b"100-continue") && self.version == Version::Http11,
                _ => false,
            };
            if !self.fields.get_all(name).all(is_allowed) {
                let sentence = format!("the field {name} is about the connection, which the library sees to");
                return Err(RequestProblem::new("field", sentence));
            }
        }
        for name in ["Host", "Content-Length"] {
            if self.fields.get_all(name).count() > 1 {
                return Err(RequestProblem::new("field", format!("there is more than one field {name}")));
            }
        }
        if self.fields.contains("Content-Length") {
            let digits = self.fields.get("Content-Length").filter(|value| !value.starts_with('+'));
            let told = digits.and_then(|value| value.parse::<u64>().ok());
            if told.is_none() || self.body.length().is_some_and(|length| Some(length) != told) {
                let sentence = "the field Content-Length does not fit the body, leave it to the library";
                return Err(RequestProblem::new("field", sentence));
            }
        }
        Ok(())
    }
}

fn is_close_or_keep_alive(value: &[u8]) -> bool {
    value.eq_ignore_ascii_case(b"close") || value.eq_ignore_ascii_case(b"keep-alive")
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("uri", &url::without_user(&self.uri))
            .field("version", &self.version)
            .field("fields", &self.fields)
            .field("body", &self.body)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(request: &Request) -> String {
        let problem = request.check().err().or_else(|| request.target().err());
        problem.map_or_else(|| "none".to_owned(), |problem| problem.to_string())
    }

    #[test]
    fn what_is_wrong_first_is_told() {
        let request = Request::get("/").field("X", "a\r\nb").field("Y Z", "1");
        assert!(problem(&request).contains('X'), "{}", problem(&request));
        assert!(problem(&Request::get("/a\nb")).contains("uri"));
        assert!(problem(&Request::get("ftp://host/")).contains("ftp"));
        assert!(
            problem(&Request::get("/").field("Transfer-Encoding", "chunked")).contains("Transfer-Encoding")
        );
        assert!(
            problem(&Request::post("/").body("abc").field("Content-Length", "4")).contains("Content-Length")
        );
        assert!(problem(&Request::get("/").basic_auth("a:b", "c")).contains(':'));
        assert_eq!(problem(&Request::post("/").body("abc").field("Content-Length", "3")), "none");
        assert_eq!(problem(&Request::get("/go?to=http://other/").field("Connection", "close")), "none");
    }

    #[test]
    fn a_field_that_counts_is_there_once_and_in_digits() {
        let upload = || Request::post("/").body("abc");
        for request in [
            upload().field("Content-Length", "3").field("Content-Length", "30"),
            upload().field("Content-Length", "+3"),
            upload().field("Connection", "close").field("Connection", "upgrade"),
            upload().field("Expect", "100-continue").field("Expect", "200-ok"),
        ] {
            assert_ne!(problem(&request), "none", "{request:?}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let request = Request::get("http://me:s3cret@a/").basic_auth("ada", "hush").bearer_auth("t0ken");
        let shown = format!("{request:?}");
        assert!(!shown.contains("t0ken") && !shown.contains("YWRh") && !shown.contains("s3cret"), "{shown}");
    }
}
