"""What a question would have brought, for a page: reckoned once while nothing of it is another."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from subscriptions.criteria import Frequency, Subscription
from subscriptions.forecast import Fitting, Forecast
from tbtwatch.pipeline.forecast import foresee
from tbtwatch.web.site import Site, Visit, clean

_KEPT = 128
_SIDE_BY_SIDE = threading.Semaphore(2)  # each may read a year of measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A measure that would have been told."""

    href: str
    symbol: str
    title: str
    markets: str
    day: str
    why: str
    open: bool


class Forecasts:
    """The forecasts made last."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._made: OrderedDict[Hashable, Forecast] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, asked: Subscription, visit: Visit) -> Forecast:
        """What it would have brought, as of today."""
        key = (asked.criteria, asked.frequency, asked.rhythm.weekday, visit.today, self._state())
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        with _SIDE_BY_SIDE:
            made = foresee(asked, desk=self._site.desk)
        with self._lock:
            self._made[key] = made
            while len(self._made) > _KEPT:
                self._made.popitem(last=False)
        return made

    def _state(self) -> Hashable:
        now = self._site.desk.clock()
        return now.hour, now.minute // 10  # news of ten minutes makes no other average


def hits(found: Forecast, site: Site, visit: Visit) -> list[Hit]:
    """The examples as lines."""
    return [_hit(one, site, visit) for one in found.examples]


def _hit(one: Fitting, site: Site, visit: Visit) -> Hit:
    names, language = site.desk.names, visit.language
    return Hit(
        href=visit.measure(one.symbol),
        symbol=clean(one.symbol),
        title=clean(one.title),
        markets=visit.words("pause").join(names.markets.name(member, language) for member in one.members[:3]),
        day=visit.dates.day(one.newest),
        why=clean(names.explained(one.match, language)),
        open=one.is_open,
    )


def volume(found: Forecast, visit: Visit) -> list[str]:
    """How much it is, in sentences."""
    w = visit.words
    if found.is_empty:
        return [w("mine.forecast.empty")]
    if not found.messages:
        said = [w("mine.forecast.nothing")]
    elif found.frequency is Frequency.IMMEDIATE:
        said = [w("mine.forecast.at_once", n=found.messages, often=_often(found.per_week, visit))]
    else:
        each = f"{found.in_digest:,.1f}"
        said = [w(f"mine.forecast.{found.frequency.value}", n=found.messages, news=found.news, each=each)]
    if found.busiest is not None and found.busiest[1] > 1:
        said.append(w("mine.forecast.busiest", day=visit.dates.day(found.busiest[0]), news=found.busiest[1]))
    if found.open_now:
        said.append(w("mine.forecast.open", n=found.open_now))
    if not found.is_whole and found.records is not None:
        said.append(w("mine.forecast.since", day=visit.dates.day(found.records[0])))
    return said


def narrower(found: Forecast, site: Site, visit: Visit) -> list[str]:
    """What would cut it most."""
    w, names = visit.words, site.desk.names
    said = []
    for one in found.narrower[:4]:
        if one.part == "market":
            said.append(w("mine.narrow.market", name=names.markets.name(one.value, visit.language), news=one.news))
        else:
            said.append(w(f"mine.narrow.{'grade' if one.part == 'grade' else 'change'}", news=one.news))
    return said


def _often(per_week: float, visit: Visit) -> str:
    if per_week >= 1:
        return visit.words("mine.forecast.a_week", per=f"{per_week:,.1f}" if per_week < 10 else f"{per_week:,.0f}")
    return visit.words("mine.forecast.a_year", per=max(1, round(per_week * 52)))
