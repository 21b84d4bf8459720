"""Hypothesis builds any of our frozen values, every field filled, from its type hints alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import Enum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

#: What a reader lets through: no lone surrogates, no NUL (`watcher.text.plain`).
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(TEXTS, inner, max_size=2),
    max_leaves=4,
)
PLAIN: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    int: st.integers(0, 2**31 - 1),
    bool: st.booleans(),
    date: st.dates(),
    datetime: st.datetimes(
        timezones=st.sampled_from([UTC, timezone(timedelta(hours=8)), timezone(-timedelta(hours=3.5))])
    ),
    Any: JSON,
    type(None): st.none(),
}


def values_of(kind: Any, **over: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """A strategy for values of this type; `over` gives single fields of a dataclass another one."""
    if kind in PLAIN:
        return PLAIN[kind]
    if is_dataclass(kind) and isinstance(kind, type):
        hints = get_type_hints(kind)
        made = {
            field.name: over[field.name] if field.name in over else values_of(hints[field.name])
            for field in fields(kind)
        }
        return st.builds(kind, **made)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    origin, parts = get_origin(kind), get_args(kind)
    if origin in (Union, UnionType):
        return st.one_of(*(values_of(part) for part in parts))
    if origin is tuple and parts[-1] is Ellipsis:
        return st.lists(values_of(parts[0]), max_size=3).map(tuple)
    if origin is tuple:
        return st.tuples(*(values_of(part) for part in parts))
    if origin is frozenset:
        return st.frozensets(values_of(parts[0]), max_size=3)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return st.dictionaries(values_of(parts[0]), values_of(parts[1]), max_size=3)
    raise TypeError(f"no strategy for {kind}; add one")
