//! vsftpd: everybody is anonymous, and may write.

use super::packages::Unpacked;
use super::{Missing, Recipe, Site};

pub(super) fn recipe(site: &Site) -> Result<Recipe, Missing> {
    let unpacked = Unpacked::find("vsftpd")?;
    let Some((user, _)) = site.account.names() else {
        return Err(Missing("vsftpd works only as a user whom /etc/passwd names".to_owned()));
    };
    let empty = site.make_folder("empty");
    let (address, port) = (site.address.ip(), site.address.port());
    let text = format!(
        "{ALWAYS}listen_address={address}\nlisten_port={port}\nftp_username={user}\nanon_root={}\nsecure_chroot_dir={}\n",
        site.root.path().display(),
        empty.display()
    );
    let configuration = site.write("vsftpd.conf", &text);
    let mut command = unpacked.command("usr/sbin/vsftpd", site);
    site.account.run_as(&mut command).arg(configuration);
    Ok(Recipe {
        command,
        user: "anonymous".to_owned(),
        password: "guest@localhost".to_owned(),
        version: unpacked.version,
    })
}

/// What does not depend on where it runs. The first lines let it run as an ordinary user.
const ALWAYS: &str = "\
run_as_launching_user=YES
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
background=NO
listen=YES
anonymous_enable=YES
allow_writeable_chroot=YES
write_enable=YES
anon_upload_enable=YES
anon_mkdir_write_enable=YES
anon_other_write_enable=YES
anon_umask=022
anon_world_readable_only=NO
ascii_upload_enable=YES
ascii_download_enable=YES
mdtm_write=YES
async_abor_enable=YES
";
