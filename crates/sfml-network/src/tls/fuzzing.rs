//! What has to hold of everything that reads certificates and keys: the checks of the fuzz targets, which reach what only
//! this crate can. In no build but those of the tests and of the fuzzer.

#[path = "../../../../fuzz/checks/tls_certificate.rs"]
mod tls_certificate;
#[path = "../../../../fuzz/checks/tls_identity.rs"]
mod tls_identity;

pub use self::tls_certificate::check as certificate;
pub use self::tls_identity::check as identity;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seeds;

    #[test]
    fn seeds_of_certificates_pass_their_check() {
        seeds::run("tls_certificate", certificate);
    }

    #[test]
    fn seeds_of_identities_pass_their_check() {
        seeds::run("tls_identity", identity);
    }
}
