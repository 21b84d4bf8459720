"""A linked chat follows a measure: told of each change there, by a real Bot API on loopback, and no longer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import date
from random import Random
from typing import Any

import pytest
from pydantic import SecretStr

from notifiers.channels.telegram import TelegramConfig, TelegramNotifier
from subscriptions.criteria import Criteria, Frequency
from tbtwatch.bot.answers import Answers
from tbtwatch.bot.follow import as_command
from tbtwatch.demo.bot_api import BotApi
from tbtwatch.pipeline.alert import raise_alerts
from tbtwatch.pipeline.deliver import deliver_due
from tests.bot.test_bot import answers, talking
from tests.bot.world import ENTERPRISE, add_code, shown, to_chat
from tests.builders import a_notice
from tests.pipeline.service import LEASE, SmallService


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi() as api:
        yield api


@asynccontextmanager
async def by_chat(api: BotApi) -> AsyncIterator[TelegramNotifier]:
    notifier = TelegramNotifier(TelegramConfig(token=SecretStr(api.token), base_url=api.base_url, timeout=1.0))
    try:
        yield notifier
    finally:
        await notifier.close()


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("关注 KEN/1514", ("follow", "KEN/1514")),
        ("关注：G/TBT/N/KEN/1514", ("follow", "G/TBT/N/KEN/1514")),
        ("取消关注 KEN/1514", ("unfollow", "KEN/1514")),
        ("关注 肯尼亚 饮料", ("", "关注 肯尼亚 饮料")),
        ("近30天 德国 锂电池", ("", "近30天 德国 锂电池")),
    ],
)
def test_chinese_readers_say_it_without_a_stroke(text: str, means: tuple[str, str]) -> None:
    """With a symbol behind it; other texts are questions as before."""
    assert as_command(text) == means


async def test_what_is_followed_in_a_chat_is_told_there(own: SmallService, api: BotApi) -> None:
    """The market and products of the enterprise's other subscriptions make no difference; afterwards it is silent."""
    add_code(own)
    async with talking(own, api):
        for text in ("/start ABCD-EFGH", "/follow deu/12", "关注 DEU/12", "/why DEU/12"):
            api.say(7, text)
        got = await answers(api, 4)
    assert got[1].startswith("Ningbo <Drinks> & Co已关注 G/TBT/N/DEU/12：")
    assert got[2] == "本聊天已关注 G/TBT/N/DEU/12。发送 /unfollow G/TBT/N/DEU/12 取消关注。"
    assert "✓ 关注 G/TBT/N/DEU/12：符合：您关注 G/TBT/N/DEU/12。" in got[3]

    async def news(number: int) -> int:
        """One more addendum; how many messages the chat got."""
        before = len(api.sent)
        note = a_notice(
            symbol=f"G/TBT/N/DEU/12/Add.{number}",
            notifying_members=("DEU",),
            type="addendum",
            title="Batterieverordnung",
            products_covered="batteries",
            hs_codes=("8507",),
            ics_codes=(),
            distribution_date=date(2026, 3, 2),
            comment_deadline=date(2026, 5, number),
        )
        own.clock.turn(minutes=5)
        with own.storage.look() as tx:
            assert tx.chats.enterprise_name("telegram", "7") == ENTERPRISE
        report = await _poll(own, note)
        for measure in report:
            raise_alerts(measure, desk=own.desk)
        async with by_chat(api) as notifier:
            await deliver_due(
                storage=own.storage,
                notifiers={"telegram": notifier, "email": own.notifier},
                clock=own.clock,
                chance=Random(1),
                lease=LEASE,
            )
        return len(api.sent) - before

    assert await news(1) == 1
    assert "G/TBT/N/DEU/12/Add.1" in api.sent[-1].text and api.sent[-1].chat == "7"
    assert "关注 G/TBT/N/DEU/12" in api.sent[-1].text
    async with talking(own, api):
        api.say(7, "取消关注 DEU/12")
        last = (await answers(api, 6))[-1]
    assert last.startswith("已取消关注 G/TBT/N/DEU/12。")
    assert await news(2) == 0


