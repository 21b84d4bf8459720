"""History is read for a range of days, beside the pages and one source at a time; a page shows how far it is.

What is left of a range stands in the database, as the command leaves it there: a restart of the service, a fault of the
publisher and a button break it off alike, and it goes on from there.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from threading import Lock
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.responses import Response

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.backfill import BackfillReport, backfill, can_be_asked, forget, left_of, remember
from tbtwatch.pipeline.backfill import Means as FillMeans
from tbtwatch.pipeline.history import HistoryError
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import clean
from tbtwatch.web.staff.room import Call, NotDoneError, Room, on, reason_of, text_of
from tbtwatch.web.staff.rules.work import Job, Progress, Work
from watcher.apart import Readers
from watcher.fetch import Fetcher
from watcher.slices import Slice, SliceError
from watcher.source import Source
from watcher.text import one_line

MOST_OPEN: Final = 20
_DONE: Final = ("fill.begun", "fill.stopping", "fill.forgotten")


@dataclass(slots=True)
class Filling:
    """A range of days that is being read, or was."""

    source: Source
    wanted: Slice
    by: str
    report: BackfillReport
    days: int = 0  #: so many of the range are read
    stopped: bool = False  #: by a person
    sentence: str = ""  #: why nothing was read at all
    stop: Callable[[], object] = field(default=lambda: None)


class Fillings:
    """One at a time, in a thread of its own."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.work = Work()
        self._lock = Lock()
        self._last: dict[str, Filling] = {}

    def page(self, call: Call) -> Response:
        """The form, what runs, and what was broken off."""
        return self._show(call, self._source(call))

    def part(self, call: Call) -> Response:
        """How far it is, alone, for a page that looks again by itself."""
        return self._show(call, self._source(call), template="filling_now.html")

    def begin(self, call: Call, form: FormData) -> Response:
        """A range of days is read, or what is left of it."""
        source, words = self._source(call), call.words
        asked = {name: text_of(form, name, 20) for name in ("since", "until")}
        try:
            wanted = _slice(asked["since"], asked["until"], call)
            reason = reason_of(form, call)
            if reason_rests := source.resting():
                raise NotDoneError(words("room.not_done", why=one_line(reason_rests, 300).rstrip(".")))
            if not self._begun(source, wanted, call):
                now = self.work.current
                busy = clean(now.name.partition(" ")[2]) if now is not None else words("dash")
                return self._show(call, source, status=409, failed=words("fill.busy", source=busy), **asked)
        except NotDoneError as error:
            kept = text_of(form, "reason", 500)
            return self._show(call, source, status=422, failed=str(error), reason=kept, **asked)
        self._write("source.backfill", source, wanted, reason, call)
        return on(call.path(f"sources/{source.config.name}/backfill?done=fill.begun"))

    def forget(self, call: Call, form: FormData) -> Response:
        """What is left of a range is not read."""
        source = self._source(call)
        name = source.config.name
        try:
            wanted = _slice(text_of(form, "since", 20), text_of(form, "until", 20), call)
            reason = reason_of(form, call)
            running = self._running(name)
            if running is not None and running.wanted == wanted:
                raise NotDoneError(call.words("fill.runs"))
        except NotDoneError as error:
            return self._show(call, source, status=422, failed=str(error))
        with call.desk.storage.begin() as tx:
            forget(name, wanted, tx)
        self._write("source.backfill.forget", source, wanted, reason, call)
        return on(call.path(f"sources/{name}/backfill?done=fill.forgotten"))

    def cancel(self, call: Call, form: FormData) -> Response:
        """What runs is broken off; what was read is kept."""
        source = self._source(call)
        running = self._running(source.config.name)
        try:
            reason = reason_of(form, call)
            if running is None:
                raise NotDoneError(call.words("fill.over"))
        except NotDoneError as error:
            return self._show(call, source, status=422, failed=str(error))
        running.stopped = True
        running.stop()
        self._write("source.backfill.stop", source, running.wanted, reason, call)
        return on(call.path(f"sources/{source.config.name}/backfill?done=fill.stopping"))

    def _begun(self, source: Source, wanted: Slice, call: Call) -> bool:
        name = source.config.name
        filling = Filling(source=source, wanted=wanted, by=call.by, report=BackfillReport(source=name))
        assert self._room.means is not None, "without means there is no such address"
        fetcher = self._room.means.fetcher

        def run(progress: Progress) -> None:
            with call.desk.storage.begin() as tx:
                remember(name, wanted, tx)
            _fill(filling, fetcher, call.desk, progress)

        with self._lock:
            job = self.work.begin(f"backfill {name}", run, by=call.by, now=call.desk.clock())
            if job is not None:
                self._last[name] = filling
        return job is not None

    def _running(self, name: str) -> Filling | None:
        job = self.work.last(f"backfill {name}")
        return self._last.get(name) if job is not None and job.running else None

    def _source(self, call: Call) -> Source:
        """The source of this address; to one that cannot be asked for days there is no page."""
        name = str(call.visit.request.path_params["name"])
        found = next((one for one in call.desk.sources if one.config.name == name), None)
        if found is None or self._room.means is None or not can_be_asked(found):
            raise no_such_page()
        return found

    def _write(self, deed: str, source: Source, wanted: Slice, reason: str, call: Call) -> None:
        with call.desk.storage.begin() as tx:
            tx.audit.write(
                by=call.by,
                person=call.person.id,
                deed=deed,
                about=f"source {source.config.name}",
                detail={"since": str(wanted.since), "until": str(wanted.until), "reason": reason},
                now=call.desk.clock(),
            )

    def _show(
        self, call: Call, source: Source, *, template: str = "filling.html", status: int = 200, **values: Any
    ) -> Response:
        name, words = source.config.name, call.words
        running = self._running(name)
        job, filling = self.work.last(f"backfill {name}"), self._last.get(name)
        with call.desk.storage.look() as tx:
            left = [one for one in left_of(name, tx) if running is None or one[0] != running.wanted]
        done = call.asked.get("done", "")
        return self._room.show(
            call,
            template,
            status=status,
            title=words("fill.title", source=clean(source.config.title or name)),
            name=name,
            now=_state(job, filling, call) if job is not None and filling is not None else None,
            left=[
                {
                    "since": str(wanted.since),
                    "until": str(wanted.until),
                    "line": words("fill.left", range=_range(wanted, call), days=days, of=wanted.days),
                }
                for wanted, days in left[:MOST_OPEN]
            ],
            done=words(done) if done in _DONE else "",
            **{"since": "", "until": str(call.visit.today), "reason": "", "today": str(call.visit.today), **values},
        )


