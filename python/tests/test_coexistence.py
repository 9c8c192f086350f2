"""Beside pySFML in one environment: the network module is ours, everything else stays theirs.

Each test makes a throw-away environment and installs our wheel there: the one that `SFML_NETWORK_WHEEL`
names, else the newest in `target/wheels`. pySFML's wheel is fetched once.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

THEIRS = "SFML==3.0.2.0"
LIBRARIES = "libgl1 libx11-6 libxext6 libxrender1"
OURS_FIRST, THEIRS_FIRST = ("ours", "theirs"), ("theirs", "ours")
REPAIR = "pip install --force-reinstall --no-deps sfml-network"

NETWORK_IS_OURS = "import sfml.network, sfml_network; assert sfml.network.TcpSocket is sfml_network.TcpSocket"
FLAT_NAMES = (
    "import sfml, sfml_network; assert sfml.TcpSocket is sfml.network.TcpSocket is sfml_network.TcpSocket"
)
SF_IS_OURS = "from sfml import sf; import sfml_network; assert sf.TcpSocket is sfml_network.TcpSocket"
GRAPHICS_WORK = "import sfml.graphics; assert sfml.graphics.Color(1, 2, 3).b == 3"
SYSTEM_IS_THEIRS = "import sfml.system, sfml_network; assert sfml.system.Time is not sfml_network.Time"
SYSTEM_IS_OURS = "import sfml.system, sfml_network; assert sfml.system.Time is sfml_network.Time"
SF_HAS_GRAPHICS = "from sfml import sf; sf.RenderWindow, sf.Vector2, sf.Music, sf.TcpSocket"
LAZY_GRAPHICS = "import sfml; sfml.graphics.Color, sfml.window.VideoMode, sfml.Vector2"


@dataclass(frozen=True)
class Environment:
    """A virtual environment without pip; the pip that runs the tests works on it from outside."""

    python: Path

    @property
    def site_packages(self) -> Path:
        return Path(self.run("import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip())

    def run(self, program: str) -> subprocess.CompletedProcess[str]:
        """Run `program` away from the source tree; a failure shows what it printed."""
        return _checked([self.python, "-W", "error::ImportWarning", "-c", program], self.python.parent)

    def doctor(self) -> dict[str, Any]:
        command = [str(self.python), "-m", "sfml_network", "doctor", "--json"]
        result = subprocess.run(
            command, cwd=self.python.parent, capture_output=True, text=True, timeout=60, check=False
        )
        report: dict[str, Any] = json.loads(result.stdout)
        assert result.returncode == (0 if report["healthy"] else 1)
        return report

    def pip(self, *arguments: str | Path) -> None:
        _pip("--python", self.python, *arguments)


def _pip(*arguments: str | Path) -> None:
    _checked([sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments], Path.cwd())


def _checked(command: Sequence[str | Path], folder: Path) -> subprocess.CompletedProcess[str]:
    words = [str(word) for word in command]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    result = subprocess.run(
        words, cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert result.returncode == 0, f"{words}\n{result.stdout}{result.stderr}"
    return result


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Our wheel and pySFML's."""
    named = os.environ.get("SFML_NETWORK_WHEEL")
    built = Path(__file__).resolve().parents[2] / "target" / "wheels"
    ours = [Path(named)] if named else sorted(built.glob("*.whl"), key=lambda path: path.stat().st_mtime)
    if not ours:
        pytest.skip("there is no wheel of ours: build one, or name one in SFML_NETWORK_WHEEL")
    folder = tmp_path_factory.mktemp("wheels")
    try:
        _pip("download", "--no-deps", "--only-binary", ":all:", "--dest", folder, THEIRS)
    except AssertionError as error:
        pytest.skip(f"{THEIRS} cannot be fetched for this Python: {str(error).splitlines()[-1]}")
    (theirs,) = folder.glob("*.whl")
    return {"ours": ours[-1].resolve(), "theirs": theirs}


