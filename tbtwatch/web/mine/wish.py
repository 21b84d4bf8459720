"""What is wanted of a subscription, as it stands in an address or a form: read leniently, and written back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import time
from typing import Final
from urllib.parse import urlencode

from rules.classification import Grade
from subscriptions.criteria import Criteria, Frequency, Subscription
from subscriptions.rhythm import AT_ANY_TIME, WEEKDAYS, Rhythm, known_countries
from watcher.markets import Markets

LANGUAGES: Final = ("zh", "en")
MOST: Final = 300  #: values of one kind
LONGEST: Final = 200
HOURS: Final = tuple(f"{hour:02d}:00" for hour in range(24))
QUIET: Final = ("22:00-07:00", "20:00-08:00", "18:00-09:00", "12:00-14:00")
HOLIDAYS: Final = ("CN", "HK", "SG", "US", "DE", "FR", "GB", "JP", "KR")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What somebody has chosen so far."""

    markets: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    hs: tuple[str, ...] = ()
    ics: tuple[str, ...] = ()
    words: str = ""  #: one of these has to occur, parted by commas
    exclude: str = ""
    grade: Grade = Grade.PROBABLE
    frequency: Frequency = Frequency.DAILY
    at: str = ""  #: the hour at which digests go out
    weekday: int = 0
    quiet: str = ""
    holidays: str = ""
    language: str = "zh"
    name: str = ""
    enterprise: str = ""  #: the number of one of theirs; "" for a new one
    firm: str = ""  #: what the new one is called
    find: str = ""  #: words for goods that are looked up
    open: str = ""  #: the HS code whose parts are shown
    why: str = ""  #: of a change

    @property
    def asks(self) -> bool:
        """Whether anything is asked."""
        return bool(self.markets or self.areas or self.hs or self.ics or self.words.strip())

    def criteria(self, before: Criteria | None = None) -> Criteria:
        """The question. Of one there was before, what cannot be chosen here stays."""
        return replace(
            before or Criteria(),
            markets=frozenset(self.markets),
            areas=frozenset(self.areas),
            hs=frozenset(self.hs),
            ics=frozenset(self.ics),
            keywords=frozenset(_parts(self.words)),
            exclusions=frozenset(_parts(self.exclude)),
            grade=self.grade,
        )

    def rhythm(self, before: Rhythm = AT_ANY_TIME) -> Rhythm:
        """When it may be told."""
        start, _, end = self.quiet.partition("-")
        return replace(
            before,
            weekday=self.weekday,
            digest_at=time.fromisoformat(self.at) if self.at else None,
            quiet_from=time.fromisoformat(start) if self.quiet else None,
            quiet_until=time.fromisoformat(end) if self.quiet else None,
            holidays=self.holidays,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """As a form has it, without what is only looked up."""
        several = (("market", self.markets), ("area", self.areas), ("hs", self.hs), ("ics", self.ics))
        single = (
            ("words", self.words),
            ("exclude", self.exclude),
            ("grade", self.grade.value),
            ("often", self.frequency.value),
            ("at", self.at),
            ("weekday", str(self.weekday)),
            ("quiet", self.quiet),
            ("holidays", self.holidays),
            ("lang", self.language),
            ("name", self.name),
            ("enterprise", self.enterprise),
            ("firm", self.firm),
        )
        return [(name, one) for name, values in several for one in values] + [pair for pair in single if pair[1]]

    def query(self, **over: object) -> str:
        """As an address has it."""
        return urlencode(replace(self, **over).pairs())  # type: ignore[arg-type]


def read_wish(
    pairs: Iterable[tuple[str, str]],
    *,
    markets: Markets,
    areas: Mapping[str, object],
    hs: Mapping[str, object],
    ics: Mapping[str, object],
    language: str,
) -> Wish:
    """The choices of an address or a form. What is no choice is left out."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        several = given.setdefault(name, [])
        if len(several) < MOST:
            several.append(value[:LONGEST])

    def one(name: str) -> str:
        return " ".join(given.get(name, [""])[-1].split())

    def among(name: str, known: Iterable[str]) -> str:
        return one(name) if one(name) in known else ""

    def all_of(name: str, known: Mapping[str, object]) -> tuple[str, ...]:
        return tuple(sorted({value for value in given.get(name, []) if value in known}))

    known = {*markets.members, *(key for key, group in markets.groups.items() if group.members)}
    quiet = one("quiet")
    return Wish(
        markets=tuple(sorted({value for value in given.get("market", []) if value in known})),
        areas=all_of("area", areas),
        hs=_outer(value for value in given.get("hs", []) if value in hs),
        ics=_outer(value for value in given.get("ics", []) if value in ics),
        words=one("words"),
        exclude=one("exclude"),
        grade=Grade(among("grade", list(Grade)) or Grade.PROBABLE),
        frequency=Frequency(among("often", list(Frequency)) or Frequency.DAILY),
        at=one("at") if _is_clock(one("at")) else "",
        weekday=int(among("weekday", [str(day) for day in range(7)]) or 0),
        quiet=quiet if _is_quiet(quiet) else "",
        holidays=among("holidays", known_countries()),
        language=among("lang", LANGUAGES) or language,
        name=one("name")[:100],
        enterprise=one("enterprise") if one("enterprise").isdecimal() and len(one("enterprise")) < 19 else "",
        firm=one("firm")[:120],
        find=one("find"),
        open=one("open") if one("open") in hs else "",
        why=one("why"),
    )


def wish_of(subscription: Subscription) -> Wish:
    """A subscription as choices."""
    criteria, rhythm = subscription.criteria, subscription.rhythm
    quiet = ""
    if rhythm.quiet_from is not None and rhythm.quiet_until is not None:
        quiet = f"{rhythm.quiet_from:%H:%M}-{rhythm.quiet_until:%H:%M}"
    return Wish(
        markets=tuple(sorted(criteria.markets)),
        areas=tuple(sorted(criteria.areas)),
        hs=tuple(sorted(criteria.hs)),
        ics=tuple(sorted(criteria.ics)),
        words=", ".join(sorted(criteria.keywords)),
        exclude=", ".join(sorted(criteria.exclusions)),
        grade=criteria.grade,
        frequency=subscription.frequency,
        at=f"{rhythm.digest_at:%H:%M}" if rhythm.digest_at else "",
        weekday=rhythm.weekday,
        quiet=quiet,
        holidays=rhythm.holidays,
        language=subscription.language,
        name=subscription.name,
    )


def weekday_names(language: str) -> list[str]:
    """The days of a week, Monday first."""
    if language == "zh":
        return [f"星期{day}" for day in "一二三四五六日"]
    return [day.capitalize() for day in WEEKDAYS]


def _parts(text: str) -> list[str]:
    for sign in "，、;；":
        text = text.replace(sign, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def _outer(codes: Iterable[str]) -> tuple[str, ...]:
    """Without those that lie in another one that is chosen."""
    chosen = sorted(set(codes))
    return tuple(one for one in chosen if not any(one != other and one.startswith(other) for other in chosen))


def _is_clock(text: str) -> bool:
    try:
        time.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 5


def _is_quiet(text: str) -> bool:
    start, dash, end = text.partition("-")
    return bool(dash) and _is_clock(start) and _is_clock(end) and start != end
