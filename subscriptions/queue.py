"""Measures that a person should decide about first: nobody is sure what they concern, and somebody waits."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from rules.classification import INFERRED_BY, AreaFound, Classification, Facet, Finding, Grade
from rules.product_areas import ProductAreas
from subscriptions.index import SubscriptionIndex
from subscriptions.matching import Subject
from watcher.measure import Facts, Measure, MeasureStatus

MOST = 5  #: decisions shown for a measure
GUESSED = 3  #: of these, where nothing in the measure points to any
NAMED = 3  #: subscriptions shown for a decision

_HALF = 30  #: days in which a deadline loses half its weight
_PASSED = 0.1  #: weight of a measure with no day to come


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A decision that a person could take, and who would hear of the measure by it."""

    what: str  #: as staff write it: "area:toys", "hs:9503"
    because: str  #: what points to it; empty: only that so many ask for it
    releases: int  #: subscriptions that would fit then and do not now
    examples: tuple[int, ...]  #: some of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A measure in the queue."""

    measure: int
    symbol: str
    title: str
    doubt: str  #: "in no area", "only inferred", "only broad"
    day: date | None  #: the next day that matters, None: none to come
    days_left: int | None
    waiting: int  #: subscriptions that one decision or another would release
    weight: float  #: waiting × closeness of that day
    candidates: tuple[Candidate, ...]


def doubt_of(classification: Classification) -> str:
    """Why nobody is sure what a measure concerns; empty: its areas are named."""
    if not classification.areas:
        return "only inferred" if inferred(classification) else "in no area"
    return "only broad" if all(found.grade is Grade.BROAD for found in classification.areas) else ""


def inferred(classification: Classification) -> list[Finding]:
    """The codes that no notice states."""
    return [
        finding
        for finding in classification.findings
        if finding.facet in (Facet.HS, Facet.ICS) and all(each.rule == INFERRED_BY for each in finding.evidence)
    ]


def next_day(facts: Facts, today: date) -> date | None:
    """The next day that matters: the end of comments, then adoption or entry into force."""
    draft = facts.status is MeasureStatus.DRAFT
    days = (
        facts.comment_deadline.value if draft else None,
        facts.proposed_adoption.value if draft else None,
        facts.in_force_on.value or facts.proposed_entry_into_force.value,
    )
    return min((day for day in days if day is not None and day >= today), default=None)


def closeness(days_left: int | None) -> float:
    """1 on the day itself, a half thirty days before, a quarter ninety days before; a tenth where none is to come."""
    return _PASSED if days_left is None else max(_PASSED, _HALF / (_HALF + days_left))


def doubtful(
    measure: Measure,
    classification: Classification,
    *,
    index: SubscriptionIndex,
    areas: ProductAreas,
    today: date,
    symbol: str,
) -> Doubtful | None:
    """A measure as it stands in the queue; None if nothing about it is doubtful, or it was withdrawn."""
    doubt = doubt_of(classification)
    if not doubt or measure.facts.status is MeasureStatus.WITHDRAWN:
        return None
    subject = Subject.of(measure, classification)
    told = index.find_subject(subject).ids
    everywhere = {key: AreaFound(area=key, grade=Grade.DIRECT, evidence=()) for key in areas}
    waiting = index.find_subject(replace(subject, areas=everywhere)).ids - told
    by_area: dict[str, list[int]] = {}
    for id in waiting:
        for area in index.question(id).criteria.areas:
            by_area.setdefault(area, []).append(id)
    pointed = pointers(classification, measure.facts, areas)
    released = {f"area:{area}": (because, set(by_area.get(area, ()))) for area, because in pointed.items()}
    for finding in inferred(classification):
        stated = (
            replace(subject, hs=(*subject.hs, finding.value))
            if finding.facet is Facet.HS
            else replace(subject, ics=(*subject.ics, finding.value))
        )
        ids = set(index.find_subject(stated).ids - told)
        released[f"{finding.facet.value}:{finding.value}"] = _words(finding), ids
    if not released:
        often = sorted(by_area, key=lambda area: (-len(by_area[area]), area))[:GUESSED]
        released = {f"area:{area}": ("", set(by_area[area])) for area in often}
    found = [_candidate(what, because, ids) for what, (because, ids) in released.items()]
    found.sort(key=lambda one: (-one.releases, one.what))
    number = len({id for _, ids in released.values() for id in ids})
    day = next_day(measure.facts, today)
    left = None if day is None else (day - today).days
    return Doubtful(
        measure=measure.id or 0,
        symbol=symbol,
        title=measure.facts.title,
        doubt=doubt,
        day=day,
        days_left=left,
        waiting=number,
        weight=number * closeness(left),
        candidates=tuple(found[:MOST]),
    )


def pointers(classification: Classification, facts: Facts, areas: ProductAreas) -> dict[str, str]:
    """The areas that something in a measure points to, and what: graded broad, or under codes stated or inferred."""
    found = {one.area: "graded broad now" for one in classification.areas}
    codes = [(finding.facet, finding.value, "inferred") for finding in inferred(classification)]
    codes += [(Facet.HS, code, "stated") for code in facts.hs_codes]
    codes += [(Facet.ICS, code, "stated") for code in facts.ics_codes]
    for area in areas.values():
        for facet, code, how in codes:
            prefixes = area.hs if facet is Facet.HS else area.ics
            if area.key not in found and any(_under(code, prefix) for prefix in prefixes):
                found[area.key] = f"{facet.value.upper()} {code} is {how}"
    return found


def _under(code: str, prefix: str) -> bool:
    return code.replace(".", "").startswith(prefix.replace(".", ""))


def _candidate(what: str, because: str, ids: Iterable[int]) -> Candidate:
    several = sorted(ids)
    return Candidate(what=what, because=because, releases=len(several), examples=tuple(several[:NAMED]))


def _words(finding: Finding) -> str:
    quotes = [quote for evidence in finding.evidence for quote in evidence.quotes]
    return f"inferred from {', '.join(repr(quote) for quote in quotes[:3])}" if quotes else "inferred"