@pytest.fixture
def make(tmp_path: Path, wheels: dict[str, Path]) -> Callable[..., Environment]:
    """Makes an environment and installs the named wheels in that order."""

    def build(*order: str) -> Environment:
        folder = tmp_path / "venv"
        venv.create(folder, with_pip=False, symlinks=sys.platform != "win32")
        windows = sys.platform == "win32"
        environment = Environment(folder / ("Scripts/python.exe" if windows else "bin/python"))
        for name in order:
            environment.pip("install", "--no-deps", "--no-index", wheels[name])
        return environment

    return build


@pytest.fixture(scope="module")
def graphics(tmp_path_factory: pytest.TempPathFactory, wheels: dict[str, Path]) -> None:
    """Makes sure that pySFML's graphics load on this machine at all."""
    folder = tmp_path_factory.mktemp("theirs")
    _pip("install", "--no-deps", "--no-index", "--target", folder, wheels["theirs"])
    program = f"import sys; sys.path.insert(0, {str(folder)!r}); import sfml.graphics"
    try:
        _checked([sys.executable, "-I", "-c", program], folder)
    except AssertionError as error:
        last = str(error).splitlines()[-1]
        pytest.skip(
            f"pySFML's graphics do not load even alone ({last}); on Debian: apt-get install {LIBRARIES}"
        )


@pytest.mark.parametrize("order", [OURS_FIRST, THEIRS_FIRST], ids="-then-".join)
@pytest.mark.usefixtures("graphics")
def test_together_the_network_is_ours_and_the_rest_theirs(
    make: Callable[..., Environment], order: tuple[str, ...]
) -> None:
    both = make(*order)
    for program in (
        NETWORK_IS_OURS,
        GRAPHICS_WORK,
        f"{GRAPHICS_WORK}; {NETWORK_IS_OURS}",
        f"{NETWORK_IS_OURS}; {GRAPHICS_WORK}",
        SYSTEM_IS_THEIRS,
        SF_IS_OURS,
        SF_HAS_GRAPHICS,
    ):
        both.run(program)
    report = both.doctor()
    assert report["healthy"] is True
    assert report["origins"]["sfml.network"]["ours"] is True
    assert report["origins"]["sfml.system"]["ours"] is False
    assert [(found["kind"], found["version"]) for found in report["neighbours"]] == [
        ("PyPI's SFML", "3.0.2.0")
    ]


@pytest.mark.usefixtures("graphics")
def test_installed_last_our_package_file_serves_both(make: Callable[..., Environment]) -> None:
    both = make(*THEIRS_FIRST)
    both.run(FLAT_NAMES)
    both.run(LAZY_GRAPHICS)
    assert both.doctor()["notes"] == []


@pytest.mark.usefixtures("graphics")
def test_the_repair_line_brings_the_flat_names_back(
    make: Callable[..., Environment], wheels: dict[str, Path]
) -> None:
    both = make(*OURS_FIRST)
    report = both.doctor()
    assert "sfml/__init__.py is pySFML's" in report["notes"][0]
    assert report["repair"] == REPAIR
    both.pip("install", "--force-reinstall", "--no-deps", "--no-index", wheels["ours"])
    both.run(FLAT_NAMES)
    assert both.doctor()["repair"] is None


@pytest.mark.parametrize("order", [OURS_FIRST, THEIRS_FIRST], ids="-then-".join)
def test_removing_pysfml_leaves_us_usable(
    make: Callable[..., Environment], wheels: dict[str, Path], order: tuple[str, ...]
) -> None:
    alone = make(*order)
    alone.pip("uninstall", "--yes", "SFML")
    for program in (NETWORK_IS_OURS, SYSTEM_IS_OURS, SF_IS_OURS):
        alone.run(program)
    report = alone.doctor()
    assert report["healthy"] is True
    assert report["neighbours"] == []
    assert "sfml/__init__.py is gone" in report["notes"][0]
    assert report["repair"] == REPAIR
    alone.pip("install", "--force-reinstall", "--no-deps", "--no-index", wheels["ours"])
    alone.run(FLAT_NAMES)
    assert alone.doctor()["repair"] is None


