"""A score as a page: figures, which chapters were taken for which, and the rows that went wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tbtwatch.labelled.scoring import Score
from tbtwatch.reference import Titles

_SHOWN = 100  #: rows that went wrong, the surest mistakes first


def page(score: Score, titles: Titles, *, heading: str, rules: str) -> str:
    """The page as HTML, complete in itself: no script, nothing fetched."""
    template = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template("page.html.j2")
    plain = score.as_plain()
    counts = score.confusion.counts
    shown = sorted({code for pair in counts for code in pair if code})
    most = max((count for (known, given), count in counts.items() if known != given), default=1)
    worst = sorted(score.worst, key=lambda case: (-(case.guesses[0][1] if case.guesses else 0), case.name))
    return template.render(
        heading=heading,
        rules=rules,
        plain=plain,
        chapters=shown,
        counts=counts,
        most=most,
        title=lambda code: titles.get(code, {}).get("en", ""),
        pairs=score.confusion.worst(),
        worst=worst[:_SHOWN],
        wrong=len(worst),
        percent=_percent,
        questions=_NAMES,
    )


_NAMES: dict[str, str] = {
    "hs_chapter": "HS chapter",
    "hs_heading": "HS heading",
    "ics_field": "ICS field",
    "areas_by_code": "Product areas, as the stated codes say",
    "areas_by_hand": "Product areas, as labelled by hand",
    "market": "Market",
    "stage": "Stage",
    "kind": "Kind",
}


def _percent(figures: dict[str, Any], name: str) -> str:
    value = figures.get(name)
    return "" if value is None else f"{value:.3f}"
