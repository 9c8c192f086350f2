"""`Text`: a `str` that programs for released pySFML may treat as `bytes`."""

from __future__ import annotations

import copy
import doctest
import operator
import pickle

import pytest
import sfml_network._text
from hypothesis import given
from hypothesis import strategies as st
from sfml_network import Text


@given(st.text())
def test_it_is_the_same_str_in_every_respect(string: str) -> None:
    text = Text(string)
    assert text == string
    assert string == text
    assert not operator.ne(text, string)
    assert hash(text) == hash(string)
    assert repr(text) == repr(string)
    assert f"{text}" == string
    assert {string: 1}[text] == 1


@given(st.text())
def test_it_equals_its_utf8_bytes(string: str) -> None:
    encoded = string.encode()
    text = Text(string)
    assert text == encoded
    assert text == bytearray(encoded)
    assert not operator.ne(text, encoded)
    assert text != encoded + b"x"
    assert text.decode() == string
    assert type(text.decode()) is str


@given(st.binary())
def test_bytes_that_are_no_utf8_survive(data: bytes) -> None:
    text = Text(data.decode("utf-8", "surrogateescape"))
    assert text == data
    assert text.decode("latin-1") == data.decode("latin-1")


@pytest.mark.filterwarnings("ignore::BytesWarning")
def test_bytes_on_the_left_compare_equal() -> None:
    assert b"127.0.0.1" == Text("127.0.0.1")  # noqa: SIM300
    assert not operator.ne(b"127.0.0.1", Text("127.0.0.1"))


def test_it_differs_from_everything_else() -> None:
    text = Text("1")
    for other in (None, 1, 1.0, b"2", "2", ["1"], memoryview(b"1")):
        assert text != other
        assert not operator.eq(text, other)


def test_a_surrogate_that_no_byte_made_equals_no_bytes() -> None:
    text = Text("\ud800")
    assert text == "\ud800"
    assert text != b"\xed\xa0\x80"


def test_decode_fails_as_bytes_would() -> None:
    with pytest.raises(UnicodeDecodeError):
        Text("é").decode("ascii")
    with pytest.raises(LookupError):
        Text("e").decode("no such encoding")
    assert Text("é").decode("ascii", "replace") == "��"
    assert Text("é").decode(encoding="utf-8", errors="strict") == "é"


def test_what_is_made_from_it_is_plain_str() -> None:
    assert type(Text("a") + "b") is str
    assert type(str(Text("a"))) is str


def test_copies_keep_the_type() -> None:
    text = Text("a")
    for twin in (copy.copy(text), copy.deepcopy(text), pickle.loads(pickle.dumps(text))):
        assert type(twin) is Text
        assert twin == b"a"


def test_docstring_examples_run() -> None:
    assert doctest.testmod(sfml_network._text) == (0, 5)
