"""Any life of subscriptions each of whose addresses has its own ways: what is owed at an address is told there, once.

As `test_changing_lives`, and ways come, change and go; half of the measures concern the readers broadly only.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule, run_state_machine_as_test
from sqlalchemy import select, text
from sqlmodel import col

from rules.classification import Grade
from subscriptions.criteria import Address, Criteria, Frequency, Subscription, Way
from subscriptions.rhythm import Rhythm
from subscriptions.ways import lets_through, owed_at
from tbtwatch.pipeline.change import ChangeError, Edit
from tbtwatch.storage.engine import as_json
from tbtwatch.storage.rows import FactChangeRow, MeasureRow
from tbtwatch.storage.versions import Version, in_force
from tests.builders import a_notice
from tests.databases import Databases
from tests.pipeline.crashes import a_template
from tests.pipeline.test_changing_lives import (
    HEADINGS,
    READERS,
    RHYTHMS,
    STEPS,
    TARGETS,
    TOLD,
    WHICH,
    ChangingLives,
    _addresses,
    _instant,
)
from tests.pipeline.test_lives import OWED, PRODUCTS

LIVES = {"sqlite": 40, "postgresql": 8}
ASKED = {"22": "2202", "95": "9503"}  #: four digits, so that a measure may name the wider group only
AT_ONCE, DAILY, WEEKLY = Frequency
PAIRS: tuple[tuple[tuple[Grade, Frequency], ...], ...] = (
    (),
    ((Grade.DIRECT, AT_ONCE), (Grade.BROAD, WEEKLY)),
    ((Grade.DIRECT, DAILY), (Grade.BROAD, WEEKLY)),
    ((Grade.DIRECT, AT_ONCE), (Grade.BROAD, DAILY)),
    ((Grade.DIRECT, AT_ONCE),),
    ((Grade.DIRECT, WEEKLY),),
    ((Grade.BROAD, AT_ONCE),),
    ((Grade.BROAD, DAILY),),
)
WAYS = st.fixed_dictionaries({reader: st.sampled_from(PAIRS) for reader in READERS})
NEWS = (
    select(
        col(FactChangeRow.id),
        col(FactChangeRow.noticed_at),
        col(FactChangeRow.alerted_at),
        col(FactChangeRow.measure_id),
        col(MeasureRow.facts),
    )
    .join(MeasureRow, col(MeasureRow.id) == col(FactChangeRow.measure_id))
    .order_by(col(FactChangeRow.id))
)
WAITING = text("""
    SELECT alert_way.target, alert_way.alert_id FROM alert_way
    JOIN alert ON alert.id = alert_way.alert_id
    JOIN subscription ON subscription.id = alert.subscription_id
    JOIN subscription_address ON subscription_address.subscription_id = subscription.id
        AND subscription_address.target = alert_way.target
    WHERE subscription.ended_at IS NULL AND alert_way.frequency <> 'immediate' AND alert_way.digest_run_id IS NULL
""")


class WayLives(ChangingLives):
    """The same life, in which each address may have its own ways."""

    @initialize(ways=WAYS, readers=TARGETS)
    def begin(self, ways: dict[str, Any], readers: set[str]) -> None:  # type: ignore[override]
        """A seeded service, and somebody who is told by ways."""
        super().begin()
        self.subscribe(set(ASKED), Frequency.IMMEDIATE, readers, Rhythm(), ways)

    @rule(which=WHICH, broad=st.booleans(), readers=TARGETS)
    def news_comes_and_somebody_moves(self, which: int, broad: bool, readers: set[str]) -> None:
        """Before it is told."""
        self.a_notice_is_published("22", broad, True)
        self.addresses_change(which, readers)

    @rule(which=WHICH, broad=st.booleans(), ways=WAYS, frequency=st.sampled_from(Frequency))
    def news_comes_and_ways_change(self, which: int, broad: bool, ways: dict[str, Any], frequency: Frequency) -> None:
        """Before it is told."""
        self.a_notice_is_published("22", broad, True)
        self.ways_change(which, ways, frequency)

    @rule(heading=st.sampled_from(sorted(PRODUCTS)), broad=st.booleans(), poll=st.booleans())
    def a_notice_is_published(self, heading: str, broad: bool, poll: bool) -> None:
        """A new measure, about the readers' goods or about the wider group that they belong to."""
        self._number += 1
        code, products = PRODUCTS[heading]
        self.published.append(
            a_notice(
                symbol=f"G/TBT/N/KEN/{2000 + self._number}",
                title=f"{products} {self._number}",
                products_covered=products,
                hs_codes=(heading if broad else code,),
                distribution_date=self._today(),
            )
        )
        if poll:
            self.poll()

    @rule(headings=HEADINGS, frequency=st.sampled_from(Frequency), readers=TARGETS, rhythm=RHYTHMS, ways=WAYS)
    def subscribe(
        self, headings: set[str], frequency: Frequency, readers: set[str], rhythm: Rhythm, ways: dict[str, Any]
    ) -> None:
        """Somebody asks; each is an enterprise of its own."""
        self._time_goes_by(seconds=1)
        self._number += 1
        self._do(
            lambda: self.machine.service.subscribe(
                enterprise=f"E{self._number}",
                criteria=_criteria(headings),
                frequency=frequency,
                addresses=_addresses(readers),
                ways=_ways(ways, readers),
                rhythm=rhythm,
            )
        )

    @rule(which=WHICH, ways=WAYS, frequency=st.sampled_from(Frequency))
    def ways_change(self, which: int, ways: dict[str, Any], frequency: Frequency) -> None:
        """Somebody wants other grades, sooner or later, at each address; or one frequency for all again."""
        self._change(which, Edit(ways=_ways(ways, set(READERS)), frequency=frequency))

    @rule(which=WHICH, headings=HEADINGS)
    def criteria_change(self, which: int, headings: set[str]) -> None:
        """Somebody asks for something else, as surely as before."""
        live = self._live()
        if live:
            grade = live[which % len(live)].criteria.grade
            self._change(which, Edit(criteria=_criteria(headings, grade)))

    @rule(
        which=WHICH,
        headings=HEADINGS,
        frequency=st.sampled_from(Frequency),
        readers=TARGETS,
        rhythm=RHYTHMS,
        language=st.sampled_from(["en", "zh"]),
        ways=WAYS,
    )
    def everything_changes(  # type: ignore[override]
        self,
        which: int,
        headings: set[str],
        frequency: Frequency,
        readers: set[str],
        rhythm: Rhythm,
        language: str,
        ways: dict[str, Any],
    ) -> None:
        """At once."""
        edit = Edit(
            criteria=_criteria(headings),
            frequency=frequency,
            addresses=_addresses(readers),
            ways=_ways(ways, readers),
            rhythm=rhythm,
            language=language,
        )
        self._change(which, edit)

    def _change(self, which: int, edit: Edit) -> None:
        with suppress(ChangeError):  # one frequency for all, where each address has its own
            super()._change(which, edit)

    def _everything_was_told(self) -> None:
        with self.machine.service.storage.look() as tx:
            live = tx.subscriptions.live()
            ended = {one.id: tx.versions.of(one.id) for one in live}
            assert tx.pauses.holding() == []
        assert self._rows(WAITING) == []
        raised = {(row.subscription_id, row.fact_change_id) for row in self._rows(OWED)}
        horizon = self.machine.clock.now - self.machine.service.desk.late_horizon
        told: dict[int, list[Any]] = {}
        for row in self._rows(TOLD):
            assert row.state not in ("pending", "sending"), row
            told.setdefault(row.fact_change_id, []).append(row)
        for one in live:
            measures: set[int] = set()
            for news in self._rows(NEWS):
                grade, places = _owed(one, ended, news)
                owed = (one.id, news.id) in raised
                assert owed or not places, f"{one} is owed {news.id} at {places}"
                assert not owed or grade is not None or news.measure_id in measures, f"{one} is not owed {news.id}"
                measures |= {news.measure_id} if owed else set()
                rows = told.get(news.id, [])
                for address in places:
                    _was_told(one, ended, address, news, rows, horizon)
                if not ended[one.id] and grade is not None:
                    here = {row.target for row in rows if row.subscription_id == one.id and row.state != "cancelled"}
                    wanted = {each.target for each in one.addresses if lets_through(one, each, grade)}
                    assert here <= wanted, f"{one} was told {news.id} where it is not wanted: {here - wanted}"


