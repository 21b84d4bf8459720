"""A year of enterprises that change their minds: facts owed and facts told, one by one.

Enterprises subscribe, change what they ask, how often, where and in what hours, fall silent and leave; measures and
addenda are published; mail servers refuse and come back, the service is down for days, clocks change in five zones.
What is owed is reckoned by this file's own diary of what each asked when, and by plain comparison; what was told, from
the messages that the notifier took.

    python -m tests.journeys.year --enterprises 5000 --measures 5000 --addenda 2000 --edits 10000 --list year.tsv
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time as clock_of_the_machine
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import structlog
from sqlmodel import col, select

from notifiers.message import Message
from notifiers.outcome import Outcome, Reason, Refused, Sent, TryAgain
from subscriptions.criteria import Address, Criteria, Frequency
from subscriptions.rhythm import Rhythm
from tbtwatch.pipeline.change import ChangeError, Edit, change
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.snooze import PauseError, pause, resume
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage, open_storage
from tbtwatch.storage.rows import AlertRow, DeliveryAlertRow, DeliveryRow, FactChangeRow, MeasureThreadRow
from tests.builders import a_notice
from tests.fakes import ListedSource, RememberingNotifier, TurnedClock
from tests.journeys.balance import Balance
from tests.pipeline.service import SmallService
from watcher.notice import Notice

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
MARKETS = ("KEN", "UGA", "TZA", "VNM", "THA", "BRA", "CHL", "USA", "JPN", "KOR", "EU", "GBR")
CHAPTERS = tuple(f"{number:02d}" for number in range(1, 98) if number != 77)
ZONES = ("", "Europe/Paris", "America/St_Johns", "Africa/Cairo", "Asia/Shanghai", "America/Sao_Paulo")
TICK = timedelta(hours=6)
BUDGET = 3  # messages an hour to one address: few, so that there are bursts


@dataclass(frozen=True)
class Asked:
    """What an enterprise asks from an instant on."""

    since: datetime
    chapters: frozenset[str]
    markets: frozenset[str]


@dataclass
class Enterprise:
    """One subscriber, as this diary knows it."""

    number: int  #: of its subscription
    asked: list[Asked]
    addresses: list[frozenset[str]]  #: all it ever had, the last are those it has
    moved_at: list[datetime] = field(default_factory=list)  #: when it took each but the first
    ended: bool = False


class Year:
    """The service lives through it."""

    def __init__(
        self,
        storage: Storage,
        *,
        enterprises: int,
        measures: int,
        addenda: int,
        days: int,
        seed: int,
        chapters: int = 30,
        breadth: int = 6,
        progress: Callable[[str], None] = lambda line: None,
    ) -> None:
        """`chapters`: how many chapters of the HS there are goods of; `breadth`: how many, and how many markets, one
        enterprise asks for at most.
        """
        self.chance = Random(seed)
        self.chapters, self.breadth, self.progress = CHAPTERS[:chapters], breadth, progress
        self.clock = TurnedClock(START)
        self.moods: dict[str, str] = {}
        self.taken: list[str] = []  #: names of the messages that somebody took
        self.service = SmallService(
            storage,
            clock=self.clock,
            notifier=RememberingNotifier(answer=self._answer),
            source=ListedSource(hold_above=1_000_000),
            budget=BUDGET,
        )
        self.service.poll([])
        self.days, self.edits = days, Counter[str]()
        self.addenda = Counter[str]()  #: so far, by the symbol that they belong to
        self.enterprises: list[Enterprise] = []
        for _ in range(enterprises):
            self._subscribe()
        moments = sorted(
            [(self.chance.random() * (days - 20), "measure") for _ in range(measures)]
            + [(self.chance.random() * (days - 20), "addendum") for _ in range(addenda)]
        )
        self.coming = [(START + timedelta(days=day), kind) for day, kind in moments]
        self.published: list[Notice] = []
        self.down = sorted(
            (
                START + timedelta(days=self.chance.random() * (days - 25)),
                timedelta(hours=self.chance.choice([9, 30, 80])),
            )
            for _ in range(max(2, days // 60))
        )

    def live(self, *, edits: int) -> Balance:
        """Tick by tick to the end; then all mail is taken, all silence is over, and the balance is struck."""
        end_of_year = START + timedelta(days=self.days)
        page: list[Notice] = []
        ticks, said = self.days * 4, 0
        while self.clock() < end_of_year:
            page += self._published()
            for _ in range(self.chance.randint(0, max(1, 2 * edits // ticks))):
                self._edit()
            if not any(start <= self.clock() < start + length for start, length in self.down):
                self._tick(page)
                page = []
            self.clock.turn(seconds=TICK.total_seconds())
            if (day := (self.clock() - START).days) % 10 == 0 and day != said:
                said = day
                self.progress(f"day {day}: {len(self.published)} measures, {len(self.taken)} messages taken")
        self.moods.clear()
        for _ in range(30 * 4):  # several times a day: once a day might always be in somebody's quiet hours
            self._tick(page)
            page = []
            self.clock.turn(seconds=TICK.total_seconds())
        return self._balance()

    def _tick(self, page: list[Notice]) -> None:
        self.service.poll(page)
        recover(desk=self.service.desk)
        run_due_digests(desk=self.service.desk)
        self.service.deliver()
        self.service.notifier.sent.clear()  # a year of them is more than memory holds

    def _published(self) -> list[Notice]:
        new = []
        while self.coming and self.coming[0][0] <= self.clock():
            _, kind = self.coming.pop(0)
            new.append(self._addendum() if kind == "addendum" and self.published else self._measure())
        self.published += [one for one in new if "/Add." not in one.symbols[0]]
        return new

    def _measure(self) -> Notice:
        number, market = len(self.published) + self.edits["measure"] + 1, self.chance.choice(MARKETS)
        self.edits["measure"] += 1
        return a_notice(
            symbol=f"G/TBT/N/{market}/{10_000 + number}",
            notifying_members=(market,),
            title=f"Goods {number}",
            products_covered="Goods",
            hs_codes=(f"{self.chance.choice(self.chapters)}0210",),
            ics_codes=(),
            distribution_date=self.clock().date(),
            comment_deadline=self.clock().date() + timedelta(days=60),
        )

    def _addendum(self) -> Notice:
        self.edits["addendum"] += 1
        base = self.chance.choice(self.published)
        self.addenda[base.symbols[0]] += 1
        deadline = self.clock().date() + timedelta(days=self.chance.randint(20, 90))
        return a_notice(
            symbol=f"{base.symbols[0]}/Add.{self.addenda[base.symbols[0]]}",
            type="addendum",
            notifying_members=base.notifying_members,
            title="",
            products_covered="",
            hs_codes=(),
            ics_codes=(),
            content_summary=f"The comment period is extended until {deadline:%d %B %Y}.",
            comment_deadline=deadline,
            distribution_date=self.clock().date(),
        )

    # --- what enterprises do

    def _edit(self) -> None:
        one = self.chance.choice(self.enterprises)
        what = self.chance.choice(
            [
                "criteria",
                "criteria",
                "frequency",
                "address",
                "rhythm",
                "snooze",
                "resume",
                "mailbox",
                "mailbox",
                "leave",
            ]
        )
        if one.ended or (what == "leave" and self.chance.random() < 0.9):
            return
        self.clock.turn(seconds=1)
        self.edits[what] += 1
        desk = self.service.desk
        with suppress(ChangeError, PauseError, LookupError):
            match what:
                case "criteria":
                    criteria = self._criteria()
                    change(one.number, Edit(criteria=criteria), why="other goods", by="x", desk=desk)
                    one.asked.append(Asked(self.clock(), criteria.hs, criteria.markets))
                case "frequency":
                    change(one.number, Edit(frequency=self._frequency()), why="x", by="x", desk=desk)
                case "address":
                    addresses = self._addresses(one)
                    change(one.number, Edit(addresses=addresses), why="moved", by="x", desk=desk)
                    one.addresses.append(frozenset(address.target for address in addresses))
                    one.moved_at.append(self.clock())
                case "rhythm":
                    change(one.number, Edit(rhythm=self._rhythm()), why="x", by="x", desk=desk)
                case "snooze":
                    day = self.clock().date() + timedelta(days=self.chance.randint(2, 12))
                    pause(one.number, until=day, why="away", by="x", desk=desk)
                case "resume":
                    resume(one.number, by="x", desk=desk)
                case "mailbox":
                    self.moods[self.chance.choice(sorted(one.addresses[-1]))] = self.chance.choice(
                        ["takes", "takes", "refuses", "later"]
                    )
                case "leave":
                    end(str(one.number), reason="over", desk=desk)
                    one.ended = True
        self.clock.turn(seconds=1)

    def _subscribe(self) -> None:
        self.clock.turn(seconds=1)
        criteria = self._criteria()
        number = len(self.enterprises) + 1
        target = f"e{number}@example.com"
        made = self.service.subscribe(
            enterprise=f"E{number}",
            criteria=criteria,
            frequency=self._frequency(),
            rhythm=self._rhythm(),
            language=self.chance.choice(["en", "zh"]),
            addresses=(Address(channel="email", target=target),),
        )
        self.enterprises.append(
            Enterprise(made.id, [Asked(made.started_at, criteria.hs, criteria.markets)], [frozenset({target})])
        )

    def _criteria(self) -> Criteria:
        return Criteria(
            hs=frozenset(self.chance.sample(self.chapters, self.chance.randint(1, self.breadth))),
            markets=frozenset(self.chance.sample(MARKETS, self.chance.randint(1, self.breadth))),
        )

    def _frequency(self) -> Frequency:
        return self.chance.choice(list(Frequency))

    def _rhythm(self) -> Rhythm:
        quiet = self.chance.random() < 0.4
        return Rhythm(
            zone=self.chance.choice(ZONES),
            weekday=self.chance.randint(0, 6),
            digest_at=self.chance.choice([None, time(9), time(0, 30)]),
            quiet_from=time(21, 30) if quiet else None,
            quiet_until=time(7) if quiet else None,
            holidays=self.chance.choice(["", "", "CN", "FR"]),
        )

    def _addresses(self, one: Enterprise) -> tuple[Address, ...]:
        """Its own, a new one, or one that another uses too."""
        known = sorted({target for each in one.addresses for target in each})
        targets = {self.chance.choice([*known, f"e{one.number}.{len(one.addresses)}@example.com", "desk@example.com"])}
        if self.chance.random() < 0.3:
            targets.add(self.chance.choice(known))
        return tuple(Address(channel="email", target=target) for target in sorted(targets))

    def _answer(self, message: Message) -> Outcome:
        match self.moods.get(message.recipient):
            case "refuses":
                return Refused(reason=Reason.RECIPIENT_UNKNOWN, detail="no such user")
            case "later":
                return TryAgain(reason=Reason.BUSY, detail="later")
        self.taken.append(message.message_id)
        return Sent()

    # --- the balance

    def _balance(self) -> Balance:
        balance = Balance(edits=self.edits, messages=len(self.taken))
        with self.service.storage.engine.connect() as connection:
            facts = connection.execute(
                select(col(FactChangeRow.id), col(FactChangeRow.measure_id), col(FactChangeRow.noticed_at))
                .where(col(FactChangeRow.silent).is_(False))
                .order_by(col(FactChangeRow.id))
            ).all()
            symbols = dict(
                connection.execute(select(col(MeasureThreadRow.measure_id), col(MeasureThreadRow.symbol))).all()  # type: ignore[arg-type]
            )
            raised: dict[int, set[int]] = {}
            for row in connection.execute(select(col(AlertRow.subscription_id), col(AlertRow.fact_change_id))):
                raised.setdefault(row.subscription_id, set()).add(row.fact_change_id)
            rows = connection.execute(
                select(
                    col(DeliveryRow.target),
                    col(DeliveryRow.state),
                    col(DeliveryRow.created_at),
                    col(DeliveryRow.kind),
                    col(DeliveryRow.id),
                    col(AlertRow.fact_change_id),
                    col(DeliveryRow.message)["message_id"].as_string().label("message_id"),
                )
                .join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
                .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
                .where(col(DeliveryRow.state) != "cancelled")
            ).all()
        taken = set(self.taken)
        came: dict[tuple[str, int], set[int]] = {}
        tried: dict[tuple[str, int], datetime] = {}
        for row in rows:
            if row.state == "sent":
                assert row.message_id in taken, "written down as sent, and nobody took it"
                came.setdefault((row.target, row.fact_change_id), set()).add(row.id)
            elif row.state in ("refused", "expired"):
                at = tried.get((row.target, row.fact_change_id), row.created_at)
                tried[row.target, row.fact_change_id] = max(at, row.created_at)
            else:
                balance.lost.append(f"delivery {row.id} to {row.target} is still {row.state}")
        balance.bursts = len({row.id for row in rows if row.kind == "burst" and row.state == "sent"})
        balance.twice = [f"{where}: {ids}" for where, ids in came.items() if len(ids) > 1]
        notices = {one.symbols[0]: one for one in self.published}
        balance.facts = len(facts)
        about: dict[tuple[str, str], list[Any]] = {}  # chapter and market → facts, oldest first
        for fact in facts:
            notice = notices[symbols[fact.measure_id]]
            about.setdefault((notice.hs_codes[0][:2], notice.notifying_members[0]), []).append(fact)
        for one in self.enterprises:
            if one.ended:
                continue
            owed = self._owed(one, about)
            ever = {target for each in one.addresses for target in each}
            told = {fact for fact in owed if any((target, fact) in came for target in ever)}
            refused = {fact for fact in owed - told if self._given_up(one, fact, tried)}
            balance.lost += [f"{one.number} was never told {fact}" for fact in sorted(owed - told - refused)]
            balance.beyond += [f"{one.number}: {fact}" for fact in sorted(raised.get(one.number, set()) - owed)]
            balance.each.append(
                f"{one.number}\t{len(owed)}\t{len(told)}\t{len(refused)}\t{len(owed - told - refused)}"
                f"\t{', '.join(map(str, sorted(told)))}"
            )
            balance.subscribers += 1
            balance.owed, balance.told = balance.owed + len(owed), balance.told + len(told)
            balance.refused += len(refused)
            balance.exact += owed == told
        return balance

    def _given_up(self, one: Enterprise, fact: int, tried: dict[tuple[str, int], datetime]) -> bool:
        """Whether a mailbox refused it: one it has, or one it left when that was too old to be told elsewhere."""
        horizon = self.service.desk.late_horizon
        for number, targets in enumerate(one.addresses):
            left_at = one.moved_at[number] if number < len(one.moved_at) else None
            for target in targets:
                at = tried.get((target, fact))
                if at is not None and (left_at is None or at < left_at - horizon):
                    return True
        return False

    def _owed(self, one: Enterprise, about: dict[tuple[str, str], list[Any]]) -> set[int]:
        """By plain comparison: what it asked for when the fact was noticed, and what follows on what it was told."""
        owed: set[int] = set()
        for chapter, market in {place for each in one.asked for place in product(each.chapters, each.markets)}:
            told: set[int] = set()
            for fact in about.get((chapter, market), ()):
                then = [each for each in one.asked if each.since <= fact.noticed_at]
                if not then:
                    continue
                fits = chapter in then[-1].chapters and market in then[-1].markets
                if fits or fact.measure_id in told:
                    owed.add(fact.id)
                    told.add(fact.measure_id)
        return owed


def main() -> None:
    """The command."""
    asked = argparse.ArgumentParser(prog="python -m tests.journeys.year", description=__doc__)
    for name, usual in (
        ("enterprises", 300),
        ("measures", 300),
        ("addenda", 120),
        ("edits", 600),
        ("days", 365),
        ("chapters", 96),
        ("breadth", 3),
    ):
        asked.add_argument(f"--{name}", type=int, default=usual)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--list", help="write a line for each subscriber into this file")
    chosen = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    began = clock_of_the_machine.monotonic()
    memory = "/dev/shm" if Path("/dev/shm").is_dir() else None
    with tempfile.TemporaryDirectory(prefix="year-", dir=memory) as folder:
        storage = open_storage(f"sqlite:///{folder}/year.db")
        year = Year(
            storage,
            enterprises=chosen.enterprises,
            measures=chosen.measures,
            addenda=chosen.addenda,
            days=chosen.days,
            seed=chosen.seed,
            chapters=chosen.chapters,
            breadth=chosen.breadth,
            progress=lambda line: print(f"{clock_of_the_machine.monotonic() - began:6.0f} s  {line}", flush=True),
        )
        balance = year.live(edits=chosen.edits)
        storage.close()
    print(f"{chosen.days} days, seed {chosen.seed}, {clock_of_the_machine.monotonic() - began:.0f} s")
    print(balance)
    if chosen.list:
        head = "subscription\towed\ttold\trefused where it is now\tlost\tthe facts told"
        Path(chosen.list).write_text("\n".join((head, *balance.each)) + "\n", encoding="utf-8")
    for line in (*balance.lost[:20], *balance.twice[:20], *balance.beyond[:20]):
        print(line)


if __name__ == "__main__":
    main()
