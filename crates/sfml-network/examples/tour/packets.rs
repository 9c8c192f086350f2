//! Typed values over a connection.

use std::thread;

use sfml_network::{Deadline, IpAddress, Packet, TcpListener, TcpSocket};

use crate::LIMIT;
use crate::account::{Failure, joined, tell};
use crate::every_type::EveryType;

/// Sends a packet with a value of every type, and receives an answer that shows that each was understood.
pub(crate) fn exchange() -> Result<(), Failure> {
    let deadline = Deadline::after(LIMIT);
    let listener = TcpListener::listen(IpAddress::LOCAL_HOST, 0)?;
    let sent = sample();
    let mut question = Packet::new();
    question.write(sent.clone());
    let answered: EveryType = thread::scope(|scope| {
        let server = scope.spawn(|| answer_one(&listener, deadline));
        let client = TcpSocket::connect(IpAddress::LOCAL_HOST, listener.local_port(), deadline)?;
        client.send_packet_within(&question, deadline)?;
        let mut answer = client.receive_packet_within(deadline)?;
        joined(server)?;
        Ok::<_, Failure>(answer.read()?)
    })?;

    tell("type", format_args!("{:<28}{}", "sent", "answered"));
    for ((kind, sent), (_, answered)) in rows(&sent).into_iter().zip(rows(&answered)) {
        tell(kind, format_args!("{sent:<28}{answered}"));
    }
    if answered != sent.answer() {
        return Err("the answer shows that a value was not understood".into());
    }
    tell(question.len(), "bytes each way, SFML's wire format: the other end may be C++");
    Ok(())
}

fn answer_one(listener: &TcpListener, deadline: Deadline) -> Result<(), Failure> {
    let client = listener.accept_within(deadline)?;
    let question: EveryType = client.receive_packet_within(deadline)?.read()?;
    let mut answer = Packet::new();
    answer.write(question.answer());
    Ok(client.send_packet_within(&answer, deadline)?)
}

fn sample() -> EveryType {
    EveryType {
        flag: true,
        i8: i8::MIN,
        u8: 200,
        i16: -30_000,
        u16: 60_000,
        i32: i32::MIN,
        u32: 4_000_000_000,
        i64: i64::MIN,
        u64: u64::MAX - 1,
        f32: 0.15625,
        f64: -1234.5678,
        string: "hello, packet".to_owned(),
        wide_string: "Grüße, 5 €".to_owned(),
    }
}

fn rows(values: &EveryType) -> [(&'static str, String); 13] {
    [
        ("bool", values.flag.to_string()),
        ("i8", values.i8.to_string()),
        ("u8", values.u8.to_string()),
        ("i16", values.i16.to_string()),
        ("u16", values.u16.to_string()),
        ("i32", values.i32.to_string()),
        ("u32", values.u32.to_string()),
        ("i64", values.i64.to_string()),
        ("u64", values.u64.to_string()),
        ("f32", values.f32.to_string()),
        ("f64", values.f64.to_string()),
        ("string", values.string.clone()),
        ("wide string", values.wide_string.clone()),
    ]
}
