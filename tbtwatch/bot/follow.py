"""A chat follows one measure for its enterprise, and no longer."""

from __future__ import annotations

import re
from html import escape
from typing import Final

from subscriptions.criteria import Address
from tbtwatch.bot.phrases import say
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.following import follow, unfollow
from tbtwatch.pipeline.known import NotRecordedError, followed
from tbtwatch.pipeline.subscribe import SuppressedError
from watcher.text import one_line

CHANNEL = "telegram"

#: The commands as Chinese readers write them, before a symbol.
_SAID: Final = re.compile(r"(?P<not>取消|不再)?(?:关注|關注|跟踪|跟蹤)\s*[:：]?\s*(?P<symbol>.*\d.*)", re.IGNORECASE)


def as_command(text: str) -> tuple[str, str]:
    """The command that a text without one means, and what stands behind it: "关注 KEN/1514"; ("", text): none."""
    said = _SAID.fullmatch(text.strip())
    if said is None:
        return "", text
    return "unfollow" if said["not"] else "follow", said["symbol"]


def following(chat: str, symbol: str, language: str, desk: Desk) -> str:
    """This chat's enterprise follows a measure here."""
    if not symbol.strip():
        return say("which_measure_follow", language)
    enterprise = _enterprise(chat, desk)
    if not enterprise:
        return say("not_linked", language)
    address = Address(channel=CHANNEL, target=chat)
    try:
        done = follow(
            symbol,
            enterprise=enterprise,
            address=address,
            language=language,
            name=say("follow_name", language, symbol="{symbol}"),
            desk=desk,
        )
    except NotRecordedError as refusal:
        return _not_recorded(refusal, symbol, language)
    except SuppressedError:
        return say("follow_suppressed", language)
    name = "following" if done.new else "followed_already"
    return escape(say(name, language, symbol=done.symbol, enterprise=enterprise))


def not_following(chat: str, symbol: str, language: str, desk: Desk) -> str:
    """A measure is followed in this chat no longer."""
    if not symbol.strip():
        return say("which_measure_follow", language)
    try:
        reference, measure = followed(symbol, desk)
    except NotRecordedError as refusal:
        return _not_recorded(refusal, symbol, language)
    address = Address(channel=CHANNEL, target=chat)
    left = unfollow(measure, address=address, why=say("follow_ended", language), desk=desk)
    lines = [say("unfollowed" if left.ended else "not_followed", language, symbol=reference)]
    if left.shared:
        lines = lines if left.ended else []
        lines.append(say("follow_shared", language, symbol=reference))
    return escape("\n".join(lines))


def _enterprise(chat: str, desk: Desk) -> str:
    """The enterprise that a chat speaks for, else one that is told here; "": none."""
    with desk.storage.look() as tx:
        linked = tx.chats.enterprise_name(CHANNEL, chat)
        told = tx.subscriptions.of_address(CHANNEL, chat)
    return linked or min((one.enterprise for one in told), default="")


def _not_recorded(refusal: NotRecordedError, symbol: str, language: str) -> str:
    asked = f"“{escape(one_line(symbol, 80))}”"
    lines = [say("follow_unknown", language, symbol=asked)]
    if refusal.near:
        near = " ".join(f"<code>{escape(one)}</code>" for one in refusal.near)
        lines.append(say("near", language, symbols=near))
    return "\n".join(lines)
