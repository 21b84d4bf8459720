"""When somebody is reminded of a deadline."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from subscriptions.deadlines import Buffers, takes_comments
from subscriptions.reminders import DistanceError, Planned, due, next_planned, planned, read_distances
from tests.builders import a_measure, stated
from watcher.dates import UNKNOWN, DateFact, DateQuality, Precision
from watcher.measure import Facts, MeasureStatus

SHANGHAI = ZoneInfo("Asia/Shanghai")
ACT_BY = date(2026, 4, 26)
START = datetime(2026, 1, 1, tzinfo=UTC)
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia", "Africa/Cairo"])


def test_distances_are_read_as_people_write_them() -> None:
    """The farthest first, each once, with any comma; "none" is none at all."""
    assert read_distances("3, 30,14,3") == (30, 14, 3)
    assert read_distances("30，14、3") == (30, 14, 3)
    assert read_distances(" None ") == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [("soon", "write 30,14,3"), ("-3", "write 30,14,3"), ("", "write 30,14,3"), ("400", "at most 180")],
)
def test_what_is_no_distance_is_refused_with_a_sentence(text: str, says: str) -> None:
    """The sentence says what to write."""
    with pytest.raises(DistanceError, match=says):
        read_distances(text)


def test_a_reminder_is_planned_for_an_hour_of_the_places_own_day() -> None:
    """Fourteen days before 26 April, nine in the morning in Shanghai."""
    assert planned(ACT_BY, 14, SHANGHAI, 9).at == datetime(2026, 4, 12, 1, tzinfo=UTC)


def test_the_longest_buffer_of_several_markets_counts() -> None:
    """So that nobody acts too late for one of them; a market that is not named has the ordinary one."""
    buffers = Buffers(ordinary=14, by_market={"KEN": 21, "EU": 7})

    assert [buffers.of(members) for members in (("KEN",), ("EU",), ("UGA",), ("EU", "KEN"), ("EU", "UGA"), ())] == [
        *(21, 7, 14, 21, 14, 14)
    ]
    assert buffers.longest == 21


def test_comments_are_taken_until_the_last_day_that_a_date_can_mean() -> None:
    """To the end of the month where only the month is known; not of what is adopted, withdrawn or has no day."""

    def facts(**over: object) -> Facts:
        return a_measure(**over).facts

    may = DateFact(value=date(2026, 5, 1), quality=DateQuality.STATED, precision=Precision.MONTH, wording="May 2026")
    day = stated(date(2026, 5, 1))
    assert takes_comments(facts(comment_deadline=may), date(2026, 5, 31))
    assert not takes_comments(facts(comment_deadline=may), date(2026, 6, 1))
    assert takes_comments(facts(comment_deadline=day), date(2026, 5, 1))
    assert not takes_comments(facts(comment_deadline=day), date(2026, 5, 2))
    assert not takes_comments(facts(comment_deadline=UNKNOWN), date(2026, 5, 1))
    assert not takes_comments(facts(comment_deadline=day, status=MeasureStatus.WITHDRAWN), date(2026, 4, 1))
    assert not takes_comments(facts(comment_deadline=day, status=MeasureStatus.ADOPTED), date(2026, 4, 1))
    urgent = facts(comment_deadline=day, status=MeasureStatus.ADOPTED, legal_basis=("2.10.1",))
    assert takes_comments(urgent, date(2026, 4, 1))


@given(
    distances=st.lists(st.integers(0, 60), unique=True, max_size=6),
    zone=ZONES,
    hour=st.integers(0, 23),
    known=st.integers(0, 3000),
    ticks=st.lists(st.integers(0, 3000), max_size=25),
)
def test_whenever_one_looks_each_is_told_once_or_overtaken_once(
    distances: list[int], zone: str, hour: int, known: int, ticks: list[int]
) -> None:
    """Each that was planned after the deadline was known, and before the last look, ends exactly once; none else does;
    none is told before its time, and of those that fall due together the one nearest to the deadline is told."""
    plan = [planned(ACT_BY, distance, ZoneInfo(zone), hour) for distance in distances]
    known_since = START + timedelta(hours=known)
    ended: list[int] = []
    looks = sorted(START + timedelta(hours=tick) for tick in ticks)
    for now in looks:
        what = due(plan, known_since=known_since, now=now, settled=set(ended))
        if what.tell is None:
            assert not what.overtaken
            continue
        assert known_since < what.tell.at <= now
        assert all(one.distance > what.tell.distance for one in what.overtaken)
        ended += [what.tell.distance, *(one.distance for one in what.overtaken)]
    owed = {one.distance for one in plan if looks and known_since < one.at <= looks[-1]}

    assert sorted(ended) == sorted(owed)


def test_the_next_one_is_the_soonest_that_is_still_to_come() -> None:
    """None after the last."""
    plan = [Planned(distance=d, at=datetime(2026, 4, 26 - d, tzinfo=UTC)) for d in (14, 3)]
    at = [datetime(2026, 4, day, tzinfo=UTC) for day in (1, 12, 23)]

    assert [next_planned(plan, known_since=START, now=now) for now in at] == [plan[0], plan[1], None]
