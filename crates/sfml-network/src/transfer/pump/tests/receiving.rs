use std::io::{Seek, SeekFrom};

use testkit::sleeper::Sleeper;

use super::*;

/// Receives all of it from a peer that sends this and hangs up.
fn receive_of(
    content: &[u8],
    sink: Sink<'_>,
    limit: Option<u64>,
    watch: &mut Watch<'_>,
) -> Result<u64, Stop> {
    let sent = content.to_vec();
    let (socket, peer) = with_peer(move |mut peer| _ = peer.write_all(&sent));
    let outcome = receive(&socket, sink, limit, watch);
    drop(socket);
    peer.join().unwrap();
    outcome
}

#[test]
fn a_file_gets_exactly_what_was_sent() {
    for size in SIZES {
        for piece in [usize::MAX, 100_000, 4096] {
            let (folder, content) = (Folder::new(), content(size));
            let mut watch = Watch::of_pieces(piece);
            let received = receive_of(&content, Sink::File(&folder.file("it")), None, &mut watch).unwrap();
            assert_eq!((received, watch.moved), (size as u64, size as u64));
            assert!(watch.largest <= piece);
            assert_same(&folder.read("it"), &content);
        }
    }
}

#[test]
fn a_writer_gets_exactly_what_was_sent_and_is_flushed() {
    for size in SIZES {
        let (mut writer, content) = (Moody::default(), content(size));
        let mut watch = Watch::default();
        let received = receive_of(&content, Sink::Write(&mut writer), None, &mut watch).unwrap();
        assert_eq!((received, watch.moved, writer.flushed), (size as u64, size as u64, true));
        assert!(writer.largest <= 128 << 10, "memory does not grow with the transfer");
        assert_same(&writer.taken, &content);
    }
}

#[test]
fn a_stream_that_is_not_plain_reaches_a_file_too() {
    let (folder, content) = (Folder::new(), content(300_000));
    let sent = content.clone();
    let (socket, peer) = with_peer(move |mut peer| peer.write_all(&sent).unwrap());
    let file = folder.file("it");
    let received = receive(&Veiled(socket), Sink::File(&file), None, &mut Watch::default()).unwrap();
    peer.join().unwrap();
    assert_eq!(received, 300_000);
    assert_same(&folder.read("it"), &content);
}

#[test]
fn a_limit_leaves_the_rest_in_the_stream() {
    for limit in [0, 1, 70_000] {
        let folder = Folder::new();
        let (socket, mut peer) = pair();
        let content = content(70_000);
        peer.write_all(&content).unwrap();
        peer.write_all(b"the rest").unwrap();
        let file = folder.file("it");
        let received =
            receive(&socket, Sink::File(&file), Some(limit as u64), &mut Watch::default()).unwrap();
        assert_eq!(received, limit as u64);
        assert_same(&folder.read("it"), &content[..limit]);
        let mut rest = vec![0; content.len() - limit + 8];
        socket.receive_exact(&mut rest).unwrap();
        assert!(rest.ends_with(b"the rest"));
    }
}

#[test]
fn an_end_before_the_limit_is_told_by_the_count() {
    let mut writer = Moody::default();
    let received = receive_of(b"short", Sink::Write(&mut writer), Some(100), &mut Watch::default()).unwrap();
    assert_eq!((received, &writer.taken[..]), (5, &b"short"[..]));
}

#[test]
fn a_trickle_of_single_bytes_arrives_whole() {
    let folder = Folder::new();
    let (socket, peer) = with_peer(|mut peer| {
        for byte in 0..=255 {
            peer.write_all(&[byte]).unwrap();
            thread::yield_now();
        }
    });
    let file = folder.file("it");
    assert_eq!(receive(&socket, Sink::File(&file), None, &mut Watch::default()).unwrap(), 256);
    peer.join().unwrap();
    assert_eq!(folder.read("it"), (0..=255).collect::<Vec<u8>>());
}

#[test]
fn a_reset_midway_is_no_end() {
    let folder = Folder::new();
    let content = content(200_000);
    let sent = content.clone();
    let (socket, peer) = with_peer(move |mut peer| {
        peer.write_all(&sent).unwrap();
        testkit::hostile::reset(peer).unwrap();
    });
    let (file, mut watch) = (folder.file("it"), Watch::default());
    let outcome = receive(&socket, Sink::File(&file), None, &mut watch);
    peer.join().unwrap();
    let expected = matches!(outcome, Err(Stop::Pump(PumpError::Stream(SocketError::Disconnected(Some(_))))));
    assert!(expected, "{outcome:?}");
    assert_same(&folder.read("it"), &content[..watch.moved as usize]);
}

#[test]
fn a_peer_that_stalls_is_left_to_the_monitor() {
    for sink in ["file", "writer"] {
        let folder = Folder::new();
        let (file, mut writer) = (folder.file("it"), Moody::default());
        let (socket, mut peer) = pair();
        peer.write_all(b"so far").unwrap();
        let sink = if sink == "file" { Sink::File(&file) } else { Sink::Write(&mut writer) };
        let mut watch = Watch::patient_for(Duration::from_millis(20));
        assert!(matches!(receive(&socket, sink, None, &mut watch), Err(Stop::Late)));
        assert_eq!(watch.moved, 6);
    }
}

#[test]
fn another_thread_ends_a_pump_that_waits() {
    let folder = Folder::new();
    let (socket, _peer) = pair();
    let socket = std::sync::Arc::new(socket);
    let (ours, file) = (std::sync::Arc::clone(&socket), folder.file("it"));
    let sleeper = Sleeper::start(move || receive(&*ours, Sink::File(&file), None, &mut Watch::default()));
    let (outcome, _) = sleeper.end_by(PATIENCE, || socket.disconnect());
    let expected = matches!(outcome, Err(Stop::Pump(PumpError::Stream(SocketError::Disconnected(Some(_))))));
    assert!(expected, "{outcome:?}");
}

