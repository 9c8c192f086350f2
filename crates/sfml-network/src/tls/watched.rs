//! A connection inside TLS as selectors see it.

use std::sync::{Arc, Weak};

use super::socket::Inner;
use crate::descriptor::{Descriptor, Layer, Standing};
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
        self.session().look(&self.socket, found)
    }

    fn descriptor(&self) -> &Descriptor {
        self.socket.descriptor()
    }
}
