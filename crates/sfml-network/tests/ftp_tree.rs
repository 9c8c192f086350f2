//! Trees and parts of files, with several sessions at once.

mod ftp;

use std::error::Error;
use std::fs;
use std::io;
use std::ops::ControlFlow;

use ftp::{Scene, harvest, noise, plant};
use sfml_network::ftp::{FtpError, Transfer, Tree, TreeProgress};
use testkit::ftp::Options;

const FILES: [(&str, &[u8]); 6] = [
    ("a.txt", b"one"),
    ("empty", b""),
    ("sub/b.txt", b"two\r\nlines\n"),
    ("sub/deep/ c;d=e", b"\x00\xFF"),
    ("sub/deep/x.tmp", b"scratch"),
    ("\u{e9}t\u{e9}/f", b"summer"),
];

#[test]
fn tree_comes_down_as_it_is_and_again_only_what_changed() {
    for (sessions, without) in [(1, &[][..]), (4, &[]), (3, &["MLSD", "MLST"])] {
        let scene = Scene::with(Options::new().without(without), |_| {});
        plant(&scene.root("tree"), &FILES);
        let tree = || Tree::new().sessions(sessions);
        let report = scene.ftp.download_tree("tree", scene.home("copy"), tree()).unwrap();
        assert_eq!((report.files, report.unchanged), (6, 0), "{without:?}");
        assert_eq!(harvest(&scene.home("copy")), harvest(&scene.root("tree")));

        let report = scene.ftp.download_tree("tree", scene.home("copy"), tree()).unwrap();
        assert_eq!((report.files, report.unchanged), (0, 6), "{without:?}");
        fs::write(scene.root("tree/a.txt"), b"longer").unwrap();
        let report = scene.ftp.download_tree("tree", scene.home("copy"), tree()).unwrap();
        assert_eq!((report.files, report.bytes, report.unchanged), (1, 6, 5), "{without:?}");
        assert_eq!(harvest(&scene.home("copy")), harvest(&scene.root("tree")));
    }
}

#[test]
fn tree_goes_up_as_it_is_and_again_only_what_changed() {
    for sessions in [1, 4] {
        let scene = Scene::new();
        plant(&scene.home("tree"), &FILES);
        let tree = || Tree::new().sessions(sessions);
        let report = scene.ftp.upload_tree(scene.home("tree"), "to/here", tree()).unwrap();
        assert_eq!((report.files, report.unchanged), (6, 0));
        assert_eq!(harvest(&scene.home("tree")), harvest(&scene.root("to/here")));
        let report = scene.ftp.upload_tree(scene.home("tree"), "to/here", tree()).unwrap();
        assert_eq!((report.files, report.unchanged), (0, 6));
    }
}

#[test]
fn others_are_deleted_only_when_asked_and_never_what_a_pattern_hides() {
    let scene = Scene::new();
    plant(&scene.root("tree"), &FILES);
    plant(
        &scene.home("copy"),
        &[("old/gone", b"x"), ("old/keep.tmp", b"x"), ("stale/x", b"x"), ("a.txt", b"old")],
    );
    let tree = || Tree::new().exclude("*.tmp");
    scene.ftp.download_tree("tree", scene.home("copy"), tree()).unwrap();
    assert!(scene.home("copy/stale/x").exists());
    let report = scene.ftp.download_tree("tree", scene.home("copy"), tree().delete()).unwrap();
    assert_eq!(report.deleted, 3, "two files and one directory");
    assert!(scene.home("copy/old/keep.tmp").exists() && !scene.home("copy/stale").exists());
    assert!(!scene.home("copy/sub/deep/x.tmp").exists());

    scene.ftp.upload_tree(scene.home("copy"), "tree", Tree::new().delete()).unwrap();
    assert_eq!(harvest(&scene.home("copy")), harvest(&scene.root("tree")));
}

