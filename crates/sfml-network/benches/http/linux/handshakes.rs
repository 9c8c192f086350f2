//! Handshakes, full and resumed, against rustls over the standard library's sockets.

use std::io::{Read, Write};
use std::sync::mpsc;
use std::thread;

use testkit::paired::{Paired, ThreadClock, Turn};

use super::stream::peer;
use super::tls_ends::{Bare, Ends, Ours, connection};
use super::{Bench, OneCore};

pub(super) fn run(bench: &mut Bench) {
    for (case, resumes) in [("TLS handshake; full", false), ("TLS handshake; resumed", true)] {
        if bench.wants(case) {
            let _core = OneCore::new();
            let paired = Paired::new(case, shake_hands(&Ours::new(resumes)));
            bench.run(paired.against(peer(), 0.9, shake_hands(&Bare::new(resumes))), &ThreadClock, None);
        }
    }
}

/// One connection after the other, with a byte from the server, behind which the tickets have come.
fn shake_hands<E: Ends>(ends: &E) -> impl FnMut(&mut Turn<'_>) + use<E> {
    let (give, given) = mpsc::channel();
    let (near_end, far_end) = (ends.clone(), ends.clone());
    thread::spawn(move || {
        while let Ok(socket) = given.recv() {
            let mut far = far_end.accept(socket);
            far.write_all(b"x").unwrap();
            far.flush().unwrap();
            // Until the other end hangs up, in whichever way.
            let _ = far.read(&mut [0]);
        }
    });
    move |turn| {
        for _ in 0..turn.repetitions() {
            let (near, far) = connection();
            turn.time(|| {
                give.send(far).unwrap();
                let mut near = near_end.connect(near);
                near.read_exact(&mut [0]).unwrap();
            });
        }
    }
}
