"""Signing in by an association's own accounts: what its provider says is believed if it said it, for us, just now."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tbtwatch.bootstrap import provider_of
from tbtwatch.pipeline.staff_people import add_person, disable
from tbtwatch.settings import Settings, SettingsError
from tbtwatch.storage import Storage
from tbtwatch.storage.people import Role
from tbtwatch.web.app import make_app
from tests.pipeline.service import SmallService
from tests.web.a_provider import CLIENT, SECRET, AProvider, a_provider, another_key
from tests.web.served import served
from tests.web.test_sign_in import ANNA, a_site, token

BUTTON = "Sign in with Chamber &lt;b&gt;"


@dataclass
class Town:
    """The pages, a browser, and the provider."""

    service: SmallService
    client: httpx.Client
    provider: AProvider

    def out(self, *, next_page: str = "", language: str = "en") -> httpx.Response:
        """The button is pressed."""
        return self.client.post(f"/{language}/sign-in/provider", data={"next": next_page})

    def there(self, going: httpx.Response) -> str:
        """Signed in there: where the provider sends the browser, without its host."""
        where = going.headers["refresh"].removeprefix("0; url=")
        back = httpx.get(where, trust_env=False).headers["location"]
        parts = urlsplit(back)
        return f"{parts.path}?{parts.query}"

    def whole(self, *, next_page: str = "", language: str = "en") -> httpx.Response:
        """Out, there and back."""
        return self.client.get(self.there(self.out(next_page=next_page, language=language)))

    def said(self, answer: httpx.Response) -> str:
        """What the page says that somebody comes back to who is not signed in."""
        assert answer.status_code == 303 and "tbtwatch=" not in answer.headers.get("set-cookie", "").replace(
            "-way=", ""
        )
        assert self.client.get("/en/account").status_code == 303
        page = self.client.get(answer.headers["location"])
        assert page.status_code == 200 and 'name="email"' in page.text
        found = re.search(r'role="alert">([^<]+)<', page.text)
        assert found is not None, page.text
        return unescape(found[1])


@contextmanager
def a_town(storage: Storage, **over: Any) -> Iterator[Town]:
    """All of it on this machine."""
    with a_provider() as provider:
        service = a_site(storage)
        provider.clock = lambda: service.clock().timestamp()
        settings = Settings(
            oidc_issuer=provider.issuer,
            oidc_client_id=CLIENT,
            oidc_client_secret=SECRET,
            oidc_name="Chamber <b>",
            **{"allow_addresses": f"127.0.0.1:{provider.port}", **over},
        )
        app = make_app(service.desk, provider=provider_of(settings, service.clock))
        with served(service.desk, app=app) as client:
            client.headers["sec-fetch-site"] = "same-origin"
            yield Town(service, client, provider)


def deeds(storage: Storage) -> list[str]:
    """What is written down, the newest first."""
    with storage.look() as tx:
        return [one.deed for one in tx.audit.list()]


def test_an_account_elsewhere_signs_in_here(storage: Storage) -> None:
    """Out by a button and back: the first time makes the account, the next page is the one that was asked for, and
    what was asked of the provider holds a challenge, a state and a nonce of its own each time."""
    with a_town(storage) as town:
        assert BUTTON in town.client.get("/en/sign-in").text
        going = town.out(next_page="/en/account")
        assert going.status_code == 200 and going.headers["cache-control"] == "no-store"
        first = parse_qs(urlsplit(going.headers["refresh"].removeprefix("0; url=")).query)
        done = town.client.get(town.there(going))
        assert (done.status_code, done.headers["location"]) == (303, "/en/account")
        page = town.client.get("/en/account")
        assert page.status_code == 200 and ANNA in page.text
        before = town.client.cookies["tbtwatch"]
        again = town.out()
        second = parse_qs(urlsplit(again.headers["refresh"].removeprefix("0; url=")).query)
        assert all(first[name] != second[name] for name in ("state", "nonce", "code_challenge"))
        assert town.client.get(town.there(again)).headers["location"] == "/en/mine"
        old = town.client.get("/en/account", headers={"cookie": f"tbtwatch={before}"})
        assert old.status_code == 303
        whole = town.client.get("/en/account/data").json()
        assert [one["subject"] for one in whole["identities"]] == ["anna-1"]
    assert deeds(storage) == ["sign-in", "sign-in", "identity.add"]
    with storage.look() as tx:
        (session,) = tx.sign_ins.sessions(1)
        assert session.signed_in_by == "provider"


def test_a_person_is_found_by_the_account_first_then_by_the_address(storage: Storage) -> None:
    """Who was here by mail is the same person; whose address changed there stays who they were here."""
    with a_town(storage) as town:
        person, _ = add_person(ANNA, roles=[Role.SUPPORT], name="", language="zh", by="t", desk=town.service.desk)
        assert town.whole().status_code == 303
        town.provider.who["email"] = "anna.li@example.com"
        assert town.whole().status_code == 303
        assert "help subscribers" in town.client.get("/en/account").text
        town.provider.who = {"sub": "bob-7", "email": "bob@example.com", "email_verified": True}
        assert town.whole(language="fr").headers["location"] == "/fr/mine"
    with storage.look() as tx:
        assert [one.email for one in tx.people.all()] == [ANNA, "bob@example.com"]
        assert [one.subject for one in tx.identities.of(person.id)] == ["anna-1"]


REFUSED, UNVERIFIED = "You could not be signed in by that account", "names no mail address that was verified"
BENT: dict[str, tuple[Callable[[AProvider], object], str]] = {
    "another nonce": (lambda one: one.bent.update(nonce="another"), REFUSED),
    "no nonce": (lambda one: setattr(one, "left_out", frozenset({"nonce"})), REFUSED),
    "for another": (lambda one: one.bent.update(aud="another"), REFUSED),
    "for several": (lambda one: one.bent.update(aud=[CLIENT, "another"]), REFUSED),
    "to another": (lambda one: one.bent.update(azp="another"), REFUSED),
    "by another": (lambda one: one.bent.update(iss="https://evil.example"), REFUSED),
    "over": (lambda one: one.bent.update(exp=int(one.clock()) - 61), REFUSED),
    "without an end": (lambda one: setattr(one, "left_out", frozenset({"exp"})), REFUSED),
    "of tomorrow": (lambda one: one.bent.update(iat=int(one.clock()) + 86_400), REFUSED),
    "about nobody": (lambda one: one.who.update(sub=""), REFUSED),
    "without whom": (lambda one: setattr(one, "left_out", frozenset({"sub"})), REFUSED),
    "by another key": (lambda one: setattr(one, "signing", another_key()), REFUSED),
    "by the public key": (lambda one: setattr(one, "by_public_key", True), REFUSED),
    "unverified": (lambda one: one.who.update(email_verified=False), UNVERIFIED),
    "not said to be verified": (lambda one: setattr(one, "left_out", frozenset({"email_verified"})), UNVERIFIED),
    "without an address": (lambda one: setattr(one, "left_out", frozenset({"email"})), UNVERIFIED),
    "no address": (lambda one: one.who.update(email="anna"), UNVERIFIED),
    "the code is none": (lambda one: setattr(one, "codes", NoCodes()), REFUSED),
    "somebody said no": (lambda one: setattr(one, "refuses", "access_denied"), "You did not let that account be used"),
    "it said no": (lambda one: setattr(one, "refuses", "server_error"), REFUSED),
}


class NoCodes(dict[str, Any]):
    """It remembers none."""

    def __setitem__(self, _name: str, _value: object) -> None:
        """Nothing."""


def test_what_the_provider_did_not_say_for_us_signs_nobody_in(sqlite: Storage) -> None:
    """A statement for another, of another time, by another key, about nobody, of an address that is not theirs."""
    for name, (bend, said) in BENT.items():
        with a_town(sqlite) as town:
            bend(town.provider)
            assert said in town.said(town.whole()), name
    assert deeds(sqlite) == []
    with sqlite.look() as tx:
        assert tx.people.all() == []


def test_a_statement_that_is_not_signed_at_all_is_refused(sqlite: Storage) -> None:
    """By the algorithm "none", or no statement."""
    head = "eyJhbGciOiJub25lIn0"
    for signed in (f"{head}.eyJzdWIiOiJ4In0.", "x", "a.b.c", "", 7, None):
        with a_town(sqlite) as town:
            answer = json.dumps({"id_token": signed}).encode()
            town.provider.answers["/token"] = (200, answer, {"Content-Type": "application/json"})
            assert REFUSED in town.said(town.whole())


AWAY = "That account cannot be asked just now"


def test_a_provider_that_does_not_answer_is_told_of(sqlite: Storage) -> None:
    """Down before, or down on the way back; broken; sending us elsewhere, where our secret must not go; naming another
    issuer, or an address that is none. The mailed link stands on the page, in the reader's language."""
    elsewhere = {"Location": "http://127.0.0.1:9/token"}
    for path, answer in (
        ("/.well-known/openid-configuration", (503, b"", {})),
        ("/.well-known/openid-configuration", (200, b"<html>", {})),
        ("/.well-known/openid-configuration", (200, b"[]", {})),
        ("/.well-known/openid-configuration", (200, b"[" * 100_000, {})),
        ("/.well-known/openid-configuration", (302, b"", elsewhere)),
    ):
        with a_town(sqlite) as town:
            town.provider.answers[path] = answer
            assert AWAY in town.said(town.out())
    for path, answer in (("/token", (307, b"", elsewhere)), ("/token", (500, b"", {})), ("/keys", (404, b"", {}))):
        with a_town(sqlite) as town:
            town.provider.answers[path] = answer
            assert AWAY in town.said(town.whole())
    for described in ({"issuer": "https://x.example"}, {"token_endpoint": "ftp://x"}, {"jwks_uri": None},
                      {"authorization_endpoint": "javascript:alert(1)"}):  # fmt: skip
        with a_town(sqlite) as town:
            town.provider.described = described
            assert AWAY in town.said(town.out())
    with a_town(sqlite) as town:
        way = town.there(town.out(language="zh"))
        town.provider.stop()
        back = town.client.get(way)
        assert "目前无法连接该账户服务" in town.said(back) and back.headers["location"].startswith("/zh/sign-in?")
        assert AWAY in town.said(town.out())


