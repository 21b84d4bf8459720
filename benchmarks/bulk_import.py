"""The whole history at once: a workbook imported twice, the API polled from the start, and lists of what came.

    .venv/bin/python benchmarks/bulk_import.py --rows 5000
    .venv/bin/python benchmarks/bulk_import.py --rows 100000 --api-items 45000     (some 15 minutes)

Steps, each in a process of its own on one SQLite database, with its peak memory:

- `import`: a workbook of the WTO's shape (`bulk_notices`; 100,000 rows are about 45 MB) into an empty database;
- `again`: the same workbook once more, when nothing has changed;
- `api`: the first poll of the API, in another empty database; at most ten pages a second, as the WTO asks;
- `status`, `list`, `search`, `all`: what `tbtwatch status` and three forms of `tbtwatch measures` cost on that history,
  with the start of the program.

First it is checked that every notice and measure is there once. Exit code 1 if not. Prints a table, then one line of
JSON. `--keep FOLDER` keeps the workbook and the databases.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.bulk_notices import Bulk, Expected, write_workbook
from benchmarks.feed_server import publishers

#: What the commands are called with.
COMMANDS = {
    "status": ["status", "--json"],
    "list": ["measures", "--market", "KEN", "--limit", "50", "--json"],
    "search": ["measures", "--text", "juices labelling", "--limit", "50", "--json"],
    "all": ["measures", "--json"],
}


@dataclass(frozen=True)
class Step:
    """One step: how long it took, what it held in memory at most, what it said last."""

    seconds: float
    cpu_seconds: float  #: of the whole process; what is left of `seconds` it waited, for the disk or for its turn
    peak_mb: float
    said: str


def run(arguments: Sequence[str], database: Path) -> Step:
    """One step in a process of its own, without the operator's settings. Raises RuntimeError if it fails."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TBTWATCH_")}
    environment = {**kept, "TBTWATCH_DATABASE_URL": f"sqlite:///{database}"}
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen([sys.executable, *arguments], stdout=output, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(f"{' '.join(arguments)} ended with {process.returncode}")
        output.seek(max(0, output.seek(0, os.SEEK_END) - 10_000))
        said = output.read().decode("utf-8", "replace").strip()
    # Kilobytes on Linux, bytes on macOS.
    peak_mb = usage.ru_maxrss / (1024 if sys.platform != "darwin" else 1024**2)
    return Step(seconds, usage.ru_utime + usage.ru_stime, peak_mb, said)


def work(kind: str, what: str) -> int:
    """A step's own process: import the file `what`, or poll the API at the address `what`. Prints JSON."""
    import structlog

    from tbtwatch.bootstrap import assemble
    from tbtwatch.pipeline.history import import_file
    from tbtwatch.settings import load_settings

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    settings = load_settings().model_copy(update={"allow_addresses": "127.0.0.1"})
    api = {"name": "api", "kind": "eping_api", "base_url": f"{what}/eping", "key": "made-up"}
    app = assemble(settings, entries=[] if kind == "import" else [api])
    told: dict[str, Any]
    started = time.perf_counter()
    if kind == "import":
        tally = import_file(Path(what), desk=app.desk).tally
        told = {"notices": len(tally.seen), "new": len(tally.new), "unreadable": tally.unreadable}
    else:

        async def poll() -> dict[str, Any]:
            async with app.fetcher() as fetcher:
                (report,) = await app.poll(list(app.sources), fetcher)
            return {name: getattr(report, name) for name in ("notices", "new", "unreadable", "error", "requests")}

        told = asyncio.run(poll())
    seconds = time.perf_counter() - started
    with app.storage.look() as tx:
        told |= {"measures": tx.measures.count(), "held": tx.notices.counts()["notices"], "seconds": seconds}
    print(json.dumps(told))
    return 0


def problems(name: str, told: dict[str, Any], expected: Expected, *, new: int) -> list[str]:
    """Where a step's result is not what was written."""
    wanted = {
        "notices": expected.notices,
        "held": expected.notices,
        "measures": expected.measures,
        "unreadable": expected.unreadable,
        "new": new,
    }
    found = [f"{name}: {told[key]} {key} instead of {value}" for key, value in wanted.items() if told[key] != value]
    return [*found, f"{name}: {told['error']}"] if told.get("error") else found


@contextmanager
def a_folder(keep: Path | None) -> Iterator[Path]:
    """Where the files go."""
    if keep is not None:
        keep.mkdir(parents=True, exist_ok=True)
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="tbtwatch-bench-") as folder:
        yield Path(folder)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the workbook, run the steps, compare, print. Returns the exit code."""
    options = argparse.ArgumentParser(description="History in bulk: time and memory.")
    options.add_argument("--rows", type=int, default=5_000)
    options.add_argument("--api-items", type=int, default=0, help="items of the API's list; 0: leave the API out")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--keep", type=Path, help="a folder without databases of an earlier run")
    options.add_argument("--work", nargs=2, metavar=("KIND", "WHAT"), help=argparse.SUPPRESS)
    wanted = options.parse_args(arguments)
    if wanted.work:
        return work(*wanted.work)
    if wanted.rows < 1:
        options.error("--rows must be at least 1")

    found: list[str] = []
    steps: dict[str, tuple[Step, float, int]] = {}  # with the seconds of the work itself, and how many entries
    with a_folder(wanted.keep) as folder:
        workbook, database = folder / f"notifications-{wanted.rows}.xlsx", folder / "workbook.db"
        bulk = Bulk(wanted.rows, wanted.seed)
        write_workbook(workbook, bulk.rows(), count=wanted.rows)
        megabytes = workbook.stat().st_size / 1e6
        for name, new in (("import", bulk.expected.notices), ("again", 0)):
            step = run([__file__, "--work", "import", str(workbook)], database)
            told = json.loads(step.said)
            found += problems(name, told, bulk.expected, new=new)
            steps[name] = (step, told["seconds"], wanted.rows)
        for name, words in COMMANDS.items():
            step = run(["-c", "from tbtwatch.cli import main; main()", *words], database)
            steps[name] = (step, step.seconds, 0)
        if wanted.api_items:
            expected = Bulk(wanted.api_items).expected
            with publishers(api_items=wanted.api_items) as server:
                step = run([__file__, "--work", "api", server.api], folder / "api.db")
            told = json.loads(step.said)
            found += problems("api", told, expected, new=expected.notices)
            steps["api"] = (step, told["seconds"], wanted.api_items)

    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        return 1
    print(f"{wanted.rows:,} rows, {megabytes:.1f} MB: {bulk.expected.notices:,} notices of {bulk.expected.measures:,}")
    print("measures; every one is there once")
    print(f"{'':10}{'seconds':>10}{'CPU s':>10}{'entries/s':>12}{'peak MB':>10}")
    for name, (step, seconds, entries) in steps.items():
        rate = f"{entries / seconds:,.0f}" if entries else ""
        print(f"{name:10}{seconds:10.2f}{step.cpu_seconds:10.2f}{rate:>12}{step.peak_mb:10.0f}")
    line = {
        "benchmark": "bulk_import",
        "rows": wanted.rows,
        "api_items": wanted.api_items,
        "seed": wanted.seed,
        "workbook_mb": round(megabytes, 2),
        "notices": bulk.expected.notices,
        "measures": bulk.expected.measures,
        **{f"{name}_s": round(seconds, 3) for name, (_, seconds, _) in steps.items()},
        **{f"{name}_cpu_s": round(step.cpu_seconds, 3) for name, (step, _, _) in steps.items()},
        **{f"{name}_per_s": round(count / seconds, 1) for name, (_, seconds, count) in steps.items() if count},
        **{f"{name}_peak_mb": round(step.peak_mb, 1) for name, (step, _, _) in steps.items()},
        "ratio_again": round(steps["import"][1] / steps["again"][1], 2),
    }
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
