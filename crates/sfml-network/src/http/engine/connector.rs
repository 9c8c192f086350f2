//! `Connector`: makes the connections of a client, plain, inside TLS, or through a proxy.

use std::fmt;
use std::io;
use std::sync::Arc;

use ureq::unversioned::transport::{ConnectionDetails, Connector as EngineConnector, LazyBuffers};

use super::transport::Transport;
use crate::address::IpAddress;
use crate::http::call::Call;
use crate::http::error::{HttpError, Phase};
use crate::http::options::HttpOptions;
use crate::http::url::{Origin, Scheme, Url};
use crate::socket::TcpSocket;
use crate::stream::Stream;

pub(super) struct Connector {
    options: HttpOptions,
    /// The roots of the system, once they were needed.
    #[cfg(feature = "tls")]
    tls: std::sync::OnceLock<crate::tls::ClientConfig>,
}

impl Connector {
    pub(super) fn new(options: &HttpOptions) -> Self {
        Self {
            options: options.clone(),
            #[cfg(feature = "tls")]
            tls: std::sync::OnceLock::new(),
        }
    }

    fn make(&self, call: &Call, origin: &Origin) -> Result<(Arc<dyn Stream>, TcpPeer), HttpError> {
        let socket = match self.options.proxies.for_origin(origin) {
            Some(proxy) => {
                let socket = self.reach(call, &proxy.host, proxy.port)?;
                call.enter_phase(Phase::Proxy);
                proxy.connect(call, &socket, origin, self.options.connect_timeout)?;
                socket
            }
            None => self.reach(call, &origin.host, origin.port)?,
        };
        let peer = socket.remote_address().map(|address| (address, socket.remote_port()));
        match origin.scheme {
            Scheme::Http => Ok((Arc::new(socket), peer)),
            Scheme::Https => Ok((self.encrypt(call, socket, origin)?, peer)),
        }
    }

    fn reach(&self, call: &Call, host: &str, port: u16) -> Result<TcpSocket, HttpError> {
        call.enter_phase(Phase::Lookup);
        let patience = self.options.connect_timeout;
        let addresses = call.wait_within(patience, |mut wait| IpAddress::resolve_by(host, &mut wait))?;
        call.enter_phase(Phase::Connect);
        call.wait_within(patience, |mut wait| TcpSocket::connect_any(&addresses, port, &mut wait))
    }

    #[cfg(feature = "tls")]
    fn encrypt(&self, call: &Call, socket: TcpSocket, origin: &Origin) -> Result<Arc<dyn Stream>, HttpError> {
        use crate::tls::{ClientConfig, TlsSocket};
        use crate::wait::Wait;

        call.enter_phase(Phase::Tls);
        let config = match self.options.tls.as_ref().or(self.tls.get()) {
            Some(config) => config,
            None => {
                let unusable = |error| HttpError::request("tls", format!("{error}"));
                let config = ClientConfig::system().map_err(unusable)?;
                // Shared by all connections, so that the second to a server can resume the first's session.
                self.tls.get_or_init(|| config)
            }
        };
        let connect = |wait: Wait<'_>| TlsSocket::connect(socket, &origin.host, config, wait);
        Ok(Arc::new(call.wait_within(self.options.connect_timeout, connect)?))
    }

    #[cfg(not(feature = "tls"))]
    fn encrypt(&self, _: &Call, _: TcpSocket, _: &Origin) -> Result<Arc<dyn Stream>, HttpError> {
        Err(HttpError::request("uri", "https needs the feature tls of this library, which was left out"))
    }
}

type TcpPeer = Option<(IpAddress, u16)>;

impl EngineConnector for Connector {
    type Out = Transport;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> Result<Option<Transport>, ureq::Error> {
        let call = Call::current().ok_or_else(|| io::Error::other("a connection is made outside a call"))?;
        let (url, _) = Url::parse(&details.uri.to_string()).map_err(io::Error::other)?;
        let (stream, remote) = self.make(&call, &url.origin).map_err(|error| {
            call.notes().failure.get_or_insert(error);
            ureq::Error::from(io::Error::other("no connection was made"))
        })?;
        call.notes().only_new = false;
        let buffers =
            LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Transport::new(stream, remote, url.is_https(), buffers)))
    }
}

impl fmt::Debug for Connector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connector").finish_non_exhaustive()
    }
}
