//! What a server does next.

/// A step of a server's script. It begins when a request's head has been read.
///
/// Behind the last step the connection is kept, unless the client has asked for its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Action {
    /// Sends these bytes.
    Send(&'static [u8]),
    /// The same, each byte by itself.
    SendSlowly(&'static [u8]),
    /// Sends this text, in which `{here}` stands for the URL of the row, `{elsewhere}` for the same one with another
    /// name of the host, `{path}` for the path in it, `{authority}` for the address and the port, and `{tls}` for a URL
    /// whose certificate is none.
    SendText(&'static str),
    /// Sends these bytes so many times.
    Repeat(&'static [u8], u64),
    /// Sends so many fields, each of its own name: `X-1: 1`.
    Fields(u32),
    /// Sends these bytes again and again, until the client goes away; 256 MiB of them if it does not.
    Endless(&'static [u8]),
    /// Answers with the request as it came for a body, head and body.
    Mirror,
    /// Reads the body of the request.
    ReadBody,
    /// Waits for the next request on the same connection, and reads its head. Ends the connection in order where the
    /// client has asked for its end.
    Next,
    /// Waits for [`Server::open_gate`](super::Server::open_gate).
    Gate,
    /// Ends the connection in order. What the client still sends is read.
    Close,
    /// Ends the connection with a reset.
    Reset,
    /// Keeps the connection, and neither says nor reads anything while a client may be expected to wait.
    Stall,
    /// Keeps the connection, and says nothing until the client goes away.
    Silent,
}
