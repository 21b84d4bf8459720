"""How fast measures are classified by many rules, and whether the number of terms or a hostile pattern shows.

    .venv/bin/python benchmarks/classify_rules.py

First some measures are read plainly, each term of each rule looked for by itself, and the areas compared. Then:

- `few`: 1,000 rules with 2,000 terms, and `many`: with 20,000, on the same texts of 100 to 300 words;
- `shipped`: the shipped rules on texts of their own words, with everything that is read besides;
- `hostile`: the many, with patterns beside them that take other engines for ever, on texts made for them.

Prints a table, then one line of JSON. Exit code 1 if an answer differs.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.rule_words import Words, made_up, measures
from rules.classify import classify
from rules.ruleset import RuleSet
from rules.terms import occurs
from watcher.measure import Measure

RULES, FEW, MANY = 1000, 2_000, 20_000
CHECKED = 5
#: Of each it is known that backtracking takes time that doubles with each character.
HOSTILE = (
    r"(a+)+b",
    r"(a|aa)+c",
    r"(a|a?)+d",
    r"(.*)*e",
    r"^(([a-z])+.)+[A-Z]([a-z])+$",
    r"(x+x+)+y",
    r"(?:a?){50}a{50}z",
)


def with_terms(several: Sequence[Measure], terms: Sequence[str], seed: int) -> list[Measure]:
    """The measures, each with three of these terms in its summary."""
    chance = random.Random(f"terms {seed}")
    return [
        replace(
            measure,
            facts=replace(
                measure.facts,
                content_summary=" ".join((measure.facts.content_summary, *chance.sample(list(terms), 3))),
            ),
        )
        for measure in several
    ]


def plainly(measure: Measure, rules: Sequence[dict[str, Any]]) -> set[str]:
    """The areas, each term looked for by itself."""
    facts = measure.facts
    texts = (facts.title, facts.products_covered, facts.content_summary)
    return {
        area
        for rule in rules
        for area in rule["areas"]
        if any(occurs(term, text) for term in rule["any"] for text in texts)
    }


def rate(several: Sequence[Measure], ruleset: RuleSet) -> float:
    """Measures a second; the index is built before."""
    classify(several[0], ruleset)
    return len(several) / _seconds(lambda: [classify(measure, ruleset) for measure in several])


def _seconds(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measures", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()

    from tbtwatch.configuration import SHIPPED
    from tbtwatch.pipeline.rulebook import Rulebook

    shipped = Rulebook(SHIPPED).shipped()
    texts = [measure for _, measure in measures(Words(shipped), wanted.measures, wanted.seed)]
    areas, many_rules, terms = made_up(RULES, MANY, wanted.seed)
    few_rules = [{**rule, "any": rule["any"][: FEW // RULES]} for rule in many_rules]
    several = with_terms(texts, [term for rule in few_rules for term in rule["any"]], wanted.seed)
    many, few = RuleSet.load(areas, many_rules), RuleSet.load(areas, few_rules)
    for measure in several[:CHECKED]:
        found = {one.area for one in classify(measure, many).areas}
        if found != plainly(measure, many_rules):
            print(f"{measure.threads[0]}: the areas differ", file=sys.stderr)
            return 1

    patterns = [
        {
            "name": f"hostile-{number}",
            "kind": "regex",
            "areas": ["area-0"],
            "why": "Made to stall whoever backtracks.",
            "patterns": [pattern],
        }
        for number, pattern in enumerate(HOSTILE)
    ]
    hostile = RuleSet.load(areas, [*many_rules, *patterns])
    bait = [
        replace(measure, facts=replace(measure.facts, further_text=("a" * 60 + " " + "x" * 60 + " ") * 40))
        for measure in several
    ]
    rates = {
        "few": rate(several, few),
        "many": rate(several, many),
        "shipped": rate(texts, shipped),
        "hostile": rate(bait[: max(1, wanted.measures // 10)], hostile),
    }
    ratio = rates["few"] / rates["many"]
    length = sum(len(f"{m.facts.title} {m.facts.content_summary}".split()) for m in texts) / len(texts)
    print(f"{len(texts)} measures of {length:.0f} words on average, {RULES} rules; answers agree")
    for name, value in rates.items():
        print(f"{name:10}{value:10,.0f} measures/s")
    print(f"ten times the terms cost {ratio:.2f} times the time")
    print(
        json.dumps(
            {
                "benchmark": "classify_rules",
                "measures": len(texts),
                "terms": len(terms),
                **{f"{name}_per_s": round(value, 1) for name, value in rates.items()},
                "ratio_terms": round(ratio, 2),
            }
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
