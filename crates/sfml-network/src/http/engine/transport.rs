//! `Transport`: the bytes of one connection, for whichever call uses it.
//!
//! Besides moving them it sees to what the engine leaves out: interim responses of any kind are passed over (RFC 9110,
//! section 15.2), a response that comes before the request was sent is read all the same, and the header is noted as it
//! came, with its reason phrase.

use std::fmt;
use std::io;
use std::sync::Arc;

use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport as EngineTransport};

use super::head::{self, Found};
use crate::address::IpAddress;
use crate::error::SocketError;
use crate::http::call::Call;
use crate::http::error::{HttpError, Phase};
use crate::readiness::Readiness;
use crate::stream::Stream;

pub(super) struct Transport {
    stream: Arc<dyn Stream>,
    remote: Option<(IpAddress, u16)>,
    is_tls: bool,
    buffers: LazyBuffers,
    /// Whether a request has been sent over it.
    is_used: bool,
    /// Whether the header of a response is due.
    awaits_head: bool,
    /// Bytes of interim responses to this request.
    passed_over: usize,
    /// Whether it must not be used again.
    is_spent: bool,
}

impl Transport {
    pub(super) fn new(
        stream: Arc<dyn Stream>,
        remote: Option<(IpAddress, u16)>,
        is_tls: bool,
        buffers: LazyBuffers,
    ) -> Self {
        Self {
            stream,
            remote,
            is_tls,
            buffers,
            is_used: false,
            awaits_head: false,
            passed_over: 0,
            is_spent: false,
        }
    }

    /// The call this is done for.
    fn call(&mut self) -> Result<Arc<Call>, ureq::Error> {
        Call::current().ok_or_else(|| {
            self.is_spent = true;
            io::Error::other("the connection is used outside a call").into()
        })
    }

    /// Notes why the call fails; what is returned only ends the engine's work.
    fn fail(&mut self, call: &Call, error: HttpError) -> ureq::Error {
        self.is_spent = true;
        call.notes().failure.get_or_insert(error);
        // Not of a kind that the engine takes for the end of a body.
        io::Error::other("the call has failed").into()
    }

