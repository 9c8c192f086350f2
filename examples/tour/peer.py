"""The programs in Rust that the tour talks to."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from account import check


@contextmanager
def rust_peer(name: str, *arguments: str | Path) -> Iterator[int]:
    """Runs a program for the time of the block, and gives the port it listens on."""
    built = Path(__file__).parents[2] / "target/release/examples" / name
    program = Path(os.environ.get(f"SFML_NETWORK_{name.upper()}", built))
    build = f"cargo build --release --package sfml-network --example {name}"
    check(program.exists(), f"{program} is missing, make it with `{build}`")
    pipe = subprocess.PIPE
    # Leaving the block closes the program's input, and waits for its end.
    with subprocess.Popen([program, *arguments], stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        check(port.isdigit(), f"{name} did not say which port it listens on")
        yield int(port)
    check(process.returncode == 0, f"{name} ended with code {process.returncode}")
