//! Any text as a proxy, and any bytes as what one answers: a connection or an error, and no byte too many is taken.
//!
//! Input: a line with the proxy, then its answer.

use std::sync::Arc;
use std::time::Duration;

use crate::http::call::{Call, Cancellations, Limits};
use crate::http::engine::scripted::Scripted;
use crate::http::proxy::{Proxies, Proxy};
use crate::http::url::{Origin, Scheme};
use crate::time::Deadline;

/// More than any answer that is right.
const LONGEST: usize = 17 << 10;

/// Nothing of it is used: the answer is there.
const PATIENCE: Duration = Duration::from_secs(10);

pub fn check(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(input.len());
    let (text, answer) = (String::from_utf8_lossy(&input[..end]), input.get(end + 1..).unwrap_or_default());
    let Ok(proxy) = text.parse::<Proxy>() else { return };
    let shown = proxy.to_string();
    let again: Proxy = shown.parse().expect("it is shown as it is read");
    assert_eq!((again.to_string(), &again.host, again.port), (shown.clone(), &proxy.host, proxy.port));
    assert!(shown.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'@'));

    let answer: Arc<[u8]> = answer.into();
    for host in ["example.org", "192.0.2.7", "2001:db8::7"] {
        let origin = Origin { scheme: Scheme::Https, host: host.to_owned(), port: 443 };
        assert!(Proxies::all(proxy.clone()).for_origin(&origin).is_some());
        let stream = Scripted::new(Arc::clone(&answer), usize::MAX);
        let outcome = proxy.connect(&call(), &stream, &origin, PATIENCE);
        let used = &answer[..stream.said()];
        assert!(used.len() <= LONGEST);
        if outcome.is_ok() {
            assert!(used.ends_with(b"\n") || used.first() == Some(&5), "{}", used.escape_ascii());
        }
    }
}

fn call() -> Arc<Call> {
    Call::new(Limits {
        deadline: Deadline::after(PATIENCE),
        limit: None,
        patience: PATIENCE,
        head_limit: 1 << 10,
        low_speed: None,
        hook: None,
        cancellations: Cancellations::from_now_on(&Arc::default()),
    })
}
