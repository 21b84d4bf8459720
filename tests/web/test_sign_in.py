"""Signing in by a mailed link: nothing is to be found out, a link works once, a form comes from us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx

from tbtwatch.pipeline.sign_in import operators_link
from tbtwatch.pipeline.sign_in_rules import SignInRules
from tbtwatch.storage import Storage
from tests.pipeline.service import SmallService
from tests.web.served import served

LINK = re.compile(r"https?://[^/\s]+(/(?:en|zh)/sign-in/[A-Za-z0-9_-]{20,})")
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
ANNA = "anna@example.com"


def a_site(storage: Storage, **rules: object) -> SmallService:
    """A service that knows where it is reached."""
    service = SmallService(storage)
    made = SignInRules(base="https://alerts.example.org", **rules)  # type: ignore[arg-type]
    service.desk = replace(service.desk, sign_in=made, public_url="https://alerts.example.org")
    return service


@contextmanager
def visitor(service: SmallService) -> Iterator[httpx.Client]:
    """A browser on this machine: it says where its forms stood."""
    with served(service.desk) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        yield client


def mails(service: SmallService) -> list[tuple[str, str]]:
    """To whom links were sent, and their paths, oldest first; an address that was never asked takes them too."""
    service.deliver(asking=frozenset({"email"}))
    found = [(one.recipient, LINK.search(one.text)) for one in service.notifier.sent]
    return [(target, link[1]) for target, link in found if link is not None]


def signed_in(client: httpx.Client, service: SmallService, email: str = ANNA) -> None:
    """By a link from the command line, as mails are limited."""
    link, _ = operators_link(email, by="test", language="en", desk=service.desk)
    done = client.post(httpx.URL(link).path)
    assert done.status_code == 303, done.text


def token(client: httpx.Client, path: str = "/en/account") -> str:
    """The token of the forms on a page."""
    found = CSRF.search(client.get(path).text)
    assert found is not None
    return found[1]


def test_a_link_signs_in_once_and_only_by_the_button(storage: Storage) -> None:
    """Looks change nothing, however many; the button signs in and leads on; after it the link is over."""
    service = a_site(storage)
    with visitor(service) as client:
        asked = client.get("/en/account?x=1")
        assert (asked.status_code, asked.headers["location"]) == (303, "/en/sign-in?next=%2Fen%2Faccount%3Fx%3D1")
        sent = client.post("/en/sign-in", data={"email": "Anna@Example.com", "next": "/en/account?x=1"})
        assert (sent.status_code, sent.headers["location"]) == (303, "/en/sign-in/sent")
        ((target, path),) = mails(service)
        assert target == ANNA
        for _ in range(3):
            shown = client.get(path)
            assert shown.status_code == 200 and ANNA in shown.text and "set-cookie" not in shown.headers
            assert client.head(path).status_code == 200
        with storage.look() as tx:
            assert tx.people.find(ANNA) is None
        done = client.post(path)
        assert (done.status_code, done.headers["location"]) == (303, "/en/account?x=1")
        assert client.get("/en/account").status_code == 200
        assert [client.get(path).status_code, client.post(path).status_code] == [410, 410]
    with storage.look() as tx:
        person = tx.people.find(ANNA)
        assert person is not None and person.language == "en"
        assert [one.deed for one in tx.audit.list()] == ["sign-in"]
