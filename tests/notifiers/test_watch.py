"""Notices about sources: to staff, and to readers whom a gap concerns."""

from __future__ import annotations

from datetime import timedelta, timezone
from typing import Any

import pytest

from notifiers.chat_length import TELEGRAM_LIMIT, units
from notifiers.message import Message
from notifiers.render import render_gap, render_staff
from notifiers.watch import GapContent, SourceNews, StaffContent
from notifiers.wording import LANGUAGES
from tests.notifiers.contents import coverage
from watcher.health import SENTENCES, Cause, State

BEIJING = timezone(timedelta(hours=8))
NOW = coverage().as_of.astimezone(BEIJING)
VALUES = {
    **{"day": "2026-01-05", "days": "9", "expected": "12", "n": "1"},
    **{"error": "answered 503", "least": "12", "moment": "2026-01-05 10:02"},
}
HOSTILE = "<b>{x}</b> & \u202e|\nBcc: all@example.org " + "x" * 3000


def news(**over: Any) -> SourceNews:
    values: dict[str, Any] = {
        **{"name": "kats", "title": "KATS", "state": State.BROKEN, "since": NOW - timedelta(hours=3)},
        **{"cause": Cause.EMPTIED, "values": VALUES, "read_until": NOW - timedelta(hours=4)},
        **{"subscriptions": 37, "gap_hours": 24},
    }
    return SourceNews(**{**values, **over})


def staff(*sources: SourceNews, channel: str = "email", language: str = "en") -> Message:
    content = StaffContent(sources=sources or (news(),), written_at=NOW)
    return render_staff(content, channel=channel, language=language, recipient="ops@example.org")


def gap(channel: str = "email", language: str = "en", **over: Any) -> Message:
    values: dict[str, Any] = {
        **{"source": "SASO", "market": "Saudi Arabia", "since": NOW - timedelta(hours=49), "written_at": NOW},
        **{"subscriptions": ("Gulf drinks",), "coverage": coverage()},
    }
    content = GapContent(**{**values, **over})
    return render_gap(content, channel=channel, language=language, recipient="reader@example.com")


def test_the_keeper_reads_what_happened_and_who_waits() -> None:
    """The design's example: since when, what came, how many wait, who was told, what to do."""
    text = staff().text
    assert text.startswith("KATS (kats) is broken since ")
    assert "the list came without entries; the polls before found 12 and more each time" in text
    assert "37 subscriptions; nobody has been told yet (limit 24 h)" in text
    assert "tbtwatch sources show kats" in text
    assert "5 addresses have been told" in staff(news(told=5)).text
    assert "last line of their messages" in staff(news(state=State.SILENT)).text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cause", Cause)
def test_every_cause_is_told_in_every_language(cause: Cause, language: str) -> None:
    """With its values filled in, and no brace left over."""
    text = staff(news(cause=cause), language=language).text
    assert "{" not in text
    if language == "en":
        assert SENTENCES[cause].format_map(VALUES) in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["email", "telegram", "file"])
@pytest.mark.parametrize("count", [1, 2, 300])
def test_however_many_sources_it_is_one_message(channel: str, language: str, count: int) -> None:
    """All of them counted, none too long for its channel, plain text always there."""
    message = staff(*(news(name=f"source-{n}", title=f"Source {n}") for n in range(count)), channel=channel)
    assert message.text and len(message.subject) <= 200 and message.stream == "staff"
    assert count == 1 or str(count) in message.subject
    assert channel != "telegram" or units(message.text) <= TELEGRAM_LIMIT
    assert bool(message.html) is (channel != "file")
    assert len(message.html.encode()) < 96_000


@pytest.mark.parametrize("channel", ["email", "telegram"])
def test_a_publishers_words_are_never_markup(channel: str) -> None:
    """Nor headers, nor wordings to be filled in."""
    hostile = staff(news(title=HOSTILE, values={**VALUES, "error": HOSTILE}, cause=Cause.UNREADABLE), channel=channel)
    told = gap(channel, source=HOSTILE, market=HOSTILE, subscriptions=(HOSTILE,) * 50)
    for message in (hostile, told):
        assert "<b>{x}" not in message.html and "&lt;b&gt;{x}" in message.html
        assert "\n" not in message.subject and "\u202e" not in message.text
        assert channel != "telegram" or units(message.text) <= TELEGRAM_LIMIT


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["email", "telegram", "file"])
def test_a_gap_and_its_end_differ(channel: str, language: str) -> None:
    """Opened, ended for good, closed with and without finds, given up: each says something else."""
    told = [
        gap(channel, language),
        gap(channel, language, state=State.ENDED),
        gap(channel, language, until=NOW),
        gap(channel, language, until=NOW, found_late=1),
        gap(channel, language, until=NOW, found_late=4),
        gap(channel, language, until=NOW, given_up=True),
    ]
    assert len({message.text for message in told}) == len(told)
    assert all("SASO" in message.subject and message.stream == "gaps" for message in told)
    assert all("Gulf drinks" in message.text for message in told)


def test_what_is_promised_is_no_more_than_can_be_kept() -> None:
    """A list may have rolled on meanwhile: nobody is told that nothing is lost."""
    assert "lost" not in gap().text and "as soon as it can be" in gap().text


def test_a_reader_can_leave() -> None:
    """A gap notice carries how to unsubscribe, and a language that is not offered is excused."""
    message = gap(unsubscribe="mailto:alerts@example.org?subject=unsubscribe%20abc", language="fr")
    assert message.headers["List-Unsubscribe"] == "<mailto:alerts@example.org?subject=unsubscribe%20abc>"
    assert "French" in message.text
