"""What subscriptions ask, out of the text that the database keeps: a million of them are read when a service starts."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from subscriptions.asked import VALUED
from subscriptions.criteria import FURTHER, Criteria
from subscriptions.origin import OF_ORIGIN
from tbtwatch.storage.types import from_json, to_json

_VALUED = frozenset(VALUED)
_LEFT_OUT = frozenset(FURTHER[part] for part in OF_ORIGIN)


def write_criteria(criteria: Criteria) -> dict[str, Any]:
    """As `to_json`, without the newest conditions where nothing is asked of them: most ask nothing."""
    asked: dict[str, Any] = to_json(Criteria, criteria)
    return {name: value for name, value in asked.items() if value or name not in _LEFT_OUT}


def read_criteria(text: str) -> Criteria:
    """As `from_json`, in a third of the time: sets of words are taken as they were checked when they were written."""
    asked: dict[str, Any] = {}
    for name, value in json.loads(text).items():
        if name in _VALUED:
            if value:
                asked[name] = frozenset(value)
        elif name in Criteria.__dataclass_fields__:  # not one that only a newer program knows
            asked[name] = _checked(name, json.dumps(value))
    return Criteria(**asked)


@lru_cache(maxsize=4096)
def _checked(name: str, text: str) -> Any:
    """A field that is no set of words; very many ask the same."""
    return getattr(from_json(Criteria, {name: json.loads(text)}), name)
