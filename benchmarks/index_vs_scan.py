"""The index of subscriptions against a plain scan of them all, on the same work in one run.

    .venv/bin/python benchmarks/index_vs_scan.py --subscriptions 10000

First the answers are compared, then the time is taken:

- `scan` is the loop that anybody would write first: each subscription's conditions in order, cheapest first, groups
  expanded and texts folded beforehand. It is written here from the docstrings of `subscriptions.criteria`, not
  from the project's own reading, so that an error shared by the project's two readings is seen.
- `index` is `SubscriptionIndex.find` with the list of the hits; `receipts` is `SubscriptionIndex.match`, which
  reads the receipt of each hit as well, and is compared with `subscriptions.matching.read` of every subscription.

Prints a table, then one line of JSON. Exit code 1 if any answer differs.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.workload import Case, World, made_markets
from rules.classification import Grade
from rules.terms import Folded, fold, occurs
from subscriptions.criteria import Match, Subscription
from subscriptions.index import SubscriptionIndex
from subscriptions.matching import Subject, read_subject
from watcher.markets import Markets

#: How many measures the scans read at most: they take long, and their time per measure hardly varies.
SCANNED = 40
READ = 5


@dataclass(frozen=True)
class Asked:
    """A subscription as the scan keeps it."""

    number: int
    members: frozenset[str] | None
    hs: tuple[str, ...]
    ics: tuple[str, ...]
    areas: frozenset[str]
    keywords: tuple[str, ...]
    exclusions: tuple[str, ...]
    grade: Grade


def prepared(subscriptions: Sequence[Subscription], markets: Markets) -> list[Asked]:
    """Subscriptions made ready for the scan."""
    ready = []
    for subscription in subscriptions:
        asked = subscription.criteria
        ready.append(
            Asked(
                number=subscription.id,
                members=markets.expand(asked.markets) if asked.markets else None,
                hs=tuple(asked.hs),
                ics=tuple(asked.ics),
                areas=asked.areas,
                keywords=tuple(asked.keywords),
                exclusions=tuple(asked.exclusions),
                grade=asked.grade,
            )
        )
    return ready


def scan(asked: Sequence[Asked], case: Case) -> dict[int, Grade]:
    """The grade for each subscription that fits, by looking at every one of them."""
    facts = case.measure.facts
    members = frozenset(facts.notifying_members)
    sure = [fold(facts.title), fold(facts.products_covered)]
    texts = [*sure, fold(facts.content_summary), fold(facts.further_text)]
    fitting = {}
    for one in asked:
        if one.members is not None and one.members.isdisjoint(members):
            continue
        grade = Grade.DIRECT
        if one.hs or one.ics or one.areas:
            found = product_grade(one, case)
            if found is None or found.rank > one.grade.rank:
                continue
            grade = found
        if one.keywords:
            if not any_occurs(one.keywords, texts):
                continue
            if not (one.hs or one.ics or one.areas) and not any_occurs(one.keywords, sure):
                grade = Grade.PROBABLE
        if grade.rank > one.grade.rank or any_occurs(one.exclusions, texts):
            continue
        fitting[one.number] = grade
    return fitting


def product_grade(asked: Asked, case: Case) -> Grade | None:
    """The best grade of the product alternatives that hold."""
    facts = case.measure.facts
    if any(code.startswith(asked.hs) for code in facts.hs_codes):
        return Grade.DIRECT
    if any(f"{code}.".startswith(f"{wanted}.") for wanted in asked.ics for code in facts.ics_codes):
        return Grade.DIRECT
    grades = [found.grade for found in case.classification.areas if found.area in asked.areas]
    if any(wanted.startswith(facts.hs_codes) for wanted in asked.hs):
        grades.append(Grade.BROAD)
    if any(f"{wanted}.".startswith(f"{code}.") for wanted in asked.ics for code in facts.ics_codes):
        grades.append(Grade.BROAD)
    return min(grades, key=lambda grade: grade.rank, default=None)


def any_occurs(phrases: Sequence[str], texts: Sequence[Folded]) -> bool:
    """Whether one of the phrases occurs in one of the texts."""
    return any(occurs(phrase, text) for phrase in phrases for text in texts)


def seconds(work: Callable[[Case], object], cases: Sequence[Case]) -> list[float]:
    """The time of each case."""
    times = []
    for case in cases:
        start = time.perf_counter()
        work(case)
        times.append(time.perf_counter() - start)
    return times


def at(times: Sequence[float], share: float) -> float:
    """A percentile in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def resident_megabytes() -> float:
    """What this process holds in memory; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def differences(
    index: SubscriptionIndex, subscriptions: Sequence[Subscription], cases: Sequence[Case], markets: Markets
) -> list[str]:
    """Where the index and the two readings do not agree."""
    found = []
    asked = prepared(subscriptions, markets)
    for place, case in enumerate(cases):
        hits = index.find(case.measure, case.classification)
        graded = {
            number: grade
            for grade, ids in zip(Grade, (hits.direct, hits.probable, hits.broad), strict=True)
            for number in ids
        }
        if graded != scan(asked, case):
            found.append(f"measure {case.measure.id}: the index and the scan find different subscriptions")
        if place < READ:
            subject = Subject.of(case.measure, case.classification)
            answers = (read_subject(subscription, subject, markets) for subscription in subscriptions)
            if index.match(case.measure, case.classification) != [one for one in answers if isinstance(one, Match)]:
                found.append(f"measure {case.measure.id}: the index and the reading give different receipts")
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Build, compare, time, print. Returns the exit code."""
    options = argparse.ArgumentParser(description="The index of subscriptions against a plain scan.")
    options.add_argument("--subscriptions", type=int, default=10_000)
    options.add_argument("--measures", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    wanted = options.parse_args(arguments)

    world, markets = World(wanted.seed), made_markets()
    subscriptions, cases = list(world.subscriptions(wanted.subscriptions)), list(world.cases(wanted.measures))
    gc.collect()
    before, start = resident_megabytes(), time.perf_counter()
    index = SubscriptionIndex(subscriptions, markets)
    built, held = time.perf_counter() - start, resident_megabytes() - before

    problems = differences(index, subscriptions, cases[:SCANNED], markets)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        return 1

    asked = prepared(subscriptions, markets)
    hits = [len(index.find(case.measure, case.classification)) for case in cases]
    times = {
        "scan": seconds(lambda case: scan(asked, case), cases[:SCANNED]),
        "index": seconds(lambda case: index.find(case.measure, case.classification).ids.to_array(), cases),
        "receipts": seconds(lambda case: index.match(case.measure, case.classification), cases),
    }
    newcomers = World(wanted.seed + 1).subscriptions(500)
    changes = []
    for place, one in enumerate(newcomers):
        start = time.perf_counter()
        index.add(one)
        index.find(cases[place % len(cases)].measure, cases[place % len(cases)].classification)
        changes.append(time.perf_counter() - start)

    mean = {name: sum(each) / len(each) for name, each in times.items()}
    # On the same measures for each: those that the scan had time for.
    scanned = {name: sum(each[:SCANNED]) for name, each in times.items()}
    ratios = {name: scanned["scan"] / scanned[name] for name in times}
    print(f"{len(subscriptions):,} subscriptions, {len(cases)} measures, {sum(hits) / len(hits):.1f} hits a measure")
    print(f"index built in {built:.2f} s, {held:.0f} MB beside the subscriptions themselves; answers agree")
    print(f"{'':10}{'p50 ms':>10}{'p99 ms':>10}{'measures/s':>13}{'against scan':>15}")
    for name, each in times.items():
        print(f"{name:10}{at(each, 0.5):10.3f}{at(each, 0.99):10.3f}{1 / mean[name]:13,.0f}{ratios[name]:14.1f}×")
    print(
        f"one changed subscription and the next measure: p50 {at(changes, 0.5):.2f} ms, p99 {at(changes, 0.99):.2f} ms"
    )
    line = {
        "benchmark": "index_vs_scan",
        "subscriptions": len(subscriptions),
        "measures": len(cases),
        "seed": wanted.seed,
        "hits_per_measure": round(sum(hits) / len(hits), 2),
        "build_s": round(built, 3),
        "index_mb": round(held, 1),
        **{
            f"{name}_{part}_ms": round(at(each, q), 4)
            for name, each in times.items()
            for part, q in (("p50", 0.5), ("p99", 0.99))
        },
        "ratio_index": round(ratios["index"], 1),
        "ratio_receipts": round(ratios["receipts"], 1),
        "change_p99_ms": round(at(changes, 0.99), 3),
    }
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
