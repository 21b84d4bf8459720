"""What a reader is told who had asked to be left alone: in the first message after, before anything else."""

from __future__ import annotations

from collections.abc import Iterable

from notifiers.dates import Dates
from notifiers.message import PauseNote
from watcher.text import one_line

_LONGEST_NAME, _LONGEST_WHY = 80, 160


def pause_remarks(pauses: Iterable[PauseNote], dates: Dates) -> tuple[str, ...]:
    """A sentence for each time of silence that is over."""
    return tuple(_remark(one, dates) for one in pauses)


def _remark(pause: PauseNote, dates: Dates) -> str:
    words = dates.words
    if pause.confirmed:
        said = words("pause.confirmed", since=dates.near(pause.since), until=dates.near(pause.until))
        return said + words("pause.news", n=pause.news)
    said = words(
        "pause.one" if pause.symbol else "pause.all",
        symbol=one_line(pause.symbol, _LONGEST_NAME),
        name=one_line(pause.name, _LONGEST_NAME),
        since=dates.near(pause.since),
        until=dates.near(pause.until),
        by=one_line(pause.by, _LONGEST_NAME),
    )
    why = words("pause.why", why=one_line(pause.why, _LONGEST_WHY)) if pause.why.strip() else ""
    came = words("pause.news", n=pause.news) if pause.news else words("pause.no_news")
    return said + why + came + (words("pause.over", n=pause.over) if pause.over else "")
