use std::ffi::OsString;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::*;

/// A folder that is removed with its contents.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let name = format!("landing-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The names in it, sorted.
    fn names(&self) -> Vec<OsString> {
        let mut names: Vec<_> =
            fs::read_dir(&self.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[track_caller]
fn refused(target: &Path, keep: Keep, kind: io::ErrorKind) -> io::Error {
    let error = Landing::create(target, keep).unwrap_err();
    assert_eq!(error.kind(), kind, "{error}");
    error
}

fn cause(error: &io::Error) -> &LandingError {
    error.get_ref().and_then(|inner| inner.downcast_ref()).expect("every error of a landing is one")
}

const BOTH: [Keep; 2] = [Keep::Nothing, Keep::Partial];

#[test]
fn nothing_is_under_the_targets_name_before_it_is_committed() {
    for keep in BOTH {
        let folder = Folder::new();
        let landing = Landing::create(&folder.path("it"), keep).unwrap();
        landing.file().write_all(b"content").unwrap();
        assert!(!folder.path("it").exists() && landing.place().exists());
        assert_eq!(landing.len().unwrap(), 7);
        landing.commit().unwrap();
        assert_eq!(folder.names(), ["it"]);
        assert_eq!(fs::read(folder.path("it")).unwrap(), b"content");
    }
}

#[test]
fn what_is_not_committed_leaves_the_target_as_it_was() {
    for keep in BOTH {
        let folder = Folder::new();
        fs::write(folder.path("it"), b"old").unwrap();
        let landing = Landing::create(&folder.path("it"), keep).unwrap();
        landing.file().write_all(b"new").unwrap();
        drop(landing);
        assert_eq!(fs::read(folder.path("it")).unwrap(), b"old");
        assert_eq!(folder.names().len(), if keep == Keep::Partial { 2 } else { 1 });
    }
}

#[test]
fn a_partial_file_is_found_again_at_its_end() {
    let folder = Folder::new();
    let open = || Landing::create(&folder.path("it"), Keep::Partial).unwrap();
    open().file().write_all(b"first ").unwrap();
    assert_eq!(folder.names(), ["it.part"]);
    let landing = open();
    assert_eq!(landing.len().unwrap(), 6);
    landing.file().write_all(b"second").unwrap();
    // What is there can be read, to verify it.
    let mut all = Vec::new();
    landing.file().rewind().unwrap();
    landing.file().read_to_end(&mut all).unwrap();
    assert_eq!(all, b"first second");
    landing.commit().unwrap();
    assert_eq!(folder.names(), ["it"]);
}

#[test]
fn a_restart_begins_with_nothing() {
    let folder = Folder::new();
    fs::write(folder.path("it.part"), b"of another file").unwrap();
    let mut landing = Landing::create(&folder.path("it"), Keep::Partial).unwrap();
    landing.reserve(100).unwrap();
    landing.restart().unwrap();
    landing.reserve(100).unwrap();
    landing.file().write_all(b"new").unwrap();
    landing.commit().unwrap();
    assert_eq!(fs::read(folder.path("it")).unwrap(), b"new");
}

#[test]
fn an_empty_partial_file_is_not_kept() {
    let folder = Folder::new();
    drop(Landing::create(&folder.path("it"), Keep::Partial).unwrap());
    assert!(folder.names().is_empty());
}

#[cfg(unix)]
#[test]
fn a_partial_file_is_for_one_download_at_a_time() {
    let folder = Folder::new();
    let target = folder.path("it");
    let first = Landing::create(&target, Keep::Partial).unwrap();
    first.file().write_all(b"all").unwrap();
    refused(&target, Keep::Partial, io::ErrorKind::ResourceBusy);
    first.commit().unwrap();
    assert_eq!(Landing::create(&target, Keep::Partial).unwrap().len().unwrap(), 0);
    assert_eq!(fs::read(target).unwrap(), b"all");
}

#[cfg(unix)]
#[test]
fn a_partial_file_is_free_when_the_download_ends_whoever_has_it_open() {
    let folder = Folder::new();
    let target = folder.path("it");
    let first = Landing::create(&target, Keep::Partial).unwrap();
    first.file().write_all(b"half").unwrap();
    // As a process has that was just started.
    let _open = first.file().try_clone().unwrap();
    drop(first);
    assert_eq!(Landing::create(&target, Keep::Partial).unwrap().len().unwrap(), 4);
}

#[test]
fn hidden_files_of_one_target_do_not_meet() {
    let folder = Folder::new();
    let landings = [0, 1, 2].map(|_| Landing::create(&folder.path("it"), Keep::Nothing).unwrap());
    assert_eq!(folder.names().len(), 3);
    for (number, landing) in landings.into_iter().enumerate() {
        landing.file().write_all(&[number as u8]).unwrap();
        landing.commit().unwrap();
        assert_eq!(fs::read(folder.path("it")).unwrap(), [number as u8]);
    }
    assert_eq!(folder.names(), ["it"]);
}

#[test]
fn a_target_that_is_no_file_is_refused() {
    let folder = Folder::new();
    fs::create_dir(folder.path("directory")).unwrap();
    for keep in BOTH {
        refused(&folder.path("directory"), keep, io::ErrorKind::IsADirectory);
        for path in ["", "/", "..", "it/", "it/.", "it/.."] {
            let target = format!("{}/{path}", folder.0.display());
            let error = refused(Path::new(&target), keep, io::ErrorKind::InvalidInput);
            assert!(error.to_string().contains("does not end with a file name"), "{error}");
        }
        refused(Path::new("a\0b"), keep, io::ErrorKind::InvalidInput);
    }
    assert_eq!(folder.names(), ["directory"]);
}

#[cfg(unix)]
#[test]
fn devices_and_links_to_directories_are_refused_too() {
    let folder = Folder::new();
    std::os::unix::fs::symlink("/", folder.path("link")).unwrap();
    for keep in BOTH {
        refused(Path::new("/dev/null"), keep, io::ErrorKind::InvalidInput);
        refused(&folder.path("link"), keep, io::ErrorKind::IsADirectory);
    }
}

#[test]
fn a_directory_that_is_missing_is_named() {
    let folder = Folder::new();
    for keep in BOTH {
        let error = refused(&folder.path("missing/it"), keep, io::ErrorKind::NotFound);
        assert_eq!(cause(&error).path(), folder.path("missing"));
        assert!(cause(&error).cause().raw_os_error().is_some());
        assert!(error.to_string().starts_with("could not create a file in "), "{error}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_directory_that_takes_no_files_is_named() {
    // Of the system, which lets not even the superuser create anything in it.
    let target = Path::new("/proc/self/task/it");
    let error = Landing::create(target, Keep::Nothing).unwrap_err();
    assert_eq!(cause(&error).path(), Path::new("/proc/self/task"));
}

#[test]
fn a_read_only_target_is_refused() {
    let folder = Folder::new();
    fs::write(folder.path("it"), b"mine").unwrap();
    let mut permissions = fs::metadata(folder.path("it")).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(folder.path("it"), permissions).unwrap();
    for keep in BOTH {
        refused(&folder.path("it"), keep, io::ErrorKind::PermissionDenied);
    }
}

#[cfg(unix)]
#[test]
fn a_link_is_replaced_and_what_it_points_to_is_not_touched() {
    for keep in BOTH {
        let folder = Folder::new();
        fs::write(folder.path("precious"), b"mine").unwrap();
        std::os::unix::fs::symlink("precious", folder.path("it")).unwrap();
        let landing = Landing::create(&folder.path("it"), keep).unwrap();
        landing.file().write_all(b"new").unwrap();
        landing.commit().unwrap();
        assert_eq!(fs::read(folder.path("precious")).unwrap(), b"mine");
        assert!(!folder.path("it").is_symlink());
        assert_eq!(fs::read(folder.path("it")).unwrap(), b"new");
    }
}

#[cfg(unix)]
#[test]
fn a_partial_file_that_is_a_trap_is_refused() {
    let folder = Folder::new();
    fs::write(folder.path("precious"), b"mine").unwrap();
    std::os::unix::fs::symlink("precious", folder.path("link.part")).unwrap();
    std::os::unix::fs::symlink("missing", folder.path("dangling.part")).unwrap();
    fs::hard_link(folder.path("precious"), folder.path("second.part")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(folder.path("pipe.part")).status().unwrap().success());
    fs::create_dir(folder.path("directory.part")).unwrap();
    for name in ["link", "dangling", "second", "pipe", "directory"] {
        let error = Landing::create(&folder.path(name), Keep::Partial).unwrap_err();
        assert_eq!(cause(&error).path(), folder.path(name).with_extension("part"), "{error}");
    }
    assert_eq!(fs::read(folder.path("precious")).unwrap(), b"mine");
    assert!(!folder.path("missing").exists());
}

#[cfg(unix)]
#[test]
fn permissions_pass_from_the_replaced_file_but_no_privileges() {
    use std::os::unix::fs::PermissionsExt;
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
    for keep in BOTH {
        for old in [0o600, 0o640, 0o666, 0o755, 0o4755] {
            let folder = Folder::new();
            let target = folder.path("it");
            fs::write(&target, b"old").unwrap();
            fs::set_permissions(&target, fs::Permissions::from_mode(old)).unwrap();
            let landing = Landing::create(&target, keep).unwrap();
            assert_eq!(mode(landing.place()) & !old, 0, "never more open than what it replaces");
            landing.commit().unwrap();
            assert_eq!(mode(&target), old & 0o777);
        }
    }
}

#[test]
fn the_time_of_modification_survives_what_is_written_later() {
    let folder = Folder::new();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let mut landing = Landing::create(&folder.path("it"), Keep::Nothing).unwrap();
    landing.set_modified(time);
    landing.file().write_all(b"content").unwrap();
    landing.commit().unwrap();
    assert_eq!(fs::metadata(folder.path("it")).unwrap().modified().unwrap(), time);
}

#[test]
fn reserved_room_changes_no_length_and_is_given_back() {
    for keep in BOTH {
        let folder = Folder::new();
        let mut landing = Landing::create(&folder.path("it"), keep).unwrap();
        landing.reserve(1 << 20).unwrap();
        assert_eq!(landing.len().unwrap(), 0);
        landing.file().write_all(b"far less").unwrap();
        if keep == Keep::Partial {
            drop(landing);
            landing = Landing::create(&folder.path("it"), keep).unwrap();
            assert_eq!(landing.len().unwrap(), 8);
        }
        landing.reserve(4).unwrap();
        landing.commit().unwrap();
        let metadata = fs::metadata(folder.path("it")).unwrap();
        assert_eq!(metadata.len(), 8);
        #[cfg(unix)]
        assert!(std::os::unix::fs::MetadataExt::blocks(&metadata) * 512 < 1 << 20);
    }
}

#[cfg(all(target_os = "linux", not(sfml_network_portable)))]
#[test]
fn a_size_that_no_disk_has_is_told_before_the_first_byte() {
    let folder = Folder::new();
    let mut landing = Landing::create(&folder.path("it"), Keep::Partial).unwrap();
    for size in [1 << 55, u64::MAX] {
        let error = landing.reserve(size).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::StorageFull, "{error}");
        assert_eq!(cause(&error).path(), landing.place());
    }
    drop(landing);
    assert!(folder.names().is_empty());
}

#[test]
fn a_target_that_becomes_a_directory_is_not_replaced() {
    for keep in BOTH {
        let folder = Folder::new();
        let landing = Landing::create(&folder.path("it"), keep).unwrap();
        landing.file().write_all(b"content").unwrap();
        fs::create_dir(folder.path("it")).unwrap();
        let error = landing.commit().unwrap_err();
        assert_eq!(cause(&error).path(), folder.path("it"));
        assert!(folder.path("it").is_dir());
        assert_eq!(folder.names().len(), if keep == Keep::Partial { 2 } else { 1 });
    }
}

#[cfg(unix)]
#[test]
fn names_of_any_length_and_any_bytes_have_room_for_the_part() {
    use std::os::unix::ffi::OsStringExt;
    for keep in BOTH {
        for length in [1, 220, 230, 240, 250, 251, 254, 255] {
            let folder = Folder::new();
            let name = OsString::from_vec(vec![0xfe; length]);
            let target = folder.0.join(&name);
            let landing = Landing::create(&target, keep).unwrap();
            landing.file().write_all(b"content").unwrap();
            if keep == Keep::Partial {
                drop(landing);
                assert_eq!(Landing::create(&target, keep).unwrap().len().unwrap(), 7, "found again");
                Landing::create(&target, keep).unwrap().commit().unwrap();
            } else {
                landing.commit().unwrap();
            }
            assert_eq!(folder.names(), [name]);
        }
        let folder = Folder::new();
        let error = Landing::create(&folder.path(&"x".repeat(256)), keep).unwrap_err();
        assert!(sys::is_name_too_long(cause(&error).cause()), "{error}");
    }
}

#[test]
fn a_relative_target_lands_in_the_current_directory() {
    let name = format!("landing-of-{}", std::process::id());
    let landing = Landing::create(Path::new(&name), Keep::Nothing).unwrap();
    assert_eq!(landing.place().parent(), Some(Path::new("")));
    drop(landing);
    assert!(!Path::new(&name).exists());
}
