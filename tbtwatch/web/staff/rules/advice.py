"""What staff might write rules for, and what they might decide first. Both read everything, so they are made beside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from rules.rule import RuleError
from tbtwatch.pipeline.queue import queue as queued
from tbtwatch.pipeline.suggest import suggest as suggested
from tbtwatch.web.staff.rules.room import Call
from tbtwatch.web.staff.rules.work import Progress

SUGGEST: Final = "suggest"
QUEUE: Final = "queue"
MOST: Final = 30


def suggestions(call: Call) -> Response:
    """Words that might stand in rules, rules that match nothing, rules that always agree: as last read."""
    return _as_last_read(call, SUGGEST, "suggestions", most=MOST)


def suggest(call: Call) -> Response:
    """Read everything for it."""
    desk = call.desk
    return _begin(call, SUGGEST, lambda progress: suggested(desk=desk, most=MOST, progress=progress), "suggestions")


def queue(call: Call) -> Response:
    """Measures in no area, or doubtful, by who waits and how soon it matters: as last read."""
    return _as_last_read(call, QUEUE, "queue", measure=call.visit.measure)


def line_up(call: Call) -> Response:
    """Read everything for it."""
    desk, today = call.desk, call.visit.today
    return _begin(call, QUEUE, lambda progress: queued(desk=desk, today=today, limit=MOST, progress=progress), "queue")


def _as_last_read(call: Call, name: str, page: str, **values: Any) -> Response:
    job = call.room.work.last(name)
    title = call.visit.words(f"rules.{page}")
    return call.render(f"{page}.html", title=title, last=job, found=job.result if job else None, **values)


def _begin(call: Call, name: str, run: Callable[[Progress], Any], page: str) -> Response:
    job = call.room.work.begin(name, run, by=call.by, now=call.now)
    if job is None:
        raise RuleError(call.visit.words("rules.busy"))
    call.note(f"rule.{name}", "rules")
    return call.on(page)
