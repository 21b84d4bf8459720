"""Truths about reading dates that hold for every day, every style and every text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.dates import Anchor, DateQuality, Precision
from watcher.dates.calendar import add
from watcher.dates.reading import read_date, same_news

EN = "January February March April May June July August September October November December".split()  # noqa: SIM905
FR = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()  # noqa: SIM905
ES = "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split()  # noqa: SIM905
PT = "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro".split()  # noqa: SIM905
HAN = "〇一二三四五六七八九"


def han(number: int) -> str:
    """A number below 100 as Chinese speak it."""
    tens, ones = divmod(number, 10)
    return (("" if tens == 1 else HAN[tens]) + "十" if tens else "") + (HAN[ones] if ones else "")


def ordinal(day: int) -> str:
    """1st, 2nd, 3rd, 11th."""
    return f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


STYLES: dict[str, Callable[[date], str]] = {
    "iso": date.isoformat,
    "timestamp": lambda d: f"{d}T23:30:00-05:00",
    "slashes, year first": lambda d: f"{d.year}/{d.month}/{d.day}",
    "slashes, day first": lambda d: f"{d.day:02}/{d.month:02}/{d.year}",
    "dots": lambda d: f"{d.day}.{d.month}.{d.year}",
    "compact": lambda d: f"{d:%Y%m%d}",
    "serial": lambda d: str((d - date(1899, 12, 30)).days),
    "short month": lambda d: f"{d.day:02}-{EN[d.month - 1][:3]}-{d.year}",
    "en": lambda d: f"{d.day} {EN[d.month - 1]} {d.year}",
    "en capitals": lambda d: f"{d.day} {EN[d.month - 1]} {d.year}".upper(),
    "en ordinal": lambda d: f"the {ordinal(d.day)} of {EN[d.month - 1]}, {d.year}",
    "en us": lambda d: f"{EN[d.month - 1]} {d.day}, {d.year}",
    "en us ordinal": lambda d: f"{EN[d.month - 1]} {ordinal(d.day)} {d.year}",
    "en year first": lambda d: f"{d.year} {EN[d.month - 1]} {d.day}",
    "fr": lambda d: f"le {'1er' if d.day == 1 else d.day} {FR[d.month - 1]} {d.year}",
    "es": lambda d: f"{d.day} de {ES[d.month - 1]} de {d.year}",
    "es month first": lambda d: f"{ES[d.month - 1]} {d.day} de {d.year}",
    "pt": lambda d: f"{'1º' if d.day == 1 else d.day} de {PT[d.month - 1]} de {d.year}",
    "vi": lambda d: f"ngày {d.day:02} tháng {d.month} năm {d.year}",
    "zh": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "zh spaced": lambda d: f"{d.year} 年 {d.month:02} 月 {d.day:02} 日",
    "zh hao": lambda d: f"{d.year}年{d.month}月{d.day}号",
    "zh numerals": lambda d: f"{''.join(HAN[int(c)] for c in str(d.year))}年{han(d.month)}月{han(d.day)}日",
    "zh full width": lambda d: f"{d.year}年{d.month}月{d.day}日".translate({48 + i: 0xFF10 + i for i in range(10)}),
    "zh Minguo": lambda d: f"民國{d.year - 1911}年{d.month}月{d.day}日",
    "ko": lambda d: f"{d.year}년 {d.month}월 {d.day}일",
    "th": lambda d: f"{d.day:02}/{d.month:02}/{d.year + 543}",
    "en prose": lambda d: f"Mandatory as of {d.day} {EN[d.month - 1]} {d.year}.",
    "zh prose": lambda d: f"本法规自{d.year}年{d.month}月{d.day}日起施行。",
}
MONTH_STYLES: dict[str, Callable[[date], str]] = {
    "numbers": lambda d: f"{d.year}/{d.month:02}",
    "numbers, month first": lambda d: f"{d.month:02}/{d.year}",
    "en": lambda d: f"{EN[d.month - 1]} {d.year}",
    "fr": lambda d: f"{FR[d.month - 1]} {d.year}",
    "es": lambda d: f"{ES[d.month - 1]} de {d.year}",
    "pt": lambda d: f"{PT[d.month - 1]} de {d.year}",
    "vi": lambda d: f"tháng {d.month}/{d.year}",
    "zh": lambda d: f"{d.year}年{d.month}月",
    "zh numerals": lambda d: f"{''.join(HAN[int(c)] for c in str(d.year))}年{han(d.month)}月",
}
COUNTS = {
    Anchor.NOTIFICATION: (
        "{n} days from notification",
        "{n} jours après la notification",
        "{n} días a partir de la notificación",
        "{n} dias após a notificação",
        "{n} ngày kể từ ngày thông báo",
        "自通报之日起{n}天",
        "WTO秘書處分發後{n}天",
    ),
    Anchor.PUBLICATION: (
        "{n} days after publication in the Official Gazette",
        "{n} jours à compter de sa publication",
        "{n} días después de su publicación en el Diario Oficial",
        "{n} dias a partir da publicação",
        "{n} ngày sau khi đăng trên Công báo",
        "官方公报公布之后{n}天",
    ),
    Anchor.ADOPTION: (
        "{n} days after adoption",
        "{n} jours après l'adoption",
        "批准后{n}天",
        "{n} ngày sau khi thông qua",
    ),
    Anchor.ENTRY_INTO_FORCE: (
        "{n} days after the entry into force",
        "{n} jours après l'entrée en vigueur",
        "生效后{n}天",
    ),
}
MONTH_COUNTS = (
    "{n} months after adoption",
    "{n} mois après l'adoption",
    "{n} meses después de la adopción",
    "批准之后{n}个月",
)
DAYS = st.dates(date(1980, 1, 1), date(2079, 12, 31))
TEMPLATES = st.sampled_from([(anchor, text) for anchor, texts in COUNTS.items() for text in texts])
PIECES = st.sampled_from(
    [
        *(
            "60 days",
            "from",
            "notification",
            "1 May 2026",
            "2026年",
            "5月",
            "后",
            "公布",
            "之日起",
            "60天",
            "[X]",
            "[ ]",
            "(",
            ")",
        ),
        *(
            "N/A",
            "tháng",
            "năm",
            "31/02/2026",
            "first",
            "month",
            "following",
            "of",
            "sixty",
            "六十",
            "民國",
            "45930",
            ":",
            ";",
            ". ",
        ),
        *("上旬", "Q2", "half", "early", "9999-12-31", "-", "+", "?", "à", "ky", "\x01", "\u202e", "９", "٢", "º", "½"),
    ]
)
TEXTS = st.one_of(
    st.text(max_size=80), st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES, max_size=12).map("".join)
)


@pytest.mark.parametrize("style", STYLES)
@settings(deadline=None, max_examples=40)
@given(day=DAYS)
def test_a_day_in_any_style_reads_back(style: str, day: date) -> None:
    """Whatever the language and the order, a day that is written is the day that is read."""
    fact = read_date(STYLES[style](day))

    assert (fact.value, fact.quality, fact.precision) == (day, DateQuality.STATED, Precision.DAY)


@pytest.mark.parametrize("style", MONTH_STYLES)
@settings(deadline=None, max_examples=25)
@given(day=DAYS)
def test_a_month_reads_back_as_its_first_day(style: str, day: date) -> None:
    """A month without a day is its first day, and says that it is only a month."""
    fact = read_date(MONTH_STYLES[style](day))

    assert (fact.value, fact.quality, fact.precision) == (day.replace(day=1), DateQuality.STATED, Precision.MONTH)


@settings(deadline=None, max_examples=200)
@given(template=TEMPLATES, number=st.integers(1, 999), day=st.dates(date(1995, 1, 1), date(2050, 1, 1)))
def test_days_add_up_in_every_language(template: tuple[Anchor, str], number: int, day: date) -> None:
    """N days from an event lie N days behind it, whichever language counts them, and the rule says so."""
    anchor, text = template
    fact = read_date(text.format(n=number), anchors={anchor: day})

    assert (fact.value, fact.quality) == (day + timedelta(days=number), DateQuality.COMPUTED)
    assert fact.rule == f"{anchor.value.replace('_', ' ')} + {number} day{'' if number == 1 else 's'}"


@settings(deadline=None, max_examples=100)
@given(text=st.sampled_from(MONTH_COUNTS), number=st.integers(2, 120), day=st.dates(date(1995, 1, 1), date(2050, 1, 1)))
def test_months_keep_the_day_or_the_month_s_end(text: str, number: int, day: date) -> None:
    """N months later is the same day of the month, or the month's last day where there is no such day."""
    value = read_date(text.format(n=number), anchors={Anchor.ADOPTION: day}).value

    assert value is not None
    assert (value.year * 12 + value.month) - (day.year * 12 + day.month) == number
    assert value.day == day.day or (value.day < day.day and (value + timedelta(days=1)).day == 1)


