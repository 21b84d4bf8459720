"""Why a subscription was not told of a piece of news: for each of both, the first reason that holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from notifiers.proof import SECOND_THOUGHTS, Silence, Untold
from notifiers.proof_words import moment, say
from rules.classification import Classification
from subscriptions.criteria import Frequency, Match, Refusal, Subscription
from subscriptions.matching import read, why_not_told
from subscriptions.ways import nobody_wants
from subscriptions.words import word
from tbtwatch.pipeline.compose import Names
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.changes import StoredChange
from tbtwatch.storage.proofs import RecordedHold, RecordedMessage
from watcher.measure import Measure

_UNDER_WAY = ("pending", "sending")


def untold(
    subscriptions: Sequence[Subscription],
    changes: Sequence[StoredChange],
    holds: Mapping[int, RecordedHold],
    alerts: Sequence[StoredAlert],
    messages: Sequence[RecordedMessage],
    *,
    measure: Measure,
    classification: Classification,
    names: Names,
    language: str,
) -> tuple[Untold, ...]:
    """What each subscription has not been told, and why; news that a message told which was taken is left out."""
    speech = _Speech(names, language)
    owed = {(one.subscription_id, one.fact_change_id): one for one in alerts}
    found = []
    for subscription in subscriptions:
        answer = read(subscription, measure, classification, names.markets)
        for change in changes:
            alert = owed.get((subscription.id, change.id))
            if alert is not None:
                said = _of_owed(subscription, alert, [one for one in messages if alert.id in one.alerts], speech)
            else:
                said = _of_change(subscription, change, holds, answer, speech)
            if said is not None:
                why, sentence = said
                found.append(Untold(subscription=subscription.id, change=change.id, why=why, sentence=sentence))
    return tuple(found)


class _Speech:
    """A language, and the names used in it."""

    def __init__(self, names: Names, language: str) -> None:
        self._names, self.language = names, language

    def __call__(self, why: Silence, **values: object) -> tuple[Silence, str]:
        return why, say(f"why.{why.value}", self.language, **values)

    def refusal(self, refusal: Refusal) -> str:
        return self._names.explained(refusal, self.language)

    def at(self, instant: object) -> str:
        return moment(instant.astimezone(self._names.zone))  # type: ignore[attr-defined]


def _of_owed(
    subscription: Subscription, alert: StoredAlert, messages: Sequence[RecordedMessage], speech: _Speech
) -> tuple[Silence, str] | None:
    """Of news that was owed: None if a message that tells it was taken."""
    telling = [one for one in messages if one.kind not in SECOND_THOUGHTS]
    if any(one.state == "sent" for one in telling):
        return None
    if alert.withdrawn_at is not None:
        return speech(Silence.WITHDRAWN, at=speech.at(alert.withdrawn_at))
    waiting = [one for one in telling if one.state in _UNDER_WAY]
    for why, several in ((Silence.ON_ITS_WAY, waiting), (Silence.NOT_TAKEN, telling)):
        if several:
            last = next((one.detail or one.reason for one in reversed(several) if one.detail or one.reason), "")
            return speech(why, answer=say("why.answer", speech.language, text=last) if last else "")
    if alert.frequency is not Frequency.IMMEDIATE and alert.digest_run_id is None:
        return speech(Silence.IN_DIGEST, rhythm=word(alert.frequency, speech.language))
    return speech(Silence.NOT_WRITTEN if subscription.addresses else Silence.NO_ADDRESS)


def _of_change(
    subscription: Subscription,
    change: StoredChange,
    holds: Mapping[int, RecordedHold],
    answer: Match | Refusal,
    speech: _Speech,
) -> tuple[Silence, str] | None:
    """Of news that was never owed, in the order in which the pipeline asks."""
    noticed, hold = speech.at(change.noticed_at), holds.get(change.hold or 0)
    if hold is not None and hold.state == "discarded":
        return speech(Silence.DISCARDED, hold=hold.reason or hold.decided_by)
    if hold is not None and hold.decided_at is None:
        return speech(Silence.HELD)
    if change.silent:
        return speech(Silence.SILENT)
    if change.noticed_at < subscription.started_at:
        return speech(Silence.OLDER, noticed=noticed, began=speech.at(subscription.started_at))
    if subscription.ended_at is not None and (change.alerted_at or change.noticed_at) >= subscription.ended_at:
        ended = speech.at(subscription.ended_at)
        return speech(Silence.ENDED, noticed=noticed, ended=ended, reason=subscription.end_reason)
    if isinstance(answer, Refusal):
        return speech(Silence.NO_FIT, sentence=speech.refusal(answer))
    if (unwanted := why_not_told(subscription, [change.change])) is not None:
        return speech(Silence.KIND, sentence=speech.refusal(unwanted))
    if change.alerted_at is None:
        return speech(Silence.WAITING)
    if nobody_wants(subscription, answer.grade):
        return speech(Silence.UNSURE, grade=word(answer.grade, speech.language))
    return speech(Silence.FITS_LATER)
