"""A chart of what is gained and lost, side by side from the middle. Colours are classes of the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from tbtwatch.web.charts import WIDTH, cut, svg

_ROW, _LABEL, _SIDE = 26, 132, 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """What one value gains and loses."""

    label: str
    more: tuple[int, int]  #: gained, graded surer
    less: tuple[int, int]  #: lost, graded less sure
    said: str  #: the same in words


def balances(name: str, title: str, desc: str, rows: Sequence[Balance]) -> Markup:
    """A row for each, the first on top."""
    most = max((max(sum(row.more), sum(row.less)) for row in rows), default=0) or 1
    half = (WIDTH - _LABEL - 2 * _SIDE) / 2
    middle = _LABEL + _SIDE + half
    drawn = [Markup('<line class="axis" x1="{x}" x2="{x}" y1="0" y2="{y}"/>').format(x=middle, y=len(rows) * _ROW)]
    for number, row in enumerate(rows):
        top = number * _ROW + 5
        parts = [
            Markup("<title>{}: {}</title>").format(row.label, row.said),
            Markup('<text class="label" x="0" y="{}">{}</text>').format(top + 13, cut(row.label, 20)),
        ]
        for sign, values, names in ((1, row.more, ("came", "surer")), (-1, row.less, ("went", "less-sure"))):
            x = middle
            for value, called in zip(values, names, strict=True):
                length = half * value / most
                if value:
                    left = x if sign > 0 else x - max(length, 1.5)
                    parts.append(
                        Markup('<rect class="{}" x="{:.1f}" y="{}" width="{:.1f}" height="16"/>').format(
                            called, left, top, max(length, 1.5)
                        )
                    )
                x += sign * max(length, 1.5 if value else 0)
            if total := sum(values):
                parts.append(
                    Markup('<text class="value" x="{:.1f}" y="{}" text-anchor="{}">{}{:,}</text>').format(
                        x + sign * 4, top + 13, "start" if sign > 0 else "end", "+" if sign > 0 else "−", total
                    )
                )
        drawn.append(Markup("<g>{}</g>").format(Markup("").join(parts)))
    return svg(name, title, desc, max(_ROW, len(rows) * _ROW), drawn)
