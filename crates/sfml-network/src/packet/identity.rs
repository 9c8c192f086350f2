//! Which packet a frame was made from.

use std::sync::atomic::{AtomicU64, Ordering};

/// Tells a packet with its present contents from every other, so that a sender recognises it when it comes again.
///
/// It is given out only when somebody asks, and lost when the contents change. A clone is another packet, and
/// identities take no part in comparing packets: hence the hand-written traits.
#[derive(Debug, Default)]
pub(super) struct Identity(AtomicU64);

impl Identity {
    /// Forgets the identity, as the contents are about to change.
    #[inline]
    pub(super) fn renew(&mut self) {
        *self.0.get_mut() = NONE;
    }

    /// The identity, if it was ever asked for.
    pub(super) fn known(&self) -> Option<u64> {
        match self.0.load(Ordering::Relaxed) {
            NONE => None,
            identity => Some(identity),
        }
    }

    /// The identity, given now if there is none yet.
    pub(super) fn get(&self) -> u64 {
        let fresh = NEXT.fetch_add(1, Ordering::Relaxed);
        match self.0.compare_exchange(NONE, fresh, Ordering::Relaxed, Ordering::Relaxed) {
            Ok(_) => fresh,
            Err(known) => known,
        }
    }
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Eq for Identity {}

impl PartialEq for Identity {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

const NONE: u64 = 0;

static NEXT: AtomicU64 = AtomicU64::new(NONE + 1);
