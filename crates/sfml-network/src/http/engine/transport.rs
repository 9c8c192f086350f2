//! `Transport`: the bytes of one connection, for whichever call uses it.
//!
//! Besides moving them it sees to what the engine leaves out: interim responses of any kind are passed over (RFC 9110,
//! section 15.2), a response that comes before the request was sent is read all the same, and the header is noted as it
//! came, with its reason phrase.

use std::fmt;
use std::io;
use std::sync::Arc;

use ureq::unversioned::transport::{Buffers, LazyBuffers, NextTimeout, Transport as EngineTransport};

use super::inlet::{Inlet, Received, Start};
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
    inlet: Inlet,
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
            inlet: Inlet::new(buffers),
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

    /// Receives what is there; whether there is more for the engine, or for the search of a header.
    fn receive(&mut self, call: &Call) -> Result<Received, HttpError> {
        let received = self.inlet.receive(&*self.stream)?;
        if let Received::Some(count) | Received::Nothing(count) = received {
            let mut notes = call.notes();
            notes.received += count as u64;
            if !self.awaits_head {
                notes.body_received += count as u64;
                if let Some(trailer) = self.inlet.take_trailer() {
                    notes.trailers = Some(trailer);
                }
            }
        }
        Ok(received)
    }

    /// Looks whether the header is there, and passes over interim responses. Whether the engine can go on.
    fn look_for_head(&mut self, call: &Call) -> Result<bool, HttpError> {
        loop {
            let (awaits_continue, has_body) = {
                let notes = call.notes();
                (notes.awaits_continue, !notes.has_no_body)
            };
            match self.inlet.look(awaits_continue, has_body) {
                Start::Continue => {
                    call.notes().awaits_continue = false;
                    return Ok(true);
                }
                Start::Interim(length) => self.passed_over += length,
                Start::Head(head, behind) => {
                    self.awaits_head = false;
                    let trailer = self.inlet.take_trailer();
                    let mut notes = call.notes();
                    notes.awaits_continue = false;
                    notes.phase = Phase::Body;
                    notes.body_received = behind as u64;
                    notes.head = Some(head);
                    notes.trailers = trailer;
                    return Ok(true);
                }
                Start::Wrong(sentence) => return Err(HttpError::Invalid(sentence)),
                Start::Part if self.inlet.held() > call.head_limit => return Err(too_large(call)),
                Start::Part => return Ok(false),
            }
            if self.passed_over > call.head_limit {
                return Err(too_large(call));
            }
        }
    }

    /// The connection does not take what is sent: the answer may be there all the same, and say why.
    fn hear_out(&mut self, call: &Call, error: SocketError) -> Result<(), HttpError> {
        let has_answered = matches!(self.receive(call), Ok(Received::Some(_))) || self.inlet.held() > 0;
        if has_answered && matches!(error, SocketError::Disconnected(_)) {
            self.stop_sending(call);
            return Ok(());
        }
        Err(HttpError::of_wait(error, Phase::Send, false))
    }

    /// What is left of the request is not sent: the server has answered without it.
    fn stop_sending(&mut self, call: &Call) {
        self.is_spent = true;
        call.notes().is_early = true;
    }

    /// Waits for room while the request is being sent, or for a response that says that it is of no use.
    fn wait_for_room(&mut self, call: &Call, want: &mut Readiness) -> Result<(), HttpError> {
        if !(want.is_readable() && self.inlet.has_behind()) {
            call.wait(&*self.stream, *want)?;
        }
        if !want.is_readable() {
            return Ok(());
        }
        match self.receive(call) {
            Ok(Received::NotReady | Received::Nothing(_)) => {}
            Ok(Received::Some(_)) => {
                if self.awaits_head && self.look_for_head(call)? {
                    let is_refused = call.notes().head.as_ref().is_some_and(|head| head.status.0 >= 400);
                    if is_refused {
                        self.stop_sending(call);
                    }
                }
                if !self.awaits_head {
                    // The rest can wait until all is sent.
                    *want = Readiness::WRITABLE;
                }
            }
            // Nothing more will come; sending says what is wrong with the connection.
            Err(_) => *want = Readiness::WRITABLE,
        }
        Ok(())
    }

    fn send(&mut self, call: &Call, amount: usize) -> Result<(), HttpError> {
        let mut sent = 0;
        let mut want = if self.awaits_head { Readiness::BOTH } else { Readiness::WRITABLE };
        while sent < amount && !call.notes().is_early {
            match self.stream.try_send(&self.inlet.buffers.output()[sent..amount]) {
                Ok(more) => sent += more,
                Err(SocketError::NotReady) => self.wait_for_room(call, &mut want)?,
                Err(error) => self.hear_out(call, error)?,
            }
            call.check()?;
        }
        Ok(())
    }

    /// Receives until the engine can go on. `Ok(false)` is the end of the stream.
    fn await_more(&mut self, call: &Call, timeout: &NextTimeout) -> Result<Awaited, HttpError> {
        if self.awaits_head {
            call.enter_phase(Phase::Head);
            if self.look_for_head(call)? {
                return Ok(Awaited::More);
            }
            if self.inlet.held() == 0 && !call.notes().awaits_continue {
                // No server has answered yet what was sent just now: to try first would be a call for nothing.
                call.wait(&*self.stream, Readiness::READABLE)?;
            }
        }
        loop {
            call.check()?;
            match self.receive(call) {
                Ok(Received::Some(_)) if self.awaits_head && !self.look_for_head(call)? => {}
                Ok(Received::Some(_)) => return Ok(Awaited::More),
                Ok(Received::Nothing(_)) => {}
                Ok(Received::NotReady) if call.notes().awaits_continue => {
                    let patience = *timeout.after;
                    if !call.wait_at_most(&*self.stream, patience)? {
                        // Servers that do not know the expectation wait for the body.
                        call.notes().awaits_continue = false;
                        return Ok(Awaited::Patience);
                    }
                }
                Ok(Received::NotReady) => call.wait(&*self.stream, Readiness::READABLE)?,
                Err(HttpError::Connection { source: SocketError::Disconnected(None), .. }) => {
                    if self.awaits_head {
                        return Err(HttpError::Closed { received: call.notes().received });
                    }
                    return Ok(Awaited::End);
                }
                Err(HttpError::Connection { source, .. }) => {
                    let phase = if self.awaits_head { Phase::Head } else { Phase::Body };
                    return Err(HttpError::Connection { phase, source });
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// What waiting came to.
enum Awaited {
    More,
    End,
    /// The time the engine waits for a `100 Continue` is over.
    Patience,
}

fn too_large(call: &Call) -> HttpError {
    HttpError::TooLarge { what: "the header of the response", limit: call.head_limit as u64 }
}

impl EngineTransport for Transport {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.inlet.buffers
    }

    fn transmit_output(&mut self, amount: usize, _: NextTimeout) -> Result<(), ureq::Error> {
        let call = self.call()?;
        if call.begin_on(&self.stream, self.remote, self.is_used) {
            self.awaits_head = true;
            self.passed_over = 0;
            self.is_used = true;
            self.inlet.expect_head();
        }
        self.send(&call, amount).map_err(|error| self.fail(&call, error))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
        let call = self.call()?;
        match self.await_more(&call, &timeout) {
            Ok(Awaited::More) => Ok(true),
            Ok(Awaited::Patience) => Err(ureq::Error::Timeout(timeout.reason)),
            // The end of the body, or an end before it: the engine knows.
            Ok(Awaited::End) => {
                self.is_spent = true;
                Err(io::Error::from(io::ErrorKind::UnexpectedEof).into())
            }
            Err(error) => Err(self.fail(&call, error)),
        }
    }

    fn is_open(&mut self) -> bool {
        // A forked child leaves the connections to its parent.
        if self.is_spent || self.stream.is_foreign() {
            return false;
        }
        if let Some(call) = Call::current() {
            let notes = call.notes();
            if notes.only_new {
                return false;
            }
            if notes.stream.as_ref().is_some_and(|stream| Arc::ptr_eq(stream, &self.stream)) {
                // The call is done with it. Whoever takes it next looks what has come until then.
                return true;
            }
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

#[cfg(test)]
mod tests {
    use crate::http::{Http, HttpError, HttpOptions, Request};

    /// The body of what a server answers that says this, all at once and byte by byte.
    fn body(request: &Request, script: &[u8]) -> Vec<u8> {
        let answer = |step| {
            let mut response = Http::scripted(HttpOptions::default(), script, step).send(request).unwrap();
            response.body().unwrap()
        };
        let whole = answer(usize::MAX);
        assert!(answer(1) == whole);
        whole
    }

    #[test]
    fn a_response_that_comes_along_with_the_100_continue_is_read() {
        for request_body in ["data", ""] {
            let request = Request::put("http://a/").body(request_body).field("Expect", "100-continue");
            for behind in [
                &b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"[..],
                b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\n\r\n",
            ] {
                let script = [b"HTTP/1.1 100 Continue\r\n\r\n", behind].concat();
                assert_eq!(body(&request, &script), b"hello");
            }
        }
    }

    #[test]
    fn a_body_that_is_wrong_leaves_the_header_right_also_when_both_come_at_once() {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        for chunks in ["x\r\n", "1\r\na\r\n0\r\nno field\r\n\r\n"] {
            let script = format!("{head}{chunks}");
            for step in [usize::MAX, 1] {
                let http = Http::scripted(HttpOptions::default(), script.as_bytes(), step);
                let mut response = http.get("http://a/").unwrap();
                assert!(matches!(response.body(), Err(HttpError::Invalid(_))));
            }
        }
    }

    #[test]
    fn a_header_that_grows_when_it_is_written_anew_costs_the_body_nothing() {
        let data: Vec<u8> = (0..300_000).map(|index: usize| (index % 251) as u8).collect();
        let script =
            [b"HTTP/1.1 200\n".as_slice(), &b"connection:close\n".repeat(127), b"\n", &data].concat();
        assert!(body(&Request::get("http://a/"), &script) == data);
    }
}
