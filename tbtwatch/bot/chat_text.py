"""An answer as plain text, for the day the service refuses our markup."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

from notifiers.chat_length import shorten_text

_TAG: Final = re.compile(r"</?(?:b|i|code|a)(?:\s[^<>]*)?>")


def as_text(markup: str) -> str:
    """The words without tags, entities resolved, within the length of a message."""
    return shorten_text(unescape(_TAG.sub("", markup)))
