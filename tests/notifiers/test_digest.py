"""A digest: one message a person and window, every measure once, silence explained."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from notifiers.chat_length import TELEGRAM_LIMIT, shown_length
from notifiers.message import DigestContent, MeasureNews, Message, WhyYou
from notifiers.render import render_digest
from rules.classification import Grade
from subscriptions.criteria import Frequency
from tests.builders import stated
from tests.notifiers.contents import a_deadline, change, computed, coverage, digest, facts, moved, news
from tests.notifiers.shown import HOSTILE, Seen
from watcher.measure import ChangeKind


def mail(content: DigestContent, language: str = "en") -> Message:
    return render_digest(content, channel="email", language=language, recipient="drinks@example.com")


def why(number: int, name: str) -> WhyYou:
    return WhyYou(subscription=number, name=name, grade=Grade.DIRECT, conditions=())


def numbered(number: int, **over: Any) -> MeasureNews:
    values: dict[str, Any] = {"facts": facts(title=f"Measure number {number}"), **over}
    return news(measure=number, symbols=(f"G/TBT/N/KEN/{1000 + number}",), **values)


CHANGED = {"changes": (moved(),), "facts": facts(comment_deadline=stated(date(2026, 4, 10)))}


@pytest.mark.parametrize(
    ("over", "language", "subject"),
    [
        ({}, "en", "TBT weekly no. 5 (26 January–1 February): 1 new measure, 1 deadline ahead"),
        (
            {"number": 23, "starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 7), "deadlines": ()},
            "zh",
            "技贸周报 第 23 期（6月1日—7日）：1 项新措施",
        ),
        (
            {
                "frequency": Frequency.DAILY,
                "number": 33,
                "starts_on": date(2026, 2, 2),
                "ends_on": date(2026, 2, 2),
                "news": (numbered(1), numbered(2, changes=(moved(),)), numbered(3, changes=(moved(),))),
            },
            "en",
            "TBT daily no. 33 (2 February): 1 new measure, 2 changes, 1 deadline ahead",
        ),
        ({"news": (), "deadlines": ()}, "zh", "技贸周报 第 5 期（1月26日—2月1日）：没有新内容"),
    ],
)
def test_the_subject_counts_what_is_inside(over: dict[str, object], language: str, subject: str) -> None:
    """Number, period, and how much of each."""
    assert mail(digest(**over), language).subject == subject


def test_a_digest_reads_from_what_is_urgent_to_what_was_not_seen() -> None:
    """Nearest date, new measures, changes old → new, table of dates, quiet subscriptions, freshness, gaps."""
    content = digest(
        news=(numbered(1), numbered(2, **CHANGED)),
        deadlines=(a_deadline(date(2026, 2, 20)), a_deadline(date(2026, 2, 12), title="Lamps")),
        coverage=coverage(gaps=("SASO's site not reached 3–5 June",)),
    )
    text = mail(content).text
    parts = [
        "TBT weekly no. 5",
        "Look here first: 12 February, Viet Nam: comment deadline, Lamps (10 days left)",
        "== New measures ==",
        "Kenya · beverages",
        "* Measure number 1 [G/TBT/N/KEN/1001]",
        "Comment deadline: 10 March 2026 (stated in the document; 36 days left); act by 24 February",
        "for “East African drinks”",
        "== Changes ==",
        "Comment deadline: 10 March 2026 → 10 April 2026 (stated in the document; 67 days left)",
        "== Dates in the next 30 days ==",
        "12 February | 10 days left | Viet Nam | Comment deadline | Lamps [G/TBT/N/VNM/300]",
        "20 February | 18 days left",
        "Nothing new this week for: “Brazil lighting”",
        "How fresh: As of 2 February 10:02 UTC: your 3 sources, 61 documents in all, 1 gap.",
        "SASO's site not reached 3–5 June",
    ]
    places = [text.find(part) for part in parts]
    assert -1 not in places, f"missing: {parts[places.index(-1)]}\n{text}"
    assert places == sorted(places)


def test_each_measure_stands_once_with_all_its_subscriptions() -> None:
    """Two alerts of one measure in a week are one entry, with both changes and all who asked."""
    content = digest(
        news=(
            numbered(1, why=(why(1, "A"), why(2, "B"))),
            numbered(1, why=(why(2, "B"), why(3, "C")), changes=(change(ChangeKind.TEXT_REPLACED),)),
        )
    )
    text = mail(content).text
    assert text.count("* Measure number 1") == 1
    assert all(f"“{name}”" in text for name in "ABC") and text.count("“B”") == 1
    assert "A revision replaces the earlier text" in text
    assert "1 new measure, 1 deadline" in mail(content).subject


def test_measures_are_grouped_by_market_and_area() -> None:
    """Also when they come mixed; a measure of no area of ours has a group of its own."""
    content = digest(
        news=(
            numbered(1, markets=("Kenya",), areas=("toys",)),
            numbered(2, markets=("Viet Nam",), areas=("toys",)),
            numbered(3, markets=("Kenya",), areas=("toys", "food")),
            numbered(4, markets=("Kenya",), areas=()),
        )
    )
    text = mail(content).text
    assert text.count("Kenya · toys") == 1
    assert text.index("number 1") < text.index("number 3") < text.index("Viet Nam · toys") < text.index("number 2")
    assert "Kenya · other products" in text


def test_a_computed_date_ahead_says_so() -> None:
    """In the table as in the line to look at first."""
    day = date(2026, 2, 12)
    content = digest(deadlines=(a_deadline(day, fact=computed(day, "notification + 60 days", "60 days")),))
    assert mail(content).text.count("12 February (computed)") == 2


def test_dates_gone_by_are_not_ahead() -> None:
    """A digest that is written late does not warn of yesterday."""
    content = digest(deadlines=(a_deadline(date(2026, 2, 12)),), written_on=date(2026, 2, 13), news=())
    assert "12 February" not in mail(content).text
    assert "nothing new" in mail(content).subject


def test_without_dates_ahead_the_nearest_of_the_news_is_to_be_looked_at_first() -> None:
    """There is something to look at first whenever a deadline is known."""
    content = digest(
        deadlines=(),
        news=(numbered(1), numbered(2, facts=facts(comment_deadline=stated(date(2026, 2, 9)), title="Lamps"))),
    )
    assert "Look here first: 9 February, Kenya: comment deadline, Lamps (7 days left)" in mail(content).text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_digest_of_three_hundred_measures_fits_a_mail(language: str) -> None:
    """Details for the first, a line for the next; what the page has no room for stands in the plain text, all of it."""
    long = "欧盟电池法规修订草案及其实施细则 & 'annexes' " * 12
    many = tuple(
        news(
            measure=n,
            symbols=(f"G/TBT/N/EU/{n}",),
            facts=facts(title=f"{n} {long}"),
            why=tuple(why(m, f"{long}{m}") for m in range(12)),
            changes=(change() if n < 200 else moved(),),
        )
        for n in range(300)
    )
    content = digest(news=many, deadlines=tuple(a_deadline(title=long, symbol=f"S{n}") for n in range(300)))
    sent = mail(content, language)
    assert len(sent.html.encode()) < 100_000
    assert sent.text.count("[G/TBT/N/EU/") == 300
    listed = Seen(sent.html).words.count("[G/TBT/N/EU/")
    assert 20 < listed < 300
    told = (
        f"{300 - listed} more measures are listed in the plain text" if language == "en" else f"另有 {300 - listed} 项"
    )
    assert told.replace(" ", "") in Seen(sent.html).words
    assert told not in sent.text


def test_outside_text_arrives_as_text_in_a_digest() -> None:
    """Titles, names of subscriptions and gaps are shown as they were written."""
    content = digest(
        news=(news(facts=facts(title=HOSTILE), why=(why(1, HOSTILE),), areas=(HOSTILE,)),),
        deadlines=(a_deadline(title=HOSTILE),),
        quiet=(HOSTILE,),
        coverage=coverage(gaps=(HOSTILE,)),
    )
    sent = mail(content)
    seen = Seen(sent.html)
    assert not {"script", "img"} & set(seen.tags)
    assert seen.words.count("{{7*7}}") >= 4 and HOSTILE in sent.text


def test_a_digest_on_a_chat_is_one_message_that_says_what_it_left_out() -> None:
    """As many measures as fit, then how many more, then how fresh."""
    content = digest(news=tuple(numbered(n) for n in range(80)))
    sent = render_digest(content, channel="telegram", language="en", recipient="7")
    assert shown_length(sent.html) <= TELEGRAM_LIMIT and len(sent.text) <= TELEGRAM_LIMIT
    listed = sent.text.count("Measure number")
    assert 5 < listed < 80
    assert f"{80 - listed} more measures are not listed here" in sent.text
    assert sent.text.endswith("As of 2 February 10:02 UTC: your 3 sources checked, 61 documents in all, no gap.")


def test_a_short_digest_on_a_chat_is_whole() -> None:
    """Nothing is said to be left out when nothing is."""
    sent = render_digest(digest(), channel="telegram", language="zh", recipient="7")
    assert "另有" not in sent.text and "本周没有新内容的订阅：“Brazil lighting”" in sent.text


def test_a_language_we_do_not_write_is_answered_in_english_by_a_digest_too() -> None:
    """And said so, on every channel."""
    for channel in ("email", "telegram", "file"):
        sent = render_digest(digest(), channel=channel, language="fr", recipient="7")
        assert "messages in French are not offered yet" in sent.text
