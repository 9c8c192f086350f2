//! `Layer`: what stands between a descriptor and the caller and has a state of its own, such as TLS.
//!
//! Below descriptor, selector and the layers themselves, so that none of the three imports another: a descriptor keeps
//! its layer, a selector asks it, and neither knows what it is.

use crate::descriptor::Descriptor;
use crate::readiness::Readiness;

/// One layer over one descriptor.
pub(crate) trait Layer: Send + Sync {
    /// Does what can be done at once with what the system found the descriptor ready for, and tells how it then stands.
    fn look(&self, found: Option<Readiness>) -> Standing;

    /// The descriptor below.
    fn descriptor(&self) -> &Descriptor;
}

/// What a layer is ready for, and what its descriptor has to be watched for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) readable: bool,
    pub(crate) writable: bool,
    /// Whether bytes have to be received before anything else can go on.
    pub(crate) wants_read: bool,
    /// Whether bytes of the layer wait to be sent.
    pub(crate) wants_write: bool,
}

impl Standing {
    /// What of it the caller has asked for.
    pub(crate) fn ready_for(self, want: Readiness) -> Option<Readiness> {
        let readable = self.readable && want.is_readable();
        Readiness::from_bits(Readiness::bits(readable, self.writable && want.is_writable()))
    }

    /// What to watch the descriptor for.
    pub(crate) fn watch_for(self, want: Readiness) -> Readiness {
        let readable = self.wants_read || want.is_readable();
        // While bytes have to be received first, room to send is no news.
        let writable = self.wants_write || (want.is_writable() && !self.wants_read);
        Readiness::from_bits(Readiness::bits(readable, writable)).unwrap_or(want)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDLE: Standing =
        Standing { readable: false, writable: false, wants_read: false, wants_write: false };

    #[test]
    fn a_layer_is_watched_for_its_own_sake_and_for_the_callers() {
        assert_eq!(IDLE.watch_for(Readiness::READABLE), Readiness::READABLE);
        assert_eq!(IDLE.watch_for(Readiness::WRITABLE), Readiness::WRITABLE);
        let sending = Standing { wants_write: true, ..IDLE };
        assert_eq!(sending.watch_for(Readiness::READABLE), Readiness::BOTH);
        let shaking_hands = Standing { wants_read: true, ..IDLE };
        assert_eq!(shaking_hands.watch_for(Readiness::WRITABLE), Readiness::READABLE);
    }

    #[test]
    fn only_what_was_asked_for_is_ready() {
        let both = Standing { readable: true, writable: true, ..IDLE };
        assert_eq!(both.ready_for(Readiness::WRITABLE), Some(Readiness::WRITABLE));
        assert_eq!(Standing { writable: false, ..both }.ready_for(Readiness::WRITABLE), None);
    }
}
