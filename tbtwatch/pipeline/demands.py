"""What a classification says of kind, stage and duties, in the words a message needs."""

from __future__ import annotations

from datetime import date

from notifiers.message import InferredCode, Required, Requirements
from rules.classification import INFERRED_BY, Classification, Facet, Finding, Grade
from subscriptions.choices import Choices, kebab
from subscriptions.criteria import Part

#: Kinds that the articles say under which a measure was notified; they are named from there.
BY_ARTICLE = frozenset({"technical-regulation", "conformity-assessment", "standard"})


def classed_kinds(classification: Classification, choices: Choices, language: str) -> tuple[str, ...]:
    """Names of the kinds of measure that its words show: labelling, recall."""
    return tuple(
        choices.name(Part.KIND, finding.value, language)
        for finding in _worth_saying(classification, Facet.KIND)
        if kebab(finding.value) not in BY_ARTICLE
    )


def stage(classification: Classification) -> str:
    """The stage read from the measure; a recall before all else."""
    found = [finding.value for finding in _worth_saying(classification, Facet.STAGE)]
    return "recalled" if "recalled" in found else found[0] if found else ""


def requirements(classification: Classification, choices: Choices, language: str) -> Requirements:
    """What has to be done to sell what the measure is about."""
    days = []
    for finding in _worth_saying(classification, Facet.TRANSITION):
        try:
            days.append(Required(name=date.fromisoformat(finding.value).isoformat(), sure=_sure(finding)))
        except ValueError:
            continue  # only a note: "18 months after publication"
    return Requirements(
        schemes=_named(classification, Facet.SCHEME, Part.SCHEME, choices, language),
        duties=_named(classification, Facet.DUTY, Part.DUTY, choices, language),
        standards=_named(classification, Facet.STANDARD, Part.STANDARD, choices, language),
        transition=tuple(sorted(days, key=lambda one: one.name)),
    )


def inferred_codes(classification: Classification) -> tuple[InferredCode, ...]:
    """Codes that stand nowhere in the measure, with the words they were inferred from."""
    return tuple(
        InferredCode(
            system="HS" if finding.facet is Facet.HS else "ICS",
            code=finding.value,
            words=tuple(dict.fromkeys(evidence.quotes)),
        )
        for facet in (Facet.HS, Facet.ICS)
        for finding in _worth_saying(classification, facet)
        for evidence in [one for one in finding.evidence if one.rule == INFERRED_BY][:1]
    )


def _worth_saying(classification: Classification, facet: Facet) -> list[Finding]:
    """What is at least probable; what is only broad is not said to anybody who did not ask for it."""
    return [finding for finding in classification.of(facet) if finding.grade.at_least(Grade.PROBABLE)]


def _named(
    classification: Classification, facet: Facet, part: Part, choices: Choices, language: str
) -> tuple[Required, ...]:
    return tuple(
        Required(name=choices.name(part, finding.value, language), sure=_sure(finding))
        for finding in _worth_saying(classification, facet)
    )


def _sure(finding: Finding) -> bool:
    return finding.grade is Grade.DIRECT