def test_an_address_inside_is_not_asked_unless_it_is_listed(sqlite: Storage) -> None:
    """The provider is asked by the fetcher, which goes to public addresses alone."""
    with a_town(sqlite, allow_addresses="") as town:
        assert AWAY in town.said(town.out())
        assert town.provider.asked == []


def test_only_the_browser_that_went_comes_back_once_and_soon(storage: Storage) -> None:
    """Another browser, a second time, after ten minutes, with a state of somebody's own: nobody is signed in, and the
    provider is not asked."""
    late = "It took longer than ten minutes, or was begun in another browser"
    with a_town(storage) as town, a_town(storage) as other:
        way = town.there(town.out())
        asked = len(town.provider.asked)
        assert late in other.said(other.client.get(way))
        assert late in town.said(town.client.get("/sign-in/provider?state=x&code=y"))
        assert "alert" not in town.client.get("/en/sign-in?said=nonsense").text
        assert len(town.provider.asked) == asked
    with a_town(storage) as town:
        way = town.there(town.out())
        cookie = town.client.cookies["tbtwatch-way"]
        assert town.client.get(way).headers["location"] == "/en/mine"
        assert "tbtwatch-way" not in town.client.cookies
        again = town.client.get(way, headers={"cookie": f"tbtwatch-way={cookie}"})
        assert "said=late" in again.headers["location"]
    with a_town(storage) as town:
        way = town.there(town.out())
        town.service.clock.turn(minutes=10)
        assert late in town.said(town.client.get(way))


