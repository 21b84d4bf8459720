"""A chat ends what it is told: the list changes nothing, a number asks, and only the word after it ends.

A tap on a command in the list only asks; what ends is another command, in the answer to that.
"""

from __future__ import annotations

import re
from html import escape

from notifiers.chat_length import shorten
from subscriptions.criteria import Address
from tbtwatch.bot.phrases import say
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.subscribe import end_named
from tbtwatch.pipeline.unsubscribe_code import Named
from watcher.text import one_line

CHANNEL = "telegram"
YES = frozenset({"yes", "是", "确认", "确定"})
SHOWN = 30
#: As it is tapped: "unsubscribe_12", "unsubscribe_12_yes", "stop_yes".
TAPPED = re.compile(r"(?P<command>unsubscribe|stop)_(?P<rest>[0-9]{1,18}(?:_yes)?|yes)")


def tapped(command: str) -> tuple[str, str] | None:
    """The command and its argument in one that was tapped; None: it is none of these."""
    found = TAPPED.fullmatch(command)
    return (found["command"], found["rest"].replace("_", " ")) if found else None


def unsubscribe(chat: str, text: str, language: str, desk: Desk) -> str:
    """What is told at this chat, by number; with a number: whether to end it; with "yes": it is ended here."""
    with desk.storage.look() as tx:
        live = {one.id: one for one in tx.subscriptions.of_address(CHANNEL, chat)}
    number, _, word = text.strip().partition(" ")
    if not live:
        return say("leave_nothing", language)
    if not number:
        lines = [say("leave_list", language)]
        for one in list(live.values())[:SHOWN]:
            lines.append(f"{one.id}. {escape(one_line(one.name, 80))}  /unsubscribe_{one.id}")
        lines.append(say("leave_all_hint", language))
        return shorten("\n".join(lines))
    chosen = live.get(int(number)) if number.isdecimal() and len(number) < 19 else None
    if chosen is None:
        return say("leave_unknown", language, number=escape(one_line(number, 20)))
    name = escape(one_line(chosen.name, 80))
    if word.strip().casefold() not in YES:
        return say("leave_ask", language, number=chosen.id, name=name)
    return _end(chat, (chosen.id,), language, desk)


def stop(chat: str, text: str, language: str, desk: Desk) -> str:
    """End all that is told at this chat; without "yes" it is only asked."""
    with desk.storage.look() as tx:
        live = tx.subscriptions.of_address(CHANNEL, chat)
    if not live:
        return say("leave_nothing", language)
    if text.strip().casefold() not in YES:
        return say("leave_ask_all", language, n=len(live))
    return _end(chat, None, language, desk)


def _end(chat: str, subscriptions: tuple[int, ...] | None, language: str, desk: Desk) -> str:
    named = Named(address=Address(channel=CHANNEL, target=chat), subscriptions=subscriptions)
    done = end_named(named, reason="unsubscribed by bot", desk=desk)
    names = [f"· {escape(one_line(one.name, 80))}" for one in (*done.ended, *done.left)][:SHOWN]
    lines = [say("leave_done", language), *names]
    if done.left:
        lines.append(say("leave_others", language))
    return shorten("\n".join(lines))
