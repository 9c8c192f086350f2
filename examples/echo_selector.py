"""An echo server for any number of clients in one thread.

Without arguments it starts the server, talks to it with a few clients, stops it and ends. With a port it serves
that port of this computer until Ctrl-C: ``python examples/echo_selector.py 4000``.
"""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack

from sfml.network import IpAddress, SocketException, SocketSelector, TcpListener, TcpSocket
from sfml.system import seconds

# A client that does not take its echo for so long is let go, so that it cannot hold up the others.
PATIENCE = seconds(1)


def serve(listener: TcpListener, selector: SocketSelector, stop: threading.Event) -> None:
    """Sends back what each client sends, until another thread sets ``stop`` and wakes the selector."""
    clients: set[TcpSocket] = set()
    selector.add(listener)
    try:
        while not stop.is_set():
            selector.wait()
            for ready in selector:
                if not isinstance(ready, TcpSocket):
                    client = listener.try_accept()  # None when the client went away before that
                    if client is not None:
                        clients.add(client)
                        selector.add(client)
                elif not echo(ready):
                    clients.discard(ready)
                    ready.disconnect()  # with that it leaves the selector too
    finally:
        for client in clients:
            client.disconnect()


def echo(client: TcpSocket) -> bool:
    """Whether the client took its echo."""
    try:
        data = client.receive(4096, PATIENCE)
        return client.send(data, PATIENCE) == len(data)
    except SocketException:
        return False


def talk(port: int) -> None:
    """Talks to the server with three clients at a time."""
    messages = [b"one", b"two", b"three"]
    with ExitStack() as stack:
        clients = [stack.enter_context(TcpSocket()) for _ in messages]
        for client, message in zip(clients, messages, strict=True):
            client.connect(IpAddress.LOCAL_HOST, port, PATIENCE)
            client.send(message, PATIENCE)
        for client, message in zip(clients, messages, strict=True):
            answer = client.receive_exact(len(message), PATIENCE)
            print(f"sent {message!r}, received {answer!r}")
            if answer != message:
                raise SystemExit("the echo differs")


def main() -> None:
    stop = threading.Event()
    with TcpListener() as listener, SocketSelector() as selector, ThreadPoolExecutor() as threads:
        if len(sys.argv) > 1:
            listener.listen(int(sys.argv[1]), IpAddress.LOCAL_HOST)
            print(f"listening on port {listener.local_port}, Ctrl-C ends it")
            serve(listener, selector, stop)
        listener.listen(0, IpAddress.LOCAL_HOST)
        print(f"listening on port {listener.local_port}")
        server = threads.submit(serve, listener, selector, stop)
        try:
            talk(listener.local_port)
        finally:
            stop.set()
            selector.wake()
        server.result()


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        print("stopped")
