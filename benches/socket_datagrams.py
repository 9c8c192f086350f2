"""UDP against the standard library's `socket`, in bursts of 32 from one thread."""

from __future__ import annotations

import socket

from paired import Bench, Turn, Work
from sfml_network import IpAddress, UdpSocket

BURST = 32
LOCAL = IpAddress.LOCAL_HOST


def bound() -> UdpSocket:
    end = UdpSocket()
    end.bind(0, LOCAL)
    return end


def socket_bound() -> socket.socket:
    end = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    end.bind(("127.0.0.1", 0))
    return end


def run(bench: Bench) -> None:
    theirs, other = socket_bound(), socket_bound()
    address = theirs.getsockname()
    for size in (64, 1200):
        data = bytes(size)

        def peer(turn: Turn, data: bytes = data) -> None:
            send, receive = other.sendto, theirs.recvfrom
            with turn as times:
                for _ in times:
                    for _ in range(BURST):
                        send(data, address)
                    for _ in range(BURST):
                        receive(2048)

        single(bench, data, peer)
        many(bench, data, peer)
        bulk(bench, data, peer)


def single(bench: Bench, data: bytes, peer: Work) -> None:
    receiver, sender = bound(), bound()
    port = receiver.local_port

    def ours(turn: Turn) -> None:
        send, receive = sender.send, receiver.receive
        with turn as times:
            for _ in times:
                for _ in range(BURST):
                    send(data, LOCAL, port)
                for _ in range(BURST):
                    receive(2048)

    bench.run(f"UDP {len(data)} B send + receive", ours, ("socket", 1.15, peer))


def many(bench: Bench, data: bytes, peer: Work) -> None:
    receiver, sender = bound(), bound()
    datagrams = [(data, LOCAL, receiver.local_port)] * BURST

    def ours(turn: Turn) -> None:
        send, receive = sender.send_many, receiver.receive_many
        with turn as times:
            for _ in times:
                send(datagrams)
                assert len(receive(BURST, 2048)) == BURST

    bench.run(
        f"UDP {BURST} of {len(data)} B; send_many + receive_many", ours, ("socket; one at a time", 1.4, peer)
    )


def bulk(bench: Bench, data: bytes, peer: Work) -> None:
    receiver, sender = bound(), bound()
    receiver.set_gro(True)
    port = receiver.local_port
    run_of_data = data * BURST
    size = len(data)

    def ours(turn: Turn) -> None:
        send, receive = sender.send_segmented, receiver.receive_many
        with turn as times:
            for _ in times:
                send(run_of_data, size, LOCAL, port)
                assert len(receive(BURST, 2048)) == BURST

    bench.run(f"UDP {BURST} of {size} B; segmented and joined", ours, ("socket; one at a time", 10.0, peer))
