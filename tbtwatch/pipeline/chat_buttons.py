"""Buttons under a message in a chat: what they ask for, sealed for that chat, and what is done when one is pressed.

A button names the deed and the measure; which subscriptions are meant is looked up when it is pressed. Its words are
sealed with a key of this installation, for this purpose and this chat alone: a program that sends presses of its own
making is not believed. Pressing twice does nothing twice.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta

from subscriptions.criteria import Subscription
from subscriptions.rhythm import zone_of
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.button_seal import CHAT, KEY, Deed, seal
from tbtwatch.pipeline.snooze import pause, resume
from tbtwatch.storage import Transaction

DISTANCES = (30, 14, 3)
NOT_RELEVANT = "not relevant, said in chat"
MUTED_FOR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a button asks for."""

    deed: Deed
    measure: int  #: as it is numbered now, if it was joined with another since


def read_press(text: str, chat: str, tx: Transaction) -> Pressed | None:
    """What a button of this chat asks for; None if it is none of ours, or of a measure that is not here any more."""
    deed, _, rest = text[:64].partition(":")
    number, _, sealed = rest.partition(":")
    key = tx.meta.get(KEY)
    if key is None or deed not in frozenset(Deed) or not number.isascii() or not number.isdecimal():
        return None
    if not hmac.compare_digest(seal(Deed(deed), int(number), chat, key).encode(), sealed.encode("utf-8", "replace")):
        return None
    try:
        measure = tx.measures.get(int(number))
    except LookupError:
        return None
    return Pressed(deed=Deed(deed), measure=measure.id or 0)


def told_here(chat: str, measure: int, tx: Transaction) -> list[Subscription]:
    """The live subscriptions that are answered in this chat and were told of a measure."""
    told = tx.alerts.told_of(measure)
    return [one for one in tx.subscriptions.of_address(CHAT, chat) if one.id in told]


def mute(chat: str, measure: int, *, desk: Desk) -> list[Subscription]:
    """Tell those subscriptions nothing more of a measure, for a year; those it is so for now. Empty: there are none."""
    with desk.storage.look() as tx:
        mine = told_here(chat, measure, tx)
        held = {one.subscription for one in tx.pauses.holding() if one.measure == measure}
    for one in mine:
        if one.id not in held:
            until = (desk.clock() + MUTED_FOR).astimezone(zone_of(one.rhythm, desk.names.zone)).date()
            pause(one.id, until=until, why=NOT_RELEVANT, by=f"chat {chat}", measure=measure, desk=desk)
    return mine


def unmute(chat: str, measure: int, *, desk: Desk) -> list[Subscription]:
    """Tell them of it again, and what came meanwhile; those it is so for. Only what was muted in this chat."""
    with desk.storage.look() as tx:
        mine = {one.id: one for one in tx.subscriptions.of_address(CHAT, chat)}
        held = [one for one in tx.pauses.holding() if one.measure == measure and one.subscription in mine]
    by = f"chat {chat}"
    done = [one.subscription for one in held if one.by == by]
    for id_ in done:
        resume(id_, by=by, measure=measure, desk=desk)
    return [mine[id_] for id_ in done]


def remind(chat: str, measure: int, *, desk: Desk) -> list[Subscription]:
    """Remind those subscriptions of the comment deadline of a measure; those it is so for. Empty: there are none."""
    with desk.storage.begin() as tx:
        mine = told_here(chat, measure, tx)
        for one in mine:
            tx.reminder_requests.ask(one.id, measure, DISTANCES, by=f"chat {chat}", now=desk.clock())
    return mine
