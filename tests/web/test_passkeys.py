"""Signing in by a passkey: what a key signs is believed once and here alone, and every refusal reads the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tbtwatch.pipeline.passkeys import MOST, MOST_WAITING, RelyingParty, relying_party
from tbtwatch.pipeline.staff_people import disable
from tbtwatch.storage import Storage
from tests.pipeline.service import SmallService
from tests.web.software_key import SoftwareKey
from tests.web.test_sign_in import ANNA, a_site, signed_in, token, visitor

ORIGIN = "https://alerts.example.org"
REFUSED = "This passkey was not accepted. Try again"
NOT_ADDED = "This passkey was not accepted; nothing was added"


def a_safe_site(storage: Storage, **rules: object) -> SmallService:
    """A service at an https address: browsers keep passkeys for it."""
    service = a_site(storage, **rules)
    service.desk = replace(service.desk, public_url=ORIGIN)
    return service


def as_seen_outside(client: httpx.Client) -> None:
    """As if through the proxy that TLS ends at: the cookie for TLS alone goes with what is asked here too."""
    cookie = next((one for one in client.cookies.jar if one.secure), None)
    if cookie is not None:
        client.headers["cookie"] = f"{cookie.name}={cookie.value}"


def enter(client: httpx.Client, service: SmallService, email: str = ANNA) -> None:
    """By a link from the command line."""
    client.headers.pop("cookie", None)
    signed_in(client, service, email)
    as_seen_outside(client)


def leave(client: httpx.Client) -> None:
    """A browser that was never here."""
    client.headers.pop("cookie", None)
    client.cookies.clear()


def asked_to_add(client: httpx.Client) -> dict[str, Any]:
    """What is to be signed for a new one."""
    answer = client.post("/en/account/passkeys/ask", data={"csrf": token(client)})
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store", answer.text
    found: dict[str, Any] = answer.json()
    return found


def added(client: httpx.Client, key: SoftwareKey, *, name: str = "desk", **over: Any) -> httpx.Response:
    """A passkey, sent as the script sends it."""
    answer = key.make(asked_to_add(client), **{"origin": ORIGIN, **over})
    return client.post("/en/account/passkeys", data={"csrf": token(client), "name": name, "answer": answer})


def asked_to_sign(client: httpx.Client) -> dict[str, Any]:
    """What is to be signed to sign in."""
    answer = client.post("/en/sign-in/passkey/ask")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def shown(client: httpx.Client, answer: str, *, next_page: str = "") -> httpx.Response:
    """An answer of a key, sent as the script sends it."""
    return client.post("/en/sign-in/passkey", data={"answer": answer, "next": next_page})


def deeds(storage: Storage) -> list[tuple[str, dict[str, Any]]]:
    """What is written down, the newest first."""
    with storage.look() as tx:
        return [(one.deed, dict(one.detail)) for one in tx.audit.list()]


def test_a_passkey_is_added_and_signs_in_without_an_address(storage: Storage) -> None:
    """It is asked for with a name made by chance; it leads on to the page that was asked for, by a session of its own;
    each deed is written down, and the page says when it was used."""
    service, key = a_safe_site(storage), SoftwareKey()
    with visitor(service) as client:
        enter(client, service)
        asked = asked_to_add(client)
        assert asked["rp"] == {"name": "tbtwatch", "id": "alerts.example.org"} and ANNA not in asked["user"]["id"]
        wanted = asked["authenticatorSelection"]
        assert (wanted["residentKey"], wanted["userVerification"], asked["attestation"]) == (
            "required",
            "required",
            "none",
        )
        done = added(client, key, name="  my   desk ")
        assert (done.status_code, done.headers["location"]) == (303, "/en/account#passkeys")
        assert "my desk" in client.get("/en/account").text
        assert [one["type"] for one in asked_to_add(client)["excludeCredentials"]] == ["public-key"]
        leave(client)
        asked = asked_to_sign(client)
        assert (asked["rpId"], asked["userVerification"], asked["allowCredentials"]) == (
            "alerts.example.org", "required", [],
        )  # fmt: skip
        done = shown(client, key.sign(asked, origin=ORIGIN), next_page="/en/account")
        assert (done.status_code, done.headers["location"]) == (303, "/en/account")
        assert done.headers["set-cookie"].startswith("__Host-tbtwatch=")
        as_seen_outside(client)
        page = client.get("/en/account")
        assert page.status_code == 200 and ANNA in page.text and "never" not in page.text
    found = deeds(storage)
    assert [deed for deed, _ in found] == ["sign-in", "passkey.add", "sign-in", "sign-in.link"]
    assert found[0][1] == {"by": "passkey", "first": False}
    with storage.look() as tx:
        assert {one.signed_in_by for one in tx.sign_ins.sessions(1)} == {"passkey", "operator"}


def test_signing_in_ends_the_session_before(sqlite: Storage) -> None:
    """As the mailed link does it: one browser, one session."""
    service, key = a_safe_site(sqlite), SoftwareKey()
    with visitor(service) as client:
        enter(client, service)
        added(client, key)
        old = client.headers["cookie"]
        assert shown(client, key.sign(asked_to_sign(client), origin=ORIGIN)).headers["location"] == "/en/mine"
        assert client.get("/en/account", headers={"cookie": old}).status_code == 303


def another(key: SoftwareKey, asked: dict[str, Any]) -> str:
    """A key that nobody added."""
    stranger = SoftwareKey()
    stranger.handle = key.handle
    return stranger.sign(asked, origin=ORIGIN)


def stolen_number(key: SoftwareKey, asked: dict[str, Any]) -> str:
    """Somebody else's key that says it is this one."""
    thief = SoftwareKey()
    thief.id, thief.handle = key.id, key.handle
    return thief.sign(asked, origin=ORIGIN)


