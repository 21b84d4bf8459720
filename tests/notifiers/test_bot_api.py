"""The stand-in of the Bot API behaves as the service does, seen through the library the bot uses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from telegram import Bot, BotCommand
from telegram.error import BadRequest, Conflict, InvalidToken
from telegram.request import HTTPXRequest

from tbtwatch.demo.bot_answers import chat_not_found, success
from tbtwatch.demo.bot_api import BotApi


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@pytest_asyncio.fixture
async def bot(api: BotApi) -> AsyncIterator[Bot]:
    kwargs = {"trust_env": False}
    one = Bot(
        api.token,
        base_url=api.base_url,
        request=HTTPXRequest(httpx_kwargs=kwargs),
        get_updates_request=HTTPXRequest(httpx_kwargs=kwargs),
    )
    async with one:
        yield one


async def test_a_bot_knows_itself(bot: Bot) -> None:
    """The library asks before anything else."""
    assert (await bot.get_me()).is_bot and bot.username == "tbtwatch_bot"


async def test_what_people_write_waits_until_it_is_acknowledged(api: BotApi, bot: Bot) -> None:
    """An update comes again until a later offset is asked for."""
    first = api.say(7, "/recent KEN", name="李")
    second = api.say(-8, "hello", chat_type="group")
    updates = await bot.get_updates(timeout=1)
    assert [one.update_id for one in updates] == [first, second]
    message = updates[0].message
    assert message is not None and message.from_user is not None and message.text == "/recent KEN"
    assert [(one.type, one.offset, one.length) for one in message.entities] == [("bot_command", 0, 7)]
    assert message.from_user.first_name == "李" and message.chat.id == 7
    assert [one.update_id for one in await bot.get_updates(offset=second, timeout=1)] == [second]
    assert await bot.get_updates(offset=second + 1) == ()


async def test_a_long_poll_ends_when_somebody_writes(api: BotApi, bot: Bot) -> None:
    """Not only when its time is over."""
    asked = asyncio.create_task(bot.get_updates(timeout=20))
    while not any(method == "getUpdates" for method, _ in api.calls):
        await asyncio.sleep(0.005)
    number = api.press(7, "done:1")
    [update] = await asyncio.wait_for(asked, 5)
    assert update.update_id == number
    assert update.callback_query is not None and update.callback_query.data == "done:1"
    assert await update.callback_query.answer()


async def test_two_bots_that_poll_at_once_are_told_so(api: BotApi, bot: Bot) -> None:
    """The elder poll ends with the service's own words."""
    elder = asyncio.create_task(bot.get_updates(timeout=20))
    while not any(method == "getUpdates" for method, _ in api.calls):
        await asyncio.sleep(0.005)
    await bot.get_updates(timeout=0)
    with pytest.raises(Conflict):
        await asyncio.wait_for(elder, 5)


async def test_it_refuses_what_the_service_refuses(api: BotApi, bot: Bot) -> None:
    """Empty and long texts, markup it cannot read, chats that are not there, methods it does not have."""
    api.chats = {"7"}
    for chat, text, said in (
        (7, " ", "text is empty"),
        (7, "x" * 4097, "too long"),
        (7, "<p>x</p>", "parse entities"),
        (7, "<b>x", "parse entities"),
        (7, "<b><i>x</b></i>", "parse entities"),
        (9, "x", "not found"),
    ):
        with pytest.raises(BadRequest, match=said):
            await bot.send_message(chat, text, parse_mode="HTML")
    with pytest.raises(InvalidToken):
        await bot.get_my_name()


async def test_scripted_answers_come_once_and_in_order(api: BotApi, bot: Bot) -> None:
    """Then it is itself again."""
    api.answer("sendMessage", chat_not_found(), chat_not_found())
    for _ in range(2):
        with pytest.raises(BadRequest, match="not found"):
            await bot.send_message(7, "x")
    await bot.send_message(7, "x")
    assert [one.text for one in api.wait_for(1, chat=7)] == ["x"]
    api.answer("getMe", success({"id": 1, "is_bot": True, "first_name": "other", "username": "other_bot"}))
    assert (await bot.get_me()).first_name == "other"


async def test_commands_and_webhooks_are_taken(api: BotApi, bot: Bot) -> None:
    """What a bot does at its start."""
    assert await bot.delete_webhook() and await bot.set_my_commands([BotCommand("recent", "最近的措施")])
    assert api.commands == [{"command": "recent", "description": "最近的措施"}]
    message = await bot.send_message(7, "one")
    assert await bot.edit_message_text("two", chat_id=7, message_id=message.message_id)
    assert [(one.text, one.edited) for one in api.sent] == [("one", False), ("two", True)]


def test_waiting_in_vain_says_how_many_came(api: BotApi) -> None:
    """A test that waits for a message that never comes ends with a sentence."""
    with pytest.raises(TimeoutError, match="0 of 1 messages"):
        api.wait_for(1, seconds=0.01)
