"""A thousand sources watched by one `tbtwatch run`: its memory, and how long each source waits for its turn.

    .venv/bin/python benchmarks/poll_many.py --sources 1000 --entries 50 --every 2 --rounds 4

The real command polls real feeds on loopback in real time, each feed a host of its own, every source due again after
`--every` minutes. Some feeds hang at each request and some fail. When every source was polled once, one new entry is
published in every tenth of the feeds that do neither, and told by mail. It ends when each of these was polled so many
times.

A source waits from the moment it is due, as the database says (read twice a second from outside), until its poll
begins. It starves if it waits longer than its own interval, counted from when every source was polled once: at the
start all are due at the same moment, and the line is as long as it takes to read everything.

Exit code 1 if a source was not polled, starved, or was asked twice in less than a quarter of its interval; if a feed
that is well was not read to the last entry; if the mails are not exactly those owed; or if the memory of the process
with its children is beyond `--megabytes`.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.feed_server import Server, publishers
from benchmarks.mail_server import Mail, Sink, mail_server
from benchmarks.peers.sides import BIN, Entries, Tbtwatch
from benchmarks.peers.watched import Memory
from benchmarks.poll_peers import wrong_mails

LOOK_EVERY = 0.5  # seconds
LAST_MAILS = 10.0  # seconds that the service has at the end to send what it found


class ManySources(Tbtwatch):
    """`tbtwatch` with all these sources, each due again after so many minutes."""

    name = "tbtwatch run"

    def __init__(self, folder: Path, feeds: Sequence[str], smtp_port: int, *, every: int) -> None:
        self.every_minutes = every
        super().__init__(folder, feeds, smtp_port)

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """`tbtwatch run`, told to end at the end."""
        with (self.folder / "run.log").open("wb") as log:
            service = subprocess.Popen(
                [BIN / "tbtwatch", "run"], cwd=self.folder, env=self.environment(), stdout=log, stderr=log
            )
            try:
                yield service
                service.send_signal(signal.SIGTERM)
                service.wait(timeout=30)
            finally:
                if service.poll() is None:
                    service.kill()
                    service.wait()


@dataclass
class Waits:
    """When each source was due, and when it was polled."""

    began: float  #: when the service did: all were due
    ended: float = 0.0
    due: dict[str, set[float]] = field(default_factory=dict)
    begun: dict[str, list[float]] = field(default_factory=dict)

    def look(self, database: Path) -> None:
        """Read from outside when each source is due next."""
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=30)) as connection:
            for name, at in connection.execute("SELECT name, next_poll_at FROM source WHERE next_poll_at IS NOT NULL"):
                self.due.setdefault(name, set()).add(_seconds(at))

    def end(self, database: Path, at: float) -> None:
        """Read when each source was polled."""
        self.ended = at
        with closing(sqlite3.connect(database, timeout=30)) as connection:
            for name, began in connection.execute("SELECT source, started_at FROM poll ORDER BY started_at"):
                self.begun.setdefault(name, []).append(_seconds(began))

    def of(self, name: str) -> list[tuple[float, float]]:
        """When a source was due and how long it waited for the poll that began then; one that still waits, till now."""
        due, begun = self.due.get(name, set()), self.begun.get(name, [])
        if not begun:
            return []
        waits = [(self.began, begun[0] - self.began)]
        for before, began in zip(begun, [*begun[1:], self.ended], strict=True):
            if between := [one for one in due if before < one <= began]:
                waits.append((max(between), began - max(between)))
        return waits


def _seconds(stored: str) -> float:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC).timestamp()


@dataclass(frozen=True)
class Wanted:
    """How the run is to be."""

    sources: int
    entries: int
    every: int
    rounds: int
    seconds: float
    hanging: int
    failing: int
    hang: float
    megabytes: float

    @property
    def odd(self) -> range:
        """The feeds that hang, then those that fail."""
        return range(1, 1 + self.hanging + self.failing)

    @property
    def well(self) -> list[int]:
        """The others."""
        return [number for number in range(self.sources) if number not in self.odd]


@dataclass
class Run:
    """What was seen of a run."""

    waits: Waits
    memory: Memory
    seeded_after: float = 0.0  #: seconds until every source was polled once
    seeded_at: float = 0.0
    published_at: float = 0.0  #: time.monotonic()
    over: bool = False  #: every feed that is well was polled as often as wanted
    mails: list[Mail] = field(default_factory=list)
    ended: int | None = None


def watch(side: ManySources, wanted: Wanted, server: Server, sink: Sink) -> Run:
    """Let the service run, look at it twice a second, publish when all were polled once."""
    database, news = side.folder / "tbtwatch.db", wanted.well[::10]
    server.order(
        hang=dict.fromkeys(wanted.odd[: wanted.hanging], wanted.hang),
        fail=dict.fromkeys(wanted.odd[wanted.hanging :], True),
    )
    with side.running() as service:
        run = Run(waits=Waits(began=time.time()), memory=Memory(service.pid))
        began = time.monotonic()
        while not run.over and time.monotonic() < began + wanted.seconds and service.poll() is None:
            time.sleep(LOOK_EVERY)
            run.waits.look(database)
            if not run.seeded_at and len(run.waits.due) >= wanted.sources:
                run.seeded_after, run.seeded_at = time.monotonic() - began, time.time()
                if wanted.rounds > 2:  # the next poll of some is under way already
                    server.order(publish=news)
                    run.published_at = time.monotonic()
            # Each poll that ends says when the next one is due.
            run.over = min(len(run.waits.due.get(f"feed{number}", ())) for number in wanted.well) >= wanted.rounds
        if run.published_at:
            time.sleep(LAST_MAILS)
        over = time.time()
        run.memory.end()
        run.ended = service.poll()
    run.waits.end(database, over)
    run.mails = sink.taken()
    return run


def judge(run: Run, side: ManySources, wanted: Wanted) -> tuple[list[str], dict[str, float]]:
    """A sentence for each thing that is wrong, and the figures."""
    names = [f"feed{number}" for number in range(wanted.sources)]
    interval, well = wanted.every * 60.0, {f"feed{number}" for number in wanted.well}
    waits = {name: run.waits.of(name) for name in names}
    wrong = [f"{name} was never polled" for name in names if not waits[name]]
    if run.ended is not None:
        wrong.append(f"the service ended by itself with {run.ended}; {(side.folder / 'run.log').read_text()[-500:]}")
    if not run.over or not run.seeded_at:
        wrong.append(f"not every source was polled {wanted.rounds} times within {wanted.seconds:g} s")
    # At the start all are due at once, and the line is as long as it takes to read everything.
    later = {
        name: [wait for at, wait in polls if run.seeded_at and at > run.seeded_at] for name, polls in waits.items()
    }
    flat = [wait for several in later.values() for wait in several]
    wrong += [
        f"{name} waited {max(several):.0f} s" for name, several in later.items() if max(several, default=0) > interval
    ]
    for name in well:
        began = run.waits.begun.get(name, [])
        apart = [b - a for a, b in pairwise(began)]
        if apart and min(apart) < interval / 4:
            wrong.append(f"{name} was asked again after {min(apart):.0f} s")
    owed: Entries = frozenset((number, wanted.entries) for number in wanted.well[::10] if run.published_at)
    wrong += wrong_mails("mails", run.mails, owed)
    shown = frozenset((number, place) for number in wanted.well for place in range(wanted.entries)) | owed
    hanging = set(wanted.odd[: wanted.hanging])  # what hangs comes late, but it comes
    if held := frozenset(one for one in side.held() if one[0] not in hanging) ^ shown:
        wrong.append(f"{len(held)} entries are not held that should be, or the other way round")
    if run.memory.proportional / 1e6 > wanted.megabytes:
        wrong.append(f"{run.memory.proportional / 1e6:.0f} MB of memory is more than {wanted.megabytes:g}")
    counts = [len(run.waits.begun.get(name, ())) for name in well]
    figures = {
        "seeded_s": run.seeded_after,
        "polls": float(sum(map(len, run.waits.begun.values()))),
        "polls_least": float(min(counts, default=0)),
        "polls_most": float(max(counts, default=0)),
        "wait_p50_s": median(flat) if flat else 0.0,
        "wait_p95_s": quantiles(flat, n=20)[-1] if len(flat) > 1 else 0.0,
        "wait_max_s": max(flat, default=0.0),
        "mail_last_s": max((mail.at for mail in run.mails), default=run.published_at) - run.published_at,
        "resident_mb": run.memory.resident / 1e6,
        "pss_mb": run.memory.proportional / 1e6,
    }
    return wrong, figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve, run, judge, print. Returns the exit code."""
    options = argparse.ArgumentParser(description="A thousand sources watched by one process.")
    options.add_argument("--sources", type=int, default=1000)
    options.add_argument("--entries", type=int, default=50)
    options.add_argument("--every", type=int, default=2, help="minutes after which a source is due again")
    options.add_argument("--rounds", type=int, default=4, help="polls of each source; news is published if over 2")
    options.add_argument("--seconds", type=float, default=1800.0, help="the longest it may take")
    options.add_argument("--hanging", type=int, default=10, help="feeds that hang at each request")
    options.add_argument("--failing", type=int, default=10, help="feeds that answer 500")
    options.add_argument("--hang", type=float, default=30.0, help="seconds that they hang")
    options.add_argument("--megabytes", type=float, default=512.0, help="more is too much")
    wanted = Wanted(**vars(options.parse_args(arguments)))
    if wanted.sources < wanted.hanging + wanted.failing + 2 or wanted.entries < 1:
        options.error("at least two feeds of one entry are needed beside those that hang or fail")

    with (
        tempfile.TemporaryDirectory(prefix="tbtwatch-bench-") as folder,
        publishers(feeds=wanted.sources, entries=wanted.entries) as server,
        mail_server() as sink,
    ):
        side = ManySources(Path(folder) / "run", server.feeds, sink.port, every=wanted.every)
        run = watch(side, wanted, server, sink)
        wrong, figures = judge(run, side, wanted)
    print(f"{wanted.sources} sources of {wanted.entries} entries, due every {wanted.every} minutes;")
    print(f"{wanted.hanging} of them hang {wanted.hang:g} s at each request, {wanted.failing} fail")
    for what, name, unit in ROWS:
        print(f"{what:72}{figures[name]:9.1f} {unit}")
    print(f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} at the end")
    for sentence in wrong[:20]:
        print(sentence, file=sys.stderr)
    print(
        json.dumps({"benchmark": "poll_many", **vars(wanted), **{name: round(one, 2) for name, one in figures.items()}})
    )
    return 1 if wrong else 0


ROWS = (
    ("every source polled once after", "seeded_s", "s"),
    ("polls in all", "polls", ""),
    ("polls of the source polled least often, of those that are well", "polls_least", ""),
    ("polls of the source polled most often", "polls_most", ""),
    ("after that a source due waits for its turn, median", "wait_p50_s", "s"),
    ("  the 95th in a hundred", "wait_p95_s", "s"),
    ("  the longest", "wait_max_s", "s"),
    ("the last of the mails owed came after its entry was published", "mail_last_s", "s"),
    ("memory at most, the process and its children (sum of resident)", "resident_mb", "MB"),
    ("  shared pages counted once (PSS)", "pss_mb", "MB"),
)

if __name__ == "__main__":
    sys.exit(main())
