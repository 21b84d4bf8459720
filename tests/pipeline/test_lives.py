"""Any life of the service, with deaths at any point: what is owed is told, once."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import Executable, select, text
from sqlmodel import col

from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.digest import run_due_digests, run_now
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage.engine import as_json
from tbtwatch.storage.rows import AlertRow, FactChangeRow, MeasureRow
from tests.builders import a_notice
from tests.databases import Databases
from tests.pipeline.crashes import Killed, Machine, a_template
from watcher.notice import Notice

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
PRODUCTS = {"22": ("220299", "Jelly drinks"), "95": ("950300", "Dolls")}
READERS = ("a@example.com", "b@example.com")
#: A life on PostgreSQL takes four times as long, and differs only in what the database does.
LIVES = {"sqlite": 40, "postgresql": 10}

FACTS_TOLD = text("""
    SELECT delivery.id AS delivery, delivery.target, delivery.state, delivery.kind, fact_change_id, alert.id AS alert
    FROM delivery JOIN delivery_alert ON delivery_alert.delivery_id = delivery.id
    JOIN alert ON alert.id = delivery_alert.alert_id
""")
ALERTS = text("""
    SELECT alert.id, alert.fact_change_id, alert.frequency, alert.digest_run_id, subscription.ended_at,
        subscription_address.target, alert.created_at
    FROM alert JOIN subscription ON subscription.id = alert.subscription_id
    JOIN subscription_address ON subscription_address.subscription_id = subscription.id
