"""The support screen: one enterprise, one measure, one answer; and the proof of it to print."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from notifiers.proof import Proof, WrittenMessage
from notifiers.proof_words import either, moment, say
from subscriptions.criteria import Match
from tbtwatch.pipeline.oversight.support import Answer, Unanswered, Verdict, support
from tbtwatch.pipeline.proof import proof
from tbtwatch.pipeline.proof_seal import sealed_page
from tbtwatch.pipeline.proof_summary import channel_words
from tbtwatch.web.refusals import no_such_page
from tbtwatch.web.site import clean
from tbtwatch.web.staff.room import Call, Room

#: A proof is a file that is sealed as it is: it brings its own few lines of style, and does nothing.
PROOF: Final = {
    "Content-Security-Policy": "sandbox allow-modals; default-src 'none'; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex, nofollow",
}
_GOOD: Final = (Verdict.TOLD, Verdict.PARTLY)
_WAITING: Final = (Verdict.ON_ITS_WAY, Verdict.IN_DIGEST)


def screen(room: Room, call: Call) -> Response:
    """The question, and the answer if something was asked."""
    words = call.words
    enterprise = call.asked.get("enterprise", "").strip()[:300]
    symbol = call.asked.get("symbol", "").strip()[:300]
    values: dict[str, Any] = {"answer": None, "missing": [], "near": []}
    status = 200
    if enterprise and symbol:
        found = support(symbol, enterprise, desk=room.desk, language=call.visit.language)
        if isinstance(found, Unanswered):
            values |= _unanswered(found, enterprise, symbol, call)
        else:
            values["answer"] = _answer(found, room, call)
            enterprise = found.proof.enterprise
    elif enterprise or symbol:
        values["missing"] = [words("phone.both")]
    return room.show(
        call,
        "support.html",
        status=status,
        title=words("phone.title"),
        enterprise=enterprise,
        symbol=symbol,
        **values,
    )


def _unanswered(found: Unanswered, enterprise: str, symbol: str, call: Call) -> dict[str, Any]:
    words, missing, near = call.words, [], []
    if found.no_enterprise:
        several = len(found.enterprises) > 1
        quoted = words.messages.quote(clean(enterprise))
        missing.append(words("phone.several") if several else words("phone.no_enterprise", name=quoted))
        near += [(clean(name), _path(call, name, symbol)) for name in found.enterprises]
    if found.no_measure:
        missing.append(words("phone.no_measure", symbol=clean(symbol)))
        near += [(clean(one), _path(call, enterprise, one)) for one in found.symbols]
    return {"missing": missing, "near": near}


def _path(call: Call, enterprise: str, symbol: str, page: str = "support") -> str:
    return call.path(f"{page}?" + urlencode({"enterprise": enterprise, "symbol": symbol}))


def _answer(found: Answer, room: Room, call: Call) -> dict[str, Any]:
    words, made = call.words, found.proof
    readings = {one.subscription: one.answer for one in found.readings}
    conditions: dict[str, None] = {}
    for owed in made.owed:
        for met in owed.conditions:
            conditions[clean(met.sentence)] = None

    def reading(id: int) -> tuple[str, bool, str]:
        answer = readings[id]
        fits = isinstance(answer, Match)
        sentence = room.desk.names.explained(answer, call.visit.language) if answer else ""
        return words("phone.fits" if fits else "phone.misses"), fits, clean(sentence)

    return {
        "verdict": words(f"phone.{found.verdict.value}"),
        "tone": "yes" if found.verdict in _GOOD else "soon" if found.verdict in _WAITING else "no",
        "enterprise": clean(made.enterprise),
        "title": clean(made.title),
        "measure": call.visit.measure(made.symbols[0]),
        "symbol": clean(made.symbols[0]),
        "market": clean(made.market),
        "summary": [clean(one) for one in made.summary],
        "when": call.at(found.taken[0].ended_at or found.taken[0].written_at) if found.taken else "",
        "whom": list(dict.fromkeys(_whom(one, call) for one in found.taken)),
        "why": list(conditions)[:6] if found.taken else [],
        "why_not": [
            (
                clean(one.sentence),
                words("phone.of", n=one.pieces, numbers=", ".join(map(str, one.subscriptions))),
            )
            for one in found.whys
        ],
        "known": call.at(found.known_at),
        "deadline": call.visit.dates.day(made.comment_deadline) if made.comment_deadline else "",
        "subscriptions": [
            {
                "name": words("phone.subscription", n=one.id),
                "title": clean(one.name),
                "asks": clean(one.asks),
                "over": words("phone.over", moment=moment(one.ended_at), reason=clean(one.end_reason))
                if one.ended_at
                else "",
                "reading": reading(one.id) if one.id in readings else None,
                "consents": [clean(each) for each in one.consents],
            }
            for one in made.subscriptions
        ],
        "messages": [_message(one, call) for one in (*found.taken, *found.waiting, *found.failed)],
        "gaps": [
            clean(
                say(
                    "gap.from_to" if gap.until else "gap.open",
                    call.visit.language,
                    source=gap.source,
                    since=moment(gap.since),
                    until=moment(gap.until) if gap.until else "",
                )
            )
            for gap in made.gaps
        ],
        "print": _path(call, made.enterprise, made.asked_for, "support/proof"),
        "enquire": call.path("deliveries?" + urlencode({"symbol": made.symbols[0]})),
    }


def _whom(one: WrittenMessage, call: Call) -> str:
    return f"{clean(one.target)} ({channel_words(one.channel, call.visit.language)})"


def _message(one: WrittenMessage, call: Call) -> dict[str, Any]:
    language = call.visit.language
    at = moment(one.ended_at) if one.ended_at else ""
    return {
        "href": call.path(f"deliveries/{one.id}"),
        "kind": either(f"message.{one.kind}", "message.other", language),
        "subject": clean(one.subject),
        "whom": _whom(one, call),
        "state": say(f"state.{one.state}", language, at=at),
        "state_key": one.state,
        "answer": clean(one.answer)[:300],
        "attempts": len(one.attempts),
    }


def printed(room: Room, call: Call) -> Response:
    """The sealed proof, as `tbtwatch proof --html` writes it."""
    enterprise, symbol = call.asked.get("enterprise", "")[:300], call.asked.get("symbol", "")[:300]
    try:
        made: Proof = proof(symbol, enterprise, desk=room.desk, language=call.visit.language)
    except LookupError:
        raise no_such_page() from None
    return Response(sealed_page(made, room.desk.storage), media_type="text/html", headers=PROOF)
