"""Signing in by a mailed link: nothing is to be found out, a link works once, a form comes from us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tbtwatch.pipeline.sign_in import operators_link
from tbtwatch.pipeline.sign_in_rules import SignInRules, network_of, networks
from tbtwatch.pipeline.staff_people import add_person, disable
from tbtwatch.storage import Storage
from tbtwatch.storage.people import Role
from tbtwatch.web.accounts.pages import local
from tests.pipeline.service import SmallService
from tests.web.served import served

LINK = re.compile(r"https?://[^/\s]+(/(?:en|zh)/sign-in/[A-Za-z0-9_-]{20,})")
CSRF = re.compile(r'name="csrf" value="([^"]+)"')
ANNA = "anna@example.com"


def a_site(storage: Storage, **rules: object) -> SmallService:
    """A service that knows where it is reached."""
    service = SmallService(storage)
    made = SignInRules(base="https://alerts.example.org", **rules)  # type: ignore[arg-type]
    service.desk = replace(service.desk, sign_in=made)
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


def test_known_and_unknown_addresses_are_answered_alike(storage: Storage) -> None:
    """The very same answer for who is there, who is not, who is disabled and who asks too often; only mails differ."""
    service = a_site(storage, mails_per_hour=2)
    add_person("staff@example.com", roles=[Role.ADMIN], name="", language="en", by="test", desk=service.desk)
    add_person("gone@example.com", roles=[], name="", language="en", by="test", desk=service.desk)
    disable("gone@example.com", by="test", desk=service.desk)
    with visitor(service) as client:
        answers = set()
        for email in ("staff@example.com", "gone@example.com", "new@example.com", *["often@example.com"] * 4):
            sent = client.post("/en/sign-in", data={"email": email})
            kept = {name: value for name, value in sent.headers.items() if name != "date"}
            answers.add((sent.status_code, sent.text, tuple(sorted(kept.items()))))
        assert len(answers) == 1
        assert [target for target, _ in mails(service)] == [
            "staff@example.com",
            "new@example.com",
            "often@example.com",
            "often@example.com",
        ]
        service.clock.turn(minutes=61)
        client.post("/en/sign-in", data={"email": "often@example.com"})
        assert len(mails(service)) == 5


def test_one_network_does_not_make_us_mail_the_world(sqlite: Storage) -> None:
    """What is asked from one network is limited, whatever the addresses; a proxy of ours says where from."""
    service = a_site(sqlite, network_per_hour=3)
    with visitor(service) as client:

        def ask(number: int, where: str) -> int:
            headers = {"x-forwarded-for": where}
            return client.post("/en/sign-in", data={"email": f"a{number}@example.com"}, headers=headers).status_code

        assert [ask(number, f"10.9.9.9, 203.0.113.{number}") for number in range(4)] == [303, 303, 303, 429]
        assert ask(9, "203.0.113.1, 198.51.100.7") == 303
    assert network_of("::ffff:203.0.113.9") == "203.0.113.0/24" and network_of("2001:db8:1:2::5") == "2001:db8:1::/48"
    assert network_of("nonsense") == ""


def test_a_proxy_that_is_not_ours_is_not_believed(sqlite: Storage) -> None:
    """Otherwise anybody would come from as many networks as they like."""
    service = a_site(sqlite, network_per_hour=2, proxies=networks("192.0.2.0/24"))
    with visitor(service) as client:
        codes = [
            client.post(
                "/en/sign-in", data={"email": f"a{number}@example.com"}, headers={"x-forwarded-for": f"{number}.1.1.1"}
            ).status_code
            for number in range(1, 4)
        ]
    assert codes == [303, 303, 429]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"sec-fetch-site": "same-origin", "origin": "https://evil.example"},
        {"origin": "http://127.0.0.1.evil.example"},
    ],
)
def test_a_form_of_somebody_else_is_refused(sqlite: Storage, headers: dict[str, str]) -> None:
    """Whatever the browser says but that it stood on a page of ours; a form with a wrong token neither."""
    service = a_site(sqlite)
    with served(service.desk) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        signed_in(client, service)
        good = token(client)
        del client.headers["sec-fetch-site"]
        for path in ("/en/sign-out", "/en/sign-in"):
            refused = client.post(path, data={"csrf": good, "email": ANNA}, headers=headers)
            assert refused.status_code == 403 and "nothing was changed" in refused.text
        assert client.get("/en/account").status_code == 200
        ours = {"origin": str(client.base_url).rstrip("/")}
        for wrong in ("", "x", good[:-1], good.partition(".")[0], "é"):
            assert client.post("/en/sign-out", data={"csrf": wrong}, headers=ours).status_code == 403
        assert mails(service) == []
        assert client.post("/en/sign-out", data={"csrf": good}, headers=ours).status_code == 303


def test_the_cookie_is_the_strictest_its_connection_allows(sqlite: Storage) -> None:
    """Behind TLS its name forbids that another host set it; without, on this machine alone, it has another name."""
    service = a_site(sqlite)
    with visitor(service) as client:
        link, _ = operators_link(ANNA, by="test", language="en", desk=service.desk)
        path = httpx.URL(link).path
        outside = client.post(path, headers={"host": "alerts.example.org"})
        cookie = outside.headers["set-cookie"]
        assert cookie.startswith("__Host-tbtwatch=") and "Domain" not in cookie
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        assert {"secure", "httponly", "samesite=lax", "path=/"} <= flags
        secret = cookie.partition("=")[2].partition(";")[0]
        client.cookies.clear()
        # The name without the prefix counts on this machine only: a neighbouring host could set it.
        asked = client.get("/en/account", headers={"host": "alerts.example.org", "cookie": f"tbtwatch={secret}"})
        assert asked.status_code == 303
        signed_in(client, service)
        assert [one.name for one in client.cookies.jar] == ["tbtwatch"]
        assert "without TLS" in client.get("/en/sign-in", headers={"host": "192.168.1.7", "cookie": ""}).text
    service.desk = replace(service.desk, public_url="https://alerts.example.org")
    with visitor(service) as client:
        link, _ = operators_link(ANNA, by="test", language="en", desk=service.desk)
        # A proxy that hands everything on as if it were asked for on this machine.
        assert client.post(httpx.URL(link).path).headers["set-cookie"].startswith("__Host-tbtwatch=")


def test_each_sign_in_makes_a_new_session_and_sessions_end(sqlite: Storage) -> None:
    """By another sign-in, idleness, age, the button, and everywhere at once; only hashes are stored."""
    service = a_site(sqlite, idle=timedelta(hours=10), longest=timedelta(days=2))
    with visitor(service) as client, visitor(service) as other:
        client.cookies.set("tbtwatch", "chosen-by-somebody-else", domain="127.0.0.1")
        signed_in(client, service)
        first = client.cookies["tbtwatch"]
        assert first != "chosen-by-somebody-else"
        signed_in(client, service)
        second = client.cookies["tbtwatch"]
        assert second != first
        old = other.get("/en/account", headers={"cookie": f"tbtwatch={first}"})
        assert old.status_code == 303
        stored = "".join(
            str(row) for row in sqlite.engine.raw_connection().cursor().execute("SELECT * FROM web_session")
        )
        assert second not in stored
        service.clock.turn(hours=9)
        assert client.get("/en/account").status_code == 200
        service.clock.turn(hours=9)
        assert client.get("/en/account").status_code == 200
        service.clock.turn(hours=11)
        assert client.get("/en/account").status_code == 303
        signed_in(client, service)
        for _ in range(6):
            service.clock.turn(hours=8)
            client.get("/en/account")
        assert client.get("/en/account").status_code == 303
        signed_in(client, service)
        signed_in(other, service)
        assert client.post("/en/sign-out", data={"csrf": token(client), "everywhere": "1"}).status_code == 303
        assert [client.get("/en/account").status_code, other.get("/en/account").status_code] == [303, 303]


def test_a_link_is_over_after_a_quarter_of_an_hour(sqlite: Storage) -> None:
    """And with it every other one of the address, once one was followed; the mail's text goes with it."""
    service = a_site(sqlite)
    with visitor(service) as client:
        client.post("/en/sign-in", data={"email": ANNA})
        client.post("/en/sign-in", data={"email": ANNA})
        (_, first), (_, second) = mails(service)
        service.clock.turn(minutes=14)
        assert client.post(first).status_code == 303
        assert client.post(second).status_code == 410
        with sqlite.look() as tx:
            (used, _) = sorted(tx.outbox.list(), key=lambda one: one.id)
        text = sqlite.engine.raw_connection().cursor().execute(f"SELECT message FROM delivery WHERE id = {used.id}")
        assert first.rpartition("/")[2] not in str(text.fetchall())
        client.post("/en/sign-in", data={"email": ANNA})
        third = mails(service)[-1][1]
        service.clock.turn(minutes=15)
        assert [client.get(third).status_code, client.post(third).status_code] == [410, 410]


