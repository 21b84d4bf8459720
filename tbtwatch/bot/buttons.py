"""What becomes of a press on a button under a message: the deed, and the answer in the chat's language."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from typing import Final

from telegram import Update
from telegram.constants import ChatType

from subscriptions.criteria import Subscription
from tbtwatch.bot.handled import handled
from tbtwatch.bot.phrases import say
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.button_seal import Deed, buttons
from tbtwatch.pipeline.chat_buttons import DISTANCES, MUTED_FOR, mute, read_press, remind, told_here, unmute
from watcher.measure import Measure
from watcher.text import one_line

MOST_NAMED: Final = 5

#: How the card of a measure is asked for: by symbol and language.
Card = Callable[[str, str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One press on a button in one chat."""

    id: str  #: by which the service wants to hear that it was seen
    chat: str
    said: str  #: the button's words
    language: str | None  #: of the person's program, as it says


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered, with buttons under it."""

    text: str
    deeds: tuple[tuple[str, str], ...] = ()


def press(update: Update) -> Press | None:
    """The press that an update is. None: it is none, or of no chat."""
    query = update.callback_query
    if query is None or query.message is None or query.data is None or query.message.chat.type == ChatType.CHANNEL:
        return None
    return Press(
        id=query.id, chat=str(query.message.chat.id), said=query.data[:64], language=query.from_user.language_code
    )


def answer_to(one: Press, language: str, *, desk: Desk, card: Card) -> Answer:
    """Do what the button says, and say what was done; or why nothing was."""
    with desk.storage.look() as tx:
        asked = read_press(one.said, one.chat, tx)
        if asked is None:
            return Answer(text=say("button_unknown", language))
        measure = tx.measures.get(asked.measure)
        mine = tx.subscriptions.of_address("telegram", one.chat)
        here = told_here(one.chat, asked.measure, tx)
    symbol = measure.threads[0]
    if asked.deed is Deed.DETAILS:
        return Answer(text=card(symbol, language))
    if not (here if asked.deed is not Deed.UNDO else mine):
        return Answer(text=escape(say("button_over", language, symbol=symbol)))
    match asked.deed:
        case Deed.HANDLED:
            return Answer(text=handled(one.chat, measure, "", language, desk))
        case Deed.NOT_RELEVANT:
            return _muted(one, measure, language, desk)
        case Deed.REMIND:
            names = _names(remind(one.chat, asked.measure, desk=desk), language)
            days = say("areas_joined", language).join(map(str, DISTANCES))
            return Answer(text=escape(say("button_reminds", language, symbol=symbol, names=names, days=days)))
        case Deed.UNDO:
            done = unmute(one.chat, asked.measure, desk=desk)
            name = "button_undone" if done else "button_nothing_undone"
            return Answer(text=escape(say(name, language, symbol=symbol, names=_names(done, language))))


def _muted(one: Press, measure: Measure, language: str, desk: Desk) -> Answer:
    assert measure.id is not None
    names = _names(mute(one.chat, measure.id, desk=desk), language)
    until = (desk.clock() + MUTED_FOR).astimezone(desk.names.zone).date()
    said = say("button_muted", language, symbol=measure.threads[0], names=names, day=until.isoformat())
    with desk.storage.begin() as tx:
        undo = buttons(measure.id, one.chat, language, tx, (Deed.UNDO,))
    return Answer(text=escape(said), deeds=undo)


def _names(subscriptions: list[Subscription], language: str) -> str:
    names = [one_line(one.name, 60) for one in subscriptions]
    more = f" +{len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else ""
    return say("areas_joined", language).join(names[:MOST_NAMED]) + more
