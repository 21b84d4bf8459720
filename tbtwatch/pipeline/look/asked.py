"""What a visitor asks for, as it stands in the address of a page.

Anything may stand there: what is no value asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from rules.product_areas import ProductArea
from subscriptions.choices import STAGES
from watcher.markets import Markets

RELEVANCE, NEWEST, DEADLINE = "relevance", "newest", "deadline"
SORTS = (RELEVANCE, NEWEST, DEADLINE)
MOST_PAGES = 1000
_MOST_VALUES = 30
_HS = re.compile(r"\d{2,10}", re.ASCII)
_ICS = re.compile(r"\d{2}(?:\.\d{3}(?:\.\d{2})?)?", re.ASCII)
_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,60}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Filters; empty ones ask nothing. Several values of one filter mean any of them."""

    text: str = ""
    markets: tuple[str, ...] = ()  #: Members or groups
    areas: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()  #: digits, beginnings of codes
    ics: tuple[str, ...] = ()
    open: bool = False
    since: date | None = None
    sort: str = ""  #: empty: relevance if there are words, else newest
    page: int = 1

    @property
    def sorted_by(self) -> str:
        """The order that is meant."""
        return self.sort or (RELEVANCE if self.text else NEWEST)

    @property
    def filtered(self) -> bool:
        """Whether anything is asked."""
        return self != Asked(sort=self.sort, page=self.page)

    def query(self) -> str:
        """As it stands in an address."""
        pairs: list[tuple[str, str]] = [("q", self.text)] if self.text else []
        for name, values in _NAMES.items():
            pairs += [(name, value) for value in getattr(self, values)]
        if self.open:
            pairs.append(("open", "1"))
        if self.since:
            pairs.append(("since", self.since.isoformat()))
        if self.sort:
            pairs.append(("sort", self.sort))
        if self.page > 1:
            pairs.append(("page", str(self.page)))
        return urlencode(pairs)

    def with_value(self, name: str, value: str) -> Asked:
        """With one more value of a filter, from the first page on; one that is there is taken away."""
        had: tuple[str, ...] = getattr(self, name)
        values = tuple(each for each in had if each != value) if value in had else (*had, value)
        return replace(self, **{name: values}, page=1)  # type: ignore[arg-type]


_NAMES: Mapping[str, str] = {
    "market": "markets",
    "area": "areas",
    "kind": "kinds",
    "stage": "stages",
    "hs": "hs",
    "ics": "ics",
}


def read_asked(
    pairs: Iterable[tuple[str, str]], *, markets: Markets, areas: Mapping[str, ProductArea], today: date
) -> Asked:
    """What the pairs of an address ask. Never raises."""
    given: dict[str, list[str]] = {}
    for name, value in list(pairs)[:200]:
        if value.strip():
            given.setdefault(name, []).append(value.strip()[:300])

    return Asked(
        text=" ".join("".join(c if c.isprintable() else " " for c in given.get("q", [""])[0]).split()),
        markets=_few([code for each in given.get("market", []) if (code := _market(each, markets))]),
        areas=_few([each for each in given.get("area", []) if each in areas]),
        kinds=_few([each for each in given.get("kind", []) if _KEY.fullmatch(each)]),
        stages=_few([each for each in given.get("stage", []) if each in STAGES]),
        hs=_few([code for each in _split(given.get("hs", [])) if _HS.fullmatch(code := each.replace(".", ""))]),
        ics=_few([each for each in _split(given.get("ics", [])) if _ICS.fullmatch(each)]),
        open="open" in given and given["open"][0] != "0",
        since=_day(given.get("since", [""])[0], today),
        sort=sort if (sort := given.get("sort", [""])[0]) in SORTS else "",
        page=min(int(page), MOST_PAGES) if re.fullmatch(r"[1-9]\d{0,5}", page := given.get("page", ["1"])[0]) else 1,
    )


def _few(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))[:_MOST_VALUES]


def _split(values: Iterable[str]) -> list[str]:
    """Codes may be typed in one field: "8507, 8506"."""
    return [part for value in values for part in re.split(r"[\s,;，；、]+", value) if part]


def _market(text: str, markets: Markets) -> str | None:
    """A Member's code or a group's key, by it or by a name."""
    if text in markets.members:
        return text
    try:
        return markets.resolve(text)
    except ValueError:
        return None


def _day(text: str, today: date) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day <= today else None
