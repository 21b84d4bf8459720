"""Standards that a measure cites: what a product is tested by, or what becomes a rule itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rules.cited_standards import cited_standards
from rules.classification import Evidence, Facet, Finding, Grade
from rules.reading import NAMING_FIELDS, PROSE_FIELDS, Reading
from rules.ruleset import RuleSet

RULE: Final = "reads:standards"

#: A law that lists more has an annex of them; the first ones stand for it.
_MOST: Final = 60


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: ARG001, N802 - the folder finds it by this name
    """Direct where the title or the products name it, probable in prose, broad in a linked document."""
    found: dict[str, list[Evidence]] = {}
    for field in (*NAMING_FIELDS, *PROSE_FIELDS):
        grade = _grade(field)
        for cited in cited_standards(getattr(reading.facts, field), reading.facts.notifying_members):
            if len(found) == _MOST and cited.value not in found:
                break
            if reading.denies(field, cited.start, cited.end):
                continue
            quote = reading.stretch(field, cited.start, cited.end)
            evidence = Evidence(rule=RULE, field=field, quotes=(quote,), grade=grade)
            found.setdefault(cited.value, []).append(evidence)
    for value, evidences in found.items():
        best = min((each.grade for each in evidences), key=lambda grade: grade.rank)
        once = {(each.field, each.quotes): each for each in evidences}
        yield Finding(facet=Facet.STANDARD, value=value, grade=best, evidence=tuple(once.values()))


def _grade(field: str) -> Grade:
    if field in NAMING_FIELDS:
        return Grade.DIRECT
    return Grade.BROAD if field == "document_text" else Grade.PROBABLE
