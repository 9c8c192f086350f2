//! Downloads and uploads that come to their end.

use std::fs;
use std::ops::ControlFlow;
use std::time::{Duration, SystemTime};

use sfml_network::ftp::TransferMode::{self, Ascii, Binary};
use sfml_network::ftp::{Ftp, Transfer};
use testkit::servers::Kind;

use crate::peers::{Outcome, assert_same, bytes, home, on_each};

/// Around the sizes of the buffers on the way, and larger than all of them together.
const SIZES: [usize; 8] = [0, 1, 4096, (64 << 10) - 1, 128 << 10, 1 << 20, (1 << 20) + 1, (20 << 20) + 3];

#[test]
fn files_of_every_size_go_there_and_back() {
    let data = bytes(SIZES[SIZES.len() - 1]);
    on_each(|peer| {
        let about = peer.name();
        let (ftp, home) = (peer.session(), home());
        let (here, back) = (home.path().join("here"), home.path().join("back"));
        for size in SIZES {
            let about = &format!("{about}, {size} bytes");
            let data = &data[..size];
            fs::write(&here, data).unwrap();
            let sent = ftp.upload(&here, "there", Binary).good(about);
            assert_eq!((sent.bytes, sent.resumed_from), (size as u64, 0), "{about}");
            assert!(sent.reply.status().is_completion(), "{about}");
            assert_same(&peer.read("there"), data, about);
            let got = ftp.download("there", &back, Binary).good(about);
            assert_eq!((got.bytes, got.resumed_from), (size as u64, 0), "{about}");
            assert_eq!(got.path.as_deref(), Some(&*back), "{about}");
            assert_same(&fs::read(&back).unwrap(), data, about);
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2, "{about}");
    });
}

#[test]
fn readers_and_writers_serve_as_files() {
    let data = bytes(SIZES[SIZES.len() - 1]);
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        for size in SIZES {
            let about = &format!("{about}, {size} bytes");
            let data = &data[..size];
            let sent = ftp.store(data, "there", Binary).good(about);
            assert_eq!((sent.bytes, sent.path), (size as u64, None), "{about}");
            let mut back = Vec::new();
            let got = ftp.retrieve("there", &mut back, Binary).good(about);
            assert_eq!(got.bytes, size as u64, "{about}");
            assert_same(&back, data, about);
        }
    });
}

#[test]
fn text_travels_with_line_ends_of_the_network() {
    let lines: String =
        (0..40_000).map(|number| format!("line {number} {}\n", "x".repeat(number % 97))).collect();
    on_each(|peer| {
        let about = peer.name();
        let (ftp, home) = (peer.session(), home());
        let (here, back) = (home.path().join("here"), home.path().join("back"));
        for text in ["", "\n", "one\ntwo\n", "no end", "\n\n\n", "gr\u{fc}n\n", &lines] {
            let about = &format!("{about}, {:?}", text.get(..20).unwrap_or(text));
            let on_the_wire = (text.len() + text.matches('\n').count()) as u64;
            fs::write(&here, text).unwrap();
            let sent = ftp.upload(&here, "there", Ascii).good(about);
            assert_eq!(sent.bytes, on_the_wire, "{about}");
            assert_same(&peer.read("there"), text.as_bytes(), about);
            let got = ftp.download("there", &back, Ascii).good(about);
            assert_eq!(got.bytes, on_the_wire, "{about}");
            assert_same(&fs::read(&back).unwrap(), text.as_bytes(), about);
        }
    });
}

#[test]
fn text_with_other_line_ends_is_not_bent_further_than_the_server_does() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        ftp.store("a\r\nb\rc\n".as_bytes(), "there", Transfer::ascii()).good(about);
        // Lines are lines. A CR alone is none, and Pure-FTPd drops each of them.
        let expected: &[u8] = if peer.kind() == Some(Kind::PureFtpd) { b"a\nbc\n" } else { b"a\nb\rc\n" };
        assert_eq!(peer.read("there"), expected, "{about}");
        peer.put("here", b"a\nb\rc\n");
        let mut back = Vec::new();
        ftp.retrieve("here", &mut back, Transfer::ascii()).good(about);
        assert_eq!(back, b"a\nb\rc\n", "{about}");
    });
}

