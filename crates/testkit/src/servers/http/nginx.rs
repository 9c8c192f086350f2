//! nginx: one worker, files, uploads, and TLS at a port of its own.

use super::super::packages::Unpacked;
use super::{Missing, Recipe, Setting};

pub(super) fn recipe(setting: &Setting<'_>) -> Result<Recipe, Missing> {
    let unpacked = Unpacked::find("nginx")?;
    let site = setting.site;
    let temporary = site.make_folder("temporary");
    let mut text = format!(
        "daemon off;\nworker_processes 1;\npid {folder}/pid;\nerror_log stderr warn;\n\
         events {{ worker_connections 1024; }}\nhttp {{\n{ALWAYS}",
        folder = temporary.display(),
    );
    // Where the files are, so that an upload gets its name without being copied.
    text.push_str(&format!("client_body_temp_path {}/upload/.temporary;\n", site.root.path().display()));
    for kind in ["proxy", "fastcgi", "uwsgi", "scgi"] {
        text.push_str(&format!("{kind}_temp_path {}/{kind};\n", temporary.display()));
    }
    text.push_str(&format!("server {{\nroot {};\nlisten {};\n", site.root.path().display(), site.address));
    if let Some(tls) = &setting.tls {
        text.push_str(&format!(
            "listen {} ssl;\nssl_certificate {};\nssl_certificate_key {};\n",
            tls.address,
            tls.files.chain.display(),
            tls.files.key.display(),
        ));
    }
    text.push_str(LOCATIONS);
    text.push_str("}\n}\n");
    let configuration = site.write("nginx.conf", &text);
    let mut command = unpacked.command("usr/sbin/nginx", site);
    site.account.run_as(&mut command);
    // Before it has read its configuration it would write to the log of the system's own.
    command.args(["-e", "stderr", "-p"]).arg(site.folder.path()).arg("-c").arg(configuration);
    let tls = setting.tls.as_ref().map(|tls| tls.address);
    Ok(Recipe { command, version: unpacked.version, tls })
}

/// What does not depend on where it runs: no limits, and the types of a few files.
const ALWAYS: &str = "\
access_log off;
default_type application/octet-stream;
types { text/plain txt; text/html html; application/json json; }
sendfile on;
keepalive_requests 1000000;
client_max_body_size 0;
gzip on;
gzip_min_length 1;
gzip_types text/plain application/json;
";

const LOCATIONS: &str = "\
location /upload/ { dav_methods PUT DELETE MKCOL COPY MOVE; create_full_put_path on; }
location /moved { return 301 /small; }
location /nothing { return 204; }
";
