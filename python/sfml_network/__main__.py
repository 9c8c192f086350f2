"""``python -m sfml_network``: the command line of the Python package."""

from __future__ import annotations

import argparse
import sys

from sfml_network import __version__, _doctor


def main(arguments: list[str] | None = None) -> int:
    """Run the command that `arguments` (by default those of the process) name; return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m sfml_network", description="SFML's network module for Python."
    )
    parser.add_argument("--version", action="version", version=f"sfml-network {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    doctor = commands.add_parser(
        "doctor",
        help="tell what is installed and where sfml.network comes from",
        description="Tell what is installed and where each name comes from. "
        "Exit code 0: sfml.network is sfml-network's. 1: it is not, and the report tells how to repair it.",
    )
    doctor.add_argument("--json", action="store_true", help="one JSON object instead of text")
    options = parser.parse_args(arguments)
    report = _doctor.examine()
    print(report.as_json() if options.json else report.as_text())
    return 0 if report.healthy else 1


if __name__ == "__main__":
    sys.exit(main())
