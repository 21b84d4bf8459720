"""Mutated documents through every parser: `python -m tests.corpus.fuzz --inputs 20000 --seed 1`.

The inputs follow from the seed and the corpus alone. They are read in processes of their own with a limit of memory;
each input has 20 seconds. A finding is an exception that is no `SourceError`, a broken invariant (`checking.py`), a
hang, or the end of the process. With findings the exit status is 1, and `--keep FOLDER` holds their inputs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import re
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Final

from tests.corpus.reading import SECONDS, TooLong, limited, watched
from tests.corpus.targets import Targets
from tests.peak import peak

BATCH: Final = 250
OCTETS: Final = 600_000_000
_SHOWN: Final = 40  # findings
_START_SECONDS: Final = 60.0


@dataclass(slots=True, kw_only=True)
class Tally:
    """What one parser was given."""

    inputs: int = 0
    octets: int = 0
    findings: int = 0
    slowest: float = 0.0
    slowest_number: int = 0


@dataclass(slots=True, kw_only=True)
class Report:
    """What a run came to."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    findings: list[dict[str, Any]] = field(default_factory=list)
    peak: int = 0

    @property
    def inputs(self) -> int:
        """How many were read."""
        return sum(tally.inputs for tally in self.tallies.values())

    def add(self, told: dict[str, Any]) -> None:
        """What became of one input."""
        tally = self.tallies.setdefault(told["parser"], Tally())
        tally.inputs += 1
        tally.octets += told["octets"]
        if told["seconds"] > tally.slowest:
            tally.slowest, tally.slowest_number = told["seconds"], told["number"]
        self.peak = max(self.peak, told["peak"])
        if told["faults"]:
            tally.findings += 1
            self.findings.append(told)


def run(
    inputs: int, seed: int, *, kinds: Sequence[str] = (), workers: int = 1, first: int = 0, show: bool = False
) -> Report:
    """Reads so many inputs. A process that dies is a finding, and another one goes on behind the input it died of."""
    report, context = Report(), multiprocessing.get_context("spawn")
    batches = [(start, min(start + BATCH, first + inputs)) for start in range(first, first + inputs, BATCH)]
    batches.reverse()
    running: dict[Connection, tuple[Any, int, float]] = {}  # process, end of its batch, when it was last heard of
    at: dict[Connection, int] = {}
    begun: set[Connection] = set()

    def start(begin: int, end: int) -> None:
        here, there = context.Pipe(duplex=False)
        process = context.Process(target=_read_batch, args=(there, begin, end, seed, tuple(kinds)), daemon=True)
        process.start()
        there.close()
        running[here], at[here] = (process, end, time.monotonic() + _START_SECONDS), begin

    try:
        while batches or running:
            while batches and len(running) < workers:
                start(*batches.pop())
            for here in wait(list(running), timeout=1.0):
                assert isinstance(here, Connection)
                process, end, _ = running[here]
                try:
                    told = json.loads(here.recv_bytes())
                    if told is None:  # it has begun
                        begun.add(here)
                        continue
                    report.add(told)
                    at[here], running[here] = told["number"] + 1, (process, end, time.monotonic())
                except EOFError:
                    process.join()
                    del running[here]
                    if here not in begun:
                        raise RuntimeError("a reading process could not begin; see what it printed above") from None
                    if at[here] < end:
                        report.add(_death(at[here], seed, kinds, f"the process ended with {process.exitcode}"))
                        if at[here] + 1 < end:
                            batches.append((at[here] + 1, end))
            for process, _end, heard in list(running.values()):
                if time.monotonic() - heard > SECONDS + 20:
                    process.kill()  # it hangs where no signal is heard; its end is told above
            if show:
                _progress(report, inputs)
    finally:
        for process, _, _ in running.values():
            process.kill()
            process.join()
    return report


