//! `Status`: what a response says became of the request.

use std::fmt;

/// A status code (RFC 9110, section 15). Servers may send any from 100 to 999, with a name here or not.
///
/// ```
/// use sfml_network::http::Status;
///
/// assert_eq!(Status(404), Status::NOT_FOUND);
/// assert_eq!(Status(404).to_string(), "404 Not Found");
/// assert!(Status(418).is_client_error());
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Status(pub u16);

macro_rules! statuses {
    ($($(#[$doc:meta])+ $name:ident = $code:literal, $phrase:literal;)+) => {
        impl Status {
            $($(#[$doc])+ pub const $name: Self = Self($code);)+

            /// The codes that have a name here: the code, its name in SFML's spelling, its phrase.
            pub const NAMED: &'static [(Self, &'static str, &'static str)] =
                &[$((Self($code), stringify!($name), $phrase)),+];
        }
    };
}

statuses! {
    /// The client may go on with its request (section 15.2.1).
    CONTINUE = 100, "Continue";
    /// The connection changes to another protocol (section 15.2.2).
    SWITCHING_PROTOCOLS = 101, "Switching Protocols";
    /// The server is at work (RFC 2518, section 10.1).
    PROCESSING = 102, "Processing";
    /// Fields of the answer to come (RFC 8297).
    EARLY_HINTS = 103, "Early Hints";
    /// The request has succeeded (section 15.3.1).
    OK = 200, "OK";
    /// The resource has been created (section 15.3.2).
    CREATED = 201, "Created";
    /// The request will be processed later (section 15.3.3).
    ACCEPTED = 202, "Accepted";
    /// What a proxy has made of the answer (section 15.3.4).
    NON_AUTHORITATIVE_INFORMATION = 203, "Non-Authoritative Information";
    /// There is nothing to send in return (section 15.3.5).
    NO_CONTENT = 204, "No Content";
    /// The client should clear the form the request came from (section 15.3.6).
    RESET_CONTENT = 205, "Reset Content";
    /// A part of the resource, as asked for (section 15.3.7).
    PARTIAL_CONTENT = 206, "Partial Content";
    /// There are several representations to choose from (section 15.4.1).
    MULTIPLE_CHOICES = 300, "Multiple Choices";
    /// The resource has a new address for good (section 15.4.2).
    MOVED_PERMANENTLY = 301, "Moved Permanently";
    /// The resource is elsewhere for now (section 15.4.3); the standard's own name is Found.
    MOVED_TEMPORARILY = 302, "Found";
    /// The answer is elsewhere, to be fetched with GET (section 15.4.4).
    SEE_OTHER = 303, "See Other";
    /// What the client has is still good (section 15.4.5).
    NOT_MODIFIED = 304, "Not Modified";
    /// The resource is elsewhere for now, to be asked for with the same method (section 15.4.8).
    TEMPORARY_REDIRECT = 307, "Temporary Redirect";
    /// The resource has a new address for good, to be asked for with the same method (section 15.4.9).
    PERMANENT_REDIRECT = 308, "Permanent Redirect";
    /// The server does not understand the request (section 15.5.1).
    BAD_REQUEST = 400, "Bad Request";
    /// The client has to say who it is (section 15.5.2).
    UNAUTHORIZED = 401, "Unauthorized";
    /// Reserved (section 15.5.3).
    PAYMENT_REQUIRED = 402, "Payment Required";
    /// The client may not have it, whoever it is (section 15.5.4).
    FORBIDDEN = 403, "Forbidden";
    /// There is no such resource (section 15.5.5).
    NOT_FOUND = 404, "Not Found";
    /// The resource does not know the method (section 15.5.6).
    METHOD_NOT_ALLOWED = 405, "Method Not Allowed";
    /// There is no representation the client would take (section 15.5.7).
    NOT_ACCEPTABLE = 406, "Not Acceptable";
    /// The client has to say to the proxy who it is (section 15.5.8).
    PROXY_AUTHENTICATION_REQUIRED = 407, "Proxy Authentication Required";
    /// The request did not come in time (section 15.5.9).
    REQUEST_TIMEOUT = 408, "Request Timeout";
    /// The request does not fit what the resource is now (section 15.5.10).
    CONFLICT = 409, "Conflict";
    /// The resource is gone for good (section 15.5.11).
    GONE = 410, "Gone";
    /// The request must tell the length of its body (section 15.5.12).
    LENGTH_REQUIRED = 411, "Length Required";
    /// A condition of the request does not hold (section 15.5.13).
    PRECONDITION_FAILED = 412, "Precondition Failed";
    /// The request's body is too large (section 15.5.14).
    CONTENT_TOO_LARGE = 413, "Content Too Large";
    /// The request's address is too long (section 15.5.15).
    URI_TOO_LONG = 414, "URI Too Long";
    /// The server does not take bodies of that type (section 15.5.16).
    UNSUPPORTED_MEDIA_TYPE = 415, "Unsupported Media Type";
    /// The resource has no such part (section 15.5.17). SFML's constant of this name is 407 by a slip.
    RANGE_NOT_SATISFIABLE = 416, "Range Not Satisfiable";
    /// The server cannot do what `Expect` wants (section 15.5.18).
    EXPECTATION_FAILED = 417, "Expectation Failed";
    /// The server does not answer for that host (section 15.5.20).
    MISDIRECTED_REQUEST = 421, "Misdirected Request";
    /// The body is well formed and makes no sense (section 15.5.21).
    UNPROCESSABLE_CONTENT = 422, "Unprocessable Content";
    /// The server wants another protocol (section 15.5.22).
    UPGRADE_REQUIRED = 426, "Upgrade Required";
    /// The request must carry a condition (RFC 6585, section 3).
    PRECONDITION_REQUIRED = 428, "Precondition Required";
    /// The client asks too often (RFC 6585, section 4).
    TOO_MANY_REQUESTS = 429, "Too Many Requests";
    /// The request's header is too large (RFC 6585, section 5).
    REQUEST_HEADER_FIELDS_TOO_LARGE = 431, "Request Header Fields Too Large";
    /// The law forbids it (RFC 7725).
    UNAVAILABLE_FOR_LEGAL_REASONS = 451, "Unavailable For Legal Reasons";
    /// The server met something it did not expect (section 15.6.1).
    INTERNAL_SERVER_ERROR = 500, "Internal Server Error";
    /// The server cannot do that (section 15.6.2).
    NOT_IMPLEMENTED = 501, "Not Implemented";
    /// The server behind the server answered nonsense (section 15.6.3).
    BAD_GATEWAY = 502, "Bad Gateway";
    /// The server is overloaded or being worked on (section 15.6.4).
    SERVICE_NOT_AVAILABLE = 503, "Service Unavailable";
    /// The server behind the server did not answer in time (section 15.6.5).
    GATEWAY_TIMEOUT = 504, "Gateway Timeout";
    /// The server does not know that version of HTTP (section 15.6.6).
    VERSION_NOT_SUPPORTED = 505, "HTTP Version Not Supported";
}

impl Status {
    /// SFML's code for a response that is none. No server can send it.
    pub const INVALID_RESPONSE: Self = Self(1000);
    /// SFML's code for a connection that failed. No server can send it.
    pub const CONNECTION_FAILED: Self = Self(1001);

    /// Whether more is to come: 100 to 199.
    pub const fn is_informational(self) -> bool {
        self.0 / 100 == 1
    }

    /// Whether the request has succeeded: 200 to 299.
    pub const fn is_success(self) -> bool {
        self.0 / 100 == 2
    }

    /// Whether the answer is elsewhere, or known: 300 to 399.
    pub const fn is_redirection(self) -> bool {
        self.0 / 100 == 3
    }

    /// Whether the request was wrong: 400 to 499.
    pub const fn is_client_error(self) -> bool {
        self.0 / 100 == 4
    }

    /// Whether the server has failed: 500 to 599.
    pub const fn is_server_error(self) -> bool {
        self.0 / 100 == 5
    }

    /// The standard's phrase for the code, if it has one here.
    pub fn phrase(self) -> Option<&'static str> {
        let at = Self::NAMED.binary_search_by_key(&self, |(status, _, _)| *status);
        at.ok().map(|at| Self::NAMED[at].2)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.phrase() {
            Some(phrase) => write!(f, "{} {phrase}", self.0),
            None => write!(f, "{}", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_so_that_they_can_be_searched() {
        assert!(Status::NAMED.is_sorted_by_key(|(status, _, _)| *status));
        for (status, _, phrase) in Status::NAMED {
            assert_eq!(status.phrase(), Some(*phrase));
        }
    }

    #[test]
    fn codes_without_a_name_survive() {
        assert_eq!(Status(299).to_string(), "299");
        assert!(Status(299).is_success());
        assert!(!Status::CONNECTION_FAILED.is_server_error());
    }
}
