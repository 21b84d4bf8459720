"""The timing of the index is worth something only if its answers are right; it says so itself."""

from __future__ import annotations

import json

import pytest

from benchmarks.index_vs_scan import main
from benchmarks.matching.ours import build, find, question
from benchmarks.matching.records import BruteForce, Drawn
from benchmarks.workload import World


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_index_agrees_with_a_scan_that_was_written_apart(seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    """The benchmark's own loop, written from the docstrings of the criteria, finds the same ids and grades."""
    assert main(["--subscriptions", "1500", "--measures", "40", "--seed", str(seed)]) == 0

    line = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert line["subscriptions"] == 1500 and line["hits_per_measure"] > 0


@pytest.mark.parametrize("seed", [1, 2])
def test_the_index_finds_in_records_what_the_plain_reading_finds(seed: int) -> None:
    """Also for the measure whose text has every keyword, and after some were changed and some had gone."""
    drawn = Drawn(seed)
    subs, measures = list(drawn.subscriptions(2_000)), list(drawn.measures(60))
    words = [*drawn.single, *drawn.phrases, *drawn.chinese]
    measures.append({**measures[0], "market": drawn.markets[0], "text": " ".join(words), "severity": 3})
    index = build(subs)
    index.settle()
    changed = {number: {**one, "id": number} for number, one in enumerate(drawn.subscriptions(100), 500)}
    for one in changed.values():
        index.replace(question(one))
    for number in range(700, 800):
        index.remove(number)
    live = [changed.get(one["id"], one) for one in subs if not 700 <= one["id"] < 800]

    plain = BruteForce(live)
    found = [find(index, measure) for measure in measures]
    assert found == [plain.find(measure) for measure in measures]
    assert sum(map(len, found)) > 100


def test_one_seed_is_one_world() -> None:
    """Two runs time the same work; another seed is other work."""
    assert list(World(5).subscriptions(20)) == list(World(5).subscriptions(20))
    assert list(World(5).cases(5)) == list(World(5).cases(5))
    assert list(World(5).subscriptions(20)) != list(World(6).subscriptions(20))


def test_the_workload_has_the_mix_it_says() -> None:
    """A fifth with keywords, a twentieth with Chinese ones, a tenth with exclusions, some with groups."""
    drawn = [one.criteria for one in World(1).subscriptions(4_000)]

    def share(count: int) -> float:
        return count / len(drawn)

    assert 0.18 < share(sum(any(word.isascii() for word in one.keywords) for one in drawn)) < 0.25
    assert 0.03 < share(sum(any(not word.isascii() for word in one.keywords) for one in drawn)) < 0.07
    assert 0.08 < share(sum(bool(one.exclusions) for one in drawn)) < 0.12
    assert any("EAC" in one.markets for one in drawn) and any(one.ics for one in drawn)
