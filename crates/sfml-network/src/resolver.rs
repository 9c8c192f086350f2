//! Name lookup on a helper thread, so that it too is bounded in time and can be interrupted.

use std::net::ToSocketAddrs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use crate::address::IpAddress;
use crate::descriptor::lock;
use crate::error::SocketError;
use crate::sys;
use crate::wait::Wait;

/// The most lookups under way at once: each that was given up keeps its thread until the system's resolver
/// lets go.
const LIMIT: usize = 32;

/// The longest name DNS can carry (RFC 1035, section 2.3.4), with room for a final dot.
const LONGEST_NAME: usize = 254;

static UNDER_WAY: AtomicUsize = AtomicUsize::new(0);

struct Lookup {
    answer: Mutex<Option<std::io::Result<Vec<IpAddress>>>>,
    done: sys::Signal,
}

/// Counts a lookup for as long as it lives.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let take = |count| (count < LIMIT).then_some(count + 1);
        UNDER_WAY.fetch_update(Ordering::AcqRel, Ordering::Acquire, take).ok().map(|_| Self)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        UNDER_WAY.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Looks up a name that is not a numeric address.
pub(crate) fn look_up(name: &str, mut wait: Wait<'_>) -> Result<Vec<IpAddress>, SocketError> {
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
    .map_err(failed)?;
    wait.sleep(|timeout| Ok(lookup.done.wait(timeout)?.then_some(())))?.ok_or(SocketError::NotReady)?;
    let answer = lock(&lookup.answer).take();
    match answer {
        Some(Ok(addresses)) if !addresses.is_empty() => Ok(addresses),
        // What getaddrinfo says is no errno: to the caller they all mean that there is no address.
        Some(Ok(_)) | Some(Err(_)) | None => {
            let reason = answer.and_then(Result::err).map_or(String::new(), |error| format!(": {error}"));
            Err(SocketError::condition(
                sys::code::NOT_FOUND,
                format!("no address found for {name:?}{reason}"),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookups_beyond_the_limit_are_refused_until_one_ends() {
        let places: Vec<_> = std::iter::from_fn(Place::take).collect();
        assert_eq!(places.len(), LIMIT);
        let error = look_up("localhost", Wait::forever()).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(sys::code::TOO_MANY));
        drop(places);
        assert!(look_up("localhost", Wait::forever()).is_ok());
    }
}
