"""A back-test over a whole history: how long, and how much memory at most.

    .venv/bin/python benchmarks/backtest_many.py --measures 60000

Writes so many measures (`rule_words`) with news, and subscriptions, into an empty SQLite database. Then a process of
its own for each of two drafts does what `tbtwatch rules backtest` does:

- `edit`: one rule more and one word less, as staff change rules;
- `all`: every rule graded otherwise, so that every measure is read in full by both sets.

Before, on a few hundred of the measures, the answer is compared with classifying each by both sets. Exit code 1 if it
differs. Prints a table, then one line of JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.rule_words import MEMBERS, Words, measures

CHUNK, SUBSCRIPTIONS, COMPARED = 2000, 400, 300
NOW = datetime(2026, 11, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One back-test."""

    seconds: float
    cpu_seconds: float  #: of the whole process; what is left of `seconds` it waited for its turn
    peak_mb: float
    said: dict[str, Any]


def an_app() -> Any:
    """The service on the database of the environment."""
    from tbtwatch.bootstrap import assemble
    from tbtwatch.settings import load_settings

    return assemble(load_settings(), entries=[], clock=lambda: NOW)


def fill(count: int, seed: int) -> dict[str, int]:
    """Make the database; the numbers of the drafts."""
    import random

    from rules.classification import Classification
    from rules.ruleset import RuleSet
    from subscriptions.criteria import Address, Criteria, Frequency
    from tbtwatch.pipeline.rulebook import packed
    from tbtwatch.pipeline.subscribe import start
    from tbtwatch.storage.newcomers import Newcomer
    from watcher.revise import revise

    app = an_app()
    shipped = app.rulebook.shipped()
    chance = random.Random(f"subscriptions {seed}")
    areas = sorted(shipped.areas)
    for number in range(SUBSCRIPTIONS):
        start(
            enterprise=f"Enterprise {number // 2}",
            name=f"Question {number}",
            criteria=Criteria(
                areas=frozenset(chance.sample(areas, 2)),
                markets=frozenset(chance.sample(MEMBERS, 3)) if number % 4 else frozenset(),
            ),
            frequency=Frequency.WEEKLY,
            language="en",
            addresses=(Address(channel="file", target=f"box{number}"),),
            desk=app.desk,
        )
    chunk: list[Newcomer] = []
    made = measures(Words(shipped), count, seed)
    while True:
        chunk = [
            Newcomer(
                notice=notice,
                measure=revision.measure,
                classification=Classification(),
                changes=revision.changes,
                entry=notice.symbols[0],
                fingerprint=notice.symbols[0],
                silent=False,
            )
            for notice, _ in islice(made, CHUNK)
            if (revision := revise(None, notice))
        ]
        if not chunk:
            break
        with app.storage.begin() as tx:
            tx.one_at_a_time()
            tx.newcomers.add(chunk, source="made-up", priority=1, now=NOW)
    content = shipped.content()
    edit = [rule for rule in content["rules"] if rule["name"] != "toys-by-hs"]
    edit.append(
        {
            "name": "a-word-of-staff",
            "kind": "keyword",
            "areas": ["toys"],
            "why": "Staff met this word in a complaint.",
            "any": {"en": ["laboratory declaration"], "zh": ["玩具"]},
        }
    )
    every = [{**rule, "grade": "broad" if rule.get("grade") != "broad" else "probable"} for rule in content["rules"]]
    drafts = {}
    with app.storage.begin() as tx:
        tx.rulesets.keep_vocabulary(shipped.vocabulary.fingerprint, packed(shipped.vocabulary))
        for name, rules in (("edit", edit), ("all", every)):
            whole = RuleSet.load(
                content["areas"], rules, facets=content["facets"], vocabulary=shipped.vocabulary, try_examples=False
            )
            drafts[name] = tx.rulesets.add_draft(
                whole.content(),
                fingerprint=whole.fingerprint,
                vocabulary=shipped.vocabulary.fingerprint,
                by="benchmark",
                why=name,
                now=NOW,
            ).version
    app.storage.close()
    return drafts


def check(drafts: dict[str, int]) -> bool:
    """Whether the comparison equals classifying each of a few hundred measures by both sets."""
    from rules.backtest import Differences, backtest
    from rules.classify import classify

    app = an_app()
    with app.storage.look() as tx:
        active, several = app.rulebook.in_force(tx), tx.measures.after(0, limit=COMPARED)
        for number in drafts.values():
            draft = app.rulebook.load(tx, tx.rulesets.get(number))
            plain = Differences()
            for measure in several:
                plain.add(measure, classify(measure, active), classify(measure, draft))
            if backtest(draft, active, several) != plain.backtest():
                return False
    app.storage.close()
    return True


def work(draft: int) -> int:
    """A step's own process. Prints JSON."""
    from tbtwatch.pipeline.backtest import run_backtest

    app = an_app()
    started = time.perf_counter()
    report = run_backtest(draft, since=datetime(2016, 1, 1, tzinfo=UTC), by="benchmark", desk=app.desk).report.report
    seconds = time.perf_counter() - started
    counts = {name: report[name] for name in ("measures", "changed", "gained", "lost", "regraded")}
    messages = {name: report["messages"][name] for name in ("subscriptions", "more", "fewer")}
    print(json.dumps({"seconds": seconds, **counts, **messages}))
    return 0


def step(draft: int) -> Step:
    """One back-test in a process of its own."""
    process = subprocess.Popen([sys.executable, __file__, "--draft", str(draft)], stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = json.loads(process.stdout.read().splitlines()[-1])
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return Step(seconds=said.pop("seconds"), cpu_seconds=usage.ru_utime + usage.ru_stime, peak_mb=peak, said=said)


def main() -> int:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measures", type=int, default=60_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--draft", type=int, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.draft:
        return work(wanted.draft)
    for name in [name for name in os.environ if name.startswith("TBTWATCH_")]:
        del os.environ[name]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["TBTWATCH_DATABASE_URL"] = f"sqlite:///{folder}/tbtwatch.db"
        drafts = fill(wanted.measures, wanted.seed)
        if not check(drafts):
            print("the back-test differs from classifying by both sets", file=sys.stderr)
            return 1
        steps = {name: step(number) for name, number in drafts.items()}
    print(f"{wanted.measures:,} measures, {SUBSCRIPTIONS} subscriptions; answers agree")
    print(f"{'':8}{'seconds':>10}{'cpu s':>10}{'measures/s':>13}{'peak MB':>10}   changed")
    for name, one in steps.items():
        speed = wanted.measures / one.seconds
        times = f"{one.seconds:10.1f}{one.cpu_seconds:10.1f}{speed:13,.0f}"
        print(f"{name:8}{times}{one.peak_mb:10.0f}   {one.said['changed']}")
    line: dict[str, Any] = {"benchmark": "backtest_many", "measures": wanted.measures, "seed": wanted.seed}
    for name, one in steps.items():
        figures = {"s": one.seconds, "cpu_s": one.cpu_seconds, "peak_mb": one.peak_mb}
        line |= {f"{name}_{unit}": round(value, 2) for unit, value in figures.items()} | {name: one.said}
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
