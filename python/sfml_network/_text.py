"""Text: a ``str`` that programs written for released pySFML may treat as ``bytes``.

The documentation promises ``str`` for addresses, messages and names; released pySFML returned ``bytes``.
One type satisfies both. It is a ``str`` in every respect, hash included, so it is found in a dictionary by
its ``str`` key and not by its ``bytes`` key. Bytes that were no valid UTF-8 travel as surrogate escapes.
"""

from __future__ import annotations

__all__ = ["CallableText", "Text"]


class Text(str):
    """A ``str`` that also equals the same UTF-8 bytes and can be decoded like them.

    >>> Text("127.0.0.1") == "127.0.0.1" == Text("127.0.0.1")
    True
    >>> Text("127.0.0.1") == b"127.0.0.1"
    True
    >>> Text("127.0.0.1").decode()
    '127.0.0.1'

    Under ``python -bb`` a comparison that has the bytes on its left side raises ``BytesWarning``.
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, (bytes, bytearray)):
            try:
                return str.encode(self, "utf-8", "surrogateescape") == other
            except UnicodeEncodeError:  # a lone surrogate that no byte produced: no bytes can equal it
                return False
        return str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        equal = self.__eq__(other)
        return equal if equal is NotImplemented else not equal

    __hash__ = str.__hash__

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        """Return a plain ``str``: the UTF-8 bytes of this text, read in `encoding`."""
        return str.encode(self, "utf-8", "surrogateescape").decode(encoding, errors)


class CallableText(Text):
    """A `Text` that may also be called, for a name that is documented both as an attribute and as a method.

    >>> directory = CallableText("/home/ada")
    >>> print(directory, directory())
    /home/ada /home/ada
    """

    __slots__ = ()

    def __call__(self) -> Text:
        """Return the text."""
        return Text(self)
