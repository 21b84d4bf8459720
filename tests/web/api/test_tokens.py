"""Tokens: made, shown once, read, refused."""

from __future__ import annotations

import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text as statement

from tbtwatch.cli.main import run
from tbtwatch.pipeline.feeds import make_feed
from tbtwatch.pipeline.tokens import (
    PREFIX,
    RefusedTokenError,
    Scope,
    TokenError,
    is_whole,
    make_token,
    new_text,
    read_token,
    revoke_token,
)
from tbtwatch.storage import Storage
from tbtwatch.web.terms import Terms
from tests.pipeline.service import SmallService
from tests.web.api.asking import DRINKS, Program, a_token, asked, two_enterprises


def test_a_token_is_kept_by_its_hash_alone(storage: Storage) -> None:
    """Nothing that is stored opens anything; what may be done with it is stored as it was made."""
    service = SmallService(storage)
    service.subscribe()
    text = a_token(service, Scope.MEASURES, Scope.SUBSCRIPTIONS)
    with storage.engine.connect() as connection:
        (row,) = connection.execute(statement("SELECT * FROM api_token")).mappings()
    assert text not in str(dict(row)) and text.removeprefix(PREFIX)[:20] not in str(dict(row))
    known = read_token(text, service.desk)
    assert (known.enterprise, known.scopes) == (DRINKS, {"measures:read", "subscriptions:read"})
    with pytest.raises(RefusedTokenError, match="no token of ours"):
        read_token(row["token_hash"], service.desk)


def test_a_token_ends(storage: Storage) -> None:
    """By its day, by being revoked, and with its enterprise."""
    service = SmallService(storage)
    service.subscribe()
    short, revoked, of_the_gone = (a_token(service, days=days) for days in (1, 30, 30))
    with storage.begin() as tx:
        assert tx.tokens.revoke(2, by="Li", why="lost", now=service.clock())
        assert not tx.tokens.revoke(2, by="Li", why="again", now=service.clock())
    with pytest.raises(RefusedTokenError, match="was revoked"):
        read_token(revoked, service.desk)
    read_token(short, service.desk)
    service.clock.turn(days=1)
    with pytest.raises(RefusedTokenError, match="expired on 2026-03-03"):
        read_token(short, service.desk)
    read_token(of_the_gone, service.desk)
    with storage.begin() as tx:
        enterprise = tx.subscriptions.find_enterprise(DRINKS)
        assert enterprise is not None
        tx.belongings(enterprise).erase()
    with pytest.raises(RefusedTokenError, match="not known here"):
        read_token(of_the_gone, service.desk)


def test_who_gave_and_who_revoked_a_token_is_written_down(storage: Storage) -> None:
    """Once each, with what it may read and why it ended, and never with the token; what was not done leaves no row."""
    service = SmallService(storage)
    service.subscribe()
    made, text = make_token(
        name="customs",
        scopes=(Scope.MEASURES, Scope.DELIVERIES),
        enterprise=DRINKS,
        days=30,
        by="Li",
        desk=service.desk,
    )
    assert revoke_token(made.id, by="Wang", why="lost", desk=service.desk)
    assert not revoke_token(made.id, by="Wang", why="again", desk=service.desk)
    with pytest.raises(LookupError, match="there is no token 7"):
        revoke_token(7, by="Wang", why="lost", desk=service.desk)
    with pytest.raises(TokenError):
        make_token(name="customs", scopes=(), days=30, by="Li", desk=service.desk)
    with storage.look() as tx:
        found = tx.audit.list(deed="token")
    assert [(one.deed, one.by, one.about, dict(one.detail)) for one in found] == [
        ("token.revoke", "Wang", f"token {made.id}", {"reason": "lost"}),
        (
            "token.make",
            "Li",
            f"token {made.id}",
            {"scopes": ["deliveries:read", "measures:read"], "enterprise": made.enterprise_id, "days": 30},
        ),
    ]
    with storage.engine.connect() as connection:
        rows = [dict(row) for row in connection.execute(statement("SELECT * FROM audit")).mappings()]
    assert len(rows) == 2 and text.removeprefix(PREFIX)[:20] not in str(rows)


def test_its_last_use_is_noted_every_ten_minutes(storage: Storage) -> None:
    """Not with each request: reading would write then."""
    service = SmallService(storage)
    text = a_token(service, Scope.MEASURES, enterprise="")
    uses = []
    for minutes in (0, 5, 6):
        service.clock.turn(minutes=minutes)
        read_token(text, service.desk)
        with storage.look() as tx:
            uses.append((service.clock() - tx.tokens.get(1).used_at).total_seconds())  # type: ignore[operator]
    assert uses == [0, 300, 0]


@given(st.data())
def test_a_slip_of_the_finger_is_seen(data: st.DataObject) -> None:
    """Any one sign that is another makes it no token, without a look in the database."""
    text = new_text()
    assert is_whole(text) and len(text) == 51
    at = data.draw(st.integers(0, len(text) - 1))
    sign = data.draw(st.sampled_from(string.ascii_letters + string.digits).filter(lambda one: one != text[at]))
    assert not is_whole(text[:at] + sign + text[at + 1 :])
    assert not is_whole(data.draw(st.text(max_size=60)))


