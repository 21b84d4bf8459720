"""A page that is rewritten in place: its difference is quoted wherever it is told, at once and in digests."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest

from notifiers.message import Message
from subscriptions.criteria import Address, Criteria, Frequency
from tbtwatch.pipeline.digest import run_due_digests
from tbtwatch.storage import Storage
from tests.fakes import RememberingNotifier
from tests.pipeline.neighbours import Neighbourhood, neighbourhood
from tests.pipeline.service import SmallService
from tests.servers import Reply
from watcher.source import Source

BEFORE, AFTER = "It applies to electric kettles from 1 May 2027.", "It applies to electric kettles from 1 June 2027."
MORE = "Kettles below 0.5 litres & toys are <exempt> until further notice."
CHAT = Address(channel="telegram", target="5")
PAGE = """<html><head><title>Rules for electric kettles</title></head><body><main><h1>Rules for electric kettles</h1>
<p>The bureau sets the requirements for electric kettles sold to consumers in this country and for their cords.</p>
<p>{}</p><p>Importers keep the declaration of conformity for ten years and show it to the inspectors on demand.</p>
</main></body></html>"""


@pytest.fixture
def town(sqlite: Storage) -> Iterator[Neighbourhood]:
    """A publisher with one page."""
    with neighbourhood(sqlite) as town:
        yield town


def page(town: Neighbourhood, *sentences: str) -> Source:
    """The page as it stands now, with these sentences in its middle."""
    escaped = "</p><p>".join(sentence.replace("&", "&amp;").replace("<", "&lt;") for sentence in sentences)
    town.server.on("/rules", Reply(body=PAGE.format(escaped).encode(), headers={"Content-Type": "text/html"}))
    return town.source("rules", "/rules", kind="page")


def told(town: Neighbourhood, service: SmallService, *sentences: str) -> None:
    """The page is rewritten, and polled an hour later."""
    town.clock.turn(hours=1)
    report = town.poll(page(town, *sentences))
    assert (report.status, report.new) == ("ok", 1), report
    service.raise_all(report)


def all_that_is_sent(service: SmallService) -> list[Message]:
    """What goes out by mail and by chat."""
    mails, chats = RememberingNotifier(), RememberingNotifier()
    service.deliver(email=mails, telegram=chats)
    return [*mails.sent, *chats.sent]


def a_service(town: Neighbourhood, frequency: Frequency, language: str = "en") -> SmallService:
    """A reader of everything about the United States, by mail and in a chat, who knows the page as it was."""
    service = SmallService(town.storage, clock=town.clock, rulebook=town.rulebook)
    town.poll(page(town, BEFORE))
    for address in (Address(channel="email", target="kettles@example.com"), CHAT):
        service.subscribe(
            criteria=Criteria(markets=frozenset({"USA"})), frequency=frequency, language=language, addresses=(address,)
        )
    return service


def plain(text: str) -> str:
    """Text as it is read: no markup, one blank."""
    return " ".join(unescape(re.sub(r"<br>|</p>", " ", text)).split())


@pytest.mark.parametrize("frequency", [Frequency.IMMEDIATE, Frequency.DAILY, Frequency.WEEKLY])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_changed_is_quoted(town: Neighbourhood, frequency: Frequency, language: str) -> None:
    """Old sentence and new one, in the text, in the HTML and in the chat."""
    service = a_service(town, frequency, language)
    told(town, service, AFTER, MORE)
    if frequency is not Frequency.IMMEDIATE:
        town.clock.turn(days=8)
        run_due_digests(desk=service.desk, frequencies=[frequency])
    messages = all_that_is_sent(service)
    assert len(messages) == 2
    for message in messages:
        for form in filter(None, (message.text, message.html)):
            shown = plain(form)
            print(form)
            assert BEFORE.rstrip(".") in shown, form
            assert AFTER.rstrip(".") in shown, form
            assert "toys are <exempt>" in shown, form


def test_a_digest_with_many_pages_stays_small(town: Neighbourhood) -> None:
    """A chat message is no longer than a chat takes; who is cut is counted."""
    service = a_service(town, Frequency.WEEKLY)
    for number in range(40):
        told(town, service, f"It applies from {number + 1} May {2027 + number}, " + "and to kettles " * 40 + ".")
    town.clock.turn(days=8)
    run_due_digests(desk=service.desk, frequencies=[Frequency.WEEKLY])
    mail, chat = all_that_is_sent(service)
    assert len(chat.html or chat.text) <= 4096
    assert len((mail.html or "").encode()) <= 100_000