def test_a_link_stands_in_no_log(sqlite: Storage, capfd: pytest.CaptureFixture[str]) -> None:
    """Nor what a cookie or a token is."""
    service = a_site(sqlite)
    with visitor(service) as client:
        client.post("/en/sign-in", data={"email": ANNA})
        ((_, path),) = mails(service)
        client.get(path)
        client.post(path)
        secrets = [path.rpartition("/")[2], client.cookies["tbtwatch"], token(client)]
    said = "".join(capfd.readouterr())
    assert "signed_in" in said and not [one for one in secrets if one in said]


@pytest.mark.parametrize(
    "address",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/a\r\nSet-Cookie: x=1",
        "/" + "a" * 5000,
        "evil",
        "/é",
        "",
    ],
)
def test_only_pages_of_ours_come_next(sqlite: Storage, address: str) -> None:
    """Somebody else's address is forgotten, and the list of one's own subscriptions comes instead."""
    assert local(address) == ""
    service = a_site(sqlite)
    with visitor(service) as client:
        client.post("/en/sign-in", data={"email": ANNA, "next": address})
        done = client.post(mails(service)[0][1])
    assert done.headers["location"] == "/en/mine"


def test_roles_are_seen_at_once_and_strangers_see_no_such_page(sqlite: Storage) -> None:
    """An admin may everything, a publisher edit too; who is disabled is out with the next click."""
    service = a_site(sqlite)
    person, _ = add_person(ANNA, roles=[Role.PUBLISHER], name="Anna", language="en", by="test", desk=service.desk)
    assert person.may(Role.EDITOR) and not person.may(Role.SUPPORT)
    with visitor(service) as client:
        signed_in(client, service)
        assert "publish rules" in client.get("/en/account").text
        disable(ANNA, by="test", desk=service.desk)
        assert client.get("/en/account").status_code == 303
    with sqlite.look() as tx:
        deeds = [one.deed for one in tx.audit.list()]
    assert deeds == ["person.disable", "sign-in", "sign-in.link", "person.roles", "person.add"]


def test_an_account_is_erased_by_its_owner(sqlite: Storage) -> None:
    """Only if they are sure; nothing of the address is left but what the record needs; staff cannot."""
    service = a_site(sqlite)
    with visitor(service) as client:
        client.post("/en/sign-in", data={"email": ANNA})
        client.post(mails(service)[0][1])
        assert client.post("/en/account/erase", data={"csrf": token(client)}).headers["location"] == "/en/account"
        done = client.post("/en/account/erase", data={"csrf": token(client), "sure": "1"})
        assert done.headers["location"] == "/en/" and client.get("/en/account").status_code == 303
        add_person("staff@example.com", roles=[Role.ADMIN], name="", language="en", by="test", desk=service.desk)
        signed_in(client, service, "staff@example.com")
        client.post("/en/account/erase", data={"csrf": token(client), "sure": "1"})
    with sqlite.look() as tx:
        assert [one.email for one in tx.people.all()] == ["staff@example.com"]
        assert tx.sign_ins.asked(since=service.clock() - timedelta(days=1), email=ANNA) == 0
