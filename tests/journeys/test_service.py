"""`tbtwatch run`: polls, delivers, answers the bot, and ends within five seconds with nothing half done."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tbtwatch.demo.bot_api import BotApi
from tbtwatch.demo.documents import Written
from tbtwatch.demo.publisher import KEY, Publisher
from tests.journeys.installed import Installed
from tests.mailbox import HANG, Mailbox
from tests.servers import Reply, scripted_server

WITHIN = 5.0  # seconds


def drink(number: int) -> list[dict[str, Any]]:
    """A notification of Kenya about a drink, distributed today."""
    return Written(
        symbols=(f"G/TBT/N/KEN/{number}",),
        day=datetime.now(UTC).date(),
        title=f"Drink number {number}",
        content="Requirements and test methods.",
        products="Drinks",
        hs=("2202",),
    ).items()


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A mail server."""
    with Mailbox() as mailbox:
        yield mailbox


@pytest.fixture
def publisher() -> Iterator[Publisher]:
    """The WTO."""
    with Publisher() as publisher:
        yield publisher


def settings_for(publisher: Publisher, mailbox: Mailbox) -> dict[str, str]:
    """Where the publisher and the mail server are."""
    return {
        "eping_base_url": f"{publisher.address}/eping",
        "eping_workbook_url": f"{publisher.address}/Notification_EN.xlsx",
        "eping_key": KEY,
        "smtp_host": mailbox.host,
        "smtp_port": str(mailbox.port),
        "smtp_tls": "none",
        "mail_from": "alerts@example.org",
    }


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database after the first poll, with one subscriber, to be copied."""
    home = tmp_path_factory.mktemp("seeded")
    with Publisher() as publisher, Mailbox() as mailbox:
        publisher.items = publisher.workbook_items = drink(1)
        tbtwatch = Installed(home, settings_for(publisher, mailbox))
        assert {one["status"] for one in tbtwatch.json("poll")} == {"ok"}
        ask = ("--enterprise", "Ningbo", "--email", "a@example.com", "--market", "EAC", "--hs", "22")
        assert tbtwatch("subscribe", *ask, "--language", "en", "--no-starter") == "1\n"
    return home / "tbtwatch.db"


@pytest.fixture
def tbtwatch(tmp_path: Path, seeded: Path, publisher: Publisher, mailbox: Mailbox) -> Installed:
    """An installation that was seeded, with one subscriber."""
    shutil.copy(seeded, tmp_path / "tbtwatch.db")
    publisher.items = drink(1)
    publisher.workbook_items = drink(1)
    return Installed(tmp_path, settings_for(publisher, mailbox))


def due_now(tbtwatch: Installed) -> None:
    """The sources' next polls are due."""
    tbtwatch.rows("UPDATE source SET next_poll_at = '2020-01-01 00:00:00.000000'")


def test_it_polls_delivers_answers_and_ends(tbtwatch: Installed, publisher: Publisher, mailbox: Mailbox) -> None:
    """A notification that appears while it is stopped is in the mailbox soon after it starts; the bot answers."""
    publisher.items += drink(2)
    due_now(tbtwatch)
    with BotApi() as api:
        tbtwatch.settings |= {"telegram_token": api.token, "telegram_base_url": api.base_url}
        with tbtwatch.running() as service:
            service.until(lambda: mailbox.mails)
            api.say(chat=7, text="/measure G/TBT/N/KEN/2")
            service.until(lambda: api.sent)
            assert service.ends() < WITHIN
        assert "Drink number 2" in api.sent[0].text
    (mail,) = mailbox.mails
    assert "Drink number 2" in mail.text
    assert tbtwatch.rows("SELECT state FROM delivery") == [("sent",)]
    assert [poll["status"] for poll in tbtwatch.json("sources") if poll["source"] == "wto-eping-api"] == ["ok"]


@pytest.mark.parametrize("by", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_while_a_source_hangs(tbtwatch: Installed, by: signal.Signals) -> None:
    """A publisher that says nothing holds up neither the end nor the next process's poll."""
    with scripted_server() as hanging:
        tbtwatch.settings["eping_base_url"] = hanging.url("/eping")
        hanging.on("/eping/notifications/search", Reply(first_byte_after=600))
        due_now(tbtwatch)
        with tbtwatch.running() as service:
            service.until(hanging.paths)
            assert service.ends(by) < WITHIN
    assert tbtwatch.rows("SELECT count(*) FROM source WHERE lease_until IS NOT NULL") == [(0,)]


def test_it_ends_while_the_mail_server_hangs(tbtwatch: Installed, publisher: Publisher, mailbox: Mailbox) -> None:
    """No delivery stays claimed; the next start sends what was owed, once."""
    publisher.items += [*drink(2), *drink(3), *drink(4)]
    due_now(tbtwatch)
    mailbox.at("mail", HANG, always=True)
    with tbtwatch.running() as service:
        service.until(lambda: "mail" in mailbox.commands)
        assert service.ends() < WITHIN
    assert {state for (state,) in tbtwatch.rows("SELECT state FROM delivery")} == {"pending"}
    mailbox.usual()
    assert tbtwatch.json("deliver")["sent"] == 3
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == len(mailbox.mails) == 3


def test_it_ends_in_the_middle_of_a_large_first_poll(tbtwatch: Installed, publisher: Publisher) -> None:
    """Hundreds of notices just read: the end comes first, and after the next poll all are there, told to nobody."""
    tbtwatch.rows("DELETE FROM source")
    publisher.items = [item for number in range(500) for item in drink(100 + number)]
    with tbtwatch.running() as service:
        before = publisher.requests
        service.until(lambda: publisher.requests >= before + 3)
        assert service.ends() < WITHIN
    (seeded,) = tbtwatch.json("poll", "wto-eping-api")
    assert (seeded["status"], seeded["notices"]) == ("ok", 500)
    assert tbtwatch.json("deliveries") == []


def test_after_a_kill_the_service_finishes_what_was_begun(
    tbtwatch: Installed, publisher: Publisher, mailbox: Mailbox
) -> None:
    """kill -9 while a mail is handed over: the next start takes it over and the mail is the same one."""
    publisher.items += drink(2)
    due_now(tbtwatch)
    tbtwatch.settings["lease_seconds"] = "1"
    mailbox.at("data", HANG)
    with tbtwatch.running() as service:
        service.until(lambda: "rcpt" in mailbox.commands)
        service.service.kill()
        service.service.wait()
    assert tbtwatch.rows("SELECT state FROM delivery") == [("sending",)]
    with tbtwatch.running() as service:
        service.until(lambda: mailbox.mails)
        service.until(lambda: tbtwatch.rows("SELECT state FROM delivery") == [("sent",)])
        assert service.ends() < WITHIN
    assert len({mail["Message-ID"] for mail in mailbox.mails}) == 1


def test_it_ends_while_hundreds_of_alerts_are_raised(tbtwatch: Installed, publisher: Publisher) -> None:
    """What was not raised yet is raised after the next start; nobody is told twice."""
    publisher.items = [item for number in range(300) for item in drink(100 + number)]
    due_now(tbtwatch)
    with tbtwatch.running() as service:
        service.until(lambda: tbtwatch.rows("SELECT count(*) FROM alert") > [(5,)])
        assert service.ends() < WITHIN
    assert tbtwatch.rows("SELECT count(*) FROM alert") < [(300,)]
    tbtwatch.json("recover")
    assert tbtwatch.rows("SELECT count(*), count(DISTINCT fact_change_id) FROM alert") == [(300, 300)]
    assert tbtwatch.rows("SELECT count(*) FROM delivery") == [(300,)]
