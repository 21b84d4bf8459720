"""The HTML that Telegram takes in messages, read as strictly as the service reads it."""

from __future__ import annotations

import re
from html import unescape
from typing import Final

_TAGS: Final = re.compile(
    r"b|strong|i|em|u|ins|s|strike|del|a|code|pre|blockquote|tg-spoiler|span|tg-emoji", re.IGNORECASE
)
_PIECE: Final = re.compile(r"<(/?)([^\s<>/]*)([^<>]*)>|(<)|(&(?:#\d+|#[xX][0-9a-fA-F]+|lt|gt|amp|quot);)", re.DOTALL)


class MarkupError(ValueError):
    """Markup that the service refuses, in its own words."""


def read_markup(text: str) -> str:
    """The text as people see it: tags gone, the four entities and numbers resolved. Raises `MarkupError`."""
    shown: list[str] = []
    open_tags: list[str] = []
    at = 0
    for piece in _PIECE.finditer(text):
        shown.append(text[at : piece.start()])
        at = piece.end()
        offset = len(text[: piece.start()].encode())
        if piece[5]:
            shown.append(unescape(piece[5]))
        elif piece[4]:
            raise MarkupError(f"Unexpected end of tag at byte offset {offset}")
        elif not _TAGS.fullmatch(piece[2]):
            raise MarkupError(f'Unsupported start tag "{piece[2]}" at byte offset {offset}')
        elif not piece[1]:
            open_tags.append(piece[2].lower())
        elif not open_tags or open_tags.pop() != piece[2].lower():
            raise MarkupError(f"Unexpected end tag at byte offset {offset}")
    if open_tags:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{open_tags[-1]}"')
    shown.append(text[at:])
    return "".join(shown)