""")
CHANGES = select(col(FactChangeRow.id), col(FactChangeRow.noticed_at), col(MeasureRow.facts)).join(
    MeasureRow, col(MeasureRow.id) == col(FactChangeRow.measure_id)
)
OWED = select(col(AlertRow.subscription_id), col(AlertRow.fact_change_id))


class Lives(RuleBasedStateMachine):
    """Notices come, people subscribe and leave, time goes by, and the process dies now and then."""

    databases: ClassVar[Databases]
    template: ClassVar[str]  #: the address of the database each life begins with

    @initialize()
    def begin(self) -> None:
        """A seeded service."""
        self.machine = Machine(self.databases, self.template, now=START)
        self.published: list[Notice] = []
        self.machine.service.poll([])
        self._number = 0
        self._time_goes_by(minutes=1)

    def teardown(self) -> None:
        """In the end all is told."""
        if not hasattr(self, "machine"):
            return
        try:
            self._settle()
            self._time_goes_by(days=8)
            self._settle()
            self._everything_was_told()
        finally:
            self.machine.close()

    # --- what happens

    @rule(heading=st.sampled_from(sorted(PRODUCTS)), poll=st.booleans())
    def a_notice_is_published(self, heading: str, poll: bool) -> None:
        """A new measure."""
        self._number += 1
        code, products = PRODUCTS[heading]
        self.published.append(
            a_notice(
                symbol=f"G/TBT/N/KEN/{2000 + self._number}",
                title=f"{products} {self._number}",
                products_covered=products,
                hs_codes=(code,),
                distribution_date=self._today(),
            )
        )
        if poll:
            self.poll()

    @precondition(lambda self: self.published)
    @rule(which=st.integers(0, 50), poll=st.booleans())
    def an_addendum_is_published(self, which: int, poll: bool) -> None:
        """A measure's deadline moves."""
        self._number += 1
        base = self.published[which % len(self.published)].symbols[0].partition("/Add.")[0]
        deadline = date(2026, 6, 1) + timedelta(days=self._number)
        self.published.append(
            a_notice(
                symbol=f"{base}/Add.{self._number}",
                type="addendum",
                title="",
                products_covered="",
                hs_codes=(),
                ics_codes=(),
                content_summary=f"The comment period is extended until {deadline:%d %B %Y}.",
                comment_deadline=deadline,
                distribution_date=self._today(),
            )
        )
        if poll:
            self.poll()

    @rule()
    def poll(self) -> None:
        """The source is polled."""
        self._do(lambda: self.machine.service.poll(self.published))

    @rule(
        heading=st.sampled_from(sorted(PRODUCTS)),
        frequency=st.sampled_from(Frequency),
        readers=st.sets(st.sampled_from(READERS), min_size=1),
    )
    def subscribe(self, heading: str, frequency: Frequency, readers: set[str]) -> None:
        """Somebody asks."""
        self._time_goes_by(seconds=1)
        self._do(
            lambda: self.machine.service.subscribe(
                enterprise=" and ".join(sorted(readers)),
                criteria=Criteria(hs=frozenset({heading})),
                frequency=frequency,
                addresses=tuple(Address(channel="email", target=reader) for reader in sorted(readers)),
            )
        )

    @rule(which=st.integers(0, 20))
    def unsubscribe(self, which: int) -> None:
        """Somebody leaves."""
        with self.machine.service.storage.look() as tx:
            live = tx.subscriptions.live()
        if live:
            self._do(lambda: end(str(live[which % len(live)].id), reason="over", desk=self.machine.service.desk))

    @rule(minutes=st.sampled_from([1, 30, 60 * 7, 60 * 24, 60 * 24 * 8]))
    def time_goes_by(self, minutes: int) -> None:
        """Minutes to days."""
        self._time_goes_by(minutes=minutes)

    @rule()
    def deliver(self) -> None:
        """What is due goes out."""
        self._do(self.machine.service.deliver)

    @rule()
    def write_digests(self) -> None:
        """The windows that are over."""
        self._do(lambda: run_due_digests(desk=self.machine.service.desk))

    @rule(frequency=st.sampled_from([Frequency.DAILY, Frequency.WEEKLY]))
    def close_a_window_early(self, frequency: Frequency) -> None:
        """The window that is open."""
        self._do(lambda: run_now(frequency, desk=self.machine.service.desk))

    @rule()
    def recover(self) -> None:
        """What was left half done."""
        self._do(lambda: recover(desk=self.machine.service.desk))

    @rule(points=st.integers(0, 25))
    def fate_is_sealed(self, points: int) -> None:
        """The process will die at that point to come."""
        self.machine.fate.in_points(points)

    # --- what holds at any time

    @invariant()
    def nobody_hears_a_thing_twice(self) -> None:
        """No fact is in two messages to one address; a mail comes twice only after a death in between."""
        if not hasattr(self, "machine"):
            return
        told = {
            (row.target, row.fact_change_id, row.delivery) for row in self._rows(FACTS_TOLD) if row.state != "cancelled"
        }
        several = Counter((target, change) for target, change, _ in told)
        assert all(count == 1 for count in several.values()), several
        copies = Counter(message.message_id for message in self.machine.notifier.sent)
        assert {name for name, count in copies.items() if count > 1} <= self.machine.fate.doubled

    # --- how

    def _do(self, work: Any) -> None:
        try:
            work()
        except Killed:
            self.machine.clock.turn(minutes=2)
            self.machine.start()

    def _settle(self) -> None:
        self.machine.fate.points_left = None
        self.machine.service.poll(self.published)
        recover(desk=self.machine.service.desk)
        self._time_goes_by(minutes=2)
        recover(desk=self.machine.service.desk)
        self.machine.service.deliver()

    def _everything_was_told(self) -> None:
        told: dict[int, list[tuple[int, str, str]]] = {}
        heard: dict[tuple[str, int], list[str]] = {}
        for row in self._rows(FACTS_TOLD):
            if row.state != "cancelled":
                told.setdefault(row.alert, []).append((row.delivery, row.target, row.kind))
                heard.setdefault((row.target, row.fact_change_id), []).append(row.kind)
            assert row.state in ("sent", "cancelled")
        for alert in self._rows(ALERTS):
            if alert.ended_at is not None:
                continue
            assert heard.get((alert.target, alert.fact_change_id), []), f"{alert} was never told"
            if alert.frequency == "immediate":
                mine = [one for one in told.get(alert.id, []) if one[1] == alert.target]
                assert len(mine) == 1, f"{alert} was told {len(mine)} times"
            else:
                assert alert.digest_run_id is not None, f"{alert} is in no digest"
        self._nobody_was_overlooked()

    def _nobody_was_overlooked(self) -> None:
        """Whoever asked before the news came, and asks still, was owed all news of what fits."""
        owed = {(row.subscription_id, row.fact_change_id) for row in self._rows(OWED)}
        with self.machine.service.storage.look() as tx:
            live = tx.subscriptions.live()
        for change in self._rows(CHANGES):
            for subscription in live:
                (heading,) = subscription.criteria.hs
                fits = f'"{PRODUCTS[heading][0]}"' in as_json(change.facts)
                assert ((subscription.id, change.id) in owed) == (fits and subscription.started_at <= change.noticed_at)

    def _rows(self, query: Executable) -> list[Any]:
        with closing(self.machine.engine.connect()) as connection:
            return list(connection.execute(query))

    def _today(self) -> date:
        return self.machine.clock.now.date()

    def _time_goes_by(self, **by: float) -> None:
        self.machine.clock.turn(**by)


def test_any_life(databases: Databases) -> None:
    """Whatever happens in whatever order, and wherever the process dies: who asked is told, and told once."""
    own = {"databases": databases, "template": a_template(databases)}
    run_state_machine_as_test(
        type("LivesHere", (Lives,), own),
        settings=settings(
            max_examples=LIVES[databases.kind],
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
