"""The page to search on. It works by addresses alone; with script only what was found is loaded anew."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from starlette.responses import Response

from rules.classification import Facet
from subscriptions.choices import STAGES
from subscriptions.criteria import Part
from tbtwatch.pipeline.look.asked import SORTS, Asked, read_asked
from tbtwatch.pipeline.look.searching import FACETS, Answer
from tbtwatch.pipeline.symbols import symbols_in
from tbtwatch.web.look.lists import lines
from tbtwatch.web.site import Site, Visit, clean
from tbtwatch.web.terms import MOST_ROWS

SHOWN = 8  # values of a filter that are shown at once
MOST = 40  # and at all; the form has every one


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of a filter, with what choosing it would leave."""

    name: str
    count: int
    href: str
    chosen: bool
    mark: str  #: unique in the page, so that the reader's place is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """A filter with its values, the most frequent first."""

    name: str
    label: str
    values: list[Value]

    @property
    def first(self) -> list[Value]:
        """Those that are shown at once."""
        return self.values[:SHOWN]

    @property
    def rest(self) -> list[Value]:
        """Those behind "more"."""
        return self.values[SHOWN:]


def show(site: Site, visit: Visit) -> Response:
    """The page."""
    names = site.desk.names
    pairs = visit.request.query_params.multi_items()
    asked = read_asked(pairs, markets=names.markets, areas=names.areas, today=visit.today)
    answer = site.finder.find(asked, today=visit.today)
    asked = answer.asked
    near = _exact_symbol(asked, site)
    return site.render(
        visit,
        "search.html",
        title=visit.words("search.title"),
        asked=asked,
        answer=answer,
        lines=lines(answer.rows, site, visit),
        filters=list(_filters(answer, site, visit)),
        chosen=list(_chosen(asked, site, visit)),
        meanings=[
            (visit.words(f"search.meant.{one.kind}", name=value_name(one.kind, one.value, site, visit), code=one.value))
            for one in answer.meanings
        ],
        loosely=[
            visit.words("search.loosely", word=visit.words.messages.quote(clean(word))) for word in answer.loosely
        ],
        sorts=SORTS,
        options=_options(site, visit),
        kept=[(name, value) for name, field in _FIELDS.items() for value in getattr(asked, field)],
        address=lambda **over: visit.path("search?" + replace(asked, **over).query()),
        file_of=lambda form: visit.path(f"search.{form}?" + replace(asked, page=1).query()).rstrip("?"),
        most_rows=MOST_ROWS,
        filling=site.missing(visit),
        near=visit.measure(near) if near else "",
        near_symbol=near,
    )


_FIELDS = {name: field for name, (field, _) in FACETS.items()}


def _exact_symbol(asked: Asked, site: Site) -> str:
    """The symbol, if the words are one."""
    found = symbols_in(asked.text, site.desk.names.markets) if asked.text else ()
    return str(found[0]) if len(found) == 1 else ""


def _filters(answer: Answer, site: Site, visit: Visit) -> Iterable[Filter]:
    for name, (field, _) in FACETS.items():
        had: tuple[str, ...] = getattr(answer.asked, field)
        counts = dict(answer.counts[name])
        # What is chosen stands first, also where it leaves nothing.
        order = [*had, *(value for value in counts if value not in had)][:MOST]
        values = [
            Value(
                name=value_name(name, value, site, visit),
                count=counts.get(value, 0),
                href=visit.path("search?" + answer.asked.with_value(field, value).query()),
                chosen=value in had,
                mark=f"{name}-{value}".replace(".", "-"),
            )
            for value in order
            if value in counts or value in had
        ]
        if values:
            yield Filter(name=name, label=visit.words(f"facet.{name}"), values=values)


def _chosen(asked: Asked, site: Site, visit: Visit) -> Iterable[tuple[str, str, str]]:
    """What is chosen, by name, and the address without it."""

    def without(**over: object) -> str:
        return visit.path("search?" + replace(asked, page=1, **over).query())  # type: ignore[arg-type]

    if asked.text:
        yield visit.words("search.words"), visit.words.messages.quote(clean(asked.text)), without(text="")
    for name, field in _FIELDS.items():
        for value in getattr(asked, field):
            address = visit.path("search?" + asked.with_value(field, value).query())
            yield visit.words(f"facet.{name}"), value_name(name, value, site, visit), address
    if asked.open:
        yield visit.words("facet.stage"), visit.words("search.open"), without(open=False)
    if asked.since:
        yield visit.words("search.since"), visit.dates.day(asked.since), without(since=None)


def value_name(name: str, value: str, site: Site, visit: Visit) -> str:
    """What a value of a filter is called."""
    if name in ("hs", "ics"):
        title = site.title(name, value, visit.language)
        return f"{value} {title}".strip() if len(title) < 70 else f"{value} {title[:66].rstrip()}…"
    return called(name, value, site, visit.language)


def called(name: str, value: str, site: Site, language: str) -> str:
    """The name of a value of a filter alone; what has none is called by its key."""
    names = site.desk.names
    match name:
        case "market":
            return names.markets.name(value, language)
        case "area":
            return names.area(value, language)
        case "kind" | "stage":
            return names.choices.name(Part(name), value, language)
        case "hs" | "ics":
            return site.title(name, value, language) or value
    return value


def _options(site: Site, visit: Visit) -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    """The values of the form's fields, by heading: "" for those without one."""
    names, language, words = site.desk.names, visit.language, visit.words
    groups, members = offered_markets(site, language)
    areas = sorted(((key, area.name(language)) for key, area in names.areas.items()), key=lambda one: one[1])
    kinds = [(key, value.name(language)) for key, value in names.choices.facets.of(Facet.KIND).items()]
    stages = [(key, called.get(language, key)) for key, called in STAGES.items()]
    return {
        "market": [(words("search.groups"), groups), (words("search.members"), members)],
        "area": [("", areas)],
        "kind": [("", sorted(kinds, key=lambda one: one[1]))],
        "stage": [("", stages)],
    }


def offered_markets(site: Site, language: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Groups of markets that have members, and all markets by their names: each with what it is called."""
    markets = site.desk.names.markets
    groups = [(key, markets.name(key, language)) for key, group in markets.groups.items() if group.members]
    members = sorted(((code, markets.name(code, language)) for code in markets.members), key=lambda one: one[1])
    return groups, members
