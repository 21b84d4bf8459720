"""Which addresses of a notice may hold its document as a PDF."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from watcher.notice import Notice
from watcher.reading_order import WTO

#: A longer address is none that a person was meant to follow.
LONGEST_ADDRESS = 2_000
_EXTENSION = re.compile(r"\.([a-z][a-z0-9]{1,4})$")
#: What follows a dot at the end of a path and says nothing of what is there.
_PROGRAMS = frozenset({"php", "asp", "aspx", "jsp", "jspx", "cgi", "do", "ashx", "action", "cfm"})


def pdf_addresses(notice: Notice) -> tuple[str, ...]:
    """The addresses that end in .pdf, in the order stated; if there is none, those that do not say what they are.

    The WTO's own page of a notification is known to be a page.
    """
    stated = [*notice.links, *(filter(None, (notice.page,)))]
    addresses = [one for one in dict.fromkeys(stated) if len(one) <= LONGEST_ADDRESS]
    named = tuple(one for one in addresses if _is_named_so(one))
    if named:
        return named
    own_page = notice.page if notice.issuer == WTO else None
    return tuple(one for one in addresses if one != own_page and _may_be_anything(one))


def _is_named_so(address: str) -> bool:
    """Whether the path ends in .pdf, or the last value of the query does: download?file=notice.pdf."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    path, query = unquote(parts.path).lower().partition(";")[0].rstrip("/"), unquote(parts.query).lower()
    return path.endswith(".pdf") or any(value.endswith(".pdf") for value in query.split("&"))


def _may_be_anything(address: str) -> bool:
    try:
        path = unquote(urlsplit(address).path).lower().partition(";")[0].rstrip("/")
    except ValueError:
        return False
    ending = _EXTENSION.search(path.rpartition("/")[2])
    return bool(path) and (ending is None or ending[1] in _PROGRAMS)
