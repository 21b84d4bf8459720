"""The command line. Scripts rely on its names; people read its sentences."""

from __future__ import annotations

import sys

from tbtwatch.cli.main import run

__all__ = ["main"]


def main() -> None:
    """The `tbtwatch` command."""
    sys.exit(run())
