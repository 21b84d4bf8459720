"""Agreeing by link: GET asks, POST agrees, and a link that is none of ours says nothing of anybody."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from random import Random

import pytest

from notifiers.channels.email import EmailConfig, EmailNotifier
from tbtwatch.pipeline.deliver import deliver_due
from tbtwatch.pipeline.opt_in import OptIn
from tbtwatch.pipeline.subscribe import LANGUAGES
from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.mailbox import Mailbox
from tests.pipeline.service import LEASE, SmallService
from tests.pipeline.test_confirmations import BOSS, LINK, a_service, to, token
from tests.web.served import served


def state(service: SmallService) -> list[bool]:
    """Of each confirmation, whether its owner agreed."""
    with service.storage.look() as tx:
        return [one.confirmed_at is not None for one in tx.confirmations.of_address(BOSS)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_look_changes_nothing_and_the_button_agrees(storage: Storage, language: str) -> None:
    """However often a mail scanner fetches it; the page shows the enterprise, not the whole address; twice is fine."""
    service = a_service(storage)
    service.subscribe(addresses=(BOSS,), enterprise="A <b>", language=language)
    path = f"/c/{token(to(service, BOSS)[0])}"
    with served(service.desk) as client:
        for _ in range(3):
            asked = client.get(path)
            assert asked.status_code == 200 and '<form method="post">' in asked.text
            assert "A &lt;b&gt;" in asked.text and BOSS.target not in asked.text and "b…@example.com" in asked.text
            assert client.head(path).status_code == 200
        assert state(service) == [False]
        agreed = client.post(path, follow_redirects=False)
        assert (agreed.status_code, client.post(path).status_code) == (200, 200)
        assert "set-cookie" not in agreed.headers and agreed.headers["cache-control"] == "no-store"
        assert state(service) == [True]
        assert '<form method="post">' not in client.get(path).text


def test_nobody_agrees_by_another_link(sqlite: Storage, capfd: pytest.CaptureFixture[str]) -> None:
    """One made up, cut, or made for another purpose: 404, and it stands in no log line. Too late: 410."""
    service = a_service(sqlite)
    service.subscribe(addresses=(BOSS,))
    secret = token(to(service, BOSS)[0])
    with served(service.desk) as client:
        for one in (secret[:-1], secret + "a", "x", "é~é", "9" * 3000):
            assert [client.get(f"/c/{one}").status_code, client.post(f"/c/{one}").status_code] == [404, 404], one
        assert client.post(f"/u/{secret}").status_code == 404
        assert client.get(f"/f/{secret}.ics").status_code == 404
        service.clock.turn(days=14)
        assert [client.get(f"/c/{secret}").status_code, client.post(f"/c/{secret}").status_code] == [410, 410]
    assert state(service) == [False]
    assert secret not in "".join(capfd.readouterr())


def test_from_subscribing_to_the_first_alert(storage: Storage) -> None:
    """By a real mail server and a real web server: the question arrives, the button is pressed, what waited arrives."""
    service = SmallService(storage).seeded()
    with Mailbox() as mailbox:
        notifier = EmailNotifier(
            EmailConfig(host=mailbox.host, port=mailbox.port, tls="none", sender="alerts@example.org")
        )

        def send() -> None:
            async def work() -> None:
                await deliver_due(
                    storage=storage,
                    notifiers={"email": notifier},
                    clock=service.clock,
                    chance=Random(1),
                    lease=LEASE,
                    asking=frozenset({"email"}),
                )
                await notifier.close()

            asyncio.run(work())

        service.desk = replace(
            service.desk, opt_in=OptIn(channels=frozenset({"email"})), public_url="https://alerts.example.org"
        )
        service.subscribe(addresses=(BOSS,))
        service.poll([a_notice(symbol="G/TBT/N/KEN/1514")])
        send()
        (question,) = mailbox.mails
        assert question["Auto-Submitted"] == "auto-generated" and "1514" not in question.text
        link = LINK.search(question.text)
        assert link is not None
        with served(service.desk) as client:
            client.get(f"/c/{link[1]}")
            send()
            assert len(mailbox.mails) == 1
            assert client.post(f"/c/{link[1]}").status_code == 200
        send()
        assert len(mailbox.mails) == 2 and "G/TBT/N/KEN/1514" in mailbox.mails[1]["Subject"]
