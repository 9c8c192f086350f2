//! Any stream, cut in any way: the same data, and the same end.
//!
//! Input: a byte of step, then the body and whatever is behind it.

use crate::http::engine::chunks::{Chunks, Problem};

pub fn check(input: &[u8]) {
    let &[step, ref stream @ ..] = input else {
        return;
    };
    let whole = read(stream, usize::MAX);
    assert_eq!(read(stream, usize::from(step).max(1)), whole);
    assert_eq!(read(stream, 1), whole);

    let Ok(Body { data, used, is_ended, trailer }) = whole else { return };
    // The size, the ends of the two lines.
    assert!(data.is_empty() || data.len() + 3 <= stream.len());
    assert!(is_ended || used == stream.len(), "there is more only behind its end");
    assert!(trailer.is_empty() || trailer.ends_with(b"\r\n"));
    if is_ended {
        assert!(stream[..used].ends_with(b"\r\n"));
        let mut behind = Vec::new();
        assert_eq!(
            read(&stream[..used], usize::MAX),
            Ok(Body { data: data.clone(), used, is_ended, trailer })
        );
        // Written anew, as the engine gets them, they are the same data.
        if !data.is_empty() {
            behind.extend_from_slice(format!("{:x}\r\n", data.len()).as_bytes());
            behind.extend_from_slice(&data);
            behind.extend_from_slice(b"\r\n");
        }
        behind.extend_from_slice(b"0\r\n\r\n");
        let again = read(&behind, usize::MAX).expect("they are chunks");
        assert!(again.is_ended && again.data == data && again.used == behind.len());
    }
}

#[derive(Debug, PartialEq)]
struct Body {
    data: Vec<u8>,
    used: usize,
    is_ended: bool,
    trailer: Vec<u8>,
}

/// What comes of it when at most `step` bytes arrive at a time.
fn read(stream: &[u8], step: usize) -> Result<Body, Problem> {
    let (mut chunks, mut data, mut used) = (Chunks::default(), Vec::new(), 0);
    for piece in stream.chunks(step) {
        let was_ended = chunks.is_ended();
        let more = chunks.read(piece, &mut data)?;
        assert!(more <= piece.len() && (more == 0 || !was_ended));
        assert!(more == piece.len() || chunks.is_ended());
        used += more;
    }
    Ok(Body { data, used, is_ended: chunks.is_ended(), trailer: chunks.trailer().to_vec() })
}
