//! Certificates and keys from PEM text or DER bytes, and what is wrong with those that are none.

use std::error::Error;
use std::fmt;
use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rustls::pki_types::pem::{Error as PemError, PemObject};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::TlsError;
use crate::error::SocketError;

/// The most a file with certificates or a key may hold; the whole bundle of a system is a quarter of a megabyte.
const MOST_BYTES: u64 = 16 << 20;

/// Why a configuration cannot work.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum ConfigError {
    /// There is no certificate in what was given as certificates.
    NoCertificate,
    /// There is no private key in what was given as a key.
    NoKey,
    /// The private key is under a password, and none was given.
    PasswordNeeded,
    /// The password does not open the private key.
    WrongPassword,
    /// The private key is under a password in a form that is not read: the old one with `Proc-Type: 4,ENCRYPTED`, or
    /// PKCS #8 in a build without the feature `encrypted-keys`. The text says how to convert it.
    UnsupportedKeyEncryption(&'static str),
    /// The private key does not belong to the certificate.
    KeyMismatch,
    /// The text is no PEM, or the bytes no DER.
    Malformed(String),
    /// The name of the server is empty or holds what no name can.
    BadName(String),
    /// Nobody is trusted: the system has no certificates of authorities, and none were given.
    NoRoots,
    /// A file could not be read.
    File(Arc<io::Error>),
    /// The cryptography refuses, for the reason in the text.
    Refused(String),
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoCertificate => {
                f.write_str("there is no certificate in it, a PEM certificate begins with -----BEGIN CERTIFICATE-----")
            }
            Self::NoKey => f.write_str("there is no private key in it, convert it to PKCS #8, PKCS #1 or SEC1"),
            Self::PasswordNeeded => f.write_str("the private key is under a password, give that too"),
            Self::WrongPassword => f.write_str("the password does not open the private key"),
            Self::UnsupportedKeyEncryption(advice) => f.write_str(advice),
            Self::KeyMismatch => f.write_str("the private key does not belong to the certificate"),
            Self::Malformed(what) => write!(f, "not a certificate or key: {what}"),
            Self::BadName(name) => write!(f, "{name:?} cannot be the name of a server"),
            Self::NoRoots => f.write_str(
                "nobody is trusted, install the package ca-certificates, set SSL_CERT_FILE or give certificates",
            ),
            Self::File(error) => write!(f, "a file with certificates or a key could not be read: {error}"),
            Self::Refused(what) => write!(f, "the configuration is refused: {what}"),
        }
    }
}

impl Error for ConfigError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::File(error) => Some(error.as_ref()),
            _ => None,
        }
    }
}

/// By what they say, since the system's errors cannot be compared.
impl PartialEq for ConfigError {
    fn eq(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other) && self.to_string() == other.to_string()
    }
}

impl Eq for ConfigError {}

impl From<ConfigError> for TlsError {
    fn from(error: ConfigError) -> Self {
        Self::Configuration(error)
    }
}

impl From<ConfigError> for SocketError {
    fn from(error: ConfigError) -> Self {
        TlsError::from(error).into()
    }
}

impl From<rustls::Error> for ConfigError {
    fn from(error: rustls::Error) -> Self {
        match error {
            rustls::Error::InconsistentKeys(_) => Self::KeyMismatch,
            rustls::Error::InvalidCertificate(error) => Self::Malformed(error.to_string()),
            error => Self::Refused(error.to_string()),
        }
    }
}

/// Reads a file of certificates or keys.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, ConfigError> {
    let failed = |error| ConfigError::File(Arc::new(error));
    let file = fs::File::open(path).map_err(failed)?;
    let mut contents = Vec::new();
    io::Read::read_to_end(&mut io::Read::take(file, MOST_BYTES), &mut contents).map_err(failed)?;
    Ok(contents)
}

/// All certificates of a PEM text, or the one of DER bytes.
pub(super) fn certificates(contents: &[u8]) -> Result<Vec<CertificateDer<'static>>, ConfigError> {
    if is_der(contents) {
        return Ok(vec![CertificateDer::from(contents.to_vec())]);
    }
    let certificates =
        CertificateDer::pem_slice_iter(contents).collect::<Result<Vec<_>, _>>().map_err(malformed)?;
    if certificates.is_empty() { Err(ConfigError::NoCertificate) } else { Ok(certificates) }
}

