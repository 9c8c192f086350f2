//! Much data through TLS, one way, against rustls over the standard library's sockets.

use std::io::{Read, Write};
use std::sync::mpsc;
use std::thread;

use testkit::paired::{Paired, ThreadClock, Turn};
use testkit::versions;

use super::Bench;
use super::tls_ends::{Bare, Ends, Ours, connection};

const SAME_THREAD: &str = "TLS 64 KiB send + receive";

pub(super) fn run(bench: &mut Bench) {
    let two_threads = format!("TLS one way; {} MiB in all", bench.mebibytes);
    if bench.wants(SAME_THREAD) {
        let case = Paired::new(SAME_THREAD, there_and_back(&Ours::new(true)));
        bench.show(case.against(peer(), 0.9, there_and_back(&Bare::new(true))).run(&ThreadClock));
    }
    if bench.wants(&two_threads) {
        // Four turns each in a round.
        let rounds = (bench.mebibytes * MEBIBYTE / (4 * LONG)).max(1) | 1;
        let case = Paired::new(two_threads, one_way(&Ours::new(true))).rounds(rounds);
        bench.run(case.against(peer(), 0.9, one_way(&Bare::new(true))), &ThreadClock, None);
    }
}

pub(super) fn peer() -> String {
    format!("rustls {} over std", versions::locked("rustls").unwrap_or_default())
}

/// Both ends in this thread: what is sent is received before more is.
fn there_and_back<E: Ends>(ends: &E) -> impl FnMut(&mut Turn<'_>) + use<E> {
    let (mut near, mut far) = shake_hands(ends);
    let (data, mut buffer) = (vec![7; PIECE], vec![0; PIECE]);
    move |turn| {
        turn.repeat(|| {
            near.write_all(&data).unwrap();
            near.flush().unwrap();
            far.read_exact(&mut buffer).unwrap();
        });
    }
}

/// The far end in a thread of its own, which tells when all of a turn has come.
fn one_way<E: Ends>(ends: &E) -> impl FnMut(&mut Turn<'_>) + use<E> {
    let (mut near, mut far) = shake_hands(ends);
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = vec![0; PIECE];
        let mut received = 0;
        while let Ok(more @ 1..) = far.read(&mut buffer) {
            received += more;
            if received >= LONG {
                received -= LONG;
                tell.send(()).unwrap();
            }
        }
    });
    let data = vec![7; PIECE];
    move |turn| {
        turn.repeat(|| {
            for _ in 0..LONG / PIECE {
                near.write_all(&data).unwrap();
            }
            near.flush().unwrap();
            told.recv().unwrap();
        });
    }
}

fn shake_hands<E: Ends>(ends: &E) -> (E::Near, E::Far) {
    let (near, far) = connection();
    thread::scope(|scope| {
        let far = scope.spawn(|| ends.accept(far));
        (ends.connect(near), far.join().unwrap())
    })
}

const PIECE: usize = 64 << 10;

const MEBIBYTE: usize = 1 << 20;

/// What one turn sends.
const LONG: usize = 16 * MEBIBYTE;
