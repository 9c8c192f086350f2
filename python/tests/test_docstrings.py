"""The examples in the docstrings of the native classes run, and every class has one."""

from __future__ import annotations

import doctest

import pytest
from sfml_network import _native

CLASSES = [value for value in vars(_native).values() if isinstance(value, type)]
PARSER = doctest.DocTestParser()


def examples(cls: type) -> list[doctest.DocTest]:
    """The examples of a class and of its members; the standard finder passes over native properties."""
    documented: dict[str, object] = {cls.__name__: cls}
    for name, member in vars(cls).items():
        if hasattr(member, "__get__"):
            documented[f"{cls.__name__}.{name}"] = member
    texts = {name: each.__doc__ or "" for name, each in documented.items()}
    return [PARSER.get_doctest(text, {}, name, None, None) for name, text in texts.items() if ">>>" in text]


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_the_examples_run(cls: type, capsys: pytest.CaptureFixture[str]) -> None:
    runner = doctest.DocTestRunner()
    for example in examples(cls):
        runner.run(example)
    assert runner.summarize(verbose=False).failed == 0, capsys.readouterr().out


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: cls.__name__)
def test_each_class_has_an_example(cls: type) -> None:
    assert examples(cls) != []


def test_examples_import_what_they_use_from_the_documented_names() -> None:
    for cls in CLASSES:
        for example in examples(cls):
            sources = "".join(each.source for each in example.examples)
            assert "from sfml.network import" in sources, example.name