WRONG: dict[str, Callable[[SoftwareKey, dict[str, Any]], str]] = {
    "another origin": lambda key, asked: key.sign(asked, origin="https://alerts.example.org.evil.example"),
    "another port": lambda key, asked: key.sign(asked, origin="https://alerts.example.org:8443"),
    "another party": lambda key, asked: key.sign(asked, origin=ORIGIN, rp="evil.example"),
    "nobody was verified": lambda key, asked: key.sign(asked, origin=ORIGIN, verified=False),
    "a spoilt signature": lambda key, asked: key.sign(asked, origin=ORIGIN, spoilt=True),
    "another's name": lambda key, asked: key.sign(asked, origin=ORIGIN, handle=b"bob"),
    "no name": lambda key, asked: key.sign(asked, origin=ORIGIN, handle=b""),
    "made, not signed": lambda key, asked: key.sign(asked, origin=ORIGIN, kind="webauthn.create"),
    "another challenge": lambda key, asked: key.sign({**asked, "challenge": "AAAA"}, origin=ORIGIN),
    "an unknown key": another,
    "a stolen number": stolen_number,
    "nothing": lambda key, asked: "",
    "no JSON": lambda key, asked: "{",
    "a list": lambda key, asked: "[]",
    "far too much": lambda key, asked: json.dumps({"x": "y" * 50_000}),
}


def test_whatever_is_wrong_is_refused_in_the_same_words(sqlite: Storage) -> None:
    """Nobody is signed in, no cookie is given, nothing is noted as a copy, and the mailed link is on the page."""
    service, key = a_safe_site(sqlite), SoftwareKey()
    with visitor(service) as client:
        enter(client, service)
        added(client, key)
        leave(client)
        answers = {}
        for name, answer in WRONG.items():
            refused = shown(client, answer(key, asked_to_sign(client)))
            answers[name] = (refused.status_code, refused.text, "set-cookie" in refused.headers)
        assert set(answers.values()) == {(403, next(iter(answers.values()))[1], False)}
        assert REFUSED in refused.text and "Send me the link" in refused.text
        for path in ("/zh/sign-in/passkey", "/fr/sign-in/passkey", "/es/sign-in/passkey"):
            assert REFUSED not in client.post(path, data={"answer": ""}).text
    assert [deed for deed, _ in deeds(sqlite)] == ["passkey.add", "sign-in", "sign-in.link"]


