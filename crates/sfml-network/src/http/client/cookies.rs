//! `Cookies`: what servers asked to be told again (RFC 6265).

use std::fmt;
use std::sync::Mutex;

use cookie_store::{CookieStore, RawCookie};

use crate::descriptor::lock;
use crate::http::fields::Fields;
use crate::http::url::Url;

/// The cookies of one client.
#[derive(Default)]
pub(super) struct Cookies(Mutex<CookieStore>);

impl Cookies {
    /// The field `Cookie` for a request, if there is anything to tell.
    pub(super) fn for_request(&self, url: &Url) -> Option<String> {
        let url = url.to_string().parse().ok()?;
        let store = lock(&self.0);
        let pairs: Vec<String> =
            store.get_request_values(&url).map(|(name, value)| format!("{name}={value}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Keeps what a response asks to be kept, as far as it may ask for it.
    pub(super) fn keep(&self, url: &Url, fields: &Fields) {
        let Ok(parsed) = url.to_string().parse() else { return };
        let mut store = lock(&self.0);
        for value in fields.get_all("Set-Cookie") {
            let Ok(text) = std::str::from_utf8(value) else { continue };
            let Ok(cookie) = RawCookie::parse(text.to_owned()) else { continue };
            let is_whole_registry = cookie.domain().is_some_and(|domain| {
                !domain.trim_start_matches('.').contains('.') && domain != url.origin.host
            });
            if !is_whole_registry && store.iter_any().count() < MOST {
                // One that is for another host is refused by the store.
                let _ = store.insert_raw(&cookie, &parsed);
            }
        }
    }
}

impl fmt::Debug for Cookies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cookies", lock(&self.0).iter_any().count())
    }
}

/// What RFC 6265, section 6.1, wants a client to hold at least.
const MOST: usize = 3000;

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap().0
    }

    fn set(cookies: &Cookies, from: &str, values: &[&str]) {
        let mut fields = Fields::new();
        values.iter().for_each(|value| fields.append("Set-Cookie", value).unwrap());
        cookies.keep(&url(from), &fields);
    }

    #[test]
    fn cookies_go_where_they_are_for() {
        let cookies = Cookies::default();
        let values =
            ["a=1; Path=/", "b=2; Path=/deep", "c=3; Secure", "d=4; Domain=example.org", "e=5; Max-Age=0"];
        set(&cookies, "https://www.example.org/", &values);
        let told = |target| cookies.for_request(&url(target)).unwrap_or_default();
        let sorted = |text: String| {
            let mut pairs: Vec<_> = text.split("; ").map(str::to_owned).collect();
            pairs.sort();
            pairs.join(" ")
        };
        assert_eq!(sorted(told("https://www.example.org/")), "a=1 c=3 d=4");
        assert_eq!(sorted(told("https://www.example.org/deep/er")), "a=1 b=2 c=3 d=4");
        assert_eq!(sorted(told("http://www.example.org/")), "a=1 d=4");
        assert_eq!(told("https://other.example.org/"), "d=4");
        assert_eq!(told("https://example.com/"), "");
    }

    #[test]
    fn a_server_cannot_set_cookies_for_others() {
        let cookies = Cookies::default();
        set(
            &cookies,
            "http://evil.example/",
            &["a=1; Domain=example.org", "b=2; Domain=example", "c=3; Domain=.org"],
        );
        assert_eq!(cookies.for_request(&url("http://example.org/")), None);
        assert_eq!(cookies.for_request(&url("http://good.example/")), None);
        let many: Vec<String> = (0..4000).map(|number| format!("n{number}=1")).collect();
        set(&cookies, "http://evil.example/", &many.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(lock(&cookies.0).iter_any().count(), MOST);
    }
}
