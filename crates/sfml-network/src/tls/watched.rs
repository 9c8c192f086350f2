//! A connection inside TLS as selectors see it.

use std::sync::{Arc, Weak};

use super::socket::Inner;
use crate::descriptor::Descriptor;
use crate::layer::{Layer, Standing};
use crate::readiness::Readiness;
use crate::selector::sealed::Sealed;

impl Inner {
    /// Lets selectors ask the session, and no longer the system alone.
    pub(super) fn watch(self: &Arc<Self>) {
        let layer: Weak<Self> = Arc::downgrade(self);
        self.socket.descriptor().set_layer(layer);
    }
}

impl Layer for Inner {
    fn look(&self, found: Option<Readiness>) -> Standing {
        let mut session = self.session();
        let had_news = session.has_news();
        let standing = session.look(&self.socket, found);
        let has_news = session.has_news();
        drop(session);
        if has_news && !had_news {
            // The bytes it was found by are taken in now, and other selectors would not see them any more.
            self.descriptor().call_attention();
        }
        standing
    }

    fn descriptor(&self) -> &Descriptor {
        self.socket.descriptor()
    }
}
