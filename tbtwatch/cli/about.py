"""What a measure is about and asks for, in words on a terminal: areas, findings, overrides, with what they rest on."""

from __future__ import annotations

from datetime import date

from rules.classification import Classification
from rules.facets import Facets
from rules.override import BY_A_PERSON
from rules.urgency import urgency
from tbtwatch.cli import shapes
from tbtwatch.cli.output import say
from tbtwatch.cli.rules.overriding import in_words, quoted
from tbtwatch.pipeline.overriding import Disputed
from watcher.measure import Facts


def say_areas(classification: Classification, said: list[Disputed]) -> None:
    """Product areas and unstated codes, each with the rules and words that speak for it, and what persons said."""
    say(f"What it is about, by version {classification.ruleset_version} of the rules")
    for area in classification.areas:
        for evidence in area.evidence:
            if evidence.rule.startswith(BY_A_PERSON):
                say(f"  {area.area} ({evidence.grade.value}): {evidence.rule}")
                continue
            quotes = ", ".join(f"“{quote}”" for quote in evidence.quotes)
            rule = f"{evidence.rule} (by {evidence.through})" if evidence.through else evidence.rule
            say(f"  {area.area} ({evidence.grade.value}): rule {rule}, {evidence.field}: {quotes}")
        if area.note:
            say(f"    {area.note}")
    if not classification.areas:
        say("  no rule fits")
    for line in shapes.unstated_codes_in_words(classification):
        say(f"  {line}")
    for one in said:
        word = one.override
        ended = f"; ended by {word.ended_by}: {word.end_reason}" if word.ended_at else ""
        say(f"  override {word.id}: {in_words(word)}, says {word.by} on {word.at.date()}: {word.reason}{ended}")
        if one.against:
            say(f"    since then against it: {quoted(one.against)}")


def say_asked(facts: Facts, classification: Classification, facets: Facets, today: date) -> None:
    """What the measure asks for, and how soon; nothing where nothing was found."""
    asked = list(shapes.findings_in_words(classification, facets))
    soon = urgency(facts, classification, today)
    if asked or soon.why:
        say()
        say("What it asks for")
    if soon.why:
        say(f"  how soon    {soon.level.value}: {' '.join(soon.why)}")
    for line in asked:
        say(f"  {line}")
