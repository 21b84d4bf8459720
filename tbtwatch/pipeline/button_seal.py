"""The words of a button under a message in a chat, sealed for that chat: "h:1514:k3f…", at most 64 bytes."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from enum import StrEnum

from notifiers.wording import Words, offered
from tbtwatch.storage import Transaction

KEY = "chat_button_key"  # in the installation's own values
CHAT = "telegram"  #: the channel that has buttons


class Deed(StrEnum):
    """What a button does."""

    HANDLED = "h"
    NOT_RELEVANT = "n"
    REMIND = "r"
    DETAILS = "d"
    UNDO = "u"  #: hear of the measure after all


OFFERED = (Deed.HANDLED, Deed.NOT_RELEVANT, Deed.REMIND, Deed.DETAILS)


def seal(deed: Deed, measure: int, chat: str, key: str) -> str:
    """What nobody else can write under this measure for this chat."""
    said = "\n".join(("chat-button", chat, deed.value, str(measure)))
    sealed = hmac.digest(bytes.fromhex(key), said.encode(), hashlib.sha256)
    return base64.b32encode(sealed).decode().lower()[:20]


def buttons(
    measure: int, chat: str, language: str, tx: Transaction, deeds: tuple[Deed, ...] = OFFERED
) -> tuple[tuple[str, str], ...]:
    """The buttons under news of a measure: their labels, and what the bot is told when one is pressed."""
    words = Words(offered(language))
    key = tx.meta.once(KEY, secrets.token_hex(32))
    return tuple(
        (words(f"deed.{deed.name.lower()}"), f"{deed.value}:{measure}:{seal(deed, measure, chat, key)}")
        for deed in deeds
    )
