"""The whole bot against a Bot API on loopback: what people say, what they get, and what the service may do to us."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
import structlog

from notifiers.chat_length import TELEGRAM_LIMIT, units
from tbtwatch.bot.bot import MOST_WAITING, Pace, talk
from tbtwatch.bot.phrases import PHRASES
from tbtwatch.demo.bot_answers import Answer, bad_gateway, blocked, failure, hang, retry_after, success
from tbtwatch.demo.bot_api import DEMO_TOKEN, BotApi, SentMessage
from tbtwatch.pipeline.chats import bot_name
from tests.bot.world import add_code
from tests.pipeline.service import SmallService

QUICK = Pace(first_wait=0.02, longest_wait=0.1, poll=5, timeout=3.0, farewell=1.2)
#: Sent after something that is to stay unanswered: once this is answered, the other had its turn.
LAST, LAST_ANSWER = "/language en", "I will answer in English."


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@asynccontextmanager
async def talking(service: SmallService, api: BotApi, **over: Any) -> AsyncIterator[asyncio.Event]:
    """The bot at work; told to stop at the end, and it must, within two seconds."""
    stop = asyncio.Event()
    given: dict[str, Any] = {"token": DEMO_TOKEN, "base_url": api.base_url, "pace": QUICK}
    bot = asyncio.create_task(talk(service.desk, stop=stop, **{**given, **over}))
    try:
        yield stop
    finally:
        stop.set()
        began = time.monotonic()
        await asyncio.wait_for(bot, 5)
        assert time.monotonic() - began < 2


async def until(happened: Callable[[], bool], seconds: float = 8.0) -> None:
    """Wait for it. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not happened():
            await asyncio.sleep(0.01)


async def answers(api: BotApi, count: int, chat: int = 7) -> list[str]:
    """The texts sent to a chat, once there are so many."""
    sent: list[SentMessage] = await asyncio.to_thread(api.wait_for, count, 8.0, chat=chat)
    return [one.text for one in sent]


def polled(api: BotApi) -> int:
    return sum(method == "getUpdates" for method, _ in api.calls)


# --- what people say


async def test_the_bot_remembers_its_name_for_the_pages(own: SmallService, api: BotApi) -> None:
    """By the number with which its token begins; and the name of a group that is linked, from what is said there."""
    add_code(own)
    desk = replace(own.desk, bot=DEMO_TOKEN.partition(":")[0])
    async with talking(own, api):
        api.say(-7, "/start@tbtwatch_bot ABCD-EFGH", name="Export team", chat_type="group")
        assert (await answers(api, 1, -7))[0].startswith("关联成功")

    with own.storage.look() as tx:
        assert bot_name(desk, tx) == "tbtwatch_bot" and bot_name(own.desk, tx) == ""
        number = tx.chats.enterprise_of("telegram", "-7")
        assert number is not None
        (chat,) = tx.chats.of_enterprises("telegram", [number])
        assert chat.name == "Export team"


async def test_people_ask_and_are_answered(own: SmallService, api: BotApi) -> None:
    """Commands with the bot's name, in capitals, with blanks; texts without a command; a symbol alone."""
    add_code(own)
    async with talking(own, api):
        for number, text in enumerate(
            (
                "/start",
                "/start  abcd efgh",
                "/RECENT@tbtwatch_bot   肯尼亚\n22  30天",
                "近30天 德国 锂电池",
                "ken/1514",
                "/why G/TBT/N/KEN/1514",
                "/measure",
                "/nonsense",
                "/language en",
                "Kenya 22 30d",
            ),
            1,
        ):
            api.say(7, text)
            got = await answers(api, number)
    starts = [
        "我报告国外市场技术法规、标准和合格评定程序的变",
        "关联成功：本聊天现代表企业 Ningbo <D",
        "肯尼亚 · HS 22 · 1月31日—3月2",
        "德国（含欧盟） · 电池和蓄电池（“锂电池”）",
        "Jelly drinks - Specifica",
        "肯尼亚 · Jelly drinks - Sp",
        "请附上通报编号：/measure G/TBT",
        "我只能根据记录回答措施和日期。请写明市场、HS",
        "I will answer in English",
        "Kenya · HS 22 · 31 Janua",
    ]
    assert [text[: len(start)] for text, start in zip(got, starts, strict=True)] == starts
    assert all(units(text) <= TELEGRAM_LIMIT for text in got)


