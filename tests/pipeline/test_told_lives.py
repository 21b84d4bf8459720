"""Any sequence of publishing, undoing, overriding, subscribing and deciding, with deaths: nobody hears a fact twice."""

from __future__ import annotations

from contextlib import closing, suppress
from datetime import UTC, datetime
from typing import Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import text

from rules.classification import Grade
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.consequences import consider, review
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.pipeline.overriding import end_override, override
from tbtwatch.pipeline.reclassify import reclassify
from tbtwatch.pipeline.recover import recover
from tbtwatch.pipeline.rulebook import publish, undo
from tbtwatch.pipeline.telling import tell
from tbtwatch.storage.consequences import Decision
from tests.builders import a_notice
from tests.databases import Databases
from tests.pipeline.crashes import Killed, Machine, a_template
from tests.pipeline.small_rules import FOOD, TOYS, WORDS, SmallRulebook, back_tested
from watcher.notice import Notice

START = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
SETS = (
    (FOOD, TOYS, WORDS),
    ({**FOOD, "prefixes": ["22", "9503"]}, TOYS, WORDS),
    (TOYS, WORDS),
    ({**FOOD, "prefixes": ["9503"]}, {**TOYS, "prefixes": ["22"]}),
)
READERS = ("a@example.com", "b@example.com")
DECISIONS = st.sampled_from([Decision.NOW, Decision.NOW, Decision.DIGEST, Decision.NEVER, None])
DEATHS = st.sampled_from([None, None, None]) | st.integers(0, 8)
LIVES = {"sqlite": 40, "postgresql": 6}

#: Each message about a measure that went out or will, in the order of sending, with what it tells.
SAID = text("""
    SELECT delivery.id, delivery.kind, delivery.target, delivery.state, alert.measure_id, alert.fact_change_id
    FROM delivery JOIN delivery_alert ON delivery_alert.delivery_id = delivery.id
    JOIN alert ON alert.id = delivery_alert.alert_id
    WHERE delivery.state IN ('sent', 'pending', 'sending') ORDER BY delivery.id, alert.fact_change_id
""")


