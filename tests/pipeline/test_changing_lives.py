"""Any life of subscriptions that change, are silent and speak again: what is owed is told, and told once.

Criteria, frequency, language, addresses, zone, weekday, quiet hours and holidays change at random; subscriptions are
snoozed and measures muted; addresses refuse mail for a while; and the process dies now and then.
"""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import select, text
from sqlmodel import col

from notifiers.message import Message
from notifiers.outcome import Outcome, Reason, Refused, Sent, TryAgain
from subscriptions.criteria import Address, Criteria, Frequency, Subscription
from subscriptions.rhythm import Rhythm
from tbtwatch.pipeline.change import Edit, change
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.snooze import PauseError, pause, resume
from tbtwatch.storage.engine import as_json
from tbtwatch.storage.rows import FactChangeRow, MeasureRow
from tbtwatch.storage.versions import Version, in_force
from tests.databases import Databases
from tests.pipeline.crashes import a_template
from tests.pipeline.test_lives import OWED, PRODUCTS, Lives

LIVES = {"sqlite": 40, "postgresql": 8}
STEPS = 30
READERS = ("a@example.com", "b@example.com", "c@example.com", "d@example.com")
HEADINGS = st.sets(st.sampled_from(sorted(PRODUCTS)), min_size=1)
TARGETS = st.sets(st.sampled_from(READERS), min_size=1, max_size=2)
WHICH = st.integers(0, 20)
RHYTHMS = st.builds(
    Rhythm,
    zone=st.sampled_from(["", "Europe/Paris", "America/St_Johns", "Asia/Shanghai"]),
    weekday=st.integers(0, 6),
    digest_at=st.sampled_from([None, time(9)]),
    holidays=st.sampled_from(["", "CN"]),
    tell_nothing_new=st.booleans(),
) | st.just(Rhythm(quiet_from=time(22), quiet_until=time(7)))

AWAKE = 8  #: of UTC: the quiet hours above are over in Shanghai

TOLD = text("""
    SELECT delivery.target, delivery.state, delivery.created_at, alert.subscription_id, alert.fact_change_id
    FROM delivery JOIN delivery_alert ON delivery_alert.delivery_id = delivery.id
    JOIN alert ON alert.id = delivery_alert.alert_id
""")
CHANGES = (
    select(col(FactChangeRow.id), col(FactChangeRow.noticed_at), col(FactChangeRow.measure_id), col(MeasureRow.facts))
    .join(MeasureRow, col(MeasureRow.id) == col(FactChangeRow.measure_id))
    .order_by(col(FactChangeRow.id))
)


