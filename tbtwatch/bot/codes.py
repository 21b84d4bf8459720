"""Codes that link a chat to an enterprise, as people type them, and how often a chat may guess."""

from __future__ import annotations

import unicodedata
from collections import deque
from datetime import datetime, timedelta
from typing import Final

MOST_WRONG: Final = 10
WITHIN: Final = timedelta(hours=1)
MOST_CHATS: Final = 10_000  # remembered at once; the one that guessed longest ago is forgotten first
CODE_LENGTH: Final = 8


def typed_code(text: str) -> str:
    """A code as it was given out ("ABCD-EFGH"), from however it was typed: "abcdefgh", "abcd efgh", in full width."""
    bare = "".join(char for char in unicodedata.normalize("NFKC", text[:200]).upper() if char.isalnum())
    return f"{bare[:4]}-{bare[4:]}" if len(bare) == CODE_LENGTH else bare


class WrongCodes:
    """The wrong codes of each chat within the last hour. In memory only: a restart forgets them."""

    def __init__(self) -> None:
        self._wrong: dict[str, deque[datetime]] = {}

    def wait_until(self, chat: str, now: datetime) -> datetime | None:
        """When this chat may try again; None: now."""
        times = self._wrong.get(chat)
        while times and now - times[0] >= WITHIN:
            times.popleft()
        return times[0] + WITHIN if times and len(times) >= MOST_WRONG else None

    def add(self, chat: str, now: datetime) -> None:
        """One more wrong code."""
        times = self._wrong.pop(chat, None) or deque(maxlen=MOST_WRONG)
        times.append(now)
        self._wrong[chat] = times
        if len(self._wrong) > MOST_CHATS:
            del self._wrong[next(iter(self._wrong))]

    def forget(self, chat: str) -> None:
        """A right code came: what was wrong before counts no more."""
        self._wrong.pop(chat, None)
