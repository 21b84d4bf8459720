"""The names under which an issuer keeps a measure together besides its symbols: a docket, a procedure number, a RIN.

Two documents of one issuer that share such a name are of one measure. A name is compared as it is meant, not as it is
typeset: "Docket No. ABC–2026–0001" and "abc-2026-0001" are one name.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from watcher.notice import Notice

#: Stands before a name where names and symbols share a column. All texts are stripped of control characters when they
#: are read, so no symbol begins with it.
MARK: Final = "\x1f"
#: A document that names more than this is a list of other measures' dockets; it is joined with none of them by name.
MOST_NAMES: Final = 12
#: Longer "names" are prose.
LONGEST_NAME: Final = 120

_LABEL: Final = re.compile(
    r"(?:[a-z]{2,12}\s)?(?:docket|rin|procedure|file|case)s?(?:\s(?:id|identifier|no|nos|number|numbers))?"
    r"(?:\s?[.:#]|\s)+(?=\S)"
)
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d"), "-")
_NO_NAME: Final = frozenset({"n/a", "none", "null", "unknown", "not applicable", "not assigned", "various"})


def names_of(notice: Notice) -> tuple[str, ...]:
    """What the notice's issuer keeps its measure together by, marked, sorted; none if it lists too many to mean one."""
    if not notice.threads:  # of most; and it is asked several times for each
        return ()
    stated = [part for text in notice.threads for part in text.split(";")]
    found = {MARK + name for name in map(name_of, stated) if name}
    return tuple(sorted(found)) if len(found) <= MOST_NAMES else ()


def name_of(text: str) -> str:
    """A name as it is compared, without mark; empty if the text names nothing: "N/A", a dash, a lone digit."""
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES).casefold()
    folded = " ".join(folded.split()).strip(" [].,:")
    folded = _LABEL.sub("", folded, count=1) if _LABEL.match(folded) else folded
    telling = sum(character.isalnum() for character in folded)
    is_number = telling >= 3 and any(character.isdigit() for character in folded)
    return folded if is_number and folded not in _NO_NAME and len(folded) <= LONGEST_NAME else ""


def is_name(thread: str) -> bool:
    """Whether a thread is such a name, and no symbol."""
    return thread.startswith(MARK)
