"""A chat and a colleague are told by a subscription that was made in a real browser: from the code to the news."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pytest
from pydantic import SecretStr

from notifiers.channels.email import EmailConfig, EmailNotifier
from notifiers.channels.telegram import TelegramConfig, TelegramNotifier
from tbtwatch.demo.bot_api import DEMO_TOKEN, BotApi
from tbtwatch.pipeline.deliver import deliver_due
from tbtwatch.pipeline.sign_in_rules import SignInRules
from tbtwatch.web.server import listen
from tests.bot.test_bot import answers, talking
from tests.browser import Witness, answered
from tests.builders import a_notice
from tests.mailbox import Mailbox
from tests.pipeline.service import LEASE, SmallService
from tests.web.served import served
from tests.web.test_journeys import axe
from tests.web.test_own_journeys import ANNA, apart, browser, pytestmark, service, sign_in_page

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["browser", "pytestmark", "service"]

BEN = "ben@example.com"
ANNAS_CHAT = 7


@pytest.fixture
def api() -> Iterator[BotApi]:
    """The chat service, on loopback."""
    with BotApi() as api:
        yield api


def said(service: SmallService, api: BotApi, *texts: str) -> list[str]:
    """The bot at work while these are said in Anna's chat; all its answers there so far."""

    async def work() -> list[str]:
        before = sum(one.chat == str(ANNAS_CHAT) for one in api.sent)
        async with talking(service, api):
            for text in texts:
                api.say(ANNAS_CHAT, text, name="Anna Li", language="en")
            return await answers(api, before + len(texts), ANNAS_CHAT)

    found: list[str] = []
    apart(lambda: found.extend(asyncio.run(work())))
    return found


def sender(service: SmallService, api: BotApi, mailbox: Mailbox) -> Callable[[], None]:
    """What sends all that is due, by a real mail server and the chat service."""

    async def work() -> None:
        mail = EmailNotifier(EmailConfig(host=mailbox.host, port=mailbox.port, tls="none", sender="a@example.org"))
        chat = TelegramNotifier(TelegramConfig(token=SecretStr(api.token), base_url=api.base_url))
        await deliver_due(
            storage=service.storage,
            notifiers={"email": mail, "telegram": chat},
            clock=service.clock,
            chance=Random(1),
            lease=LEASE,
            asking=frozenset({"email"}),
        )
        await mail.close()
        await chat.close()

    return lambda: apart(lambda: asyncio.run(work()))


def test_a_chat_is_linked_and_a_colleague_agrees(browser: Browser, service: SmallService, api: BotApi) -> None:
    """The code from the page is said to the bot; the chat is told at once, the colleague after the button in their
    mail; on a desk and a telephone, in both languages, axe finds nothing."""
    listening = listen("127.0.0.1", 0)
    home = f"http://127.0.0.1:{listening.getsockname()[1]}"
    bot = DEMO_TOKEN.partition(":")[0]
    service.desk = replace(service.desk, sign_in=SignInRules(base=home), public_url=home, bot=bot)
    assert said(service, api, "/start")[0].startswith("I report")
    with Mailbox() as mailbox, served(service.desk, listening=listening):
        send = sender(service, api, mailbox)
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        witness = Witness(page, home)
        page.goto(sign_in_page(ANNA, language="en", home=home, service=service))
        answered(page, page.locator("main button"))
        answered(page, page.get_by_role("link", name="Chats"))
        page.get_by_label("Your enterprise").fill("Anna & Co")
        answered(page, page.get_by_role("button", name="Make a code"))
        line = page.locator("#line").input_value()
        shown = page.get_by_role("link", name="https://t.me/").get_attribute("href")
        assert shown == f"https://t.me/tbtwatch_bot?start={line.removeprefix('/start ')}"
        assert axe(page) == []
        assert said(service, api, line)[-1].startswith(f"Done: this chat now speaks for Anna & Co ({ANNA})")
        answered(page, page.get_by_role("link", name="Look whether it is linked"))
        page.get_by_role("rowheader", name="Anna Li").wait_for()

        page.goto(f"{home}/en/mine/new?hs=22&market=KEN")
        page.get_by_label("What you call it").fill("juices")
        page.get_by_label("Telegram Anna Li 7").first.check()
        page.locator("#soon-1").select_option("immediate")
        page.locator("#at-2").fill(BEN)
        page.locator("#soon-2").select_option("immediate")
        page.locator("#sure-2").select_option("direct")
        # Another enterprise has other places: they are loaded anew, and nothing of the rest is lost.
        page.get_by_label("For which enterprise").select_option("")
        page.locator("#at-1[type=email]").wait_for()
        with page.expect_response("**/mine/new?enterprise=1"):
            page.get_by_label("For which enterprise").select_option("1")
        page.get_by_label("Telegram Anna Li 7").first.check()
        page.locator("#soon-1").select_option("immediate")
        page.locator("#at-2").fill(BEN)
        page.locator("#soon-2").select_option("immediate")
        page.locator("#sure-2").select_option("direct")
        assert axe(page) == []
        answered(page, page.get_by_role("button", name="Save this subscription"))
        assert re.search(r"/en/mine/\d+$", page.url), page.locator(".wrong").all_inner_texts()
        page.get_by_role("row", name=BEN).get_by_text("waits for its owner").wait_for()

        apart(lambda: service.poll([a_notice(symbol="G/TBT/N/KEN/1999")]))
        send()
        assert any("KEN/1999" in one.text for one in api.sent if one.chat == str(ANNAS_CHAT))
        (question,) = [mail for mail in mailbox.mails if BEN in str(mail["To"])]
        agree = re.search(rf"{re.escape(home)}/c/[^\s<>]+", question.text)
        assert agree is not None
        other = browser.new_context()
        his = other.new_page()
        his.goto(agree[0])
        answered(his, his.get_by_role("button"))
        other.close()
        send()
        told = [str(mail["Subject"]) + mail.text for mail in mailbox.mails if BEN in str(mail["To"])][1:]
        assert len(told) == 1 and "G/TBT/N/KEN/1999" in told[0], told
        page.reload()
        page.get_by_role("row", name=BEN).get_by_text("its owner pressed the button").wait_for()
        where = page.url.removeprefix(f"{home}/en/")
        assert witness.seen == []
        context.close()

        for language, scheme, width in (("zh", "light", 1440), ("en", "dark", 390)):
            context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
            page = context.new_page()
            page.goto(sign_in_page(ANNA, language=language, home=home, service=service))
            answered(page, page.locator("main button"))
            for at in ("mine/chats", "mine/new", where, f"{where}/edit"):
                page.goto(f"{home}/{language}/{at}")
                assert axe(page) == [], (language, at)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (language, at)
            if language == "en":
                page.goto(f"{home}/en/mine/chats")
                answered(page, page.get_by_role("button", name="Unlink Anna Li"))
                page.get_by_text("No chat is linked yet").wait_for()
            context.close()
        with service.storage.look() as tx:
            (one,) = tx.subscriptions.live()
            assert sorted(str(each) for each in one.addresses) == [f"email:{ANNA}", f"email:{BEN}"]
