"""What kind of rule it is by the article under which it is notified."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from rules.classification import Evidence, Facet, Finding, Grade
from rules.reading import Reading
from rules.ruleset import RuleSet

RULE: Final = "reads:legal basis"

#: Articles 2 and 3 of the TBT Agreement speak of technical regulations, 5 and 7 of conformity assessment, Annex 3 of
#: standards.
_KINDS: Final = (
    (re.compile(r"(?:Art(?:icle|\.)?s? ?)?(?:2\.(?:9|10)|3\.2)(?:\.[0-9])?(?![0-9])"), "technical-regulation"),
    (re.compile(r"(?:Art(?:icle|\.)?s? ?)?(?:5\.(?:6|7)|7\.2)(?:\.[0-9])?(?![0-9])"), "conformity-assessment"),
    (re.compile(r"Annex 3", re.IGNORECASE), "standard"),
)


def READER(reading: Reading, ruleset: RuleSet) -> Iterable[Finding]:  # noqa: ARG001, N802 - the folder finds it by this name
    """The kinds that the articles say."""
    for pattern, kind in _KINDS:
        articles = tuple(dict.fromkeys(one for one in reading.facts.legal_basis if pattern.match(one.strip())))
        if articles:
            evidence = Evidence(rule=RULE, field="legal_basis", quotes=articles, grade=Grade.DIRECT)
            yield Finding(facet=Facet.KIND, value=kind, grade=Grade.DIRECT, evidence=(evidence,))
