"""What classification says of a measure, and why."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Grade(StrEnum):
    """How sure it is that a measure concerns a product."""

    DIRECT = "direct"  #: stated: its code, or its name in title or products
    PROBABLE = "probable"  #: named in the text
    BROAD = "broad"  #: only a wider group is named ("85")

    @property
    def rank(self) -> int:
        """0 is surest."""
        return (Grade.DIRECT, Grade.PROBABLE, Grade.BROAD).index(self)

    def at_least(self, wanted: Grade) -> bool:
        """Whether this is as sure as wanted, or surer."""
        return self.rank <= wanted.rank


class Facet(StrEnum):
    """What is decided for a measure besides its product areas."""

    MARKET = "market"  #: a Member that notifies it, or a group it speaks of; the code or the group's key
    AFFECTED = "affected"  #: a Member that its text names as affected, or "all"; the code
    HS = "hs"  #: digits of a Harmonized System code
    ICS = "ics"  #: "67.080.10"
    KIND = "kind"  #: of rule: labelling, recall, energy-efficiency ...
    STAGE = "stage"  #: draft, adopted, in-force, withdrawn, recalled
    URGENCY = "urgency"  #: what makes it urgent whatever the day: emergency, recall
    OBJECTIVE = "objective"
    SCHEME = "scheme"  #: a conformity scheme or mark: ce, kc, bis ...
    DUTY = "duty"  #: what has to be done: accredited-laboratory, factory-inspection, declaration ...
    STANDARD = "standard"  #: a standard with its edition: "IEC 60335-1:2020"
    TRANSITION = "transition"  #: the day a transition ends, ISO 8601


#: The facets whose values staff's rules give; the others are read from the structure of a measure.
GIVEN_BY_RULES = (Facet.KIND, Facet.OBJECTIVE, Facet.SCHEME, Facet.DUTY)


#: How the `rule` of evidence is called that is read from the words of a measure: a code that no notice states.
INFERRED_BY = "term list"

#: And that of a code which a notice states, or which was cut or lifted from such a one.
STATED_BY = "stated codes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Why a rule fired: which rule, where, and the words."""

    rule: str  #: a rule's name, or what read it without one: "reads:stage", "stated codes", "term list"
    field: str  #: name of the `watcher.measure.Facts` field
    quotes: tuple[str, ...]  #: as they stand in the text
    grade: Grade
    through: str = ""  #: of a combination: the rule that found the words


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaFound:
    """A product area of a measure, with all that speaks for it. Its grade is the best of its evidence."""

    area: str  #: key in config/product_areas.yaml
    grade: Grade
    evidence: tuple[Evidence, ...]
    note: str = ""  #: why it counts more or less than its words: "named in passing: the measure is about HS 3304"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One value of a facet, with all that speaks for it. Its grade is the best of its evidence."""

    facet: Facet
    value: str  #: a key of config/facets.yaml, a code, a day ...; as the facet says
    grade: Grade
    evidence: tuple[Evidence, ...]
    note: str = ""  #: what was done to a code: "cut from 8504401400"; empty: it stands as stated


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What a measure is about under one version of the rule set.

    Areas are sorted by grade, then key; findings by facet, kinds by what names them first (`rules.kind_order`), then
    grade and value.
    """

    areas: tuple[AreaFound, ...] = ()
    findings: tuple[Finding, ...] = ()
    ruleset_version: int = 0
    engine: int = 0  #: `rules.classify.ENGINE` of the program that read it; 0: an older one

    def of(self, facet: Facet) -> tuple[Finding, ...]:
        """What was found of one facet, the surest first."""
        return tuple(finding for finding in self.findings if finding.facet is facet)

    def values(self, facet: Facet) -> tuple[str, ...]:
        """The values of one facet, the surest first."""
        return tuple(finding.value for finding in self.findings if finding.facet is facet)

    def grade_of(self, area: str) -> Grade | None:
        """The grade of an area, None if the measure is not in it."""
        return next((found.grade for found in self.areas if found.area == area), None)