class ToldLives(RuleBasedStateMachine):
    """Rules come and go, persons say otherwise, staff decide, and the process dies now and then."""

    databases: ClassVar[Databases]
    template: ClassVar[str]

    @initialize()
    def begin(self) -> None:
        """A live service with a subscription for each area, and a measure that each was told of."""
        self.machine = Machine(self.databases, self.template, now=START)
        self.published: list[Notice] = []
        self.sets = 0
        self.machine.service.poll([])
        self._subscribe("food", 0, Frequency.IMMEDIATE)
        self._subscribe("toys", 1, Frequency.DAILY)
        self._subscribe("toys", 1, Frequency.IMMEDIATE)
        self._pass(seconds=1)
        self._publish("220299")
        self._publish("950300")
        self.machine.service.poll(list(self.published))
        self._pass(seconds=1)

    def teardown(self) -> None:
        """In the end everything is decided and sent, and nothing is left to decide."""
        if not hasattr(self, "machine"):
            return
        try:
            self._settle()
            for _ in range(2):
                self._do(self.machine.service.deliver)
                self._do(lambda: self._decide(Decision.NOW, Decision.NOW))
                self._pass(days=8)
                self._do(lambda: run_due_digests(desk=self.machine.service.desk))
                self._do(self.machine.service.deliver)
            self._decide(Decision.NOW, Decision.NOW)
            assert review(desk=self.machine.service.desk) == []
            self.nobody_hears_a_fact_twice()
        finally:
            self.machine.close()

    @rule(product=st.sampled_from(["220299", "950300"]), die=DEATHS)
    def a_measure_is_notified(self, product: str, die: int | None) -> None:
        """A new one is polled and told."""
        self._publish(product)
        self._do(lambda: self.machine.service.poll(list(self.published)), die)

    @rule(which=st.integers(0, len(SETS) - 1), die=DEATHS)
    def rules_are_published(self, which: int, die: int | None) -> None:
        """And everything follows them, unless the process dies."""

        self.sets += 1  # never the same: what was in force once comes back as another version

        def work() -> None:
            service = self.machine.service
            book = SmallRulebook(*({**rule, "why": f"The rules of set {self.sets}."} for rule in SETS[which]))
            draft = book.install(service.storage, now=service.clock()).version
            if draft.state == "draft":
                report = back_tested(service.storage, draft.version)
                now = service.clock()
                publish(draft.version, by="x", storage=service.storage, rulebook=book, now=now, report=report)
                self._pass(seconds=1)
                self._follow()

        self._do(work, die)

    @rule(die=DEATHS)
    def rules_are_undone(self, die: int | None) -> None:
        """If there are any before."""

        def work() -> None:
            with suppress(LookupError):
                undo(by="x", storage=self.machine.service.storage, now=self.machine.service.clock())
                self._pass(seconds=1)
                self._follow()

        self._do(work, die)

    @rule(
        area=st.sampled_from(["food", "toys"]),
        number=st.integers(1, 3),
        remove=st.booleans(),
        die=DEATHS,
    )
    def a_person_says_otherwise(self, area: str, number: int, remove: bool, die: int | None) -> None:
        """Of a measure, if it is there."""
        said: dict[str, Any] = {"grade": Grade.DIRECT, "reason": "so", "by": "x", "desk": self.machine.service.desk}
        what = [f"area:{area}"]
        if number <= len(self.published):
            with suppress(LookupError):
                self._do(
                    lambda: override(
                        f"G/TBT/N/KEN/{number}", add=[] if remove else what, remove=what if remove else [], **said
                    ),
                    die,
                )

    @rule()
    def a_persons_word_ends(self) -> None:
        """The oldest in force."""
        service = self.machine.service
        with service.storage.look() as tx:
            live = tx.overrides.live()
        if live:
            end_override(live[0].id, by="x", reason="so", desk=service.desk)
            self._pass(seconds=1)

    @rule(area=st.sampled_from(["food", "toys"]), reader=st.integers(0, 1), frequency=st.sampled_from(Frequency))
    def somebody_subscribes(self, area: str, reader: int, frequency: Frequency) -> None:
        """Perhaps at an address that has a subscription."""
        self._subscribe(area, reader, frequency)

    @rule(late=DECISIONS, correction=DECISIONS, die=DEATHS)
    def staff_decide(self, late: Decision | None, correction: Decision | None, die: int | None) -> None:
        """Of whatever waits."""
        self._do(lambda: self._decide(late, correction), die)

    @rule(die=DEATHS)
    def what_is_due_is_sent(self, die: int | None) -> None:
        """Now."""
        self._do(self.machine.service.deliver, die)

    @rule(days=st.sampled_from([1, 7]), die=DEATHS)
    def days_go_by(self, days: int, die: int | None) -> None:
        """And the digests that are due are written."""
        self._pass(days=days)
        self._do(lambda: run_due_digests(desk=self.machine.service.desk), die)

    @rule()
    def the_service_recovers(self) -> None:
        """As it does every few minutes."""
        self._settle()

    @invariant()
    def nobody_hears_a_fact_twice(self) -> None:
        """One address, one fact, one message; corrections and their taking back follow each other, after the news."""
        if not hasattr(self, "machine"):
            return
        with closing(self.machine.engine.connect()) as connection:
            rows = connection.execute(SAID).all()
        told: dict[tuple[str, int], set[int]] = {}
        words: dict[tuple[str, int], dict[int, str]] = {}
        for row in rows:
            if row.kind in ("alert", "digest"):
                told.setdefault((row.target, row.fact_change_id), set()).add(row.id)
            words.setdefault((row.target, row.measure_id), {})[row.id] = row.kind
        assert {key: ids for key, ids in told.items() if len(ids) > 1} == {}
        for said in words.values():
            before = ""
            for kind in said.values():
                assert kind != "correction" or before not in ("", "correction"), said
                assert kind != "reinstated" or before == "correction", said
                before = kind

    def _publish(self, product: str) -> None:
        number = len(self.published) + 1
        self.published.append(
            a_notice(symbol=f"G/TBT/N/KEN/{number}", title="Goods", products_covered="Goods", hs_codes=(product,))
        )

    def _subscribe(self, area: str, reader: int, frequency: Frequency) -> None:
        self._pass(seconds=1)
        self.machine.service.subscribe(
            enterprise=f"E{reader}",
            criteria=Criteria(areas=frozenset({area})),
            frequency=frequency,
            addresses=(Address(channel="email", target=READERS[reader]),),
        )

    def _decide(self, late: Decision | None, correction: Decision | None) -> None:
        with suppress(LookupError):  # not all is classified anew yet
            tell(desk=self.machine.service.desk, by="x", late=late, correction=correction)

    def _follow(self) -> None:
        service = self.machine.service
        reclassify(storage=service.storage, rulebook=service.rulebook, clock=service.clock)
        consider(desk=service.desk)

    def _settle(self) -> None:
        recover(desk=self.machine.service.desk)
        self._pass(seconds=30)

    def _pass(self, **by: int) -> None:
        self.machine.clock.turn(**by)

    def _do(self, work: Any, die: int | None = None) -> None:
        if die is not None:
            self.machine.fate.in_points(die)
        try:
            work()
        except Killed:
            pass
        finally:
            self.machine.start()
            self._pass(seconds=30)


def test_nobody_hears_a_fact_twice(databases: Databases) -> None:
    """Whatever rules, persons and staff do, in whatever order, and wherever the process dies."""

    class Here(ToldLives):
        """On these databases."""

    Here.databases, Here.template = databases, a_template(databases)
    lives = settings(
        max_examples=LIVES[databases.kind],
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    run_state_machine_as_test(Here, settings=lives)  # type: ignore[no-untyped-call]