#[test]
fn modes_change_from_one_transfer_to_the_next() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        let data = b"\r\n\n\r\0\xFF\n".repeat(1000);
        for _ in 0..2 {
            ftp.store("text\n".as_bytes(), "text", Ascii).good(about);
            ftp.store(&data[..], "binary", Binary).good(about);
            let (mut text, mut binary) = (Vec::new(), Vec::new());
            ftp.retrieve("text", &mut text, Ascii).good(about);
            ftp.retrieve("binary", &mut binary, Binary).good(about);
            assert_eq!(text, b"text\n", "{about}");
            assert_same(&binary, &data, about);
        }
    });
}

#[test]
fn ebcdic_is_refused_or_moved_as_it_is() {
    on_each(|peer| {
        let about = peer.name();
        let ftp = peer.session();
        let data = b"\xC8\x81\x15\n\r\n";
        if peer.kind().is_some() {
            let refused = ftp.store(&data[..], "there", TransferMode::Ebcdic).refusal(about);
            assert!((500..505).contains(&refused), "{about}: {refused}");
        } else {
            ftp.store(&data[..], "there", TransferMode::Ebcdic).good(about);
            assert_eq!(peer.read("there"), data, "{about}");
        }
        // Listings are text, and the next transfer what it is to be.
        ftp.names("").good(about);
        ftp.store(&data[..], "there", Binary).good(about);
        assert_eq!(peer.read("there"), data, "{about}");
    });
}

#[test]
fn what_is_appended_follows_what_was_there() {
    on_each(|peer| {
        let about = peer.name();
        let (ftp, home) = (peer.session(), home());
        let here = home.path().join("here");
        let data = bytes(3 << 20);
        for (number, piece) in data.chunks(1 << 20).enumerate() {
            fs::write(&here, piece).unwrap();
            // The first creates the file.
            let append = Transfer::binary().append();
            match number {
                0 | 2 => ftp.upload(&here, "log", append).good(about),
                _ => ftp.store(piece, "log", append).good(about),
            };
        }
        assert_same(&peer.read("log"), &data, about);
        ftp.store("a line\n".as_bytes(), "text", Transfer::ascii().append()).good(about);
        ftp.store("another\n".as_bytes(), "text", Transfer::ascii().append()).good(about);
        assert_eq!(peer.read("text"), b"a line\nanother\n", "{about}");
    });
}

#[test]
fn progress_rises_to_the_total() {
    on_each(|peer| {
        let about = peer.name();
        let (ftp, home) = (peer.session(), home());
        let here = home.path().join("here");
        for size in [0, 1, (9 << 20) + 1] {
            fs::write(&here, bytes(size)).unwrap();
            let total = Some(size as u64);
            let uploaded = steps(Binary, |report| drop(ftp.upload(&here, "there", report).good(about)));
            assert_rises(&uploaded, total, &format!("{about}, upload of {size}"));
            let downloaded = steps(Binary, |report| drop(ftp.download("there", &here, report).good(about)));
            assert_rises(&downloaded, total, &format!("{about}, download of {size}"));
            let retrieved =
                steps(Binary, |report| drop(ftp.retrieve("there", Vec::new(), report).good(about)));
            assert_rises(&retrieved, total, &format!("{about}, retrieval of {size}"));
            let data = bytes(size);
            let stored = steps(Binary, |report| {
                drop(ftp.store(&data[..], "there", report.size(size as u64)).good(about))
            });
            assert_rises(&stored, total, &format!("{about}, store of {size}"));
        }
    });
}

#[test]
fn progress_of_text_has_no_total_to_miss() {
    on_each(|peer| {
        let about = peer.name();
        let (ftp, home) = (peer.session(), home());
        let here = home.path().join("here");
        fs::write(&here, "line\n".repeat(1000)).unwrap();
        let uploaded = steps(Ascii, |report| drop(ftp.upload(&here, "there", report).good(about)));
        assert_rises(&uploaded, None, about);
        let downloaded = steps(Ascii, |report| drop(ftp.download("there", &here, report).good(about)));
        assert_rises(&downloaded, None, about);
        assert_eq!(
            (uploaded.last(), downloaded.last()),
            (Some(&(6000, None)), Some(&(6000, None))),
            "{about}"
        );
    });
}