def test_who_is_disabled_is_refused_as_others_are(sqlite: Storage) -> None:
    """In the words for anybody who could not be signed in."""
    with a_town(sqlite) as town:
        add_person(ANNA, roles=[], name="", language="en", by="test", desk=town.service.desk)
        disable(ANNA, by="test", desk=town.service.desk)
        assert REFUSED in town.said(town.whole())
        disable(ANNA, undo=True, by="test", desk=town.service.desk)
        assert town.whole().headers["location"] == "/en/mine"


def test_only_people_of_the_organisation_come_by_it_where_that_is_set(sqlite: Storage) -> None:
    """By the domain of the verified address, whatever its capitals; a domain that only ends alike is another."""
    with a_town(sqlite, oidc_domains="chamber.example, Example.com") as town:
        for email in ("anna@evil.example", "anna@notexample.com", "anna@sub.example.com"):
            town.provider.who["email"] = email
            assert "only people of the organisation" in town.said(town.whole())
        town.provider.who["email"] = "ANNA@EXAMPLE.COM"
        assert town.whole().headers["location"] == "/en/mine"


@pytest.mark.parametrize("address", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:x"])
def test_only_pages_of_ours_come_next(sqlite: Storage, address: str) -> None:
    """Somebody else's address is forgotten."""
    with a_town(sqlite) as town:
        assert town.whole(next_page=address).headers["location"] == "/en/mine"


def test_the_secret_goes_to_the_provider_alone(sqlite: Storage, capfd: pytest.CaptureFixture[str]) -> None:
    """As a header, or in the form where the provider wants that; no log has it, nor a code, a state or a statement."""
    with a_town(sqlite) as town:
        way = town.there(town.out())
        town.client.get(way)
        code, state = (parse_qs(urlsplit(way).query)[name][0] for name in ("code", "state"))
        (form,) = (form for path, _, form in town.provider.asked if path == "/token")
        assert "client_secret" not in form and len(form["code_verifier"]) == 43
        town.provider.described = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
        town.whole()
        form = [form for path, _, form in town.provider.asked if path == "/token"][-1]
        assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
    said = "".join(capfd.readouterr())
    assert "signed_in" in said and not [one for one in (SECRET, code, state, form["code_verifier"]) if one in said]


def test_an_erased_account_leaves_no_identity(storage: Storage) -> None:
    """Coming again makes a new one."""
    with a_town(storage) as town:
        town.whole()
        done = town.client.post("/en/account/erase", data={"csrf": token(town.client), "sure": "1"})
        assert done.status_code == 303
        with storage.look() as tx:
            assert tx.identities.find(town.provider.issuer, "anna-1") is None and tx.people.all() == []
        assert town.whole().headers["location"] == "/en/mine"


def test_a_form_of_somebody_else_sends_nobody_out(sqlite: Storage) -> None:
    """Nor is there an address where no provider is set."""
    with a_town(sqlite) as town:
        refused = town.client.post("/en/sign-in/provider", headers={"sec-fetch-site": "cross-site"})
        assert refused.status_code == 403 and town.provider.asked == []
    service = a_site(sqlite)
    with served(service.desk) as client:
        client.headers["sec-fetch-site"] = "same-origin"
        assert "sign-in/provider" not in client.get("/en/sign-in").text
        assert client.get("/sign-in/provider").status_code == 404


def test_where_people_go_behind_a_proxy_is_where_the_pages_are_reached(sqlite: Storage) -> None:
    """The address that is set, whatever host is asked for; and the cookie of the way is for TLS alone."""
    with a_town(sqlite) as town:
        town.service.desk = replace(town.service.desk, public_url="https://alerts.example.org")
        settings = Settings(
            oidc_issuer=town.provider.issuer, oidc_client_id=CLIENT, allow_addresses=f"127.0.0.1:{town.provider.port}"
        )
        app = make_app(town.service.desk, provider=provider_of(settings, town.service.clock))
        with served(town.service.desk, app=app) as client:
            client.headers["sec-fetch-site"] = "same-origin"
            assert f"Sign in with 127.0.0.1:{town.provider.port}" in client.get("/en/sign-in").text
            going = client.post("/en/sign-in/provider")
            asked = parse_qs(urlsplit(going.headers["refresh"].removeprefix("0; url=")).query)
            assert asked["redirect_uri"] == ["https://alerts.example.org/sign-in/provider"]
            cookie = going.headers["set-cookie"]
            assert cookie.startswith("__Host-tbtwatch-way=") and "Secure" in cookie and "HttpOnly" in cookie


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"oidc_issuer": "http://accounts.example.org"}, "must begin with https://"),
        ({"oidc_issuer": "accounts"}, "is no issuer"),
        ({"oidc_issuer": "https://a.example?x=1"}, "is no issuer"),
        ({"oidc_domains": "anna@example.org"}, "is no mail domain"),
    ],
)
def test_a_wrong_setting_is_a_sentence(settings: dict[str, str], sentence: str) -> None:
    """It says what to write."""
    with pytest.raises(ValueError, match=re.escape(sentence)):
        Settings(**settings)  # type: ignore[arg-type]


def test_an_issuer_without_a_client_is_a_sentence(sqlite: Storage) -> None:
    """And without an issuer there is no provider."""
    clock = SmallService(sqlite).clock
    assert provider_of(Settings(), clock) is None
    with pytest.raises(SettingsError, match="TBTWATCH_OIDC_CLIENT_ID is not"):
        provider_of(Settings(oidc_issuer="https://accounts.example.org"), clock)