def _read_batch(out: Connection, begin: int, end: int, seed: int, kinds: tuple[str, ...]) -> None:
    """In a process of its own: reads the inputs and tells of each."""
    targets = Targets(kinds)
    out.send_bytes(b"null")
    for number in range(begin, end):
        made = targets.input(number, seed)
        began, found = time.perf_counter(), ""
        try:
            with limited(SECONDS, OCTETS), watched() as asked:
                faults = [*made.run(), *(f"it asked: {event}" for event in asked)]
        except TooLong:
            faults = [f"it was not read within {SECONDS} seconds"]
            found = _where()
        except RecursionError as error:
            faults = [f"RecursionError: {error}"]
        except Exception as error:  # whatever it is, it is a finding
            faults = [f"{type(error).__name__}: {error}"[:500]]
            found = _where()
        told = {
            "number": number,
            "parser": made.parser,
            "octets": len(made.body),
            "seconds": time.perf_counter() - began,
            "peak": peak(),
            "faults": [fault[:500] for fault in faults[:5]],
            "where": found,
        }
        out.send_bytes(json.dumps(told).encode())
    out.close()


def _where() -> str:
    lines = traceback.format_exc(limit=-3).splitlines()
    return " | ".join(line.strip() for line in lines if line.strip().startswith("File"))[:600]


def _death(number: int, seed: int, kinds: Sequence[str], fault: str) -> dict[str, Any]:
    made = Targets(kinds).input(number, seed)
    told = {"number": number, "parser": made.parser, "octets": len(made.body), "seconds": 0.0, "peak": 0, "where": ""}
    return {**told, "faults": [fault]}


def _progress(report: Report, inputs: int) -> None:
    done = report.inputs
    bar = "#" * (30 * done // max(1, inputs))
    line = f"\r[{bar:<30}] {done:,} of {inputs:,} inputs, {len(report.findings)} findings "
    print(line, end="", file=sys.stderr, flush=True)


def lines_of(report: Report) -> Iterator[str]:
    """The report as people read it."""
    yield f"{'parser':<16}{'inputs':>8}{'MB':>8}{'slowest':>10}{'input':>9}{'findings':>10}"
    for name, tally in sorted(report.tallies.items()):
        yield (
            f"{name:<16}{tally.inputs:>8,}{tally.octets / 1e6:>8.1f}{tally.slowest:>8.2f} s{tally.slowest_number:>9}"
            f"{tally.findings:>10}"
        )
    found = len(report.findings)
    yield f"{report.inputs:,} inputs, {found} findings, most memory of a process {report.peak / 1e6:.0f} MB"
    seen: set[str] = set()
    for told in report.findings:
        alike = told["parser"] + re.sub(r"\d+|'.*?'", "", told["faults"][0])[:60]
        if alike not in seen and len(seen) < _SHOWN:
            seen.add(alike)
            yield f"input {told['number']} ({told['parser']}): {told['faults'][0]} {told['where']}".rstrip()


def main(arguments: Sequence[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input, to see one again")
    parser.add_argument("--kinds", nargs="*", default=[], help="only these parsers")
    parser.add_argument("--workers", type=int, default=max(1, min(4, os.cpu_count() or 1)))
    parser.add_argument("--keep", type=Path, help="a folder for the inputs of the findings")
    told = parser.parse_args(arguments)
    report = run(
        told.inputs,
        told.seed,
        kinds=told.kinds,
        workers=told.workers,
        first=told.first,
        show=sys.stderr.isatty(),
    )
    print("\n".join(lines_of(report)))
    if told.keep and report.findings:
        told.keep.mkdir(parents=True, exist_ok=True)
        targets = Targets(told.kinds)
        for found in report.findings:
            made = targets.input(found["number"], told.seed)
            (told.keep / f"{made.parser}-{told.seed}-{found['number']}").write_bytes(made.body)
    return 1 if report.findings else 0


if __name__ == "__main__":
    sys.exit(main())
