//! A server that is no more than the bytes it says, for the checks of what reads them.

use std::fmt;
use std::sync::{Arc, Mutex};

use ureq::unversioned::transport::{ConnectionDetails, Connector, LazyBuffers};

use super::Engine;
use super::transport::Transport;
use crate::address::IpAddress;
use crate::descriptor::lock;
use crate::error::SocketError;
use crate::http::options::HttpOptions;
use crate::readiness::Readiness;
use crate::socket::TcpSocket;
use crate::stream::Stream;
use crate::wait::Wait;

/// A connection that says the same bytes to whatever it is sent, and ends.
pub(in crate::http) struct Scripted {
    script: Arc<[u8]>,
    /// The most bytes that come at once.
    step: usize,
    said: Mutex<usize>,
}

impl Scripted {
    pub(in crate::http) fn new(script: Arc<[u8]>, step: usize) -> Self {
        Self { script, step, said: Mutex::default() }
    }

    /// How much of it was received.
    pub(in crate::http) fn said(&self) -> usize {
        *lock(&self.said)
    }
}

impl Stream for Scripted {
    fn try_receive(&self, buffer: &mut [u8]) -> Result<usize, SocketError> {
        let mut said = lock(&self.said);
        let rest = &self.script[*said..];
        let count = rest.len().min(buffer.len()).min(self.step);
        if count == 0 {
            return Err(SocketError::Disconnected(None));
        }
        buffer[..count].copy_from_slice(&rest[..count]);
        *said += count;
        Ok(count)
    }

    fn try_send(&self, data: &[u8]) -> Result<usize, SocketError> {
        Ok(data.len())
    }

    fn wait(&self, _: Readiness, _: &mut Wait<'_>) -> Result<(), SocketError> {
        Ok(())
    }

    fn finish_sending(&self) -> Result<(), SocketError> {
        Ok(())
    }

    fn plain(&self) -> Option<&TcpSocket> {
        None
    }

    fn local_address(&self) -> Option<IpAddress> {
        None
    }

    fn remote_address(&self) -> Option<IpAddress> {
        None
    }

    fn is_foreign(&self) -> bool {
        false
    }
}

impl fmt::Debug for Scripted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scripted").field("said", &self.said()).finish_non_exhaustive()
    }
}

impl Engine {
    /// One each of whose connections says these bytes.
    pub(in crate::http) fn scripted(options: &HttpOptions, script: &[u8], step: usize) -> Self {
        Self::over(options, ScriptedConnector { script: script.into(), step })
    }
}

#[derive(Debug)]
struct ScriptedConnector {
    script: Arc<[u8]>,
    step: usize,
}

impl Connector for ScriptedConnector {
    type Out = Transport;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> Result<Option<Transport>, ureq::Error> {
        let stream = Arc::new(Scripted::new(Arc::clone(&self.script), self.step));
        let buffers =
            LazyBuffers::new(details.config.input_buffer_size(), details.config.output_buffer_size());
        Ok(Some(Transport::new(stream, None, false, buffers)))
    }
}
