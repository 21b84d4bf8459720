"""A report as one page of HTML: nothing is loaded, nothing is run; the chart is drawn in the page itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from tbtwatch.cli.rules.report_words import Report

_BARS = 25  #: values in the chart
_ROW, _LABEL, _HALF, _COUNT = 22, 210, 230, 52  # pixels: height of a bar, its name, the room to each side, numbers

_STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, "Noto Sans SC", sans-serif; color: #1d2733; background: #fff;
  margin: 2rem auto; max-width: 56rem; padding: 0 1rem; overflow-wrap: anywhere; }
h1 { font-size: 1.45rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
.made { color: #5b6875; margin: 0 0 1rem; } .sum { font-size: 1.05rem; }
table { border-collapse: collapse; width: 100%; } .examples { table-layout: fixed; }
.examples th:nth-child(1) { width: 44%; } .examples th:nth-child(2) { width: 18%; }
.examples th:nth-child(3) { width: 13%; }
 th, td { text-align: left; vertical-align: top;
  padding: .35rem .6rem .35rem 0; border-bottom: 1px solid #e3e8ed; } th { font-weight: 600; color: #45525f; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
q { background: #fff3c4; quotes: none; padding: 0 .15em; } .rule { color: #5b6875; font-size: .9em; }
.gained { color: #17663a; } .lost { color: #9c2b23; } .regraded { color: #7a5300; }
svg { max-width: 100%; height: auto; }
svg text { font: 12px system-ui, "Noto Sans SC", sans-serif; fill: #1d2733; }
"""


def page(report: Report, *, title: str, made: str, summary: str) -> str:
    """The whole page. All text of publishers and subscribers is escaped."""
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
            f'<h1>{escape(title)}</h1>\n<p class="made">{escape(made)}</p>\n<p class="sum">{escape(summary)}</p>',
            *_chart(report["tallies"]),
            *_examples(report["examples"]),
            *_subscriptions(report["messages"]),
            *_all(report["tallies"]),
            "</body>\n</html>\n",
        )
    )


def _chart(tallies: list[dict[str, Any]]) -> Iterator[str]:
    shown = sorted(tallies, key=lambda one: (-_size(one), one["facet"], one["value"]))[:_BARS]
    if not shown:
        return
    most = max(max(_right(one), one["lost"] + one["lowered"]) for one in shown)
    middle = _LABEL + _COUNT + _HALF
    width, height = middle + _HALF + _COUNT, _ROW * len(shown) + 26
    yield "<h2>Where it differs most</h2>"
    yield (
        "<p>Measures: to the right gained (dark) and graded surer (light), to the left lost (dark) and graded less "
        "sure (light).</p>"
    )
    yield (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        'aria-label="Measures gained and lost by value; the table below has the numbers">'
    )
    for number, one in enumerate(shown):
        top = number * _ROW + 4
        yield f'<text x="0" y="{top + 13}">{escape(_short(_name(one)))}</text>'
        x = float(middle)
        for value, colour in ((one["gained"], "#1f8a4c"), (one["raised"], "#a9d9bd")):
            length = _HALF * value / most
            if value:
                yield _bar(x, top, length, colour)
            x += length
        if _right(one):
            yield f'<text x="{x + 5:.1f}" y="{top + 13}">+{_right(one)}</text>'
        x = float(middle)
        for value, colour in ((one["lost"], "#c0392b"), (one["lowered"], "#eab5af")):
            length = _HALF * value / most
            x -= length
            if value:
                yield _bar(x, top, length, colour)
        if one["lost"] + one["lowered"]:
            yield f'<text x="{x - 5:.1f}" y="{top + 13}" text-anchor="end">−{one["lost"] + one["lowered"]}</text>'
    yield f'<line x1="{middle}" y1="0" x2="{middle}" y2="{height - 22}" stroke="#8593a0"/>'
    yield "</svg>"


def _bar(x: float, top: int, length: float, colour: str) -> str:
    return f'<rect x="{x:.1f}" y="{top}" width="{max(length, 1):.1f}" height="{_ROW - 7}" fill="{colour}"/>'


def _examples(examples: dict[str, list[dict[str, Any]]]) -> Iterator[str]:
    for sort, several in examples.items():
        if not several:
            continue
        yield f'<h2 class="{escape(sort)}">{escape(sort.capitalize())}: {len(several)} examples</h2>'
        yield '<table class="examples"><tr><th>Measure</th><th>What</th><th>Grade</th>'
        yield "<th>The words, and the rule</th></tr>"
        for one in several:
            grades = " → ".join(escape(grade) for grade in (one["before"], one["after"]) if grade)
            yield (
                f"<tr><td><b>{escape(one['symbol'])}</b><br>{escape(one['title'])}</td>"
                f"<td>{escape(_name(one))}</td><td>{grades}</td>"
                f"<td>{'<br>'.join(_evidence(one['evidence']))}</td></tr>"
            )
        yield "</table>"


def _evidence(several: Iterable[dict[str, Any]]) -> Iterator[str]:
    for one in several:
        quotes = " ".join(f"<q>{escape(quote)}</q>" for quote in one["quotes"])
        where = one["field"].replace("_", " ")
        yield f'{quotes} <span class="rule">{escape(where)}, {escape(one["rule"])}</span>'


def _subscriptions(messages: dict[str, Any]) -> Iterator[str]:
    if not messages["each"]:
        return
    yield "<h2>Who would have heard more or less</h2>"
    yield '<table><tr><th>Subscription</th><th class="n">more</th><th class="n">fewer</th></tr>'
    for one in messages["each"]:
        yield (
            f"<tr><td>{one['subscription']} {escape(one['enterprise'])}, {escape(one['name'])}</td>"
            f'<td class="n">{one["more"]}</td><td class="n">{one["fewer"]}</td></tr>'
        )
    yield "</table>"
    if (rest := messages["subscriptions"] - len(messages["each"])) > 0:
        yield f"<p>… and {rest} more.</p>"
    for which, several in messages["examples"].items():
        if several:
            yield f"<h2>Messages {escape(which)}: {len(several)} examples</h2><table>"
            yield "<tr><th>To</th><th>Of</th></tr>"
            for one in several:
                yield (
                    f"<tr><td>{escape(one['enterprise'])}, {escape(one['name'])}</td>"
                    f"<td><b>{escape(one['symbol'])}</b> {escape(one['title'])}</td></tr>"
                )
            yield "</table>"


def _all(tallies: list[dict[str, Any]]) -> Iterator[str]:
    if not tallies:
        return
    yield "<h2>All values that differ</h2>"
    yield '<table><tr><th>Value</th><th class="n">gained</th><th class="n">lost</th>'
    yield '<th class="n">surer</th><th class="n">less sure</th></tr>'
    for one in tallies:
        cells = "".join(f'<td class="n">{one[column]}</td>' for column in ("gained", "lost", "raised", "lowered"))
        yield f"<tr><td>{escape(_name(one))}</td>{cells}</tr>"
    yield "</table>"


def _name(one: dict[str, Any]) -> str:
    return f"{one['facet']}: {one['value']}"


def _short(name: str) -> str:
    return name if len(name) <= 34 else f"{name[:33]}…"


def _right(one: dict[str, Any]) -> int:
    return int(one["gained"] + one["raised"])


def _size(one: dict[str, Any]) -> int:
    return int(one["gained"] + one["lost"] + one["raised"] + one["lowered"])
