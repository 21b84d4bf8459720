"""How often somebody may ask, and who somebody is."""

from __future__ import annotations

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from tbtwatch.pipeline.sign_in_rules import networks
from tbtwatch.settings import Settings
from tbtwatch.storage import Storage
from tbtwatch.web.limits import MOST_KEPT, Limiter
from tbtwatch.web.terms import Terms
from tests.web.api.asking import Program, a_token, asked, two_enterprises


class Seconds:
    """A clock to turn."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@given(st.integers(1, 500), st.lists(st.floats(0, 30), max_size=200))
def test_nobody_gets_more_than_is_allowed(per_minute: int, pauses: list[float]) -> None:
    """In no minute more than twice the minute's requests (what was saved up, and what comes), and after waiting as
    long as was said there is one."""
    clock = Seconds()
    limiter = Limiter(clock)
    granted: list[float] = []
    for pause in [0.0] * (per_minute + 1) + pauses:
        clock.now += pause
        left = limiter.ask("token", "1", per_minute)
        if left.allowed:
            granted.append(clock.now)
        else:
            assert left.left == 0 and left.wait >= 1
    for at in granted:
        assert sum(at <= one < at + 60 for one in granted) <= 2 * per_minute + 1
    refused = limiter.ask("token", "1", per_minute, cost=per_minute)
    if not refused.allowed:
        clock.now += refused.wait
        assert limiter.ask("token", "1", per_minute, cost=per_minute).allowed


def test_those_who_ask_are_forgotten_in_their_order() -> None:
    """However many addresses ask, what is remembered of them is bounded."""
    limiter = Limiter(Seconds())
    for number in range(MOST_KEPT + 10):
        limiter.ask("address", str(number), 60)
    assert len(limiter._levels) == MOST_KEPT


def test_too_many_requests_are_told_when_to_come_again(sqlite: Storage) -> None:
    """By address without a token, by token with one, and a token's requests take nothing from its address."""
    service = two_enterprises(sqlite)
    one, other = a_token(service), a_token(service)
    with asked(service, Terms(per_minute=4, public_per_minute=3)) as client:
        anybody, first, second = Program(client), Program(client, one), Program(client, other)
        answers = [anybody.get("measures/1") for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"minute";q=3;w=60'
        assert answers[0].headers["ratelimit"].startswith('"minute";r=2;t=')
        refused = answers[3]
        assert refused.headers["content-type"] == "application/problem+json"
        assert 1 <= int(refused.headers["retry-after"]) <= 20
        assert "3 a minute are allowed" in refused.json()["detail"] and "With a token" in refused.json()["detail"]
        assert [first.get("measures/1").status_code for _ in range(5)] == [200] * 4 + [429]
        assert second.get("measures/1").status_code == 200
        assert client.get("/en/search").status_code == 200


def test_without_a_token_nothing_is_answered_where_that_is_set(sqlite: Storage) -> None:
    """The pages go on."""
    service = two_enterprises(sqlite)
    with asked(service, Terms(public_per_minute=0)) as client:
        refused = Program(client).get("measures")
        assert refused.status_code == 401 and "with a token alone" in refused.json()["detail"]
        assert Program(client, a_token(service)).get("measures").status_code == 200
        assert client.get("/en/search.csv").status_code == 200


@pytest.mark.parametrize(
    ("client", "forwarded", "asker"),
    [
        ("203.0.113.5", "", "203.0.113.5"),
        ("203.0.113.5", "198.51.100.1", "203.0.113.5"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1, 10.0.0.3", "198.51.100.1"),
        ("127.0.0.1", "no address", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("10.0.0.3", "10.0.0.4", "10.0.0.4"),
        ("127.0.0.1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.5", "", "203.0.113.5"),
    ],
)
def test_who_asks_is_whom_our_own_servers_name(client: str, forwarded: str, asker: str) -> None:
    """What a stranger writes into the header is believed of none but a web server of ours."""
    terms = Terms(proxies=networks("127.0.0.1, 10.0.0.0/8"))
    lines = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert terms.asker(Request({"type": "http", "client": (client, 1), "headers": lines})) == asker


def test_visitors_behind_a_web_server_do_not_share_a_limit(sqlite: Storage) -> None:
    """Each has their own, by the header of the server that is named."""
    service = two_enterprises(sqlite)
    terms = Terms(public_per_minute=2, proxies=networks("127.0.0.1"))

    def asks(client: httpx.Client, address: str) -> int:
        return Program(client).get("measures/1", **{"X-Forwarded-For": address}).status_code

    with asked(service, terms) as client:
        assert [asks(client, "198.51.100.1") for _ in range(3)] == [200, 200, 429]
        assert asks(client, "198.51.100.2") == 200


def test_terms_are_those_of_the_settings() -> None:
    """Each setting arrives."""
    settings = Settings(
        api_per_minute=7,
        api_public_per_minute=3,
        trusted_proxies="10.0.0.0/8",
        security_contact="security@example.org",
    )
    terms = Terms.of(settings)
    assert (terms.per_minute, terms.public_per_minute) == (7, 3)
    assert [str(one) for one in terms.proxies] == ["10.0.0.0/8"]
    assert terms.security_contact == "mailto:security@example.org" and terms.security_expires is None
    for wrong in ({"trusted_proxies": "nobody"}, {"security_contact": "call me"}):
        with pytest.raises(ValueError, match="write"):
            Settings(**wrong)  # type: ignore[arg-type]
