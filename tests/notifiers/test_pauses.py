"""The first message after a silence says who asked for it, until when, why, and what came."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notifiers.message import Message, PauseNote
from notifiers.render import render_alert, render_digest
from tests.notifiers.contents import alert, digest

PAUSE = PauseNote(name="Drinks", since=date(2026, 1, 20), until=date(2026, 2, 2), by="Li Na", why="on leave", news=3)


def plain(message: Message) -> str:
    return " ".join(message.text.split())


@pytest.mark.parametrize("channel", ["email", "telegram", "file"])
@pytest.mark.parametrize(
    ("language", "pause", "says"),
    [
        (
            "en",
            PAUSE,
            "“Drinks” was paused from 20 January to 2 February by Li Na (on leave); 3 pieces of news came meanwhile.",
        ),
        ("zh", PAUSE, "订阅“Drinks”自1月20日至2月2日暂停发送，由 Li Na 设定（on leave）；期间有 3 条消息。"),
        ("en", replace(PAUSE, news=1, why=""), "by Li Na; 1 piece of news came meanwhile."),
        ("en", replace(PAUSE, news=0), "(on leave); nothing came meanwhile."),
        ("zh", replace(PAUSE, news=0), "；期间没有新消息。"),
        ("en", replace(PAUSE, symbol="G/TBT/N/KEN/7"), "G/TBT/N/KEN/7 was muted for “Drinks” from 20 January"),
        ("zh", replace(PAUSE, symbol="G/TBT/N/KEN/7"), "订阅“Drinks”自1月20日至2月2日不接收 G/TBT/N/KEN/7 的消息"),
    ],
)
def test_it_is_said_first(channel: str, language: str, pause: PauseNote, says: str) -> None:
    """In alerts and digests, by mail, chat and file alike."""
    for message in (
        render_alert(alert(pauses=(pause,)), channel=channel, language=language, recipient="7"),
        render_digest(digest(pauses=(pause,)), channel=channel, language=language, recipient="7"),
    ):
        assert says in plain(message)
        assert plain(message).index(says) < 200


@pytest.mark.parametrize(
    ("language", "heading"), [("en", "TBT news that waited for you"), ("zh", "为您保留的技贸消息")]
)
def test_a_catch_up_is_no_numbered_digest(language: str, heading: str) -> None:
    """What waited for one reader alone has no number and is called what it is."""
    message = render_digest(digest(catch_up=True), channel="email", language=language, recipient="a@example.com")
    assert message.subject.startswith(heading) and "5" not in message.subject.partition(":")[0]


def test_other_peoples_words_stay_words() -> None:
    """A reason or a name brings no markup and no new line."""
    hostile = replace(PAUSE, by="<b>x</b>", why="a\nb<script>", name="n\r\nm")
    message = render_alert(alert(pauses=(hostile,)), channel="email", language="en", recipient="a@example.com")
    assert "<script>" not in message.html and "<b>x</b>" not in message.html
    assert "a b<script>" in plain(message)
