"""On which channels the owner of an address is asked before anything is sent there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn:
    """How consent is asked for."""

    channels: frozenset[str] = frozenset()  #: those on which it is asked for
    days: int = 14  #: in which the question may be answered
    per_day: int = 3  #: most questions to one address in a day, whoever asks for them
    most: int = 3  #: of one enterprise to one address
    invitations: int = 10  #: most owners that one person may have asked within a day, on the pages
    again_after: timedelta = timedelta(days=1)  #: the same question is not repeated earlier


NOT_ASKED = OptIn()