class ChangingLives(Lives):
    """The life of the service, with subscriptions that change."""

    @rule(headings=HEADINGS, frequency=st.sampled_from(Frequency), readers=TARGETS, rhythm=RHYTHMS)
    def subscribe(self, headings: set[str], frequency: Frequency, readers: set[str], rhythm: Rhythm) -> None:
        """Somebody asks; each is an enterprise of its own."""
        self._time_goes_by(seconds=1)
        self._number += 1
        self._do(
            lambda: self.machine.service.subscribe(
                enterprise=f"E{self._number}",
                criteria=Criteria(hs=frozenset(headings)),
                frequency=frequency,
                addresses=_addresses(readers),
                rhythm=rhythm,
            )
        )

    @rule(which=WHICH, headings=HEADINGS)
    def criteria_change(self, which: int, headings: set[str]) -> None:
        """Somebody asks for something else."""
        self._change(which, Edit(criteria=Criteria(hs=frozenset(headings))))

    @rule(which=WHICH, frequency=st.sampled_from(Frequency))
    def frequency_changes(self, which: int, frequency: Frequency) -> None:
        """Somebody wants to be told at once, or in a digest."""
        self._change(which, Edit(frequency=frequency))

    @rule(which=WHICH, readers=TARGETS)
    def addresses_change(self, which: int, readers: set[str]) -> None:
        """Somebody moves."""
        self._change(which, Edit(addresses=_addresses(readers)))

    @rule(which=WHICH, rhythm=RHYTHMS)
    def rhythm_changes(self, which: int, rhythm: Rhythm) -> None:
        """Somebody keeps other hours."""
        self._change(which, Edit(rhythm=rhythm))

    @rule(
        which=WHICH,
        headings=HEADINGS,
        frequency=st.sampled_from(Frequency),
        readers=TARGETS,
        rhythm=RHYTHMS,
        language=st.sampled_from(["en", "zh"]),
    )
    def everything_changes(
        self, which: int, headings: set[str], frequency: Frequency, readers: set[str], rhythm: Rhythm, language: str
    ) -> None:
        """At once."""
        criteria = Criteria(hs=frozenset(headings))
        edit = Edit(
            criteria=criteria, frequency=frequency, addresses=_addresses(readers), rhythm=rhythm, language=language
        )
        self._change(which, edit)

    @rule(which=WHICH, days=st.integers(1, 9), measure=st.none() | st.integers(1, 6))
    def somebody_wants_silence(self, which: int, days: int, measure: int | None) -> None:
        """For some days, from everything or from one measure."""
        live = self._live()
        if not live or (measure or 0) > len({row.measure_id for row in self._rows(CHANGES)}):
            return
        until = self._today() + timedelta(days=days)
        asked: dict[str, Any] = {"until": until, "why": "away", "by": "x", "measure": measure}
        number = live[which % len(live)].id
        with suppress(PauseError):
            self._do(lambda: pause(number, desk=self.machine.service.desk, **asked))

    @rule(which=WHICH, measure=st.none() | st.integers(1, 6))
    def silence_is_ended(self, which: int, measure: int | None) -> None:
        """Before its day."""
        live = self._live()
        with suppress(LookupError):
            if live:
                one = live[which % len(live)].id
                self._do(lambda: resume(one, by="x", desk=self.machine.service.desk, measure=measure))

    @rule(reader=st.sampled_from(READERS), how=st.sampled_from(["takes", "takes", "refuses", "later"]))
    def a_mailbox_changes_its_mind(self, reader: str, how: str) -> None:
        """It takes mail, refuses it for good, or asks to try again."""
        moods: dict[str, str] = self.__dict__.setdefault("moods", {})
        moods[reader] = how

        def answer(message: Message) -> Outcome:
            match moods.get(message.recipient):
                case "refuses":
                    return Refused(reason=Reason.RECIPIENT_UNKNOWN, detail="no such user")
                case "later":
                    return TryAgain(reason=Reason.UNREACHABLE, detail="later")
            return Sent()

        self.machine.notifier.answer = answer

    @precondition(lambda self: hasattr(self, "machine"))
    @invariant()
    def versions_lie_end_to_end(self) -> None:
        """Each begins when the one before it ends, and is counted."""
        with self.machine.service.storage.look() as tx:
            for one in tx.subscriptions.live():
                ended = tx.versions.of(one.id)
                assert [version.version for version in ended] == list(range(1, one.version))
                assert all(before.until == after.since for before, after in pairwise(ended))
                if ended:
                    assert (ended[0].since, ended[-1].until) == (one.started_at, one.since)

    @invariant()
    def nobody_hears_a_thing_twice(self) -> None:
        """What an address has taken, or will be sent, is in one message to it."""
        if not hasattr(self, "machine"):
            return
        rows = self.machine.engine.connect()
        with rows:
            told = rows.execute(
                text("""
                    SELECT DISTINCT delivery.id, delivery.target, alert.fact_change_id
                    FROM delivery JOIN delivery_alert ON delivery_alert.delivery_id = delivery.id
                    JOIN alert ON alert.id = delivery_alert.alert_id
                    WHERE delivery.state IN ('sent', 'pending', 'sending')
                """)
            ).all()
        several = Counter((row.target, row.fact_change_id) for row in told)
        assert all(count == 1 for count in several.values()), several
        copies = Counter(message.message_id for message in self.machine.notifier.sent)
        assert {name for name, count in copies.items() if count > 1} <= self.machine.fate.doubled

    # --- how

    def teardown(self) -> None:
        """In the end nobody is silent, all take mail, and everything was told."""
        if not hasattr(self, "machine"):
            return
        try:
            self.machine.notifier.answer = lambda message: Sent()
            self._morning_comes()
            for days in (0, 1, 1, 8, 8, 8, 8):
                self._time_goes_by(days=days)
                self._settle()
                run_due_digests(desk=self.machine.service.desk)
                self.machine.service.deliver()
            recover(desk=self.machine.service.desk)
            self.machine.service.deliver()
            self._everything_was_told()
        finally:
            self.machine.close()

    def _morning_comes(self) -> None:
        """Until an hour at which nobody here sleeps: from day to day at midnight, quiet hours would never end."""
        now = self.machine.clock.now
        self._time_goes_by(minutes=((AWAKE - now.hour) * 60 - now.minute) % (24 * 60))

    def _change(self, which: int, edit: Edit) -> None:
        self._time_goes_by(seconds=1)  # in one instant nobody could say what was noticed before it
        live = self._live()
        if live:
            number = live[which % len(live)].id
            self._do(lambda: change(number, edit, why="so", by="x", desk=self.machine.service.desk))

    def _live(self) -> list[Subscription]:
        with self.machine.service.storage.look() as tx:
            return tx.subscriptions.live()

    def _everything_was_told(self) -> None:
        with self.machine.service.storage.look() as tx:
            live = tx.subscriptions.live()
            ended = {one.id: tx.versions.of(one.id) for one in live}
            held = tx.pauses.holding()
        assert held == []
        owed = _owed(live, ended, self._rows(CHANGES))
        raised = {(row.subscription_id, row.fact_change_id) for row in self._rows(OWED) if row.subscription_id in ended}
        assert owed == raised, f"owed and not raised: {owed - raised}; raised and not owed: {raised - owed}"
        horizon = self.machine.clock.now - self.machine.service.desk.late_horizon
        by_change: dict[int, list[Any]] = {}
        for row in self._rows(TOLD):
            assert row.state not in ("pending", "sending"), row
            by_change.setdefault(row.fact_change_id, []).append(row)
        for subscription, fact in sorted(owed):
            (one,) = (each for each in live if each.id == subscription)
            now = {address.target for address in one.addresses}
            ever = now | {address.target for version in ended[one.id] for address in version.addresses}
            rows = [row for row in by_change.get(fact, ()) if row.target in ever]
            reached = any(row.state == "sent" for row in rows)
            given_up = any(row.state in ("refused", "expired") and row.target in now for row in rows)
            long_ago = any(row.state in ("refused", "expired") and _instant(row.created_at) < horizon for row in rows)
            assert reached or given_up or long_ago, f"{one} was never told {fact}: {rows}"
            if not ended[one.id]:  # it never changed: each of its addresses was written to
                assert now <= {row.target for row in rows if row.state != "cancelled"}, f"{one} {fact}: {rows}"


