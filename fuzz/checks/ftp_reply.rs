//! Any stream, cut in any way: the same replies, and the same end.
//!
//! Input: a byte of step, one each that chooses the limits of a line, a reply and the lines in it, then the stream.

use ftp_proto::{Reply, ReplyError, ReplyLimits, ReplyParser};

pub(crate) fn check(input: &[u8]) {
    let &[step, line, reply, lines, ref stream @ ..] = input else {
        return;
    };
    let limits = ReplyLimits {
        line: chosen(line, 8 << 10),
        reply: chosen(reply, 1 << 20),
        lines: chosen(lines, 10_000),
    };
    let whole = replies(limits, stream, usize::MAX);
    assert_eq!(replies(limits, stream, usize::from(step).max(1)), whole);
    assert_eq!(replies(limits, stream, 1), whole);

    for reply in &whole.0 {
        assert!((100..700).contains(&reply.status().0) && reply.lines().count() <= limits.lines.max(1));
        assert!(reply.text().len() <= limits.reply.max(limits.line) && !reply.text().contains(&0));
        assert!(!reply.to_string().contains(char::is_control), "it is shown on one line");
    }
    if let Some(error) = whole.1 {
        assert!(!error.to_string().contains(char::is_control));
    }
}

/// A limit, which is the usual one for most bytes.
fn chosen(byte: u8, usual: usize) -> usize {
    if byte < 64 { usize::from(byte) } else { usual }
}

/// The replies when at most `step` bytes arrive at a time, the last one settled, and the error that ended them.
fn replies(limits: ReplyLimits, stream: &[u8], step: usize) -> (Vec<Reply>, Option<ReplyError>) {
    let mut parser = ReplyParser::new(limits);
    let mut replies = Vec::new();
    for piece in stream.chunks(step) {
        let error = parser.push(piece).err();
        replies.extend(std::iter::from_fn(|| parser.next()));
        if error.is_some() {
            return (replies, error);
        }
    }
    let was_unsure = parser.is_unsure();
    parser.settle();
    assert!(!parser.is_unsure());
    let settled = parser.next();
    assert_eq!(settled.is_some(), was_unsure);
    replies.extend(settled);
    assert_eq!(parser.next(), None);
    (replies, None)
}
