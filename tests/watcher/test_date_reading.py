"""What `read_date` and `same_news` promise beyond the tables of wordings."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from watcher.dates import Anchor, DateFact, DateQuality, Precision
from watcher.dates.reading import read_date, same_news

NOTIFIED = date(2026, 1, 9)
KNOWN = {Anchor.NOTIFICATION: NOTIFIED}


def test_nothing_written_is_unknown() -> None:
    """A missing wording, an empty one and one of blanks say nothing, and keep what was written."""
    assert read_date(None) == DateFact()
    assert read_date("") == DateFact()
    assert read_date(" \n ") == DateFact(wording=" \n ")


@pytest.mark.parametrize(
    ("wording", "order", "day"),
    [
        ("3/5/2005", "dmy", date(2005, 5, 3)),
        ("3/5/2005", "mdy", date(2005, 3, 5)),
        ("3/5/2005", "ymd", date(2005, 5, 3)),
        ("22/04/2018", "mdy", date(2018, 4, 22)),
        ("04/22/2018", "dmy", date(2018, 4, 22)),
        ("2018/04/22", "mdy", date(2018, 4, 22)),
        ("03-04-05", "dmy", date(2005, 4, 3)),
        ("03-04-05", "mdy", date(2005, 3, 4)),
        ("03-04-05", "ymd", date(2003, 4, 5)),
        ("96.07.23", "dmy", date(1996, 7, 23)),
        ("7/31/96", "dmy", date(1996, 7, 31)),
        ("7/2/2026 12:00:00 AM", "mdy", date(2026, 7, 2)),
    ],
)
def test_the_order_of_day_and_month_is_overruled_by_what_is_possible(wording: str, order: str, day: date) -> None:
    """`day_order` decides where two readings are possible; a month above 12 overrules it."""
    assert read_date(wording, day_order=order).value == day  # type: ignore[arg-type]


def test_an_impossible_day_is_not_bent_into_a_possible_one() -> None:
    """31 February written in numbers is doubted in either order, not read as another day of another month."""
    for order in ("dmy", "mdy", "ymd"):
        fact = read_date("31/02/2026", day_order=order)
        assert fact.value is None
        assert fact.quality is DateQuality.UNKNOWN
        assert fact.doubt


@pytest.mark.parametrize("offset", ["Z", "+00:00", "-11:00", "+14:00", "-0500", ""])
def test_no_time_zone_moves_the_day(offset: str) -> None:
    """The Member's calendar day stands, at whatever hour of whatever zone it was written."""
    for hour in ("00:00:00", "23:59:59"):
        assert read_date(f"2026-07-02T{hour}{offset}").value == date(2026, 7, 2)


def test_a_year_that_cannot_be_meant_is_doubted() -> None:
    """Before 1980, beyond 2100 and 20 years behind the document: a sentence says why, and no day is given."""
    assert "before 1980" in (read_date("23 July 1896").doubt or "")
    assert "after 2100" in (read_date("23 July 2206").doubt or "")
    late = read_date("23 July 2062", stated_in=NOTIFIED)
    assert (late.value, late.quality) == (None, DateQuality.UNKNOWN)
    assert "20 years" in (late.doubt or "")
    assert read_date("23 July 2062").value == date(2062, 7, 23)
    assert read_date("9 January 2046", stated_in=NOTIFIED).value == date(2046, 1, 9)
    assert read_date("10 January 2046", stated_in=NOTIFIED).doubt


def test_a_counted_day_is_doubted_like_a_stated_one() -> None:
    """A typing error in a count, 600 months for 60 days, is not believed either; the rule is kept."""
    fact = read_date("600 months after notification", anchors=KNOWN, stated_in=NOTIFIED)

    assert (fact.value, fact.quality, fact.rule) == (None, DateQuality.UNKNOWN, "notification + 600 months")
    assert fact.doubt


def test_a_count_outside_the_calendar_is_a_doubt_and_no_error() -> None:
    """A count that leaves the calendar of this program is doubted."""
    fact = read_date("1199 months before notification", anchors={Anchor.NOTIFICATION: date(1, 2, 1)})

    assert fact.value is None
    assert fact.doubt