def test_what_was_asked_is_answered_once_and_soon(storage: Storage) -> None:
    """A second time, after five minutes, and what was asked for adding one: refused."""
    service, key = a_safe_site(storage), SoftwareKey()
    with visitor(service) as client:
        enter(client, service)
        added(client, key)
        for_adding = asked_to_add(client)
        leave(client)
        answer = key.sign(asked_to_sign(client), origin=ORIGIN)
        assert [shown(client, answer).status_code, shown(client, answer).status_code] == [303, 403]
        late = key.sign(asked_to_sign(client), origin=ORIGIN)
        service.clock.turn(minutes=5)
        assert shown(client, late).status_code == 403
        other = {**for_adding, "rpId": for_adding["rp"]["id"]}
        assert shown(client, key.sign(other, origin=ORIGIN)).status_code == 403
        assert shown(client, key.sign(asked_to_sign(client), origin=ORIGIN)).status_code == 303


def test_a_copy_of_a_key_is_refused_and_noted(storage: Storage) -> None:
    """It says that it was used no more often than the key was; the key itself goes on."""
    service, key = a_safe_site(storage), SoftwareKey()
    with visitor(service) as client:
        enter(client, service)
        added(client, key)
        leave(client)
        assert shown(client, key.sign(asked_to_sign(client), origin=ORIGIN, count=5)).status_code == 303
        for count in (5, 4, 0):
            refused = shown(client, key.sign(asked_to_sign(client), origin=ORIGIN, count=count))
            assert refused.status_code == 403 and REFUSED in refused.text
        assert shown(client, key.sign(asked_to_sign(client), origin=ORIGIN, count=6)).status_code == 303
    noted = [detail for deed, detail in deeds(storage) if deed == "passkey.refused"]
    assert noted == [{"passkey": 1, "why": "sign count", "count": count} for count in (0, 4, 5)]


def test_who_is_disabled_is_refused_like_a_stranger(storage: Storage) -> None:
    """In the same words; let in again, the key works as before."""
    service, key = a_safe_site(storage), SoftwareKey()
    with visitor(service) as client:
        enter(client, service)
        added(client, key)
        leave(client)
        stranger = shown(client, another(key, asked_to_sign(client)))
        disable(ANNA, by="test", desk=service.desk)
        refused = shown(client, key.sign(asked_to_sign(client), origin=ORIGIN))
        assert (refused.status_code, refused.text) == (stranger.status_code, stranger.text)
        assert "set-cookie" not in refused.headers
        disable(ANNA, undo=True, by="test", desk=service.desk)
        assert shown(client, key.sign(asked_to_sign(client), origin=ORIGIN)).status_code == 303


def test_a_wrong_answer_adds_nothing(sqlite: Storage) -> None:
    """From another place, without its owner verified, in another browser, sent twice, or somebody's already."""
    service, key = a_safe_site(sqlite), SoftwareKey()
    with visitor(service) as client, visitor(service) as other:
        enter(client, service)
        for wrong in ({"origin": "https://evil.example"}, {"verified": False}, {"rp": "x"}, {"kind": "webauthn.get"}):
            refused = added(client, key, **wrong)
            assert refused.status_code == 403 and NOT_ADDED in refused.text, wrong
        for answer in ("", "{", "[]", "null", json.dumps({"response": {"clientDataJSON": "%%%"}})):
            sent = client.post("/en/account/passkeys", data={"csrf": token(client), "answer": answer})
            assert sent.status_code == 403 and NOT_ADDED in sent.text
        answer = key.make(asked_to_add(client), origin=ORIGIN)
        enter(other, service, "bob@example.com")
        stolen = other.post("/en/account/passkeys", data={"csrf": token(other), "answer": answer})
        assert stolen.status_code == 403 and "It took too long" in stolen.text
        assert added(client, key).status_code == 303
        again = added(client, key)
        assert again.status_code == 403 and NOT_ADDED in again.text
        without = client.post("/en/account/passkeys/ask", data={})
        assert without.status_code == 403 and "nothing was changed" in without.text
    with sqlite.look() as tx:
        assert len(tx.passkeys.of(1)) == 1 and tx.passkeys.of(2) == []


