"""How soon a measure asks for something, seen from a day: it changes with every morning, so it is never stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from rules.classification import Classification, Facet
from watcher.days import last_day
from watcher.measure import Facts, MeasureStatus

_WEEK: Final = 7
_MONTH: Final = 30


class Level(StrEnum):
    """How soon something has to be done."""

    NOW = "now"  #: an emergency or a recall, or the last two days of a term
    WEEK = "week"
    MONTH = "month"
    NORMAL = "normal"

    @property
    def rank(self) -> int:
        """0 is soonest."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class Urgency:
    """How soon, and why."""

    level: Level
    why: tuple[str, ...] = ()  #: sentences, the soonest first
    days_to_comment: int | None = None  #: 0: it ends today; None: no day is known, or it is past
    days_to_force: int | None = None


def urgency(facts: Facts, classification: Classification, today: date) -> Urgency:
    """How soon a measure asks for something. What is withdrawn asks for nothing."""
    if facts.status is MeasureStatus.WITHDRAWN:
        return Urgency(level=Level.NORMAL, why=("It was withdrawn.",))
    found: list[tuple[Level, str]] = []
    named = classification.values(Facet.URGENCY)
    if "recall" in named:
        found.append((Level.NOW, "Goods are being recalled."))
    if "emergency" in named:
        found.append((Level.NOW, "It was notified as an emergency."))
    comment = _days_to(last_day(facts.comment_deadline), today)
    stated = facts.in_force_on if facts.in_force_on.value else facts.proposed_entry_into_force
    force = _days_to(stated.value, today)
    if comment is not None:
        found.append((_level(comment), f"Comments are taken for {_in_words(comment)}."))
    if force is not None:
        found.append((_level(force), f"It enters into force {_in(force)}."))
    for end in _ends(classification):
        left = _days_to(end, today)
        if left is not None:
            found.append((_level(left), f"A transition ends {_in(left)}."))
    found.sort(key=lambda one: one[0].rank)
    level = found[0][0] if found else Level.NORMAL
    why = tuple(dict.fromkeys(sentence for each, sentence in found if each is not Level.NORMAL))
    return Urgency(level=level, why=why, days_to_comment=comment, days_to_force=force)


def _ends(classification: Classification) -> list[date]:
    """The days on which a transition ends. A length alone is none, nor is what somebody wrote unchecked once."""
    found = []
    for value in classification.values(Facet.TRANSITION):
        try:
            found.append(date.fromisoformat(value))
        except ValueError:
            continue
    return sorted(found)


def _days_to(day: date | None, today: date) -> int | None:
    return (day - today).days if day is not None and day >= today else None


def _level(days: int) -> Level:
    if days <= 2:
        return Level.NOW
    if days <= _WEEK:
        return Level.WEEK
    return Level.MONTH if days <= _MONTH else Level.NORMAL


def _in_words(days: int) -> str:
    if days == 0:
        return "today only"
    return "one more day" if days == 1 else f"{days} more days"


def _in(days: int) -> str:
    if days == 0:
        return "today"
    return "tomorrow" if days == 1 else f"in {days} days"