def _addresses(readers: set[str]) -> tuple[Address, ...]:
    return tuple(Address(channel="email", target=reader) for reader in sorted(readers))


def _instant(value: Any) -> datetime:
    found = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _owed(live: list[Subscription], ended: dict[int, list[Version]], changes: list[Any]) -> set[tuple[int, int]]:
    """Who is owed what, reckoned naively: by the question of the time when it was noticed, and what follows of it."""
    owed: set[tuple[int, int]] = set()
    for one in live:
        told: set[int] = set()
        for news in changes:
            noticed = _instant(news.noticed_at)
            if noticed < one.started_at:
                continue
            asked = in_force(one, ended, noticed)
            fits = any(f'"{PRODUCTS[heading][0]}"' in as_json(news.facts) for heading in asked.criteria.hs)
            if fits or news.measure_id in told:
                told.add(news.measure_id)
                owed.add((one.id, news.id))
    return owed


def test_any_changing_life(databases: Databases) -> None:
    """Whatever changes in whatever order, and wherever the process dies: facts owed are facts told, once."""
    own = {"databases": databases, "template": a_template(databases)}
    run_state_machine_as_test(
        type("ChangingLivesHere", (ChangingLives,), own),
        settings=settings(
            max_examples=LIVES[databases.kind],
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
