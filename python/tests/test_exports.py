"""Every public name is where the documentation says, and each list of names is true."""

from __future__ import annotations

import ast
import doctest
import importlib
import importlib.util
import inspect
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest
import sfml
import sfml.network
import sfml.sf
import sfml.system
import sfml_network
from sfml_network import _native

MODULES = [
    sfml,
    sfml.network,
    sfml.sf,
    sfml.system,
    sfml_network,
    sfml_network.exceptions,
    sfml_network.system,
]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.__name__)
def test_every_listed_name_exists(module: ModuleType) -> None:
    names = getattr(module, "__all__", [])
    assert len(set(names)) == len(names)
    for name in names:
        assert hasattr(module, name), name


def test_every_public_class_and_function_is_listed() -> None:
    for module in (sfml_network, sfml.network, sfml.system):
        public = {
            name
            for name, value in vars(module).items()
            if not name.startswith("_") and not inspect.ismodule(value) and name != "annotations"
        }
        assert public == {name for name in module.__all__ if not name.startswith("_")}


def test_everything_public_in_the_native_module_is_exported() -> None:
    public = {name for name in dir(_native) if not name.startswith("_")}
    assert public <= set(sfml_network.__all__)


def test_the_documented_names_are_the_same_objects() -> None:
    for module in (sfml.network, sfml.system):
        for name in module.__all__:
            assert getattr(module, name) is getattr(sfml_network, name)
            assert getattr(sfml, name) is getattr(sfml_network, name)
            assert getattr(sfml.sf, name) is getattr(sfml_network, name)


def test_both_packages_offer_the_same_names() -> None:
    ours = set(sfml_network.__all__) - {"Text", "__version__"}
    assert set(sfml.network.__all__) | set(sfml.system.__all__) == ours
    assert set(sfml.__all__) == ours | {"network", "system"}
    assert ours <= set(dir(sfml))


def test_the_stub_has_the_names_of_the_native_module() -> None:
    stub = Path(sfml_network.__file__).with_name("_native.pyi")
    names: set[str] = set()
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.add(node.target.id)
    public = {name for name in names if not name.startswith("_")}
    assert public == {name for name in dir(_native) if not name.startswith("_")}


@pytest.mark.parametrize(
    "module", [sfml, sfml.network, sfml.system, sfml_network], ids=lambda module: module.__name__
)
def test_docstring_examples_run(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert (result.failed, result.attempted > 0) == (0, True)


def test_both_packages_say_that_they_are_typed() -> None:
    for module in (sfml, sfml_network):
        assert Path(str(module.__file__)).with_name("py.typed").is_file()


def test_the_version_is_that_of_the_installed_distribution() -> None:
    assert sfml_network.__version__ == metadata.version("sfml-network")


@pytest.mark.parametrize(
    "program",
    [
        "import sfml; sfml.network.TcpSocket; sfml.system.Time; sfml.TcpSocket; sfml.Time",
        "import sfml as sf; sf.TcpSocket; sf.seconds(1)",
        "from sfml import sf; sf.TcpSocket; sf.seconds(1)",
        "from sfml import *; TcpSocket; seconds(1); network.TcpSocket; system.Time",
        "from sfml.network import *; TcpSocket; SocketDisconnect",
        "from sfml.system import *; seconds(1)",
        "import sfml.system; sfml.system.Time",
        "from sfml import TcpSocket, Time, network, system",
        "import sfml_network; sfml_network.exceptions.SocketError; sfml_network.system.Time",
    ],
)
def test_each_way_to_import_works_in_a_new_interpreter(program: str) -> None:
    subprocess.run([sys.executable, "-W", "error", "-c", program], check=True, timeout=15)


def test_a_name_nobody_has_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        sfml.nonsense  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(AttributeError, match="__nonsense__"):
        sfml.__nonsense__  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ImportError, match="nonsense"):
        importlib.import_module("sfml.nonsense")


@pytest.mark.skipif(
    importlib.util.find_spec("sfml.graphics") is not None, reason="platform: pySFML is installed here"
)
def test_what_only_pysfml_has_is_named_as_such() -> None:
    for name in ("graphics", "window", "audio"):
        with pytest.raises(AttributeError, match=r"part of pySFML \(pip install SFML\)"):
            getattr(sfml, name)
        assert name not in dir(sfml)
