"""Values that are valid by default, so that a test writes down only what it is about."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from subscriptions.criteria import Address, Criteria, Subscription
from watcher.dates import DateFact, DateQuality
from watcher.measure import Facts, Measure
from watcher.notice import Notice, NoticeType

#: Noon of an ordinary Monday; tests that need another day say so.
NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def stated(day: date) -> DateFact:
    """A day that stands in the document."""
    return DateFact(value=day, quality=DateQuality.STATED, wording=day.isoformat())


def a_notice(**over: Any) -> Notice:
    """A regular notification by Kenya about jelly drinks. `symbol=` is short for one-symbol `symbols=`."""
    if "symbol" in over:
        over["symbols"] = (over.pop("symbol"),)
    if "type" in over:
        over["type"] = NoticeType(over["type"])
    for name in ("comment_deadline", "proposed_adoption", "proposed_entry_into_force"):
        if isinstance(over.get(name), date):
            over[name] = stated(over[name])
    values: dict[str, Any] = {
        "issuer": "WTO",
        "symbols": ("G/TBT/N/KEN/1514",),
        "notifying_members": ("KEN",),
        "title": "Jelly drinks - Specification",
        "content_summary": "This draft standard lays down requirements and test methods for jelly drinks.",
        "products_covered": "Jelly drinks",
        "hs_codes": ("220299",),
        "ics_codes": ("67.160.20",),
        "distribution_date": date(2026, 1, 9),
        "comment_deadline": stated(date(2026, 3, 10)),
    }
    return Notice(**{**values, **over})


def an_extension(until: date, **over: Any) -> Notice:
    """An addendum to that notification by which comments are taken until another day; it says nothing else."""
    values: dict[str, Any] = {
        "symbol": "G/TBT/N/KEN/1514/Add.1",
        "type": "addendum",
        "title": "",
        "products_covered": "",
        "hs_codes": (),
        "ics_codes": (),
        "content_summary": f"The comment period is extended until {until.day} {until:%B %Y}.",
        "comment_deadline": until,
    }
    return a_notice(**{**values, **over})


def a_measure(**over: Any) -> Measure:
    """A stored measure with the facts of `a_notice()`; facts are varied by their own names."""
    facts: dict[str, Any] = {
        "notifying_members": ("KEN",),
        "title": "Jelly drinks - Specification",
        "content_summary": "This draft standard lays down requirements and test methods for jelly drinks.",
        "products_covered": "Jelly drinks",
        "hs_codes": ("220299",),
        "ics_codes": ("67.160.20",),
        "comment_deadline": stated(date(2026, 3, 10)),
        "first_distributed": date(2026, 1, 9),
        "last_distributed": date(2026, 1, 9),
    }
    own: dict[str, Any] = {
        name: over.pop(name) for name in ("id", "issuer", "threads", "notices", "sources") if name in over
    }
    values: dict[str, Any] = {"id": 1, "issuer": "WTO", "threads": ("G/TBT/N/KEN/1514",), "notices": ()}
    return Measure(**{**values, **own, "facts": Facts(**{**facts, **over})})


def a_subscription(**over: Any) -> Subscription:
    """An enterprise that sells drinks to Kenya; criteria are varied by their own names."""
    asked: dict[str, Any] = {
        name: frozenset(value) if isinstance(value := over.pop(name), (set, list, tuple)) else value
        for name in Criteria.__dataclass_fields__
        if name in over
    }
    if not asked:
        asked = {"markets": frozenset({"KEN"}), "hs": frozenset({"22"})}
    values: dict[str, Any] = {
        "id": 1,
        "enterprise": "Ningbo Drinks",
        "name": "East African drinks",
        "criteria": Criteria(**asked),
        "language": "en",
        "addresses": (Address(channel="email", target="drinks@example.com"),),
        "started_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return Subscription(**{**values, **over})
