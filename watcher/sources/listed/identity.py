"""By what an entry is known again: its id, else its link, else its title and day."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from watcher.sources.listed.listed import Listed
from watcher.text import one_line

_TRACKING: Final = re.compile(r"(?:utm_\w+|fbclid|gclid|mc_cid|mc_eid)", re.IGNORECASE)
_LONGEST: Final = 300


def keys_of(found: Sequence[tuple[Listed, date | None]]) -> tuple[str, ...]:
    """A key for each entry, in their order; entries that are the same one have the same key.

    One id for several entries is a publisher's mistake; their links, titles and days tell them apart.
    """
    identities = [identity(entry, day) for entry, day in found]
    differing = {(key, entry.link, entry.title, day) for key, (entry, day) in zip(identities, found, strict=True)}
    count = Counter(key for key, *_ in differing)
    return tuple(
        key if count[key] == 1 else f"{key} {_digest(f'{entry.link} {entry.title} {day}')}"
        for key, (entry, day) in zip(identities, found, strict=True)
    )


def identity(entry: Listed, day: date | None) -> str:
    """The entry's id, else its link, else its title and day. Addresses are compared without scheme and tracking."""
    stated = one_line(entry.id, len(entry.id) + 1) or one_line(entry.link or "", 10_000)
    if stated.lower().startswith(("http://", "https://")):
        stated = _canonical(stated) or stated
    if not stated:
        stated = f"{' '.join(entry.title.casefold().split())} {day or ''}".strip() or _digest(entry.summary)
    return stated if len(stated) <= _LONGEST else f"{stated[: _LONGEST - 20]} {_digest(stated)}"


def _canonical(address: str) -> str:
    try:
        parts = urlsplit(address)
        asked = [
            (name, value)
            for name, value in (parse_qsl(parts.query, True) if parts.query else ())
            if not _TRACKING.fullmatch(name)
        ]
    except ValueError:
        return ""
    return urlunsplit(
        ("", parts.netloc.lower(), parts.path, urlencode(asked) if asked else "", parts.fragment)
    ).removeprefix("//")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