#[test]
fn times_are_kept_when_asked_for() {
    on_each(|peer| {
        let about = peer.name();
        let (ftp, home) = (peer.session(), home());
        let (here, back) = (home.path().join("here"), home.path().join("back"));
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_234_567_890);
        fs::write(&here, "x").unwrap();
        fs::File::options().write(true).open(&here).unwrap().set_modified(time).unwrap();
        ftp.upload(&here, "there", Transfer::binary().keep_time()).good(about);
        let there = fs::metadata(peer.root().join("there")).unwrap();
        assert_eq!(there.modified().unwrap(), time, "{about}");
        ftp.download("there", &back, Transfer::binary().keep_time()).good(about);
        assert_eq!(fs::metadata(&back).unwrap().modified().unwrap(), time, "{about}");
    });
}

#[test]
fn names_at_either_end_are_filled_in() {
    on_each(|peer| {
        let about = peer.name();
        let (ftp, home) = (peer.session(), home());
        peer.make_folder("sub");
        let here = home.path().join("a name.bin");
        fs::write(&here, "contents").unwrap();
        ftp.upload(&here, "", Binary).good(about);
        ftp.upload(&here, "sub/", Binary).good(about);
        assert_eq!(peer.read("a name.bin"), b"contents", "{about}");
        assert_eq!(peer.read("sub/a name.bin"), b"contents", "{about}");
        fs::remove_file(&here).unwrap();
        ftp.download("sub/a name.bin", home.path(), Binary).good(about);
        assert_eq!(fs::read(&here).unwrap(), b"contents", "{about}");
    });
}

#[test]
fn refused_transfers_leave_nothing_behind() {
    on_each(|peer| {
        let about = peer.name();
        let (ftp, home) = (peer.session(), home());
        peer.make_folder("sub");
        let here = home.path().join("here");
        fs::write(&here, "x").unwrap();
        for _ in 0..2 {
            refuse_four_times(&ftp, &here, home.path(), about);
        }
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1, "{about}");
        assert_eq!(fs::read_dir(peer.root()).unwrap().count(), 1, "{about}");
        assert_eq!(ftp.keep_alive().good(about).status().0, 200, "{about}");
    });
}

fn refuse_four_times(ftp: &Ftp, here: &std::path::Path, home: &std::path::Path, about: &str) {
    let missing = ftp.download("missing", home.join("got"), Binary).refusal(about);
    let folder = ftp.retrieve("sub", Vec::new(), Ascii).refusal(about);
    let nowhere = ftp.upload(here, "missing/there", Binary).refusal(about);
    let on_folder = ftp.store("x".as_bytes(), "sub", Binary).refusal(about);
    for code in [missing, folder, nowhere, on_folder] {
        assert!((500..600).contains(&code), "{about}: {:?}", [missing, folder, nowhere, on_folder]);
    }
}

/// What is told of a transfer.
fn steps(mode: TransferMode, run: impl FnOnce(Transfer<'_>)) -> Vec<(u64, Option<u64>)> {
    let mut steps = Vec::new();
    let mut note = |done, total| {
        steps.push((done, total));
        ControlFlow::Continue(())
    };
    run(Transfer::from(mode).progress(&mut note));
    steps
}

#[track_caller]
fn assert_rises(steps: &[(u64, Option<u64>)], total: Option<u64>, about: &str) {
    assert_eq!(steps.first(), Some(&(0, total)), "{about}");
    assert!(steps.is_sorted_by_key(|(done, _)| *done), "{about}: {steps:?}");
    assert!(steps.iter().all(|(_, told)| *told == total), "{about}: {steps:?}");
    let (done, _) = steps[steps.len() - 1];
    assert_eq!(done, total.unwrap_or(done), "{about}");
}
