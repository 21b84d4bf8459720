"""The poll of many feeds by our pipeline against the script that anybody would write first, in one run.

    .venv/bin/python benchmarks/poll_feeds.py --feeds 50 --entries 50

- `script` is a loop: fetch a feed with httpx (one client, the stored ETag sent back), feedparser, INSERT OR IGNORE of
  each entry into SQLite, one commit a feed; then the next feed.
- `tbtwatch` is the service's own poll: all feeds side by side, every entry read, joined, classified and recorded,
  alerts raised and messages written for what is new. It does far more for an entry that it has not seen.

Rounds: all feeds for the first time; nothing new and 304; nothing new from publishers that know no validators; one new
entry in every tenth feed; nothing new, and every publisher takes a tenth of a second to answer, as over the Internet;
one feed that hangs beside the others, timed until the others are done.

First the two sides' answers are compared with what was published. Exit code 1 if any is wrong. Prints a table, then
one line of JSON.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import logging
import os
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import feedparser
import httpx
import structlog

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.feed_server import Server, publishers
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.bootstrap import App, assemble
from tbtwatch.pipeline.conclude import PollReport
from tbtwatch.pipeline.subscribe import start
from tbtwatch.settings import Settings
from watcher.source import Source

ROUNDS = ("first", "not_modified", "same_bytes", "new_entries", "far_away", "one_hangs")
FAR_AWAY = 0.1  # seconds


@dataclass(frozen=True)
class Polled:
    """One round of one side."""

    seconds: float  #: until every feed was done, or every other feed than the one that hangs
    new: int
    held: int  #: entries in its database


class Script:
    """The plain loop."""

    def __init__(self, feeds: Sequence[str], database: Path) -> None:
        self._feeds = feeds
        self._database = sqlite3.connect(database)
        self._database.execute("CREATE TABLE entry (feed TEXT, id TEXT, title TEXT, text TEXT, PRIMARY KEY (feed, id))")
        self._database.execute("CREATE TABLE seen (feed TEXT PRIMARY KEY, etag TEXT)")
        self._client = httpx.Client(timeout=60)

    def poll(self, *, but: int | None = None) -> Polled:
        """Every feed, one after the other. `but`: the time until the others are done counts."""
        before, started, others = self._held(), time.perf_counter(), 0.0
        for number, url in enumerate(self._feeds):
            self._poll_one(url)
            if number != but:
                others = time.perf_counter() - started
        return Polled(others, self._held() - before, self._held())

    def _poll_one(self, url: str) -> None:
        etag = self._database.execute("SELECT etag FROM seen WHERE feed = ?", (url,)).fetchone()
        answer = self._client.get(url, headers={"If-None-Match": etag[0]} if etag and etag[0] else {})
        if answer.status_code == 304:
            return
        for entry in feedparser.parse(io.BytesIO(answer.content)).entries:  # noqa: TID251
            self._database.execute(
                "INSERT OR IGNORE INTO entry VALUES (?, ?, ?, ?)", (url, entry.id, entry.title, entry.summary)
            )
        self._database.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", (url, answer.headers.get("etag")))
        self._database.commit()

    def _held(self) -> int:
        count: int = self._database.execute("SELECT count(*) FROM entry").fetchone()[0]
        return count

    def close(self) -> None:
        """Give everything back."""
        self._client.close()
        self._database.close()


class Service:
    """Our own poll, with a subscription that wants everything."""

    def __init__(self, feeds: Sequence[str], database: Path) -> None:
        entries = [
            {"name": f"feed{number}", "kind": "feed", "url": url, "issuer": f"ISSUER{number}", "market": "KEN"}
            for number, url in enumerate(feeds)
        ]
        settings = Settings(database_url=f"sqlite:///{database}", allow_addresses="127.0.0.1")
        self.app: App = assemble(settings, entries=entries)
        start(
            enterprise="Everything Ltd",
            name="all of it",
            criteria=Criteria(markets=frozenset({"KEN"})),
            frequency=Frequency.IMMEDIATE,
            language="en",
            addresses=(Address(channel="email", target="all@example.com"),),
            desk=self.app.desk,
        )
        self._chosen = list(self.app.sources)
        self.statuses: set[str] = set()

    def poll(self, *, but: int | None = None) -> Polled:
        """Every feed, side by side. `but`: the time until the others are done counts."""
        return asyncio.run(self._poll(but))

    async def _poll(self, but: int | None) -> Polled:
        ended: dict[str, float] = {}

        async def alone(source: Source) -> list[PollReport]:
            reports = await self.app.poll([source], fetcher)
            ended[source.config.name] = time.perf_counter()
            return reports

        started = time.perf_counter()
        async with self.app.fetcher() as fetcher:
            if but is None:
                reports = await self.app.poll(self._chosen, fetcher)
                others = time.perf_counter()
            else:
                reports = [one for some in await asyncio.gather(*map(alone, self._chosen)) for one in some]
                others = max(at for name, at in ended.items() if name != f"feed{but}")
        self.statuses = {report.status for report in reports}
        with self.app.storage.look() as tx:
            held = tx.notices.counts()["notices"]
        return Polled(others - started, sum(report.new for report in reports), held)

    def alerts(self) -> int:
        """How many alerts were raised so far."""
        with self.app.storage.look() as tx:
            return tx.alerts.count()

    def close(self) -> None:
        """Give everything back."""
        asyncio.run(self.app.close())


class Comparison:
    """Both sides on the same feeds, round by round."""

    def __init__(self, server: Server, script: Script, service: Service, *, feeds: int, entries: int) -> None:
        self._server, self._script, self._service = server, script, service
        self._feeds, self._entries = feeds, entries
        self.problems: list[str] = []
        self.times: dict[str, tuple[float, float]] = {}

    def run(self, hang: float) -> None:
        """All rounds, in their order."""
        all_entries, fresh = self._feeds * self._entries, list(range(0, self._feeds, 10))
        slow = self._feeds // 2
        self._round("first", new=all_entries, held=all_entries, conditional=0)
        self._round("not_modified", new=0, held=all_entries, conditional=self._feeds)
        self._expect("not_modified", "statuses of tbtwatch", self._service.statuses, {"unchanged"})
        self._server.order(validators=False)
        self._round("same_bytes", new=0, held=all_entries)
        self._expect("same_bytes", "statuses of tbtwatch", self._service.statuses, {"unchanged"})
        self._server.order(publish=fresh, validators=True)
        self._round("new_entries", new=len(fresh), held=all_entries + len(fresh))
        self._expect("new_entries", "alerts", self._service.alerts(), len(fresh))
        self._round("settle", new=0, held=all_entries + len(fresh))  # both sides learn the validators again
        self._server.order(hang=dict.fromkeys(range(self._feeds), FAR_AWAY))
        self._round("far_away", new=0, held=all_entries + len(fresh))
        self._server.order(hang={**dict.fromkeys(range(self._feeds), 0.0), slow: hang})
        self._round("one_hangs", new=0, held=all_entries + len(fresh), but=slow)

    def _round(self, name: str, *, new: int, held: int, conditional: int | None = None, but: int | None = None) -> None:
        self._server.order(counts=True)
        polled: list[Polled] = []
        for side, who in ((self._script, "script"), (self._service, "tbtwatch")):
            answer = side.poll(but=but)
            counts = self._server.order(counts=True)
            self._expect(name, f"new entries of {who}", answer.new, new)
            self._expect(name, f"entries held by {who}", answer.held, held)
            self._expect(name, f"requests of {who}", set(counts["requests"].values()), {1})
            self._expect(name, f"feeds asked by {who}", len(counts["requests"]), self._feeds)
            if conditional is not None:
                self._expect(name, f"conditional requests of {who}", len(counts["conditional"]), conditional)
                self._expect(name, f"answers 304 to {who}", counts["not_modified"], conditional)
            polled.append(answer)
        self.times[name] = (polled[0].seconds, polled[1].seconds)

    def _expect(self, name: str, what: str, found: object, wanted: object) -> None:
        if found != wanted:
            self.problems.append(f"round {name}: {what}: {found} instead of {wanted}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve, poll, compare, print. Returns the exit code."""
    options = argparse.ArgumentParser(description="The poll of many feeds against a plain script.")
    options.add_argument("--feeds", type=int, default=50)
    options.add_argument("--entries", type=int, default=50)
    options.add_argument("--hang", type=float, default=5.0, help="seconds that one feed hangs in the last round")
    wanted = options.parse_args(arguments)
    if wanted.feeds < 2 or wanted.entries < 1:
        options.error("at least two feeds of one entry are needed: one of them hangs")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    for name in [name for name in os.environ if name.startswith("TBTWATCH_")]:
        del os.environ[name]  # an operator's own settings have no place here

    with (
        tempfile.TemporaryDirectory(prefix="tbtwatch-bench-") as folder,
        publishers(feeds=wanted.feeds, entries=wanted.entries) as server,
    ):
        script = Script(server.feeds, Path(folder) / "script.db")
        service = Service(server.feeds, Path(folder) / "tbtwatch.db")
        comparison = Comparison(server, script, service, feeds=wanted.feeds, entries=wanted.entries)
        comparison.run(wanted.hang)
        script.close()
        service.close()

    for problem in comparison.problems:
        print(problem, file=sys.stderr)
    if comparison.problems:
        return 1
    print(f"{wanted.feeds} feeds of {wanted.entries} entries; both sides found all of them, once")
    print(f"{'':14}{'script s':>10}{'tbtwatch s':>12}{'script / tbtwatch':>20}")
    times = {name: comparison.times[name] for name in ROUNDS}
    for name, (script_s, service_s) in times.items():
        print(f"{name:14}{script_s:10.3f}{service_s:12.3f}{script_s / service_s:19.2f}×")
    line = {
        "benchmark": "poll_feeds",
        "feeds": wanted.feeds,
        "entries": wanted.entries,
        "hang_s": wanted.hang,
        **{f"{name}_script_s": round(script_s, 4) for name, (script_s, _) in times.items()},
        **{f"{name}_tbtwatch_s": round(service_s, 4) for name, (_, service_s) in times.items()},
        **{f"ratio_{name}": round(script_s / service_s, 3) for name, (script_s, service_s) in times.items()},
    }
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