#[test]
fn only_what_patterns_name_is_transferred() {
    let scene = Scene::new();
    plant(&scene.root("tree"), &FILES);
    let tree = Tree::new().include("*.txt").include("sub/deep/*").exclude("*.tmp");
    scene.ftp.download_tree("tree", scene.home("copy"), tree).unwrap();
    let found: Vec<String> = harvest(&scene.home("copy")).into_iter().map(|(name, _)| name).collect();
    assert_eq!(found, ["a.txt", "sub/b.txt", "sub/deep/ c;d=e"]);
    let broken = scene.ftp.download_tree("tree", scene.home("copy"), Tree::new().include("{a"));
    assert!(matches!(broken, Err(FtpError::Argument { .. })));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_on_either_side() {
    let scene = Scene::new();
    plant(&scene.root("tree"), &[("sub/a", b"1"), ("b", b"2")]);
    plant(&scene.home("elsewhere"), &[("precious", b"3")]);
    fs::create_dir(scene.home("copy")).unwrap();
    std::os::unix::fs::symlink(scene.home("elsewhere"), scene.home("copy/sub")).unwrap();
    let error = scene.ftp.download_tree("tree", scene.home("copy"), Tree::new().delete()).unwrap_err();
    let FtpError::Unfinished(report) = error else { panic!("{error}") };
    let failed: Vec<_> = report.failures.iter().map(|failure| &*failure.path).collect();
    assert!(failed.contains(&&b"sub"[..]), "{failed:?}");
    assert_eq!(harvest(&scene.home("elsewhere")), [("precious".to_owned(), b"3".to_vec())]);
    assert_eq!(fs::read(scene.home("copy/b")).unwrap(), b"2");

    let report = scene.ftp.upload_tree(scene.home("copy"), "up", Tree::new()).unwrap();
    assert_eq!(report.skipped, [b"sub"]);
}

#[test]
fn port_is_asked_for_behind_the_running_transfer() {
    let scene = Scene::new();
    let files: Vec<(String, Vec<u8>)> = (0..20).map(|number| (format!("{number}"), noise(4096))).collect();
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, data)| (&**name, &**data)).collect();
    plant(&scene.root("tree"), &files);
    scene.ftp.download_tree("tree", scene.home("copy"), Tree::new().sessions(1)).unwrap();
    let commands = scene.commands(&["EPSV", "RETR", "PASV", "TYPE", "SIZE", "MDTM"]);
    assert_eq!(commands.iter().filter(|line| line.starts_with("RETR")).count(), 20);
    // One for the listing, one for the first file, and the others behind a transfer each.
    assert_eq!(commands.iter().filter(|line| line.starts_with("EPSV")).count(), 21, "{commands:?}");
    assert!(
        !commands.iter().any(|line| line.starts_with("SIZE") || line.starts_with("MDTM")),
        "{commands:?}"
    );
}

#[test]
fn progress_counts_files_and_bytes_and_may_cancel() {
    let scene = Scene::new();
    plant(&scene.root("tree"), &FILES);
    let total: usize = FILES.iter().map(|(_, data)| data.len()).sum();
    let mut last = TreeProgress::default();
    let mut progress = |now: TreeProgress| {
        assert!(now.bytes >= last.bytes && now.files >= last.files);
        last = now;
        ControlFlow::Continue(())
    };
    scene
        .ftp
        .download_tree("tree", scene.home("copy"), Tree::new().sessions(1).progress(&mut progress))
        .unwrap();
    assert_eq!((last.total_files, last.total_bytes), (6, total as u64));

    let mut cancel = |_| ControlFlow::Break(());
    let tree = Tree::new().sessions(4).progress(&mut cancel);
    assert!(matches!(scene.ftp.download_tree("tree", scene.home("none"), tree), Err(FtpError::Cancelled)));
    scene.ftp.keep_alive().unwrap();
}

#[test]
fn missing_trees_are_errors() {
    let scene = Scene::new();
    assert!(matches!(
        scene.ftp.download_tree("nowhere", scene.home("copy"), Tree::new()),
        Err(FtpError::Rejected { .. })
    ));
    assert!(matches!(
        scene.ftp.upload_tree(scene.home("nowhere"), "x", Tree::new()),
        Err(FtpError::Local { .. })
    ));
}

#[test]
fn failure_of_a_tree_tells_why_and_from_where() {
    let scene = Scene::new();
    plant(&scene.root("tree"), &FILES);
    fs::create_dir_all(scene.home("copy/a.txt")).unwrap();
    let error = scene.ftp.download_tree("tree", scene.home("copy"), Tree::new()).unwrap_err();
    let source = error.source().expect("the first failure has a source").to_string();
    assert!(error.to_string().starts_with("1 of the tree"), "{error}");
    assert_eq!(source, io::Error::from(io::ErrorKind::IsADirectory).to_string());
}

#[test]
fn large_file_comes_in_parts() {
    let scene = Scene::new();
    let data = noise(5 << 20);
    fs::write(scene.root("large"), &data).unwrap();
    let mut last = (0, None);
    let mut progress = |done, total| {
        last = (done, total);
        ControlFlow::Continue(())
    };
    let transfer = Transfer::binary().keep_time().progress(&mut progress);
    let done = scene.ftp.download_segmented("large", scene.home("large"), 4, transfer).unwrap();
    assert_eq!(done.bytes, data.len() as u64);
    assert!(fs::read(scene.home("large")).unwrap() == data);
    assert_eq!(last.1, Some(data.len() as u64));
    assert!(scene.server.connections() >= 4);
    assert_eq!(scene.commands(&["REST"]).len(), 3);
    scene.ftp.keep_alive().unwrap();

    fs::write(scene.root("small"), b"123").unwrap();
    scene.ftp.download_segmented("small", scene.home("small"), 4, Transfer::binary()).unwrap();
    assert_eq!(fs::read(scene.home("small")).unwrap(), b"123");
    let missing = scene.ftp.download_segmented("none", scene.home("none"), 4, Transfer::binary());
    assert!(matches!(missing, Err(FtpError::Rejected { .. })));
    assert!(!scene.home("none").exists());
}