def test_a_buddhist_year_is_carried_over_only_if_that_makes_sense() -> None:
    """2569 is 2026 and says so; 2526 in a document of 2026 is rather a slip of the pen than 1983."""
    fact = read_date("1/7/2569", stated_in=NOTIFIED)
    assert (fact.value, fact.quality) == (date(2026, 7, 1), DateQuality.STATED)
    assert "2569" in (fact.rule or "")
    assert read_date("1/7/2526", stated_in=NOTIFIED).doubt


def test_months_are_counted_by_the_calendar() -> None:
    """A month after 31 January is the last of February, a year after 29 February is 28 February."""
    assert read_date("1 month after 31 January 2026").value == date(2026, 2, 28)
    assert read_date("1 month after 31 January 2028").value == date(2028, 2, 29)
    assert read_date("2028年2月29日起一年").value == date(2029, 2, 28)


def test_a_stated_day_wins_over_the_count_beside_it() -> None:
    """A form that gives the day and ticks "60 days" states the day, in either order."""
    for wording in ("4 November 2025 [X] 60 days from notification", "[X] 60 days from notification: 4 November 2025"):
        fact = read_date(wording, anchors={Anchor.NOTIFICATION: date(2025, 9, 5)})
        assert (fact.value, fact.quality) == (date(2025, 11, 4), DateQuality.STATED)


def test_the_day_of_the_event_in_brackets_is_not_the_deadline() -> None:
    """A day behind the count that is the event's own, or lies before it, is not the day that was counted."""
    for wording in ("60 days from notification (9 January 2026)", "通报之后60天(2026年1月9日)"):
        fact = read_date(wording, anchors=KNOWN)
        assert (fact.value, fact.quality) == (date(2026, 3, 10), DateQuality.COMPUTED)


def test_a_bare_length_of_time_counts_from_the_event_of_its_field() -> None:
    """ "60 days" says nothing by itself; where the field has an event to count from, it is counted."""
    assert read_date("60 days", anchors=KNOWN).rule == "? + 60 days"
    fact = read_date("60天", anchors=KNOWN, counted_from=Anchor.NOTIFICATION)
    assert (fact.value, fact.rule) == (date(2026, 3, 10), "notification + 60 days")
    assert read_date("60 days after receipt", anchors=KNOWN, counted_from=Anchor.NOTIFICATION).value is None


def test_a_transitional_period_is_no_date() -> None:
    """A length of time that is spoken of is not counted from anything."""
    for wording in ("NA - six-month transitional period", "公布之日,但有1年的适应期。"):
        assert "month" not in (read_date(wording, anchors=KNOWN).rule or "")
        assert "year" not in (read_date(wording, anchors=KNOWN).rule or "")


def test_the_first_of_several_days_counts() -> None:
    """A rule that applies in steps has its first day."""
    fact = read_date("2020年4月和2021年4月")
    assert (fact.value, fact.precision) == (date(2020, 4, 1), Precision.MONTH)


def test_datetimes_are_taken_for_their_day() -> None:
    """An anchor or a document's day that carries a time counts as its calendar day."""
    at_noon = datetime(2026, 1, 9, 12, tzinfo=UTC)
    fact = read_date("60 days from notification", anchors={Anchor.NOTIFICATION: at_noon}, stated_in=at_noon)
    assert fact.value == date(2026, 3, 10)
    assert type(fact.value) is date


def test_only_the_first_two_thousand_characters_are_read() -> None:
    """A day far behind in a long text is not looked for, and the whole text is kept."""
    text = "a" * 2_000 + " 1 May 2026"
    assert read_date(text) == DateFact(wording=text)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("60 days from notification", "10 March 2026", True),
        ("10 March 2026", "11 March 2026", False),
        ("May 2026", "2026-05-01", True),
        ("待定", "To be determined", True),
        ("待定", "10 March 2026", False),
        ("10 March 2026", "N/A", False),
        ("To be determined", "Not applicable", False),
        ("6 months after publication", "公布后6个月", True),
        ("6 months after publication", "12 months after publication", False),
        ("待定", "6 months after publication", False),
    ],
)
def test_news_is_another_day_not_another_wording(a: str, b: str, same: bool) -> None:
    """The same day is no news however it is written; another day, quality or rule is, in both directions."""
    first, second = read_date(a, anchors=KNOWN), read_date(b, anchors=KNOWN)

    assert same_news(first, second) is same
    assert same_news(second, first) is same
