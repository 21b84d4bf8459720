"""A chat says that its enterprise has dealt with a measure: it is reminded of it no more."""

from __future__ import annotations

from html import escape

from tbtwatch.bot.phrases import say
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.reminder_wishes import handle, take_back
from watcher.measure import Measure
from watcher.text import one_line

CHANNEL = "telegram"
UNDO = frozenset({"undo", "撤销", "取消"})
LONGEST_WHY = 400


def handled(chat: str, measure: Measure, words: str, language: str, desk: Desk) -> str:
    """For each enterprise that the chat speaks for, or that is told here; `words`: what was done, or "undo"."""
    with desk.storage.look() as tx:
        id_ = tx.chats.enterprise_of(CHANNEL, chat)
        mine = tx.subscriptions.live(enterprise_id=id_) if id_ is not None else []
        mine = [*mine, *tx.subscriptions.of_address(CHANNEL, chat)]
    if not mine:
        return say("not_linked" if id_ is None else "no_subscriptions", language)
    undo = words.strip().casefold() in UNDO
    why, by = one_line(words, LONGEST_WHY) or "said in the chat", f"chat {chat}"
    symbol, lines = measure.threads[0], []
    for enterprise in sorted({one.enterprise for one in mine}):
        act = take_back if undo else handle
        done = act(symbol, enterprise=enterprise, by=by, why=why, desk=desk)
        name = ("handled_undone" if done.new else "handled_not") if undo else "handled_done"
        lines.append(escape(say(name, language, enterprise=enterprise, symbol=symbol)))
    return "\n".join(lines)
