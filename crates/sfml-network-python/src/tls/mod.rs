//! TLS for Python: how a `TcpSocket` is put into it, and what it then tells.

mod arguments;
mod configurations;

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use sfml_network::tls::{ClientConfig, ConfigError, TlsError, TlsSocket, TlsStatus};
use sfml_network::{SocketError, TcpSocket as Core};

pub(crate) use self::arguments::{Alpn, ClientArguments, ServerArguments};
use crate::argument::Timeout;
use crate::error;
use crate::open::{Barred, Inside, Open, Role, Turned};
use crate::socket::Socket;
use crate::waiting;

/// The enumeration `TlsStatus`.
pub(crate) fn statuses(py: Python<'_>) -> PyResult<&Bound<'_, PyType>> {
    static CLASS: PyOnceLock<Py<PyType>> = PyOnceLock::new();
    CLASS.import(py, "sfml_network._status", "TlsStatus")
}

fn status(py: Python<'_>, status: TlsStatus) -> PyResult<Bound<'_, PyAny>> {
    statuses(py)?.getattr(match status {
        TlsStatus::HandshakeStarted => "HANDSHAKE_STARTED",
        TlsStatus::HandshakeComplete => "HANDSHAKE_COMPLETE",
        TlsStatus::Error => "ERROR",
        _ => "NOT_CONNECTED",
    })
}

/// How far TLS is on a socket.
pub(crate) fn status_of<'py>(py: Python<'py>, socket: &Socket) -> PyResult<Bound<'py, PyAny>> {
    let standing = socket.slot().ask(|open| match open {
        Open::Tls(inside) => inside.socket.status(),
        Open::Barred(_) => TlsStatus::Error,
        _ => TlsStatus::NotConnected,
    });
    status(py, standing.unwrap_or(TlsStatus::NotConnected))
}

/// Asks what only a connection inside TLS can answer.
pub(crate) fn ask<T>(socket: &Socket, question: impl FnOnce(&TlsSocket) -> Option<T>) -> Option<T> {
    socket.slot().ask(|open| open.inside_tls().and_then(|inside| question(&inside.socket))).flatten()
}

/// Puts a connection into TLS as the client, or moves the handshake on.
pub(crate) fn set_up_client<'py>(
    py: Python<'py>,
    socket: &Socket,
    arguments: &ClientArguments,
    timeout: Timeout,
) -> PyResult<Bound<'py, PyAny>> {
    set_up(py, socket, Role::Client, timeout, || {
        ClientConfig::check_name(&arguments.name)?;
        let config = arguments.config()?;
        Ok(move |core| TlsSocket::start_connect(core, &arguments.name, &config))
    })
}

/// Puts a connection into TLS as the server, or moves the handshake on.
pub(crate) fn set_up_server<'py>(
    py: Python<'py>,
    socket: &Socket,
    arguments: &ServerArguments,
    timeout: Timeout,
) -> PyResult<Bound<'py, PyAny>> {
    set_up(py, socket, Role::Server, timeout, || {
        let config = arguments.config()?;
        Ok(move |core| TlsSocket::start_accept(core, &config))
    })
}

/// Starts TLS with what `prepare` makes of the configuration, unless it was started before, and moves it on.
fn set_up<'py, Start>(
    py: Python<'py>,
    socket: &Socket,
    role: Role,
    timeout: Timeout,
    prepare: impl FnOnce() -> Result<Start, ConfigError> + Send,
) -> PyResult<Bound<'py, PyAny>>
where
    Start: FnOnce(Core) -> Result<TlsSocket, SocketError> + Send,
{
    let deadline = timeout.deadline();
    let Some(open) = socket.slot().get() else { return status(py, TlsStatus::NotConnected) };
    let open = if open.inside_tls().is_some() {
        open
    } else {
        drop(open);
        match py.detach(|| start(socket, role, prepare())) {
            Turned::Done(open) => open,
            Turned::Empty => return status(py, TlsStatus::NotConnected),
            Turned::Failed(error) => return Err(error::to_python(py, &error)),
            Turned::Busy(_) => {
                let sentence = "another thread is using the socket, put it into TLS before that";
                return Err(error::misuse(py, sentence));
            }
        }
    };
    let Some(inside) = open.inside_tls() else {
        let refused =
            if let Open::Barred(barred) = &*open { barred.refusal() } else { SocketError::NotReady };
        return Err(error::to_python(py, &refused));
    };
    if inside.role != role {
        return Err(error::misuse(py, "the socket is inside TLS already, as the other end of it"));
    }
    let moved_on = if socket.is_blocking() {
        waiting::attempt(py, deadline, |wait| inside.socket.handshake_within(wait))?
    } else {
        py.detach(|| inside.socket.handshake())
    };
    match moved_on {
        Ok(()) => status(py, TlsStatus::HandshakeComplete),
        Err(SocketError::NotReady) if !socket.is_blocking() => status(py, TlsStatus::HandshakeStarted),
        Err(error) => Err(error::to_python(py, &error)),
    }
}

/// Turns a plain connection into one inside TLS. One whose configuration cannot work is barred: a program that goes
/// on regardless is not to send in plain text what was meant for TLS.
fn start<Start>(socket: &Socket, role: Role, prepared: Result<Start, ConfigError>) -> Turned
where
    Start: FnOnce(Core) -> Result<TlsSocket, SocketError>,
{
    let slot = socket.slot();
    match prepared {
        Ok(start) => slot.turn(|open| match open {
            Open::Tcp(socket) | Open::Barred(Barred { socket, .. }) => {
                start(socket).map(|socket| Open::Tls(Inside { socket, role }))
            }
            other => Ok(other),
        }),
        Err(error) => {
            let why = Box::new(TlsError::from(error));
            let refusal = TlsError::clone(&why).into();
            let turned = slot.turn(|open| match open {
                Open::Tcp(socket) | Open::Barred(Barred { socket, .. }) => {
                    Ok(Open::Barred(Barred { socket, why }))
                }
                other => Ok(other),
            });
            if let Turned::Busy(open) = turned {
                // It cannot be barred, so it ends.
                open.close();
            }
            Turned::Failed(refusal)
        }
    }
}
