"""A source's address after its publisher said that it has moved for good: believed once it was said again and again.

One 301 may be a mistake of an afternoon, or a hotel's network between us and the publisher. So the new address is
used only after three polls over at least a day were sent there, and given up as soon as nothing is there.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

#: So many polls must be sent to one new address, over so long, before it is used.
TIMES = 3
OVER = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a source's first request goes, besides what its settings say."""

    of: str = ""  #: the address in the settings that all this is about; another one, and it is forgotten
    used: str = ""  #: what is asked instead; empty: the one in the settings
    told: str = ""  #: where the publisher says it has moved to
    times: int = 0  #: so many polls in a row were told so
    since: datetime | None = None  #: when the first of them was
    used_since: datetime | None = None  #: since when its publisher sends us to the address that is used

    def instead_of(self, url: str) -> str:
        """What to ask when the settings say `url`."""
        return self.used if self.used and self.of == url else url

    def told_to(self, target: str | None, *, url: str, now: datetime) -> Address:
        """What is known after a poll of `url` that was sent for good to `target`; None: it was answered there."""
        known = self if self.of == url else Address(of=url)
        if target is None or target in (known.used, url):
            return replace(known, told="", times=0, since=None)
        if target != known.told:
            return replace(known, told=target, times=1, since=now)
        known = replace(known, times=known.times + 1)
        if known.times >= TIMES and known.since is not None and now - known.since >= OVER:
            return Address(of=url, used=target, used_since=known.since)
        return known

    def lost(self) -> Address:
        """What is known after nothing was found at the new address: the one in the settings is asked again."""
        return Address(of=self.of)
