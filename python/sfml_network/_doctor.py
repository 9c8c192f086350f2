"""The doctor: what is installed, and where each of the shared names comes from.

pip lets two distributions write into one package without a word, so a person whose ``sfml.network`` is not
the expected one needs to be told. The doctor imports what a program would import, and looks.
"""

from __future__ import annotations

import importlib
import json
import platform
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from types import ModuleType

import sfml_network
from sfml_network import _native

REPAIR = "pip install --force-reinstall --no-deps sfml-network"


@dataclass(frozen=True)
class Origin:
    """Where one importable name comes from; `error` when it cannot be imported."""

    ours: bool
    file: str | None
    error: str | None = None


@dataclass(frozen=True)
class Neighbour:
    """Another distribution that writes into the package ``sfml``."""

    kind: str
    version: str
    folder: str


@dataclass(frozen=True)
class Report:
    """What `examine` found."""

    version: str
    distribution_version: str | None
    python: str
    native: str
    origins: dict[str, Origin]
    neighbours: list[Neighbour]

    @property
    def healthy(self) -> bool:
        """Whether ``import sfml.network`` gives what `sfml_network` gives."""
        return self.origins["sfml.network"].ours

    @property
    def notes(self) -> list[str]:
        """What is not as it should be, one sentence each."""
        return list(self._notes())

    @property
    def repair(self) -> str | None:
        """The command that puts everything right, or None when nothing is wrong."""
        return REPAIR if self.notes else None

    def as_json(self) -> str:
        """The report as one JSON object."""
        derived = {"healthy": self.healthy, "notes": self.notes, "repair": self.repair}
        return json.dumps({**asdict(self), **derived}, indent=2)

    def as_text(self) -> str:
        """The report for a reader."""
        return "\n".join(self._lines())

    def _notes(self) -> Iterator[str]:
        if self.distribution_version not in (None, self.version):
            yield f"the native module is {self.version} but the installed files are {self.distribution_version}"
        package, network = self.origins["sfml"], self.origins["sfml.network"]
        if package.error:
            yield "the package sfml fails to load; import sfml_network instead"
        elif network.error:
            yield "sfml.network fails to load; import sfml_network instead"
        elif not network.ours:
            yield "sfml.network is another distribution's; import sfml_network instead"
        elif package.file is None:
            yield "sfml/__init__.py is gone: sfml.network can be imported, sfml.TcpSocket and the like do not work"
        elif not package.ours:
            yield "sfml/__init__.py is pySFML's: sfml.network is ours, sfml.TcpSocket and the like do not work"

    def _lines(self) -> Iterator[str]:
        yield f"sfml-network {self.version}, {self.python}"
        yield f"  native module  {self.native}"
        for name, origin in self.origins.items():
            owner = "ours" if origin.ours else "not ours"
            yield f"  {name:<13}  {origin.error or f'{owner}: {origin.file}'}"
        for neighbour in self.neighbours:
            yield f"  beside us      {neighbour.kind} {neighbour.version} in {neighbour.folder}"
        if not self.neighbours:
            yield "  beside us      no other SFML binding"
        yield "healthy: sfml.network is ours" if self.healthy else "NOT healthy: sfml.network is not ours"
        yield from (f"note: {note}" for note in self.notes)
        if self.repair:
            yield f"to repair: {self.repair}"


def examine() -> Report:
    """Import the shared names as a program would, and report where they come from."""
    return Report(
        version=sfml_network.__version__,
        distribution_version=_distribution_version(),
        python=f"{platform.python_implementation()} {platform.python_version()} on {sys.platform}",
        native=str(_native.__file__),
        origins={name: _origin(name) for name in ("sfml", "sfml.network", "sfml.system")},
        neighbours=list(_neighbours()),
    )


def _origin(name: str) -> Origin:
    try:
        module = importlib.import_module(name)
    except Exception as error:
        return Origin(ours=False, file=None, error=f"{type(error).__name__}: {error}")
    return Origin(_is_ours(name, module), module.__file__)


def _is_ours(name: str, module: ModuleType) -> bool:
    if name == "sfml":
        return hasattr(module, "_OWN_PATH")
    witness = "TcpSocket" if name == "sfml.network" else "Time"
    return getattr(module, witness, None) is getattr(sfml_network, witness)


def _distribution_version() -> str | None:
    try:
        return metadata.version("sfml-network")
    except metadata.PackageNotFoundError:
        return None


def _neighbours() -> Iterator[Neighbour]:
    for distribution in metadata.distributions():
        name = (distribution.metadata["Name"] or "").lower()
        if name in ("sfml", "pysfml"):
            folder = str(distribution.locate_file(""))
            debian = "dist-packages" in folder
            yield Neighbour(
                "Debian's python3-sfml" if debian else "PyPI's SFML", distribution.version, folder
            )
