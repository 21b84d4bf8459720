"""The text of a web page from its bytes: a page may state its encoding inside, and servers state wrong ones."""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from typing import Final

from watcher.source import Document

_META: Final = re.compile(rb"""<meta\b[^>]{0,300}?charset\s*=\s*["']?\s*([\w.:\-]{1,40})""", re.IGNORECASE)
_HEADER: Final = re.compile(r"""charset\s*=\s*["']?([\w.:\-]{1,40})""", re.IGNORECASE)
_LOOKED_AT: Final = 8_000  # bytes; the standard says 1024, publishers put scripts first
#: What servers state when nobody told them anything.
_BY_DEFAULT: Final = frozenset({"iso-8859-1", "latin-1", "latin1", "us-ascii", "ascii", "windows-1252", "cp1252"})


def headers_with_charset(body: bytes, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers, with the encoding that the page itself states where theirs is missing, wrong, or a server's default.

    What comes of it is for `feed_encoding.text_of`, which doubts any declaration.
    """
    stated = _META.search(_head(body))
    if stated is None:
        return dict(headers)
    name = stated[1].decode("ascii", "replace").lower()
    header = _HEADER.search(headers.get("content-type", ""))
    by_header = header[1].lower() if header else ""
    if by_header and by_header not in _BY_DEFAULT and not (_fits(body, name) and not _fits(body, by_header)):
        return dict(headers)
    if by_header and not _fits(body, name):
        return dict(headers)
    return {**headers, "content-type": f"text/html; charset={name}"}


def body_of(document: Document) -> bytes:
    """The whole body, wherever it is."""
    return document.file.read_bytes() if document.file is not None else document.body


def _head(body: bytes) -> bytes:
    head = body[:_LOOKED_AT]
    return re.sub(rb"<!--.*?-->", b"", head, flags=re.DOTALL)


def _fits(body: bytes, name: str) -> bool:
    """Whether the bytes can be read so. What follows an encoding's larger sets is a matter for the reader."""
    try:
        if not codecs.lookup(name)._is_text_encoding:
            return False
        body[:200_000].decode(name, "strict") if len(body) <= 200_000 else _decode_part(body, name)
    except (LookupError, UnicodeError):
        return False
    return True


def _decode_part(body: bytes, name: str) -> None:
    """The beginning, which may be cut inside a character."""
    codecs.getincrementaldecoder(name)("strict").decode(body[:200_000])
