"""A version gives for ever what it gave: results that were written down once are made again, bit for bit.

Whoever changes how texts are read on purpose raises `rules.classify.ENGINE` and writes the file anew:
`python -m tests.rules.test_golden`. What is read without rules (`rules/readers`) is not in it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rules.classify import classify
from rules.ruleset import RuleSet
from tests.builders import a_measure
from tests.rules.test_kinds import EMPTY, WHY
from tests.rules.test_ruleset import AREAS

GOLDEN = Path(__file__).with_name("golden.json")

FACETS = {"kind": {"labelling": {"en": "Labelling"}}, "scheme": {"ce": {"en": "CE marking"}}}


def a_rule(name: str, kind: str, **over: Any) -> dict[str, Any]:
    """A rule of the golden set."""
    return {"name": name, "kind": kind, "areas": ["toys"], "why": WHY, **over}


RULES = [
    a_rule("hs", "hs_code", prefixes=["9503"], but_not=["950300"]),
    a_rule("ics", "ics_code", prefixes=["97.200"], grade="probable"),
    a_rule(
        "words",
        "keyword",
        any={"en": ["toy"], "zh": ["玩具"], "fr": ["jouet électrique"]},
        not_inside={"en": ["toy breed"]},
    ),
    a_rule("all", "keyword", all={"en": ["lead", "paint"]}, none={"en": ["acid"]}, gives={"kind": ["labelling"]}),
    a_rule("near", "keyword", near={"words": 2, "first": ["lead"], "second": ["paint"]}, areas=["batteries"]),
    a_rule("pattern", "regex", patterns=[r"\bCR\d{4}\b"], areas=["batteries"]),
    a_rule("standard", "standard_number", standards=["EN 71"], gives={"scheme": ["ce"]}),
    a_rule("issuer", "source", issuers=["US-CPSC"], areas=[], part=True),
    a_rule("agency", "agency", agencies=["Ministry of Toys"]),
    a_rule("aim", "objective", objectives=["quality"], grade="broad"),
    a_rule("both", "combination", all=["issuer"], any=["words", "standard"], not_any=["pattern"], areas=["batteries"]),
]

MEASURES: list[dict[str, Any]] = [
    {"title": "Toys with lead in paint", "content_summary": "EN 71-3:2019 applies. It does not apply to toy breeds."},
    {"title": "玩具安全技术规范", "hs_codes": ("9503", "95030021"), "ics_codes": ("97.200.50", "97")},
    {"title": "Jouets électriques", "content_summary": "Lead acid batteries and paint, CR2032", "issuer": "US-CPSC"},
    {"products_covered": "Toys (EN 71)", "issuer": "US-CPSC", "objectives": ("quality",)},
    {
        "title": "Lamps",
        "responsible_agency": "The Ministry of Toys",
        "document_text": "Paint without lead; toys of ﬁne ½ Lead",
    },
]


def results() -> list[dict[str, Any]]:
    """What the golden set says of the golden measures, as plain values."""
    ruleset = RuleSet.load(AREAS, RULES, facets=FACETS)
    names = set(ruleset.by_name)
    said = []
    for facts in MEASURES:
        own = {key: facts[key] for key in ("issuer",) if key in facts}
        found = classify(a_measure(**own, **{**EMPTY, **{k: v for k, v in facts.items() if k != "issuer"}}), ruleset)
        pieces = [(f"area {each.area}", each.grade, each.evidence) for each in found.areas]
        pieces += [(f"{each.facet} {each.value}", each.grade, each.evidence) for each in found.findings]
        said.append(
            {
                value: [grade.value, *([e.rule, e.through, e.field, e.grade.value, *e.quotes] for e in evidence)]
                for value, grade, evidence in pieces
                if {e.rule for e in evidence} <= names
            }
        )
    return said


def test_a_version_gives_what_it_gave() -> None:
    """Bit for bit, and under the fingerprint it had."""
    golden = json.loads(GOLDEN.read_text(encoding="utf-8"))

    assert {"fingerprint": RuleSet.load(AREAS, RULES, facets=FACETS).fingerprint, "results": results()} == golden


if __name__ == "__main__":
    made = {"fingerprint": RuleSet.load(AREAS, RULES, facets=FACETS).fingerprint, "results": results()}
    GOLDEN.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
