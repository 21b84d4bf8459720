"""Where a feed ends, and what to say of one that breaks off: status 200, a whole answer, and half a document."""

from __future__ import annotations

import re
from typing import Final

_ROOT: Final = re.compile(r"<(?:[\w.\-]+:)?(?P<name>rss|feed|rdf|channel)(?![\w.\-:])", re.IGNORECASE)
_OPENING: Final = re.compile(r"<(?:[\w.\-]+:)?(?:item|entry)(?![\w.\-:])", re.IGNORECASE)
_CLOSING: Final = re.compile(r"</(?:[\w.\-]+:)?(?:item|entry)\s*>", re.IGNORECASE)
_CLOSING_AT_THE_END: Final = re.compile(
    r"</(?:[\w.\-]+:)?(?:rss|feed|rdf|channel)\s*>\s*(?:<!--.*?-->\s*)*$", re.IGNORECASE | re.DOTALL
)
#: In these a tag is text; one that never ends hides all that follows.
_NO_MARKUP: Final = re.compile(r"<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)


def up_to_its_end(text: str) -> tuple[str, str]:
    """The feed without an entry that it breaks off in; and a sentence part on that, empty for one that does not.

    A feed breaks off that does not close its root element, be all its entries whole: nobody can say what would have
    come behind them. What stands behind the root is not looked at.
    """
    ends = [found.end() for found in _CLOSING.finditer(text)]
    last = ends[-1] if ends else 0
    whole = text if _CLOSING_AT_THE_END.search(text[-2000:]) or not ends else text[:last]
    root = _ROOT.search(text)
    if root is None:
        return whole, ""  # no feed, or none that says so: its reader will tell
    behind = _NO_MARKUP.sub("", text[last:])
    if re.search(rf"</(?:[\w.\-]+:)?{root['name']}\s*>", behind, re.IGNORECASE):
        return whole, ""
    if not _OPENING.search(behind):
        return whole, f"breaks off behind entry {len(ends)}" if ends else "breaks off before its first entry"
    first = _OPENING.search(text)
    return whole if ends or first is None else text[: first.start()], f"breaks off in entry {len(ends) + 1}"
