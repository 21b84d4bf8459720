"""What a chat message asks of the bot: a command with its argument, or a text without one; or nothing at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from telegram import Update
from telegram.constants import ChatType

from tbtwatch.pipeline.symbols import tidy
from watcher.text import one_line

LONGEST: Final = 4096  # characters; the service sends no longer texts
LONGEST_NAME: Final = 60

_COMMAND: Final = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(?:@(?P<bot>\w{1,64}))?(?=\s|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question of one chat."""

    chat: str
    command: str  #: in small letters; "" for a text without one
    text: str  #: what stands behind the command, or the whole text
    language: str | None  #: of the person's program, as it says
    chat_name: str = ""  #: a group's title, a person's name, as their program shows it


def asked(update: Update, *, name: str) -> Asked | None:
    """What is asked of the bot of this user name. None: nothing.

    Edited messages, messages without text, posts of channels and of other bots are no questions. In a group the bot
    answers commands, and texts that call it by its name; what people say to each other is none of its business.
    """
    message = update.message
    if message is None or message.text is None or message.chat.type == ChatType.CHANNEL:
        return None
    if message.from_user is not None and message.from_user.is_bot:
        return None
    text = tidy(message.text[:LONGEST])
    group = message.chat.type != ChatType.PRIVATE
    command = _COMMAND.match(text)
    if command and (command["bot"] or name).casefold() != name.casefold():
        return None  # "/recent@another_bot"
    called = f"@{name}".casefold()
    if group and command is None:
        if called not in text.casefold():
            return None
        text = re.sub(re.escape(called), " ", text, flags=re.IGNORECASE).strip()
        command = _COMMAND.match(text)
    language = message.from_user.language_code if message.from_user else None
    return Asked(
        chat=str(message.chat.id),
        command=command["name"].casefold() if command else "",
        text=text[command.end() :].strip() if command else text,
        language=language,
        chat_name=one_line(message.chat.title or message.chat.full_name or "", LONGEST_NAME),
    )
