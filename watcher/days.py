"""Days of a measure: which are known, how coarse ones compare, and how one is written down for people."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from watcher.dates import Anchor, DateFact, DateQuality, Precision
from watcher.dates.calendar import add
from watcher.measure import Facts

_MONTHS = {Precision.MONTH: 1, Precision.SEASON: 3, Precision.YEAR: 12}
_PART_OF_MONTH = timedelta(days=10)


def known_days(facts: Facts) -> Mapping[Anchor, date]:
    """The days of events that have come, or are settled to come, from which other dates count."""
    days = {
        Anchor.ADOPTION: facts.adopted_on.value,
        Anchor.PUBLICATION: facts.published_on.value,
        Anchor.ENTRY_INTO_FORCE: facts.in_force_on.value,
    }
    return {anchor: day for anchor, day in days.items() if day is not None}


def last_day(fact: DateFact) -> date | None:
    """The last day that a date can mean: 31 December 2017 for "December 2017"."""
    if fact.value is None:
        return None
    if fact.precision is Precision.PART_OF_MONTH:
        return fact.value + _PART_OF_MONTH
    months = _MONTHS.get(fact.precision)
    return add(fact.value, months=months) - timedelta(days=1) if months else fact.value


def narrows(old: DateFact, new: DateFact) -> bool:
    """Whether a day only says more finely what was known: "June 2018" → 15 June 2018."""
    first, last = old.value, last_day(old)
    return (
        old.precision is not Precision.DAY
        and new.precision is Precision.DAY
        and first is not None
        and last is not None
        and new.value is not None
        and first <= new.value <= last
    )


def as_read(fact: DateFact) -> str:
    """A date as people read it: the ISO day, a month or year as far as it is known, else the wording."""
    if fact.value is None:
        return " ".join(fact.wording.split()) or (
            "not applicable" if fact.quality is DateQuality.NOT_APPLICABLE else ""
        )
    match fact.precision:
        case Precision.DAY:
            return fact.value.isoformat()
        case Precision.MONTH:
            return f"{fact.value:%Y-%m}"
        case Precision.YEAR:
            return f"{fact.value:%Y}"
        case _:
            return " ".join(fact.wording.split()) or fact.value.isoformat()
