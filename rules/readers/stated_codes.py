"""HS and ICS codes as the measure states them, at the level that is the same for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from rules.classification import Evidence, Facet, Finding, Grade
from rules.reading import Reading
from rules.ruleset import RuleSet

RULE = "stated codes"
_COMMON = 6  # digits that all Members share


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: ARG001, N802 - the folder finds it by this name
    """Each stated code; a national tariff line cut to its six common digits, a bare chapter broad."""
    for stated in reading.facts.hs_codes:
        grade = Grade.DIRECT if len(stated) >= 4 else Grade.BROAD
        note = f"cut from {stated}" if len(stated) > _COMMON else ""
        yield Finding(
            facet=Facet.HS,
            value=stated[:_COMMON],
            grade=grade,
            evidence=(Evidence(rule=RULE, field="hs_codes", quotes=(stated,), grade=grade),),
            note=note,
        )
    for stated in reading.facts.ics_codes:
        grade = Grade.DIRECT if len(stated) > 2 else Grade.BROAD
        yield Finding(
            facet=Facet.ICS,
            value=stated,
            grade=grade,
            evidence=(Evidence(rule=RULE, field="ics_codes", quotes=(stated,), grade=grade),),
        )
