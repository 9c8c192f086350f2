"""Typed values, to a program in Rust and back."""

from account import Limit, check, tell
from peer import rust_peer
from sfml.network import IpAddress, Packet, TcpSocket

# What is sent, and the answer that shows that the peer understood it: each integer's bits inverted, floats
# doubled, strings backwards.
EVERY_TYPE: dict[str, tuple[object, object]] = {
    "bool": (True, False),
    "i8": (-128, 127),
    "u8": (200, 55),
    "i16": (-30_000, 29_999),
    "u16": (60_000, 5_535),
    "i32": (-(2**31), 2**31 - 1),
    "u32": (4_000_000_000, 294_967_295),
    "i64": (-(2**63), 2**63 - 1),
    "u64": (2**64 - 2, 1),
    "f32": (0.15625, 0.3125),
    "f64": (-1234.5678, -2469.1356),
    "string": ("hello, packet", "tekcap ,olleh"),
    "wide_string": ("Grüße, 5 €", "€ 5 ,eßürG"),
}


def exchange() -> None:
    """Sends a packet to a program in Rust, and receives the packet it answers."""
    limit = Limit()
    question = Packet()
    for kind, (value, _) in EVERY_TYPE.items():
        getattr(question, f"write_{kind}")(value)
    with rust_peer("packet_peer") as port, TcpSocket() as client:
        client.connect(IpAddress.LOCAL_HOST, port, limit.left())
        client.send_packet(question, limit.left())
        answer = client.receive_packet(timeout=limit.left())

    tell("type", f"{'sent by Python':<28}answered by Rust")
    for kind, (value, expected) in EVERY_TYPE.items():
        answered = getattr(answer, f"read_{kind}")()
        tell(kind.replace("_", " "), f"{value!s:<28}{answered}")
        check(answered == expected, f"the answer to the {kind} is not {expected}")
    check(answer.end_of_packet, "the answer is longer than it should be")
    tell(len(question), "bytes each way, SFML's wire format: the other end may be C++ too")
