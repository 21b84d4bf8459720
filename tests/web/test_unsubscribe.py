"""Unsubscribing by link: GET asks, POST ends, and nobody else can."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import event

from notifiers.mail import build_mail
from notifiers.message import Message
from subscriptions.criteria import Address, Criteria
from tbtwatch.pipeline.subscribe import LANGUAGES
from tbtwatch.storage import Storage
from tests.builders import NOW, a_notice
from tests.pipeline.service import SmallService
from tests.web.served import served

BOSS = Address(channel="email", target="boss@example.com")
STAFF = Address(channel="email", target="staff@example.com")
OUTSIDE = "https://alerts.example.org"


def a_service(storage: Storage, language: str = "en") -> tuple[SmallService, Message]:
    """Three subscriptions of one address, of which a message names two; one of them is a colleague's too."""
    service = SmallService(storage).seeded()
    service.desk = replace(service.desk, public_url=OUTSIDE)
    service.subscribe(name="A <b>", criteria=Criteria(markets=frozenset({"KEN"})), addresses=(BOSS,), language=language)
    service.subscribe(name="B", criteria=Criteria(hs=frozenset({"22"})), addresses=(BOSS, STAFF), language=language)
    service.subscribe(name="C", criteria=Criteria(hs=frozenset({"95"})), addresses=(BOSS,), language=language)
    service.poll([a_notice()])
    (message,) = [one for one in service.sent if one.recipient == BOSS.target]
    return service, message


def path_of(message: Message) -> str:
    """Where the link of a mail leads."""
    mail = build_mail(message, "alerts@example.org", NOW)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.search(rf"<{OUTSIDE}(/u/[^>]+)>", mail["List-Unsubscribe"])
    assert found is not None
    assert OUTSIDE + found[1] in message.text
    return found[1]


def live(service: SmallService) -> dict[str, list[str]]:
    """What is subscribed to, and where it is told."""
    with service.storage.look() as tx:
        return {one.name: [address.target for address in one.addresses] for one in tx.subscriptions.live()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_look_changes_nothing_and_the_button_ends(storage: Storage, language: str) -> None:
    """For its reader: the colleague goes on, what the message does not name goes on; a second time is as good."""
    service, message = a_service(storage, language)
    path, before = path_of(message), live(service)
    with served(service.desk) as client:
        for _ in range(3):
            asked = client.get(path)
            assert asked.status_code == 200 and '<form method="post">' in asked.text
            assert "A &lt;b&gt;" in asked.text and "<li>B</li>" in asked.text and "<li>C</li>" not in asked.text
            assert BOSS.target not in asked.text and "b…@example.com" in asked.text
            assert client.head(path).status_code == 200
        assert live(service) == before
        ended = client.post(path, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False)
        again = client.post(path)

    assert (ended.status_code, again.status_code) == (200, 200)
    assert "set-cookie" not in ended.headers and ended.headers["cache-control"] == "no-store"
    assert ended.headers["referrer-policy"] == "no-referrer"
    assert live(service) == {"B": [STAFF.target], "C": [BOSS.target]}
    with service.storage.look() as tx:
        assert tx.subscriptions.get(1).end_reason == "unsubscribed by link"


def test_nobody_ends_by_a_link_that_is_not_whole(sqlite: Storage) -> None:
    """Another subscription, another address, a letter more or less: nothing is ended, and it costs one look."""
    service, message = a_service(sqlite)
    path, before = path_of(message), live(service)
    token = path.removeprefix("/u/")
    anchor, code, guard = token.split("~")
    swapped = code.replace("1.2-", "3-").replace("1-", "3-")
    tried = [
        f"3~{code}~{guard}",
        f"{anchor}~{swapped}~{guard}",
        f"{anchor}~{code}~{guard[:-1]}",
        f"{anchor}~{code}~{'a' * 16}",
        f"{anchor}~all-{code.partition('-')[2]}~{guard}",
        code,
        "x",
        "é~é~é",
        "~" * 300,
        "9" * 4000,
    ]
    statements: list[str] = []
    event.listen(
        sqlite.engine,
        "before_cursor_execute",
        lambda *said: statements.append(said[2]) if said[2] != "BEGIN" else None,
    )
    with served(service.desk) as client:
        for one in tried:
            statements.clear()
            answers = [client.get(f"/u/{one}"), client.post(f"/u/{one}")]
            assert [answer.status_code for answer in answers] == [404, 404], one
            assert len(statements) <= 2, one
        assert live(service) == before
        assert client.post(path).status_code == 200


def test_without_an_address_outside_the_mail_says_where_to_write(sqlite: Storage) -> None:
    """As before; and a chat is given no link in any case, as its last line shows none."""
    service = SmallService(sqlite).seeded()
    service.subscribe()
    service.poll([a_notice()])
    assert service.sent[-1].headers["List-Unsubscribe"].startswith("<mailto:alerts@example.org?subject=unsubscribe")
    assert "List-Unsubscribe-Post" not in service.sent[-1].headers
