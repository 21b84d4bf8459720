"""The buttons under a message, from the outbox through the Bot API on loopback and back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from notifiers.channels.telegram import TelegramConfig, TelegramNotifier
from tbtwatch.bot.answers import Answers
from tbtwatch.bot.buttons import Press, answer_to
from tbtwatch.demo.bot_api import DEMO_TOKEN, BotApi
from tbtwatch.pipeline.button_seal import Deed, buttons
from tbtwatch.pipeline.remind import remind_due
from tbtwatch.pipeline.subscribe import end
from tbtwatch.storage import Storage
from tests.bot.test_bot import answers, talking
from tests.bot.world import to_chat
from tests.builders import a_notice
from tests.pipeline.service import SmallService

SYMBOL = "G/TBT/N/KEN/1600"


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


def pushed(own: SmallService, language: str = "zh") -> dict[str, str]:
    """A push to chat 7 about one measure: what each of its buttons says, by its label."""
    own.subscribe(enterprise="Chatty", name="in the chat", addresses=to_chat("7"), language=language)
    own.poll([a_notice(symbol=SYMBOL, title="Juices", comment_deadline=own.clock().date() + timedelta(days=80))])
    own.deliver(telegram=own.notifier, email=own.notifier)
    (message,) = [one for one in own.notifier.sent if one.recipient == "7"]
    return dict(message.deeds)


def pressing(own: SmallService, said: str, *, chat: str = "7", language: str = "zh") -> str:
    """What a press is answered."""
    one = Press(id="1", chat=chat, said=said, language=language)
    return answer_to(one, language, desk=own.desk, card=Answers(own.desk).measure).text


async def test_a_push_carries_four_buttons_and_each_is_answered(own: SmallService, api: BotApi) -> None:
    """In two rows of two, in the reader's language; the service takes them, and each press is acknowledged."""
    said = await asyncio.to_thread(pushed, own)
    assert list(said) == ["已处理", "不相关", "提醒我", "详情"]
    assert all(len(one.encode()) <= 64 for one in said.values())
    notifier = TelegramNotifier(TelegramConfig(token=DEMO_TOKEN, base_url=api.base_url))
    await notifier.send(next(one for one in own.notifier.sent if one.recipient == "7"))
    await notifier.close()
    assert list(api.sent[0].buttons[:4]) == list(said.items())
    async with talking(own, api):
        for number, label in enumerate(("详情", "提醒我", "已处理", "不相关"), 2):
            api.press(7, said[label])
            got = await answers(api, number)
    assert sum(method == "answerCallbackQuery" for method, _ in api.calls) == 4
    assert got[1].startswith("Juices") and SYMBOL in got[1]
    assert got[2] == f"将在提交意见的内部截止日期前 30、14、3 天提醒 {SYMBOL}（订阅：in the chat）。"
    assert "已处理 G/TBT/N/KEN/1600" in got[3]
    assert got[4].startswith("已标记不相关：2027-03-02前不再就 G/TBT/N/KEN/1600 通知或提醒")
    assert [label for label, _ in api.sent[-1].buttons] == ["撤销"]


def test_pressing_twice_does_nothing_twice(own: SmallService) -> None:
    """One deed, one pause, one wish; the second answer says the same."""
    said = pushed(own, "en")
    for label in ("Dealt with", "Not relevant", "Remind me"):
        assert pressing(own, said[label], language="en") == pressing(own, said[label], language="en")
    with own.storage.look() as tx:
        assert len(tx.reminders.handled()) == 1 and len(tx.pauses.holding()) == 1
        (pause,) = tx.pauses.holding()
    assert (pause.why, pause.by) == ("not relevant, said in chat", "chat 7")


