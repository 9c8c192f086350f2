"""Every name in one place: ``from sfml import sf``, then ``sf.TcpSocket``, ``sf.seconds``.

Where pySFML is installed too, its window, graphics and audio names are here as well.

A folder and not a file on purpose: pySFML owns ``sfml/sf.py``, which must survive when we are removed.
"""

from __future__ import annotations

import importlib

from sfml.network import *
from sfml.system import *


def _add_pysfml_names() -> None:
    for part in ("sfml.window", "sfml.graphics", "sfml.audio"):
        try:
            module = importlib.import_module(part)
        except ModuleNotFoundError as error:
            if error.name != part:
                raise
        else:
            globals().update(
                (name, value) for name, value in vars(module).items() if not name.startswith("_")
            )


_add_pysfml_names()
