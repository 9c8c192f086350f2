//! `openssl s_server`, which sends files over TLS. It serves as whoever starts it.

use std::process::Command;

use super::{Missing, Recipe, Setting, version_of};

pub(super) fn recipe(setting: &Setting<'_>) -> Result<Recipe, Missing> {
    let site = setting.site;
    let tls = setting.tls.as_ref().expect("openssl s_server was to be started with an identity");
    let version = version_of(Command::new("openssl").arg("version"))
        .ok_or_else(|| Missing("openssl is missing; apt-get install openssl".to_owned()))?;
    let mut command = Command::new("openssl");
    command
        .args(["s_server", "-quiet", "-WWW", "-accept", &site.address.to_string()])
        .arg("-cert_chain")
        .arg(&tls.files.chain)
        .arg("-cert")
        .arg(&tls.files.chain)
        .arg("-key")
        .arg(&tls.files.key)
        .current_dir(site.root.path());
    Ok(Recipe { command, version, tls: Some(site.address) })
}
