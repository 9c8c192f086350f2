//! What a [`Server`](super::Server) allows, leaves out, and does wrong on request.

/// The settings of a [`Server`](super::Server). The default serves anonymous users, who may read and write.
#[derive(Clone, Debug)]
pub struct Options {
    pub(super) anonymous: bool,
    pub(super) users: Vec<(String, String)>,
    pub(super) account: Option<String>,
    pub(super) ipv6: bool,
    pub(super) without: Vec<String>,
    pub(super) read_only: bool,
    pub(super) bytes_per_second: Option<u64>,
    pub(super) stop: Option<Stop>,
}

/// When transfers are interrupted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stop {
    pub(super) after: u64,
    pub(super) times: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            anonymous: true,
            users: Vec::new(),
            account: None,
            ipv6: false,
            without: Vec::new(),
            read_only: false,
            bytes_per_second: None,
            stop: None,
        }
    }
}

impl Options {
    /// The default settings.
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets a user with this password in, besides those named before.
    #[must_use]
    pub fn user(mut self, name: &str, password: &str) -> Self {
        self.users.push((name.to_owned(), password.to_owned()));
        self
    }

    /// Keeps anonymous users out.
    #[must_use]
    pub fn no_anonymous(mut self) -> Self {
        self.anonymous = false;
        self
    }

    /// Asks for this account (ACCT) after the password.
    #[must_use]
    pub fn account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    /// Listens on `[::1]` instead of `127.0.0.1`.
    #[must_use]
    pub fn ipv6(mut self) -> Self {
        self.ipv6 = true;
        self
    }

    /// Does not know these commands: answers 500 and leaves them out of FEAT. `UTF8`, which is no command, is left
    /// out of FEAT and of OPTS.
    #[must_use]
    pub fn without(mut self, verbs: &[&str]) -> Self {
        self.without.extend(verbs.iter().map(|verb| verb.to_ascii_uppercase()));
        self
    }

    /// Refuses every command that would change a file or a folder.
    #[must_use]
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// Moves at most so many bytes of a transfer in a second. Zero counts as one.
    #[must_use]
    pub fn bytes_per_second(mut self, rate: u64) -> Self {
        self.bytes_per_second = Some(rate.max(1));
        self
    }

    /// Closes the data connection and the control connection, without a reply, when a transfer has moved so many
    /// bytes. That happens to the first `times` transfers that come so far.
    #[must_use]
    pub fn stop_after(mut self, bytes: u64, times: usize) -> Self {
        self.stop = Some(Stop { after: bytes, times });
        self
    }

    pub(super) fn knows(&self, verb: &str) -> bool {
        !self.without.iter().any(|absent| absent == verb)
    }
}
