"""Charts drawn here, as SVG without script or style of its own: colours are classes of the style sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 400
_ROW, _LABEL, _GAP = 24, 130, 46
_PLOT, _FOOT = 150, 34
_TILE, _ACROSS = 32, 12
STEPS = 4  #: shades of a map, besides none


@dataclass(frozen=True, slots=True)
class Bar:
    """A named number; `href`: where more is said of it."""

    label: str
    value: int
    href: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A number for each of the series, one above the other."""

    label: str
    values: tuple[int, ...]
    short: str = ""  #: below the column; empty: nothing


@dataclass(frozen=True, slots=True)
class Tile:
    """A square of a map."""

    code: str
    label: str
    value: int
    href: str


def bars(name: str, title: str, desc: str, rows: Sequence[Bar]) -> Markup:
    """Bars that lie, the first on top."""
    most = max((row.value for row in rows), default=0) or 1
    room = WIDTH - _LABEL - _GAP
    drawn: list[Markup] = []
    for number, row in enumerate(rows):
        y = number * _ROW
        length = max(2, round(room * row.value / most))
        bar = Markup(
            "<g><title>{label}: {value}</title>"
            '<text class="label" x="{x}" y="{middle}" text-anchor="end">{short}</text>'
            '<rect class="bar" x="{start}" y="{top}" width="{length}" height="14" rx="2"/>'
            '<text class="value" x="{end}" y="{middle}">{value}</text></g>'
        ).format(
            label=row.label, value=f"{row.value:,}", x=_LABEL - 8, middle=y + 16, short=cut(row.label, 20),
            start=_LABEL, top=y + 5, length=length, end=_LABEL + length + 6,
        )  # fmt: skip
        drawn.append(Markup('<a href="{}">{}</a>').format(row.href, bar) if row.href else bar)
    return svg(name, title, desc, max(_ROW, len(rows) * _ROW), drawn)


def columns(name: str, title: str, desc: str, columns: Sequence[Column]) -> Markup:
    """Columns that stand, in the order of time."""
    most = max((sum(column.values) for column in columns), default=0) or 1
    step = (WIDTH - 30) / max(1, len(columns))
    drawn: list[Markup] = [
        Markup('<line class="axis" x1="28" x2="{w}" y1="{y}" y2="{y}"/>').format(w=WIDTH, y=_PLOT),
        Markup('<text class="value" x="24" y="14" text-anchor="end">{}</text>').format(f"{most:,}"),
        Markup('<text class="value" x="24" y="{}" text-anchor="end">0</text>').format(_PLOT),
    ]
    for number, column in enumerate(columns):
        x, y = 30 + number * step, float(_PLOT)
        parts = [Markup("<title>{}: {}</title>").format(column.label, f"{sum(column.values):,}")]
        for at, value in enumerate(column.values):
            height = (_PLOT - 8) * value / most
            y -= height
            if value:
                parts.append(
                    Markup('<rect class="series-{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>').format(
                        at, x + 2, y, step - 4, height
                    )
                )
        if column.short:
            place = Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>')
            parts.append(place.format(x + step / 2, _PLOT + 18, column.short))
        drawn.append(Markup("<g>{}</g>").format(Markup("").join(parts)))
    return svg(name, title, desc, _PLOT + _FOOT, drawn)


def tiles(name: str, title: str, desc: str, regions: Sequence[tuple[str, Sequence[Tile]]]) -> Markup:
    """Squares by region, darker by number: in steps that grow fourfold, so that small numbers are seen beside large."""
    most = max((tile.value for _, region in regions for tile in region), default=0)
    drawn: list[Markup] = []
    y = 0
    for label, region in regions:
        drawn.append(Markup('<text class="heading" x="2" y="{}">{}</text>').format(y + 16, label))
        y += 24
        for number, tile in enumerate(region):
            left, top = number % _ACROSS * (_TILE + 1) + 2, y + number // _ACROSS * (_TILE + 1)
            drawn.append(
                Markup(
                    '<a href="{href}"><title>{label}: {value}</title>'
                    '<rect class="tile shade-{shade}" x="{x}" y="{y}" width="{size}" height="{size}" rx="3"/>'
                    '<text class="code on-{shade}" x="{mid}" y="{up}" text-anchor="middle">{code}</text>'
                    '<text class="count on-{shade}" x="{mid}" y="{down}" text-anchor="middle">{shown}</text></a>'
                ).format(
                    href=tile.href, label=tile.label, value=f"{tile.value:,}", shade=_shade(tile.value, most), x=left,
                    y=top, size=_TILE, mid=left + _TILE / 2, up=top + 14, down=top + 26, code=tile.code[:4],
                    shown=f"{tile.value}" if tile.value else "",
                )
            )  # fmt: skip
        y += -(-len(region) // _ACROSS) * (_TILE + 1) + 8
    return svg(name, title, desc, y, drawn)


def _shade(value: int, most: int) -> int:
    if not value:
        return 0
    shade, limit = STEPS, most
    while shade > 1 and value * 4 <= limit:
        shade, limit = shade - 1, limit // 4
    return shade


def svg(name: str, title: str, desc: str, height: int, drawn: Sequence[Markup]) -> Markup:
    """A drawing with its name and what it shows, for those who hear it."""
    return Markup(
        '<svg class="chart" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="group" '
        'aria-labelledby="{name}-t" aria-describedby="{name}-d">'
        '<title id="{name}-t">{title}</title><desc id="{name}-d">{desc}</desc>{drawn}</svg>'
    ).format(w=WIDTH, h=height, name=name, title=title, desc=desc, drawn=Markup("").join(drawn))


def cut(text: str, room: int) -> str:
    """A label that fits; a Chinese character takes the room of two letters."""
    taken, kept = 0, ""
    for each in text:
        taken += 2 if ord(each) > 0x2E7F else 1
        if taken > room:
            return f"{kept.rstrip()}…"
        kept += each
    return kept
