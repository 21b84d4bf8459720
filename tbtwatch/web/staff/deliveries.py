"""Messages: found, looked at as they were sent, sent again, cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.responses import Response

from notifiers.outcome import State
from notifiers.proof_words import either
from tbtwatch.pipeline.oversight.letters import BLOT, may_be_shown, without_keys
from tbtwatch.pipeline.oversight.second_try import Hindrance, SecondTryError, cancel, one_try_only, possible, send_again
from tbtwatch.pipeline.symbols import Unknown, find
from tbtwatch.storage.correspondence import Letter
from tbtwatch.storage.outbox import Delivery
from tbtwatch.web import headers
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import clean
from tbtwatch.web.staff.room import Call, NotDoneError, Room, on, reason_of

ON_A_PAGE: Final = 50
ADDRESSES: Final = 200  # searched at most, if a part of an address is given
FAILURE_DAYS: Final = 7
KINDS: Final = (
    *("alert", "digest", "reminder", "starter", "burst", "gap", "correction", "reinstated"),
    *("notice", "question", "sign_in", "resend", "staff"),
)
_UNDER_WAY: Final = (State.PENDING, State.SENDING)
#: Of the page that holds the message: the same as of all pages, and a frame of our own in it.
POLICY: Final = headers.PAGE["Content-Security-Policy"] + "; frame-src 'self'"
#: Of the message itself: it is shown and does nothing, whatever stands in it.
LETTER: Final = {
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'",
    "X-Frame-Options": "SAMEORIGIN",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A message in the list."""

    id: int
    href: str
    subject: str
    kind: str
    channel: str
    target: str
    state: str
    state_key: str
    written: str
    answer: str


def row(one: Delivery, call: Call) -> Row:
    """A message as it stands in a list."""
    return Row(
        id=one.id,
        href=call.path(f"deliveries/{one.id}"),
        subject=clean(one.subject)[:200] or call.words("post.none_sent"),
        kind=kind_in_words(one.kind, call),
        channel=one.channel,
        target=clean(one.target)[:200],
        state=call.words(f"post.state.{one.state.value}"),
        state_key=one.state.value,
        written=call.at(one.created_at),
        answer=clean(one.detail)[:200],
    )


def kind_in_words(kind: str, call: Call) -> str:
    """What a kind of message is called; one without a name by its own."""
    return str(call.words(f"post.kind.{kind}")) if kind in KINDS else clean(kind)


def deliveries(room: Room, call: Call, *, done: str = "") -> Response:
    """The search, and what the channels are like."""
    words, asked = call.words, call.asked
    text, symbol = asked.get("q", "").strip()[:200], asked.get("symbol", "").strip()[:200]
    state = State(asked["state"]) if asked.get("state") in list(State) else None
    kind = asked["kind"] if asked.get("kind") in KINDS else ""
    notes, found = [], []
    measure = None
    possible_ = True
    if symbol:
        known = find(symbol, room.desk)
        if isinstance(known, Unknown):
            possible_ = False
            notes.append(words("post.no_measure", symbol=clean(symbol)))
        else:
            measure = known.id
    with room.desk.storage.look() as tx:
        at = tx.correspondence.addresses(text, limit=ADDRESSES + 1) if text else None
        if at is not None and not at:
            possible_ = False
            notes.append(words("post.no_address"))
        if at is not None and len(at) > ADDRESSES:
            notes.append(words("post.many", n=ADDRESSES))
        if possible_:
            found = tx.correspondence.search(
                at=None if at is None else at[:ADDRESSES],
                measure=measure,
                state=state,
                kind=kind,
                before=call.before(),
                limit=ON_A_PAGE + 1,
            )
        plain = not (text or symbol or state or kind or asked.get("before"))
        counts = tx.correspondence.under_way() if plain else {}
        due = {channel: tx.outbox.next_due(channel) for channel in {name for name, _ in counts}}
        stopped = tx.outbox.stopped_channels()
        since = room.desk.clock() - timedelta(days=FAILURE_DAYS)
        failures = tx.correspondence.failures(since) if plain else []
    shown = found[:ON_A_PAGE]
    first, older = call.turns(
        "deliveries",
        (("q", text), ("symbol", symbol), ("state", state or ""), ("kind", kind)),
        by="before",
        last=shown[-1].id if len(found) > ON_A_PAGE else None,
    )
    return room.show(
        call,
        "deliveries.html",
        title=words("post.title"),
        done=done or (words("post.resumed") if asked.get("done") == "resumed" else ""),
        q=text,
        symbol=symbol,
        states=[(one.value, words(f"post.state.{one.value}"), one is state) for one in State],
        kinds=[(one, words(f"post.kind.{one}"), one == kind) for one in KINDS],
        rows=[row(one, call) for one in shown],
        notes=notes,
        older=older,
        first=first,
        plain=plain,
        channels=_channels(room, counts, due, call),
        state_names=[words(f"post.state.{one.value}") for one in _UNDER_WAY],
        stopped=[
            words(
                "post.stopped",
                channel=one.name,
                moment=call.at(one.stopped_at),
                detail=clean(one.detail)[:300],
                resume=call.at(one.resume_at),
            )
            for one in stopped
        ],
        failure_days=FAILURE_DAYS,
        failures=[(one.channel, one.reason or words("dash"), one.number, call.at(one.last)) for one in failures],
    )


