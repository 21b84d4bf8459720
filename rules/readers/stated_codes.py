"""HS and ICS codes as the measure states them, at the level that is the same for everybody."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rules.classification import STATED_BY, Evidence, Facet, Finding, Grade
from rules.reading import Reading
from rules.ruleset import RuleSet
from rules.vocabulary import Vocabulary
from watcher.hs import NATIONAL_CHAPTERS

RULE: Final = STATED_BY
_COMMON: Final = 6  # digits that all Members share
_EDITION: Final = "HS 2022"  # of the titles in a vocabulary


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: N802 - the folder finds it by this name
    """Each stated code at the level that means the same to everybody; a bare chapter is broad.

    A national tariff line is cut to its six common digits. A code that only an older edition of the Harmonized System
    has is lifted to the heading, or the chapter, that is still there; the note says so.
    """
    for stated in reading.facts.hs_codes:
        value, note = _at_common_level(stated, ruleset.vocabulary)
        grade = Grade.DIRECT if len(value) >= 4 else Grade.BROAD
        yield Finding(
            facet=Facet.HS,
            value=value,
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


def _at_common_level(stated: str, words: Vocabulary) -> tuple[str, str]:
    """The code that stands for a stated one, and what was done to it."""
    common = stated[:_COMMON]
    if words.hs_titles and common[:2] not in NATIONAL_CHAPTERS and not words.has_hs(common):
        lifted = common[:4] if len(common) > 4 and words.has_hs(common[:4]) else common[:2]
        return lifted, f"lifted from {stated}: {_EDITION} has no {common}"
    return common, f"cut from {stated}" if len(stated) > _COMMON else ""