@settings(deadline=None, max_examples=100)
@given(template=TEMPLATES, number=st.integers(1, 999), day=st.dates(date(1995, 1, 1), date(2050, 1, 1)))
def test_a_count_read_before_its_event_is_completed_later(template: tuple[Anchor, str], number: int, day: date) -> None:
    """Reading again with the event's day completes the count; the rule stays, and is itself a wording of the same."""
    anchor, text = template
    early = read_date(text.format(n=number))
    late = read_date(early.wording, anchors={anchor: day})

    assert (early.value, early.quality, early.rule) == (None, DateQuality.UNKNOWN, late.rule)
    assert late.value is not None
    assert read_date(late.wording, anchors={anchor: day}) == late
    by_rule = read_date(late.rule, anchors={anchor: day})
    assert (by_rule.value, by_rule.rule) == (late.value, late.rule)


@settings(deadline=None, max_examples=400)
@given(
    text=TEXTS, order=st.sampled_from(["dmy", "mdy", "ymd"]), stated_in=st.none() | st.dates(), anchored=st.booleans()
)
def test_any_text_is_read_without_an_error(text: str, order: str, stated_in: date | None, anchored: bool) -> None:
    """No text raises; its wording is kept; a day is given exactly where its quality says so, and never with a doubt."""
    anchors = {anchor: date(2026, 1, 9) for anchor in Anchor} if anchored else {}
    fact = read_date(text, anchors=anchors, day_order=order, stated_in=stated_in)  # type: ignore[arg-type]

    assert fact.wording == text
    assert (fact.value is not None) == (fact.quality in {DateQuality.STATED, DateQuality.COMPUTED})
    assert not (fact.value and fact.doubt)
    assert fact.quality is not DateQuality.COMPUTED or fact.rule
    assert fact.value is None or fact.value >= date(1980, 1, 1)
    assert same_news(fact, fact)


