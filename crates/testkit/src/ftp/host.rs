//! The listener of the FTP servers, which keep a [`Journal`].

use super::journal::Journal;

pub(super) use crate::host::Waiting;

pub(super) type Host = crate::host::Host<Journal>;
pub(super) type Shared = crate::host::Shared<Journal>;
pub(super) type Registered = crate::host::Registered<Journal>;
