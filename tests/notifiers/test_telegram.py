"""Telegram, spoken over real HTTP to a stand-in that refuses as the service does."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from notifiers.channels.telegram import TelegramConfig, TelegramNotifier
from notifiers.message import Message
from notifiers.outcome import Misconfigured, Outcome, Reason, Refused, Sent, TryAgain
from tbtwatch.demo.bot_answers import (
    Answer,
    bad_gateway,
    blocked,
    chat_not_found,
    failure,
    hang,
    migrated,
    retry_after,
)
from tbtwatch.demo.bot_api import BotApi
from tests.notifiers.contents import message

TOKEN = "7000001:canary-token"


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi(token=TOKEN) as api:
        yield api


def a_chat_message(**over: Any) -> Message:
    values = {"recipient": "7", "html": "<b>a &lt; b</b>", "text": "a < b", "message_id": "", **over}
    return message(**values)


async def sent_by(api: BotApi, one: Message | None = None, **over: Any) -> Outcome:
    values: dict[str, Any] = {"token": SecretStr(api.token), "base_url": api.base_url, "timeout": 0.3, **over}
    telegram = TelegramNotifier(TelegramConfig(**values))
    try:
        return await telegram.send(one or a_chat_message())
    finally:
        await telegram.close()


async def test_a_message_arrives_with_its_markup_and_buttons(api: BotApi) -> None:
    """As HTML, with links as buttons; what is no web link is no button."""
    buttons = (("Details", "https://example.com/x"), ("Bad", "javascript:alert(1)"))
    outcome = await sent_by(api, a_chat_message(buttons=buttons))
    [sent] = api.sent
    assert outcome == Sent(reference=str(sent.message_id))
    assert (sent.chat, sent.text, sent.parse_mode) == ("7", "a < b", "HTML")
    assert sent.buttons == (("Details", "https://example.com/x"),)


async def test_markup_the_service_cannot_read_is_sent_as_plain_text(api: BotApi) -> None:
    """An alert is never lost for its looks."""
    assert isinstance(await sent_by(api, a_chat_message(html="<b>open")), Sent)
    [sent] = api.sent
    assert (sent.text, sent.parse_mode) == ("a < b", "")


async def test_a_message_that_is_too_long_is_cut(api: BotApi) -> None:
    """The service would refuse it."""
    for html in ("<b>" + "长&amp;" * 4000 + "</b>", ""):
        assert isinstance(await sent_by(api, a_chat_message(html=html, text="x" * 9000)), Sent)
    assert [len(one.text) for one in api.sent] == [4096, 4096]


@pytest.mark.parametrize(
    ("answer", "outcome", "reason"),
    [
        (retry_after(3), TryAgain, Reason.RATE_LIMITED),
        (blocked(), Refused, Reason.BLOCKED),
        (failure(403, "Forbidden: user is deactivated"), Refused, Reason.BLOCKED),
        (failure(403, "Forbidden: bot was kicked from the group chat"), Refused, Reason.BLOCKED),
        (failure(400, "Bad Request: not enough rights to send text messages to the chat"), Refused, Reason.BLOCKED),
        (chat_not_found(), Refused, Reason.RECIPIENT_UNKNOWN),
        (failure(400, "Bad Request: message thread not found"), Refused, Reason.REJECTED),
        (migrated(-1009), TryAgain, Reason.RECIPIENT_UNKNOWN),
        (bad_gateway(), TryAgain, Reason.UNREACHABLE),
        (failure(500, "Internal Server Error"), TryAgain, Reason.UNREACHABLE),
        (failure(409, "Conflict"), TryAgain, Reason.BUSY),
        (hang(), TryAgain, Reason.UNKNOWN_OUTCOME),
        (hang(carried_out=True), TryAgain, Reason.UNKNOWN_OUTCOME),
        (Answer(body=b"<html>a captive portal</html>"), TryAgain, Reason.UNKNOWN_OUTCOME),
        (Answer(body=b'{"ok": true, "result": {}}'), TryAgain, Reason.UNKNOWN_OUTCOME),
        (Answer(body=b"[]"), TryAgain, Reason.UNKNOWN_OUTCOME),
    ],
)
async def test_each_answer_has_its_outcome(
    api: BotApi, answer: Answer, outcome: type[Outcome], reason: Reason, caplog: pytest.LogCaptureFixture
) -> None:
    """Flood control, blocked, gone, moved, away, silent, nonsense; and the token is in none of them, nor in a log."""
    caplog.set_level(logging.DEBUG)
    api.answer("sendMessage", answer)
    got = await sent_by(api)
    assert type(got) is outcome and isinstance(got, Refused | TryAgain) and got.reason is reason
    assert TOKEN not in repr(got) and TOKEN not in caplog.text and "\n" not in got.detail


async def test_flood_control_names_its_wait(api: BotApi) -> None:
    """In the service's own seconds."""
    api.answer("sendMessage", retry_after(3))
    got = await sent_by(api)
    assert isinstance(got, TryAgain) and got.after == timedelta(seconds=3)


async def test_a_group_that_moved_names_its_new_number(api: BotApi) -> None:
    """The caller sends there from now on."""
    api.answer("sendMessage", migrated(-1009))
    got = await sent_by(api)
    assert isinstance(got, TryAgain) and got.migrated_to == "-1009"


@pytest.mark.parametrize("over", [{"token": SecretStr("7:wrong-canary")}, {"token": SecretStr("")}])
async def test_a_wrong_token_is_our_fault_and_is_not_told(
    api: BotApi, over: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """The operator learns which setting to look at, not what stands in it."""
    caplog.set_level(logging.DEBUG)
    got = await sent_by(api, **over)
    assert isinstance(got, Misconfigured) and "token" in got.detail
    assert "wrong-canary" not in repr(got) and "wrong-canary" not in caplog.text


async def test_nobody_listening_is_not_now() -> None:
    """Certainly not sent, and tried again."""
    with BotApi(token=TOKEN) as api:
        pass
    got = await sent_by(api)
    assert isinstance(got, TryAgain) and got.reason is Reason.UNREACHABLE and TOKEN not in repr(got)


async def test_a_chat_that_cannot_exist_is_refused_unasked(api: BotApi) -> None:
    """The service is not bothered with it."""
    got = await sent_by(api, a_chat_message(recipient="li@example.com"))
    assert isinstance(got, Refused) and got.reason is Reason.RECIPIENT_UNKNOWN
    assert api.calls == []


async def test_a_notifier_can_be_used_after_it_was_closed(api: BotApi) -> None:
    """Closing lets go of connections, of nothing else."""
    telegram = TelegramNotifier(TelegramConfig(token=SecretStr(TOKEN), base_url=api.base_url))
    for _ in range(2):
        assert isinstance(await telegram.send(a_chat_message()), Sent)
        await telegram.close()
    assert len(api.sent) == 2