def test_not_relevant_ends_news_of_that_measure_alone_and_can_be_undone(own: SmallService) -> None:
    """An addendum of it is not told, another measure is; after undoing what came meanwhile is told."""
    said = pushed(own, "en")
    pressing(own, said["Not relevant"], language="en")
    with own.storage.begin() as tx:
        (pause,) = tx.pauses.holding()
        assert pause.measure is not None
        undo = dict(buttons(pause.measure, "7", "en", tx, (Deed.UNDO,)))["Undo"]
    before = len(own.notifier.sent)
    own.poll(
        [
            a_notice(symbol=f"{SYMBOL}/Add.1", type="addendum", comment_deadline=own.clock().date() + timedelta(95)),
            a_notice(symbol="G/TBT/N/KEN/1601", title="Teas"),
        ]
    )
    own.deliver(telegram=own.notifier)
    assert ["Teas" in one.text for one in own.notifier.sent[before:] if one.recipient == "7"] == [True]
    assert "is told again for in the chat" in pressing(own, undo, language="en")
    assert "nothing to undo" in pressing(own, undo, language="en")
    own.deliver(telegram=own.notifier)
    assert f"{SYMBOL}/Add.1" in own.notifier.sent[-1].text


def test_remind_me_reminds_of_that_measure_alone_until_it_is_dealt_with(own: SmallService) -> None:
    """Thirty days before the act-by date; another measure of the same day is not reminded of; dealt with ends it."""
    said = pushed(own, "en")
    own.poll(
        [a_notice(symbol="G/TBT/N/KEN/1601", title="Teas", comment_deadline=own.clock().date() + timedelta(days=80))]
    )
    own.deliver(telegram=own.notifier)
    pressing(own, said["Remind me"], language="en")
    own.clock.turn(days=36, hours=6)
    assert remind_due(desk=own.desk) == 1
    own.deliver(telegram=own.notifier)
    reminder = own.notifier.sent[-1]
    assert reminder.stream == "reminders" and "Juices" in reminder.text
    assert [label for label, _ in reminder.deeds] == ["Dealt with", "Details"]
    pressing(own, dict(reminder.deeds)["Dealt with"], language="en")
    own.clock.turn(days=16)
    assert remind_due(desk=own.desk) == 0


def test_a_button_works_in_its_own_chat_only(own: SmallService) -> None:
    """What another chat sends, what is made up, and what is cut off does nothing."""
    said = pushed(own, "en")["Not relevant"]
    for wrong, chat in (
        (said, "8"),
        (said[:-1] + ("y" if said.endswith("x") else "x"), "7"),
        (said.replace("n:", "h:", 1), "7"),
        ("n:1:", "7"),
        ("", "7"),
    ):
        assert pressing(own, wrong, chat=chat, language="en").startswith("This button does nothing any more")
    with own.storage.look() as tx:
        assert tx.pauses.holding() == [] and tx.reminders.handled() == []


def test_an_old_button_answers_with_a_sentence(own: SmallService) -> None:
    """After the subscription has ended there is nothing to do; details are shown all the same."""
    said = pushed(own, "en")
    with own.storage.look() as tx:
        (one,) = tx.subscriptions.of_address("telegram", "7")
    end(str(one.id), reason="over", desk=own.desk)
    for label in ("Dealt with", "Not relevant", "Remind me"):
        assert "No subscription that is answered in this chat is told of" in pressing(own, said[label], language="en")
    assert "Juices" in pressing(own, said["Details"], language="en")


def test_a_button_of_a_measure_that_was_joined_means_the_one_it_is_now(storage: Storage) -> None:
    """A joint addendum shows that two are one; the button of the other does its deed on the one."""
    service = SmallService(storage).seeded()
    service.subscribe(addresses=to_chat("7"))
    service.poll([a_notice(symbol="G/TBT/N/KEN/1"), a_notice(symbol="G/TBT/N/UGA/2", notifying_members=("KEN",))])
    service.deliver(telegram=service.notifier)
    said = [dict(one.deeds)["Dealt with"] for one in service.notifier.sent]
    with storage.begin() as tx:
        tx.measures.merge(1, [2])
    assert all("dealt with" in pressing(service, one, language="en") for one in said)
    with storage.look() as tx:
        assert [one.measure_id for one in tx.reminders.handled()] == [1]