    /// Receives what is there. `Ok(false)` when nothing is.
    fn receive(&mut self, call: &Call) -> Result<bool, SocketError> {
        match self.stream.try_receive(self.buffers.input_append_buf()) {
            Ok(received) => {
                self.buffers.input_appended(received);
                let mut notes = call.notes();
                notes.received += received as u64;
                if !self.awaits_head {
                    notes.body_received += received as u64;
                }
                Ok(received > 0)
            }
            Err(SocketError::NotReady) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Looks whether the header is there, and passes over interim responses. `Ok(true)` when the engine can go on.
    fn look_for_head(&mut self, call: &Call) -> Result<bool, ureq::Error> {
        loop {
            match head::find(self.buffers.input()) {
                Found::Interim(length) => {
                    self.passed_over += length;
                    self.buffers.input_consume(length);
                    if self.passed_over > call.head_limit {
                        return Err(self.header_is_too_large(call));
                    }
                }
                Found::Final(length, head) => {
                    self.awaits_head = false;
                    let mut notes = call.notes();
                    notes.body_received = (self.buffers.input().len() - length) as u64;
                    notes.phase = Phase::Body;
                    notes.head = Some(head);
                    return Ok(true);
                }
                Found::Wrong(sentence) => return Err(self.fail(call, HttpError::Invalid(sentence))),
                Found::Part if self.buffers.input().len() > call.head_limit => {
                    return Err(self.header_is_too_large(call));
                }
                Found::Part => return Ok(false),
            }
        }
    }

    fn header_is_too_large(&mut self, call: &Call) -> ureq::Error {
        let (what, limit) = ("the header of the response", call.head_limit as u64);
        self.fail(call, HttpError::TooLarge { what, limit })
    }

    /// The connection does not take what is sent: the answer may be there all the same, and say why.
    fn hear_out(&mut self, call: &Call, error: SocketError) -> Result<(), ureq::Error> {
        let has_answered = matches!(self.receive(call), Ok(true)) || !self.buffers.input().is_empty();
        if has_answered && matches!(error, SocketError::Disconnected(_)) {
            self.stop_sending(call);
            return Ok(());
        }
        Err(self.fail(call, HttpError::of_wait(error, Phase::Send, false)))
    }

    /// What is left of the request is not sent: the server has answered without it.
    fn stop_sending(&mut self, call: &Call) {
        self.is_spent = true;
        call.notes().is_early = true;
    }

    fn wait(&mut self, call: &Call, want: Readiness) -> Result<(), ureq::Error> {
        let stream = Arc::clone(&self.stream);
        call.wait(&*stream, want).map_err(|error| self.fail(call, error))
    }

    /// Waits for room while the request is being sent, or for the response, which then stops the sending.
    fn wait_for_room(&mut self, call: &Call, want: &mut Readiness) -> Result<(), ureq::Error> {
        self.wait(call, *want)?;
        match self.receive(call) {
            Ok(true) if self.look_for_head(call)? => self.stop_sending(call),
            Ok(_) => {}
            // Nothing more will come; sending says what is wrong with the connection.
            Err(_) => *want = Readiness::WRITABLE,
        }
        Ok(())
    }
}

impl EngineTransport for Transport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        let call = self.call()?;
        if !self.awaits_head && !call.notes().is_early {
            self.awaits_head = true;
            self.passed_over = 0;
            let mut notes = call.notes();
            notes.phase = Phase::Send;
            notes.is_reused = self.is_used;
            notes.stream = Some(Arc::clone(&self.stream));
            notes.remote = self.remote;
            self.is_used = true;
        }
        let (mut sent, mut want) = (0, Readiness::BOTH);
        while sent < amount && !call.notes().is_early {
            match self.stream.try_send(&self.buffers.output()[sent..amount]) {
                Ok(more) => sent += more,
                Err(SocketError::NotReady) => self.wait_for_room(&call, &mut want)?,
                Err(error) => self.hear_out(&call, error)?,
            }
            call.check().map_err(|error| self.fail(&call, error))?;
        }
        Ok(())
    }

    fn await_input(&mut self, _: NextTimeout) -> Result<bool, ureq::Error> {
        let call = self.call()?;
        if self.awaits_head {
            call.enter_phase(Phase::Head);
            if self.look_for_head(&call)? {
                return Ok(true);
            }
        }
        call.check().map_err(|error| self.fail(&call, error))?;
        loop {
            match self.receive(&call) {
                Ok(true) if self.awaits_head && !self.look_for_head(&call)? => {
                    call.check().map_err(|error| self.fail(&call, error))?;
                }
                Ok(true) => return Ok(true),
                Ok(false) => self.wait(&call, Readiness::READABLE)?,
                Err(SocketError::Disconnected(None)) if self.awaits_head => {
                    let received = call.notes().received;
                    return Err(self.fail(&call, HttpError::Closed { received }));
                }
                // The end of the body, or an end before it: the engine knows.
                Err(SocketError::Disconnected(None)) => {
                    self.is_spent = true;
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                }
                Err(error) => {
                    let phase = if self.awaits_head { Phase::Head } else { Phase::Body };
                    return Err(self.fail(&call, HttpError::of_wait(error, phase, false)));
                }
            }
        }
    }

    fn is_open(&mut self) -> bool {
        if self.is_spent || Call::current().is_some_and(|call| call.notes().only_new) {
            return false;
        }
        // Whatever comes between two responses belongs to neither.
        matches!(self.stream.try_receive(&mut [0]), Err(SocketError::NotReady))
    }

    fn is_tls(&self) -> bool {
        self.is_tls
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("remote", &self.remote)
            .field("is_tls", &self.is_tls)
            .finish_non_exhaustive()
    }
}
