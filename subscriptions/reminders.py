"""Reminders: on which days somebody is reminded of a comment deadline, and which of them is due now.

A distance is a number of days before the act-by date, not before the deadline: what comes when the enquiry point wants
the comments already is no help. A reminder is planned for an hour of that day. One that was planned for before the
reader could know of the deadline is none; of several that were missed only the nearest is told, and says that it is
late.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

FARTHEST = 180
MOST = 10


class DistanceError(ValueError):
    """The distances are none; the sentence says what to write."""


class Settled(StrEnum):
    """How a reminder ended."""

    TOLD = "told"
    OVERTAKEN = "overtaken"  #: a nearer one was due as well, after an outage
    MISSED = "missed"  #: comments were over before it could be told
    HANDLED = "handled"  #: somebody had said that the measure is dealt with
    HELD = "held"  #: not ended: it waits, as its reader is not to be written to just now


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One reminder."""

    distance: int  #: days before the act-by date
    at: datetime  #: when it is to be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is to be told now of one deadline to one subscription, and what is not told any more."""

    tell: Planned | None = None
    overtaken: tuple[Planned, ...] = ()


def read_distances(text: str) -> tuple[int, ...]:
    """The distances of "30,14,3", the farthest first; of "none", none at all. Raises DistanceError."""
    if text.strip().lower() in ("none", "off"):
        return ()
    parts = [part.strip() for part in text.replace("，", ",").replace("、", ",").split(",")]
    if not all(part.isascii() and part.isdecimal() for part in parts):
        raise DistanceError(f"{text!r} are no days; write 30,14,3 (days before the act-by date), or none")
    days = sorted({int(part[:6]) for part in parts}, reverse=True)
    if days[0] > FARTHEST:
        raise DistanceError(f"{days[0]} days is too far ahead; write at most {FARTHEST}")
    if len(days) > MOST:
        raise DistanceError(f"{len(days)} reminders are too many; write at most {MOST}")
    return tuple(days)


def planned(act_by: date, distance: int, zone: ZoneInfo, hour: int) -> Planned:
    """When the reminder of this distance is to be told: at that hour of the place's own day."""
    day = act_by - timedelta(days=distance)
    return Planned(distance=distance, at=datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC))


def due(
    plan: Iterable[Planned], *, known_since: datetime, now: datetime, settled: Collection[int] = frozenset()
) -> Due:
    """Which of these reminders is to be told now.

    Those planned for up to `known_since` are none: the news of the deadline itself has just told it. `settled`: the
    distances that have ended. Of several the one nearest to the deadline is told, the others are overtaken.
    """
    waiting = sorted(
        (one for one in plan if known_since < one.at <= now and one.distance not in settled),
        key=lambda one: one.distance,
    )
    return Due(tell=waiting[0], overtaken=tuple(waiting[1:])) if waiting else Due()


def next_planned(plan: Iterable[Planned], *, known_since: datetime, now: datetime) -> Planned | None:
    """The reminder that comes next, if nothing moves."""
    coming = [one for one in plan if one.at > max(now, known_since)]
    return min(coming, key=lambda one: one.at, default=None)
