"""Many connections, one thread: the selector tells which of them have something to say."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from account import Limit, check, per_second, tell
from sfml.network import IpAddress, SocketDisconnected, SocketSelector, TcpListener, TcpSocket
from sfml.system import Clock

CLIENTS = 200
ROUNDS = 20


def serve_many() -> None:
    """Lets all clients talk at once, round after round, to a server that is one thread."""
    limit = Limit()
    with TcpListener() as listener, ThreadPoolExecutor() as threads, ExitStack() as stack:
        clients = [stack.enter_context(TcpSocket()) for _ in range(CLIENTS)]
        listener.listen(0, IpAddress.LOCAL_HOST)
        server = threads.submit(serve, listener, limit)
        for client in clients:
            client.connect(IpAddress.LOCAL_HOST, listener.local_port, limit.left())
        clock = Clock()
        for turn in range(ROUNDS):
            messages = [b"client %04d, round %04d" % (number, turn) for number in range(CLIENTS)]
            for client, message in zip(clients, messages, strict=True):
                client.send(message, limit.left())
            for client, message in zip(clients, messages, strict=True):
                answer = client.receive_exact(len(message), limit.left())
                check(answer == message, f"a client that sent {message!r} received {answer!r}")
        clock.stop()
        stack.close()
        served = server.result()
    check(set(served) == {ROUNDS * len(messages[0])}, "a client was not served all of its messages")
    tell(len(served), f"clients were connected at once, and each was answered {ROUNDS} times")
    tell(f"{CLIENTS * ROUNDS:,}", f"messages of {len(messages[0])} bytes came back, each to its client")
    tell(per_second(CLIENTS * ROUNDS, clock), "messages answered per second")


def serve(listener: TcpListener, limit: Limit) -> list[int]:
    """Sends back what each client sends, until all came and went; returns how many bytes it was for each."""
    echoed: dict[TcpSocket, int] = {}
    served: list[int] = []
    with SocketSelector() as selector:
        selector.add(listener)
        while len(served) < CLIENTS:
            check(selector.wait(limit.left()), f"only {len(served)} clients came and left in time")
            for ready in selector:
                if not isinstance(ready, TcpSocket):
                    client = listener.accept(timeout=limit.left())
                    echoed[client] = 0
                    selector.add(client)
                    continue
                try:
                    echoed[ready] += ready.send(ready.receive(4096, limit.left()), limit.left())
                except SocketDisconnected:
                    ready.disconnect()  # with that it leaves the selector too
                    served.append(echoed.pop(ready))
    return served
