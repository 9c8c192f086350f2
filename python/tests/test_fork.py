"""A fork: the child's copies are its own to close, and what it shares with the parent stays whole."""

from __future__ import annotations

import os

import pytest
from sleepers import needs_proc, run_script

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="platform: there is no fork")

PREAMBLE = """
import gc, os, select, signal, socket, sys, threading, warnings
import peers
from sfml.network import *
LOCAL = IpAddress.LOCAL_HOST

def in_child(work):
    "Runs work in a forked child; the parent goes on once it has ended well."
    child = os.fork()
    if child == 0:
        signal.alarm(10)
        try:
            work()
        except BaseException as error:
            os.write(2, f"in the child: {error!r}".encode())
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert status == 0, status
"""


def run(program: str) -> None:
    run_script(PREAMBLE + program)


def test_the_parents_selector_is_refused_in_the_child() -> None:
    run("""
with SocketSelector() as selector, UdpSocket() as one:
    one.bind(0, LOCAL)
    selector.add(one)

    def child():
        for call in (lambda: selector.wait(0.1), selector.poll, lambda: selector.add(one)):
            try:
                call()
            except SocketError as error:
                assert "fork" in str(error), error
            else:
                raise AssertionError("the parent's selector was used")
        mine = SocketSelector()
        mine.add(one)
        one.send(b"x", LOCAL, one.local_port)
        assert mine.wait(5) and mine.is_ready(one)

    in_child(child)
    assert selector.wait(5) and selector.is_ready(one)
    assert one.receive(10)[0] == b"x"
""")


def test_a_child_that_closes_its_copies_leaves_the_parents_alone() -> None:
    run("""
with peers.connected() as (client, server), SocketSelector() as selector, TcpListener() as listener:
    listener.listen(0, LOCAL)
    for each in (server, listener):
        selector.add(each)

    def child():
        client.disconnect()
        server.close()
        listener.close()
        selector.clear()
        assert client.closed and server.closed and listener.local_port == 0

    in_child(child)
    assert len(selector) == 2 and not selector.poll()
    client.send(b"still here")
    assert selector.wait(5) and selector.ready() == [server]
    assert server.receive(100) == b"still here"
    server.send(b"so am I")
    assert client.receive(100, 5) == b"so am I"
    with socket.create_connection(("127.0.0.1", listener.local_port)):
        assert selector.wait(5) and selector.is_ready(listener)
        listener.accept().close()
""")


def test_a_child_that_removes_its_copy_leaves_the_parents_registration() -> None:
    run("""
with SocketSelector() as selector, UdpSocket() as one:
    one.bind(0, LOCAL)
    selector.add(one)

    def child():
        selector.remove(one)
        one.unbind()

    in_child(child)
    assert one in selector
    one.send(b"x", LOCAL, one.local_port)
    assert selector.wait(5) and selector.is_ready(one)
""")


def test_a_child_that_collects_everything_leaves_the_parents_alone() -> None:
    run("""
warnings.simplefilter("ignore", ResourceWarning)
client, server = sockets = TcpSocket(), None
listener, selector = TcpListener(), SocketSelector()
listener.listen(0, LOCAL)
client.connect(LOCAL, listener.local_port)
server = listener.accept()
selector.add(server)

def child():
    global client, server, selector, sockets
    del client, server, selector, sockets
    gc.collect()

in_child(child)
client.send(b"whole")
assert selector.wait(5) and server.receive(100) == b"whole"
for each in (client, server, listener):
    each.close()
""")


def test_parent_and_child_may_share_a_connection() -> None:
    run("""
with peers.connected_to_stdlib() as (ours, theirs):
    def child():
        ours.send(b"from the child")
        assert ours.receive(100, 5) == b"to the child"

    theirs.sendall(b"to the child")
    in_child(child)
    assert theirs.recv(100) == b"from the child"
    ours.send(b"from the parent")
    assert theirs.recv(100) == b"from the parent"
""")


def test_a_child_may_open_sockets_of_its_own() -> None:
    run("""
def child():
    with peers.connected() as (client, server):
        client.send(b"x")
        assert server.receive(10, 5) == b"x"

with UdpSocket() as one:
    one.bind(0)
    in_child(child)
""")


@needs_proc
def test_ctrl_c_works_in_a_child_of_any_thread() -> None:
    run("""
from sleepers import is_asleep

def child():
    waiting = threading.get_native_id()  # that of the Thread object may still be the parent's

    def interrupt():
        while not is_asleep(waiting):
            os.sched_yield()
        os.kill(os.getpid(), signal.SIGINT)

    with UdpSocket() as one:
        one.bind(0)
        helper = threading.Thread(target=interrupt)
        helper.start()
        try:
            one.receive(10)
        except KeyboardInterrupt:
            helper.join()
        else:
            raise AssertionError("nothing interrupted the call")

def fork():
    with UdpSocket() as one:
        one.bind(0)
        try:
            one.receive(10, 0.01)
        except SocketNotReady:
            in_child(child)

warnings.simplefilter("ignore", DeprecationWarning)  # forking beside other threads
thread = threading.Thread(target=fork)
thread.start()
thread.join()
in_child(child)
""")


def test_multiprocessing_forks_and_ends_cleanly() -> None:
    run("""
import multiprocessing

def work(port, results):
    with TcpSocket() as client:
        client.connect(LOCAL, port)
        results.put(client.receive_exact(5, 10))

if __name__ == "__main__":
    context = multiprocessing.get_context("fork")
    with TcpListener() as listener, SocketSelector() as selector:
        listener.listen(0, LOCAL)
        selector.add(listener)
        results = context.SimpleQueue()
        workers = [context.Process(target=work, args=(listener.local_port, results)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for _ in workers:
            assert selector.wait(10)
            with listener.accept() as server:
                server.send(b"hello")
                try:
                    server.receive(1, 10)
                except SocketDisconnected:
                    pass
        for worker in workers:
            worker.join(10)
            assert worker.exitcode == 0, worker.exitcode
        assert [results.get() for _ in workers] == [b"hello"] * 4
        assert listener in selector
""")


def test_programs_this_one_starts_inherit_no_socket() -> None:
    run("""
import subprocess
program = "import os, sys; print([os.path.exists(f'/proc/self/fd/{n}') for n in sys.argv[1:]])"
with peers.connected() as (client, server), TcpListener() as listener, UdpSocket() as one:
    listener.listen(0)
    one.bind(0)
    numbers = [str(each.fileno()) for each in (client, server, listener, one)]
    seen = subprocess.run(
        [sys.executable, "-c", program, *numbers], capture_output=True, close_fds=False, text=True, check=True
    )
    assert "True" not in seen.stdout, seen.stdout
""")


def test_a_kept_connection_of_http_stays_with_the_parent() -> None:
    run("""
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from sfml_network import Http

class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_GET(self):
        text = str(self.client_address[1]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
    def log_message(self, *arguments):
        pass

class Server(ThreadingHTTPServer):
    daemon_threads = True

server = Server(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
http = Http("127.0.0.1", server.server_port)
kept = http.get("/").body
assert http.get("/").body == kept

def child():
    of_child = http.get("/").body
    assert of_child != kept, of_child
    assert http.get("/").body == of_child

warnings.simplefilter("ignore", DeprecationWarning)
in_child(child)
assert http.get("/").body == kept
server.shutdown()
server.server_close()
""")
