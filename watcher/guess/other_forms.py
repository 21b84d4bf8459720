"""What an address may lead to that no kind of source reads, each with a sentence that says what it is."""

from __future__ import annotations

import re
from typing import Final

#: What to do about all of them.
LOOK: Final = (
    "look on the publisher's site for a feed (RSS, Atom), an API, a table (CSV) or a page that lists its documents, "
    "and give that address"
)

_BEGINNINGS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"%PDF-", "is a PDF document, one of those that a list would link to"),
    (b"PK\x03\x04", "is a ZIP archive or an Office document (xlsx, docx)"),
    (b"PK\x05\x06", "is an empty ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "is an old Office document (doc, xls)"),
    (b"{\\rtf", "is a text document (RTF)"),
    (b"\x89PNG", "is a picture"),
    (b"\xff\xd8\xff", "is a picture"),
    (b"GIF8", "is a picture"),
    (b"7z\xbc\xaf\x27\x1c", "is a 7z archive"),
    (b"Rar!", "is a RAR archive"),
    (b"BZh", "is a bzip2 archive"),
    (b"\xfd7zXZ\x00", "is an xz archive"),
)
_LOOKED_AT: Final = 1_024  # octets before a PDF's own beginning, which its standard allows
_TEXTS: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"BEGIN:VCALENDAR\b", re.IGNORECASE), "is a calendar (iCalendar), and calendars are not read"),
    (re.compile(r"BEGIN:VCARD\b", re.IGNORECASE), "is an address card (vCard)"),
    (re.compile(r"<opml\b", re.IGNORECASE), "is a list of feeds (OPML), not a feed; try one of those that it names"),
    (re.compile(r"<(?:urlset|sitemapindex)\b", re.IGNORECASE), "is a site map, which says nothing of its pages"),
    (re.compile(r"<(?:[\w.\-]{1,20}:)?(?:Envelope|wsdl|definitions)\b"), "is an answer of a SOAP service"),
    (re.compile(r"<svg\b", re.IGNORECASE), "is a picture"),
    (re.compile(r"<(?:response|error|Error|result|root)\b"), "is XML of a form that is not read"),
)


def told_by_octets(body: bytes) -> str | None:
    """What a body that is no text is; None: it may be text."""
    start = body[:_LOOKED_AT].lstrip()
    for beginning, said in _BEGINNINGS:
        if start.startswith(beginning):
            return said
    if b"%PDF-" in body[:_LOOKED_AT] and b"<" not in body[:_LOOKED_AT].partition(b"%PDF-")[0]:
        return _BEGINNINGS[0][1]
    return None


def told_by_text(body: str) -> str | None:
    """What a text that is neither list nor page is; `body` begins behind an XML declaration and comments."""
    start = body[:_LOOKED_AT].lstrip()
    return next((said for pattern, said in _TEXTS if pattern.match(start)), None)
