"""Addresses in a field that holds several: by lines, commas, blanks, or glued together."""

from __future__ import annotations

import html
import re
from typing import Final

from watcher.text import safe_link

_HREF: Final = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)
_TAG: Final = re.compile(r"<[a-z/!][^<>]*>", re.IGNORECASE)
#: A new address begins behind a blank, behind a comma or semicolon, and where it is glued to the end of a file's name.
_START: Final = re.compile(
    r"(?:(?<=[\s,;|<>\"'，；、()\[\]])|(?<=\.[a-z]{3})|(?<=\.[a-z]{4}))(?=https?:)", re.IGNORECASE
)
_END: Final = re.compile(r"[\s|<>\"'，；、]|[,;]+$|[,;](?=\s|[,;])")
_SCHEME: Final = re.compile(r"https?:[/\\]{1,2}", re.IGNORECASE)
_BARE: Final = re.compile(r"(?:www\.|members\.wto\.org/|docs\.wto\.org/)[^\s,;|<>\"']+", re.IGNORECASE)

_MOST_LINKS = 200  # a notification has seldom more than twenty; a hostile field has thousands


def links_in(field: str) -> tuple[str, ...]:
    """The http and https addresses of a field, each once, in order. A comma inside an address stays in it."""
    found: list[str] = []
    for left, middle, right in _HREF.findall(field):
        found.append(html.unescape(left or middle or right))
    for piece in _START.split(_TAG.sub(" ", field)):
        if scheme := _SCHEME.match(piece):
            address = _END.split(html.unescape(piece[scheme.end() :]), maxsplit=1)[0]
            found.append(f"{scheme[0].split(':')[0].lower()}://{address}")
            piece = piece[scheme.end() + len(address) :]  # noqa: PLW2901
        found.extend(f"https://{bare[0]}" for bare in _BARE.finditer(piece))
    links = (safe_link(address.replace("\\", "/")) for address in found)
    return tuple(dict.fromkeys(link for link in links if link))[:_MOST_LINKS]
