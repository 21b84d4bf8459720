"""What of a measure, and of what it is about, stands in which column; and what it is found by."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rules.classification import Classification, Facet
from rules.override import by_a_person
from tbtwatch.storage.types import written
from watcher.measure import Facts, Measure
from watcher.names import MARK

SEARCHED = ("title", "content_summary", "products_covered", "further_text", "responsible_agency", "document_text")


def columns_of(measure: Measure, now: datetime) -> dict[str, Any]:
    """What of a measure stands in its row, whenever it is written."""
    facts = measure.facts
    symbols = [symbol for notice in measure.notices for symbol in notice.symbols]
    texts = [getattr(facts, name) for name in SEARCHED]
    return {
        "facts": written(Facts, facts),
        "title": facts.title,
        "status": facts.status.value,
        "first_distributed": facts.first_distributed,
        "last_distributed": facts.last_distributed,
        "comment_deadline": facts.comment_deadline.value,
        "revised_at": now,
        "search_text": "\n".join(
            (*texts, *symbols, *measure.threads, *(name.removeprefix(MARK) for name in measure.names))
        ).casefold(),
    }


def classification_columns(classification: Classification, now: datetime) -> dict[str, Any]:
    """What a measure is about, as it stands in its row."""
    return {
        "ruleset_version": classification.ruleset_version,
        "engine": classification.engine,
        "made_at": now,
        "value": written(Classification, classification),
    }


def facets_of(classification: Classification, facts: Facts) -> set[tuple[str, str]]:
    """What a measure is found by: kind and value."""
    facets = {("member", member) for member in facts.notifying_members}
    facets |= {("hs", code) for code in facts.hs_codes} | {("ics", code) for code in facts.ics_codes}
    facets |= {("area", found.area) for found in classification.areas}
    return facets | {
        (finding.facet.value, finding.value)
        for finding in classification.findings
        if finding.facet not in _STATED or by_a_person(finding)
    }


#: Facets that stand in the facts; what is inferred beside them is found by the kind of the classification.
_STATED = frozenset({Facet.MARKET, Facet.HS, Facet.ICS})
