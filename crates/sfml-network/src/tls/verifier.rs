//! Whom a client believes.
//!
//! A server is believed when an authority among the roots vouches for it (RFC 5280, by webpki or the system), or when
//! its certificate is itself among those given, byte for byte. The latter need not be for a host's name, and may be an
//! authority's, as `openssl req -x509` makes them. Either way the certificate has to be valid now and for the name that
//! was asked for, and its key has to have signed the handshake.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_name;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, DigitallySignedStruct, Error, SignatureScheme};

use super::TlsError;
use super::certificate::Fields;

/// What vouches for a server.
#[derive(Clone, Debug)]
pub(super) enum Trust {
    /// These authorities, and these certificates themselves.
    Roots { authorities: Option<Arc<dyn ServerCertVerifier>>, given: Arc<[CertificateDer<'static>]> },
    /// Nothing: whoever answers is believed.
    Anybody,
}

/// Checks the servers of one configuration.
#[derive(Debug)]
pub(super) struct Verifier {
    pub(super) trust: Trust,
    /// The name that was asked for, where it is none that rustls knows.
    pub(super) odd_name: Option<String>,
    pub(super) provider: Arc<CryptoProvider>,
}

impl Verifier {
    fn verify(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<(), Error> {
        let Trust::Roots { authorities, given } = &self.trust else {
            return Ok(());
        };
        if given.contains(leaf) {
            return self.verify_given(leaf, name, now);
        }
        let Some(authorities) = authorities else {
            return Err(if is_self_issued(leaf) {
                TlsError::SelfSigned.into_rustls()
            } else {
                CertificateError::UnknownIssuer.into()
            });
        };
        let outcome = authorities.verify_server_cert(leaf, others, name, ocsp, now);
        match (outcome, &self.odd_name) {
            (Ok(_), None) => Ok(()),
            // It was asked about a name that stands in for one that no authority vouches for.
            (Ok(_), Some(asked)) => Err(wrong_host(asked, presented(leaf, name))),
            (Err(error), Some(asked)) if is_wrong_name(&error) => {
                Err(wrong_host(asked, presented(leaf, name)))
            }
            // To webpki the certificates of authorities are none for servers, whoever has issued them.
            (
                Err(Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::Other(_))),
                _,
            ) if is_self_issued(leaf) => Err(TlsError::SelfSigned.into_rustls()),
            (Err(error), _) => Err(error),
        }
    }

    /// Checks a certificate that was given as one to be believed.
    fn verify_given(
        &self,
        leaf: &CertificateDer<'_>,
        name: &ServerName<'_>,
        now: UnixTime,
    ) -> Result<(), Error> {
        let fields = Fields::of(leaf).ok_or(CertificateError::BadEncoding)?;
        check_time(fields.validity, now)?;
        let names = presented(leaf, name);
        let asked = self.odd_name.clone().unwrap_or_else(|| name.to_str().into_owned());
        let is_right = if names.is_empty() {
            fields.common_name.is_some_and(|common| common.eq_ignore_ascii_case(&asked))
        } else if self.odd_name.is_some() {
            names.iter().any(|presented| presented.eq_ignore_ascii_case(&asked))
        } else {
            return verify_server_name(&ParsedCertificate::try_from(leaf)?, name);
        };
        if is_right {
            return Ok(());
        }
        let common = fields.common_name.filter(|_| names.is_empty()).map(str::to_owned);
        Err(wrong_host(&asked, names.into_iter().chain(common).collect()))
    }
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        self.verify(leaf, others, name, ocsp, now).map(|()| ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, leaf, signature, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, leaf, signature, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn is_self_issued(leaf: &CertificateDer<'_>) -> bool {
    Fields::of(leaf).is_some_and(|fields| fields.is_self_issued())
}

fn wrong_host(asked: &str, presented: Vec<String>) -> Error {
    TlsError::WrongHost { asked: asked.to_owned(), presented }.into_rustls()
}

fn is_wrong_name(error: &Error) -> bool {
    matches!(
        error,
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. }
        )
    )
}

/// The alternative names of a certificate, as rustls tells them when it is asked for one that is not among them.
fn presented(leaf: &CertificateDer<'_>, name: &ServerName<'_>) -> Vec<String> {
    let Ok(parsed) = ParsedCertificate::try_from(leaf) else {
        return Vec::new();
    };
    let nobody = ServerName::try_from(super::client::STAND_IN).unwrap_or_else(|_| name.clone());
    match verify_server_name(&parsed, &nobody) {
        Err(error) => match TlsError::of(&error) {
            TlsError::WrongHost { presented, .. } => presented,
            _ => Vec::new(),
        },
        Ok(()) => vec![super::client::STAND_IN.to_owned()],
    }
}

fn check_time((first, last): (i64, i64), now: UnixTime) -> Result<(), CertificateError> {
    let at =
        |seconds: i64| UnixTime::since_unix_epoch(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    if seconds < first {
        return Err(CertificateError::NotValidYetContext { time: now, not_before: at(first) });
    }
    if seconds > last {
        return Err(CertificateError::ExpiredContext { time: now, not_after: at(last) });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_of_the_time_count_and_the_distance_is_told() {
        let at = |seconds| UnixTime::since_unix_epoch(Duration::from_secs(seconds));
        let check =
            |seconds| check_time((100, 200), at(seconds)).map_err(|error| TlsError::of(&error.into()));
        assert_eq!((check(100), check(200)), (Ok(()), Ok(())));
        assert_eq!(check(99), Err(TlsError::NotYetValid { until: Some(Duration::from_secs(1)) }));
        assert_eq!(check(205), Err(TlsError::Expired { since: Some(Duration::from_secs(5)) }));
    }
}
