"""The board of the sources: a strip for each."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from starlette.responses import Response

from tbtwatch.pipeline.oversight.board import Board, Mark, Strip
from tbtwatch.web.site import clean
from tbtwatch.web.staff.room import Call, Room
from tbtwatch.web.staff.strip import legend, strip
from watcher.health import State
from watcher.text import one_line

_NAME: Final = re.compile(r"[a-z0-9-]{1,80}")
#: Days shown, and how many sources fit on a page then.
RANGES: Final = {30: 15, 90: 5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A source on the board."""

    name: str
    title: str
    href: str
    state: str
    state_key: str
    since: str
    why: str
    drawn: Markup
    read: str
    held: int


def board(room: Room, kept: Board, call: Call) -> Response:
    """The page."""
    words, watched = call.words, room.means.watched if room.means else None
    if watched is not None:
        watched.refresh()
    days = 90 if call.asked.get("days") == "90" else 30
    strips = kept.strips(days)
    pages = max(1, -(-len(strips) // RANGES[days]))
    text = call.asked.get("page", "1")
    page = min(max(int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 1, 1), pages)
    shown = strips[(page - 1) * RANGES[days] : page * RANGES[days]]
    counts = Counter(one.health.state for one in strips)
    states = words("pause").join(
        words("board.one_state", n=number, state=words(f"state.{state.value}"))
        for state, number in sorted(counts.items(), key=lambda one: (not one[0].bad, -one[1]))
    )
    return room.show(
        call,
        "sources.html",
        title=words("board.title"),
        summary=words("board.count", n=len(strips), states=states) if strips else "",
        held=sum(bool(one.holds) for one in strips),
        ranges=[(words("board.days", n=n), call.path(f"sources?days={n}"), n == days) for n in RANGES],
        strip_title=words("board.strip", n=days),
        lines=[line(one, call) for one in shown],
        legend=legend(call.visit.words),
        pages=pages,
        page=page,
        before=call.path(f"sources?days={days}&page={page - 1}") if page > 1 else "",
        after=call.path(f"sources?days={days}&page={page + 1}") if page < pages else "",
        may_try=room.means is not None,
        add=call.path("sources/+new") if watched is not None else "",
        done=words("entry.ended", source=clean(ended)) if _NAME.fullmatch(ended := call.asked.get("ended", "")) else "",
    )


def line(one: Strip, call: Call) -> Line:
    """A source as it stands on the board."""
    words, resting = call.words, one.health.state is State.RESTING
    idle = resting and all(day.mark is Mark.NONE for day in one.days)
    return Line(
        name=one.name,
        title=clean(one.source.config.title or one.name),
        href=call.path(f"sources/{one.name}"),
        state=words(f"state.{one.health.state.value}"),
        state_key=one.health.state.value,
        since="" if resting else call.at(one.health.since),
        why=clean(one_line(words(f"cause.{one.health.cause}", **one.health.values), 400)),
        drawn=Markup() if idle else strip(one.days, call.visit.words, call.visit.dates),
        read=call.at(one.state.succeeded_at) or words("room.never"),
        held=len(one.holds),
    )
