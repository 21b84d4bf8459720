"""From a feed that changes to the last mail: many subscriptions, some hundred of them met, one process.

    .venv/bin/python benchmarks/feed_to_mail.py --subscriptions 100000 --hits 270

A feed and a mail server stand on loopback, each a process of its own. The database holds so many live subscriptions,
drawn as in `index_vs_scan.py`, each with an address and an enterprise of its own; so many more ask for a word that the
new entry has. The feed is polled once for what it holds already, then an entry is published, and the poll, the alerts
and the mails are what the service does. The time is from the feed's answer to the last mail that the mail server took,
by the two servers' own clocks. Exit code 1 unless each of those who asked has one mail, and nobody else.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import logging
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import structlog

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # found from wherever this is started

from benchmarks.feed_server import publishers
from benchmarks.mail_server import mail_server
from benchmarks.matching.engines import resident_megabytes
from benchmarks.workload import MEMBERS, World
from subscriptions.criteria import Address, Criteria, Frequency, Subscription, criteria_key
from tbtwatch.bootstrap import App, assemble
from tbtwatch.settings import Settings
from tbtwatch.storage import Storage
from tbtwatch.storage.meta import Meta
from tbtwatch.storage.rows import EnterpriseRow, SubscriptionAddressRow, SubscriptionRow
from tbtwatch.storage.subscriptions import REVISION
from tbtwatch.storage.types import to_json

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
MARKET = "KEN"
WORD = "技术法规通报"  # every entry of the feed ends with it
#: The rest asks for other Members than the feed's, and not for every one.
OTHERS = tuple(member for member in MEMBERS if member not in (MARKET, "EU"))


def strangers(count: int, seed: int) -> Iterator[Subscription]:
    """Subscriptions that have nothing to do with the feed."""
    for one in World(seed).subscriptions(count):
        markets = frozenset(one.criteria.markets) & frozenset(OTHERS) or frozenset({OTHERS[one.id % len(OTHERS)]})
        yield replace(one, criteria=replace(one.criteria, markets=markets))


def readers(count: int) -> Iterator[Subscription]:
    """Those whom the entry meets, by a few questions in two languages."""
    for number in range(count):
        criteria = Criteria(markets=frozenset({MARKET}), keywords=frozenset({WORD}), hs=frozenset())
        asked = replace(criteria, exclusions=frozenset({f"never{number % 7}"}))
        language = "zh" if number % 2 else "en"
        yield Subscription(
            id=0, enterprise="", name=f"Goods {number % 7}", criteria=asked, language=language, started_at=STARTED
        )


def fill(storage: Storage, several: Iterator[Subscription]) -> int:
    """Write them, a few thousand a transaction; how many."""
    done = 0
    while some := list(islice(several, 5_000)):
        with storage.begin() as tx:
            connection = tx.subscriptions._session.connection()
            numbered = list(enumerate(some, done + 1))
            names = [{"id": id, "name": f"Enterprise {id}", "started_at": STARTED} for id, _ in numbered]
            connection.execute(EnterpriseRow.metadata.tables["enterprise"].insert(), names)
            rows = [
                {
                    "id": id,
                    "version": 1,
                    "enterprise_id": id,
                    "name": one.name,
                    "criteria": to_json(Criteria, one.criteria),
                    "criteria_key": criteria_key(one.criteria),
                    "frequency": Frequency.IMMEDIATE.value,
                    "language": one.language,
                    "started_at": STARTED,
                    "end_reason": "",
                    "token": f"token{id}",
                    "revision": 1,
                }
                for id, one in numbered
            ]
            connection.execute(SubscriptionRow.metadata.tables["subscription"].insert(), rows)
            addresses = [{"subscription_id": id, **vars_of(address(id))} for id, _ in numbered]
            connection.execute(SubscriptionAddressRow.metadata.tables["subscription_address"].insert(), addresses)
            Meta(tx.subscriptions._session).set(REVISION, "1")
            done += len(some)
    return done


def address(id: int) -> Address:
    """Where a subscription is answered."""
    return Address(channel="email", target=f"reader{id}@example.com")


def vars_of(one: Address) -> dict[str, str]:
    """An address as a row."""
    return {"channel": one.channel, "target": one.target}


async def told(app: App) -> dict[str, float]:
    """Poll, alert and deliver as the service does; when each was done."""
    done = {"began": time.monotonic()}
    async with app.fetcher() as fetcher:
        await app.poll(list(app.sources), fetcher, by_hand=True)
        done["alerts"] = time.monotonic()
    await app.deliver()
    done["delivered"] = time.monotonic()
    for notifier in app.notifiers.values():
        await notifier.close()
    return done


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill, poll, publish, poll, print. Returns the exit code."""
    options = argparse.ArgumentParser(description="From a feed that changes to the last mail.")
    options.add_argument("--subscriptions", type=int, default=100_000)
    options.add_argument("--hits", type=int, default=270)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--database", default="", help="an empty PostgreSQL database; SQLite in a folder without")
    wanted = options.parse_args(arguments)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    with (
        tempfile.TemporaryDirectory(prefix="feed-to-mail-") as folder,
        publishers(feeds=1, entries=20) as feeds,
        mail_server() as mails,
    ):
        settings = Settings(
            database_url=wanted.database or f"sqlite:///{folder}/tbtwatch.db",
            allow_addresses="127.0.0.1",
            smtp_host="127.0.0.1",
            smtp_port=mails.port,
            smtp_tls="none",
            mail_from="alerts@example.org",
            receipts_folder=Path(folder) / "receipts",
        )
        entry = {"name": "feed", "kind": "feed", "url": feeds.feeds[0], "issuer": "REGULATOR", "market": MARKET}
        app = assemble(settings, entries=[entry])
        total = wanted.subscriptions - wanted.hits
        several = [*strangers(total, wanted.seed), *readers(wanted.hits)]
        fill(app.storage, iter(several))
        del several
        gc.collect()
        before, start = resident_megabytes(), time.perf_counter()
        app.desk.audience.prepare(app.storage)
        read, held = time.perf_counter() - start, resident_megabytes() - before
        asyncio.run(told(app))
        assert mails.taken() == [], "the first poll tells nobody"

        expected = {address(id).target for id in range(total + 1, wanted.subscriptions + 1)}
        rounds = []
        for _ in range(wanted.rounds):
            feeds.order(publish=[0])
            feeds.order(counts=True)
            done = asyncio.run(told(app))
            answered = feeds.order(counts=True)["answered"]["0"]
            came = mails.taken()
            if sorted(str(mail.message["To"]) for mail in came) != sorted(expected):
                print(f"{len(came)} mails came, {len(expected)} were owed", file=sys.stderr)
                return 1
            rounds.append(
                {
                    "alerts_s": round(done["alerts"] - answered, 3),
                    "first_mail_s": round(min(mail.at for mail in came) - answered, 3),
                    "last_mail_s": round(max(mail.at for mail in came) - answered, 3),
                }
            )
        asyncio.run(app.close())
    last = sorted(one["last_mail_s"] for one in rounds)[len(rounds) // 2]
    print(f"{wanted.subscriptions:,} subscriptions, {wanted.hits} met; read from the database in {read:.1f} s")
    for one in rounds:
        print(
            f"alerts written {one['alerts_s']:.2f} s after the feed's answer, first mail {one['first_mail_s']:.2f} s,"
            f" last mail {one['last_mail_s']:.2f} s"
        )
    line = {
        "benchmark": "feed_to_mail",
        "subscriptions": wanted.subscriptions,
        "hits": wanted.hits,
        "read_s": round(read, 2),
        "index_mb": round(held, 1),
        "last_mail_s": last,
        "load": round(os.getloadavg()[0], 1),
        "rounds": rounds,
    }
    print(json.dumps(line))
    return 0


if __name__ == "__main__":
    sys.exit(main())
