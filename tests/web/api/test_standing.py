"""Addresses that everybody knows, and the page that describes the API."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import text as statement

from tbtwatch.pipeline.heartbeat import beat
from tbtwatch.storage import Storage
from tbtwatch.web.api import described
from tbtwatch.web.api.description import operations, shapes
from tbtwatch.web.standing import how_it_stands
from tbtwatch.web.terms import Terms
from tests.pipeline.service import SmallService
from tests.web.api.asking import Program, asked
from tests.web.served import served
from tests.web.test_look import tags
from tests.web.town import a_town


def test_crawlers_are_kept_from_what_is_endless_or_secret(sqlite: Storage) -> None:
    """Not from pages of measures."""
    from protego import Protego

    with asked(SmallService(sqlite)) as client:
        rules = Protego.parse(client.get("/robots.txt").text)
    for path in ("/en/search?market=KEN", "/zh/search.csv?q=x", "/api/v1/measures", "/f/x.ics", "/u/x", "/l/x", "/c/x"):
        assert not rules.can_fetch(path, "any"), path
    for path in ("/en/", "/en/m/G/TBT/N/KEN/1", "/zh/calendar", "/en/search"):
        assert rules.can_fetch(path, "any"), path


def test_whom_to_tell_of_a_hole(sqlite: Storage) -> None:
    """As the operator says, or nothing is said (RFC 9116: Contact and Expires are needed)."""
    service = SmallService(sqlite)
    desk = replace(service.desk, public_url="https://tbt.example.org")
    terms = Terms(security_contact="mailto:security@example.org", security_expires=date(2027, 1, 31))
    with served(desk, terms) as client:
        answer = client.get("/.well-known/security.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    said = dict(line.split(": ", 1) for line in answer.text.splitlines())
    assert said == {
        "Contact": "mailto:security@example.org",
        "Expires": "2027-01-31T23:59:59+08:00",
        "Preferred-Languages": "zh, en",
        "Canonical": "https://tbt.example.org/.well-known/security.txt",
    }
    with served(service.desk, replace(terms, security_expires=None)) as client:
        assert client.get("/.well-known/security.txt").status_code == 404


def test_ready_while_the_watch_ticks(storage: Storage) -> None:
    """Never having watched is no fault: the pages alone do not. Having ceased to is one."""
    service = SmallService(storage)
    assert how_it_stands(service.desk) == {"database": "ok", "schema": "ok", "watch": "never"}
    beat(storage, service.clock())
    service.clock.turn(minutes=14)
    assert how_it_stands(service.desk)["watch"] == "ok"
    service.clock.turn(minutes=2)
    with asked(service) as client:
        late = client.get("/ready")
        assert (late.status_code, late.json()["status"], late.json()["watch"]) == (503, "not ready", "late")
        assert client.get("/health").json() == {"status": "ok"}
    beat(storage, service.clock())
    with asked(service) as client:
        assert client.get("/ready").json() == {"status": "ready", "database": "ok", "schema": "ok", "watch": "ok"}


def test_not_ready_over_a_database_of_another_version_or_none(sqlite: Storage) -> None:
    """A word each, and nothing of what went wrong."""
    service = SmallService(sqlite)
    with sqlite.engine.begin() as connection:
        connection.execute(statement("UPDATE alembic_version SET version_num = '0001'"))
    assert how_it_stands(service.desk)["schema"] == "other version"
    with sqlite.engine.begin() as connection:
        connection.execute(statement("DROP TABLE meta"))
    with asked(service) as client:
        answer = client.get("/ready")
    assert answer.status_code == 503
    assert answer.json() == {"status": "not ready", "database": "no answer", "schema": "unknown", "watch": "unknown"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_reference_names_all_there_is(sqlite: Storage, language: str) -> None:
    """Every address, parameter and field of the description, with nothing loaded from elsewhere; every example that
    needs no token works as it stands."""
    with asked(a_town(sqlite)) as client:
        page = client.get(f"/{language}/api")
        assert page.status_code == 200 and len(page.content) < 100_000
        for one in operations(described()):
            assert f"GET {one.path}</code>" in page.text
            assert f'href="#shape-{one.shape}"' in page.text and f'id="shape-{one.shape}"' in page.text
            for line in one.parameters:
                assert f"<code>{line.name}</code>" in page.text, (one.id, line)
                assert line.about, (one.id, line.name)
        for shape in shapes(described()):
            for line in shape.fields:
                assert f"<code>{line.name}</code>" in page.text and line.about, (shape.name, line.name)
        examples = re.findall(r'curl &#34;([^<]+)&#34;|curl "([^"<]+)"', page.text)
        found = [one or other for one, other in examples]
        assert len(found) >= 8
        for address in found:
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address
        for name, attrs in tags(page.text):
            loaded = attrs.get("src") if name in ("script", "img") else ""
            assert not loaded or loaded.startswith("/static/")


def test_the_description_is_whole(sqlite: Storage) -> None:
    """OpenAPI 3.1 with a sentence for each address, parameter and field, and what a token must be good for."""
    with asked(SmallService(sqlite)) as client:
        answer = Program(client).get("openapi.json")
    told = answer.json()
    assert told == described() and told["openapi"].startswith("3.1")
    assert answer.headers["content-type"].startswith("application/vnd.oai.openapi+json")
    for path, item in told["paths"].items():
        operation = item["get"]
        assert operation["summary"] and operation["description"], path
        assert "application/json" not in operation["responses"].get("404", {}).get("content", {}), path
        assert operation["security"], path
    assert told["paths"]["/deliveries"]["get"]["security"] == [{"token": ["deliveries:read"]}]
    for name, schema in told["components"]["schemas"].items():
        for field, about in schema.get("properties", {}).items():
            assert about.get("description"), (name, field)
