"""The hand-kept stub: what it says of each class and member is what the module says."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import sfml_network
from sfml_network import _native


def sentences_of_the_stub() -> dict[str, str]:
    sentences: dict[str, str] = {}
    stub = Path(sfml_network.__file__).with_name("_native.pyi")
    for node in ast.parse(stub.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            sentences[node.name] = one_line(ast.get_docstring(node))
            for member in members(node):
                if sentence := ast.get_docstring(member):
                    sentences[f"{node.name}.{member.name}"] = one_line(sentence)
    return sentences


def members(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    """The functions of a class; those of one platform only where they exist."""
    for member in node.body:
        if isinstance(member, ast.FunctionDef):
            yield member
        elif isinstance(member, ast.If):
            functions = (each for each in member.body if isinstance(each, ast.FunctionDef))
            yield from (each for each in functions if hasattr(getattr(_native, node.name), each.name))


def members_of(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a class, and those under a condition on the platform that holds here."""
    for statement in body:
        if isinstance(statement, ast.If):
            if eval(ast.unparse(statement.test), {"sys": sys}):
                yield from members_of(statement.body)
        else:
            yield statement


def sentences_of_the_module() -> dict[str, str]:
    """The first paragraph of each public class, method and property."""
    sentences: dict[str, str] = {}
    for class_name, cls in vars(_native).items():
        if isinstance(cls, type):
            sentences[class_name] = first_paragraph(cls)
            for name, member in vars(cls).items():
                # A class in a class, an enumeration, has its sentence where it is defined.
                if (
                    not name.startswith("_")
                    and not isinstance(member, type)
                    and (callable(member) or hasattr(member, "__get__"))
                ):
                    sentences[f"{class_name}.{name}"] = first_paragraph(member)
    return sentences


def first_paragraph(value: object) -> str:
    return one_line((value.__doc__ or "").strip().split("\n\n")[0])


def one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def test_its_sentences_are_those_of_the_module() -> None:
    assert sentences_of_the_stub() == sentences_of_the_module()


def test_everything_has_a_sentence() -> None:
    assert [name for name, sentence in sentences_of_the_module().items() if not sentence.endswith(".")] == []
