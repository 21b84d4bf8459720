"""What every engine's script shares: the run over a workload, and its report as one line of JSON."""

from __future__ import annotations

import hashlib
import json
import random
import resource
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

State = TypeVar("State")
Record = Mapping[str, Any]


def records(path: Path) -> Iterator[Record]:
    """The records of a file of JSON lines."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def resident_megabytes() -> float:
    """What this process holds in memory; 0 where the system does not say."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


def at(times: list[float], share: float) -> float:
    """A percentile of some times, in milliseconds."""
    return sorted(times)[min(len(times) - 1, int(len(times) * share))] * 1000


def digest(found: Iterable[list[int]]) -> str:
    """One short text for all that was found, the same for whoever found the same."""
    seen = hashlib.sha256()
    for ids in found:
        seen.update(",".join(map(str, ids)).encode() + b";")
    return seen.hexdigest()[:16]


def worst_of(folder: Path) -> Record:
    """The worst measure of a workload: the busiest market, 60 HS and 20 ICS codes, every keyword there is."""
    chance = random.Random(5)
    some = list(islice(records(folder / "subs.jsonl"), 20_000))
    markets = Counter(market for one in some for market in one["markets"] or ())
    hs = sorted({code for one in some for code in one["hs"] if len(code) == 6})
    ics = sorted({code for one in some for code in one["ics"] if len(code) == 9})
    lexicon = json.loads((folder / "lexicon.json").read_text(encoding="utf-8"))
    text = [*lexicon["single"], *lexicon["phrase"], *lexicon["zh"]]
    text += chance.choices(" ".join(lexicon["phrase"]).split(), k=5_000)
    chance.shuffle(text)
    return {
        "id": -1,
        "market": markets.most_common(1)[0][0],
        "hs": chance.sample(hs, min(60, len(hs))),
        "ics": chance.sample(ics, min(20, len(ics))),
        "text": " ".join(text),
        "objectives": ["health", "safety", "environment", "consumer"],
        "severity": 3,
    }


def run(
    engine: str,
    build: Callable[[Iterable[Record]], State],
    find: Callable[[State, Record], list[int]],
    folder: Path,
    limit: int | None = None,
    after: Callable[[State, list[Record]], dict[str, object]] | None = None,
) -> None:
    """Build, ask for each measure and for the worst one, and report. `after`: what else is measured then."""
    before, start = resident_megabytes(), time.perf_counter()
    state = build(records(folder / "subs.jsonl"))
    built, held = time.perf_counter() - start, resident_megabytes()
    measures = list(records(folder / "measures.jsonl"))[:limit]
    for measure in measures[:3]:
        find(state, measure)
    times, found, worked = [], [], time.process_time()
    for measure in measures:
        start = time.perf_counter()
        ids = find(state, measure)
        times.append(time.perf_counter() - start)
        found.append(ids)
    worked = time.process_time() - worked
    worst, slow = worst_of(folder), []
    for _ in range(5):
        start = time.perf_counter()
        ids = find(state, worst)
        slow.append(time.perf_counter() - start)
    more = after(state, measures) if after else {}
    with (folder / "subs.jsonl").open("rb") as lines:
        count = sum(1 for _ in lines)
    line = {
        "engine": engine,
        "subs": count,
        "measures": len(times),
        "build_s": round(built, 3),
        "rss_built_mb": round(held, 1),
        "index_mb": round(held - before, 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "wall_s": round(sum(times), 4),
        "per_s": round(len(times) / sum(times), 2),
        "per_cpu_s": round(len(times) / worked, 2),  # of this process; holds when others use the machine as well
        "p50_ms": round(at(times, 0.5), 4),
        "p99_ms": round(at(times, 0.99), 4),
        "max_ms": round(max(times) * 1000, 4),
        "hits": sum(map(len, found)),
        "hits_per_measure": round(sum(map(len, found)) / len(found), 2),
        "digest": digest(found),
        "worst_ms": round(statistics.median(slow) * 1000, 2),
        "worst_digest": digest([ids]),
        **more,
    }
    print(json.dumps(line), flush=True)
