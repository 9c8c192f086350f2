//! What it looks like when a call cannot do what it was asked: it ends in time, and says why.

use std::fmt::Debug;
use std::io;
use std::thread;
use std::time::{Duration, Instant};

use sfml_network::{Deadline, IpAddress, ListenOptions, SocketError, TcpListener, TcpSocket, Wait};

use crate::account::{Failure, tell};

const ALLOWED: Duration = Duration::from_millis(50);
/// Much longer than any of the calls should take, for computers that are busy.
const LIMIT: Duration = Duration::from_secs(5);

/// Makes calls that cannot succeed, and shows when and how they end.
pub(crate) fn give_up() -> Result<(), Failure> {
    receive_from_a_silent_peer()?;
    connect_to_a_full_server()?;
    connect_to_a_closed_port()?;
    interrupted_by_a_hook()?;
    closed_by_another_thread()
}

fn receive_from_a_silent_peer() -> Result<(), Failure> {
    let (socket, _silent) = pair()?;
    let ending = Ending::of(|| socket.receive_within(&mut [0; 64], ALLOWED));
    ending.tell("a receive that may take 50 ms, from a silent peer", |error| {
        matches!(error, SocketError::NotReady)
    })
}

/// A server that lets one connection wait, and accepts none.
fn connect_to_a_full_server() -> Result<(), Failure> {
    let options = ListenOptions { backlog: 0, ..ListenOptions::default() };
    let listener = TcpListener::listen_with(IpAddress::LOCAL_HOST, 0, options)?;
    let mut waiting = Vec::new();
    for _ in 0..16 {
        let connect = || TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), ALLOWED);
        match Ending::of(|| connect().map(|socket| waiting.push(socket))) {
            Ending { outcome: Ok(()), .. } => {}
            // Some systems refuse at once instead of letting the client try again.
            ending => {
                return ending.tell("a connect that may take 50 ms, to a server that is busy", |_| true);
            }
        }
    }
    Err("a server that accepts nobody let 16 clients connect".into())
}

fn connect_to_a_closed_port() -> Result<(), Failure> {
    let port = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?.local_port();
    let ending = Ending::of(|| TcpSocket::connect(IpAddress::LOCAL_HOST, port, LIMIT));
    ending.tell("a connect to a port nobody listens on", |error| {
        error.kind() == io::ErrorKind::ConnectionRefused
    })
}

/// A hook is asked every 40 ms whether to go on; Python's Ctrl-C works this way.
fn interrupted_by_a_hook() -> Result<(), Failure> {
    let (socket, _silent) = pair()?;
    let until = Deadline::after(ALLOWED);
    let mut hook = || match until.has_passed() {
        true => Err(io::Error::new(io::ErrorKind::Interrupted, "the player pressed Escape")),
        false => Ok(()),
    };
    let wait = Wait::until(Deadline::after(LIMIT)).with_interrupt(&mut hook);
    let ending = Ending::of(|| socket.receive_within(&mut [0; 64], wait));
    ending.tell("a receive whose interrupt hook, asked every 40 ms, says stop after 50 ms", |error| {
        error.kind() == io::ErrorKind::Interrupted
    })
}

fn closed_by_another_thread() -> Result<(), Failure> {
    let (socket, _silent) = pair()?;
    let ending = thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(ALLOWED);
            socket.disconnect();
        });
        Ending::of(|| socket.receive_within(&mut [0; 64], LIMIT))
    });
    ending.tell("a receive on a socket that another thread closed after 50 ms", |error| {
        matches!(error, SocketError::Disconnected(_))
    })
}

/// Two ends of one connection.
fn pair() -> Result<(TcpSocket, TcpSocket), SocketError> {
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
    let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), LIMIT)?;
    Ok((client, listener.accept_within(LIMIT)?))
}

/// How a call ended, and when.
struct Ending<T> {
    outcome: Result<T, SocketError>,
    elapsed: Duration,
}

impl<T: Debug> Ending<T> {
    fn of(call: impl FnOnce() -> Result<T, SocketError>) -> Self {
        let started = Instant::now();
        let outcome = call();
        Self { outcome, elapsed: started.elapsed() }
    }

    /// Tells it, if it is an error of the kind that was expected, and came in time.
    fn tell(self, call: &str, is_expected: impl FnOnce(&SocketError) -> bool) -> Result<(), Failure> {
        let error = match self.outcome {
            Err(error) if is_expected(&error) && self.elapsed < LIMIT => error,
            other => return Err(format!("{call} ended after {:?} with {other:?}", self.elapsed).into()),
        };
        let variant = match &error {
            SocketError::NotReady => "NotReady",
            SocketError::Disconnected(_) => "Disconnected",
            _ => "Other",
        };
        tell(format!("{:.1} ms", self.elapsed.as_secs_f64() * 1e3), call);
        tell(variant, format!("\"{error}\""));
        Ok(())
    }
}
