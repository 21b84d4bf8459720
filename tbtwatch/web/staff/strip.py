"""A source's days as a strip of cells, as SVG without style of its own: colours are classes of the style sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from notifiers.dates import Dates
from tbtwatch.pipeline.oversight.board import Day, Mark
from tbtwatch.web.words import PageWords

_CELL, _HEIGHT = 10, 24
#: Marks that are told apart without colour: a bar at the head, in the middle or at the foot, a cross.
_SIGNS = {
    Mark.NEWS: Markup('<path class="on" d="M{a} 4h6"/>'),
    Mark.PARTLY: Markup('<path d="M{a} 20h6"/>'),
    Mark.UNREADABLE: Markup('<path class="on" d="M{a} 8l6 8m0-8l-6 8"/>'),
    Mark.UNREACHED: Markup('<path class="on" d="M{a} 12h6"/>'),
    Mark.GONE: Markup('<path class="on" d="M{a} 8l6 8m0-8l-6 8"/>'),
    Mark.SILENT: Markup('<path d="M{a} 18h6"/>'),
    Mark.UNASKED: Markup('<path d="M{a} 12h6"/>'),
}
_HEAD = Markup('<svg class="strip" viewBox="0 0 {w} {h}" preserveAspectRatio="none" role="img" aria-label="{label}">')


def strip(days: Sequence[Day], words: PageWords, dates: Dates) -> Markup:
    """The days, the oldest on the left; each cell says its day and what happened, the whole says the sum."""
    drawn = [_HEAD.format(w=len(days) * _CELL, h=_HEIGHT, label=in_words(days, words))]
    for number, day in enumerate(days):
        x = number * _CELL
        sign = _SIGNS.get(day.mark, Markup()).format(a=x + 2)
        drawn.append(
            Markup('<rect class="{mark}" x="{x}" width="9" height="24"><title>{said}</title></rect>{sign}').format(
                mark=day.mark.value, said=cell(day, words, dates), x=x, sign=sign
            )
        )
    drawn.append(Markup("</svg>"))
    return Markup("").join(drawn)


def cell(day: Day, words: PageWords, dates: Dates) -> str:
    """A day in words: "3 March 2026: some polls failed; 24 polls, 3 failed, 1 new"."""
    what = words(f"mark.{day.mark.value}")
    if day.polls:
        what = words("board.cell.polls", what=what, n=day.polls)
        if day.failed:
            what = words("board.cell.failed", what=what, n=day.failed)
        if day.new:
            what = words("board.cell.new", what=what, n=day.new)
    return words("board.cell", day=dates.near(day.day), what=what)


def in_words(days: Sequence[Day], words: PageWords) -> str:
    """The strip for those who do not see it: on how many days what happened."""
    counts = Counter(day.mark for day in days)
    said = [words("board.sum", n=counts[mark], what=words(f"mark.{mark.value}")) for mark in Mark if counts[mark]]
    return words("board.cell", day=words("board.strip", n=len(days)), what=words("semicolon").join(said))


def legend(words: PageWords) -> list[tuple[Markup, str]]:
    """Each mark with what it says."""
    found = []
    for mark in Mark:
        sign = _SIGNS.get(mark, Markup()).format(a=2)
        drawn = Markup(
            '<svg class="strip one" viewBox="0 0 10 24" aria-hidden="true">'
            '<rect class="{mark}" width="9" height="24"/>{sign}</svg>'
        ).format(mark=mark.value, sign=sign)
        found.append((drawn, words(f"mark.{mark.value}")))
    return found