def test_adding_one_needs_a_recent_sign_in(sqlite: Storage) -> None:
    """After an hour the page says so and leads to signing in again, also who is signed in; what was asked before is
    over too."""
    service, key = a_safe_site(sqlite), SoftwareKey()
    with visitor(service) as client:
        enter(client, service)
        service.clock.turn(minutes=58)
        asked, csrf = asked_to_add(client), token(client)
        service.clock.turn(minutes=3)
        page = client.get("/en/account").text
        assert "more than an hour ago" in page and "Add a passkey</button>" not in page
        refused = client.post("/en/account/passkeys/ask", data={"csrf": csrf})
        assert refused.status_code == 403 and "more than an hour ago" in refused.json()["said"]
        late = client.post("/en/account/passkeys", data={"csrf": csrf, "answer": key.make(asked, origin=ORIGIN)})
        assert late.status_code == 403 and "more than an hour ago" in late.text
        assert client.get("/en/sign-in").status_code == 302
        assert "Send me the link" in client.get("/en/sign-in?again=1&next=/en/account").text
    with sqlite.look() as tx:
        assert tx.passkeys.of(1) == []


def test_there_is_a_most_for_one_person_and_for_one_network(sqlite: Storage) -> None:
    """More are refused by a sentence; what a network was asked counts until it is answered or over."""
    service = a_safe_site(sqlite)
    with visitor(service) as client:
        enter(client, service)
        with sqlite.begin() as tx:
            for number in range(MOST - 1):
                tx.passkeys.add(
                    person=1, credential=f"c{number}", public_key="k", sign_count=0, name="", now=service.clock()
                )
        assert added(client, SoftwareKey()).status_code == 303
        assert "as many passkeys as one account may have" in client.get("/en/account").text
        refused = client.post("/en/account/passkeys/ask", data={"csrf": token(client)})
        assert refused.status_code == 403 and "Remove one" in refused.json()["said"]
        assert "without a name" in client.get("/en/account").text
        with sqlite.begin() as tx:
            for number in range(MOST_WAITING):
                until = service.clock() + timedelta(minutes=5)
                tx.passkeys.ask(str(number).encode(), purpose="sign-in", expires_at=until, network="203.0.113.0/24")
        there = {"x-forwarded-for": "203.0.113.9"}
        refused = client.post("/en/sign-in/passkey/ask", headers=there)
        assert refused.status_code == 429 and "Wait five minutes" in refused.json()["said"]
        assert client.post("/en/sign-in/passkey/ask", headers={"x-forwarded-for": "198.51.100.9"}).status_code == 200
        service.clock.turn(minutes=5)
        assert client.post("/en/sign-in/passkey/ask", headers=there).status_code == 200


def test_another_persons_passkey_does_not_exist(sqlite: Storage) -> None:
    """Removing it answers as an unknown address does, byte for byte; one's own goes, once."""
    service, key, his = a_safe_site(sqlite), SoftwareKey(), SoftwareKey()
    with visitor(service) as client, visitor(service) as other:
        enter(client, service)
        enter(other, service, "bob@example.com")
        assert [added(client, key).status_code, added(other, his).status_code] == [303, 303]
        unknown = client.get("/en/there-is-no-such-page")
        for number in ("2", "77", str(2**70)):
            sent = client.post(f"/en/account/passkeys/{number}/remove", data={"csrf": token(client)})
            assert (sent.status_code, sent.text) == (404, unknown.text)
        done = client.post("/en/account/passkeys/1/remove", data={"csrf": token(client)})
        assert (done.status_code, done.headers["location"]) == (303, "/en/account#passkeys")
        leave(client)
        assert shown(client, key.sign(asked_to_sign(client), origin=ORIGIN)).status_code == 403
        assert shown(client, his.sign(asked_to_sign(client), origin=ORIGIN)).status_code == 303
    assert [one for one in deeds(sqlite) if one[0] == "passkey.remove"] == [("passkey.remove", {"passkey": 1})]