def test_a_token_that_cannot_be_is_not_made(sqlite: Storage) -> None:
    """Each refusal says what to write instead."""
    service = SmallService(sqlite)
    service.subscribe()
    for over, said in (
        ({"scopes": ()}, "give it a scope"),
        ({"days": 0}, "write 1 to 731"),
        ({"name": " "}, "the name is empty"),
        ({"enterprise": ""}, "of which enterprise"),
        ({"enterprise": "Nobody"}, "there is no enterprise 'Nobody'"),
    ):
        asked_for = {"name": "x", "scopes": (Scope.DELIVERIES,), "enterprise": DRINKS, "days": 3, "by": "Li", **over}
        with pytest.raises((TokenError, LookupError), match=said):
            make_token(**asked_for, desk=service.desk)  # type: ignore[arg-type]


def test_a_token_opens_what_it_is_good_for_and_nothing_else(sqlite: Storage) -> None:
    """A scope for each sort of thing; 403 says which is missing, 401 that one is needed."""
    service = two_enterprises(sqlite)
    paths = {
        Scope.MEASURES: "measures/1",
        Scope.SUBSCRIPTIONS: "subscriptions",
        Scope.DELIVERIES: "deliveries",
        Scope.SOURCES: "sources",
        Scope.RULES: "rules",
    }
    with asked(service) as client:
        for scope in Scope:
            program = Program(client, a_token(service, scope))
            for needed, path in paths.items():
                answer = program.get(path)
                assert answer.status_code == (200 if needed is scope else 403), (scope, path)
                if needed is not scope:
                    assert f"not good for {needed}" in answer.json()["detail"]
                    assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]
        anybody = {scope: Program(client).get(path).status_code for scope, path in paths.items()}
        none_of_its_own = Program(client, a_token(service, Scope.MEASURES, enterprise=""))
        assert none_of_its_own.get("measures").status_code == 200
    assert {scope for scope, status in anybody.items() if status == 200} == {Scope.MEASURES, Scope.SOURCES}
    assert set(anybody.values()) == {200, 401}


def test_no_other_secret_opens_the_api_and_no_token_anything_else(sqlite: Storage) -> None:
    """Nor does a token work in an address, as a cookie or as a password."""
    service = two_enterprises(sqlite)
    text = a_token(service)
    _, feed = make_feed(enterprise=DRINKS, subscription_id=None, language="en", name="", by="Li", desk=service.desk)
    with sqlite.look() as tx:
        unsubscribing = tx.subscriptions.token(1)
    with asked(service) as client:
        for secret in (feed, unsubscribing, "null", text[:-1], text.lower(), f"{text} x"):
            answer = Program(client, secret).get("subscriptions")
            assert answer.status_code == 401 and answer.json()["detail"].endswith(".")
        assert client.get("/api/v1/subscriptions", auth=("token", text)).status_code == 401
        assert client.get("/api/v1/subscriptions", headers={"Cookie": f"token={text}"}).status_code == 401
        for name in ("token", "access_token"):
            assert client.get(f"/api/v1/subscriptions?{name}={text}").status_code in (401, 422)
        for path in (f"/f/{text}.ics", f"/f/{text}.atom", f"/u/{text}", f"/c/{text}", f"/l/{text}"):
            assert client.get(path).status_code == 404


def test_whoever_guesses_is_stopped(sqlite: Storage) -> None:
    """After thirty tokens that open nothing an address waits, with a right one too, and others do not."""
    service = two_enterprises(sqlite)
    text = a_token(service)
    with asked(service) as client:
        statuses = [Program(client, new_text()).get("subscriptions").status_code for _ in range(32)]
        assert statuses == [401] * 30 + [429] * 2
        assert Program(client, text).get("subscriptions").status_code == 429
        other = Program(client, text).get("subscriptions", **{"X-Forwarded-For": "203.0.113.9"})
        assert other.status_code == 429  # the one before us is not believed unless it is named
    with asked(service, Terms(per_minute=600, public_per_minute=60)) as client:
        assert Program(client, text).get("subscriptions").status_code == 200


def test_tokens_on_the_command_line(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Made, listed without the token, revoked with a reason; a wrong scope is refused with a sentence."""
    monkeypatch.setenv("TBTWATCH_DATABASE_URL", f"sqlite:///{tmp_path}/tbtwatch.db")

    def said(*words: str) -> str:
        assert run([*words]) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    said("init")
    made = json.loads(said("token", "make", "customs", "--scope", "measures:read", "--days", "30", "--json"))
    assert is_whole(made["token"]) and made["scopes"] == ["measures:read"]
    listed = json.loads(said("token", "list", "--json"))
    assert [one["name"] for one in listed] == ["customs"] and "token" not in listed[0]
    assert made["token"] not in said("token", "list")
    assert "opens nothing any more" in said("token", "revoke", "1", "--why", "lost")
    assert run(["token", "make", "x", "--scope", "measures:write"]) == 2
    assert "write measures:read, subscriptions:read" in capsys.readouterr().err
    assert run(["token", "revoke", "9", "--why", "lost"]) == 2
