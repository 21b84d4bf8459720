"""The calendar of deadlines: a month as a grid and as a list."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from babel.dates import format_date, get_day_names
from starlette.responses import Response

from tbtwatch.pipeline.look.ahead import ADOPTION, DEADLINE, FORCE, WHATS, DayOf, days_between
from tbtwatch.pipeline.look.asked import read_asked
from tbtwatch.web.look.lists import Line, line
from tbtwatch.web.site import Site, Visit
from watcher.dates import DateFact, DateQuality

MOST = 60
_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A day of the grid."""

    day: date
    inside: bool  #: of this month
    counts: tuple[tuple[str, str, int], ...]  #: what, its short name, how many
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A day of a measure in the list."""

    what: str
    name: str
    note: str  #: how the day was come by
    line: Line


def show(site: Site, visit: Visit) -> Response:
    """The page."""
    names, words = site.desk.names, visit.words
    asked = read_asked(
        visit.request.query_params.multi_items(), markets=names.markets, areas=names.areas, today=visit.today
    )
    first = _month(visit.request.query_params.get("month", ""), visit.today)
    last = _next(first) - timedelta(days=1)
    what = visit.request.query_params.get("what", "")
    whats = (what,) if what in WHATS else WHATS
    seen = days_between(
        site.finder, first, last, whats=whats, markets=asked.markets, areas=asked.areas, most=MOST, today=visit.today
    )

    def address(month: date) -> str:
        pairs = [("month", f"{month:%Y-%m}")]
        pairs += [("market", one) for one in asked.markets] + [("area", one) for one in asked.areas]
        return visit.path("calendar?" + urlencode(pairs + ([("what", what)] if what in WHATS else [])))

    days: dict[date, list[Entry]] = {}
    for one in seen.listed:
        days.setdefault(one.day, []).append(_entry(one, site, visit))
    locale = visit.language
    month_name = format_date(first, "y年M月" if locale == "zh" else "MMMM y", locale=locale)
    return site.render(
        visit,
        "calendar.html",
        title=words("calendar.title", month=month_name),
        month=first,
        month_name=month_name,
        weekdays=[
            (get_day_names("abbreviated", locale=locale)[day], get_day_names("wide", locale=locale)[day])
            for day in range(7)
        ],
        grid=_grid(first, seen.counts, visit),
        days=[(day, visit.dates.day(day), _weekday(day, locale), entries) for day, entries in days.items()],
        today=visit.today,
        more=seen.total - len(seen.listed),
        total=seen.total,
        earlier=address(_previous(first)),
        later=address(_next(first)),
        this=visit.path("calendar"),
        whats=[(each, words(f"calendar.{each}")) for each in WHATS],
        what=what if what in WHATS else "",
        markets=_named(_places(site), lambda code: names.markets.name(code, locale)),
        areas=_named(names.areas, lambda key: names.area(key, locale)),
        market=asked.markets[0] if asked.markets else "",
        area=asked.areas[0] if asked.areas else "",
    )


def _places(site: Site) -> list[str]:
    markets = site.desk.names.markets
    return [*(key for key, group in markets.groups.items() if group.members), *markets.members]


def _named(keys: Iterable[str], name: Callable[[str], str]) -> list[tuple[str, str]]:
    return sorted(((key, name(key)) for key in keys), key=lambda one: one[1])


def _entry(one: DayOf, site: Site, visit: Visit) -> Entry:
    facts = one.measure.facts
    fact = {
        DEADLINE: facts.comment_deadline,
        ADOPTION: facts.adopted_on if facts.adopted_on.value else facts.proposed_adoption,
        FORCE: facts.in_force_on if facts.in_force_on.value else facts.proposed_entry_into_force,
    }[one.what]
    return Entry(
        what=one.what,
        name=visit.words(f"calendar.{one.what}"),
        note=_quality(fact, visit),
        line=line(one.measure, site, visit),
    )


def _quality(fact: DateFact, visit: Visit) -> str:
    return visit.words("computed.short") if fact.quality is DateQuality.COMPUTED else ""


def _grid(first: date, counts: Mapping[date, Mapping[str, int]], visit: Visit) -> list[list[Cell]]:
    words = visit.words
    rows = []
    for week in calendar.Calendar().monthdatescalendar(first.year, first.month):
        cells = []
        for day in week:
            found = counts.get(day, {}) if day.month == first.month else {}
            shown = tuple((what, words(f"calendar.short.{what}"), found[what]) for what in WHATS if found.get(what))
            spoken = [f"{words(f'calendar.{what}')} {number}" for what, _, number in shown]
            label = visit.dates.day(day) + (words("colon") + words("comma").join(spoken) if spoken else "")
            cells.append(Cell(day=day, inside=day.month == first.month, counts=shown, label=label))
        rows.append(cells)
    return rows


def _weekday(day: date, locale: str) -> str:
    return str(get_day_names("wide", locale=locale)[day.weekday()])


def _month(text: str, today: date) -> date:
    found = _MONTH.fullmatch(text)
    if found and 1990 <= int(found[1]) <= 2100 and 1 <= int(found[2]) <= 12:
        return date(int(found[1]), int(found[2]), 1)
    return today.replace(day=1)


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)


def _previous(first: date) -> date:
    return (first - timedelta(days=1)).replace(day=1)
