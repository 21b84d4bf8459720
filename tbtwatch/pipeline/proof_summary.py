"""What a proof of notice comes to, in a few sentences. Pure: from the proof alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from notifiers.proof import Proof, Silence, WrittenMessage
from notifiers.proof_words import either, moment, say, span


def summary(proof: Proof, *, missing: str = "") -> Proof:
    """The proof with its summary. `missing`: the document asked for, if it is not recorded itself."""
    return replace(proof, summary=tuple(_sentences(proof, missing)))


def _sentences(proof: Proof, missing: str) -> Iterator[str]:
    language, named = proof.language, {"enterprise": proof.enterprise, "symbol": proof.symbols[0]}
    if missing:
        yield say("not_recorded", language, symbol=missing)
    taken = proof.first_taken
    whys = {one.why for one in proof.untold}
    if taken is not None:
        yield from _told(proof, taken)
        if proof.untold:
            yield say("more_untold", language, n=len(proof.untold))
    elif not proof.subscriptions:
        yield say("no_subscription", language, **named)
    elif Silence.ON_ITS_WAY in whys:
        yield say("on_the_way", language, **named)
    elif Silence.IN_DIGEST in whys:
        yield say("in_digest", language, **named)
    elif Silence.NOT_TAKEN in whys:
        yield say("not_reached", language, **named)
    else:
        yield say("not_told", language, **named)
        yield from list(dict.fromkeys(one.sentence for one in proof.untold))[:3]
    if proof.gaps:
        yield say("coverage", language, n=len(proof.gaps))


def _told(proof: Proof, taken: WrittenMessage) -> Iterator[str]:
    language, at = proof.language, taken.ended_at or taken.written_at
    yield say(
        "told",
        language,
        enterprise=proof.enterprise,
        symbol=proof.symbols[0],
        at=moment(at),
        channel=channel_words(taken.channel, language),
        target=taken.target,
        answer=say("answer", language, text=taken.answer) if taken.answer else "",
    )
    told = {one.change for one in proof.owed if one.alert in taken.alerts}
    noticed = [one.noticed_at for one in proof.changes if one.id in told]
    if noticed and at >= min(noticed):
        yield say("after", language, span=span((at - min(noticed)).total_seconds(), language))
    if proof.comment_deadline is not None:
        days = (proof.comment_deadline - at.date()).days
        name = "before_deadline" if days > 0 else "past_deadline" if days < 0 else "on_deadline"
        yield say(name, language, n=abs(days))


def channel_words(channel: str, language: str) -> str:
    """What a channel is called in a proof."""
    return either(f"channel.{channel}", "message.other", language)
