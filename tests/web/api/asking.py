"""Programs that ask, with and without a token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import httpx

from subscriptions.criteria import Address, Criteria
from tbtwatch.pipeline.tokens import Scope, make_token
from tbtwatch.storage import Storage
from tbtwatch.web.terms import Terms
from tests.builders import a_notice
from tests.pipeline.service import SmallService
from tests.web.served import served
from tests.web.town import a_town

OFTEN = Terms(per_minute=100_000, public_per_minute=100_000)
DRINKS, TOYS = "Ningbo Drinks", "Shantou Toys"


@dataclass
class Program:
    """A client of the API that may have a token."""

    client: httpx.Client
    token: str = ""

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for what stands at an address of the API, or at a whole one."""
        if self.token:
            headers.setdefault("Authorization", f"Bearer {self.token}")
        return self.client.get(path if path.startswith("/api/") else f"/api/v1/{path}", headers=headers)

    def read(self, path: str) -> Any:
        """What stands there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def all(self, path: str, what: str) -> list[Any]:
        """All of a list, stretch by stretch."""
        found, at = [], path
        while at:
            stretch = self.read(at)
            found += stretch[what]
            at = stretch["next"]
        return found


def a_token(service: SmallService, *scopes: Scope, enterprise: str = DRINKS, days: int = 30) -> str:
    """A new token; good for everything unless scopes are named."""
    return make_token(
        name="a program", scopes=scopes or tuple(Scope), enterprise=enterprise, days=days, by="Li", desk=service.desk
    )[1]


def two_enterprises(storage: Storage) -> SmallService:
    """The town, and two enterprises that are told of different measures; some mails reach both."""
    service = a_town(storage)
    both = Address(channel="email", target="agent@example.com")
    service.subscribe(addresses=(Address(channel="email", target="drinks@example.com"), both))
    service.subscribe(
        enterprise=TOYS,
        name="Toys",
        criteria=Criteria(hs=frozenset({"95"})),
        addresses=(Address(channel="email", target="toys@example.com"),),
    )
    service.subscribe(
        enterprise=TOYS,
        name="Everything of Kenya",
        criteria=Criteria(markets=frozenset({"KEN"}), hs=frozenset({"22", "95"})),
        addresses=(both,),
    )
    day = date(2026, 3, 1)
    service.poll(
        [
            a_notice(symbol="G/TBT/N/KEN/2001", title="Cider", distribution_date=day),
            a_notice(symbol="G/TBT/N/KEN/2002", title="Kites", hs_codes=("950300",), distribution_date=day),
        ]
    )
    return service


@contextmanager
def asked(service: SmallService, terms: Terms = OFTEN) -> Iterator[httpx.Client]:
    """A client of the service."""
    with served(service.desk, terms) as client:
        yield client
