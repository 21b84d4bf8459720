"""Days, moments and dated facts as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notifiers.dates import Dates
from notifiers.wording import Words
from tests.builders import stated
from tests.notifiers.contents import computed
from watcher.dates import DateFact, DateQuality, Precision

EN = Dates(Words("en"), date(2026, 2, 2))
ZH = Dates(Words("zh"), date(2026, 2, 2))


def test_a_day_has_its_year_where_it_is_not_plain() -> None:
    """English always, Chinese for other years; beside others and in a subject only for other years."""
    this, next_ = date(2026, 3, 1), date(2027, 3, 1)
    assert [EN.day(this), EN.near(this), EN.short(this)] == ["1 March 2026", "1 March", "1 Mar"]
    assert [EN.day(next_), EN.near(next_), EN.short(next_)] == ["1 March 2027", "1 March 2027", "1 Mar 2027"]
    assert [ZH.day(this), ZH.near(this), ZH.short(this)] == ["3月1日", "3月1日", "3月1日"]
    assert [ZH.day(next_), ZH.near(next_), ZH.short(next_)] == ["2027年3月1日"] * 3


def test_a_period_names_what_differs() -> None:
    """One day, days of a month, days of two months, days of two years."""
    june = date(2026, 6, 1)
    assert [EN.span(june, june), ZH.span(june, june)] == ["1 June", "6月1日"]
    assert [EN.span(june, date(2026, 6, 7)), ZH.span(june, date(2026, 6, 7))] == ["1–7 June", "6月1日—7日"]
    assert EN.span(date(2026, 5, 29), date(2026, 6, 4)) == "29 May–4 June"
    assert ZH.span(date(2025, 12, 29), date(2026, 1, 4)) == "2025年12月29日—1月4日"


@pytest.mark.parametrize(
    ("hours", "written"),
    [(0, "9 January 10:02 UTC"), (8, "9 January 10:02 UTC+8"), (-3.5, "9 January 10:02 UTC-3:30")],
)
def test_a_moment_names_its_zone(hours: float, written: str) -> None:
    """A time of day without a zone would mean another moment to each reader."""
    assert EN.moment(datetime(2026, 1, 9, 10, 2, tzinfo=timezone(timedelta(hours=hours)))) == written


def test_a_moment_without_a_zone_is_refused() -> None:
    """It cannot be written truthfully."""
    with pytest.raises(ValueError, match="has no time zone"):
        EN.moment(datetime(2026, 1, 9, 10, 2, tzinfo=UTC).replace(tzinfo=None))


@pytest.mark.parametrize(
    ("fact", "english", "chinese"),
    [
        (stated(date(2026, 3, 10)), ("10 March 2026", "stated in the document"), ("3月10日", "通报写明")),
        (
            computed(date(2026, 4, 3), "notification + 60 days", "60 days from notification"),
            ("3 April 2026", "computed: 60 days after notification; the document says “60 days from notification”"),
            ("4月3日", "推算：通报后 60 天；文件原文：“60 days from notification”"),
        ),
        (
            computed(date(2026, 4, 3), "entry into force - 1 month", ""),
            ("3 April 2026", "computed: 1 month before entry into force"),
            ("4月3日", "推算：生效前 1 个月"),
        ),
        (
            DateFact(wording="To be determined"),
            ("not known", "the document says “To be determined”"),
            ("不详", "文件原文：“To be determined”"),
        ),
        (DateFact(), ("not stated", ""), ("未写明", "")),
        (DateFact(wording="0000-00-00"), ("not stated", ""), ("未写明", "")),
        (
            DateFact(quality=DateQuality.NOT_APPLICABLE, wording="N/A"),
            ("not applicable", "the document says “N/A”"),
            ("不适用", "文件原文：“N/A”"),
        ),
        (
            DateFact(wording="2206-01-01", doubt="It lies 180 years after the document."),
            ("not known", "the document says “2206-01-01”; not believed: It lies 180 years after the document"),
            ("不详", "文件原文：“2206-01-01”；此日期未予采信，请核对原文"),
        ),
        (
            DateFact(value=date(2026, 5, 1), quality=DateQuality.STATED, precision=Precision.MONTH, wording="May 2026"),
            ("May 2026", "stated in the document"),
            ("2026年5月", "通报写明"),
        ),
        (
            DateFact(value=date(2026, 1, 1), quality=DateQuality.STATED, precision=Precision.YEAR, wording="2026"),
            ("2026", "stated in the document"),
            ("2026年", "通报写明"),
        ),
        (
            DateFact(
                value=date(2026, 4, 1), quality=DateQuality.STATED, precision=Precision.SEASON, wording="Q2 of 2026"
            ),
            ("“Q2 of 2026”", "1 April 2026 at the earliest; stated in the document"),
            ("“Q2 of 2026”", "最早4月1日；通报写明"),
        ),
        (
            DateFact(value=date(2026, 4, 1), wording="1 April?"),
            ("not known", "the document says “1 April?”"),
            ("不详", "文件原文：“1 April?”"),
        ),
    ],
)
def test_a_fact_is_shown_as_far_as_it_is_known(
    fact: DateFact, english: tuple[str, str], chinese: tuple[str, str]
) -> None:
    """Never finer than its wording, never a computed day as a stated one, the document's words never translated."""
    assert (EN.fact(fact), ZH.fact(fact)) == (english, chinese)


