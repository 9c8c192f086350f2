//! As whom a server works.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use rustix::process::{getegid, geteuid};

/// A user and a group, by number.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Account {
    pub(super) user: u32,
    pub(super) group: u32,
    /// Whether this is not who we are, which only root can bring about.
    is_another: bool,
}

impl Account {
    /// `nobody` for root, so that permissions mean something; for others themselves.
    pub(super) fn current() -> Self {
        if is_root() {
            return Self { user: NOBODY, group: NOBODY, is_another: true };
        }
        Self { user: geteuid().as_raw(), group: getegid().as_raw(), is_another: false }
    }

    /// Lets the command run as this user, without further groups.
    pub(super) fn run_as<'c>(&self, command: &'c mut Command) -> &'c mut Command {
        if self.is_another { command.uid(self.user).gid(self.group) } else { command }
    }

    /// Gives the file or folder to this user.
    pub(super) fn own(&self, path: &Path) -> io::Result<()> {
        if self.is_another { chown(path, Some(self.user), Some(self.group)) } else { Ok(()) }
    }

    /// The same, and nobody else may read it.
    pub(super) fn own_alone(&self, path: &Path) -> io::Result<()> {
        self.own(path)?;
        fs::set_permissions(path, Permissions::from_mode(0o600))
    }

    /// The names of the user and of the group, where the system's lists have them.
    pub(super) fn names(&self) -> Option<(String, String)> {
        let (users, groups) =
            (fs::read_to_string("/etc/passwd").ok()?, fs::read_to_string("/etc/group").ok()?);
        Some((name_of(self.user, &users)?, name_of(self.group, &groups)?))
    }
}

/// Whether we are root.
pub(super) fn is_root() -> bool {
    geteuid().is_root()
}

/// The name in the first field of the line whose third is the number.
fn name_of(number: u32, list: &str) -> Option<String> {
    let mut lines = list.lines().map(|line| line.split(':'));
    lines.find_map(|mut fields| {
        let name = fields.next()?;
        (fields.nth(1)?.parse() == Ok(number)).then(|| name.to_owned())
    })
}

/// The number that Linux itself keeps for a user who owns nothing.
const NOBODY: u32 = 65534;

#[cfg(test)]
mod tests {
    use super::name_of;

    #[test]
    fn a_name_is_found_by_its_number() {
        let list = "root:x:0:0:root:/root:/bin/sh\n+\nnobody:x:65534:65534::/:/bin/false\n";
        assert_eq!(name_of(65534, list).as_deref(), Some("nobody"));
        assert_eq!(name_of(7, list), None);
    }
}