#[test]
fn a_cancelled_transfer_has_written_what_it_told() {
    for piece in [10_000, 1 << 20] {
        let (folder, content) = (Folder::new(), content(1 << 20));
        let mut watch = Watch::while_true(piece, |moved| moved < 100_000);
        let outcome = receive_of(&content, Sink::File(&folder.file("it")), None, &mut watch);
        assert!(matches!(outcome, Err(Stop::Cancelled)), "{outcome:?}");
        assert!(watch.moved >= 100_000);
        assert_same(&folder.read("it"), &content[..watch.moved as usize]);
    }
}

#[test]
fn writers_with_moods_get_every_byte_once() {
    let mut writer = Moody::default();
    for _ in 0..50 {
        writer.moods.extend([Ok(1), Err(io::ErrorKind::Interrupted.into()), Ok(4097)]);
    }
    let content = content(500_000);
    receive_of(&content, Sink::Write(&mut writer), None, &mut Watch::default()).unwrap();
    assert_same(&writer.taken, &content);
}

#[test]
fn a_writer_that_fails_ends_the_transfer_with_its_own_error() {
    let nothing = (Ok(0), io::ErrorKind::WriteZero);
    let full = (Err(io::ErrorKind::StorageFull.into()), io::ErrorKind::StorageFull);
    for (mood, kind) in [nothing, full] {
        let mut writer = Moody { moods: vec![mood, Ok(3)], ..Moody::default() };
        let mut watch = Watch::default();
        match receive_of(b"abcdef", Sink::Write(&mut writer), None, &mut watch) {
            Err(Stop::Pump(PumpError::Local(error))) => assert_eq!(error.kind(), kind),
            other => panic!("{other:?}"),
        }
        assert_eq!((&writer.taken[..], watch.moved), (&b"abc"[..], 3));
    }
}

#[test]
fn a_file_is_written_from_where_it_stands() {
    let folder = Folder::new();
    let mut file = folder.holding("it", b"0123456789");
    file.seek(SeekFrom::Start(4)).unwrap();
    receive_of(b"xyz", Sink::File(&file), None, &mut Watch::default()).unwrap();
    assert_eq!(folder.read("it"), b"0123xyz789");
    assert_eq!(file.stream_position().unwrap(), 7);
}

#[test]
fn a_file_opened_for_appending_is_appended_to() {
    let (folder, content) = (Folder::new(), content(3 << 20));
    fs::write(folder.0.join("it"), b"before").unwrap();
    let file = OpenOptions::new().append(true).open(folder.0.join("it")).unwrap();
    let received = receive_of(&content, Sink::File(&file), None, &mut Watch::default()).unwrap();
    assert_eq!(received, 3 << 20);
    assert_same(&folder.read("it"), &[b"before", &content[..]].concat());
}

#[test]
fn a_file_opened_for_reading_only_is_the_local_sides_fault() {
    let folder = Folder::new();
    folder.holding("it", b"");
    let file = File::open(folder.0.join("it")).unwrap();
    let outcome = receive_of(b"abc", Sink::File(&file), None, &mut Watch::default());
    assert!(matches!(outcome, Err(Stop::Pump(PumpError::Local(_)))), "{outcome:?}");
}

#[cfg(unix)]
#[test]
fn devices_and_named_pipes_are_sinks_too() {
    let (folder, content) = (Folder::new(), content(1 << 20));
    let nowhere = OpenOptions::new().write(true).open("/dev/null").unwrap();
    let received = receive_of(&content, Sink::File(&nowhere), None, &mut Watch::default()).unwrap();
    assert_eq!(received, 1 << 20);

    let path = folder.0.join("pipe");
    let reader = read_named_pipe(&path);
    let pipe = OpenOptions::new().write(true).open(&path).unwrap();
    receive_of(&content, Sink::File(&pipe), None, &mut Watch::default()).unwrap();
    drop(pipe);
    assert_same(&reader.join().unwrap(), &content);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_device_is_the_local_sides_fault() {
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let mut watch = Watch::default();
    match receive_of(&content(1 << 20), Sink::File(&full), None, &mut watch) {
        Err(Stop::Pump(PumpError::Local(error))) => assert_eq!(error.kind(), io::ErrorKind::StorageFull),
        other => panic!("{other:?}"),
    }
    assert_eq!(watch.moved, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_becomes_full_midway_holds_what_was_told() {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    const ROOM: usize = 300 * 4096;
    let mut file = File::from(memfd_create("full", MemfdFlags::ALLOW_SEALING).unwrap());
    file.set_len(ROOM as u64).unwrap();
    fcntl_add_seals(&file, SealFlags::GROW).unwrap();
    let (content, mut watch) = (content(3 << 20), Watch::default());
    let outcome = receive_of(&content, Sink::File(&file), None, &mut watch);
    assert!(matches!(outcome, Err(Stop::Pump(PumpError::Local(_)))), "{outcome:?}");
    assert_eq!(watch.moved, ROOM as u64);
    let mut held = Vec::new();
    file.rewind().unwrap();
    Read::read_to_end(&mut file, &mut held).unwrap();
    assert_same(&held, &content[..ROOM]);
}

#[test]
fn sixty_four_mebibytes_arrive_as_they_were() {
    let (folder, content) = (Folder::new(), content(64 << 20));
    let received = receive_of(&content, Sink::File(&folder.file("it")), None, &mut Watch::default()).unwrap();
    assert_eq!(received, 64 << 20);
    assert_same(&folder.read("it"), &content);
}
