"""The first message to a new subscriber, in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from notifiers.message import Coverage, MeasureNews
from notifiers.render import render_starter
from notifiers.starter import StarterContent
from subscriptions.criteria import Frequency
from tests.notifiers.contents import news

TODAY = date(2026, 2, 2)
OPEN = news(act_by=date(2026, 2, 24))


def content(*several: MeasureNews, **over: Any) -> StarterContent:
    """A starter of a weekly subscription."""
    values: dict[str, Any] = {
        "name": "East African drinks",
        "asks": "Markets: EAC; products: HS 22",
        "frequency": Frequency.WEEKLY,
        "news": several,
        "written_on": TODAY,
        "coverage": Coverage(as_of=datetime(2026, 1, 9, 2, tzinfo=UTC), sources=3, documents=61),
        "unsubscribe": "https://alerts.example.org/u/3-abc",
    }
    return StarterContent(**{**values, **over})


def rendered(content: StarterContent, channel: str = "email", language: str = "en") -> str:
    """Its text."""
    return render_starter(content, channel=channel, language=language, recipient="a@example.com").text


def test_it_says_by_when_to_act_and_why() -> None:
    """Market, title, symbol, deadline with its quality, day to act by, grade and condition, for each measure."""
    text = rendered(content(OPEN))

    assert "1 measure that fits your question is still open for comment." in text
    assert "in a weekly digest" in text
    assert "G/TBT/N/KEN/1514" in text and "10 March" in text and "act by 24 February" in text
    assert "Markets: EAC; products: HS 22" in text
    assert "https://alerts.example.org/u/3-abc" in text


@pytest.mark.parametrize(
    ("per_week", "said"),
    [
        (None, "too little is recorded"),
        (23.2, "about 23 messages a week"),
        (0.1, "about 5 messages a year"),
        (0.0, "hardly any"),
    ],
)
def test_it_says_what_is_to_be_expected(per_week: float | None, said: str) -> None:
    """As the forecast has it; of what is not known nothing is made up."""
    assert said in rendered(content(expected={} if per_week is None else {"per_week": per_week}))


def test_nothing_open_and_known_before_are_said_apart() -> None:
    """Nothing that fits is open; or all that is open was told before."""
    assert "Nothing that fits your question is open" in rendered(content())
    assert "you were told of all of them here before" in rendered(content(before=3))
    assert "3 more are open that you were told of here before" in rendered(content(OPEN, before=3))


def test_it_is_written_in_chinese_and_for_chats() -> None:
    """Every channel and language has all of it; a chat has no page of its own and no document list."""
    for channel in ("email", "telegram", "file"):
        chinese = rendered(content(OPEN, more=4), channel, "zh")
        assert "有 5 项符合您订阅条件的措施仍可评议" in chinese
        assert "G/TBT/N/KEN/1514" in chinese and "另有 4 项" in chinese
    mail = render_starter(content(OPEN), channel="email", language="en", recipient="a@example.com")
    assert mail.html and mail.headers["List-Unsubscribe"] == "<https://alerts.example.org/u/3-abc>"


def test_a_publishers_words_stay_text() -> None:
    """Markup in a title is shown, not obeyed."""
    evil = OPEN
    evil = replace(evil, facts=replace(evil.facts, title="<script>alert(1)</script>"))
    mail = render_starter(content(evil), channel="email", language="en", recipient="a@example.com")

    assert "<script>" not in mail.html
