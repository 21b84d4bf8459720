"""The day a publisher put on an entry: read wholly, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel import Locale
from babel.dates import format_date
from hijridate import Gregorian
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.dates import DateQuality
from watcher.dates.months import HIJRI_MONTHS
from watcher.dates.reading import read_date
from watcher.source import DayOrder
from watcher.sources.feed_dates import publisher_day

TABLE = Path(__file__).parents[2] / "documents" / "dates" / "publishers.txt"
ROWS = [line.split(" | ") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("# ")]
DAYS = st.dates(date(2001, 9, 10), date(2079, 12, 31))
ZONES = ("Asia/Hong_Kong", "Asia/Tokyo", "Pacific/Auckland", "America/New_York", "Europe/London", "America/Sao_Paulo")


@pytest.mark.parametrize(("order", "wording", "day"), ROWS, ids=lambda cell: cell)
def test_a_publishers_wording_gives_its_day_or_none(order: DayOrder, wording: str, day: str) -> None:
    """Each row of our table: a day where the wording has one reading, none where a day would be a guess."""
    assert str(publisher_day(wording, day_order=order)).lower() == day


HAN = "〇一二三四五六七八九"
ARABIC_DIGITS = {48 + i: 0x0660 + i for i in range(10)}
ROMAN = "I II III IV V VI VII VIII IX X XI XII".split()  # noqa: SIM905
THAI_DIGITS = {48 + i: 0x0E50 + i for i in range(10)}


def han(number: int) -> str:
    """A number below 100 as Chinese speak it."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else HAN[tens]) + "十" if tens else "") + (HAN[ones] if ones else "")


