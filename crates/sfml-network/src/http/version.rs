//! `Version`: of HTTP.

use std::fmt;

/// A version of HTTP (RFC 9110, section 2.5).
#[derive(Clone, Copy, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Version {
    /// HTTP/1.0 (RFC 1945): a connection for each request, no chunked bodies. What SFML sends unless told otherwise.
    Http10,
    /// HTTP/1.1 (RFC 9112).
    #[default]
    Http11,
}

impl Version {
    /// The version of these numbers, if it is spoken here.
    pub const fn from_numbers(major: u16, minor: u16) -> Option<Self> {
        match (major, minor) {
            (1, 0) => Some(Self::Http10),
            (1, 1) => Some(Self::Http11),
            _ => None,
        }
    }

    /// The number before the dot.
    pub const fn major(self) -> u16 {
        1
    }

    /// The number behind the dot.
    pub const fn minor(self) -> u16 {
        match self {
            Self::Http10 => 0,
            Self::Http11 => 1,
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HTTP/{}.{}", self.major(), self.minor())
    }
}
