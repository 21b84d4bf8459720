"""Which conditions of a subscription a measure fails: all of them, so that those who missed it by one are found.

`subscriptions.matching` stops at the first. Here the condition that failed is taken out of the question and the rest
is read again; so a grade is judged by what is left to judge it by, as it would be had the subscriber not asked the
other thing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from rules.classification import Grade
from subscriptions.criteria import FURTHER, Criteria, Match, Part, Refusal
from subscriptions.matching import Asking, Subject, read_subject
from watcher.markets import Markets

_FIELDS: dict[Part, tuple[str, ...]] = {
    Part.MARKET: ("markets",),
    Part.PRODUCT: ("hs", "ics", "areas"),
    Part.KEYWORD: ("keywords",),
    Part.EXCLUSION: ("exclusions",),
    **{part: (field,) for part, field in FURTHER.items()},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Misses:
    """The conditions of a subscription that a measure fails."""

    refusals: tuple[Refusal, ...]  #: in the order in which they are tried
    more: bool = False  #: there are more than were asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A question that conditions are taken out of."""

    id: int
    version: int
    criteria: Criteria


def misses(subscription: Asking, subject: Subject, markets: Markets, *, most: int = 100) -> Match | Misses:
    """The receipt, or the conditions that fail; no more than `most` of them are looked for."""
    found: list[Refusal] = []
    answer = read_subject(subscription, subject, markets)
    asked = _Question(id=subscription.id, version=subscription.version, criteria=subscription.criteria)
    while isinstance(answer, Refusal):
        if len(found) == most:
            return Misses(refusals=tuple(found), more=True)
        found.append(answer)
        asked = replace(asked, criteria=without(asked.criteria, answer.part))
        answer = read_subject(asked, subject, markets)
    return Misses(refusals=tuple(found)) if found else answer


def without(criteria: Criteria, part: Part) -> Criteria:
    """The same question without one of its conditions."""
    if part is Part.GRADE:
        return replace(criteria, grade=Grade.BROAD)
    nothing: dict[str, Any] = dict.fromkeys(_FIELDS[part], frozenset())
    return replace(criteria, **nothing)
