"""``sfml.system``: the documented name for `sfml_network.system`.

>>> import sfml
>>> sfml.system.milliseconds(1500).seconds
1.5

A file and not a folder on purpose: beside pySFML's extension module of the same name, Python takes the
extension, so that pySFML's graphics and window keep the `Time` they were built with. Our calls take
that one as well.
"""

from __future__ import annotations

from sfml_network.system import Clock, Time, microseconds, milliseconds, seconds, sleep

__all__ = ["Clock", "Time", "microseconds", "milliseconds", "seconds", "sleep"]