def midnight(day: date) -> datetime:
    """The first moment of a day in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


WRITERS: dict[str, Callable[[date], str]] = {
    "RFC 822": lambda d: format_datetime(midnight(d)),
    "RFC 822, GMT": lambda d: format_datetime(midnight(d), usegmt=True),
    "RFC 822, no seconds, a long zone": lambda d: f"{d:%a, %d %b %Y} 09:30 +0900 (JST)",
    "RFC 822, a name": lambda d: f"{d:%d %b %Y} 23:59:59 EDT",
    "RFC 850": lambda d: f"{d:%A, %d-%b-%Y} 10:15:00 GMT",
    "asctime": lambda d: f"{d:%a %b} {d.day:2} 10:15:00 {d.year}",
    "Java": lambda d: f"{d:%a %b %d} 10:15:00 CST {d.year}",
    "JavaScript": lambda d: f"{d:%a %b %d %Y} 10:15:00 GMT+0800 (China Standard Time)",
    "ISO": lambda d: f"{d}T10:15:00.1234567+08:00",
    "ISO, comma": lambda d: f"{d}T10:15:00,5+08",
    "ISO, end of day": lambda d: f"{d}T24:00:00Z",
    "ISO, compact": lambda d: f"{d:%Y%m%d}T101500Z",
    "ISO, week": lambda d: f"{d.isocalendar()[0]}-W{d.isocalendar()[1]:02}-{d.isocalendar()[2]}",
    "ISO, ordinal": lambda d: f"{d:%Y-%j}",
    "seconds": lambda d: str(int(midnight(d).timestamp())) if d.year < 2032 else f"{d}",
    "milliseconds": lambda d: str(int(midnight(d).timestamp()) * 1000),
    ".NET": lambda d: f"/Date({int(midnight(d).timestamp()) * 1000})/",
    "compact with the time": lambda d: f"{d:%Y%m%d}101500",
    "slashes": lambda d: f"{d:%Y/%m/%d} 10:15",
    "dots": lambda d: f"{d.day}.{d.month}.{d.year}",
    "Korean dots": lambda d: f"{d.year}. {d.month}. {d.day}.({'월화수목금토일'[d.weekday()]})",
    "Japanese": lambda d: f"{d.year}年{d.month:02}月{d.day:02}日（{'月火水木金土日'[d.weekday()]}）10時15分",
    "Reiwa": lambda d: f"令和{d.year - 2018}年{d.month}月{d.day}日" if d.year > 2019 else f"{d}",
    "Reiwa, short": lambda d: f"R{d.year - 2018}.{d.month}.{d.day}" if d.year > 2019 else f"{d}",
    "Reiwa and common year": lambda d: (
        f"令和{d.year - 2018}年({d.year}年){d.month}月{d.day}日" if d.year > 2019 else f"{d}"
    ),
    "Heisei": lambda d: f"平成{d.year - 1988}年{d.month}月{d.day}日" if 1989 < d.year < 2019 else f"{d}",
    "Minguo": lambda d: f"中華民國{d.year - 1911}年{d.month}月{d.day}日",
    "Minguo, numbers": lambda d: f"{d.year - 1911}/{d.month:02}/{d.day:02}" if d.year > 2010 else f"{d}",
    "full width": lambda d: f"{d.year}年{d.month}月{d.day}日".translate({48 + i: 0xFF10 + i for i in range(10)}),
    "Chinese numerals": lambda d: f"{''.join(HAN[int(c)] for c in str(d.year))}年{han(d.month)}月{han(d.day)}日",
    "Chinese, weekday": lambda d: f"{d.year}年{d.month}月{d.day}日 星期{'一二三四五六日'[d.weekday()]}",
    "Thai": lambda d: format_date(d, "d MMMM", locale="th") + f" พ.ศ. {d.year + 543}",
    "Thai digits": lambda d: (format_date(d, "d MMM ", locale="th") + str(d.year + 543)).translate(THAI_DIGITS),
    "Thai slashes": lambda d: f"{d.day}/{d.month}/{d.year + 543}",
    "Arabic digits": lambda d: format_date(d, "d MMMM yyyy", locale="ar_EG").translate(ARABIC_DIGITS) + "م",
    "Levant": lambda d: format_date(d, "EEEE، d MMMM yyyy", locale="ar_LB"),
    "Vietnamese": lambda d: f"Thứ 2, ngày {d.day} tháng {d.month} năm {d.year}",
    "Indonesian, time with a dot": lambda d: format_date(d, "EEEE, d MMMM yyyy", locale="id") + " | 10.30 WIB",
    "Roman month": lambda d: f"{d.day}.{ROMAN[d.month - 1]}.{d.year}",
}


@pytest.mark.parametrize("writer", WRITERS)
@settings(deadline=None, max_examples=25)
@given(day=DAYS)
def test_what_each_writer_writes_reads_back(writer: str, day: date) -> None:
    """Whatever program or office writes a day, that day is read, by the list's reader and the measure's alike."""
    wording = WRITERS[writer](day)

    assert publisher_day(wording) == day
    fact = read_date(wording)
    assert (fact.value, fact.quality) == (day, DateQuality.STATED)


LANGUAGES = (  # noqa: SIM905
    "en en_GB en_IN fr es es_MX pt pt_PT de it nl ru uk bg tr pl cs sk sl hu ro el sv da nb fi "
    "et lv lt id ms fil vi th ar_SA ar_EG ar_MA ar_LB hi az uz ca zh zh_Hant ja ko"
).split()


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_day_of_a_year_in_every_language_is_read(locale: str) -> None:
    """As the Unicode consortium knows the world's ways to write a day, long and with its weekday."""
    for number in range(0, 365, 4):
        day = date(2026, 1, 1) + timedelta(days=number)
        for length in ("long", "full"):
            wording = format_date(day, length, locale=locale)
            assert publisher_day(wording, language=locale[:2]) == day, wording


@pytest.mark.parametrize(
    "locale", [*LANGUAGES, "hr", "ka", "kk", "he", "fa", "sw", "sq", "mk", "eu", "cy", "hy", "bn", "ur", "ta"]
)
def test_a_short_form_or_an_unknown_language_is_never_read_as_another_day(locale: str) -> None:
    """What is not known is no day; it is not the nearest thing that looks like one."""
    for number in range(0, 365, 4):
        day = date(2026, 1, 1) + timedelta(days=number)
        for length in ("long", "full", "medium"):
            wording = format_date(day, length, locale=Locale.parse(locale))
            order: DayOrder = "ymd" if locale[:2] in {"zh", "ja", "ko"} else "dmy"
            assert publisher_day(wording, day_order=order) in {day, None}, wording


