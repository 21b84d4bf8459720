"""Measures that a rule matches, with the words it found marked where they stand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from markupsafe import Markup

from notifiers.titles import title_of
from rules.backtest import symbol_of
from rules.classification import Evidence
from tbtwatch.pipeline.rule_preview import Hit
from tbtwatch.web.look.evidence import highlighted, marked
from tbtwatch.web.site import Visit, clean
from watcher.measure import Facts

_SHORT = 240  #: characters of a text that is shown whole
_QUOTED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A measure and the places."""

    symbol: str
    at: str
    title: Markup
    new: bool
    reasons: tuple[tuple[str, str, tuple[Markup, ...]], ...]  #: where, the grade, the words in their surroundings


def shown(hits: Iterable[Hit], visit: Visit) -> list[Shown]:
    """They, as a page shows them."""
    found = []
    for hit in hits:
        symbol, facts = symbol_of(hit.measure), hit.measure.facts
        of_title = [quote for one in hit.evidence if one.field == "title" for quote in one.quotes]
        found.append(
            Shown(
                symbol=symbol,
                at=visit.measure(symbol),
                title=marked(of_title, facts.title) if facts.title else Markup("{}").format(clean(title_of(facts))),
                new=hit.new,
                reasons=tuple(
                    (
                        _where(one, visit),
                        visit.words.messages(f"grade.{one.grade}.short"),
                        tuple(places(one.quotes, one.field, facts)),
                    )
                    for one in hit.evidence
                    if one.field != "title"
                ),
            )
        )
    return found


def _where(evidence: Evidence, visit: Visit) -> str:
    messages = visit.words.messages
    for known in (f"field.{evidence.field}", f"place.{evidence.field}"):
        if messages.knows(known):
            return messages(known)
    return evidence.field.replace("_", " ")


def places(quotes: Iterable[str], field: str, facts: Facts) -> Iterable[Markup]:
    """The words of a field where they stand."""
    stated = getattr(facts, field, "")
    text = stated if isinstance(stated, str) else ""
    several = list(dict.fromkeys(quotes))[:_QUOTED]
    if len(text) <= _SHORT and text and all(quote in text for quote in several):
        yield marked(several, text)
        return
    for quote in several:
        yield highlighted(quote, text)
