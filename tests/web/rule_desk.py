"""A service with rules, measures and people of the staff, reached over HTTP by each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import httpx

from tbtwatch.pipeline.sign_in import operators_link
from tbtwatch.pipeline.sign_in_rules import SignInRules
from tbtwatch.pipeline.staff_people import add_person
from tbtwatch.storage import Storage
from tbtwatch.storage.people import Role
from tbtwatch.web.app import make_app
from tbtwatch.web.staff.rules.work import Work
from tests.pipeline.service import SmallService
from tests.web.served import served
from tests.web.town import a_town

EDITOR, PUBLISHER, READER = "wang@example.com", "li@example.com", "anna@example.com"
ROOT = "/en/staff/rules"
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


def a_desk(storage: Storage) -> SmallService:
    """The town with an editor, a publisher and somebody without a role."""
    service = a_town(storage)
    service.desk = replace(service.desk, sign_in=SignInRules(base="https://rules.example.org"))
    for email, role in ((EDITOR, Role.EDITOR), (PUBLISHER, Role.PUBLISHER)):
        add_person(email, roles=[role], name="", language="en", by="test", desk=service.desk)
    return service


class Member:
    """Somebody at a browser."""

    def __init__(self, client: httpx.Client, service: SmallService, email: str, work: Work) -> None:
        self.client, self.work = client, work
        if email:
            link, _ = operators_link(email, by="test", language="en", desk=service.desk)
            assert client.post(httpx.URL(link).path).status_code == 303

    def wait(self) -> None:
        """Until what was begun beside is done."""
        self.work.wait()

    def get(self, path: str = "", **query: Any) -> httpx.Response:
        """A page about rules."""
        return self.client.get(path if path.startswith("/") else f"{ROOT}/{path}".rstrip("/"), params=query or None)

    def post(self, path: str, *, page: str = "", token: str | None = None, **form: Any) -> httpx.Response:
        """A form that stood on a page of ours."""
        return self.client.post(f"{ROOT}/{path}", data={"csrf": token or self.token(page), **form})

    def token(self, page: str) -> str:
        """The token of the forms on a page."""
        found = _CSRF.search(self.get(page).text)
        return found[1] if found else ""


@contextmanager
def members(service: SmallService, *emails: str) -> Iterator[list[Member]]:
    """Browsers of these people, at one application whose work can be waited for; "" is nobody."""
    app = make_app(service.desk)
    with served(service.desk, app=app) as first:
        headers = {"sec-fetch-site": "same-origin"}
        clients = [httpx.Client(base_url=first.base_url, trust_env=False, headers=headers, timeout=30) for _ in emails]
        try:
            yield [
                Member(client, service, email, app.state.rule_work)
                for client, email in zip(clients, emails, strict=True)
            ]
        finally:
            app.state.rule_work.wait()
            for client in clients:
                client.close()
