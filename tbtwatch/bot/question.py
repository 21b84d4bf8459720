"""How a question to the bot is understood: `[market] [HS, ICS or words] [days]`, in any order.

A number that says what it is ("30天", "HS 22", "8507.60", "67.160.20") is that. A bare number is read so:

- four and more digits: HS;
- one or three digits: days;
- two digits: days if the question names a product already, or if it is 30, 60 or 90; else an HS chapter, if there is
  one of that number. The answer says how it was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from rules.product_areas import ProductArea
from rules.ruleset import RuleSet
from subscriptions.choices import Choices
from tbtwatch.bot.days import DEFAULT_DAYS, MOST_DAYS, take_days
from tbtwatch.bot.fillers import shorter, without_fillers
from tbtwatch.bot.places import take_markets
from tbtwatch.bot.products import find_area
from tbtwatch.bot.schemes import find_scheme
from tbtwatch.pipeline.symbols import tidy
from watcher.codes import CodeError, parse_hs, parse_ics
from watcher.markets import Markets

__all__ = ["DEFAULT_DAYS", "MOST_DAYS", "Question", "understand"]

LONGEST_TEXT: Final = 300  # characters; nobody asks more at once
MOST_WORDS: Final = 8
LONGEST_WORD: Final = 40
COMMON_DIGITS: Final = 6  # of an HS code; the rest means something else in each country
LONGEST_NUMBER: Final = 12
ROUND_DAYS: Final = frozenset({"30", "60", "90"})

_SIGNS: Final = re.compile(r"[\s,，、;；:：/|。!！?？<>\"“”‘’「」《》【】()\[\]{}=*_~`^]+")
_SCRIPTS_MEET: Final = re.compile(r"(?<=[\u3400-\u9fff])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[\u3400-\u9fff])")
#: Groups set apart by blanks ("8507 60 00") are one code from three on; "8507 60" may be a code and days.
_CODES: Final = r"(?P<code>[0-9]{4}(?: [0-9]{2}){2,3}|[0-9]{1,12}(?:\.[0-9]{1,6})*)(?![0-9])"
_MARKED_HS: Final = re.compile(
    r"(?<![a-z])(?:hs\s*(?:编码|代码|码|codes?)?|编码|税号|税则号|海关编码|heading|chapter|partida|chapitre|第(?=[0-9]{1,2}\s*章))"
    rf"\s*[:#.]?\s*{_CODES}\s*章?",
    re.IGNORECASE,
)
_MARKED_ICS: Final = re.compile(rf"(?<![a-z])ics\s*(?:codes?|编码|代码|分类号)?\s*[:#.]?\s*{_CODES}", re.IGNORECASE)
_ICS: Final = re.compile(r"[0-9]{2}\.[0-9]{3}(?:\.[0-9]{2})?")
_NUMBER: Final = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_UNUSED: Final = frozenset({"tbt", "sps"})
_DATE: Final = re.compile(
    r"(?:(?<![a-z])since\s+|自从?|从)?(?<![0-9.])(?P<year>(?:19|20)[0-9]{2})\s*(?:年\s*(?P<month>[0-9]{1,2})\s*月(?:\s*(?P<day>[0-9]{1,2})\s*[日号])?"
    r"|年|[-/.](?P<month_iso>[0-9]{1,2})[-/.](?P<day_iso>[0-9]{1,2})(?![0-9.]))(?:以来|至今|起|之后|以后)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked, as far as it was understood."""

    markets: tuple[str, ...] = ()  #: Members' codes and groups; none: any
    hs: str = ""
    ics: str = ""
    area: str = ""  #: key of a product area
    area_words: str = ""  #: the words that named the area
    scheme: str = ""  #: key of a conformity scheme or mark
    words: str = ""  #: what else to look for in the text
    days: int = DEFAULT_DAYS
    said_days: bool = False
    bare: str = ""  #: a number that might have meant something else
    bare_as: Literal["", "hs", "days"] = ""  #: how it was read
    unlisted: tuple[str, ...] = ()  #: groups that are named but whose Members nobody listed
    unused: tuple[str, ...] = field(default=())  #: what was not made use of
    cut: bool = False  #: the text was too long to be read to its end

    @property
    def is_about_something(self) -> bool:
        """Whether it names a market, a code, a product area or a scheme; mere words may be anything."""
        return bool(self.markets or self.hs or self.ics or self.area or self.scheme or self.unlisted)


