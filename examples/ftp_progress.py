"""Uploads a file to an FTP server and downloads it again, with a progress bar.

Where tqdm is installed the bar is its own, else a line of text. The server is told by an environment variable:

    SFML_NETWORK_FTP_URL=ftp://user:password@localhost:2121/ python examples/ftp_progress.py

Without it there is nothing to connect to, so the example says that and ends.
"""

import hashlib
import os
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import unquote, urlsplit

from sfml.network import Ftp

SIZE = 8 << 20


class Bar:
    """A progress callback: tqdm's bar where there is tqdm, else one line at the end."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.done = 0
        try:
            from tqdm import tqdm
        except ImportError:
            self.tqdm = None
        else:
            self.tqdm = tqdm(desc=title, unit="B", unit_scale=True)

    def __call__(self, done: int, total: int | None) -> None:
        if self.tqdm is not None:
            self.tqdm.total = total
            self.tqdm.update(done - self.done)
        self.done = done

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self.tqdm is not None:
            self.tqdm.close()
        else:
            print(f"{self.title}: {self.done} bytes")


def main() -> None:
    url = urlsplit(os.environ.get("SFML_NETWORK_FTP_URL", ""))
    if url.hostname is None:
        print("SFML_NETWORK_FTP_URL names no server, as in ftp://user:password@localhost:2121/")
        return
    with tempfile.TemporaryDirectory() as folder, Ftp() as ftp:
        there, back = Path(folder, "there.bin"), Path(folder, "back.bin")
        there.write_bytes(os.urandom(SIZE))
        ftp.connect(url.hostname, url.port or 21, 5).raise_for_status()
        user = url.username and unquote(url.username)
        ftp.login(user, unquote(url.password or "")).raise_for_status()
        with Bar("upload") as bar:
            ftp.upload(there, "", progress=bar).raise_for_status()
        with Bar("download") as bar:
            ftp.download("there.bin", back, progress=bar, resume=True).raise_for_status()
        ftp.delete_file("there.bin").raise_for_status()
        digests = {hashlib.sha256(path.read_bytes()).hexdigest() for path in (there, back)}
        print("the files are the same" if len(digests) == 1 else "the files differ")


if __name__ == "__main__":
    main()