@settings(deadline=None, max_examples=60)
@given(day=st.dates(date(1, 1, 1), date(9000, 1, 1)), months=st.integers(0, 1200), more=st.integers(0, 1200))
def test_months_never_run_backwards(day: date, months: int, more: int) -> None:
    """More months never lead to an earlier day."""
    assert add(day, months=months) <= add(day, months=months + more)


HOSTILE = (
    *(
        "1 ",
        "1",
        "1/",
        "60 days ",
        "一",
        "a ",
        "of the ",
        "年",
        "1年",
        "自",
        "[ ]",
        "[x] ",
        "<",
        "may ",
        "early ",
        "1 may ",
    ),
    *(
        "days following ",
        "60 days of ",
        "公布",
        "2026年",
        " ",
        "后60天",
        "1-",
        "12 may 2026 ",
        "sixty ",
        "năm ",
        "\x01",
        "(",
    ),
    *(
        "60 days after 1 may 2026 ",
        "6 months after decree 55 of 3 may 2024 ",
        "first quarter ",
        "thang 1 ",
        "&amp;",
        "的",
    ),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_a_hostile_text_takes_no_longer_than_a_long_one(piece: str) -> None:
    """Text made to set pattern against pattern is read in a moment; an open-ended pattern would take minutes."""
    text = piece * (4_000 // len(piece))
    started = perf_counter()
    read_date(text)

    assert perf_counter() - started < 2
