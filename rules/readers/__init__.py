"""What is read from the structure of a measure, not from staff's words: a file each, with the constant `READER`.

A reader is asked for every measure. It gives findings of the facets that no rule gives (markets, stage, standards,
days), and may add to those that rules give (stated objectives). It is pure: no day of today, no chance, no order of
its own; the same measure and the same rule set give the same findings.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from typing import TypeAlias

from rules.classification import Finding
from rules.reading import Reading
from rules.ruleset import RuleSet

Reader: TypeAlias = Callable[[Reading, RuleSet], Iterable[Finding]]


class ReaderError(TypeError):
    """A module in this folder is no reader: a programmer's mistake."""


def _collect() -> tuple[Reader, ...]:
    found = []
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        reader = getattr(importlib.import_module(f"{__name__}.{module.name}"), "READER", None)
        if not callable(reader):
            raise ReaderError(f"rules/readers/{module.name}.py has no function READER")
        found.append(reader)
    return tuple(found)


READERS: tuple[Reader, ...] = _collect()