def test_the_account_is_taken_along_and_erased_with_its_passkeys(storage: Storage) -> None:
    """The file has the passkeys by name, browsers and deeds, and no secret; after erasing the key signs nobody in."""
    service, key = a_safe_site(storage), SoftwareKey()
    with visitor(service) as client:
        enter(client, service)
        added(client, key, name="travelling")
        asked_to_add(client)
        taken = client.get("/en/account/data")
        assert taken.headers["cache-control"] == "no-store" and "attachment" in taken.headers["content-disposition"]
        whole = taken.json()
        assert [one["name"] for one in whole["passkeys"]] == ["travelling"] and whole["account"]["email"] == ANNA
        assert [one["deed"] for one in whole["deeds"]] == ["passkey.add", "sign-in"]
        assert len(whole["browsers"]) == len(whole["links"]) == 1
        assert client.headers["cookie"].partition("=")[2] not in taken.text and "hash" not in taken.text
        assert client.post("/en/account/erase", data={"csrf": token(client), "sure": "1"}).status_code == 303
        leave(client)
        assert shown(client, key.sign(asked_to_sign(client), origin=ORIGIN)).status_code == 403
    with storage.look() as tx:
        assert tx.passkeys.of(1) == [] and tx.people.find(ANNA) is None


@pytest.mark.parametrize("public_url", ["", "http://alerts.example.org", "https://192.0.2.7"])
def test_where_browsers_keep_no_passkey_none_is_offered(sqlite: Storage, public_url: str) -> None:
    """No button, a sentence on the account page, and what the script would ask is an unknown address."""
    service = a_site(sqlite)
    service.desk = replace(service.desk, public_url=public_url)
    with visitor(service) as client:
        enter(client, service)
        page = client.get("/en/account").text
        assert "Passkeys cannot be used here" in page and "passkeys.js" not in page
        for path in ("/en/account/passkeys/ask", "/en/account/passkeys"):
            assert client.post(path, data={"csrf": token(client)}).status_code == 404
        leave(client)
        assert "Sign in with a passkey" not in client.get("/en/sign-in").text
        assert [client.post(f"/en/sign-in/passkey{rest}").status_code for rest in ("", "/ask")] == [404, 404]


def test_a_relying_party_is_where_the_pages_are_reached() -> None:
    """By name and with TLS, or on the machine itself; ports that are usual are left out, as browsers leave them out."""
    assert relying_party("https://Alerts.Example.org:443/tbt") == RelyingParty("alerts.example.org", ORIGIN)
    assert relying_party("http://localhost:8080") == RelyingParty("localhost", "http://localhost:8080")
    assert relying_party("https://bücher.example") == RelyingParty(
        "xn--bcher-kva.example", "https://xn--bcher-kva.example"
    )
    for none in ("", "http://example.org", "https://127.0.0.1", "http://[::1]:80", "ftp://a.example", "https://a:b"):
        assert relying_party(none) is None


def test_a_form_of_somebody_else_asks_and_signs_nothing(sqlite: Storage) -> None:
    """Another site cannot sign a visitor in as somebody else, nor have us keep what nobody asked."""
    service = a_safe_site(sqlite)
    with visitor(service) as client:
        client.headers["sec-fetch-site"] = "cross-site"
        assert [client.post(f"/en/sign-in/passkey{rest}").status_code for rest in ("", "/ask")] == [403, 403]


@given(st.recursive(st.none() | st.text(max_size=5) | st.integers(), lambda one: st.lists(one, max_size=3)))
def test_no_answer_is_a_fault(value: object) -> None:
    """Whatever stands where an answer has its parts: it is refused, and nothing else is raised."""
    from tbtwatch.pipeline.passkeys import PasskeyRefusedError, _challenge_of, _named

    for whole in (value, {"response": value}, {"response": {"clientDataJSON": value}, "rawId": value}):
        for read in (_challenge_of, _named):
            with pytest.raises(PasskeyRefusedError):
                read(json.dumps(whole))
