"""The days on which a publisher's silence means nothing: weekends, public holidays, its own quiet weeks.

Holidays are those of the `holidays` package, which reckons moving feasts; of a country it does not know, weekends
alone are known. A day that is a working day in one part of a country only counts as a day of rest: a silence is
remarked upon a day late rather than a day early.
"""

from __future__ import annotations

import warnings
from array import array
from calendar import isleap
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import holidays

#: Members whose code the package does not know by three letters, and the seats of those that are no country.
_COUNTRY = {
    **{"BGR": "BG", "BHR": "BH", "GTM": "GT", "MAR": "MA", "SWZ": "SZ", "TPKM": "TW", "VUT": "VU"},
    **{"EU": "BE", "WTO": "CH"},
}
#: Geneva keeps days of its own.
_CANTON = {"WTO": "GE"}
#: Countries of which the package knows no weekend of their own. Monday is 0.
_WEEKEND = {"BHR": frozenset({4, 5})}
_USUAL_WEEKEND = frozenset({5, 6})
_DAY = timedelta(days=1)


def weekend_of(market: str | None) -> frozenset[int]:
    """The days of the week, Monday is 0, on which offices of this Member are closed; unknown: Saturday and Sunday."""
    if market in _WEEKEND:
        return _WEEKEND[market]
    calendar = _calendar(market) if market else None
    return _USUAL_WEEKEND if calendar is None else frozenset(calendar.weekend) or _USUAL_WEEKEND


def is_rest_day(day: date, market: str | None, quiet_days: Iterable[str] = ()) -> bool:
    """Whether nothing is to be expected of a publisher of this Member on this day of its own calendar.

    `quiet_days` are periods of the year, "12-24/01-02", both ends included; one may run over New Year.
    """
    if _is_rest_day(day, market):
        return True
    at = f"{day:%m-%d}"
    for period in quiet_days:
        first, _, last = period.partition("/")
        if first <= at <= last if first <= last else at >= first or at <= last:
            return True
    return False


def working_days(first: date, last: date, market: str | None, quiet_days: Iterable[str] = ()) -> int:
    """How many days from `first` to `last`, both included, are no days of rest; 0 if `last` is before `first`."""
    if last < first:
        return 0
    periods = tuple(quiet_days)
    count = 0
    for year in range(first.year, last.year + 1):
        until = _worked(year, market, periods)
        begins = first.timetuple().tm_yday if year == first.year else 1
        ends = last.timetuple().tm_yday if year == last.year else -1
        count += until[ends] - until[begins - 1]
    return count


@lru_cache(maxsize=1_000)
def _worked(year: int, market: str | None, quiet_days: tuple[str, ...]) -> Sequence[int]:
    """How many working days a year has until the end of each of its days; the first is for the eve of New Year."""
    until, day = array("H", [0]), date(year, 1, 1)
    for _ in range(366 if isleap(year) else 365):
        until.append(until[-1] + (not is_rest_day(day, market, quiet_days)))
        day += _DAY
    return until


@lru_cache(maxsize=100_000)
def _is_rest_day(day: date, market: str | None) -> bool:
    if day.weekday() in weekend_of(market):
        return True
    calendar = _calendar(market) if market else None
    if calendar is None:
        return False
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of years whose moving feasts nobody has announced yet
        return day in calendar


@lru_cache(maxsize=300)
def _calendar(market: str) -> Any:
    """The package's calendar of a Member, whose years it fills in as they are asked for; None: it knows none."""
    if not market.isalpha() or not market.isupper():
        return None  # the package would take it for the name of something else it has
    try:
        return holidays.country_holidays(_COUNTRY.get(market, market), subdiv=_CANTON.get(market))
    except (NotImplementedError, ValueError, TypeError):
        return None