def test_a_months_name_that_means_two_months_is_read_by_the_publishers_language() -> None:
    """ "listopad" is November in Poland and October in Croatia; without the language it is neither."""
    assert publisher_day("17. listopada 2026", language="pl") == date(2026, 11, 17)
    assert publisher_day("17. listopada 2026", language="hr") == date(2026, 10, 17)
    assert publisher_day("17. listopada 2026") is None
    assert "different months" in (read_date("17. listopada 2026").doubt or "")


@settings(deadline=None, max_examples=60)
@given(day=st.dates(date(2001, 1, 1), date(2070, 1, 1)), name=st.integers(0, 3))
def test_a_day_of_the_hijri_calendar_is_carried_over_and_says_so(day: date, name: int) -> None:
    """With its month's name or in numbers, with the day of the common calendar beside it or without."""
    hijri = Gregorian(day.year, day.month, day.day).to_hijri()
    names = [written for written, month in HIJRI_MONTHS.items() if month == hijri.month]
    for wording in (
        f"{hijri.day} {names[name % len(names)]} {hijri.year} هـ",
        f"{hijri.year}/{hijri.month:02}/{hijri.day:02}هـ".translate(ARABIC_DIGITS),
        f"{hijri.day}-{hijri.month}-{hijri.year}",
    ):
        assert publisher_day(wording) == day
        assert read_date(wording).rule == f"year {hijri.year} of the Hijri era = {day.year}"
    both = f"{hijri.year}/{hijri.month}/{hijri.day} هـ الموافق {day.day}/{day.month}/{day.year} م"
    assert publisher_day(both) == read_date(both).value == day
    assert publisher_day(both.replace(str(day.year), str(day.year + 1))) is None


@pytest.mark.parametrize("name", ZONES)
@settings(deadline=None, max_examples=60)
@given(day=st.dates(date(2002, 1, 1), date(2032, 8, 31)), hour=st.sampled_from([0, 6, 12, 23]))
def test_a_local_time_written_in_utc_is_brought_home(name: str, day: date, hour: int) -> None:
    """Midnight in Hong Kong is the day before in UTC; the publisher's day is the one it lives in."""
    zone = ZoneInfo(name)
    # Seconds since 1970 of late 2032 read as a day in 1986 with its hour: no one can tell.
    # A local hour that the clocks skip is written as the next one that there is.
    moment = datetime(day.year, day.month, day.day, hour, 30, tzinfo=zone).astimezone(UTC)
    own = moment.astimezone(zone).date()

    assert own == day
    for wording in (
        format_datetime(moment, usegmt=True),
        moment.isoformat(),
        f"{moment:%Y-%m-%dT%H:%M:Z}",
        f"{moment:%Y%m%dT%H%M%SZ}",
        str(int(moment.timestamp())),
        f"/Date({int(moment.timestamp() * 1000)})/",
        f"{moment:%Y/%m/%d %H:%M} UTC",
    ):
        assert publisher_day(wording, zone=zone, day_order="ymd") == day, wording
        assert read_date(wording, zone=zone).value in {day, moment.date()}


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("America/New_York", "2026-03-08T05:00:00Z", "2026-03-09T03:59:59Z"),
        ("America/New_York", "2026-11-01T04:00:00Z", "2026-11-02T04:59:59Z"),
        ("Pacific/Auckland", "2026-04-04T11:00:00Z", "2026-04-05T11:59:59Z"),
        ("Pacific/Auckland", "2026-09-26T12:00:00Z", "2026-09-27T10:59:59Z"),
        ("Europe/London", "2026-03-29T00:00:00Z", "2026-03-29T22:59:59Z"),
        ("Asia/Tokyo", "2026-08-16T15:00:00Z", "2026-08-17T14:59:59Z"),
    ],
)
def test_a_day_on_which_the_clocks_change_has_its_own_edges(name: str, first: str, last: str) -> None:
    """Of 23 or of 25 hours, the day begins at its first second and ends at its last."""
    zone = ZoneInfo(name)
    begins, ends = publisher_day(first, zone=zone), publisher_day(last, zone=zone)
    before = datetime.fromisoformat(first) - timedelta(seconds=1)
    after = datetime.fromisoformat(last) + timedelta(seconds=1)

    assert begins == ends is not None
    assert begins is not None
    assert publisher_day(before.isoformat(), zone=zone) == begins - timedelta(days=1)
    assert publisher_day(after.isoformat(), zone=zone) == begins + timedelta(days=1)