/// The private key of a PEM text, or of DER bytes, opened with the password if it is under one.
pub(super) fn key(contents: &[u8], password: Option<&[u8]>) -> Result<PrivateKeyDer<'static>, ConfigError> {
    if is_der(contents) {
        return der_key(contents, password);
    }
    if contains(contents, b"Proc-Type: 4,ENCRYPTED") {
        return Err(ConfigError::UnsupportedKeyEncryption(
            "the private key is encrypted in an old form, convert it with: openssl pkcs8 -topk8 -in old.pem -out new.pem",
        ));
    }
    if let Some(section) = encrypted_section(contents) {
        return open(section, password);
    }
    PrivateKeyDer::from_pem_slice(contents).map_err(|error| match error {
        PemError::NoItemsFound => ConfigError::NoKey,
        error => malformed(error),
    })
}

fn der_key(contents: &[u8], password: Option<&[u8]>) -> Result<PrivateKeyDer<'static>, ConfigError> {
    match PrivateKeyDer::try_from(contents.to_vec()) {
        Ok(key) => Ok(key),
        Err(_) if password.is_some() => open(contents, password),
        Err(error) => Err(ConfigError::Malformed(error.to_string())),
    }
}

/// Opens an encrypted PKCS #8 key, a PEM section or DER.
#[cfg(feature = "encrypted-keys")]
fn open(contents: &[u8], password: Option<&[u8]>) -> Result<PrivateKeyDer<'static>, ConfigError> {
    use pkcs8::EncryptedPrivateKeyInfoRef;
    use pkcs8::der::{Decode, SecretDocument};

    let no_key = |error: pkcs8::der::Error| ConfigError::Malformed(error.to_string());
    let document = match std::str::from_utf8(contents) {
        Ok(text) if !is_der(contents) => SecretDocument::from_pem(text).map_err(no_key)?.1,
        _ => SecretDocument::try_from(contents).map_err(no_key)?,
    };
    let encrypted = EncryptedPrivateKeyInfoRef::from_der(document.as_bytes()).map_err(no_key)?;
    let password = password.ok_or(ConfigError::PasswordNeeded)?;
    let opened = encrypted.decrypt(password).map_err(|_| ConfigError::WrongPassword)?;
    // A wrong password can leave what is no key.
    PrivateKeyDer::try_from(opened.as_bytes().to_vec()).map_err(|_| ConfigError::WrongPassword)
}

#[cfg(not(feature = "encrypted-keys"))]
fn open(_contents: &[u8], _password: Option<&[u8]>) -> Result<PrivateKeyDer<'static>, ConfigError> {
    Err(ConfigError::UnsupportedKeyEncryption(
        "the private key is under a password, which the feature encrypted-keys reads; or take the password off with: \
         openssl pkcs8 -topk8 -nocrypt -in old.pem -out new.pem",
    ))
}

fn encrypted_section(contents: &[u8]) -> Option<&[u8]> {
    const END: &[u8] = b"-----END ENCRYPTED PRIVATE KEY-----";
    let start = position(contents, b"-----BEGIN ENCRYPTED PRIVATE KEY-----")?;
    let section = &contents[start..];
    let end = position(section, END).map_or(section.len(), |end| end + END.len());
    Some(&section[..end])
}

/// Whether the bytes begin as every certificate and key in DER does: a sequence with a length of two bytes or more, or
/// for the keys of small curves of one.
fn is_der(contents: &[u8]) -> bool {
    matches!(contents, [0x30, length, ..] if *length >= 0x20)
}

fn contains(contents: &[u8], part: &[u8]) -> bool {
    position(contents, part).is_some()
}

fn position(contents: &[u8], part: &[u8]) -> Option<usize> {
    contents.windows(part.len()).position(|window| window == part)
}

fn malformed(error: PemError) -> ConfigError {
    ConfigError::Malformed(error.to_string())
}
