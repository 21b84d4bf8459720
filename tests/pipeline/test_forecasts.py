"""What a question would have brought, read from what is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rules.classification import Grade
from subscriptions.criteria import Criteria, Frequency, Match
from subscriptions.matching import read
from subscriptions.validation import CriteriaError
from tbtwatch.pipeline.forecast import as_asked, foresee, foresee_change, sift_for
from tbtwatch.storage import Storage, open_storage
from tests.builders import a_notice, a_subscription
from tests.databases import Databases
from tests.pipeline.service import MARKETS, SmallService
from watcher.measure import ChangeKind

TODAY = date(2026, 3, 2)


def some(number: int, **over: Any) -> Any:
    """A notice of its own, published so many days ago."""
    back = over.pop("back", 10)
    day = TODAY - timedelta(days=back)
    return a_notice(
        symbol=f"G/TBT/N/KEN/{3000 + number}",
        distribution_date=day,
        comment_deadline=day + timedelta(days=60),
        **over,
    )


def test_history_read_yesterday_counts_by_the_day_it_was_published(storage: Storage) -> None:
    """A first poll in silence, of a year: each month's measure counts, what is older does not, what is open is said."""
    notices = [some(number, back=30 * number) for number in range(1, 16)]
    service = SmallService(storage).seeded(*notices)
    made = foresee(a_subscription(markets={"KEN"}, hs={"22"}), desk=service.desk)

    assert (made.measures, made.messages, made.recorded) == (12, 12, 12)
    assert made.is_whole and made.about is None
    assert made.open_now == 2
    assert [one.symbol for one in made.examples][:2] == ["G/TBT/N/KEN/3001", "G/TBT/N/KEN/3002"]
    assert all(one.match.conditions for one in made.examples)


def test_only_wanted_news_counts(storage: Storage) -> None:
    """Who asks for withdrawals alone is told of no new measure, and the forecast says so."""
    service = SmallService(storage).seeded(some(1), some(2))
    asked = a_subscription(markets={"KEN"}, changes={ChangeKind.WITHDRAWN})

    made = foresee(asked, desk=service.desk)
    assert (made.measures, made.news, made.open_now) == (0, 0, 2)


def test_nothing_is_written_and_nobody_is_told(storage: Storage) -> None:
    """A forecast leaves no subscription, no alert and no message."""
    service = SmallService(storage).seeded(some(1))
    foresee(a_subscription(markets={"KEN"}), desk=service.desk)

    with service.storage.look() as tx:
        assert tx.subscriptions.all() == [] and tx.alerts.count() == 0
    assert service.sent == []


def test_what_is_not_classified_yet_counts_too(storage: Storage) -> None:
    """After a first poll whose measures are classified later, the forecast reads them all the same."""
    service = SmallService(storage)
    service.poll([some(1), some(2)], classify_later=True)
    made = foresee(a_subscription(markets={"KEN"}, areas={"food"}), desk=service.desk)

    assert made.measures == 2


def test_another_question_gains_and_loses(storage: Storage) -> None:
    """Toys instead of drinks: what fitted is lost, what fits now is gained, what fits both is neither."""
    both = some(3, hs_codes=("220299", "9503"))
    service = SmallService(storage).seeded(some(1), some(2, hs_codes=("9503",)), both)
    before = a_subscription(markets={"KEN"}, hs={"22"})
    after = replace(before, criteria=replace(before.criteria, hs=frozenset({"95"})))
    found = foresee_change(before, after, desk=service.desk)

    assert [one.symbol for one in found.gains] == ["G/TBT/N/KEN/3002"]
    assert [one.symbol for one in found.loses] == ["G/TBT/N/KEN/3001"]
    assert found.before.messages == found.after.messages == 2


def test_a_question_that_asks_nothing_is_refused_with_how_much_that_is(storage: Storage) -> None:
    """The sentence counts measures and documents; with nothing recorded it does not pretend to."""
    service = SmallService(storage)
    nothing = a_subscription(grade=Grade.PROBABLE)
    with pytest.raises(CriteriaError) as empty:
        as_asked(replace(nothing, criteria=Criteria()), desk=service.desk)
    service.seeded(some(1), some(2), some(3))
    with pytest.raises(CriteriaError) as counted:
        as_asked(replace(nothing, criteria=Criteria()), desk=service.desk)

    assert "here that is" not in str(empty.value)
    assert "here that is 3 measures and 3 documents of the last 12 months" in str(counted.value)


def test_with_nothing_recorded_there_is_nothing_to_estimate(storage: Storage) -> None:
    """It is empty, and no flood."""
    made = foresee(a_subscription(markets={"KEN"}), desk=SmallService(storage).desk)
    assert made.is_empty and made.examples == () and made.records is None


@pytest.fixture(scope="module")
def town(databases: Databases) -> Iterator[SmallService]:
    """Many measures of all kinds, recorded once."""
    storage = open_storage(databases.new())
    codes = [("220299",), ("2202",), ("22",), ("9503",), ("850760",), ("8507",), ()]
    notices = [
        a_notice(
            symbol=f"G/TBT/N/{member}/{place}",
            notifying_members=(member,),
            hs_codes=hs,
            ics_codes=("67.160.20",) if place % 3 else ("97.200",),
            title=("Jelly drinks", "Dolls and toys", "Lithium batteries")[place % 3],
            distribution_date=TODAY - timedelta(days=place),
        )
        for place, (member, hs) in enumerate((member, hs) for member in ("KEN", "FRA", "EU", "VNM") for hs in codes)
    ]
    yield SmallService(storage).seeded(*notices)
    storage.close()


CRITERIA = st.builds(
    Criteria,
    markets=st.frozensets(st.sampled_from(["KEN", "EU", "FRA", "EAC", "VNM"]), max_size=2),
    hs=st.frozensets(st.sampled_from(["22", "2202", "220299", "95", "8507", "850760"]), max_size=2),
    ics=st.frozensets(st.sampled_from(["67", "67.160", "97.200.50", "97"]), max_size=2),
    areas=st.frozensets(st.sampled_from(["toys", "food"]), max_size=1),
    keywords=st.frozensets(st.sampled_from(["jelly", "doll", "batteries"]), max_size=1),
    grade=st.sampled_from(list(Grade)),
)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CRITERIA, min_size=1, max_size=2))
def test_sifting_leaves_out_nothing_that_fits(town: SmallService, several: list[Criteria]) -> None:
    """Whatever is asked, the measures that the database gives hold all that a plain reading finds."""
    since = TODAY - timedelta(days=364)
    with town.storage.look() as tx:
        found = set(tx.recorded.ids(sift_for(several, since, TODAY, MARKETS)))
        for measure in tx.measures.after(0, limit=1000):
            assert measure.id is not None
            about = tx.measures.classification(measure.id)
            for criteria in several:
                asked = a_subscription(markets={"KEN"})
                if isinstance(read(replace(asked, criteria=criteria), measure, about, MARKETS), Match):
                    assert measure.id in found


@pytest.mark.parametrize("frequency", list(Frequency))
def test_a_change_of_rhythm_changes_the_count(storage: Storage, frequency: Frequency) -> None:
    """Three on two days of one week: three messages at once, two daily digests, one weekly."""
    service = SmallService(storage).seeded(some(1, back=5), some(2, back=5), some(3, back=4))
    made = foresee(replace(a_subscription(markets={"KEN"}), frequency=frequency), desk=service.desk)

    assert made.news == 3
    assert made.messages == {"immediate": 3, "daily": 2, "weekly": 1}[frequency.value]
