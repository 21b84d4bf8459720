"""What is coming, as charts with their numbers in tables."""

from __future__ import annotations

from starlette.responses import Response

from tbtwatch.pipeline.look.ahead import WHATS, ahead
from tbtwatch.pipeline.look.asked import DEADLINE, Asked
from tbtwatch.web import charts
from tbtwatch.web.regions import regions_of
from tbtwatch.web.site import Site, Visit

WEEKS = 13
_BARS = 12


def show(site: Site, visit: Visit) -> Response:
    """The page."""
    words, names = visit.words, site.desk.names
    seen = ahead(site.finder, visit.today, count=WEEKS)
    by_week = [
        (monday, words("coming.week_of", day=visit.dates.near(monday)), [counts.get(what, 0) for what in WHATS])
        for monday, counts in seen.weeks
    ]
    markets = [
        (code, names.markets.name(code, visit.language), number, _search(visit, markets=(code,)))
        for code, number in seen.markets.items()
    ]
    areas = [
        (key, names.area(key, visit.language), number, _search(visit, areas=(key,)))
        for key, number in seen.areas.items()
    ]
    columns = [
        charts.Column(label, tuple(values), f"{monday.month}/{monday.day}" if number % 2 == 0 else "")
        for number, (monday, label, values) in enumerate(by_week)
    ]
    regions = [
        (
            words(f"region.{region}"),
            [
                charts.Tile(
                    code,
                    names.markets.name(code, visit.language),
                    seen.markets.get(code, 0),
                    _search(visit, markets=(code,)),
                )
                for code in codes
            ],
        )
        for region, codes in regions_of(names.markets.members)
    ]
    bars_desc = words("coming.bars.desc", n=_BARS)
    return site.render(
        visit,
        "coming.html",
        title=words("coming.title"),
        total=seen.total,
        lead=words("coming.lead", n=WEEKS),
        whats=[words(f"calendar.{what}") for what in WHATS],
        weeks=by_week,
        markets=markets,
        areas=areas,
        week_chart=charts.columns("weeks", words("coming.weeks"), words("coming.weeks.desc"), columns),
        market_chart=charts.bars(
            "markets", words("coming.markets"), bars_desc, [charts.Bar(n, v, h) for _, n, v, h in markets[:_BARS]]
        ),
        area_chart=charts.bars(
            "areas", words("coming.areas"), bars_desc, [charts.Bar(n, v, h) for _, n, v, h in areas[:_BARS]]
        ),
        map_chart=charts.tiles("map", words("coming.map"), words("coming.map.note"), regions),
    )


def _search(visit: Visit, **over: tuple[str, ...]) -> str:
    return visit.path("search?" + Asked(sort=DEADLINE, **over).query())  # type: ignore[arg-type]
