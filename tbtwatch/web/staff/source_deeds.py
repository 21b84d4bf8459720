"""What is done with a source: what is held is decided, an address is tried."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from tbtwatch.pipeline.entry_text import EntryTextError
from tbtwatch.pipeline.held import decide
from tbtwatch.pipeline.oversight.board import Board
from tbtwatch.pipeline.trying import Trial, TryError, as_yaml, try_address
from tbtwatch.storage.held import HoldState
from tbtwatch.storage.people import Person, Role
from tbtwatch.web.accounts.forms import checked_form
from tbtwatch.web.accounts.who import staff
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import clean
from tbtwatch.web.staff import source_entry
from tbtwatch.web.staff.room import Call, NotDoneError, Room, on, reason_of, text_of
from tbtwatch.web.staff.source import LONGEST, source
from watcher.fetch import without_secrets
from watcher.text import one_line

PATIENCE: Final = 45.0  # seconds a trial may take
MOST_SHOWN: Final = 50
_DECISIONS: Final = {
    "release": (HoldState.RELEASED, "hold.released"),
    "digest": (HoldState.DIGEST, "hold.digested"),
    "discard": (HoldState.DISCARDED, "hold.discarded"),
}


def decide_hold(room: Room, kept: Board, call: Call, form: FormData) -> Response:
    """Held news is told, told in the next digest, or told to nobody."""
    name, number = str(call.visit.request.path_params["name"]), text_of(form, "hold", 18)
    if not any(one.config.name == name for one in room.desk.sources):
        raise no_such_page()
    try:
        decision = _DECISIONS.get(text_of(form, "decision", 20))
        reason = reason_of(form, call)
        if decision is None or not (number.isascii() and number.isdecimal()):
            raise NotDoneError(call.words("room.not_done", why=call.words("people.what")))
        with room.desk.storage.look() as tx:
            if int(number) not in {hold.id for hold in tx.holds.open_ones() if hold.source == name}:
                raise LookupError(f"nothing of {name} with the number {number} waits for a decision any more")
        # The alerts of what is told the service raises with its next round, as what a crash has left.
        decide(
            number,
            decision[0],
            by=call.by,
            by_person=call.person.id,
            reason=reason,
            storage=room.desk.storage,
            now=room.desk.clock(),
        )
    except LookupError as error:
        why = call.words("room.not_done", why=str(error.args[0]).rstrip("."))
        return source(room, kept, call, failed=why, status=409)
    except NotDoneError as error:
        return source(room, kept, call, failed=str(error), status=422)
    return on(call.path(f"sources/{name}?done={decision[1]}"))


class Trials:
    """One address at a time is tried, so that nobody makes this service ask others in a hurry."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._one = asyncio.Lock()

    async def answered(self, request: Request) -> Response:
        """Fetch what the form names, and show what it would give."""
        person = await asyncio.to_thread(staff, request, Role.SOURCE_KEEPER)
        form = await checked_form(request)
        given = form.get("text")
        text = given[: source_entry.LONGEST] if isinstance(given, str) else ""
        what, words = text_of(form, "address", 2000), self._room.site.visit(request, _language(request)).words
        trial, failed = None, ""
        if self._one.locked():
            failed = words("source.try.busy")
        else:
            async with self._one:
                try:
                    trial = await asyncio.wait_for(self._tried(what, text, person), PATIENCE)
                except (TryError, EntryTextError) as error:
                    failed = words("source.try.failed", why=clean(one_line(str(error), 600)))
                except TimeoutError:
                    failed = words("source.try.failed", why=words("source.try.slow", n=int(PATIENCE)))
        return await self._room.page(
            Role.SOURCE_KEEPER, lambda call: self._page(call, what, trial=trial, failed=failed)
        )(request)

    async def _tried(self, what: str, text: str, person: Person) -> Trial:
        """`text`: read it by this entry, which is not saved yet."""
        room, means = self._room, self._room.means
        assert means is not None, "without means there is no such address"
        entry: Mapping[str, Any] | None = None
        if text and means.watched is not None:
            known, entry = await asyncio.to_thread(source_entry.entry_to_try, text, what, means.watched)
            what = known.config.name
        else:
            known = next((one for one in room.desk.sources if one.config.name == what), None)
        await asyncio.to_thread(_write, what, person, room)
        async with means.fetcher() as fetcher:
            return await try_address(
                what,
                fetcher=fetcher,
                find=room.desk.names.markets.find,
                clock=room.desk.clock,
                source=known,
                entry=entry,
            )

    def _may_add(self, what: str, trial: Trial) -> bool:
        """Whether what was tried is no source yet, and can be made one here."""
        watched = self._room.means.watched if self._room.means else None
        return watched is not None and not {what, str(trial.entry.get("name"))} & watched.names

    def _page(self, call: Call, what: str, *, trial: Trial | None = None, failed: str = "") -> Response:
        shown = without_secrets(what) if "://" in what else clean(what)
        values: dict[str, Any] = {"kind": "", "notices": [], "missing": "", "warnings": [], "entry": "", "more": 0}
        if trial is not None:
            notices = trial.notices()
            values = {
                "kind": call.words("source.try.count", n=len(notices), kind=trial.kind),
                "notices": [
                    (
                        one["published"] or call.words("dash"),
                        clean(one_line(one["symbol"], 80)),
                        clean(one_line(one["title"], 300)),
                        one["language"],
                    )
                    for one in notices[:MOST_SHOWN]
                ],
                "missing": ", ".join(trial.missing()),
                "warnings": [clean(one_line(each, 600)) for each in trial.warnings],
                "entry": clean(as_yaml(trial.entry))[:LONGEST] if trial.entry else "",
                "more": max(0, len(notices) - MOST_SHOWN),
            }
        return self._room.show(
            call,
            "trial.html",
            status=422 if failed else 200,
            title=call.words("source.try.result", what=shown[:200]),
            what=what,
            whole=as_yaml(trial.entry) if trial is not None and trial.entry and self._may_add(what, trial) else "",
            failed=failed,
            tried=trial is not None,
            **values,
        )


def _language(request: Request) -> str:
    return str(request.path_params.get("language", ""))


def _write(what: str, person: Person, room: Room) -> None:
    shown = without_secrets(what) if "://" in what else what[:200]
    with room.desk.storage.begin() as tx:
        tx.audit.write(
            by=person.shown, person=person.id, deed="source.try", about=f"source {shown}", now=room.desk.clock()
        )
