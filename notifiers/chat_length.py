"""How long a chat message is, and how to shorten its markup without breaking it."""

from __future__ import annotations

import re
from html import unescape

#: Telegram's limit for a message, counted after its entities are read.
TELEGRAM_LIMIT = 4096

_PIECE = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)[^<>]*>|&(?:#\d+|#[xX][0-9a-fA-F]+|\w+);|.", re.DOTALL)


def shown_length(markup: str) -> int:
    """How many UTF-16 code units a reader's program counts: tags count nothing, an entity counts as its character."""
    return sum(_length(piece) for piece in _PIECE.finditer(markup))


def shorten(markup: str, limit: int = TELEGRAM_LIMIT) -> str:
    """The markup cut to `limit` shown characters, with "…" at its end, never inside a tag or an entity.

    Tags that stand open at the cut are closed.
    """
    if shown_length(markup) <= limit:
        return markup
    kept: list[str] = []
    open_tags: list[str] = []
    length = 0
    for piece in _PIECE.finditer(markup):
        if length + _length(piece) > limit - 1:
            break
        length += _length(piece)
        kept.append(piece[0])
        if piece[2] and piece[1]:
            if open_tags and open_tags[-1] == piece[2]:
                open_tags.pop()
        elif piece[2]:
            open_tags.append(piece[2])
    return "".join(kept).rstrip() + "…" + "".join(f"</{tag}>" for tag in reversed(open_tags))


def shorten_text(text: str, limit: int = TELEGRAM_LIMIT) -> str:
    """Plain text cut to `limit` UTF-16 code units, with "…" at its end."""
    if units(text) <= limit:
        return text
    length = 0
    for at, char in enumerate(text):
        length += units(char)
        if length > limit - 1:
            return text[:at].rstrip() + "…"
    return text


def units(text: str) -> int:
    """UTF-16 code units, in which chat services count."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


def _length(piece: re.Match[str]) -> int:
    return 0 if piece[2] else units(unescape(piece[0]))
