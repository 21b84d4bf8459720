"""What publishers publish: documents that come by chance on working days, each with a number in its title."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import holidays

#: Product -> how it is called in a title. The oracle asks for the product, readers for the words.
PRODUCTS = {
    "toys": {"en": "Toys with small parts", "zh": "玩具小零件"},
    "battery": {"en": "Lithium battery packs", "zh": "锂电池 battery 组"},
    "kettles": {"en": "Electric kettles", "zh": "电热水壶"},
    "textiles": {"en": "Bed linen", "zh": "床上用品"},
    "steel": {"en": "Steel pipes", "zh": "钢管"},
}
_COUNTRY = {"EU": "BE", "TPKM": "TW"}
_WEEKENDS = {"SAU": frozenset({4, 5})}
_USUAL = frozenset({5, 6})


@dataclass
class Paper:
    """One document. `token` stands in its title and nowhere else in the world."""

    token: str
    publisher: str
    market: str
    product: str
    at: datetime  #: when it appears on the list
    stamped: datetime  #: when the list says it was published
    title: str
    original: date | None = None  #: its own date, where the list says so besides
    deadline: date | None = None
    fate: str = "news"  #: "news", "old": an archive stamped anew
    hidden: bool = False  #: not on the list at present
    scheme: str = "a"  #: of its id
    also_in: str = ""  #: another source of the same issuer that lists it
    versions: list[tuple[datetime, str]] = field(default_factory=list)  #: later versions that are news: when, what


def weekend(market: str) -> frozenset[int]:
    """The days on which its offices are closed; Monday is 0."""
    return _WEEKENDS.get(market, _USUAL)


@cache
def _calendar(market: str) -> Any:
    return holidays.country_holidays(_COUNTRY.get(market, market))


def works(day: date, market: str, quiet: tuple[tuple[date, date], ...] = ()) -> bool:
    """Whether the publisher publishes on that day of its calendar."""
    if day.weekday() in weekend(market) or any(first <= day <= last for first, last in quiet):
        return False
    return day not in _calendar(market)


def arrivals(
    chance: Random,
    *,
    market: str,
    zone: ZoneInfo,
    per_week: float,
    first: date,
    last: date,
    quiet: tuple[tuple[date, date], ...] = (),
) -> Iterator[datetime]:
    """When documents appear: a Poisson process in office hours, at that rate in an ordinary week."""
    day = first
    while day <= last:
        if works(day, market, quiet):
            for _ in range(poisson(chance, per_week / (7 - len(weekend(market))))):
                at = datetime.combine(day, time(9), tzinfo=zone) + timedelta(seconds=chance.randrange(8 * 3600))
                yield at.astimezone(UTC)
        day += timedelta(days=1)


def poisson(chance: Random, mean: float) -> int:
    """A number of events by chance."""
    left, count = math.exp(-mean), 0
    product = chance.random()
    while product > left:
        product *= chance.random()
        count += 1
    return count


def title_of(product: str, language: str, token: str) -> str:
    """What a document is called."""
    if language == "zh":
        return f"关于{PRODUCTS[product]['zh']}的公告 {token}"
    return f"{PRODUCTS[product]['en']}, notice {token}"
