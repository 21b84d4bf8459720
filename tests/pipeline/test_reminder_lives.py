"""Whatever becomes of deadlines, wishes and the service: each reminder that is owed is told once, and no other."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from subscriptions.criteria import Address
from tbtwatch.pipeline.remind import drop_waiting, remind_due
from tbtwatch.pipeline.reminder_wishes import handle, take_back, wish
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage, open_storage
from tests.builders import a_notice
from tests.pipeline.service import SmallService

ZONE = ZoneInfo("Asia/Shanghai")
DISTANCES = [(30, 14, 3), (14,), (7, 0), (1, 2, 3)]
SYMBOL = "G/TBT/N/KEN/1514"
LIVES, TURNS = 40, 30
TOLD: list[int] = []
MOVES = 6  # each is read with those before it
Told = tuple[int, date, int]  # subscription, deadline, distance


@dataclass
class Model:
    """One subscription, read plainly."""

    number: int
    enterprise: str
    since: datetime
    distances: tuple[int, ...] = ()
    ended: set[tuple[date, int]] = field(default_factory=set)
    live: bool = True


class Life:
    """Two enterprises and a measure whose deadline wanders."""

    def __init__(self, storage: Storage, chance: Random) -> None:
        self.storage, self.chance = storage, chance
        self.begin(chance.choice([20, 30, 35, 45, 60]))

    def goes_on(self) -> None:
        """One thing happens. Time goes by more often than anything else."""
        chance = self.chance
        match chance.choices(range(7), weights=[12, 3, 2, 1, 1, 1, 0.3])[0]:
            case 0:
                self.time_goes_by(chance.choice([1, 9, 24, 72, 72, 200]), chance.choice([0, 1, 1, 1, 2]))
            case 1 if len(self.notices) < MOVES:
                self.move(chance.choice([30, -5, 7, 15, -15]))
            case 2:
                self.change_wish(chance.randrange(2), chance.choice(DISTANCES))
            case 3:
                self.deal_with(chance.randrange(2))
            case 4 if self.handled:
                self.take_it_back()
            case 5:
                self.move_back()
            case 6 if self.models[1].live:
                self.unsubscribe()
            case _:
                self.time_goes_by(24, 1)
        self.what_was_sent_is_what_was_owed()

    def begin(self, deadline: int) -> None:
        """Two subscribe, the measure is noticed."""
        self.service = SmallService(self.storage).seeded()
        self.models = []
        for number, name in enumerate(("Ningbo Drinks", "Xiamen Juice"), start=1):
            address = Address(channel="email", target=f"{number}@example.com")
            self.service.subscribe(enterprise=name, addresses=(address,))
            wish(number, (14, 3, 1), by="Li", why="", desk=self.service.desk)
            self.models.append(Model(number=number, enterprise=name, since=self.service.clock(), distances=(14, 3, 1)))
        self.deadline = date(2026, 3, 2) + timedelta(days=deadline)
        self.first = self.deadline
        self.notices = [a_notice(comment_deadline=self.deadline)]
        self.service.poll(self.notices)
        self.known = self.service.clock()
        self.handled: set[str] = set()
        self.owed: list[Told] = []  # in the order they were to be told
        self.turn(1)

    def turn(self, minutes: int) -> None:
        self.service.clock.turn(minutes=minutes)

    def at(self, deadline: date, distance: int) -> datetime:
        """When a reminder is to be told."""
        day = deadline - timedelta(days=14 + distance)
        return datetime(day.year, day.month, day.day, 9, tzinfo=ZONE).astimezone(UTC)

    def expect(self, model: Model) -> None:
        """What is due for one subscription now, and ends by being looked for."""
        now = self.service.clock()
        since = max(self.known, model.since)
        waiting = sorted(
            distance
            for distance in model.distances
            if since < self.at(self.deadline, distance) <= now and (self.deadline, distance) not in model.ended
        )
        if not waiting or not model.live:
            return
        model.ended |= {(self.deadline, distance) for distance in waiting}
        if model.enterprise not in self.handled and now.astimezone(ZONE).date() <= self.deadline:
            self.owed.append((model.number, self.deadline, waiting[0]))

    def time_goes_by(self, hours: int, times: int) -> None:
        """Somebody looks afterwards, once or twice, or nobody does."""
        self.turn(hours * 60)
        if not times:
            return
        for model in self.models:
            self.expect(model)
        for _ in range(times):
            remind_due(desk=self.service.desk)
        self.send()

    def move(self, days: int) -> None:
        """An addendum moves the deadline, maybe back to where it was; a day before its own would not be believed."""
        to = max(self.deadline + timedelta(days=days), date(2026, 3, 20), self.service.clock().astimezone(ZONE).date())
        if to == self.deadline:
            return
        number = len(self.notices)
        self.notices.append(
            a_notice(
                symbol=f"{SYMBOL}/Add.{number}",
                type="addendum",
                comment_deadline=to,
                distribution_date=self.service.clock().date(),
            )
        )
        self.service.poll(self.notices)
        self.deadline, self.known = to, self.service.clock()
        with self.storage.look() as tx:
            measure = tx.measures.get(1)
            anew = {"deadline_reopened", "text_replaced"}
            if any(str(one.change.kind) in anew and one.noticed_at == self.known for one in tx.changes.of_measure(1)):
                self.handled.clear()
        assert measure.facts.comment_deadline.value == to
        self.turn(1)

    def move_back(self) -> None:
        """To where it was in the beginning."""
        if len(self.notices) < MOVES:
            self.move((self.first - self.deadline).days)

    def change_wish(self, which: int, distances: tuple[int, ...]) -> None:
        """Another number of days, which loses nothing that was due."""
        model = self.models[which]
        if not model.live or model.distances == distances:
            return
        if model.distances:
            for one in self.models:
                self.expect(one)
        wish(model.number, distances, by="Li", why="", desk=self.service.desk)
        model.distances, model.since = distances, self.service.clock()
        self.send()
        self.turn(1)

    def deal_with(self, which: int) -> None:
        """Comments were sent."""
        name = self.models[which].enterprise
        handle(SYMBOL, enterprise=name, by="Li", why="sent", desk=self.service.desk)
        self.handled.add(name)

    def take_it_back(self) -> None:
        """They were not."""
        name = sorted(self.handled)[0]
        take_back(SYMBOL, enterprise=name, by="Li", why="not sent", desk=self.service.desk)
        self.handled.discard(name)

    def unsubscribe(self) -> None:
        """One of them leaves."""
        end("2", reason="asked", desk=self.service.desk)
        self.models[1].live = False

    def send(self) -> None:
        drop_waiting(desk=self.service.desk)
        self.service.deliver()

    def what_was_sent_is_what_was_owed(self) -> None:
        """Message for message."""
        with self.storage.look() as tx:
            keys = [one.id for one in tx.outbox.list(limit=1000) if one.kind == "reminder"]
            told = {
                (one.subscription_id, one.deadline, one.distance)
                for model in self.models
                for one in tx.reminders.of_subscription(model.number, limit=1000)
                if one.state.value == "told"
            }
            waits = tx.reminders.waiting()
        sent = [one for one in self.service.notifier.sent if one.stream == "reminders"]

        assert told == set(self.owed)
        assert len(self.owed) == len(set(self.owed)) == len(keys) == len(sent)
        assert not waits


@settings(max_examples=LIVES, deadline=None)
@example(seed=230)
@given(seed=st.integers(0, 2**32))
def test_every_reminder_that_is_owed_is_told_once_and_no_other(seed: int) -> None:
    """In lives of thirty turns: deadlines move and move back, wishes change, enterprises deal with the measure, one
    unsubscribes, the service stands still for hours or days. After each turn the messages sent are those owed."""
    with tempfile.TemporaryDirectory() as folder:
        storage = open_storage(f"sqlite:///{folder}/a.db")
        try:
            life = Life(storage, Random(seed))
            for _ in range(TURNS):
                life.goes_on()
            TOLD.append(len(life.owed))
        finally:
            storage.close()


def test_these_lives_told_much() -> None:
    """The lives above are not idle: more than one reminder in each, on the average."""
    if TOLD:
        assert sum(TOLD) > len(TOLD)