def _criteria(headings: set[str], grade: Grade = Grade.BROAD) -> Criteria:
    return Criteria(hs=frozenset(ASKED[one] for one in headings), grade=grade)


def _ways(chosen: dict[str, Any], readers: set[str]) -> tuple[Way, ...]:
    return tuple(
        Way(address=Address(channel="email", target=reader), grade=grade, frequency=frequency)
        for reader in sorted(readers)
        for grade, frequency in chosen[reader]
    )


def _owed(
    one: Subscription, ended: dict[int, list[Version]], news: Any
) -> tuple[Grade | None, dict[Address, Frequency]]:
    """How surely the news fitted what was asked when it was noticed, and where it was owed when it was judged."""
    noticed = _instant(news.noticed_at)
    asked, facts = in_force(one, ended, noticed), as_json(news.facts)
    found = [
        grade
        for heading, four in ASKED.items()
        if four in asked.criteria.hs
        for code, grade in ((PRODUCTS[heading][0], Grade.DIRECT), (heading, Grade.BROAD))
        if f'"{code}"' in facts
    ]
    if noticed < one.started_at or news.alerted_at is None or not found or not found[0].at_least(asked.criteria.grade):
        return None, {}
    return found[0], owed_at(asked, in_force(one, ended, _instant(news.alerted_at)), found[0])


def _was_told(
    one: Subscription,
    ended: dict[int, list[Version]],
    address: Address,
    news: Any,
    rows: list[Any],
    horizon: datetime,
) -> None:
    """That an address that was owed the news was told it, or those that took its place; not if none did."""
    places, now = {address}, {address}
    judged = _instant(news.alerted_at)
    for before, after in _changes(one, ended, judged):
        if now & set(after):
            now &= set(after)
            continue
        now = set(after) - set(before)
        if not now:
            return
        places |= now
    targets, still = {each.target for each in places}, {each.target for each in now}
    here = [row for row in rows if row.target in targets]
    reached = any(row.state == "sent" for row in here)
    refused = [row for row in here if row.state in ("refused", "expired")]
    given_up = any(row.target in still for row in refused)
    long_ago = any(_instant(row.created_at) < horizon for row in refused)
    assert reached or given_up or long_ago, f"{one} was not told {news.id} at {targets}: {rows}"


def _changes(
    one: Subscription, ended: dict[int, list[Version]], since: datetime
) -> Iterator[tuple[tuple[Address, ...], tuple[Address, ...]]]:
    """The addresses before and after each change from then on."""
    versions = [each for each in ended[one.id] if each.until > since]
    stood = [*(each.addresses for each in versions), one.addresses]
    yield from pairwise(stood)


def test_any_life_with_ways(databases: Databases) -> None:
    """Whatever changes in whatever order, and wherever the process dies: facts owed at an address are told there."""
    own = {"databases": databases, "template": a_template(databases)}
    run_state_machine_as_test(
        type("WayLivesHere", (WayLives,), own),
        settings=settings(
            max_examples=LIVES[databases.kind],
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
        ),
    )
