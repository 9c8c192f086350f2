//! `Method`: what a request asks of the server.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use super::error::RequestProblem;
use super::token;

/// A request method (RFC 9110, section 9): any token, in capitals by convention, which are not changed here.
///
/// ```
/// use sfml_network::http::Method;
///
/// assert_eq!("REPORT".parse::<Method>()?.as_str(), "REPORT");
/// assert!("GET /".parse::<Method>().is_err());
/// # Ok::<(), sfml_network::http::RequestProblem>(())
/// ```
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Method(Cow<'static, str>);

impl Method {
    /// Transfers a representation of the resource (RFC 9110, section 9.3.1).
    pub const GET: Self = Self(Cow::Borrowed("GET"));
    /// As GET, but only the header of the response (section 9.3.2).
    pub const HEAD: Self = Self(Cow::Borrowed("HEAD"));
    /// Gives data to the resource to process (section 9.3.3).
    pub const POST: Self = Self(Cow::Borrowed("POST"));
    /// Replaces the resource (section 9.3.4).
    pub const PUT: Self = Self(Cow::Borrowed("PUT"));
    /// Removes the resource (section 9.3.5).
    pub const DELETE: Self = Self(Cow::Borrowed("DELETE"));
    /// Asks what can be done with the resource (section 9.3.7).
    pub const OPTIONS: Self = Self(Cow::Borrowed("OPTIONS"));
    /// Changes a part of the resource (RFC 5789).
    pub const PATCH: Self = Self(Cow::Borrowed("PATCH"));

    /// The method as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether doing it twice comes to the same as once (RFC 9110, section 9.2.2), as far as is known of the method.
    pub fn is_idempotent(&self) -> bool {
        matches!(self.as_str(), "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE")
    }

    /// Whether a request of this method is expected to have a body, so that the length of none is told as well.
    pub(super) fn expects_body(&self) -> bool {
        matches!(self.as_str(), "POST" | "PUT" | "PATCH")
    }
}

impl Default for Method {
    /// GET.
    fn default() -> Self {
        Self::GET
    }
}

impl FromStr for Method {
    type Err = RequestProblem;

    fn from_str(text: &str) -> Result<Self, RequestProblem> {
        if text == "CONNECT" {
            return Err(RequestProblem::new(
                "method",
                "CONNECT makes a tunnel of the connection, set a proxy instead",
            ));
        }
        token(text).map_err(|found| {
            RequestProblem::new("method", format!("a method is a token of letters and digits, not {found}"))
        })?;
        Ok(Self(Cow::Owned(text.to_owned())))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_token_is_a_method_and_nothing_else_is() {
        for method in ["GET", "get", "M-SEARCH", "X!#$%&'*+-.^_`|~9"] {
            assert_eq!(method.parse::<Method>().unwrap().to_string(), method);
        }
        for method in ["", "GET ", "GE\tT", "GET\r\nHost: evil", "GÉT", "A/B", "CONNECT", "\0"] {
            assert!(method.parse::<Method>().is_err(), "{method:?}");
        }
    }

    #[test]
    fn what_can_be_sent_twice_is_known() {
        assert!(Method::PUT.is_idempotent() && Method::HEAD.is_idempotent());
        assert!(!Method::POST.is_idempotent() && !Method::PATCH.is_idempotent());
        assert!(!"REPORT".parse::<Method>().unwrap().is_idempotent());
    }
}
