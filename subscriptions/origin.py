"""Where a measure comes from, and which measure it is: the agency, the sources that reported it, its own references.

These are not found by rules: they stand in the measure, so whoever asks for them gets them directly or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rules.terms import Folded, TermError, fold, occurs
from subscriptions.criteria import Condition, Part
from watcher.measure import Measure

#: The further conditions that are read from the measure itself.
OF_ORIGIN: Final = (Part.AGENCY, Part.SOURCE, Part.MEASURE)

_WTO: Final = "WTO"
_FIELD: Final = "responsible_agency"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a measure comes from, made ready to be asked about."""

    agency: str  #: as its notices state it, in whatever language
    sources: tuple[str, ...]
    measures: tuple[str, ...]  #: all that it may be followed by, `reference` of each

    @classmethod
    def of(cls, measure: Measure) -> Origin:
        """The origin of a measure."""
        return cls(
            agency=measure.facts.responsible_agency,
            sources=measure.sources,
            measures=tuple(reference(measure.issuer, thread) for thread in measure.threads),
        )

    @property
    def folded_agency(self) -> Folded:
        """The agency as phrases are looked for in it."""
        return _folded(self.agency)

    def has(self, part: Part) -> tuple[str, ...]:
        """What a measure has of a condition, for a refusal."""
        if part is Part.AGENCY:
            return (self.agency,) if self.agency else ()
        return self.sources if part is Part.SOURCE else self.measures


def reference(issuer: str, thread: str) -> str:
    """What a measure is followed by: a WTO symbol by itself, what another issuer gives with its issuer."""
    return thread if issuer == _WTO else f"{issuer} {thread}"


def met_by(part: Part, asked_values: Iterable[str], origin: Origin) -> list[Condition]:
    """Every value asked for that the measure has, in the order of the alphabet; always directly."""
    if part is Part.AGENCY:
        return [
            Condition(part=part, asked=asked, found=found, field=_FIELD)
            for asked in sorted(asked_values)
            if (found := _in_agency(asked, origin))
        ]
    has = origin.has(part)
    return [Condition(part=part, asked=asked, found=asked) for asked in sorted(asked_values) if asked in has]


def asked_in_words(part: Part, asked_values: Iterable[str]) -> str:
    """What was asked for, in a row. Names of agencies have commas of their own."""
    return ("; " if part is Part.AGENCY else ", ").join(sorted(asked_values))


def _in_agency(asked: str, origin: Origin) -> str:
    """The words of the agency's name that a phrase is; empty: it does not stand there."""
    try:
        hit = occurs(asked, origin.folded_agency) if origin.agency else None
    except TermError:
        return ""  # refused when a subscription is made; one that was stored otherwise occurs nowhere
    return hit.quote if hit else ""


@lru_cache(maxsize=256)
def _folded(agency: str) -> Folded:
    return fold(agency)
