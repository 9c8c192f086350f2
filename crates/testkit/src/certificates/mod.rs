//! Throw-away certificates: an authority, what it vouches for, and what nobody should accept.
//!
//! [`Certificates::shared`] makes them once per process; [`Certificates::write`] puts them into a folder for
//! programs that read files. `cargo run -p testkit --example certificates -- FOLDER` does the same at a desk.

mod authority;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::OnceLock;

pub use self::authority::{Authority, EXPIRED, FUTURE, Identity, Purpose, VALID, Years};

/// The names of this computer that good certificates are for.
pub const LOCAL_NAMES: [&str; 3] = ["localhost", "127.0.0.1", "::1"];

/// The common name that SFML's own examples use, which is no name of a host.
pub const COMMON_NAME: &str = "SFML TLS Example";

/// A set of certificates, one for each thing that can be right or wrong.
#[derive(Debug)]
pub struct Certificates {
    /// The authority that clients in tests trust.
    pub authority: Authority,
    /// An authority that nobody trusts.
    pub stranger: Authority,
    /// For [`LOCAL_NAMES`], from the authority.
    pub good: Identity,
    /// For [`LOCAL_NAMES`], from an authority below the authority; the chain has both certificates.
    pub chained: Identity,
    /// Was good until 2001.
    pub expired: Identity,
    /// Will be good from 2090 on.
    pub not_yet_valid: Identity,
    /// From the authority, for `elsewhere.test` and nothing else.
    pub wrong_host: Identity,
    /// For [`LOCAL_NAMES`], from the stranger.
    pub unknown_issuer: Identity,
    /// For [`LOCAL_NAMES`], from itself.
    pub self_signed: Identity,
    /// Of the kind SFML's documentation makes, for [`COMMON_NAME`].
    pub common_name_only: Identity,
    /// For a client called `client.test`, from the authority.
    pub client: Identity,
    /// For a client, from the stranger.
    pub unknown_client: Identity,
}

impl Certificates {
    /// Makes a new set.
    pub fn new() -> Self {
        let (authority, stranger) = (Authority::new("Testkit Authority"), Authority::new("Testkit Stranger"));
        let below = authority.intermediate("Testkit Intermediate");
        let server = |years| authority.issue(&LOCAL_NAMES, years, Purpose::Server);
        Self {
            good: server(VALID),
            chained: below.issue(&LOCAL_NAMES, VALID, Purpose::Server),
            expired: server(EXPIRED),
            not_yet_valid: server(FUTURE),
            wrong_host: authority.issue(&["elsewhere.test"], VALID, Purpose::Server),
            unknown_issuer: stranger.issue(&LOCAL_NAMES, VALID, Purpose::Server),
            self_signed: Identity::self_signed(&LOCAL_NAMES),
            common_name_only: Identity::common_name_only(COMMON_NAME),
            client: authority.issue(&["client.test"], VALID, Purpose::Client),
            unknown_client: stranger.issue(&["client.test"], VALID, Purpose::Client),
            authority,
            stranger,
        }
    }

    /// The set of this process.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<Certificates> = OnceLock::new();
        SHARED.get_or_init(Self::new)
    }

    /// Every identity with the name of its files.
    pub fn identities(&self) -> [(&'static str, &Identity); 10] {
        [
            ("good", &self.good),
            ("chained", &self.chained),
            ("expired", &self.expired),
            ("not_yet_valid", &self.not_yet_valid),
            ("wrong_host", &self.wrong_host),
            ("unknown_issuer", &self.unknown_issuer),
            ("self_signed", &self.self_signed),
            ("common_name_only", &self.common_name_only),
            ("client", &self.client),
            ("unknown_client", &self.unknown_client),
        ]
    }

    /// Writes `authority.pem`, `stranger.pem`, and for each identity `name.pem` (the chain) and `name.key`.
    ///
    /// # Errors
    /// When the folder cannot be written to.
    pub fn write(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join("authority.pem"), &self.authority.pem)?;
        fs::write(folder.join("stranger.pem"), &self.stranger.pem)?;
        for (name, identity) in self.identities() {
            fs::write(folder.join(name).with_extension("pem"), &identity.chain)?;
            fs::write(folder.join(name).with_extension("key"), &identity.key)?;
        }
        Ok(())
    }
}

impl Default for Certificates {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;
    use crate::folder::TempFolder;
    use crate::skip::skip;

    #[test]
    fn openssl_agrees_about_what_is_good_and_what_is_not() {
        let folder = TempFolder::new("certificates").unwrap();
        Certificates::shared().write(folder.path()).unwrap();
        let verify = |name: &str| {
            let file = format!("{name}.pem");
            let arguments = ["verify", "-CAfile", "authority.pem", "-untrusted", &file, &file];
            Command::new("openssl").args(arguments).current_dir(folder.path()).output()
        };
        if verify("good").is_err() {
            return skip("there is no openssl, install the package openssl");
        }
        for (name, _) in Certificates::shared().identities() {
            let output = verify(name).unwrap();
            let text = String::from_utf8_lossy(&output.stderr);
            let is_vouched_for = ["good", "chained", "wrong_host", "client"].contains(&name);
            assert_eq!(output.status.success(), is_vouched_for, "{name}: {text}");
            match name {
                "expired" => assert!(text.contains("certificate has expired"), "{text}"),
                "not_yet_valid" => assert!(text.contains("not yet valid"), "{text}"),
                "self_signed" => assert!(text.contains("self-signed"), "{text}"),
                _ => {}
            }
        }
    }
}
