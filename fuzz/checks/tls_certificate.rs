//! Any bytes as a certificate: its fields are parts of it, and one that was given is believed for its own names only.
//!
//! Input: the certificate.

use std::time::Duration;

use rustls::client::danger::ServerCertVerifier;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};

use crate::tls::certificate::Fields;
use crate::tls::verifier::{Trust, Verifier};
use crate::tls::version::provider;

pub fn check(input: &[u8]) {
    let fields = Fields::of(input);
    if let Some(fields) = &fields {
        let is_inside = |part: &[u8]| input.as_ptr_range().contains(&part.as_ptr()) || part.is_empty();
        assert!(is_inside(fields.issuer) && is_inside(fields.subject));
        assert!(fields.common_name.is_none_or(|name| is_inside(name.as_bytes())));
    }
    // Out of its time, or for a name that nobody has, it is not believed.
    let first = fields.as_ref().map_or(0, |fields| fields.validity.0);
    let times = [0, 1_000_000_000, 1_800_000_000, u64::try_from(first).unwrap_or(0), u64::MAX];
    for seconds in times {
        let is_believed = believed(input, "localhost", None, seconds);
        assert!(!is_believed || fields.as_ref().is_some_and(|fields| is_within(fields.validity, seconds)));
        let _ = believed(input, "127.0.0.1", None, seconds);
        let _ = believed(input, "not-a-host-name.invalid", Some("some name"), seconds);
        assert!(
            !believed(input, "not-a-host-name.invalid", Some("\u{1}nobody"), seconds) || input.contains(&1)
        );
    }
}

fn is_within((first, last): (i64, i64), seconds: u64) -> bool {
    i64::try_from(seconds).is_ok_and(|seconds| (first..=last).contains(&seconds))
}

fn believed(certificate: &[u8], name: &str, odd_name: Option<&str>, seconds: u64) -> bool {
    let given = CertificateDer::from(certificate.to_vec());
    let verifier = Verifier {
        trust: Trust::Roots { authorities: None, given: [given.clone()].into() },
        odd_name: odd_name.map(str::to_owned),
        provider: provider(),
    };
    let name = ServerName::try_from(name).expect("it is the name of a host");
    let now = UnixTime::since_unix_epoch(Duration::from_secs(seconds));
    let outcome = verifier.verify_server_cert(&given, &[], &name, &[], now);
    if let Err(error) = &outcome {
        // It is told to people.
        let _ = crate::tls::TlsError::of(error).to_string();
    }
    outcome.is_ok()
}
