use std::io::{Read, Seek, SeekFrom};

use testkit::sleeper::Sleeper;

use super::*;

/// Sends to a peer that reads all; returns the outcome and what the peer has got.
fn send_to_reader(
    source: Source<'_>,
    limit: Option<u64>,
    watch: &mut Watch<'_>,
) -> (Result<u64, Stop>, Vec<u8>) {
    let (socket, peer) = with_peer(|mut peer| {
        let mut all = Vec::new();
        peer.read_to_end(&mut all).unwrap();
        all
    });
    let outcome = send(source, &socket, limit, watch);
    Stream::finish_sending(&socket).unwrap();
    (outcome, peer.join().unwrap())
}

/// A reader that behaves as its list says, then ends.
struct Reluctant(Vec<io::Result<Vec<u8>>>);

impl Read for Reluctant {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self.0.pop() {
            Some(Ok(data)) => {
                buffer[..data.len()].copy_from_slice(&data);
                Ok(data.len())
            }
            Some(Err(error)) => Err(error),
            None => Ok(0),
        }
    }
}

#[test]
fn the_peer_gets_exactly_what_is_in_the_file() {
    for size in SIZES {
        for piece in [usize::MAX, 100_000, 4096] {
            let (folder, content) = (Folder::new(), content(size));
            let file = folder.holding("it", &content);
            let mut watch = Watch::of_pieces(piece);
            let (outcome, got) = send_to_reader(Source::File(&file), None, &mut watch);
            assert_eq!((outcome.unwrap(), watch.moved), (size as u64, size as u64));
            assert!(watch.largest <= piece);
            assert_same(&got, &content);
        }
    }
}

#[test]
fn the_peer_gets_exactly_what_is_read() {
    for size in SIZES {
        let content = content(size);
        let mut watch = Watch::default();
        let (outcome, got) = send_to_reader(Source::Read(&mut &content[..]), None, &mut watch);
        assert_eq!((outcome.unwrap(), watch.moved), (size as u64, size as u64));
        assert!(watch.largest <= 128 << 10, "memory does not grow with the transfer");
        assert_same(&got, &content);
    }
}

#[test]
fn a_stream_that_is_not_plain_takes_a_file_too() {
    let (folder, content) = (Folder::new(), content(300_000));
    let file = folder.holding("it", &content);
    let (socket, peer) = with_peer(|mut peer| {
        let mut all = Vec::new();
        peer.read_to_end(&mut all).unwrap();
        all
    });
    let stream = Veiled(socket);
    assert_eq!(send(Source::File(&file), &stream, None, &mut Watch::default()).unwrap(), 300_000);
    stream.finish_sending().unwrap();
    assert_same(&peer.join().unwrap(), &content);
}

#[test]
fn a_file_is_sent_from_where_it_stands_up_to_the_limit() {
    let folder = Folder::new();
    let mut file = folder.holding("it", b"0123456789");
    file.seek(SeekFrom::Start(4)).unwrap();
    for (limit, sent) in [(Some(0), &b""[..]), (Some(3), b"456"), (None, b"789"), (None, b"")] {
        let (outcome, got) = send_to_reader(Source::File(&file), limit, &mut Watch::default());
        assert_eq!((outcome.unwrap(), &got[..]), (sent.len() as u64, sent));
    }
    assert_eq!(file.stream_position().unwrap(), 10);
}

#[test]
fn a_reader_is_not_read_beyond_the_limit() {
    let mut rest = &b"0123456789"[..];
    let (outcome, got) = send_to_reader(Source::Read(&mut rest), Some(4), &mut Watch::default());
    assert_eq!((outcome.unwrap(), &got[..], rest), (4, &b"0123"[..], &b"456789"[..]));
}

#[test]
fn a_file_that_shrinks_ends_early() {
    let (folder, content) = (Folder::new(), content(3 << 20));
    let file = folder.holding("it", &content);
    let mut watch = Watch::while_true(100_000, |moved| {
        if moved >= 1 << 20 {
            file.set_len(1 << 20).unwrap();
        }
        true
    });
    let (outcome, got) = send_to_reader(Source::File(&file), None, &mut watch);
    let sent = outcome.unwrap();
    assert!((1 << 20..3 << 20).contains(&sent) && got.len() as u64 == sent, "{sent}");
    assert_same(&got[..1 << 20], &content[..1 << 20]);
}

