"""One source: how it is, its settings, its polls, what came as it came, and the decisions that wait."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import SecretStr
from starlette.responses import Response

from tbtwatch.pipeline.backfill import can_be_asked
from tbtwatch.pipeline.oversight.board import Board, Strip
from tbtwatch.pipeline.source_words import DISABLE, ENABLE
from tbtwatch.storage.board import Received, Unreadable
from tbtwatch.storage.documents import TriedDocument
from tbtwatch.storage.health import Gap
from tbtwatch.storage.held import Hold
from tbtwatch.storage.source_words import SourceWord
from tbtwatch.storage.sources import Poll
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import clean
from tbtwatch.web.staff.room import Call, Room
from tbtwatch.web.staff.sources import line
from tbtwatch.web.staff.strip import cell
from watcher.fetch import without_secrets
from watcher.text import one_line

POLLS, RECEIVED, UNREADABLE, DOCUMENTS, GAPS = 20, 5, 5, 10, 20
LONGEST: Final = 4000  # characters of a document shown
_SECRET: Final = re.compile(r"key|token|secret|password|auth|cookie|credential", re.IGNORECASE)
_MASK: Final = "***"
_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]{1,20}://\S+", re.IGNORECASE)
_DONE: Final = ("hold.released", "hold.digested", "hold.discarded", "entry.switched.on", "entry.switched.off")


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """Something that came, as text."""

    heading: str
    moment: str
    text: str
    cut: bool
    note: str = ""
    symbols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """News that waits for a decision."""

    id: int
    line: str
    first: list[tuple[str, str, str]]  #: symbol, title, where it is read


def source(room: Room, kept: Board, call: Call, *, failed: str = "", done: str = "", status: int = 200) -> Response:
    """The page. To a name that no source has there is no page."""
    name = str(call.visit.request.path_params["name"])
    watched = room.means.watched if room.means else None
    if watched is not None:
        watched.refresh()
    found = kept.strips(90, [name])
    if not found:
        raise no_such_page()
    one, words = found[0], call.words
    with room.desk.storage.look() as tx:
        polls, gaps = tx.sources.polls(name, limit=POLLS), tx.health.gaps(name, limit=GAPS)
        received = tx.board.received(name, limit=RECEIVED)
        unreadable = tx.board.unreadable(name, limit=UNREADABLE)
        documents = tx.documents.of_source(name, limit=DOCUMENTS)
        words_of = tx.source_words.history(name)
        said = {word.settings_version: word.number for word in reversed(words_of)}
        holds = []
        for hold in one.holds:
            measures = [tx.measures.get(id_) for id_ in tx.holds.measures(hold.id)[:5]]
            holds.append(
                _held(
                    hold, [(each.threads[0], each.facts.title or each.facts.content_summary) for each in measures], call
                )
            )
    return room.show(
        call,
        "source.html",
        status=status,
        title=clean(one.source.config.title or name),
        source=line(one, call),
        failed=failed,
        done=done or _done(call),
        holds=holds,
        facts=list(_facts(one, call)),
        settings=list(_settings(one)),
        switch=_switch(one, words_of, call) if watched is not None else None,
        days=[
            (call.visit.dates.near(day.day), words(f"mark.{day.mark.value}"), day, cell(day, words, call.visit.dates))
            for day in reversed(one.days)
            if day.polls or day.mark.value == "unasked"
        ],
        polls=[_poll(poll, call, said) for poll in polls],
        received=[_received(each, call) for each in received],
        unreadable=[_unreadable(each, call) for each in unreadable],
        documents=[_document(each, call) for each in documents],
        gaps=[_gap(gap, call) for gap in gaps],
        may_try=room.means is not None,
        may_fill=room.means is not None and can_be_asked(one.source),
    )


def _done(call: Call) -> str:
    said = call.asked.get("done", "")
    return str(call.words(said)) if said in _DONE else ""


def _held(hold: Hold, first: list[tuple[str, str]], call: Call) -> Held:
    return Held(
        id=hold.id,
        line=call.words(
            "hold.line", moment=call.at(hold.held_at), new=hold.notices, changed=hold.changed, allowed=hold.allowed
        ),
        first=[(clean(symbol), clean(title)[:200], call.visit.measure(symbol)) for symbol, title in first],
    )


def _facts(one: Strip, call: Call) -> Iterator[tuple[str, str]]:
    words, config, state = call.words, one.source.config, one.state
    yield words("board.read"), call.at(state.succeeded_at) or words("room.never")
    if state.next_poll_at and one.source.resting() is None and config.enabled:
        yield words("source.next"), call.at(state.next_poll_at)
    if config.expected_per_week is not None:
        yield words("source.expected"), f"{config.expected_per_week:g}"


def _settings(one: Strip) -> Iterator[tuple[str, str]]:
    """What stands in sources.yaml, without what is secret."""
    for name in type(one.source.config).model_fields:
        value = getattr(one.source.config, name)
        if value is None or value in ("", (), {}):
            continue
        yield name, shown(name, value)


def shown(name: str, value: Any) -> str:
    """A setting as text, masked if it is secret or holds something secret."""
    if isinstance(value, SecretStr) or (_SECRET.search(name) and not isinstance(value, (bool, int))):
        return _MASK
    if isinstance(value, dict):
        return "; ".join(f"{key}: {shown(str(key), each)}" for key, each in value.items())[:LONGEST]
    if isinstance(value, (list, tuple, frozenset, set)):
        return ", ".join(shown(name, each) for each in value)[:LONGEST]
    return clean(_ADDRESS.sub(lambda found: without_secrets(found[0]), str(value)))[:LONGEST]


def _switch(one: Strip, history: Sequence[SourceWord], call: Call) -> dict[str, Any]:
    """Whether it is asked, by whose word, and what may be done about it. `history`: the newest word first."""
    words, now = call.words, next(iter(history), None)
    off = not one.source.config.enabled or (now is not None and now.enabled is False)
    resting = one.source.resting()
    said = ""
    if now is not None and now.enabled is not None:
        # Later words kept to what was said of it.
        by = next((word for word in history if word.deed in (ENABLE, DISABLE)), now)
        said = words(
            "entry.on.by" if now.enabled else "entry.off.by",
            moment=call.at(by.made_at),
            by=clean(by.made_by),
            reason=clean(by.reason),
        )
    return {
        "off": off,
        "said": said,
        "rests": words("entry.rests", why=clean(one_line(resting, 400))) if resting and not off else "",
        "seen": now.number if now is not None else 0,
    }


def _poll(poll: Poll, call: Call, said: Mapping[str, int]) -> dict[str, Any]:
    version = poll.settings_version
    return {
        "settings": call.words("entry.by.number", n=said[version]) if version in said else version[:6],
        "began": call.at(poll.started_at),
        "took": call.words("source.seconds", n=f"{(poll.ended_at - poll.started_at).total_seconds():.1f}"),
        "status": poll.status,
        "good": poll.status in ("ok", "unchanged"),
        "http": poll.http_status or "",
        "bytes": f"{poll.bytes:,}",
        "entries": poll.entries,
        "new": poll.new,
        "changed": poll.changed,
        "why": clean(poll.error or poll.cause)[:600],
    }


def _received(one: Received, call: Call) -> Raw:
    text = json.dumps(_said(one.value), ensure_ascii=False, indent=1, sort_keys=False)
    symbols = (
        tuple(clean(str(each)) for each in one.value.get("symbols", ())[:3]) if isinstance(one.value, dict) else ()
    )
    return _raw(one.entry, call.at(one.seen_at), text, call, symbols=symbols)


def _said(value: Any) -> Any:
    """What a notice says, without what it does not."""
    if not isinstance(value, dict):
        return value
    said = {name: _said(each) for name, each in value.items()}
    return {name: each for name, each in said.items() if each not in (None, "", [], {}, "unknown")}


def _unreadable(one: Unreadable, call: Call) -> Raw:
    note = clean(one.problem)[:600]
    if one.read_at is not None:
        note = f"{note} ({call.words('source.unreadable.read')})"
    return _raw(one.entry, call.at(one.last_seen_at), one.raw, call, note=note)


def _raw(entry: str, moment: str, text: str, call: Call, *, note: str = "", symbols: tuple[str, ...] = ()) -> Raw:
    return Raw(
        heading=call.words("source.entry", entry=clean(without_secrets(entry) if "://" in entry else entry)[:200]),
        moment=moment,
        text=clean(text[:LONGEST]),
        cut=len(text) > LONGEST,
        note=note,
        symbols=symbols,
    )


def _document(one: TriedDocument, call: Call) -> dict[str, str]:
    return {
        "moment": call.at(one.tried_at),
        "url": without_secrets(one.url),
        "pages": call.words("source.linked.pages", n=one.pages_read, all=one.pages) if one.pages else "",
        "problem": clean(one.problem)[:400],
        "text": clean(one.text[:LONGEST]),
    }


def _gap(gap: Gap, call: Call) -> str:
    return str(
        call.words(
            "source.gaps.line",
            since=call.at(gap.since),
            until=call.at(gap.closed_at) or call.words("source.gaps.now"),
            late=gap.found_late,
            told=gap.told,
        )
    )
