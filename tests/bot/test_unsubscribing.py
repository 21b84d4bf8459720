"""Unsubscribing in a chat: looking and tapping change nothing, the word after does, for this chat alone."""

from __future__ import annotations

import pytest

from subscriptions.criteria import Address, Criteria
from tbtwatch.bot.unsubscribing import stop, tapped, unsubscribe
from tbtwatch.demo.bot_api import BotApi
from tests.bot.test_bot import answers, talking
from tests.bot.world import shown, to_chat
from tests.pipeline.service import SmallService

CHAT = "77"


def told(service: SmallService) -> list[str]:
    """The names of what is told at the chat."""
    with service.storage.look() as tx:
        return [one.name for one in tx.subscriptions.of_address("telegram", CHAT)]


def two(service: SmallService) -> tuple[int, int]:
    """Two subscriptions of the chat, the second a mailbox's too."""
    mail = (Address(channel="email", target="a@example.com"),)
    first = service.subscribe(enterprise="E", name="A <b>", addresses=to_chat(CHAT))
    second = service.subscribe(
        enterprise="E", name="B", criteria=Criteria(markets=frozenset({"EU"})), addresses=(*to_chat(CHAT), *mail)
    )
    return first.id, second.id


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_and_the_question_change_nothing(own: SmallService, language: str) -> None:
    """Only the word after the number ends, and only here: the mailbox goes on."""
    first, second = two(own)
    listed = unsubscribe(CHAT, "", language, own.desk)
    assert f"/unsubscribe_{first}" in listed and "A &lt;b&gt;" in listed and "_yes" not in listed
    assert f"/unsubscribe_{second}_yes" in unsubscribe(CHAT, str(second), language, own.desk)
    assert "/stop_yes" in stop(CHAT, "", language, own.desk)
    assert told(own) == ["A <b>", "B"]

    assert "· B" in shown(unsubscribe(CHAT, f"{second} yes", language, own.desk))
    assert told(own) == ["A <b>"]
    with own.storage.look() as tx:
        assert [one.target for one in tx.subscriptions.get(second).addresses] == ["a@example.com"]


def test_all_at_once(own: SmallService) -> None:
    """Said twice; what only this chat was told is over, with the reason."""
    first, _ = two(own)
    stop(CHAT, "确认", "zh", own.desk)
    assert told(own) == []
    with own.storage.look() as tx:
        assert tx.subscriptions.get(first).end_reason == "unsubscribed by bot"
    assert shown(stop(CHAT, "yes", "en", own.desk)) == [
        "Nothing is sent to this chat by subscription; there is nothing to end."
    ]


@pytest.mark.parametrize("number", ["1", "0", "99999", "9" * 400, "²", "-1", "<b>"])
def test_a_chat_ends_nothing_of_others(own: SmallService, number: str) -> None:
    """A number that is told elsewhere, or is none."""
    two(own)
    with own.storage.look() as tx:
        before = len(tx.subscriptions.live())
    assert "<b>" not in unsubscribe(CHAT, f"{number} yes", "en", own.desk)
    with own.storage.look() as tx:
        assert len(tx.subscriptions.live()) == before


def test_what_is_tapped_is_understood() -> None:
    """And nothing beside it."""
    assert tapped("unsubscribe_12_yes") == ("unsubscribe", "12 yes")
    assert tapped("unsubscribe_12") == ("unsubscribe", "12")
    assert tapped("stop_yes") == ("stop", "yes")
    assert tapped("unsubscribe") is None and tapped("stop_no") is None and tapped("unsubscribe_all") is None


async def test_two_taps_in_a_chat_end_it(own: SmallService) -> None:
    """Over a real Bot API: the list, the command in it, the command in the answer; the first two change nothing."""
    first, _ = two(own)
    with BotApi() as api:
        async with talking(own, api):
            for number, text in enumerate(
                ("/unsubscribe", f"/unsubscribe_{first}", f"/unsubscribe_{first}_yes@tbtwatch_bot", "/stop"), 1
            ):
                api.say(int(CHAT), text)
                answered = await answers(api, number, int(CHAT))
                assert len(told(own)) == (2 if number < 3 else 1)
        assert f"/unsubscribe_{first}" in answered[0] and "/stop_yes" in answered[3]