#[test]
fn a_file_that_grows_is_sent_to_its_new_end() {
    let folder = Folder::new();
    let mut more = folder.holding("it", b"abc");
    more.seek(SeekFrom::End(0)).unwrap();
    let file = folder.file("it");
    let mut watch = Watch::while_true(usize::MAX, |moved| {
        if moved == 3 {
            more.write_all(b"def").unwrap();
        }
        true
    });
    let (outcome, got) = send_to_reader(Source::File(&file), None, &mut watch);
    assert_eq!((outcome.unwrap(), &got[..]), (6, &b"abcdef"[..]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_size_is_zero_but_has_content_is_sent() {
    let file = File::open("/proc/self/limits").unwrap();
    let (outcome, got) = send_to_reader(Source::File(&file), None, &mut Watch::default());
    assert_eq!(outcome.unwrap(), got.len() as u64);
    assert_same(&got, &fs::read("/proc/self/limits").unwrap());
}

#[cfg(unix)]
#[test]
fn a_named_pipe_is_a_source_too_and_a_folder_is_none() {
    let (folder, content) = (Folder::new(), content(1 << 20));
    let path = folder.0.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    let (written, into) = (content.clone(), path.clone());
    let writer = thread::spawn(|| fs::write(into, written).unwrap());
    let pipe = File::open(&path).unwrap();
    let (outcome, got) = send_to_reader(Source::File(&pipe), None, &mut Watch::default());
    writer.join().unwrap();
    assert_eq!(outcome.unwrap(), 1 << 20);
    assert_same(&got, &content);

    let directory = File::open(&folder.0).unwrap();
    let (outcome, _) = send_to_reader(Source::File(&directory), None, &mut Watch::default());
    assert!(matches!(outcome, Err(Stop::Pump(PumpError::Local(_)))), "{outcome:?}");
}

#[test]
fn a_reset_is_the_connections_fault() {
    for veiled in [false, true] {
        let folder = Folder::new();
        let file = folder.holding("it", &content(8 << 20));
        let (socket, peer) = with_peer(|mut peer| {
            peer.read_exact(&mut [0; 1000]).unwrap();
            testkit::hostile::reset(peer).unwrap();
        });
        let veil = Veiled(socket);
        let stream: &dyn Stream = if veiled { &veil } else { &veil.0 };
        // More than both ends' buffers hold.
        let outcome = (0..100)
            .map(|_| {
                (&file).rewind().unwrap();
                send(Source::File(&file), stream, None, &mut Watch::default())
            })
            .find(Result::is_err);
        peer.join().unwrap();
        let expected =
            matches!(outcome, Some(Err(Stop::Pump(PumpError::Stream(SocketError::Disconnected(Some(_)))))));
        assert!(expected, "{outcome:?}");
    }
}

#[test]
fn a_peer_that_does_not_read_is_left_to_the_monitor() {
    let folder = Folder::new();
    let (socket, _peer) = pair();
    // Of no content, and longer than any buffer of a connection.
    let file = folder.file("it");
    file.set_len(1 << 30).unwrap();
    let mut watch = Watch::patient_for(Duration::from_millis(20));
    assert!(matches!(send(Source::File(&file), &socket, None, &mut watch), Err(Stop::Late)));
    assert!((&file).stream_position().unwrap() >= watch.moved);
    assert!(watch.moved > 0);
    let mut endless = io::repeat(7);
    let mut watch = Watch::patient_for(Duration::from_millis(20));
    assert!(matches!(send(Source::Read(&mut endless), &socket, None, &mut watch), Err(Stop::Late)));
}

#[test]
fn another_thread_ends_a_pump_that_waits_for_room() {
    let folder = Folder::new();
    let (socket, _peer) = pair();
    let file = folder.file("it");
    file.set_len(1 << 30).unwrap();
    let socket = std::sync::Arc::new(socket);
    let ours = std::sync::Arc::clone(&socket);
    let sleeper = Sleeper::start(move || send(Source::File(&file), &*ours, None, &mut Watch::default()));
    let (outcome, _) = sleeper.end_by(PATIENCE, || socket.disconnect());
    let expected = matches!(outcome, Err(Stop::Pump(PumpError::Stream(SocketError::Disconnected(Some(_))))));
    assert!(expected, "{outcome:?}");
}

#[test]
fn a_cancelled_transfer_has_sent_what_it_told() {
    let folder = Folder::new();
    let content = content(3 << 20);
    let file = folder.holding("it", &content);
    let mut watch = Watch::while_true(10_000, |moved| moved < 500_000);
    let (outcome, got) = send_to_reader(Source::File(&file), None, &mut watch);
    assert!(matches!(outcome, Err(Stop::Cancelled)), "{outcome:?}");
    assert_same(&got, &content[..watch.moved as usize]);
}

#[test]
fn readers_with_moods_are_read_to_their_end() {
    let interrupted = || Err(io::ErrorKind::Interrupted.into());
    let mut reader = Reluctant(vec![Ok(b"c".to_vec()), interrupted(), Ok(b"ab".to_vec()), interrupted()]);
    let (outcome, got) = send_to_reader(Source::Read(&mut reader), None, &mut Watch::default());
    assert_eq!((outcome.unwrap(), &got[..]), (3, &b"abc"[..]));

    let mut reader = Reluctant(vec![Err(io::ErrorKind::InvalidData.into()), Ok(b"ab".to_vec())]);
    let (outcome, got) = send_to_reader(Source::Read(&mut reader), None, &mut Watch::default());
    match outcome {
        Err(Stop::Pump(PumpError::Local(error))) => assert_eq!(error.kind(), io::ErrorKind::InvalidData),
        other => panic!("{other:?}"),
    }
    assert_eq!(got, b"ab");
}

#[test]
fn the_rest_of_a_packet_goes_before_a_file() {
    use crate::packet::Packet;
    let folder = Folder::new();
    let file = folder.holding("it", b"file");
    let (socket, peer) = with_peer(|mut peer| {
        let mut all = Vec::new();
        peer.read_to_end(&mut all).unwrap();
        all
    });
    let packet = Packet::from(content(32 << 20));
    socket.set_blocking(false);
    while socket.send_packet(&packet).is_ok() {}
    send(Source::File(&file), &socket, None, &mut Watch::default()).unwrap();
    socket.finish_sending().unwrap();
    let got = peer.join().unwrap();
    assert_eq!(got.len() % ((32 << 20) + 4), 4);
    assert!(got.ends_with(b"file"));
}

#[test]
fn sixty_four_mebibytes_are_sent_as_they_are() {
    let (folder, content) = (Folder::new(), content(64 << 20));
    let file = folder.holding("it", &content);
    let (outcome, got) = send_to_reader(Source::File(&file), None, &mut Watch::default());
    assert_eq!(outcome.unwrap(), 64 << 20);
    assert_same(&got, &content);
}
