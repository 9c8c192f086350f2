//! Pure-FTPd: one user, from a database of its own.

use std::process::{Child, Stdio};

use super::account::is_root;
use super::packages::Unpacked;
use super::process::spawn;
use super::{Missing, PASSWORD, PASSWORD_HASH, Recipe, Site, USER};

pub(super) fn recipe(site: &Site) -> Result<Recipe, Missing> {
    let unpacked = Unpacked::find("pure-ftpd")?;
    if !is_root() {
        return Err(Missing("pure-ftpd lets nobody log in unless root starts it".to_owned()));
    }
    let (user, group) = (site.account.user, site.account.group);
    let unlimited = ":".repeat(12);
    let line = format!("{USER}:{PASSWORD_HASH}:{user}:{group}::{}/{unlimited}\n", site.root.path().display());
    let users = site.write("users", &line);
    let database = site.path("users.pdb");
    let mut convert = unpacked.command("usr/bin/pure-pw", site);
    convert.arg("mkdb").arg(&database).arg("-f").arg(users).stdin(Stdio::null()).stderr(Stdio::piped());
    let output = spawn(&mut convert).and_then(Child::wait_with_output);
    let output = output.unwrap_or_else(|error| panic!("pure-pw cannot be started: {error}"));
    assert!(output.status.success(), "pure-pw failed: {}", String::from_utf8_lossy(&output.stderr));

    let mut command = unpacked.command("usr/sbin/pure-ftpd", site);
    command
        .args(ALWAYS)
        .args(["-S", &format!("{},{}", site.address.ip(), site.address.port())])
        .args(["-l", &format!("puredb:{}", database.display())])
        .args(["-g", &site.path("pid").display().to_string()]);
    Ok(Recipe { command, user: USER.to_owned(), password: PASSWORD.to_owned(), version: unpacked.version })
}

/// No anonymous users, no names for addresses, no system log; any user but root; many sessions; listings as long as
/// the folder.
const ALWAYS: &[&str] = &["-E", "-H", "-f", "none", "-u", "1", "-c", "200", "-L", "4000000:5"];
