//! `TlsError`: what goes wrong inside TLS, each thing under its own name.
//!
//! It travels inside a [`SocketError`]: as `Other`, or as `Disconnected` where the stream was cut short.
//! [`SocketError::tls`] gets it back.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::{AlertDescription, CertificateError, PeerIncompatible};

use super::ConfigError;
use crate::error::SocketError;

/// Why a connection inside TLS failed, or could not be set up.
///
/// After any of these but [`Configuration`](Self::Configuration) the connection is over: every later call fails with the
/// same error, and nothing is sent any more.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum TlsError {
    /// The peer's certificate, or one above it, was valid until some time ago; or this computer's clock is wrong.
    Expired {
        /// How long ago, where that is known.
        since: Option<Duration>,
    },
    /// The peer's certificate, or one above it, is not valid yet; or this computer's clock is wrong.
    NotYetValid {
        /// How long until it is, where that is known.
        until: Option<Duration>,
    },
    /// The peer's certificate is for other names.
    WrongHost {
        /// The name that was asked for.
        asked: String,
        /// The names in the certificate, as far as they are known.
        presented: Vec<String>,
    },
    /// The peer's certificate was issued by an authority that is not among the trusted ones.
    UnknownIssuer,
    /// The peer's certificate was issued by itself, and is not among the trusted ones.
    SelfSigned,
    /// The peer's certificate was revoked.
    Revoked,
    /// The peer's certificate is bad in some other way, which the text names.
    BadCertificate(String),
    /// The peer showed no certificate, which this end requires.
    NoCertificate,
    /// The peer requires a certificate, and this end has shown none. Set one in the configuration.
    CertificateRequired,
    /// The peer does not speak TLS: what came where a handshake is due is something else.
    NotTls {
        /// Whether it looks like HTTP without TLS, which is mostly a wrong port.
        is_http: bool,
    },
    /// The peer gave up, and sent this alert (RFC 8446 §6.2), such as `unknown_ca` or `handshake_failure`.
    Alert(String),
    /// The two ends have no version, cipher suite or application protocol in common.
    NothingInCommon(InCommon),
    /// The stream ended without TLS's own mark of the end: what was received may not be all, and someone between the
    /// ends may have cut it.
    Truncated,
    /// The peer broke the rules of TLS, or someone changed its bytes on the way; the text names the rule.
    Misbehaved(String),
    /// The configuration cannot work.
    Configuration(ConfigError),
}

/// What two ends of a connection have to agree on.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum InCommon {
    /// A version of TLS.
    Version,
    /// A cipher suite, a group for the key exchange, or a signature scheme.
    CipherSuite,
    /// An application protocol (ALPN).
    ApplicationProtocol,
}

impl TlsError {
    /// What an error of rustls means.
    pub(super) fn of(error: &rustls::Error) -> Self {
        use rustls::Error as Rustls;
        match error {
            Rustls::InvalidCertificate(error) => Self::of_certificate(error),
            Rustls::NoCertificatesPresented => Self::NoCertificate,
            Rustls::NoApplicationProtocol => Self::NothingInCommon(InCommon::ApplicationProtocol),
            Rustls::PeerIncompatible(error) => Self::NothingInCommon(missing(error)),
            Rustls::AlertReceived(alert) => Self::of_alert(*alert),
            error => Self::Misbehaved(error.to_string()),
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        use CertificateError as Certificate;
        match error {
            Certificate::Expired => Self::Expired { since: None },
            Certificate::ExpiredContext { time, not_after } => Self::Expired {
                since: Some(Duration::from_secs(time.as_secs().saturating_sub(not_after.as_secs()))),
            },
            Certificate::NotValidYet => Self::NotYetValid { until: None },
            Certificate::NotValidYetContext { time, not_before } => Self::NotYetValid {
                until: Some(Duration::from_secs(not_before.as_secs().saturating_sub(time.as_secs()))),
            },
            Certificate::NotValidForName => Self::WrongHost { asked: String::new(), presented: Vec::new() },
            Certificate::NotValidForNameContext { expected, presented } => Self::WrongHost {
                asked: expected.to_str().into_owned(),
                presented: presented.iter().map(|name| plain_name(name)).collect(),
            },
            Certificate::UnknownIssuer => Self::UnknownIssuer,
            Certificate::Revoked => Self::Revoked,
            Certificate::Other(other) => match other.0.downcast_ref::<Self>() {
                Some(own) => own.clone(),
                None => Self::BadCertificate(other.0.to_string()),
            },
            error => Self::BadCertificate(error.to_string()),
        }
    }

    fn of_alert(alert: AlertDescription) -> Self {
        match alert {
            AlertDescription::CertificateRequired => Self::CertificateRequired,
            AlertDescription::ProtocolVersion => Self::NothingInCommon(InCommon::Version),
            AlertDescription::InsufficientSecurity => Self::NothingInCommon(InCommon::CipherSuite),
            AlertDescription::NoApplicationProtocol => Self::NothingInCommon(InCommon::ApplicationProtocol),
            alert => Self::Alert(alert_name(alert)),
        }
    }

    /// The same for rustls, which has no word of its own for some.
    pub(super) fn into_rustls(self) -> rustls::Error {
        CertificateError::Other(rustls::OtherError(Arc::new(self))).into()
    }

    fn kind(&self) -> io::ErrorKind {
        match self {
            Self::Truncated => io::ErrorKind::UnexpectedEof,
            Self::Configuration(_) => io::ErrorKind::InvalidInput,
            _ => io::ErrorKind::InvalidData,
        }
    }
}

impl fmt::Display for TlsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expired { since } => {
                f.write_str("the peer's certificate expired")?;
                if let Some(since) = since {
                    write!(f, " {} days ago", days(since))?;
                }
                f.write_str(", its owner has to renew it unless this computer's clock is wrong")
            }
            Self::NotYetValid { until: Some(until) } => write!(
                f,
                "the peer's certificate is not valid for another {} days, check this computer's clock",
                days(until)
            ),
            Self::NotYetValid { until: None } => {
                f.write_str("the peer's certificate is not valid yet, check this computer's clock")
            }
            Self::WrongHost { asked, presented } => {
                write!(f, "the peer's certificate is not for {asked:?}")?;
                match presented.as_slice() {
                    [] => f.write_str(", it names no host"),
                    names => write!(f, ", only for {}", names.join(", ")),
                }
            }
            Self::UnknownIssuer => f.write_str(
                "the peer's certificate is from an unknown authority, add that authority to the trusted roots",
            ),
            Self::SelfSigned => f.write_str(
                "the peer's certificate is signed by itself, add it to the trusted roots if it is the right one",
            ),
            Self::Revoked => f.write_str("the peer's certificate was revoked by its authority"),
            Self::BadCertificate(what) => write!(f, "the peer's certificate is bad: {what}"),
            Self::NoCertificate => f.write_str("the peer showed no certificate, which is required here"),
            Self::CertificateRequired => {
                f.write_str("the peer requires a certificate, set one in the configuration")
            }
            Self::NotTls { is_http: true } => {
                f.write_str("the peer speaks HTTP without TLS, the port is probably the wrong one")
            }
            Self::NotTls { is_http: false } => {
                f.write_str("the peer does not speak TLS, the port is probably the wrong one")
            }
            Self::Alert(name) => write!(f, "the peer gave up with the TLS alert {name}"),
            Self::NothingInCommon(what) => write!(f, "the peer and this end have no {what} in common"),
            Self::Truncated => f.write_str(
                "the connection ended without TLS's closing message, what was received may not be all",
            ),
            Self::Misbehaved(what) => write!(f, "the peer broke the rules of TLS: {what}"),
            Self::Configuration(error) => error.fmt(f),
        }
    }
}

