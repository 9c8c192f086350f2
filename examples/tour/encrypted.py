"""An echo inside TLS, with both ends in this program and a certificate of an authority made for this run."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

from account import Limit, check, tell
from peer import rust_peer
from sfml.network import IpAddress, TcpListener, TcpSocket, TlsStatus

CONNECTIONS = 2


def echo() -> None:
    """Sends a text and gets it back, over one connection and over another."""
    limit = Limit()
    with TemporaryDirectory() as name, ThreadPoolExecutor() as threads, TcpListener() as listener:
        folder = Path(name)
        # What writes the certificates is a server that is not talked to here.
        with rust_peer("http_peer", folder):
            pass
        listener.listen(0, IpAddress.LOCAL_HOST)
        server = threads.submit(echo_server, listener, folder, limit)
        for _ in range(CONNECTIONS):
            with TcpSocket() as client:
                client.connect(IpAddress.LOCAL_HOST, listener.local_port, limit.left())
                authority = folder / "authority.pem"
                status = client.setup_tls_client("localhost", ca=authority, timeout=limit.left())
                check(status == TlsStatus.HANDSHAKE_COMPLETE, f"the handshake came to {status.name}")
                client.send(b"hello", limit.left())
                text = client.receive_exact(5, limit.left())
                check(text == b"hello", "the text came back changed")
                tell(text.decode(), f"came back, encrypted with {client.ciphersuite}")
                tell("resumed" if client.session_reused else "full", "handshake")
        server.result()


def echo_server(listener: TcpListener, folder: Path, limit: Limit) -> None:
    for _ in range(CONNECTIONS):
        with listener.accept(timeout=limit.left()) as client:
            client.setup_tls_server(folder / "good.pem", folder / "good.key", timeout=limit.left())
            client.send(client.receive_exact(5, limit.left()), limit.left())
