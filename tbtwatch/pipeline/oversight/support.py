"""One enterprise and one measure: was it told, when, to whom, and why; or why not. What is asked on the telephone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from notifiers.proof import SECOND_THOUGHTS, Proof, Silence, WrittenMessage
from subscriptions.criteria import Match, Refusal
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.nearly import audition
from tbtwatch.pipeline.proof import proof
from tbtwatch.pipeline.symbols import Unknown, find

NEAR = 12  # names that are like the one asked for


class Verdict(StrEnum):
    """The answer in one word."""

    TOLD = "told"  #: the other side took a message that tells it
    PARTLY = "partly"  #: the same, but of some later news it was not told
    ON_ITS_WAY = "on_its_way"
    IN_DIGEST = "in_digest"
    NOT_REACHED = "not_reached"  #: written, and nobody took it
    NOT_TOLD = "not_told"
    NOT_SUBSCRIBED = "not_subscribed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A live subscription of the enterprise, read against the measure as it is now."""

    subscription: int
    answer: Match | Refusal | None  #: None: it misses by more than one condition


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """A sentence on what was not told, and of how many pieces of news it is true."""

    why: Silence
    sentence: str
    subscriptions: tuple[int, ...]
    pieces: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What to say on the telephone, and what it rests on."""

    verdict: Verdict
    proof: Proof
    taken: tuple[WrittenMessage, ...]  #: messages with news that the other side took, the first one first
    failed: tuple[WrittenMessage, ...]  #: refused, given up or cancelled, the last one first
    waiting: tuple[WrittenMessage, ...]
    whys: tuple[Why, ...]
    readings: tuple[Reading, ...]
    known_at: datetime | None  #: when the first document of the measure was recorded here


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """What was asked for is not there, or more than one."""

    enterprises: tuple[str, ...] = ()  #: names like the one that was given
    symbols: tuple[str, ...] = ()  #: symbols like the one that was given
    no_enterprise: bool = False
    no_measure: bool = False


def support(symbol: str, enterprise: str, *, desk: Desk, language: str) -> Answer | Unanswered:
    """The answer; or what is near, if there is no such enterprise or no such measure. Nothing is written."""
    found = find(symbol, desk)
    with desk.storage.look() as tx:
        name = enterprise.strip()
        if tx.subscriptions.find_enterprise(name) is None:
            near = tx.register.enterprises(name, limit=NEAR)
            name = near[0].name if len(near) == 1 else ""
        else:
            near = []
    if isinstance(found, Unknown) or not name:
        return Unanswered(
            enterprises=tuple(one.name for one in near),
            symbols=tuple(map(str, found.near)) if isinstance(found, Unknown) else (),
            no_enterprise=not name,
            no_measure=isinstance(found, Unknown),
        )
    made = proof(symbol, name, desk=desk, language=language)
    heard = audition(symbol, desk=desk, enterprise=name, limit=0)
    answers: dict[int, Match | Refusal] = {one.subscription.id: one.match for one in heard.fitting}
    answers |= {one.subscription.id: one.refusal for one in heard.nearly}
    telling = [one for one in made.messages if one.kind not in SECOND_THOUGHTS]
    taken = sorted((one for one in telling if one.state == "sent"), key=lambda one: one.ended_at or one.written_at)
    failed = [one for one in telling if one.state in ("refused", "expired", "cancelled")]
    waiting = [one for one in telling if one.state in ("pending", "sending")]
    return Answer(
        verdict=_verdict(made, bool(taken)),
        proof=made,
        taken=tuple(taken),
        failed=tuple(reversed(failed)),
        waiting=tuple(waiting),
        whys=tuple(_whys(made)),
        readings=tuple(
            Reading(subscription=one.id, answer=answers.get(one.id)) for one in made.subscriptions if not one.ended_at
        ),
        known_at=min((one.recorded_at for one in made.documents), default=None),
    )


def _verdict(made: Proof, taken: bool) -> Verdict:
    whys = {one.why for one in made.untold}
    if taken:
        later = whys - {Silence.OLDER, Silence.SILENT, Silence.KIND, Silence.NO_FIT, Silence.ENDED, Silence.FITS_LATER}
        return Verdict.PARTLY if later else Verdict.TOLD
    if not made.subscriptions:
        return Verdict.NOT_SUBSCRIBED
    for why, verdict in (
        (Silence.ON_ITS_WAY, Verdict.ON_ITS_WAY),
        (Silence.IN_DIGEST, Verdict.IN_DIGEST),
        (Silence.NOT_TAKEN, Verdict.NOT_REACHED),
    ):
        if why in whys:
            return verdict
    return Verdict.NOT_TOLD


def _whys(made: Proof) -> Iterator[Why]:
    """Each sentence once."""
    found: dict[tuple[Silence, str], list[int]] = {}
    for one in made.untold:
        found.setdefault((one.why, one.sentence), []).append(one.subscription)
    for (why, sentence), subscriptions in found.items():
        named = tuple(dict.fromkeys(subscriptions))
        yield Why(why=why, sentence=sentence, subscriptions=named, pieces=len(subscriptions))