@pytest.mark.parametrize("order", [OURS_FIRST, THEIRS_FIRST], ids="-then-".join)
@pytest.mark.usefixtures("graphics")
def test_removing_us_leaves_pysfml_usable(make: Callable[..., Environment], order: tuple[str, ...]) -> None:
    alone = make(*order)
    alone.pip("uninstall", "--yes", "sfml-network")
    for program in (
        GRAPHICS_WORK,
        "from sfml.network import TcpSocket; TcpSocket().local_port",
        "from sfml.system import seconds; seconds(1)",
        "from sfml import sf; sf.RenderWindow, sf.TcpSocket, sf.seconds",
    ):
        alone.run(program)
    alone.run("import importlib.util as u; assert u.find_spec('sfml_network') is None")


@pytest.mark.usefixtures("graphics")
def test_a_pysfml_in_a_later_folder_of_the_path_keeps_its_modules(
    make: Callable[..., Environment], tmp_path: Path, wheels: dict[str, Path]
) -> None:
    """As in an environment that also sees the system's packages, where Debian's python3-sfml may be."""
    ours = make("ours")
    later = tmp_path / "dist-packages"
    _pip("install", "--no-deps", "--no-index", "--target", later, wheels["theirs"])
    (ours.site_packages / "later.pth").write_text(f"{later}\n", encoding="utf-8")
    for program in (
        NETWORK_IS_OURS,
        GRAPHICS_WORK,
        SYSTEM_IS_THEIRS,
        FLAT_NAMES,
        SF_HAS_GRAPHICS,
        LAZY_GRAPHICS,
    ):
        ours.run(program)
    report = ours.doctor()
    assert report["healthy"] is True
    assert report["notes"] == []
    assert [found["folder"] for found in report["neighbours"]] == [str(later)]


def test_debians_pysfml_keeps_its_modules(tmp_path: Path, wheels: dict[str, Path]) -> None:
    if not Path("/etc/debian_version").exists():
        pytest.skip("platform: this is no Debian")
    debian = Path("/usr/bin/python3")
    if not Path("/usr/lib/python3/dist-packages/sfml").is_dir():
        pytest.skip("Debian's pySFML is not installed: apt-get install python3-sfml")
    _checked([debian, "-m", "venv", "--without-pip", "--system-site-packages", tmp_path / "venv"], tmp_path)
    both = Environment(tmp_path / "venv/bin/python")
    both.pip("install", "--no-deps", "--no-index", wheels["ours"])
    for program in (
        NETWORK_IS_OURS,
        GRAPHICS_WORK,
        SYSTEM_IS_THEIRS,
        FLAT_NAMES,
        SF_HAS_GRAPHICS,
        LAZY_GRAPHICS,
    ):
        both.run(program)
    report = both.doctor()
    assert report["healthy"] is True
    assert report["notes"] == []
    assert [found["kind"] for found in report["neighbours"]] == ["Debian's python3-sfml"]


def test_alone_everything_is_ours(make: Callable[..., Environment]) -> None:
    ours = make("ours")
    for program in (NETWORK_IS_OURS, SYSTEM_IS_OURS, FLAT_NAMES, SF_IS_OURS):
        ours.run(program)
    report = ours.doctor()
    assert report["healthy"] is True
    assert (report["neighbours"], report["notes"], report["repair"]) == ([], [], None)


def test_our_wheel_owns_no_file_that_pysfml_needs_but_the_package_file(wheels: dict[str, Path]) -> None:
    names = {name: set(zipfile.ZipFile(path).namelist()) for name, path in wheels.items()}
    shared = {name for name in names["ours"] & names["theirs"] if not name.endswith("/")}
    assert shared == {"sfml/__init__.py", "sfml/py.typed"}