def understand(
    text: str,
    *,
    markets: Markets,
    areas: Mapping[str, ProductArea],
    ruleset: RuleSet | None = None,
    today: date | None = None,
) -> Question:
    """Read a question. What is no market, code, product area or number of days is words to look for.

    With the rules in force a product is known by the words by which measures are classified ("锂电池"); without, only
    by the names of the product areas, and no scheme is. A date ("since 2026-03-01") is understood if `today` is given.
    """
    full = tidy(text)
    reading = _Reading(today=today)
    text = _MARKED_ICS.sub(reading.take_ics, full[:LONGEST_TEXT])
    text = _MARKED_HS.sub(reading.take_hs, text)
    text = _DATE.sub(reading.take_date, text)
    days, text = take_days(text)
    reading.days = days if days is not None else reading.days
    every = [word for word in (raw.strip(".'’-") for raw in _SIGNS.split(_SCRIPTS_MEET.sub(" ", text))) if word]
    numbers = [word for word in every if _NUMBER.fullmatch(word)]
    words = [word for word in every if not _NUMBER.fullmatch(word)]
    scheme = find_scheme(words, Choices(facets=ruleset.facets)) if ruleset else None
    places = take_markets(
        scheme.rest if scheme else words,
        markets,
        shorter=shorter,
        only_numbers_else=bool(numbers or reading.hs or reading.days is not None),
    )
    listed, unlisted = _listed(places.markets, markets)
    reading.unused += [word for word in places.words if word.casefold() in _UNUSED]
    wanted = [bare for word in places.words if word.casefold() not in _UNUSED and (bare := without_fillers(word))]
    area = find_area(" ".join(places.words), areas, None) or find_area(" ".join(wanted), areas, ruleset)
    rest = [bare for word in (area.rest if area else wanted) if (bare := without_fillers(word))]
    reading.unused += rest[MOST_WORDS:]
    reading.numbers(numbers, names_product=bool(area or rest))
    return Question(
        markets=listed,
        hs=reading.hs[:COMMON_DIGITS],
        ics=reading.ics,
        area=area.key if area else "",
        area_words=area.words if area else "",
        scheme=scheme.key if scheme else "",
        words=" ".join(word[:LONGEST_WORD] for word in rest[:MOST_WORDS]),
        days=DEFAULT_DAYS if reading.days is None else max(1, min(reading.days, MOST_DAYS)),
        said_days=reading.days is not None,
        bare=reading.bare,
        bare_as=reading.bare_as,
        unlisted=unlisted,
        unused=tuple(dict.fromkeys(word[:LONGEST_WORD] for word in reading.unused)),
        cut=len(full) > LONGEST_TEXT,
    )


@dataclass(slots=True)
class _Reading:
    """What the numbers of a question were found to be, so far."""

    today: date | None
    hs: str = ""
    ics: str = ""
    days: int | None = None
    bare: str = ""
    bare_as: Literal["", "hs", "days"] = ""
    unused: list[str] = field(default_factory=list)

    def take_date(self, found: re.Match[str]) -> str:
        """A day from which on is asked; a mere year or month is not made use of."""
        try:
            since = date(
                int(found["year"]), int(found["month"] or found["month_iso"]), int(found["day"] or found["day_iso"])
            )
        except (TypeError, ValueError):
            since = date.max
        if self.today is None or since > self.today or self.days is not None:
            self.unused.append(found[0].strip())
        else:
            self.days = (self.today - since).days
        return " "

    def take_hs(self, found: re.Match[str]) -> str:
        """A code that is said to be HS."""
        code = _hs(found["code"].replace(" ", ""))
        if not code or self.hs:
            self.unused.append(found[0].strip())
        self.hs = self.hs or code
        return " "

    def take_ics(self, found: re.Match[str]) -> str:
        """A code that is said to be ICS."""
        code = _ics(found["code"])
        if not code or self.ics:
            self.unused.append(found[0].strip())
        self.ics = self.ics or code
        return " "

    def numbers(self, numbers: Iterable[str], *, names_product: bool) -> None:
        """Read the bare numbers by the rule at the head of this module."""
        for number in numbers:
            used = False
            if _ICS.fullmatch(number):
                used = not self.ics and bool(code := _ics(number))
                self.ics = code if used else self.ics
            elif "." in number or len(number) >= 4:
                used = not self.hs and bool(code := _hs(number))
                self.hs = code if used else self.hs
            elif len(number) != 2:
                used = self._as_days(number)
            else:
                used = self._two_digits(number, names_product or bool(self.hs or self.ics))
            if not used:
                self.unused.append(number[:LONGEST_NUMBER])

    def _two_digits(self, number: str, names_product: bool) -> bool:
        code = "" if self.hs else _hs(number)
        as_days = self.days is None and (names_product or number in ROUND_DAYS or not code)
        if as_days and self._as_days(number):
            # Two bare numbers stand in the order of the command, code and days, and nobody need be told.
            self.bare, self.bare_as = (number, "days") if code and not self.bare else ("", "")
            return True
        if code:
            if self.days is None:
                self.bare, self.bare_as = number, "hs"
            self.hs = code
        return bool(code)

    def _as_days(self, number: str) -> bool:
        if self.days is not None:
            return False
        self.days = int(number)
        return True


def _hs(number: str) -> str:
    try:
        return parse_hs(number)
    except CodeError:
        return ""


def _ics(number: str) -> str:
    try:
        return parse_ics(number)
    except CodeError:
        return ""


def _listed(found: tuple[str, ...], markets: Markets) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The markets that stand for Members, and the groups that nobody listed the Members of."""
    empty = tuple(code for code in found if code in markets.groups and not markets.groups[code].members)
    return tuple(code for code in found if code not in empty), empty
