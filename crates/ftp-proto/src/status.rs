//! Reply codes (RFC 959, section 4.2; RFC 2228, RFC 2428, RFC 3659 for a few).

use std::fmt;

/// The three digits of a reply.
///
/// Any code can be held, so that one nobody has named is not lost. The first digit says what kind of answer it is.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Status(pub u16);

impl Status {
    /// `1yz`: it has begun, another reply will follow.
    pub const fn is_preliminary(self) -> bool {
        self.0 / 100 == 1
    }

    /// `2yz`: done.
    pub const fn is_completion(self) -> bool {
        self.0 / 100 == 2
    }

    /// `3yz`: accepted so far, another command is needed.
    pub const fn is_intermediate(self) -> bool {
        self.0 / 100 == 3
    }

    /// `4yz`: refused for now, the same command may succeed later.
    pub const fn is_transient_failure(self) -> bool {
        self.0 / 100 == 4
    }

    /// `5yz` and above: refused, and will be again.
    pub const fn is_permanent_failure(self) -> bool {
        self.0 >= 500
    }

    /// Whether the server has not refused: below 400.
    pub const fn is_ok(self) -> bool {
        self.0 < 400
    }

    /// The documented name, where the code has one.
    pub fn name(self) -> Option<&'static str> {
        Self::NAMED.iter().find(|(_, status)| *status == self).map(|(name, _)| *name)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:03}", self.0)
    }
}

impl From<Status> for u16 {
    fn from(status: Status) -> Self {
        status.0
    }
}

macro_rules! named {
    ($($(#[doc = $doc:literal])* $name:ident = $code:literal;)*) => {
        impl Status {
            $($(#[doc = $doc])* pub const $name: Self = Self($code);)*

            /// Every named code, in ascending order.
            pub const NAMED: &[(&'static str, Self)] = &[$((stringify!($name), Self::$name)),*];
        }
    };
}

// The names are those of SFML's documentation, the sentences are ours.
named! {
    /// A place from which the transfer could be restarted (RFC 959, block mode).
    RESTART_MARKER_REPLY = 110;
    /// The service will be ready in some minutes; the greeting proper follows.
    SERVICE_READY_SOON = 120;
    /// The data connection is open already, the transfer begins.
    DATA_CONNECTION_ALREADY_OPENED = 125;
    /// The file is there, the data connection is about to be opened.
    OPENING_DATA_CONNECTION = 150;
    /// Done.
    OK = 200;
    /// Not needed on this server, which counts as done.
    POINTLESS_COMMAND = 202;
    /// The state of the system, or what `FEAT` lists.
    SYSTEM_STATUS = 211;
    /// The state of a directory.
    DIRECTORY_STATUS = 212;
    /// The state of a file: what `SIZE` and `MDTM` answer.
    FILE_STATUS = 213;
    /// Help for a person.
    HELP_MESSAGE = 214;
    /// The name of the system.
    SYSTEM_TYPE = 215;
    /// Ready for a new user: the greeting.
    SERVICE_READY = 220;
    /// The control connection is being closed, as asked.
    CLOSING_CONNECTION = 221;
    /// The data connection is open, and nothing is being transferred.
    DATA_CONNECTION_OPENED = 225;
    /// The data connection is being closed after a transfer that succeeded.
    CLOSING_DATA_CONNECTION = 226;
    /// Where to connect for data.
    ENTERING_PASSIVE_MODE = 227;
    /// Logged in.
    LOGGED_IN = 230;
    /// The file action was done.
    FILE_ACTION_OK = 250;
    /// A path name: of the working directory, or of one that was created.
    DIRECTORY_OK = 257;
    /// The name is accepted, a password is needed.
    NEED_PASSWORD = 331;
    /// An account is needed to log in.
    NEED_ACCOUNT_TO_LOG_IN = 332;
    /// Accepted, another command has to follow.
    NEED_INFORMATION = 350;
    /// The service is not available, the control connection is being closed.
    SERVICE_UNAVAILABLE = 421;
    /// The data connection cannot be opened.
    DATA_CONNECTION_UNAVAILABLE = 425;
    /// The transfer was given up, the data connection is closed.
    TRANSFER_ABORTED = 426;
    /// The file is busy, or not available for now.
    FILE_ACTION_ABORTED = 450;
    /// Something failed on the server's side.
    LOCAL_ERROR = 451;
    /// There is not enough room on the server.
    INSUFFICIENT_STORAGE_SPACE = 452;
    /// The command is not known.
    COMMAND_UNKNOWN = 500;
    /// The argument is not understood.
    PARAMETERS_UNKNOWN = 501;
    /// The command is not implemented.
    COMMAND_NOT_IMPLEMENTED = 502;
    /// The command does not fit what came before it.
    BAD_COMMAND_SEQUENCE = 503;
    /// The command is not implemented for this argument.
    PARAMETER_NOT_IMPLEMENTED = 504;
    /// Not logged in.
    NOT_LOGGED_IN = 530;
    /// An account is needed to store files.
    NEED_ACCOUNT_TO_STORE = 532;
    /// The file does not exist, or may not be used.
    FILE_UNAVAILABLE = 550;
    /// The page type is not known.
    PAGE_TYPE_UNKNOWN = 551;
    /// There is no room left for this user or in this directory.
    NOT_ENOUGH_MEMORY = 552;
    /// The file name is not allowed.
    FILENAME_NOT_ALLOWED = 553;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn named_codes_ascend_and_are_found_by_name() {
        assert!(Status::NAMED.is_sorted_by(|(_, a), (_, b)| a < b));
        assert_eq!(Status(226).name(), Some("CLOSING_DATA_CONNECTION"));
        assert_eq!(Status(299).name(), None);
    }

    #[test]
    fn first_digit_tells_the_kind() {
        assert!(Status(150).is_preliminary() && Status(150).is_ok());
        assert!(Status(226).is_completion());
        assert!(Status(331).is_intermediate() && Status(331).is_ok());
        assert!(Status(421).is_transient_failure() && !Status(421).is_ok());
        assert!(Status(550).is_permanent_failure() && !Status(550).is_ok());
    }
}
