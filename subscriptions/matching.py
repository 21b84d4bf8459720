"""Whether a measure fits a subscription, read condition by condition: the plain meaning of `Criteria`.

`subscriptions.index` answers the same question for all subscriptions at once and must agree with `read`, which is
kept simple enough to be checked against the docstrings of `subscriptions.criteria` by eye.

What grade a condition has:

    HS, ICS     direct: the measure states the code asked for or a narrower one ("2202" for "22");
                broad: it states only a wider one ("85" for "850760"), or another national line or another edition's
                code of the same ("8507600020" for "8507600090", "851712" for "851713");
                probable or broad, as the classification says: such a code is inferred from the words of the measure
    area        the grade of the classification
    further     kinds, stages, objectives, schemes, duties: the grade of the classification; a standard likewise, and
                broad where only the series or another part of the number stands ("IEC 60335" for "IEC 60335-1");
                agencies, sources, measures: direct
    keyword     direct: in the title or the products; probable: in the summary, in what addenda add or in a linked
                document

The grade of the match is the best of its product conditions; if no product was asked for, the best of its
keywords; if neither was, direct. It is never surer than any of the further conditions, each at its best.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from rules.classification import AreaFound, Classification, Facet, Finding, Grade
from rules.terms import Folded, Hit, TermError, fold, occurs
from subscriptions.criteria import (
    FURTHER,
    Condition,
    Criteria,
    Match,
    Part,
    Refusal,
    Subscription,
    asks_further,
    further,
)
from subscriptions.findings import (
    QUOTED,
    because_of,
    common_codes,
    found_further,
    further_met_by,
    inferred_codes,
    is_unstated,
)
from subscriptions.origin import OF_ORIGIN, Origin, asked_in_words, met_by
from watcher.markets import Markets
from watcher.measure import ChangeKind, FactChange, Measure

#: Where keywords are looked for, surest first, and what a keyword found there is worth.
SEARCHED = (
    ("title", Grade.DIRECT),
    ("products_covered", Grade.DIRECT),
    ("content_summary", Grade.PROBABLE),
    ("further_text", Grade.PROBABLE),
    ("document_text", Grade.PROBABLE),
)
#: Where an exclusion is not looked for: the pages of a document hold many words, and must not silence what its notice
#: says.
NEVER_EXCLUDES = "document_text"

_RANK = {grade: grade.rank for grade in Grade}
#: How many codes of a measure are listed in a refusal before the rest is only counted.
_LISTED = 12


class Asking(Protocol):
    """Whoever asks a standing question: a subscription, or what the index keeps of it."""

    @property
    def id(self) -> int:
        """The number of the subscription."""

    @property
    def version(self) -> int:
        """Its version."""

    @property
    def criteria(self) -> Criteria:
        """What it asks."""


@dataclass(frozen=True, slots=True)
class Text:
    """One searched field of a measure, folded once for all the keywords that are looked for in it."""

    field: str
    grade: Grade
    folded: Folded


@dataclass(frozen=True, slots=True)
class Subject:
    """A measure made ready to be asked many questions."""

    members: tuple[str, ...]
    hs: tuple[str, ...]
    hs_common: tuple[str, ...]  #: what these were cut or lifted to, where it is wider than they are
    ics: tuple[str, ...]
    areas: Mapping[str, AreaFound]
    texts: tuple[Text, ...]  #: surest first; empty fields are left out
    ruleset_version: int
    hs_inferred: Mapping[
        str, Finding
    ]  #: codes that the words of the measure speak for, none of them surer than probable
    ics_inferred: Mapping[str, Finding]
    found: Mapping[Part, Mapping[str, Finding]]  #: for each further condition, by the form it is compared in
    origin: Origin  #: what answers those of the further conditions that are not found by rules

    @classmethod
    def of(cls, measure: Measure, classification: Classification) -> Subject:
        """The subject that a measure and its classification make."""
        facts = measure.facts
        areas: dict[str, AreaFound] = {}
        for found in classification.areas:
            if found.area not in areas or found.grade.rank < areas[found.area].grade.rank:
                areas[found.area] = found
        return cls(
            members=tuple(dict.fromkeys(facts.notifying_members)),
            hs=tuple(dict.fromkeys(facts.hs_codes)),
            hs_common=common_codes(classification, facts.hs_codes),
            ics=tuple(dict.fromkeys(facts.ics_codes)),
            areas=areas,
            texts=tuple(
                Text(field, grade, fold(text)) for field, grade in SEARCHED if (text := str(getattr(facts, field)))
            ),
            ruleset_version=classification.ruleset_version,
            hs_inferred=inferred_codes(classification, Facet.HS),
            ics_inferred=inferred_codes(classification, Facet.ICS),
            found=found_further(classification),
            origin=Origin.of(measure),
        )


def read(
    subscription: Subscription, measure: Measure, classification: Classification, markets: Markets
) -> Match | Refusal:
    """Whether a measure fits a subscription: the receipt, or the first condition that failed.

    The conditions are tried in the order of `Part`: market, product, the further ones, keyword, exclusion, grade.
    Kinds of change are judged apart (`wants`), and so is whether the subscription has ended.
    """
    return read_subject(subscription, Subject.of(measure, classification), markets)


def why_not(
    subscription: Subscription, measure: Measure, classification: Classification, markets: Markets
) -> Refusal | None:
    """The first condition that a measure fails; None: it fits."""
    answer = read(subscription, measure, classification, markets)
    return answer if isinstance(answer, Refusal) else None


def read_subject(subscription: Asking, subject: Subject, markets: Markets) -> Match | Refusal:
    """`read` for a measure that many subscriptions are read against."""
    criteria = subscription.criteria

    def refused(part: Part, asked: str, found: str = "", *, field: str = "", because: str = "") -> Refusal:
        return Refusal(subscription=subscription.id, part=part, asked=asked, found=found, field=field, because=because)

    markets_met = _markets_met(criteria, subject, markets)
    if criteria.markets and not markets_met:
        return refused(Part.MARKET, ", ".join(sorted(criteria.markets)), _listed(subject.members))

    products_met = _products_met(criteria, subject)
    if asks_for_product(criteria) and not products_met:
        return refused(Part.PRODUCT, products_asked(criteria), _products_stated(criteria, subject))

    further_met: list[Condition] = []
    weakest: list[Condition] = []  # of each further condition its surest hit
    for part in FURTHER if asks_further(criteria) else ():
        if not (wanted_values := further(criteria, part)):
            continue
        if part in OF_ORIGIN:
            met, has = met_by(part, wanted_values, subject.origin), subject.origin.has(part)
        else:
            met = further_met_by(part, wanted_values, subject.found[part])
            has = tuple(finding.value for finding in subject.found[part].values())
        if not met:
            return refused(part, asked_in_words(part, wanted_values), _listed(has))
        further_met += met
        weakest.append(met[0])

    keywords_met = _keywords_met(criteria, subject)
    if criteria.keywords and not keywords_met:
        return refused(Part.KEYWORD, ", ".join(sorted(criteria.keywords)))

    for excluded in sorted(criteria.exclusions):
        if found := _first(excluded, subject, but=NEVER_EXCLUDES):
            return refused(Part.EXCLUSION, excluded, found[1].quote, field=found[0].field)

    deciding = [*(products_met or keywords_met)[:1], *weakest]
    last = max(deciding, key=lambda condition: _RANK[condition.grade], default=None)
    grade = last.grade if last else Grade.DIRECT
    if last and not grade.at_least(criteria.grade):
        because = because_of(last)
        return refused(Part.GRADE, criteria.grade.value, grade.value, because=because)

    return Match(
        subscription=subscription.id,
        version=subscription.version,
        grade=grade,
        conditions=(*markets_met, *products_met, *further_met, *keywords_met),
        ruleset_version=subject.ruleset_version,
    )


def asks_for_product(criteria: Criteria) -> bool:
    """Whether the product condition is asked at all; if not, it holds always."""
    return bool(criteria.hs or criteria.ics or criteria.areas)


@lru_cache(maxsize=16384)
def hs_steps(code: str) -> tuple[str, ...]:
    """An HS code and the wider ones that it begins with, widest first."""
    return tuple(code[:length] for length in range(1, len(code) + 1))


@lru_cache(maxsize=16384)
def ics_steps(code: str) -> tuple[str, ...]:
    """An ICS code and the wider ones it belongs to, widest first: "67", "67.080", "67.080.10"."""
    parts = code.split(".")
    return tuple(".".join(parts[:length]) for length in range(1, len(parts) + 1))


def wants(subscription: Asking, changes: Iterable[ChangeKind | FactChange]) -> bool:
    """Whether the subscriber wants to be told of at least one of these changes (or kinds of change)."""
    return any(
        (change.kind if isinstance(change, FactChange) else change) in subscription.criteria.changes
        for change in changes
    )


def wanted(subscription: Subscription, changes: Iterable[FactChange]) -> tuple[FactChange, ...]:
    """Those of the changes that the subscriber wants to be told of, in the same order."""
    return tuple(change for change in changes if change.kind in subscription.criteria.changes)


def why_not_told(subscription: Asking, changes: Iterable[ChangeKind | FactChange]) -> Refusal | None:
    """Why a subscriber whose criteria fit is not told of these changes; None: one of them is wanted."""
    kinds = dict.fromkeys(change.kind if isinstance(change, FactChange) else change for change in changes)
    if wants(subscription, kinds):
        return None
    return Refusal(
        subscription=subscription.id,
        part=Part.CHANGE,
        asked=", ".join(sorted(subscription.criteria.changes)),
        found=", ".join(kinds),
    )


def products_asked(criteria: Criteria) -> str:
    """What products a subscriber asked for: "HS 22, 33; ICS 67.160; area food"."""
    return _products(sorted(criteria.hs), sorted(criteria.ics), sorted(criteria.areas))


def _markets_met(criteria: Criteria, subject: Subject, markets: Markets) -> list[Condition]:
    met = []
    for asked in sorted(criteria.markets):
        wide = markets.expand((asked,))
        if members := [member for member in subject.members if member in wide]:
            met.append(Condition(part=Part.MARKET, asked=asked, found=", ".join(members), field="notifying_members"))
    return met


def _products_met(criteria: Criteria, subject: Subject) -> list[Condition]:
    """Every product alternative that holds, the surest first."""
    met: list[Condition] = []
    for asked in sorted(criteria.hs):
        met += hs_met(asked, subject.hs, subject.hs_common, subject.hs_inferred)
    for asked in sorted(criteria.ics):
        narrower = [code for code in subject.ics if asked in ics_steps(code)]
        wider = [code for code in subject.ics if code in ics_steps(asked)[:-1]]
        inferred: tuple[Finding, ...] = ()
        around: tuple[Finding, ...] = ()
        if subject.ics_inferred and not narrower:
            inferred = tuple(one for code, one in subject.ics_inferred.items() if asked in ics_steps(code))
            around = tuple(one for code, one in subject.ics_inferred.items() if code in ics_steps(asked)[:-1])
        met += _code_met("ICS", "ics_codes", asked, narrower, wider, inferred, around)
    for asked in sorted(criteria.areas):
        if area := subject.areas.get(asked):
            met.append(_area_met(area))
    return sorted(met, key=lambda condition: _RANK[condition.grade])


def hs_met(
    asked: str, stated: Sequence[str], common: Sequence[str], by_words: Mapping[str, Finding]
) -> list[Condition]:
    """What of a measure meets one HS code asked for: its stated codes, what these were cut or lifted to, and those that
    its words speak for. At most one condition.
    """
    narrower = [code for code in stated if code.startswith(asked)]
    wider = [code for code in (*stated, *common) if code != asked and asked.startswith(code)]
    inferred: tuple[Finding, ...] = ()
    around: tuple[Finding, ...] = ()
    if by_words and not narrower:
        inferred = tuple(one for code, one in by_words.items() if code.startswith(asked))
        around = tuple(one for code, one in by_words.items() if code != asked and asked.startswith(code))
    return _code_met("HS", "hs_codes", asked, narrower, wider, inferred, around)


def _code_met(
    name: str,
    field: str,
    asked: str,
    narrower: list[str],
    wider: list[str],
    inferred: tuple[Finding, ...],
    around: tuple[Finding, ...],
) -> list[Condition]:
    """What meets one code asked for: what is stated before what is inferred, unless only a wider code is stated.

    `inferred`: this code or a narrower one, `around`: a wider one, read from the words of the measure.
    """
    best = min((finding.grade for finding in inferred), key=_RANK.__getitem__) if inferred else Grade.BROAD
    if codes := narrower or (wider if best is Grade.BROAD else []):
        grade = Grade.DIRECT if narrower else Grade.BROAD
        found = f"{name} {_listed(codes)}"
        return [Condition(part=Part.PRODUCT, asked=f"{name} {asked}", found=found, grade=grade, field=field)]
    if not (findings := tuple(finding for finding in inferred if finding.grade is best) or around):
        return []
    evidence = next(one for one in findings[0].evidence if is_unstated(one))
    return [
        Condition(
            part=Part.PRODUCT,
            asked=f"{name} {asked}",
            found=f"{name} {_listed(finding.value for finding in findings)}",
            grade=best if inferred else Grade.BROAD,
            field=evidence.field,
            inferred=", ".join(dict.fromkeys(evidence.quotes[:QUOTED])) or evidence.rule,
        )
    ]


def _area_met(area: AreaFound) -> Condition:
    """The best evidence of an area, as the receipt shows it."""
    best = min(area.evidence, key=lambda evidence: evidence.grade.rank, default=None)
    found, field = area.area, ""
    if best is not None:
        field = best.field
        quoted = ", ".join(dict.fromkeys(best.quotes[:QUOTED]))
        name = {"hs_codes": "HS ", "ics_codes": "ICS "}.get(field, "")
        found = f"{name}{quoted}" if quoted else area.area
    return Condition(part=Part.PRODUCT, asked=f"area {area.area}", found=found, grade=area.grade, field=field)


def _keywords_met(criteria: Criteria, subject: Subject) -> list[Condition]:
    """Every keyword that occurs, where it is surest; the surest first."""
    met = []
    for asked in sorted(criteria.keywords):
        if found := _first(asked, subject):
            text, hit = found
            met.append(Condition(part=Part.KEYWORD, asked=asked, found=hit.quote, grade=text.grade, field=text.field))
    return sorted(met, key=lambda condition: _RANK[condition.grade])


def _first(phrase: str, subject: Subject, but: str = "") -> tuple[Text, Hit] | None:
    """Where a phrase occurs first, in the surest field but this one."""
    texts = (text for text in subject.texts if text.field != but)
    try:
        return next(((text, hit) for text in texts if (hit := occurs(phrase, text.folded))), None)
    except TermError:
        # Refused when a subscription is made; one that was stored otherwise occurs nowhere.
        return None


def _products_stated(criteria: Criteria, subject: Subject) -> str:
    """What products a measure has in the terms it was asked in; in other terms if it has none in those."""
    stated = _products(
        subject.hs if criteria.hs else (),
        subject.ics if criteria.ics else (),
        tuple(subject.areas) if criteria.areas else (),
    )
    return stated or _products(subject.hs, subject.ics, tuple(subject.areas)) or _products_inferred(subject)


def _products_inferred(subject: Subject) -> str:
    """The codes that are only inferred: "inferred HS 850760; inferred ICS 29.220"."""
    named = (("HS", subject.hs_inferred), ("ICS", subject.ics_inferred))
    return "; ".join(f"inferred {name} {_listed(codes)}" for name, codes in named if codes)


def _products(hs: Iterable[str], ics: Iterable[str], areas: Iterable[str]) -> str:
    named = (("HS", tuple(hs)), ("ICS", tuple(ics)), ("area", tuple(areas)))
    return "; ".join(f"{name} {_listed(codes)}" for name, codes in named if codes)


def _listed(codes: Iterable[str]) -> str:
    """Codes in one line, cut where nobody reads on."""
    every = tuple(codes)
    rest = len(every) - _LISTED
    return ", ".join(every[:_LISTED]) + (f" … +{rest}" if rest > 0 else "")
