//! Name lookup on a helper thread, so that it too is bounded in time and can be interrupted.

use std::net::ToSocketAddrs;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use crate::address::IpAddress;
use crate::descriptor::lock;
use crate::error::SocketError;
use crate::sys;
use crate::wait::Wait;

/// The most lookups under way at once: each that was given up keeps its thread until the system's resolver
/// lets go.
const LIMIT: u64 = 32;

/// The longest name DNS can carry (RFC 1035, section 2.3.4), with room for a final dot.
const LONGEST_NAME: usize = 254;

/// The process they belong to in the upper half, their number in the lower: a forked child has none of them.
static UNDER_WAY: AtomicU64 = AtomicU64::new(0);

struct Lookup {
    answer: Mutex<Option<std::io::Result<Vec<IpAddress>>>>,
    done: sys::Signal,
}

/// Counts a lookup for as long as it lives.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let process = u64::from(sys::process_generation()) << 32;
        let take = |under_way: u64| {
            let count = if under_way >> 32 == process >> 32 { under_way & u64::from(u32::MAX) } else { 0 };
            (count < LIMIT).then_some(process | (count + 1))
        };
        UNDER_WAY.fetch_update(Ordering::AcqRel, Ordering::Acquire, take).ok().map(|_| Self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // In the process that counted it: threads do not survive a fork.
        UNDER_WAY.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Looks up a name that is not a numeric address.
pub(crate) fn look_up(name: &str, wait: &mut Wait<'_>) -> Result<Vec<IpAddress>, SocketError> {
    if name.is_empty() || name.len() > LONGEST_NAME || name.contains(['\0', '\r', '\n']) {
        let sentence = "a host name has 1 to 254 bytes and no NUL or line break";
        return Err(SocketError::condition(sys::code::INVALID, sentence));
    }
    let Some(place) = Place::take() else {
        let sentence = format!("{LIMIT} name lookups are still under way, let some finish first");
        return Err(SocketError::condition(sys::code::TOO_MANY, sentence));
    };
    let failed = |error| SocketError::attempt(format!("could not look up {name:?}"), error);
    let lookup = Arc::new(Lookup { answer: Mutex::default(), done: sys::Signal::new().map_err(failed)? });
    let (theirs, query) = (Arc::clone(&lookup), name.to_owned());
    sys::spawn_without_signals("name lookup", move || {
        let answer = (query.as_str(), 0).to_socket_addrs().map(|found| {
            let mut addresses = Vec::new();
            for address in found.map(|address| IpAddress::from(address.ip())) {
                if !addresses.contains(&address) {
                    addresses.push(address);
                }
            }
            addresses
        });
        *lock(&theirs.answer) = Some(answer);
        theirs.done.raise();
        drop(place);
    })
    .map_err(|error| {
        // The system says EAGAIN, but waiting for the socket would not help.
        let sentence = format!("could not start a thread to look up {name:?}: {error}");
        SocketError::condition(sys::code::TOO_MANY, sentence)
    })?;
    wait.sleep(|timeout| Ok(lookup.done.wait(timeout)?.then_some(())))?.ok_or(SocketError::NotReady)?;
    let answer = lock(&lookup.answer).take();
    match answer {
        Some(Ok(addresses)) if !addresses.is_empty() => Ok(addresses),
        Some(Err(error)) if error.raw_os_error().is_some() => Err(failed(error)),
        // What getaddrinfo itself says is no errno: there is no address, or no server that could be asked.
        answer => {
            let reason = answer.and_then(Result::err).map_or(String::new(), |error| format!(": {error}"));
            let sentence = format!("no address found for {name:?}{reason}");
            Err(SocketError::condition(sys::code::NOT_FOUND, sentence))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookups_beyond_the_limit_are_refused_until_one_ends() {
        let places: Vec<_> = std::iter::from_fn(Place::take).collect();
        assert_eq!(places.len() as u64, LIMIT);
        let error = look_up("localhost", &mut Wait::forever()).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(sys::code::TOO_MANY));
        drop(places);
        assert!(look_up("localhost", &mut Wait::forever()).is_ok());
    }
}