def test_a_zones_name_is_the_publishers_own() -> None:
    """New York writes EST in summer too; CST is China's in Shanghai and the Middle West's in Chicago."""
    for wording in ("Mon, 17 Aug 2026 23:30:00 EST", "Mon, 17 Aug 2026 23:30:00 EDT", "17 Aug 2026 11:30 PM EST"):
        assert publisher_day(wording, zone=ZoneInfo("America/New_York")) == date(2026, 8, 17)
    for name in ("Asia/Shanghai", "America/Chicago"):
        assert publisher_day("Mon, 17 Aug 2026 23:30:00 CST", zone=ZoneInfo(name)) == date(2026, 8, 17)
    assert publisher_day("Mon, 17 Aug 2026 23:30:00 PDT", zone=ZoneInfo("America/New_York")) == date(2026, 8, 18)
    assert publisher_day("Mon, 17 Aug 2026 10:00:00 CST", zone=ZoneInfo("Asia/Tokyo")) is None
    assert publisher_day("2026年8月17日 午後11:30 (GMT+9)", zone=ZoneInfo("America/New_York")) == date(2026, 8, 17)


def test_a_time_without_a_zone_moves_nothing() -> None:
    """It is the publisher's own time, wherever the publisher is."""
    for wording in ("2026-08-17T23:59:59", "17/08/2026 00:00", "Aug 17, 2026 11:59 PM", "2026-08-17"):
        for name in ZONES:
            assert publisher_day(wording, zone=ZoneInfo(name)) == date(2026, 8, 17)


PIECES = st.sampled_from(
    [
        "17",
        "8",
        "2026",
        "26",
        "08",
        "Aug",
        "août",
        "8月",
        "年",
        "日",
        "2569",
        "1447",
        "ه",
        "هـ",
        "صفر",
        "令和",
        "8年",
        "民國",
        "115年",
        "พ.ศ.",
        "ส.ค.",
        "GMT",
        "+0800",
        "Z",
        "T10:15:00",
        "10:15",
        "-",
        "/",
        ".",
        ",",
        ":",
        "(",
        ")",
        "Mon,",
        "W34",
        "229",
        "1785000000",
        "/Date(",
        ")/",
        "9999",
        "0001",
        "pm",
        "오후",
        "listopada",
        "十",
        "'",
        "«",
    ]
)


@settings(deadline=None, max_examples=400)
@given(
    wording=st.one_of(
        st.text(max_size=60), st.lists(PIECES, max_size=9).map(" ".join), st.lists(PIECES, max_size=9).map("".join)
    ),
    zone=st.sampled_from([None, *map(ZoneInfo, ZONES)]),
    order=st.sampled_from(["dmy", "mdy", "ymd"]),
)
def test_any_text_gives_a_believable_day_or_none(wording: str, zone: ZoneInfo | None, order: DayOrder) -> None:
    """Nothing raises, and no sentinel or slip of the pen becomes a day."""
    day = publisher_day(wording, zone=zone, day_order=order)

    assert day is None or 1979 <= day.year <= 2101


@settings(deadline=None, max_examples=200)
@given(day=DAYS, digit=st.sampled_from("0123456789"), place=st.integers(0, 40), writer=st.sampled_from(sorted(WRITERS)))
def test_a_number_that_is_not_understood_spoils_the_day(day: date, digit: str, place: int, writer: str) -> None:
    """A second number in front of a day or behind it makes the wording something else than a date."""
    assert publisher_day(f"{WRITERS[writer](day)} / 77{digit}77") is None
    assert publisher_day(f"No 77{digit}77: {day:%d.%m.%Y}") is None