async def test_the_menu_is_set_in_both_languages(service: SmallService, api: BotApi) -> None:
    """English for everybody, Chinese for Chinese programs."""
    async with talking(service, api):
        await until(lambda: sum(method == "setMyCommands" for method, _ in api.calls) == 2)
    menus = {given.get("language_code"): given["commands"] for method, given in api.calls if method == "setMyCommands"}
    assert set(menus) == {None, "zh"}
    assert {one["command"] for one in api.commands} == {
        "recent",
        "measure",
        "follow",
        "unfollow",
        "why",
        "handled",
        "unsubscribe",
        "language",
        "start",
    }


async def test_in_a_group_only_what_is_meant_for_the_bot_is_answered(own: SmallService, api: BotApi) -> None:
    """Commands, and texts that call it by name; not what people say to each other, nor another bot's commands."""
    async with talking(own, api):
        api.say(-7, "德国 锂电池 怎么样", chat_type="group")
        api.say(-7, "/recent@another_bot Kenya", chat_type="group")
        api.say(-7, "@tbtwatch_bot 肯尼亚 22 30天", chat_type="supergroup")
        api.say(-7, LAST, chat_type="group")
        got = await answers(api, 2, chat=-7)
    assert got[0].startswith("肯尼亚 · HS 22") and got[1] == LAST_ANSWER and len(api.sent) == 2


async def test_what_is_no_question_is_ignored(own: SmallService, api: BotApi) -> None:
    """Edited messages, pictures, channel posts, messages of bots, updates of kinds unknown to us."""
    person = {"id": 7, "is_bot": False, "first_name": "Li", "language_code": "zh"}
    message = {"message_id": 1, "date": 1_600_000_000, "chat": {"id": 7, "type": "private"}, "from": person}
    text = {**message, "text": "/recent"}
    api.answer(
        "getUpdates",
        success(
            [
                {"update_id": 1, "edited_message": {**text, "edit_date": 1_600_000_001}},
                {"update_id": 2, "message": {**message, "photo": []}},
                {"update_id": 3, "channel_post": {**text, "chat": {"id": -100, "type": "channel", "title": "x"}}},
                {"update_id": 4, "message": {**text, "from": {**person, "is_bot": True}}},
                {"update_id": 5, "something_new": {"a": 1}},
                {"update_id": 6, "message": {**text, "text": LAST}},
            ]
        ),
    )
    async with talking(own, api):
        assert await answers(api, 1) == [LAST_ANSWER]
    assert [given.get("offset") for method, given in api.calls if method == "getUpdates"][-1] in (7, "7")


async def test_a_very_long_and_a_hostile_text_are_answered(service: SmallService, api: BotApi) -> None:
    """Bounded, and shown as text."""
    async with talking(service, api):
        api.say(7, "/recent Kenya " + "<b>&\"'" * 680)
        api.say(7, "/measure <b>&amp;\"' </code>")
        got = await answers(api, 2)
    assert "仅读取了问题的前 300 个字符。" in got[0]
    assert got[1].startswith("“<b>&amp;\"' </code>”不是通报编号")


async def test_what_was_answered_is_not_answered_again(service: SmallService, api: BotApi) -> None:
    """The next start begins after the last question."""
    async with talking(service, api):
        api.say(7, "肯尼亚")
        await answers(api, 1)
    async with talking(service, api):
        before = polled(api)
        await until(lambda: polled(api) > before)
        api.say(7, "乌干达")
        got = await answers(api, 2)
    assert [text[:3] for text in got] == ["肯尼亚", "乌干达"]


