"""A town whose staff have something to look after: a source that fails, news that is held, messages of every fate."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import httpx

from notifiers.message import Message
from notifiers.outcome import Outcome, Reason, Refused, Sent, TryAgain
from subscriptions.criteria import Address, Criteria
from tbtwatch.bootstrap import make_fetcher
from tbtwatch.pipeline.sign_in import operators_link
from tbtwatch.pipeline.sign_in_rules import SignInRules
from tbtwatch.pipeline.staff_people import add_person
from tbtwatch.pipeline.watchkeeping import Staff, keep_watch
from tbtwatch.settings import Settings
from tbtwatch.storage import Storage
from tbtwatch.storage.people import Role
from tbtwatch.web.staff.means import Means
from tests.builders import a_notice
from tests.fakes import ListedSource
from tests.pipeline.service import SmallService
from tests.web.served import served
from tests.web.town import PAYLOADS, notices
from watcher.source import Entry, SourceError

CSRF = re.compile(r'name="csrf" value="([^"]+)"')
KENYA = "G/TBT/N/KEN/1999"
TROUBLED, FLOODING = "troubled", "flooding"


@dataclass
class Office:
    """The service, and who works there."""

    service: SmallService
    means: Means

    @property
    def storage(self) -> Storage:
        """Of the service."""
        return self.service.storage

    @contextmanager
    def browser(self, *roles: Role, email: str = "staff@example.com", language: str = "en") -> Iterator[httpx.Client]:
        """Somebody with these roles, signed in."""
        desk = self.service.desk
        if roles:
            add_person(email, roles=roles, name="", language=language, by="test", desk=desk)
        with served(desk, means=self.means) as client:
            client.headers["sec-fetch-site"] = "same-origin"
            link, _ = operators_link(email, by="test", language=language, desk=desk)
            assert client.post(httpx.URL(link).path).status_code == 303
            yield client

    def deeds(self) -> list[tuple[str, str, str]]:
        """Who did what about what, oldest first, but for signing in."""
        with self.storage.look() as tx:
            found = tx.audit.list()
        return [(one.by, one.deed, one.about) for one in reversed(found) if not one.deed.startswith(("sign", "person"))]


def send(client: httpx.Client, path: str, page: str, **fields: str) -> httpx.Response:
    """A form of a page, sent."""
    found = CSRF.search(client.get(page).text)
    assert found is not None, page
    return client.post(path, data={"csrf": found[1], **fields})


def an_office(storage: Storage, **settings: Any) -> Office:
    """On 2 March 2026 and the days before it."""
    service = SmallService(storage)
    service.clock.turn(days=-6)
    service.desk = replace(
        service.desk, sign_in=SignInRules(base="http://alerts.example.org"), public_url="http://alerts.example.org"
    )
    troubled = ListedSource(TROUBLED, title="A regulator's feed", market="KEN", every_minutes=60)
    flooding = ListedSource(FLOODING, title=PAYLOADS[0], hold_above=1)
    service.desk.sources.extend([troubled, flooding])  # type: ignore[attr-defined]
    service.poll(notices())
    service.poll([a_notice(symbol="G/TBT/N/KEN/1700", title="Juice")], source=troubled)
    service.poll([], source=flooding)
    _subscribe(service)
    service.clock.turn(days=1)
    service.poll(
        [a_notice(symbol=KENYA, title="Drinks: " + " ".join(PAYLOADS[:3]), content_summary="\n".join(PAYLOADS))],
    )
    service.notifier.answer = _answer
    service.deliver()
    service.poll(
        [
            Entry(
                key="entry-1",
                notice=None,
                problem=f"it has no title: {PAYLOADS[0]}",
                raw="<b>raw</b>" + "\n".join(PAYLOADS),
            ),
            a_notice(symbol="G/TBT/N/KEN/1701", title="Syrup", products_covered="Syrup", hs_codes=("1702",)),
        ],
        source=troubled,
    )
    service.poll(
        [a_notice(symbol=f"G/TBT/N/UGA/{n}", notifying_members=("UGA",), title=f"Rule {n}") for n in (31, 32, 33)],
        source=flooding,
    )
    for _ in range(4):
        service.clock.turn(days=1)
        service.poll(notices())
        service.poll(SourceError(f"is no feed: {PAYLOADS[1]}"), source=troubled)
    service.clock.turn(hours=23)
    import asyncio

    asyncio.run(keep_watch(desk=service.desk, staff=Staff()))
    made = Settings(
        database_url="sqlite:///x.db", smtp_host="mail.example.org", mail_from="alerts@example.org",
        smtp_password="hunter2-secret", source_keys={"one": "k3y-secret"},
        oidc_client_secret="0idc-secret", **settings,
    )  # fmt: skip
    means = Means(
        settings=made,
        channels=frozenset({"email"}),
        budgets={"email": 20},
        fetcher=lambda: make_fetcher(made, service.clock),
    )
    return Office(service, means)


def _subscribe(service: SmallService) -> None:
    for enterprise, name in (("Ningbo Drinks", "drinks"), ("Refused Ltd", "refused"), ("Busy Ltd", "busy")):
        service.subscribe(
            enterprise=enterprise,
            name=f"{name} in Kenya",
            addresses=(Address(channel="email", target=f"{name}@example.com"),),
        )
    service.subscribe(
        enterprise="Ningbo Tyres",
        name=PAYLOADS[1],
        criteria=Criteria(markets=frozenset({"KEN"}), hs=frozenset({"4011"})),
        addresses=(Address(channel="email", target="tyres@example.com"),),
    )


def _answer(message: Message) -> Outcome:
    if message.recipient.startswith("refused"):
        return Refused(reason=Reason.REJECTED, detail=f"550 no {PAYLOADS[0]}")
    if message.recipient.startswith("busy"):
        return TryAgain(reason=Reason.BUSY, detail="451 come back later")
    return Sent(reference="250 queued as 42")
