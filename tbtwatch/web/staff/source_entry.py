"""How a source is set up: its entry as text, compared before it is saved, and who changed what."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from typing import Any, Final

from starlette.datastructures import FormData
from starlette.responses import Response

from tbtwatch.pipeline.entry_text import EntryTextError, read_entry
from tbtwatch.pipeline.oversight.board import Board
from tbtwatch.pipeline.source_words import (
    OvertakenError,
    SourceWordError,
    Speaker,
    checked,
    describe,
    new_name,
    restore,
    switch,
)
from tbtwatch.pipeline.watched import Watched
from tbtwatch.storage.source_words import SourceWord
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import clean
from tbtwatch.web.staff.room import Call, NotDoneError, Room, on, reason_of, text_of
from tbtwatch.web.staff.source import source
from watcher.text import one_line

NEW: Final = "+new"  #: in the address; no source can be called so
LONGEST: Final = 40_000  # characters of a text that are kept as they were typed; what is too long is said so
VERSIONS: Final = 100
_DONE: Final = ("entry.saved", "entry.restored")


def page(room: Room, call: Call) -> Response:
    """The entry that counts, to be changed, and its history."""
    name, watched = _name(room, call)
    done = call.asked.get("done", "")
    return _show(room, call, name, text=watched.text(name), done=call.words(done) if done in _DONE else "")


def new_page(room: Room, call: Call) -> Response:
    """An empty one."""
    _watched(room)
    return _show(room, call, "", text="")


def save(room: Room, call: Call, form: FormData) -> Response:
    """The text is checked and compared, and saved if it was compared before."""
    name, watched = _name(room, call)
    return _saved(room, call, form, name, watched)


def add(room: Room, call: Call, form: FormData) -> Response:
    """The same for a source that is not there yet."""
    return _saved(room, call, form, "", _watched(room))


def _saved(room: Room, call: Call, form: FormData, name: str, watched: Watched) -> Response:
    given = form.get("text")
    text = given.replace("\r\n", "\n")[:LONGEST] if isinstance(given, str) else ""
    kept: dict[str, Any] = {"text": text, "reason": text_of(form, "reason", 500)}
    words = call.words
    try:
        own = name or new_name(text, watched)
        checked(text, name=own, watched=watched)
        if text_of(form, "compared", 64) != _mark(text) or text_of(form, "deed", 10) != "save":
            return _show(room, call, name, **kept, compared=True)
        speaker = _speaker(call, reason_of(form, call), form)
        word = describe(text, name=name, speaker=speaker, watched=watched, storage=room.desk.storage)
    except EntryTextError as error:
        return _show(room, call, name, **kept, mistakes=error.sentences, failed=words("entry.wrong"), status=422)
    except NotDoneError as error:
        return _show(room, call, name, **kept, compared=True, unreasoned=str(error), failed=str(error), status=422)
    except OvertakenError:
        return _show(room, call, name, **kept, compared=True, failed=_who_was_quicker(name, call, watched), status=409)
    except SourceWordError:
        return _show(room, call, name, **kept, failed=words("entry.same"), status=409)
    return on(call.path(f"sources/{word.source}/entry?done=entry.saved"))


def switched(room: Room, kept: Board, call: Call, form: FormData) -> Response:
    """A source is switched on or off."""
    name, watched = _name(room, call)
    to = text_of(form, "to", 5)
    try:
        reason = reason_of(form, call)
        if to not in ("on", "off"):
            raise NotDoneError(call.words("room.not_done", why=call.words("people.what")))
        switch(name, on=to == "on", speaker=_speaker(call, reason, form), watched=watched, storage=room.desk.storage)
    except OvertakenError:
        return source(room, kept, call, failed=_who_was_quicker(name, call, watched), status=409)
    except (EntryTextError, SourceWordError) as error:
        why = call.words("room.not_done", why=one_line(str(error), 600).rstrip("."))
        return source(room, kept, call, failed=why, status=409)
    except NotDoneError as error:
        return source(room, kept, call, failed=str(error), status=422)
    return on(call.path(f"sources/{name}?done=entry.switched.{to}"))


def restored(room: Room, call: Call, form: FormData) -> Response:
    """A source is set up as by an earlier word, or as the files have it."""
    name, watched = _name(room, call)
    number = text_of(form, "number", 9)
    kept: dict[str, Any] = {"text": watched.text(name), "restoring": number, "restore_reason": text_of(form, "reason")}
    try:
        reason = reason_of(form, call)
        if not (number.isascii() and number.isdecimal()):
            raise NotDoneError(call.words("room.not_done", why=call.words("people.what")))
        restore(name, int(number), speaker=_speaker(call, reason, form), watched=watched, storage=room.desk.storage)
    except OvertakenError:
        return _show(room, call, name, **kept, failed=_who_was_quicker(name, call, watched), status=409)
    except EntryTextError as error:
        return _show(room, call, name, **kept, mistakes=error.sentences, failed=call.words("entry.wrong"), status=409)
    except SourceWordError:
        return _show(room, call, name, **kept, failed=call.words("entry.same"), status=409)
    except NotDoneError as error:
        return _show(room, call, name, **kept, failed=str(error), status=422)
    if name not in watched.names:
        return on(call.path("sources?ended=" + name))
    return on(call.path(f"sources/{name}/entry?done=entry.restored"))


def _show(
    room: Room,
    call: Call,
    name: str,
    *,
    text: str,
    status: int = 200,
    reason: str = "",
    restore_reason: str = "",
    restoring: str = "",
    compared: bool = False,
    unreasoned: str = "",
    mistakes: tuple[str, ...] = (),
    **values: Any,
) -> Response:
    watched, words = _watched(room), call.words
    found = watched.find(name) if name else None
    called = clean(found.config.title or name) if found else name
    word, history = watched.word(name), []
    if name:
        with room.desk.storage.look() as tx:
            history = tx.source_words.history(name, limit=VERSIONS)
    lines = _difference(watched.text(name) if name else "", text) if compared else []
    return room.show(
        call,
        "entry.html",
        status=status,
        title=words("entry.title", source=called) if name else words("entry.new"),
        name=name,
        action=call.path(f"sources/{name or NEW}/entry"),
        text=text,
        reason=reason,
        restore_reason=restore_reason,
        seen=history[0].number if history else 0,
        compared=_mark(text) if compared else "",
        lines=lines,
        differs=any(kind != "same" for kind, _ in lines) or (compared and watched.overtaken(name)),
        unreasoned=unreasoned,
        mistakes=[clean(one_line(each, 600)) for each in mistakes],
        problem=clean(watched.problems.get(name, "")),
        overtaken=_difference(word.base, watched.in_files(name)) if word and watched.overtaken(name) else [],
        in_files=bool(name and watched.in_files(name)),
        history=[_line(each, call) for each in history],
        choices=[
            (
                each.number,
                words("entry.restore.one", n=each.number, moment=call.at(each.made_at), by=clean(each.made_by)),
                str(each.number) == restoring,
            )
            for each in history
            if each.entry
        ],
        may_try=room.means is not None,
        **values,
    )


def _line(word: SourceWord, call: Call) -> dict[str, Any]:
    return {
        "number": word.number,
        "when": call.at(word.made_at),
        "what": call.words(f"entry.deed.{word.deed}"),
        "by": clean(word.made_by),
        "why": clean(word.reason),
        "version": word.settings_version,
        "entry": clean(word.entry) if word.deed in ("describe", "restore") else "",
    }


def _difference(old: str, new: str) -> list[tuple[str, str]]:
    """The lines of both texts: which went, which came, and those around them."""
    return list(_lines(old, new))


def _lines(old: str, new: str) -> Iterator[tuple[str, str]]:
    kinds = {"-": "removed", "+": "added", " ": "same"}
    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), n=3, lineterm=""):
        if line.startswith(("---", "+++")) and not line[3:].strip():
            continue
        if line.startswith("@@"):
            yield "skipped", "…"
        else:
            yield kinds[line[:1]], clean(line[1:])


def _mark(text: str) -> str:
    """Of a text that was compared: only that one is saved."""
    return hashlib.sha256(text.strip().encode("utf-8", "replace")).hexdigest()


def _speaker(call: Call, reason: str, form: FormData) -> Speaker:
    seen = text_of(form, "seen", 9)
    return Speaker(
        by=call.by,
        person=call.person.id,
        reason=reason,
        now=call.desk.clock(),
        seen=int(seen) if seen.isascii() and seen.isdecimal() else None,
    )


def _who_was_quicker(name: str, call: Call, watched: Watched) -> str:
    watched.refresh()
    word = watched.word(name)
    return str(call.words("entry.again", by=clean(word.made_by) if word else call.words("dash")))


def _watched(room: Room) -> Watched:
    """The sources, with what others said of them. Where none are watched there is no such page."""
    if room.means is None or room.means.watched is None:
        raise no_such_page()
    room.means.watched.refresh()
    return room.means.watched


def _name(room: Room, call: Call) -> tuple[str, Watched]:
    """The source of this address."""
    watched, name = _watched(room), str(call.visit.request.path_params["name"])
    if name not in watched.names and name not in watched.problems:
        raise no_such_page()
    return name, watched


def entry_to_try(text: str, name: str, watched: Watched) -> tuple[Any, dict[str, Any]]:
    """The source that a text describes, on whatever its switch says, and its entry without what is secret.

    Raises EntryTextError.
    """
    own = name if name in watched.names else new_name(text, watched)
    checked(text, name=own, watched=watched)
    return watched.as_said(own, enabled=True, entry=text), read_entry(text)
