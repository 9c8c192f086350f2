//! What may differ between two embedded servers.

use std::fmt;
use std::io;
use std::net::TcpStream;
use std::sync::Arc;

use super::connection::Connection;

/// What an embedded server does besides serving plain HTTP on `127.0.0.1`.
///
/// A server that speaks TLS is given what makes a connection of TLS from one of TCP:
///
/// ```
/// use testkit::http::{Options, Server};
///
/// // Here nothing is wrapped around it; a TLS library's stream goes the same way.
/// let options = Options::default().over(|stream| Ok(Box::new(stream)));
/// let server = Server::start_with(options)?;
/// assert!(server.requests().is_empty());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Options {
    /// Listens on `[::1]` instead.
    pub ipv6: bool,
    pub(super) wrap: Option<Arc<Wrap>>,
}

type Wrap = dyn Fn(TcpStream) -> io::Result<Box<dyn Connection>> + Send + Sync;

impl Options {
    /// Speaks over what this makes of each accepted connection, in the connection's own thread.
    ///
    /// An error of it ends the connection. The server drops what it is given here before it ends the TCP connection:
    /// a stream that has something to say at its end says it then.
    #[must_use]
    pub fn over(
        mut self,
        wrap: impl Fn(TcpStream) -> io::Result<Box<dyn Connection>> + Send + Sync + 'static,
    ) -> Self {
        self.wrap = Some(Arc::new(wrap));
        self
    }

    pub(super) fn connection(&self, stream: TcpStream) -> io::Result<Box<dyn Connection>> {
        match &self.wrap {
            Some(wrap) => wrap(stream),
            None => Ok(Box::new(stream)),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options").field("ipv6", &self.ipv6).field("wrapped", &self.wrap.is_some()).finish()
    }
}
