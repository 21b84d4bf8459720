"""Counts in English, French, Spanish, Portuguese and Vietnamese, in both word orders, with blanks or without."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from watcher.dates import Anchor
from watcher.dates.counts import MASK, Count, day_at, length_of
from watcher.dates.events import event_in
from watcher.dates.patterns import Day
from watcher.dates.words import CALENDAR_DAYS, UNITS, WORKING_DAYS

_units = "|".join(sorted((unit for unit in UNITS if unit.isascii()), key=len, reverse=True))
_KIND_OF_DAY = rf"(?:{WORKING_DAYS}|{CALENDAR_DAYS})"
_STRONG = (
    r"following|after|from|since|post|subsequent to|upon|as of|starting|beginning|commencing|counted|counting|"
    r"apres|suivant|suivants|suivantes|qui suivent|a compter|a partir|depuis|des|"
    r"despues|tras|desde|siguientes?|posteriores?|posterior|contad[oa]s?|luego|"
    r"apos|depois|seguintes?|subsequentes?|a contar|ke tu|tinh tu|tu|sau|"
    r"later|thereafter|hence|plus tard|mas tarde|mais tarde"
)
_WEAK = r"of|du|de|d'|del|da|do|das|dos"
_BEFORE = r"before|prior to|ahead of|in advance of|avant|antes|previos? a|anteriores? a|truoc"

_COUNT = re.compile(
    r"(?<!\d)(?<!\d[./,])(?:(?P<least>\d{1,3}) ?(?:-|~|to|a|et|y|e|or|ou|o|den) ?)?\(?(?P<number>\d{1,4})(?:(?:st|"
    r"nd|rd|th|e|eme|o|a|\.o)(?= (?:calendar |full )?(?:day|jour|dia)))?\)?"
    r"(?: ?\([a-z -]{1,40}\))?[ -]{0,2}"
    rf"(?:{_KIND_OF_DAY} )?"
    rf"(?P<unit>(?:{_units})(?![a-z'])|(?:days?|weeks?|months?|years?)(?=following|after|from|since|prior|before))"
    rf"(?: {_KIND_OF_DAY}(?![a-z]))?(?: ?\(\d{{1,4}}\))?"
    r"(?:(?: and| y| et| e|,)? (?P<more>\d{1,3}) (?P<more_unit>days?|months?|mois|meses|mes|jours?|dias?|ngay|"
    r"thang)(?![a-z]))?"
)
_LINK = re.compile(
    rf"(?<![a-z])(?:(?P<before>{_BEFORE})|(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))(?![a-z])"
    r"|^(?P<joined>following|after|from|since|prior ?to|before)"
)
_TO_A_DAY = re.compile(
    r"[ ,:(]*(?:(?:the|date|of|on|from|day|tu|ngay|la|le|el|du|de|fecha|dia|jour|data|do|da|a|o|khi|vao|"
    r"au) ){0,6}\x01"
)
_DAY_OF_THE_EVENT = re.compile(r" ?(?:date )?(?:on|of|dated|du|de|del|le|el|em|in|ngay|vao ngay)(?: the)? \x01")
_NAMES_A_TEXT = re.compile(
    r"(?!.*(?:until|i\.e|that is|jusqu|hasta|ate |soit|den |es decir))[^,:=\x01]*[a-z][^,:=\x01]*"
)
_CLAUSE_END = re.compile(r"[;\n()\[\]。]|\.(?= ?[a-z]{4}| ?$)")
_PLUS = re.compile(r"(?P<sign>[+]|plus|mas|mais|minus|-) ?$")
_REACH = 240


def latin_counts(text: str, days: Sequence[Day]) -> Iterator[Count]:
    """The counts in a masked, folded `text`, whose stated days are `days`."""
    for found in _COUNT.finditer(text):
        yield _count_ahead(text, found, days) or _count_behind(text, found, days)


def _count_ahead(text: str, found: re.Match[str], days: Sequence[Day]) -> Count | None:
    """ "60 days AFTER NOTIFICATION": the event comes behind the number. None: nothing to count from there."""
    start = found.end()
    while start < len(text) and text[start] in " ,(:":
        start += 1
    cut = _CLAUSE_END.search(text, start, start + _REACH)
    clause = text[start : cut.start() if cut else start + _REACH]
    links = list(_LINK.finditer(clause))
    if not links or links[0].start() > 60:
        return None
    first = links[0]
    event = event_in(clause[first.end() :], nearest="first")
    event_start = first.end() + event[1] if event else len(clause)
    event_end = first.end() + event[2] if event else len(clause)
    for link in links:
        to_a_day = _TO_A_DAY.match(clause, link.end())
        if to_a_day and to_a_day.end() <= event_start:
            return _count(found, link, base=day_at(days, start + to_a_day.end() - 1))
    named = tuple(day for day in days if start <= day.start < start + len(clause))
    if event:
        leading = [link for link in links if link.end() <= event_start]
        nearest_link = ([link for link in leading if not link["weak"]] or leading)[-1]
        if own_day := _DAY_OF_THE_EVENT.match(clause, event_end):
            return _count(found, nearest_link, base=day_at(days, start + own_day.end() - 1))
        spoken_for = tuple(day for day in named if _NAMES_A_TEXT.fullmatch(clause[event_end : day.start - start]))
        return _count(found, nearest_link, anchor=event[0], spoken_for=spoken_for)
    if first["weak"]:
        return None
    behind = _count_behind(text, found, days)
    return behind if behind.linked else _count(found, first, spoken_for=named)


def _count(found: re.Match[str], link: re.Match[str], **what: object) -> Count:
    back = link["before"] is not None or (link["joined"] or "").startswith(("prior", "before"))
    return Count(start=found.start(), end=found.end(), length=length_of(found), back=back, linked=True, **what)  # type: ignore[arg-type]


def _count_behind(text: str, found: re.Match[str], days: Sequence[Day]) -> Count:
    """ "PUBLICATION + 60 days", "AFTER NOTIFICATION, 60 days": the event comes before the number."""
    start = max(0, found.start() - 160)
    before = text[start : found.start()]
    count = Count(start=found.start(), end=found.end(), length=length_of(found))
    plus = _PLUS.search(before)
    if plus:
        back = plus["sign"] in {"-", "minus"}
        before = before[: plus.start()].rstrip()
        if before.endswith(MASK):
            return _linked(count, back=back, base=day_at(days, start + len(before) - 1))
        if event := event_in(before, nearest="last"):
            return _linked(count, back=back, anchor=event[0])
        return _linked(count, back=back) if before.endswith("?") else count
    cuts = [cut.end() for cut in _CLAUSE_END.finditer(before)]
    clause = before[cuts[-1] :] if cuts else before
    links = [link for link in _LINK.finditer(clause) if not link["weak"]]
    if not links:
        return count
    back = links[0]["before"] is not None
    if event := event_in(clause[links[0].end() :], nearest="last"):
        return _linked(count, back=back, anchor=event[0])
    if _TO_A_DAY.fullmatch(clause.rstrip(" ,:").rstrip(MASK) + MASK, links[0].end()):
        return _linked(count, back=back, base=day_at(days, start + len(before.rstrip(" ,:")) - 1))
    return count


def _linked(count: Count, *, back: bool, anchor: Anchor | None = None, base: Day | None = None) -> Count:
    return Count(
        start=count.start,
        end=count.end,
        length=count.length,
        back=back,
        anchor=anchor,
        base=base,
        linked=True,
    )
