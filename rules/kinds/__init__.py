"""Kinds of rules. A new kind is one new file here with the constant `RULE`; nothing else changes.

`KINDS` is collected from the modules of this folder when it is first imported. A module without `RULE`, a `RULE`
that is no rule, and two modules that give one kind stop the program at start.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Mapping
from types import MappingProxyType, ModuleType

from rules.rule import Rule


class RuleKindError(TypeError):
    """A module in this folder is no rule kind: a programmer's mistake, not a member of staff's."""


def collect(modules: Iterable[ModuleType]) -> Mapping[str, type[Rule]]:
    """The rule kinds that modules offer, by the value of their field `kind`. Raises `RuleKindError`."""
    kinds: dict[str, type[Rule]] = {}
    for module in modules:
        rule = getattr(module, "RULE", None)
        if not (isinstance(rule, type) and issubclass(rule, Rule)):
            raise RuleKindError(f"{module.__name__} has no constant RULE that is a subclass of rules.rule.Rule")
        kind = rule.model_fields["kind"].default
        if not isinstance(kind, str):
            raise RuleKindError(f'{module.__name__}: give {rule.__name__} a field kind: Literal["..."] = "..."')
        if kind in kinds:
            raise RuleKindError(f"{module.__name__} and {kinds[kind].__module__} both give the rule kind {kind!r}")
        kinds[kind] = rule
    return MappingProxyType(kinds)


def _modules() -> Iterable[ModuleType]:
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda found: found.name):
        yield importlib.import_module(f"{__name__}.{found.name}")


KINDS: Mapping[str, type[Rule]] = collect(_modules())