impl Error for TlsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Configuration(error) => error.source(),
            _ => None,
        }
    }
}

impl fmt::Display for InCommon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Version => "version of TLS",
            Self::CipherSuite => "cipher suite",
            Self::ApplicationProtocol => "application protocol",
        })
    }
}

impl From<TlsError> for SocketError {
    fn from(error: TlsError) -> Self {
        Self::from(io::Error::new(error.kind(), error))
    }
}

impl SocketError {
    /// The error of TLS behind this one, if it is one.
    ///
    /// ```
    /// use sfml_network::SocketError;
    /// use sfml_network::tls::TlsError;
    ///
    /// let error = SocketError::from(TlsError::Truncated);
    /// assert_eq!(error.tls(), Some(&TlsError::Truncated));
    /// assert!(matches!(error, SocketError::Disconnected(Some(_))));
    /// ```
    pub fn tls(&self) -> Option<&TlsError> {
        self.io_error()?.get_ref()?.downcast_ref()
    }
}

fn days(time: &Duration) -> u64 {
    time.as_secs() / (24 * 60 * 60)
}

fn missing(error: &PeerIncompatible) -> InCommon {
    use PeerIncompatible as Peer;
    match error {
        Peer::ServerDoesNotSupportTls12Or13
        | Peer::ServerTlsVersionIsDisabledByOurConfig
        | Peer::SupportedVersionsExtensionRequired
        | Peer::Tls12NotOffered
        | Peer::Tls12NotOfferedOrEnabled => InCommon::Version,
        _ => InCommon::CipherSuite,
    }
}

/// `DnsName("a.example")`, as rustls has it, without what is around the name.
fn plain_name(name: &str) -> String {
    let inside = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
    inside.trim_matches('"').to_owned()
}

/// The name as the RFCs write it: `UnknownCA` is `unknown_ca`.
fn alert_name(alert: AlertDescription) -> String {
    let name = match alert {
        AlertDescription::UnknownPSKIdentity => return "unknown_psk_identity".to_owned(),
        AlertDescription::UnknownCA => return "unknown_ca".to_owned(),
        AlertDescription::Unknown(code) => return format!("number {code}"),
        alert => format!("{alert:?}"),
    };
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_have_the_names_of_the_rfc() {
        assert_eq!(alert_name(AlertDescription::UnknownCA), "unknown_ca");
        assert_eq!(alert_name(AlertDescription::HandshakeFailure), "handshake_failure");
        assert_eq!(alert_name(AlertDescription::BadRecordMac), "bad_record_mac");
        assert_eq!(alert_name(AlertDescription::from(200)), "number 200");
    }

    #[test]
    fn an_error_comes_back_out_of_a_socket_error_and_an_io_error() {
        let error = SocketError::from(TlsError::Revoked);
        assert!(matches!(error, SocketError::Other(_)));
        let error = SocketError::from(io::Error::from(error));
        assert_eq!(error.tls(), Some(&TlsError::Revoked));
        assert_eq!(error.kind(), io::ErrorKind::InvalidData);
        assert!(SocketError::NotReady.tls().is_none());
    }

    #[test]
    fn names_lose_what_is_around_them() {
        assert_eq!(plain_name("DnsName(\"a.example\")"), "a.example");
        assert_eq!(plain_name("IpAddress(127.0.0.1)"), "127.0.0.1");
        assert_eq!(plain_name("a.example"), "a.example");
    }
}
