//! One authority that issues certificates for tests, and what it issues.

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, date_time_ymd,
};

/// The first and the last year in which a certificate is valid.
pub type Years = (i32, i32);

/// Valid whenever the tests run.
pub const VALID: Years = (2000, 2100);
/// No longer valid.
pub const EXPIRED: Years = (2000, 2001);
/// Not valid yet.
pub const FUTURE: Years = (2090, 2100);

/// A certificate with its key, and with what a server sends along.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The certificate itself (DER).
    pub certificate: Vec<u8>,
    /// The certificate, and whatever lies between it and the authority (PEM).
    pub chain: String,
    /// The private key (PKCS #8, PEM).
    pub key: String,
}

impl Identity {
    /// Signed by nobody but its own key. It names the hosts as alternative names, and is no authority.
    ///
    /// # Panics
    /// Panics if a host is no name.
    pub fn self_signed(hosts: &[&str]) -> Self {
        let key = new_key();
        let certificate = leaf(hosts, VALID, Purpose::Server).self_signed(&key).expect("it can sign itself");
        Self::new(&certificate, &key, None)
    }

    /// What `openssl req -x509 -subj /CN=name` makes, as the documentation of SFML tells: a common name and no
    /// alternative name, an authority of its own, with a key on P-384.
    ///
    /// # Panics
    /// Panics if the system has no random numbers.
    pub fn common_name_only(name: &str) -> Self {
        let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P384_SHA384).expect("a key can be made");
        let mut parameters = named(name, VALID);
        parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = parameters.self_signed(&key).expect("it can sign itself");
        Self::new(&certificate, &key, None)
    }

    fn new(certificate: &rcgen::Certificate, key: &KeyPair, intermediate: Option<&str>) -> Self {
        let chain = certificate.pem() + intermediate.unwrap_or_default();
        Self { certificate: certificate.der().to_vec(), chain, key: key.serialize_pem() }
    }
}

/// What a certificate is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Purpose {
    /// To be shown by servers.
    Server,
    /// To be shown by clients.
    Client,
}

/// Signs the certificates of others.
#[derive(Debug)]
pub struct Authority {
    /// Its own certificate (DER).
    pub certificate: Vec<u8>,
    /// Its own certificate (PEM).
    pub pem: String,
    issuer: Issuer<'static, KeyPair>,
    is_root: bool,
}

impl Authority {
    /// A root.
    ///
    /// # Panics
    /// Panics if the system has no random numbers.
    pub fn new(name: &str) -> Self {
        let key = new_key();
        let parameters = authority(name);
        let certificate = parameters.self_signed(&key).expect("it can sign itself");
        Self::of(&certificate, parameters, key, true)
    }

    /// An authority below this one.
    ///
    /// # Panics
    /// Panics if the system has no random numbers.
    pub fn intermediate(&self, name: &str) -> Self {
        let key = new_key();
        let parameters = authority(name);
        let certificate = parameters.signed_by(&key, &self.issuer).expect("an authority can sign");
        Self::of(&certificate, parameters, key, false)
    }

    /// A certificate for these names or addresses, with a new key on P-256.
    ///
    /// # Panics
    /// Panics if a host is no name.
    pub fn issue(&self, hosts: &[&str], years: Years, purpose: Purpose) -> Identity {
        let key = new_key();
        let certificate =
            leaf(hosts, years, purpose).signed_by(&key, &self.issuer).expect("an authority can sign");
        Identity::new(&certificate, &key, (!self.is_root).then_some(&self.pem))
    }

    fn of(
        certificate: &rcgen::Certificate,
        parameters: CertificateParams,
        key: KeyPair,
        is_root: bool,
    ) -> Self {
        Self {
            certificate: certificate.der().to_vec(),
            pem: certificate.pem(),
            issuer: Issuer::new(parameters, key),
            is_root,
        }
    }
}

fn new_key() -> KeyPair {
    KeyPair::generate().expect("the system has random numbers")
}

fn named(name: &str, (first, last): Years) -> CertificateParams {
    let mut parameters = CertificateParams::default();
    parameters.distinguished_name.push(DnType::CommonName, name);
    parameters.not_before = date_time_ymd(first, 1, 1);
    parameters.not_after = date_time_ymd(last, 12, 31);
    parameters.use_authority_key_identifier_extension = true;
    parameters
}

fn authority(name: &str) -> CertificateParams {
    let mut parameters = named(name, VALID);
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    parameters
}

fn leaf(hosts: &[&str], years: Years, purpose: Purpose) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut parameters = named(hosts.first().map_or("nobody", String::as_str), years);
    parameters.subject_alt_names =
        CertificateParams::new(hosts).expect("hosts are names or addresses").subject_alt_names;
    parameters.is_ca = IsCa::ExplicitNoCa;
    parameters.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    parameters.extended_key_usages = vec![match purpose {
        Purpose::Server => ExtendedKeyUsagePurpose::ServerAuth,
        Purpose::Client => ExtendedKeyUsagePurpose::ClientAuth,
    }];
    parameters
}
