"""The product's index as one engine: `build` makes a `SubscriptionIndex` of JSON records, `find` asks it.

    .venv/bin/python benchmarks/matching/ours.py DIRECTORY [LIMIT]

What is timed is the product's own code, from the measure to the list of the ids; making a `Measure` of the record is
within the time too, as the peers' own preparation is within theirs. How the records are put:

- codes, markets, keywords and exclusions are `Criteria` as they stand; subscriptions ask for grade probable;
- the text is the summary of the measure. Its words come with one blank between them and its Chinese characters with
  none, because the records count a phrase as found across a full stop, and the product does not;
- objectives are the findings of the classification;
- least severity: our index knows no order of four. Who asks for severity 2 or more asks for the stage "severity-2",
  and a measure of severity 3 has the stages "severity-1" to "severity-3". That is one set for each step, as an
  index of values has it, and no special case of ours. The three grades of a match are not used for it: they say how
  sure a match is.
"""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # found from wherever this is started

from benchmarks.matching.engines import at, run
from benchmarks.matching.records import tokens
from rules.classification import Classification, Evidence, Facet, Finding, Grade
from subscriptions.criteria import Criteria
from subscriptions.index import Question, SubscriptionIndex
from watcher.markets import Markets, Member
from watcher.measure import Facts, Measure

Record = Mapping[str, Any]

NOBODY: frozenset[str] = frozenset()
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
_EVIDENCE = (Evidence(rule="a rule", field="content_summary", quotes=(), grade=Grade.DIRECT),)


def question(record: Record) -> Question:
    """What the subscription that a record stands for asks, as it comes from the database."""
    return Question(
        id=record["id"],
        version=1,
        criteria=Criteria(
            markets=frozenset(record["markets"] or ()),
            hs=frozenset(record["hs"]),
            ics=frozenset(record["ics"]),
            keywords=frozenset(record["kw"]),
            exclusions=frozenset(record["not_kw"]),
            objectives=frozenset(record["objectives"]),
            stages=frozenset((f"severity-{record['min_severity']}",)) if record["min_severity"] else NOBODY,
        ),
    )


def measure(record: Record) -> tuple[Measure, Classification]:
    """The measure that a record stands for, with its classification."""
    words = " ".join(tokens(record["text"]))
    facts = Facts(
        notifying_members=(record["market"],),
        content_summary=words if words.isascii() else _BETWEEN_HAN.sub("", words),
        hs_codes=tuple(record["hs"]),
        ics_codes=tuple(record["ics"]),
    )
    stages = (f"severity-{step}" for step in range(1, record["severity"] + 1))
    findings = (
        *((Facet.OBJECTIVE, objective) for objective in record["objectives"]),
        *((Facet.STAGE, stage) for stage in stages),
    )
    return Measure(issuer="WTO", threads=(), facts=facts, notices=()), Classification(
        findings=tuple(
            Finding(facet=facet, value=value, grade=Grade.DIRECT, evidence=_EVIDENCE) for facet, value in findings
        )
    )


class EveryMarket(Markets):
    """Markets that are each a Member by itself, whatever their codes are."""

    def __init__(self) -> None:
        super().__init__(Member(code=f"{first}{second}") for first in _LETTERS for second in _LETTERS)


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def build(records: Iterable[Record]) -> SubscriptionIndex:
    """The index of these subscriptions."""
    return SubscriptionIndex((question(record) for record in records), EveryMarket())


def find(index: SubscriptionIndex, record: Record) -> list[int]:
    """The ids of those whom a measure fits, ascending."""
    found: list[int] = index.find(*measure(record)).ids.to_array().tolist()
    return found


def edits(index: SubscriptionIndex, measures: list[Record]) -> dict[str, object]:
    """A thousand changes, a measure asked after each: how long a change takes, and the measure after it.

    A third are new ones, a third take the place of another, a third go; one in ten brings a keyword that nobody asked
    for before.
    """
    chance, changes, asked = random.Random(3), list[float](), list[float]()
    held = list(index)
    number = held[-1].id
    for step in range(1000):
        one = chance.choice(held)
        criteria = replace(one.criteria, markets=one.criteria.markets | {"ZZ"})
        if step % 10 == 0:
            criteria = replace(criteria, keywords=criteria.keywords | {f"pomelo {step}", f"word{step}"})
        start = time.perf_counter()
        if step % 3 == 0:
            index.add(Question(id=(number := number + 1), version=1, criteria=criteria))
        elif step % 3 == 1:
            index.add(Question(id=one.id, version=one.version + 1, criteria=criteria))
        else:
            index.remove(one.id)
        changes.append(time.perf_counter() - start)
        case = measure(measures[step % len(measures)])
        start = time.perf_counter()
        index.find(*case).ids.to_array().tolist()
        asked.append(time.perf_counter() - start)
    return {
        "change_p50_ms": round(at(changes, 0.5), 4),
        "change_p99_ms": round(at(changes, 0.99), 4),
        "change_max_ms": round(max(changes) * 1000, 4),
        "after_change_p50_ms": round(at(asked, 0.5), 4),
        "after_change_p99_ms": round(at(asked, 0.99), 4),
    }


if __name__ == "__main__":
    run("tbtwatch", build, find, Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else None, edits)
