//! Redirects: where to ask next (RFC 9110, section 15.4), and what may be told there.

use crate::http::auth;
use crate::http::body::Body;
use crate::http::call::Head;
use crate::http::error::HttpError;
use crate::http::fields::Fields;
use crate::http::method::Method;
use crate::http::status::Status;
use crate::http::url::Url;
use crate::http::version::Version;

/// One request on the way to the response.
pub(super) struct Hop<'r> {
    pub(super) url: Url,
    pub(super) method: Method,
    pub(super) version: Version,
    pub(super) fields: Fields,
    pub(super) body: Option<&'r Body>,
}

pub(super) enum Verdict<'r> {
    /// The response is the answer.
    Stay,
    /// The answer is elsewhere.
    Follow(Hop<'r>),
}

impl<'r> Hop<'r> {
    /// What is to be done about a response, after `followed` redirects of at most `limit`.
    pub(super) fn after(&self, head: &Head, limit: u32, followed: usize) -> Result<Verdict<'r>, HttpError> {
        let is_redirect = matches!(
            head.status,
            Status::MOVED_PERMANENTLY
                | Status::MOVED_TEMPORARILY
                | Status::SEE_OTHER
                | Status::TEMPORARY_REDIRECT
                | Status::PERMANENT_REDIRECT
        );
        if limit == 0 || !is_redirect {
            return Ok(Verdict::Stay);
        }
        // Without one the response is all there is.
        let Some(location) = head.fields.get_bytes("Location") else { return Ok(Verdict::Stay) };
        if followed >= limit as usize {
            return Err(HttpError::Redirect(format!("there were {limit} already, as many as are allowed")));
        }
        self.follow(head.status, &String::from_utf8_lossy(location)).map(Verdict::Follow)
    }

    fn follow(&self, status: Status, location: &str) -> Result<Hop<'r>, HttpError> {
        let refused = |sentence: String| HttpError::Redirect(format!("{sentence} (from {})", self.url));
        let (url, user) = self.url.join(location).map_err(refused)?;
        if self.url.is_https() && !url.is_https() {
            return Err(refused(format!("{url} is not protected by TLS as the page before was")));
        }
        // What others do, whatever the standard once said: only GET and HEAD stay what they are.
        let keeps_method = matches!(status, Status::TEMPORARY_REDIRECT | Status::PERMANENT_REDIRECT)
            || self.method == Method::GET
            || self.method == Method::HEAD;
        let mut fields = self.fields.clone();
        if url.origin != self.url.origin {
            for secret in ["Authorization", "Cookie", "Proxy-Authorization", "Host", "Origin"] {
                fields.remove(secret);
            }
        }
        if let Some((name, password)) = user {
            fields.set("Authorization", auth::basic(&name, &password))?;
        }
        let (method, body) = if keeps_method {
            (self.method.clone(), self.body)
        } else {
            for about_the_body in ["Content-Type", "Content-Length", "Content-Encoding", "Content-Language"] {
                fields.remove(about_the_body);
            }
            (Method::GET, None)
        };
        if body.is_some_and(|body| !body.is_replayable()) {
            return Err(refused(format!("{url} wants the body again, which is a reader and has been sent")));
        }
        Ok(Hop { url, method, version: self.version, fields, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hop<'b>(url: &str, method: Method, body: &'b Body) -> Hop<'b> {
        let mut fields = Fields::new();
        for (name, value) in [("Authorization", "x"), ("Cookie", "y"), ("Content-Type", "z"), ("X-Own", "w")]
        {
            fields.append(name, value).unwrap();
        }
        Hop { url: Url::parse(url).unwrap().0, method, version: Version::Http11, fields, body: Some(body) }
    }

    #[test]
    fn credentials_stay_with_the_origin_they_are_for() {
        let body = Body::empty();
        let start = hop("http://a/x", Method::GET, &body);
        let same = start.follow(Status::SEE_OTHER, "/y").unwrap();
        assert!(same.fields.contains("Authorization") && same.fields.contains("Cookie"));
        for elsewhere in ["http://b/y", "http://a:81/y", "https://a/y"] {
            let next = start.follow(Status::SEE_OTHER, elsewhere).unwrap();
            assert!(!next.fields.contains("Authorization") && !next.fields.contains("Cookie"), "{elsewhere}");
            assert!(next.fields.contains("X-Own"));
        }
    }

    #[test]
    fn a_post_becomes_a_get_unless_it_is_to_stay_one() {
        let body = Body::from("data");
        for (status, method) in [
            (Status::MOVED_PERMANENTLY, Method::GET),
            (Status::MOVED_TEMPORARILY, Method::GET),
            (Status::SEE_OTHER, Method::GET),
            (Status::TEMPORARY_REDIRECT, Method::POST),
            (Status::PERMANENT_REDIRECT, Method::POST),
        ] {
            let next = hop("http://a/x", Method::POST, &body).follow(status, "y").unwrap();
            assert_eq!(next.method, method, "{status}");
            assert_eq!(next.body.is_some(), method == Method::POST);
            assert_eq!(next.fields.contains("Content-Type"), method == Method::POST);
        }
    }

    #[test]
    fn what_leads_out_of_tls_or_http_is_not_followed() {
        let body = Body::empty();
        let start = hop("https://a/x", Method::GET, &body);
        for location in ["http://a/x", "file:///etc/passwd", "gopher://a/", "//"] {
            let error = start.follow(Status::SEE_OTHER, location).err();
            assert!(matches!(error, Some(HttpError::Redirect(_))), "{location}");
        }
    }

    #[test]
    fn a_body_that_is_gone_cannot_follow() {
        let body = Body::reader(std::io::empty());
        let start = hop("http://a/x", Method::PUT, &body);
        assert!(start.follow(Status::TEMPORARY_REDIRECT, "/y").is_err());
        assert!(start.follow(Status::SEE_OTHER, "/y").is_ok());
    }
}
