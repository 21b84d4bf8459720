"""HS headings and ICS groups inferred from words, where the measure states none that is narrow enough."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rules.classification import INFERRED_BY, Evidence, Facet, Finding, Grade
from rules.codes.infer import Candidate, Inferred
from rules.codes.joined import CodesInferred, infer_codes
from rules.reading import Reading
from rules.ruleset import RuleSet


class _Sure(NamedTuple):
    """From which score on, and by which lead over the next, a code is probable; thousandths and a ratio.

    Set on the tuning half so that some 85 of 100 are right: `tbtwatch rules score --half tuning`.
    """

    score: int
    lead: float


_SURE = {
    Facet.HS: (_Sure(1300, 1.25), _Sure(1300, 1.0)),  # headings, chapters
    Facet.ICS: (_Sure(2200, 2.0), _Sure(3000, 1.0)),  # groups, fields
}
#: Score from which a code is worth naming at all; what scores less than this share of the best is not named.
_NAMED, _OF_BEST, _MOST = 300, 0.6, 3


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: N802 - the folder finds it by this name
    """At most three codes of each classification and the wider class, the best first; none where codes are stated."""
    facts = reading.facts
    hs = not any(len(code) >= 4 for code in facts.hs_codes)
    ics = not any(len(code) > 2 for code in facts.ics_codes)
    if not hs and not ics:
        return
    inferred = inferred_codes(reading, ruleset)
    if hs:
        yield from _findings(Facet.HS, inferred.hs, facts.hs_codes)
    if ics:
        yield from _findings(Facet.ICS, inferred.ics, facts.ics_codes)


def inferred_codes(reading: Reading, ruleset: RuleSet) -> CodesInferred:
    """All that words and areas say of both classifications, the best first."""
    reading.inferred = infer_codes(reading.facts, reading.texts, reading.areas, ruleset.hs, ruleset.ics)
    return reading.inferred


def _findings(facet: Facet, inferred: Inferred, stated: tuple[str, ...]) -> Iterator[Finding]:
    """Groups and the class that stand out; only groups under what is stated, if a bare class is."""
    of_group, of_class = _SURE[facet]
    groups = [one for one in inferred.groups if one.words and (not stated or one.code[:2] in stated)]
    sure = ""
    if groups and groups[0].score >= _NAMED:
        best = groups[0]
        if _is_sure(groups, of_group):
            sure = best.code
        for one in groups[:_MOST]:
            if one.score >= max(_NAMED, best.score * _OF_BEST):
                yield _finding(facet, one, inferred, Grade.PROBABLE if one.code == sure else Grade.BROAD)
    wider = [one for one in inferred.wider if one.words]
    if not stated and wider and wider[0].score >= _NAMED and not sure.startswith(wider[0].code):
        grade = Grade.PROBABLE if _is_sure(wider, of_class) else Grade.BROAD
        yield _finding(facet, wider[0], inferred, grade)


def _is_sure(candidates: list[Candidate], wanted: _Sure) -> bool:
    second = candidates[1].score if len(candidates) > 1 else 0
    return candidates[0].score >= wanted.score and candidates[0].score >= second * wanted.lead


def _finding(facet: Facet, candidate: Candidate, inferred: Inferred, grade: Grade) -> Finding:
    return Finding(
        facet=facet,
        value=candidate.code,
        grade=grade,
        evidence=tuple(
            Evidence(rule=INFERRED_BY, field=name, quotes=words, grade=grade)
            for name, words in inferred.quotes(candidate)
        ),
        note="inferred from words",
    )
