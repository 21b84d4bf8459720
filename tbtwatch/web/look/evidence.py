"""Why a measure is classified as it is: the rule, the field, and the words where they stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from notifiers.readings import dotted
from rules.classification import INFERRED_BY, STATED_BY, Evidence, Facet
from rules.override import BY_A_PERSON
from subscriptions.choices import FACETS
from tbtwatch.pipeline.look.measure import LookedAt
from tbtwatch.web.site import Site, Visit, clean
from watcher.measure import Facts

_AROUND = 70  #: characters shown on either side of the words
_SHORT = 240  #: characters of a text that is shown whole
_MOST = 4  #: pieces of evidence for one finding
_PARTS = {facet: part for part, facet in FACETS.items()}
_ORDER = (
    Facet.KIND, Facet.STAGE, Facet.URGENCY, Facet.OBJECTIVE, Facet.SCHEME, Facet.DUTY, Facet.STANDARD, Facet.TRANSITION,
    Facet.HS, Facet.ICS, Facet.MARKET, Facet.AFFECTED,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One piece of evidence."""

    rule: str
    field: str
    quotes: tuple[Markup, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What was found, how surely, and why."""

    sort: str  #: "Product area"
    name: str
    key: str
    grade: str
    grade_key: str
    note: str
    reasons: tuple[Reason, ...]


def proofs(found: LookedAt, site: Site, visit: Visit) -> list[Proof]:
    """All that was found, product areas first."""
    words, names = visit.words, site.desk.names
    shown = [
        Proof(
            sort=words("facet_name.area"),
            name=names.area(area.area, visit.language),
            key=area.area,
            grade=words.messages(f"grade.{area.grade}.short"),
            grade_key=area.grade.value,
            note=clean(area.note),
            reasons=_reasons(area.evidence, found.facts, visit),
        )
        for area in found.classification.areas
    ]
    for facet in _ORDER:
        for finding in found.classification.of(facet):
            evidence = [one for one in finding.evidence if not _says_itself(one, facet)]
            if not evidence or (facet in (Facet.HS, Facet.ICS) and all(one.rule == STATED_BY for one in evidence)):
                continue
            shown.append(
                Proof(
                    sort=words(f"facet_name.{facet.value}"),
                    name=clean(_name(facet, finding.value, site, visit)),
                    key=finding.value,
                    grade=words.messages(f"grade.{finding.grade}.short"),
                    grade_key=finding.grade.value,
                    note=clean(finding.note),
                    reasons=_reasons(evidence, found.facts, visit),
                )
            )
    return shown


def _says_itself(evidence: Evidence, facet: Facet) -> bool:
    """What only repeats a fact that is shown above."""
    return evidence.field in ("notifying_members", "status", "objectives") and facet is not Facet.KIND


def _name(facet: Facet, value: str, site: Site, visit: Visit) -> str:
    names = site.desk.names
    if facet in _PARTS:
        return names.choices.name(_PARTS[facet], value, visit.language)
    if facet in (Facet.MARKET, Facet.AFFECTED):
        return names.markets.name(value, visit.language)
    if facet is Facet.HS:
        return dotted(value)
    return value.replace("-", " ") if facet is Facet.URGENCY else value


def _reasons(evidence: Sequence[Evidence], facts: Facts, visit: Visit) -> tuple[Reason, ...]:
    return tuple(
        Reason(rule=_rule(one, visit), field=_field(one.field, visit), quotes=tuple(_quotes(one, facts)))
        for one in evidence[:_MOST]
    )


def _rule(evidence: Evidence, visit: Visit) -> str:
    rule = evidence.rule
    if rule in (INFERRED_BY, STATED_BY) or rule.startswith((BY_A_PERSON, "reads:")):
        return clean(rule)
    return visit.words("measure.evidence.rule", rule=clean(rule))


def _field(name: str, visit: Visit) -> str:
    if not name:
        return ""
    messages = visit.words.messages
    for known in (f"field.{name}", f"place.{name}"):
        if messages.knows(known):
            return visit.words("measure.evidence.in", field=messages(known))
    return visit.words("measure.evidence.in", field=name.replace("_", " "))


def _quotes(evidence: Evidence, facts: Facts) -> Iterable[Markup]:
    stated = getattr(facts, evidence.field, "") if evidence.field else ""
    text = stated if isinstance(stated, str) else ""
    quotes = list(dict.fromkeys(evidence.quotes))[:_MOST]
    if len(text) <= _SHORT and all(quote in text for quote in quotes):
        yield marked(quotes, text)
        return
    for quote in quotes:
        yield highlighted(quote, text)


def marked(quotes: Sequence[str], text: str) -> Markup:
    """A short text with all these words marked, overlapping ones together."""
    inside = set[int]()
    for quote in filter(None, quotes):
        at = text.find(quote)
        inside.update(range(at, at + len(quote)))
    pieces = []
    for within, letters in groupby(enumerate(text), key=lambda one: one[0] in inside):
        piece = clean("".join(letter for _, letter in letters))
        pieces.append(Markup("<mark>{}</mark>").format(piece) if within else Markup("{}").format(piece))
    return Markup("").join(pieces)


def highlighted(quote: str, text: str) -> Markup:
    """The words in their surroundings, marked; alone where they do not stand in the text as they are."""
    at = text.find(quote) if quote else -1
    if at < 0:
        return Markup("<mark>{}</mark>").format(clean(" ".join(quote.split()))[:300])
    begin, end = max(0, at - _AROUND), min(len(text), at + len(quote) + _AROUND)
    before, after = text[begin:at], text[at + len(quote) : end]
    if begin:
        before = "…" + before.partition(" ")[2] if " " in before else "…" + before
    if end < len(text):
        after = after.rpartition(" ")[0] + "…" if " " in after else after + "…"
    return Markup("{}<mark>{}</mark>{}").format(*map(clean, (before, quote[:300], after)))
