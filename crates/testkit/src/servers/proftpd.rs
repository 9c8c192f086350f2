//! ProFTPD: one user, from a list of its own.

use super::packages::Unpacked;
use super::{Missing, PASSWORD, PASSWORD_HASH, Recipe, Site, USER};

pub(super) fn recipe(site: &Site) -> Result<Recipe, Missing> {
    let unpacked = Unpacked::find("proftpd-core")?;
    let state = site.make_folder("state");
    let (user, group) = (site.account.user, site.account.group);
    let line = format!("{USER}:{PASSWORD_HASH}:{user}:{group}::{}:/bin/sh\n", site.root.path().display());
    let users = site.write("users", &line);
    let mut text = format!(
        "{ALWAYS}DefaultAddress {}\nPort {}\nAuthUserFile {}\nPidFile {state}/pid\nScoreboardFile {state}/scoreboard\n",
        site.address.ip(),
        site.address.port(),
        users.display(),
        state = state.display(),
    );
    if let Some((user, group)) = site.account.names() {
        text.push_str(&format!("User {user}\nGroup {group}\n"));
    }
    let configuration = site.write("proftpd.conf", &text);
    let mut command = unpacked.command("usr/sbin/proftpd", site);
    site.account.run_as(&mut command).arg("--nodaemon").arg("--config").arg(configuration);
    Ok(Recipe { command, user: USER.to_owned(), password: PASSWORD.to_owned(), version: unpacked.version })
}

/// What does not depend on where it runs.
const ALWAYS: &str = "\
ServerType standalone
DelayEngine off
WtmpLog off
TransferLog none
UseReverseDNS off
AuthOrder mod_auth_file.c
RequireValidShell off
AllowOverwrite on
AllowStoreRestart on
";