async def _poll(own: SmallService, note: Any) -> list[int]:
    report = await asyncio.to_thread(own.poll, [note], alert=False)
    return sorted(report.measures)


def test_a_strange_chat_follows_nothing(own: SmallService) -> None:
    """Nobody would know for whom; what is not recorded is followed by nobody."""
    said = Answers(own.desk)
    assert shown(said.follow("9", "KEN/1514", "en"))[0].startswith("This chat has no subscription and no enterprise")
    add_code(own)
    said.start("9", "ABCD-EFGH", "en")
    assert shown(said.follow("9", "KEN/1515", "en")) == [
        "No measure is recorded by “KEN/1515”, and only what is recorded can be followed. /recent finds what is "
        "recorded.",
        "Near ones that I have: G/TBT/N/KEN/1514",
    ]
    assert shown(said.follow("9", "", "zh"))[0].startswith("请附上通报编号")
    assert shown(said.unfollow("9", "KEN/1514", "en"))[0].startswith("G/TBT/N/KEN/1514 is not followed here.")
    with own.storage.look() as tx:
        assert not [one for one in tx.subscriptions.live() if one.criteria.measures]


def test_two_chats_of_an_enterprise_follow_and_leave_each_for_itself(own: SmallService) -> None:
    """One subscription with two addresses; the second goes on when the first leaves it."""
    said = Answers(own.desk)
    for chat, code in (("9", "ABCD-EFGH"), ("10", "ABCD-EFGJ")):
        add_code(own, code)
        said.start(chat, code, "en")
        assert "follows G/TBT/N/EU/1200 here" in shown(said.follow(chat, "EU/1200", "en"))[0]
    with own.storage.look() as tx:
        (one,) = [one for one in tx.subscriptions.live() if one.criteria.measures]
    assert {address.target for address in one.addresses} == {"9", "10"} and one.frequency is Frequency.IMMEDIATE
    assert shown(said.unfollow("9", "EU/1200", "en"))[0].startswith("G/TBT/N/EU/1200 is followed here no longer.")
    with own.storage.look() as tx:
        assert [address.target for address in tx.subscriptions.get(one.id).addresses] == ["10"]
    said.unfollow("10", "EU/1200", "en")
    with own.storage.look() as tx:
        assert tx.subscriptions.get(one.id).ended_at is not None


def test_of_several_measures_one_is_left(own: SmallService) -> None:
    """Where nobody else is told by the subscription; and what asks for more is left alone."""
    said = Answers(own.desk)
    both = Criteria(measures=frozenset({"EU/1200", "KEN/1514"}))
    one = own.subscribe(criteria=both, addresses=to_chat("77"), name="Two")
    said.unfollow("77", "KEN/1514", "en")
    with own.storage.look() as tx:
        assert tx.subscriptions.get(one.id).criteria.measures == {"G/TBT/N/EU/1200"}

    shared = own.subscribe(criteria=both, addresses=(*to_chat("78"), *to_chat("79")), name="Two")
    assert "ask your association to change it" in shown(said.unfollow("78", "KEN/1514", "en"))[0]
    with own.storage.look() as tx:
        assert tx.subscriptions.get(shared.id).version == 1
    more = Criteria(measures=frozenset({"KEN/1514"}), markets=frozenset({"KEN"}))
    own.subscribe(criteria=more, addresses=to_chat("80"), name="More")
    assert shown(said.unfollow("80", "KEN/1514", "en"))[0].startswith("G/TBT/N/KEN/1514 is not followed here.")


def test_a_chat_that_was_erased_is_not_written_to_again(own: SmallService) -> None:
    """Following would write to it; the answer says who can lift that."""
    add_code(own)
    said = Answers(own.desk)
    said.start("9", "ABCD-EFGH", "en")
    with own.storage.begin() as tx:
        tx.leaving.suppress(to_chat("9"), why="erased", now=own.clock())
    assert shown(said.follow("9", "KEN/1514", "en"))[0].startswith("This chat asked never to be written to")
