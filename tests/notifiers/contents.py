"""Contents of messages that are complete by default, so that a test writes down only what it is about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from notifiers.message import (
    AlertContent,
    Coverage,
    DeadlineAhead,
    DigestContent,
    MeasureNews,
    Message,
    Told,
    WhyYou,
)
from rules.classification import Grade
from subscriptions.criteria import Condition, Frequency, Part
from tests.builders import a_measure, stated
from watcher.dates import DateFact, DateQuality
from watcher.measure import ChangeKind, FactChange, Facts

#: The day on which these messages are written.
TODAY = date(2026, 2, 2)

BY_MARKET = Condition(part=Part.MARKET, asked="EAC", found="KEN")
BY_CODE = Condition(part=Part.PRODUCT, asked="HS 22", found="HS 220299")


def facts(**over: Any) -> Facts:
    """Kenya's jelly drinks, with dates of every quality."""
    values: dict[str, Any] = {
        "objectives": ("consumer_information", "human_health"),
        "proposed_adoption": DateFact(wording="To be determined"),
        "proposed_entry_into_force": computed(date(2026, 9, 1), "adoption + 6 months", "6 months from adoption"),
        "links": ("https://members.wto.org/crnattachments/2026/TBT/KEN/26_00101_00_e.pdf",),
        "page": "https://epingalert.org/en/Search?viewData=G%2FTBT%2FN%2FKEN%2F1514&lang=en",
    }
    return a_measure(**{**values, **over}).facts


def computed(day: date, rule: str, wording: str) -> DateFact:
    """A day that was counted."""
    return DateFact(value=day, quality=DateQuality.COMPUTED, rule=rule, wording=wording)


def change(kind: ChangeKind = ChangeKind.NEW_MEASURE, **over: Any) -> FactChange:
    """A change that the first notice brought."""
    values: dict[str, Any] = {"symbols": ("G/TBT/N/KEN/1514",), "stated_on": date(2026, 1, 30)}
    return FactChange(kind=kind, **{**values, **over})


def moved(old: str = "2026-03-10", new: str = "2026-04-10", **over: Any) -> FactChange:
    """A deadline that an addendum moved."""
    values: dict[str, Any] = {
        "field": "comment_deadline",
        "old": old,
        "new": new,
        "symbols": ("G/TBT/N/KEN/1514/Add.2",),
    }
    return change(ChangeKind.DEADLINE_MOVED, **{**values, **over})


def news(**over: Any) -> MeasureNews:
    """A new measure for one subscription."""
    values: dict[str, Any] = {
        "measure": 1,
        "symbols": ("G/TBT/N/KEN/1514",),
        "thread_symbols": ("G/TBT/N/KEN/1514",),
        "facts": facts(),
        "markets": ("Kenya",),
        "areas": ("beverages",),
        "kinds": ("technical_regulation",),
        "changes": (change(),),
        "grade": Grade.DIRECT,
        "why": (
            WhyYou(subscription=1, name="East African drinks", grade=Grade.DIRECT, conditions=(BY_MARKET, BY_CODE)),
        ),
        "act_by": date(2026, 2, 24),
    }
    return MeasureNews(**{**values, **over})


def coverage(**over: Any) -> Coverage:
    """Three sources, no gap."""
    values: dict[str, Any] = {"as_of": datetime(2026, 2, 2, 10, 2, tzinfo=UTC), "sources": 3, "documents": 61}
    return Coverage(**{**values, **over})


def alert(**over: Any) -> AlertContent:
    """An alert; what it does not have itself is varied in its news, and what that does not have in its facts."""
    own = {name: over.pop(name) for name in AlertContent.__dataclass_fields__ if name in over}
    of_news = {name: over.pop(name) for name in MeasureNews.__dataclass_fields__ if name in over}
    one = own.pop("news", None) or news(**of_news)
    if over:
        one = replace(one, facts=replace(one.facts, **over))
    values: dict[str, Any] = {
        "written_on": TODAY,
        "coverage": coverage(),
        "unsubscribe": "https://tbtwatch.example/u?s=1&k=a",
    }
    return AlertContent(news=one, **{**values, **own})


def a_deadline(day: date = date(2026, 2, 12), **over: Any) -> DeadlineAhead:
    """A comment deadline in the next days."""
    values: dict[str, Any] = {
        "what": "comment_deadline",
        "symbol": "G/TBT/N/VNM/300",
        "title": "Toys",
        "market": "Viet Nam",
        "fact": stated(day),
    }
    return DeadlineAhead(day=day, **{**values, **over})


def digest(**over: Any) -> DigestContent:
    """A weekly digest with one new measure."""
    values: dict[str, Any] = {
        "number": 5,
        "frequency": Frequency.WEEKLY,
        "starts_on": date(2026, 1, 26),
        "ends_on": date(2026, 2, 1),
        "news": (news(),),
        "deadlines": (a_deadline(),),
        "quiet": ("Brazil lighting",),
        "coverage": coverage(),
    }
    return DigestContent(**{**values, **over})


def message(**over: Any) -> Message:
    """A rendered mail."""
    values: dict[str, Any] = {
        "recipient": "drinks@example.com",
        "subject": "Kenya | Jelly drinks, comments by 10 Mar [G/TBT/N/KEN/1514]",
        "text": "Kenya · New measure\n",
        "html": "<p>Kenya · New measure</p>",
        "language": "en",
        "message_id": "<17.a1b2c3d4@tbtwatch.example>",
        "stream": "alerts",
    }
    return Message(**{**values, **over})


TOLD = (Told(on=date(2025, 12, 3), what="new_measure"), Told(on=date(2026, 1, 9), what="text_replaced"))
