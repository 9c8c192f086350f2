//! Trees, up and down.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;

use sfml_network::ftp::{FtpError, Transfer, Tree};

use crate::peers::{Outcome, Talk, assert_same, bytes, home, on_each, options};

/// Small files and some that are larger than any buffer, in folders.
fn plant(root: &Path) {
    for number in 0..24 {
        let folder = root.join(format!("folder {}", number % 3));
        fs::create_dir_all(&folder).expect("a folder in memory");
        let size = if number % 8 == 7 { 600_000 } else { number * 997 };
        fs::write(folder.join(format!("{number}.bin")), bytes(size)).expect("a file in memory");
    }
}

/// How many files of the first tree are the same in the second.
fn same(one: &Path, other: &Path) -> usize {
    let is_same = |number: &usize| {
        let path = format!("folder {}/{number}.bin", number % 3);
        fs::read(one.join(&path))
            .ok()
            .is_some_and(|data| fs::read(other.join(path)).is_ok_and(|same| same == data))
    };
    (0..24).filter(is_same).count()
}

#[test]
fn trees_come_back_as_they_went_whatever_the_server_makes_of_commands_sent_ahead() {
    on_each(|peer| {
        let home = home();
        let original = home.path().join("original");
        plant(&original);
        for sessions in [1, 4] {
            let about = format!("{}, {sessions} sessions", peer.name());
            let ftp = peer.session();
            let tree = || Tree::new().sessions(sessions);
            let there = format!("tree of {sessions}");
            let up = ftp.upload_tree(&original, &there, tree()).good(&about);
            assert_eq!(up.files, 24, "{about}");
            assert_eq!(same(&original, &peer.root().join(&there)), 24, "{about}");
            let copy = home.path().join(&there);
            let down = ftp.download_tree(&there, &copy, tree()).good(&about);
            assert_eq!((down.files, same(&original, &copy)), (24, 24), "{about}");
            let again = ftp.download_tree(&there, &copy, tree()).good(&about);
            assert_eq!((again.files, again.unchanged), (0, 24), "{about}");
            ftp.keep_alive().good(&about);
        }
    });
}

#[test]
fn parts_make_the_file_that_is_there() {
    on_each(|peer| {
        let about = peer.name();
        let (home, data) = (home(), bytes(5 << 20));
        peer.put("large", &data);
        let ftp = peer.session();
        ftp.download_segmented("large", home.path().join("large"), 3, Transfer::binary()).good(about);
        assert!(fs::read(home.path().join("large")).is_ok_and(|copy| copy == data), "{about}");
        ftp.keep_alive().good(about);
    });
}

#[test]
fn a_tree_that_was_cancelled_goes_up_the_next_time() {
    on_each(|peer| {
        let home = home();
        let original = home.path().join("original");
        plant(&original);
        for sessions in [1, 4] {
            let about = format!("{}, {sessions} sessions", peer.name());
            let mut options = options();
            let talk = Talk::of(&mut options);
            let ftp = peer.session_with(options);
            let there = format!("tree of {sessions}");
            let mut cancel = |_| ControlFlow::Break(());
            let tree = Tree::new().sessions(sessions).progress(&mut cancel);
            let outcome = ftp.upload_tree(&original, &there, tree);
            assert!(matches!(outcome, Err(FtpError::Cancelled)), "{about}: {outcome:?}");
            let outcome = ftp.upload_tree(&original, &there, Tree::new().sessions(sessions));
            assert!(outcome.is_ok(), "{about}: {outcome:?} {:#?}", talk.lines());
            assert_eq!(same(&original, &peer.root().join(&there)), 24, "{about}");
        }
    });
}

#[test]
fn a_tree_that_was_cancelled_leaves_a_session_that_moves_whole_files() {
    on_each(|peer| {
        let home = home();
        plant(peer.root());
        for round in 0..8 {
            let about = format!("{}, round {round}", peer.name());
            let ftp = peer.session();
            let mut cancel = |_| ControlFlow::Break(());
            let tree = Tree::new().sessions(1).progress(&mut cancel);
            let outcome = ftp.download_tree("", home.path(), tree);
            assert!(matches!(outcome, Err(FtpError::Cancelled)), "{about}: {outcome:?}");
            let mut back = Vec::new();
            ftp.retrieve("folder 1/4.bin", &mut back, Transfer::binary()).good(&about);
            assert_same(&back, &bytes(4 * 997), &about);
        }
    });
}