def _channels(
    room: Room, counts: dict[tuple[str, State], int], due: dict[str, datetime | None], call: Call
) -> list[dict[str, Any]]:
    means = room.means
    names = sorted({channel for channel, _ in counts} | (set(means.channels) if means else set()))
    found = []
    for name in names:
        budget = means.budgets.get(name) if means else None
        found.append(
            {
                "name": name,
                "numbers": [call.visit.words.number(counts.get((name, state), 0)) for state in _UNDER_WAY],
                "due": call.at(due.get(name)),
                "configured": means is None or name in means.channels,
                "budget": "" if budget is None else str(budget or call.words("post.no_budget")),
            }
        )
    return found


def resume(room: Room, call: Call, form: FormData) -> Response:  # noqa: ARG001 - all deeds are asked alike
    """The channels that stopped through a fault of ours are tried again at once."""
    with room.desk.storage.begin() as tx:
        names = [one.name for one in tx.outbox.stopped_channels()]
        tx.outbox.resume_channels()
        tx.audit.write(
            by=call.by,
            person=call.person.id,
            deed="channel.resume",
            about="channels",
            detail={"channels": names},
            now=room.desk.clock(),
        )
    return on(call.path("deliveries?done=resumed"))


# --- one of them


def delivery(room: Room, call: Call, *, failed: str = "", status: int = 200) -> Response:
    """One message, with all that was tried."""
    words, now = call.words, room.desk.clock()
    with room.desk.storage.look() as tx:
        letter = tx.correspondence.letter(call.number()) if call.number() >= 0 else None
        if letter is None:
            raise no_such_page()
        may = possible(letter, tx)
        measures = [tx.measures.get(id_).threads[0] for id_ in letter.measures[:20]]
    one = letter.delivery
    shown = may_be_shown(one.kind) and not letter.emptied
    done = call.asked.get("done", "")
    return room.show(
        call,
        "delivery.html",
        status=status,
        policy=POLICY,
        title=clean(one.subject) or words("post.none_sent"),
        failed=failed,
        done=words(f"post.{done}.done") if done in ("again", "cancel") else "",
        one=row(one, call),
        ended=call.at(one.ended_at),
        due=call.at(one.due_at) if one.state is State.PENDING else "",
        message_id=clean(one.message_id),
        readers=[
            (
                f"{clean(whose)}: {words('phone.subscription', n=number)} {clean(name)}".strip(),
                call.path("support?" + urlencode({"enterprise": whose, "symbol": measures[0]})) if measures else "",
            )
            for number, name, whose in letter.readers[:50]
        ],
        measures=[(symbol, call.visit.measure(symbol)) for symbol in measures],
        attempts=[
            (
                each.number,
                call.at(each.started_at),
                either(f"try.{each.outcome}", "try.", call.visit.language),
                clean(each.detail)[:400],
            )
            for each in letter.attempts
        ],
        not_again=_why(may.again, call) if may.again else "",
        may_cancel=may.cancel is None,
        pending=one.state is State.PENDING,
        once=one.state in (State.REFUSED, State.EXPIRED) and one_try_only(letter, now),
        text=clean(without_keys(letter.message.text, room.desk.public_url)) if shown else "",
        html=call.path(f"deliveries/{one.id}/html") if shown and letter.message.html else "",
        key=not may_be_shown(one.kind),
        emptied=letter.emptied,
        sent=one.state is not State.PENDING or bool(letter.attempts),
        blot=BLOT,
    )


def html(room: Room, call: Call) -> Response:
    """The HTML of a message alone, where it can do nothing."""
    with room.desk.storage.look() as tx:
        letter = tx.correspondence.letter(call.number()) if call.number() >= 0 else None
    if letter is None or not may_be_shown(letter.delivery.kind) or not letter.message.html:
        raise no_such_page()
    text = without_keys(letter.message.html, room.desk.public_url)
    return Response(text, media_type="text/html", headers=LETTER)


def again(room: Room, call: Call, form: FormData) -> Response:
    """It is put back into the line."""
    return _done(room, call, form, again=True)


def stop(room: Room, call: Call, form: FormData) -> Response:
    """It is cancelled."""
    return _done(room, call, form, again=False)


def _done(room: Room, call: Call, form: FormData, *, again: bool) -> Response:
    try:
        reason = reason_of(form, call)
        deed = send_again if again else cancel
        letter: Letter = deed(call.number(), by=call.by, by_person=call.person.id, reason=reason, desk=room.desk)
    except SecondTryError as error:
        return delivery(room, call, failed=call.words("room.not_done", why=_why(error.hindrance, call)), status=409)
    except NotDoneError as error:
        return delivery(room, call, failed=str(error), status=422)
    return on(call.path(f"deliveries/{letter.delivery.id}?done={'again' if again else 'cancel'}"))


def _why(hindrance: Hindrance, call: Call) -> str:
    return str(call.words(f"post.why.{hindrance.why.value}", detail=clean(hindrance.detail)))