def _fill(filling: Filling, fetcher: Callable[[], Fetcher], desk: Desk, progress: Progress) -> None:
    """In a thread and a loop of its own, so that the pages and the service go on."""

    def days(_: str, done: int, total: int | None) -> None:
        filling.days = done
        progress(done, total or filling.wanted.days)

    async def work() -> None:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert task is not None
        filling.stop = lambda: loop.call_soon_threadsafe(task.cancel)
        if filling.stopped:  # between the button and this line
            return
        readers = Readers()
        try:
            async with fetcher() as client:
                means = FillMeans(
                    fetcher=client,
                    storage=desk.storage,
                    rulebook=desk.rulebook,
                    clock=desk.clock,
                    readers=readers,
                    by=filling.by,
                )
                await backfill(filling.source, filling.wanted, means=means, progress=days, report=filling.report)
        finally:
            filling.stop = lambda: None
            await readers.close()

    try:
        asyncio.run(work())
    except HistoryError as error:
        filling.sentence = str(error)
    except asyncio.CancelledError:
        filling.stopped = True


def _state(job: Job, filling: Filling, call: Call) -> dict[str, Any]:
    """How far it is, in words and as a bar."""
    words, tally, total = call.words, filling.report.tally, filling.wanted.days
    if job.running:
        key = "fill.stopping" if filling.stopped else "fill.running"
    elif job.failed:
        key = "fill.fault"
    elif filling.sentence or filling.report.error:
        key = "fill.failed"
    else:
        key = "fill.stopped" if filling.stopped else "fill.ended"
    why = one_line(filling.sentence or filling.report.error, 600).rstrip(".")
    return {
        "running": job.running,
        "bad": key in ("fill.fault", "fill.failed"),
        "range": _range(filling.wanted, call),
        "said": words(key, why=clean(why), by=clean(filling.by), moment=call.at(job.began_at)),
        "days": filling.days,
        "total": total,
        "figure": words("fill.figure", days=filling.days, total=total, percent=100 * filling.days // total),
        "counts": words(
            "fill.counts",
            requests=filling.report.requests,
            n=len(tally.seen),
            new=len(tally.new),
            changed=len(tally.changed),
            unchanged=tally.unchanged,
            unreadable=tally.unreadable,
        ),
        "too_full": [str(day) for day in filling.report.too_full[:50]],
    }


def _range(wanted: Slice, call: Call) -> str:
    return str(call.words("fill.range", since=wanted.since, until=wanted.until))


def _slice(since: str, until: str, call: Call) -> Slice:
    """The range that was asked for. Raises NotDoneError."""
    try:
        wanted = Slice(since=date.fromisoformat(since), until=date.fromisoformat(until))
    except (ValueError, SliceError) as error:
        raise NotDoneError(call.words("fill.no_range")) from error
    if wanted.until > call.visit.today + timedelta(days=1):
        raise NotDoneError(call.words("fill.future"))
    return wanted