async def test_a_chat_that_floods_is_bounded_and_others_are_served(service: SmallService, api: BotApi) -> None:
    """Beyond a few unanswered questions a chat's further ones are dropped, and this is logged."""
    person = {"id": 7, "is_bot": False, "first_name": "Li", "language_code": "zh"}
    message = {"message_id": 1, "date": 1_600_000_000, "text": "肯尼亚", "from": person}
    flood = [
        {"update_id": n, "message": {**message, "chat": {"id": 8 if n == 40 else 7, "type": "private"}}}
        for n in range(1, 41)
    ]
    api.answer("getUpdates", success(flood))
    with structlog.testing.capture_logs() as logs:
        async with talking(service, api):
            await answers(api, MOST_WAITING)
            await answers(api, 1, chat=8)
    assert len([one for one in api.sent if one.chat == "7"]) == MOST_WAITING
    assert sum(one["event"] == "bot_question_dropped" for one in logs) == 39 - MOST_WAITING


async def test_a_fault_of_ours_is_a_sentence(
    service: SmallService, api: BotApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the next question is answered."""
    with structlog.testing.capture_logs() as logs:
        async with talking(service, api):
            with monkeypatch.context() as broken:
                broken.setattr("tbtwatch.bot.answers.understand", lambda *_, **__: 1 / 0)
                api.say(7, "/recent Kenya")
                assert await answers(api, 1) == [PHRASES["fault"]["zh"]]
            api.say(7, "/recent Kenya")
            assert (await answers(api, 2))[1].startswith("肯尼亚")
    assert [one["command"] for one in logs if one["event"] == "bot_answer_broke"] == ["recent"]


# --- what the service may do


async def test_flood_control_and_a_bad_gateway_are_outlived(service: SmallService, api: BotApi) -> None:
    """While connecting, polling and answering."""
    api.answer("getMe", bad_gateway(), failure(500, "Internal Server Error"))
    api.answer("getUpdates", bad_gateway(), Answer(body=b"<html>"), Answer(body=b'{"ok": true, "result": 5}'))
    api.answer("sendMessage", bad_gateway(), failure(429, "Too Many Requests: retry after 0", retry_after=0))
    async with talking(service, api):
        api.say(7, "肯尼亚")
        assert (await answers(api, 1))[0].startswith("肯尼亚")


async def test_an_answer_that_cannot_be_sent_ends_nothing(own: SmallService, api: BotApi) -> None:
    """Blocked by the person; markup refused is sent again as plain text."""
    async with talking(own, api):
        api.answer("sendMessage", blocked())
        api.say(8, "肯尼亚")
        await until(lambda: any(method == "sendMessage" for method, _ in api.calls))
        api.answer("sendMessage", failure(400, "Bad Request: can't parse entities: Unsupported start tag"))
        api.say(7, "肯尼亚")
        assert (await answers(api, 1))[0].startswith("肯尼亚")
    assert api.sent[0].parse_mode == "" and "<b>" not in api.sent[0].source


async def test_a_rival_is_told_of_in_a_sentence(service: SmallService, api: BotApi) -> None:
    """Two programs with one token: the log says what happens and what to do; questions are answered all the same."""
    api.answer("getUpdates", failure(409, "Conflict: terminated by other getUpdates request"))
    with structlog.testing.capture_logs() as logs:
        async with talking(service, api):
            api.say(7, "肯尼亚")
            await answers(api, 1)
    rivals = [one for one in logs if one["event"] == "bot_has_a_rival"]
    assert len(rivals) == 1 and "end the other program" in rivals[0]["what_to_do"]
    assert any(one["event"] == "bot_reached_again" for one in logs)


@pytest.mark.parametrize("token", ["7000001:wrong", "", "nonsense", "7000001:demo\n", "70000 01:x/../"])
async def test_a_wrong_token_ends_the_bot_with_a_sentence(token: str, service: SmallService, api: BotApi) -> None:
    """At once, not after tries without end."""
    with structlog.testing.capture_logs() as logs:
        await asyncio.wait_for(talk(service.desk, token=token, base_url=api.base_url, stop=asyncio.Event()), 5)
    assert [one["event"] for one in logs if one["log_level"] == "error"] == ["bot_token_refused"]
    assert "TBTWATCH_TELEGRAM_TOKEN" in logs[-1]["what_to_do"] or "TBTWATCH_TELEGRAM_TOKEN" in logs[0]["what_to_do"]


async def test_a_token_that_is_revoked_while_polling_ends_the_bot(service: SmallService, api: BotApi) -> None:
    """The service goes on without it."""
    api.answer("getUpdates", failure(401, "Unauthorized"))
    await asyncio.wait_for(
        talk(service.desk, token=DEMO_TOKEN, base_url=api.base_url, stop=asyncio.Event(), pace=QUICK), 5
    )


@pytest.mark.parametrize("method", ["getMe", "getUpdates", "setMyCommands", "sendMessage"])
async def test_it_stops_while_the_service_hangs(method: str, service: SmallService, api: BotApi) -> None:
    """Within two seconds, whatever call hangs (held by `talking`)."""
    api.answer(method, *[hang()] * 6)
    async with talking(service, api, pace=Pace()):
        api.say(7, "肯尼亚")
        await until(lambda: any(called == method for called, _ in api.calls))


async def test_it_stops_while_nobody_is_there(service: SmallService) -> None:
    """In the middle of a long wait for the next try; also when the address is none."""
    for base_url in ("http://127.0.0.1:9/bot", "http://[::1/bot", "nonsense"):
        stop = asyncio.Event()
        with structlog.testing.capture_logs() as logs:
            bot = asyncio.create_task(talk(service.desk, token=DEMO_TOKEN, base_url=base_url, stop=stop))
            await until(lambda logs=logs: any(one["event"] == "bot_not_reached" for one in logs))  # type: ignore[misc]
            stop.set()
            await asyncio.wait_for(bot, 2)


async def test_it_does_not_start_when_told_to_stop_before(service: SmallService, api: BotApi) -> None:
    """It ends at once."""
    stop = asyncio.Event()
    stop.set()
    await asyncio.wait_for(talk(service.desk, token=DEMO_TOKEN, base_url=api.base_url, stop=stop), 2)
    assert not api.sent


async def test_it_can_be_cancelled(service: SmallService, api: BotApi) -> None:
    """As the service does with what does not end in time."""
    bot = asyncio.create_task(
        talk(service.desk, token=DEMO_TOKEN, base_url=api.base_url, stop=asyncio.Event(), pace=QUICK)
    )
    await until(lambda: polled(api) > 0)
    bot.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(bot, 2)


async def test_no_log_line_holds_the_token(
    service: SmallService, api: BotApi, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    """Whatever fails, and however much is logged."""
    caplog.set_level(logging.DEBUG)
    api.answer("getMe", bad_gateway(), failure(400, f"Bad Request: {DEMO_TOKEN}"))
    api.answer("getUpdates", failure(409, "Conflict"), Answer(body=DEMO_TOKEN.encode()), retry_after(0))
    api.answer("sendMessage", failure(400, f"Bad Request: {DEMO_TOKEN}"))
    with structlog.testing.capture_logs() as logs:
        async with talking(service, api):
            api.say(7, "肯尼亚")
            await until(lambda: any(method == "sendMessage" for method, _ in api.calls))
            api.say(8, "肯尼亚")
            await answers(api, 1, chat=8)
        refused = "7000001:refusedrefused"
        await talk(service.desk, token=refused, base_url=api.base_url, stop=asyncio.Event())
        await_end = asyncio.Event()
        nobody = asyncio.create_task(
            talk(service.desk, token=refused, base_url="http://127.0.0.1:9/bot", stop=await_end)
        )
        await asyncio.sleep(0.2)
        await_end.set()
        await nobody
    said = "\n".join([*map(str, logs), caplog.text, *capfd.readouterr(), *(str(r.__dict__) for r in caplog.records)])
    assert "bot_not_reached" in said and "httpx" in said
    assert [
        said[max(0, found.start() - 200) : found.end()] for found in re.finditer("7000001:(?:demo|refused)", said)
    ] == []