@pytest.mark.parametrize(
    ("rule", "english", "chinese"),
    [
        ("publication", "the day of publication", "公布之日"),
        ("2014-01-13 + 90 days", "90 days after 13 January 2014", "2014年1月13日后 90 天"),
        ("adoption + 1 year 6 months", "1 year 6 months after adoption", "批准后 1 年 6 个月"),
        ("entry into force - 10 working days", "10 working days before entry into force", "生效前 10 个工作日"),
        ("stated_day + 1 week", "1 week after the day stated", "文中日期后 1 周"),
        (
            "the earlier of 2014-03-04 and 2014-04-03",
            "the earlier reading, 4 March 2014 or 3 April 2014",
            "2014年3月4日或2014年4月3日，取较早者",
        ),
    ],
)
def test_rules_are_told_in_words(rule: str, english: str, chinese: str) -> None:
    """Every form in which a computed day says how it was counted."""
    assert (EN.rule(rule), ZH.rule(rule)) == (english, chinese)


def test_a_day_from_another_calendar_shows_the_words_it_was_read_from() -> None:
    """A reader who knows that calendar can check it."""
    fact = DateFact(
        value=date(2026, 3, 1), quality=DateQuality.STATED, wording="1 มีนาคม 2569", rule="year 2569 of … = 2026"
    )
    assert EN.fact(fact) == ("1 March 2026", "stated in the document as “1 มีนาคม 2569”")


def test_a_rule_we_have_no_words_for_is_shown_as_it_is() -> None:
    """Rather the rule as the program wrote it than none."""
    assert EN.rule("first Monday after adoption") == "first Monday after adoption"


@settings(max_examples=300, deadline=None)
@given(
    value=st.none() | st.dates(),
    quality=st.sampled_from(DateQuality),
    precision=st.sampled_from(Precision),
    wording=st.text(max_size=300),
    rule=st.none() | st.text(max_size=40),
    doubt=st.none() | st.just("too late"),
)
def test_only_a_stated_day_is_called_stated(
    value: date | None, quality: DateQuality, precision: Precision, wording: str, rule: str | None, doubt: str | None
) -> None:
    """Whatever a fact holds: a computed or unknown day never carries the words for a stated one."""
    fact = DateFact(value=value, quality=quality, precision=precision, wording=wording, rule=rule, doubt=doubt)
    for dates in (EN, ZH):
        shown, note = dates.fact(fact)
        assert shown and "\n" not in shown + note
        if not (quality is DateQuality.STATED and value is not None):
            assert dates.words("quality.stated") not in note.replace(wording, "").split(dates.words("semicolon"))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2026-03-01", "1 March 2026"),
        ("2026-03-01T00:00:00", "1 March 2026"),
        ("2026-03", "March 2026"),
        ("2026-13-01", None),
        ("2026-13", None),
        ("30 days", None),
        ("2026", "2026"),
        ("3000", None),
        ("", None),
    ],
)
def test_a_stored_day_is_written_out(text: str, shown: str | None) -> None:
    """Fact changes hold days as ISO 8601; what is none is left to be quoted."""
    assert EN.stored(text) == shown
