//! An HTTP client (RFC 9110, 9112) whose calls end: a whole call has one deadline, a body is complete or an error, and
//! what cannot be read is told.
//!
//! [`Http`] is a client, [`Request`] what it sends, [`Response`] what comes back.
//!
//! ```no_run
//! use sfml_network::http::{self, Download, Http, Request};
//! use std::time::Duration;
//!
//! let page = http::get("https://example.org/")?.text()?;
//!
//! let http = Http::new("https://api.example.org", 0)?;
//! let score = Request::post("/scores").form([("name", "Ada"), ("points", "1815")]).timeout(Duration::from_secs(5));
//! let response = http.send(&score)?;
//! println!("{} {}", response.status(), response.reason());
//!
//! http.download(&Request::get("/levels/3.pak"), "3.pak", Download::new().resume())?;
//! # Ok::<(), http::HttpError>(())
//! ```
//!
//! # What goes over the wire
//!
//! HTTP/1.1, or 1.0 if the request says so; `https` inside TLS with verified certificates. Redirects are responses like
//! others unless [`HttpOptions::redirects`] allows to follow them. Bodies are asked for with gzip and brotli, and decoded.

mod auth;
mod body;
mod call;
mod charset;
mod client;
mod engine;
mod error;
mod fields;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod method;
mod multipart;
mod options;
mod proxy;
mod public_address;
mod request;
mod response;
mod status;
mod url;
mod version;

pub use self::body::Body;
pub use self::client::{Download, Http, ProgressCallback};
pub use self::error::{HttpError, Phase, RequestProblem};
pub use self::fields::Fields;
pub use self::method::Method;
pub use self::multipart::Multipart;
pub use self::options::HttpOptions;
pub use self::proxy::{Proxies, Proxy};
pub use self::public_address::{Family, PublicAddress, public_address};
pub use self::request::Request;
pub use self::response::{Response, Saved};
pub use self::status::Status;
pub use self::url::{Origin, Scheme, Url};
pub use self::version::Version;
pub use crate::interrupt::InterruptHook;
pub use crate::transfer::LowSpeed;

/// Sends a GET to a whole URL, following up to 10 redirects.
///
/// # Errors
/// As [`Http::send`].
pub fn get(url: &str) -> Result<Response, HttpError> {
    let options = HttpOptions { redirects: 10, ..HttpOptions::default() };
    Http::anywhere(options).get(url)
}

/// Whether a text is a token (RFC 9110, section 5.6.2); what is wrong with it otherwise.
fn token(text: &str) -> Result<(), String> {
    let is_token =
        |character: char| character.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(character);
    if text.is_empty() {
        return Err("an empty text".to_owned());
    }
    match text.chars().find(|character| !is_token(*character)) {
        None => Ok(()),
        Some(character) => Err(format!("one that holds {character:?}")),
    }
}
