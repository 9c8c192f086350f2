"""The doctor tells where each name comes from; every sort of trouble is staged with stand-in modules."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
import sfml_network
from sfml_network import __main__, _doctor

REPAIR = "pip install --force-reinstall --no-deps sfml-network"


def stand_in(name: str, file: str | None, **contents: object) -> ModuleType:
    module = ModuleType(name)
    module.__file__ = file
    vars(module).update(contents)
    return module


@pytest.fixture
def neighbour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The metadata of a pySFML on the path, without its files."""
    folder = tmp_path / "site-packages"
    (folder / "sfml-3.0.2.0.dist-info").mkdir(parents=True)
    metadata = "Metadata-Version: 2.1\nName: SFML\nVersion: 3.0.2.0\n"
    (folder / "sfml-3.0.2.0.dist-info" / "METADATA").write_text(metadata, encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    return folder


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sfml_network", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=15, check=False)


def test_alone_it_is_healthy_and_needs_no_repair() -> None:
    result = run("doctor")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith(f"sfml-network {sfml_network.__version__}, CPython")
    assert "healthy: sfml.network is ours" in result.stdout
    assert str(Path(sfml_network.__file__).parent) in result.stdout
    assert "repair" not in result.stdout


def test_json_is_one_object_with_the_same_facts() -> None:
    result = run("doctor", "--json")
    assert result.returncode == 0
    report = json.loads(result.stdout)
    assert report["healthy"] is True
    assert report["version"] == report["distribution_version"] == sfml_network.__version__
    assert report["native"] == sfml_network._native.__file__
    assert set(report["origins"]) == {"sfml", "sfml.network", "sfml.system"}
    for origin in report["origins"].values():
        assert origin["ours"] is True
        assert Path(origin["file"]).is_file()
    assert (report["notes"], report["repair"]) == ([], None)


def test_without_a_command_it_shows_the_usage() -> None:
    result = run()
    assert result.returncode == 2
    assert "usage: python -m sfml_network" in result.stderr
    assert "doctor" in run("--help").stdout
    assert run("--version").stdout.strip() == f"sfml-network {sfml_network.__version__}"


@pytest.mark.usefixtures("neighbour")
def test_a_neighbour_is_named_and_is_no_illness(capsys: pytest.CaptureFixture[str]) -> None:
    assert __main__.main(["doctor"]) == 0
    assert "beside us      PyPI's SFML 3.0.2.0 in " in capsys.readouterr().out


def test_debians_package_is_told_by_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "dist-packages"
    folder.mkdir()
    (folder / "pySFML-2.2.0.egg-info").write_text("Name: pySFML\nVersion: 2.2.0\n", encoding="utf-8")
    monkeypatch.syspath_prepend(folder)
    kinds = [neighbour.kind for neighbour in _doctor.examine().neighbours]
    assert "Debian's python3-sfml" in kinds


def test_a_foreign_network_module_is_unhealthy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = stand_in("sfml.network", "/theirs/sfml/network.so", TcpSocket=object)
    monkeypatch.setitem(sys.modules, "sfml.network", theirs)
    assert __main__.main(["doctor"]) == 1
    text = capsys.readouterr().out
    assert "not ours: /theirs/sfml/network.so" in text
    assert "NOT healthy" in text
    assert text.rstrip().endswith(REPAIR)
    assert __main__.main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["repair"] == REPAIR


def test_a_package_that_fails_to_load_is_unhealthy_and_told_why(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "sfml").mkdir()
    broken = "raise ImportError('libGL.so.1: cannot open shared object file')"
    (tmp_path / "sfml" / "__init__.py").write_text(broken, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    for name in [name for name in sys.modules if name.partition(".")[0] == "sfml"]:
        monkeypatch.delitem(sys.modules, name)
    report = _doctor.examine()
    assert not report.healthy
    assert report.notes == ["the package sfml fails to load; import sfml_network instead"]
    assert "ImportError: libGL.so.1: cannot open shared object file" in report.as_text()
    assert report.repair == REPAIR


def test_a_package_file_that_is_pysfmls_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sfml", stand_in("sfml", "/theirs/sfml/__init__.py"))
    report = _doctor.examine()
    assert report.healthy
    assert [note.partition(":")[0] for note in report.notes] == ["sfml/__init__.py is pySFML's"]
    assert report.repair == REPAIR


def test_a_package_file_that_is_gone_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sfml", stand_in("sfml", None))
    report = _doctor.examine()
    assert report.healthy
    assert [note.partition(":")[0] for note in report.notes] == ["sfml/__init__.py is gone"]
    assert report.repair == REPAIR


def test_a_foreign_system_module_is_told_and_is_no_illness(monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = stand_in("sfml.system", "/theirs/sfml/system.so", Time=object)
    monkeypatch.setitem(sys.modules, "sfml.system", theirs)
    report = _doctor.examine()
    assert report.healthy
    assert not report.origins["sfml.system"].ours
    assert (report.notes, report.repair) == ([], None)


def test_a_half_updated_installation_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sfml_network, "__version__", "9.9.9")
    report = _doctor.examine()
    assert report.healthy
    assert report.notes[0].startswith("the native module is 9.9.9 but the installed files are ")
    assert report.repair == REPAIR
