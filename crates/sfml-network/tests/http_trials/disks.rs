//! Disks that are full or cannot be written to, which only root can provide: in a mount namespace of a child process.

use std::env;
use std::fs;
use std::io;
use std::path::Path;
use std::process::Command;

use sfml_network::http::{Download, HttpError, Request};
use testkit::folder::TempFolder;

use crate::downloads::names;
use crate::http_scripts::Scripted;

const MARK: &str = "SFML_NETWORK_DISKS";

const SCRIPT: &str = "\
mount -t tmpfs -o size=2m none \"$1/full\" && mount -t tmpfs none \"$1/readonly\" \
&& mount -o remount,ro \"$1/readonly\" || exit 77; exec \"$2\" --exact --nocapture \"$3\"";

#[test]
fn a_full_disk_and_one_that_cannot_be_written_to_are_told() {
    if let Some(folder) = env::var_os(MARK) {
        return try_all(Path::new(&folder));
    }
    let folder = TempFolder::new("http-disks").unwrap();
    for name in ["full", "readonly"] {
        fs::create_dir(folder.path().join(name)).unwrap();
    }
    let output = Command::new("unshare")
        .args(["--mount", "sh", "-c", SCRIPT, "sh"])
        .arg(folder.path())
        .arg(env::current_exe().unwrap())
        .arg("disks::a_full_disk_and_one_that_cannot_be_written_to_are_told")
        .env(MARK, folder.path())
        .output();
    match output {
        Ok(output) if output.status.success() => {}
        Ok(output) if output.status.code() == Some(101) => {
            panic!("{}", String::from_utf8_lossy(&[output.stdout, output.stderr].concat()));
        }
        _ => testkit::skip::skip("there is no unshare that can mount, which takes root"),
    }
}

fn try_all(folder: &Path) {
    let body = "x".repeat(4 << 20);
    let told = format!("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    let chunked = format!(
        "HTTP/1.1 200 OK\r\nETag: \"a\"\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n",
        body.len()
    );
    for (answer, name, kind) in [
        (&told, "full", io::ErrorKind::StorageFull),
        (&chunked, "full", io::ErrorKind::StorageFull),
        (&told, "readonly", io::ErrorKind::ReadOnlyFilesystem),
    ] {
        let server = Scripted::answering(answer.as_str());
        for resumes in [false, true] {
            let place = folder.join(name);
            let download = if resumes { Download::new().resume() } else { Download::new() };
            let outcome = server.client().download(&Request::get("/"), place.join("file"), download);
            let is_right =
                matches!(&outcome, Err(HttpError::Local { path: Some(_), source }) if source.kind() == kind);
            assert!(is_right, "{name}: {outcome:?}");
            let left = names(&place);
            // What has come is kept; with a length told nothing comes, where the system tells that there is no room.
            let is_kept = left.iter().any(|name| name == "file.part");
            assert!(!is_kept || (resumes && name == "full"), "{left:?}");
            assert!(is_kept || !resumes || answer != &chunked, "{left:?}");
            assert!(!place.join("file").exists());
            for name in left {
                fs::remove_file(place.join(name)).unwrap();
            }
        }
        if name == "full" {
            let outcome = server.client().get("/").unwrap().save_to(folder.join(name).join("file"));
            assert!(matches!(outcome, Err(HttpError::Local { .. })), "{outcome:?}");
            assert_eq!(names(&folder.join(name)), Vec::<String>::new());
        }
    }
}
