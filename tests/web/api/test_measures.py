"""Measures, asked for by programs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from tbtwatch.storage import Storage
from tests.builders import a_notice
from tests.web.api.asking import Program, a_token, asked, two_enterprises
from tests.web.test_look import symbols
from tests.web.town import BATTERY, HOSTILE, JELLY, JOINT, PAYLOADS, a_town


@pytest.fixture
def client(storage: Storage) -> Iterator[httpx.Client]:
    """Somebody who asks about the town."""
    with asked(a_town(storage)) as client:
        yield client


@pytest.fixture
def on_sqlite(sqlite: Storage) -> Iterator[Program]:
    """The same on SQLite alone, for what no database has to do with."""
    with asked(a_town(sqlite)) as client:
        yield Program(client)


def test_programs_find_what_the_page_finds(client: httpx.Client) -> None:
    """The same measures in the same order, for the same question."""
    for query in (
        "",
        "q=labelling+batteries",
        "q=鋰電池",
        "market=EAC&sort=newest",
        "market=Kenya&market=EU&sort=newest",
        "hs=8507.60",
        "ics=97",
        "stage=draft&sort=deadline",
        "since=2026-02-20",
        "q=toys&market=UGA&hs=9503",
        "q=toys&market=EU",
    ):
        told = [one["symbol"] for one in client.get(f"/api/v1/measures?{query}").json()["measures"]]
        assert told == symbols(client.get(f"/en/search?{query}").text), query
        counted = client.get(f"/api/v1/search?{query.replace('&sort=newest', '').replace('&sort=deadline', '')}").json()
        assert counted["total"] == len(told)


@pytest.mark.parametrize("sort", ["newest", "relevance", "deadline", "recorded"])
def test_a_walk_shows_each_measure_once_while_new_ones_come(storage: Storage, sort: str) -> None:
    """Whatever is recorded between two stretches, nothing that was there is missed, and nothing comes twice."""
    service = a_town(storage)
    with asked(service) as client:
        program = Program(client)
        path = f"measures?limit=1&sort={sort}&q=a+-nothing" if sort == "relevance" else f"measures?limit=1&sort={sort}"
        there = [one["id"] for one in program.all(path.replace("limit=1", "limit=100"), "measures")]
        met, at, number = [], path, 0
        while at:
            stretch = program.read(at)
            met += [one["id"] for one in stretch["measures"]]
            at, number = stretch["next"], number + 1
            if number <= 3:
                new = a_notice(
                    symbol=f"G/TBT/N/KEN/{3000 + number}",
                    distribution_date=date(2026, 3, 2) if number % 2 else date(2024, 1, 1),
                )
                service.poll([new], alert=False)

    assert len(met) == len(set(met))
    assert [one for one in met if one in there] == there
    if sort == "recorded":
        assert len(met) == len(there) + 3


def test_a_list_goes_on_by_its_header_too(on_sqlite: Program) -> None:
    """The same address as in the answer (RFC 8288); the last stretch has none."""
    first = on_sqlite.get("measures?limit=2&market=KEN&market=EU")
    assert first.headers["link"] == f'<{first.json()["next"]}>; rel="next"'
    last = on_sqlite.get(first.json()["next"])
    assert "link" not in last.headers and last.json()["next"] is None
    assert first.json()["total"] == last.json()["total"] == 3


def test_what_is_not_understood_is_refused_in_a_sentence(on_sqlite: Program) -> None:
    """A filter that is mistyped is never left out in silence; every mistake is named."""
    for query, said in {
        "maket=KEN": "there is no such parameter; there are area, cursor",
        "market=Atlantis": "'Atlantis' is no market known here",
        "area=toy": "did you mean toys?",
        "stage=law": "is no stage",
        "kind=labeling": "is no kind of measure",
        "hs=8": "is no HS code; write 2 to 10 digits",
        "ics=x": "is no ICS code",
        "since=yesterday": "write a day as 2026-03-01",
        "open=1": "write true or false",
        "limit=0": "greater than or equal to 1",
        "limit=101": "less than or equal to 100",
        "sort=best": "'newest', 'deadline'",
        "cursor=xyz": "this is no cursor",
        "cursor=%00": "this is no cursor",
    }.items():
        answer = on_sqlite.get(f"measures?{query}")
        assert answer.status_code == 422, query
        assert answer.headers["content-type"] == "application/problem+json"
        (mistake,) = answer.json()["errors"]
        assert said in mistake["detail"] and mistake["where"] == query.partition("=")[0], mistake
    both = on_sqlite.get("measures?market=Atlantis&hs=x").json()
    assert [one["where"] for one in both["errors"]] == ["market", "hs"]
    cursor = on_sqlite.read("measures?limit=1")["next"].partition("cursor=")[2]
    other = on_sqlite.get(f"measures?limit=1&market=KEN&cursor={cursor}")
    assert other.status_code == 422 and "another question" in other.json()["detail"]


def test_every_mistake_is_a_problem_with_a_sentence(on_sqlite: Program) -> None:
    """404, 405, 401, 414 and 422 alike: what is wrong, and what to do (RFC 9457)."""
    client = on_sqlite.client
    answers = {
        404: on_sqlite.get("measures/999"),
        405: client.post("/api/v1/measures"),
        401: on_sqlite.get("subscriptions"),
        422: on_sqlite.get("measures/none"),
        414: on_sqlite.get("measures?q=" + "x" * 20_000),
    }
    for status, answer in answers.items():
        told = answer.json()
        assert answer.status_code == told["status"] == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert told["type"] == "about:blank" and told["title"] and told["detail"].endswith(".")
        assert answer.headers["cache-control"] == "no-store"
    assert answers[405].headers["allow"] == "GET, HEAD"
    assert answers[401].headers["www-authenticate"].startswith("Bearer ")
    assert on_sqlite.get("nothing").json()["detail"].startswith("There is nothing at this address.")
    huge = on_sqlite.get("measures/99999999999999999999")
    assert huge.status_code == 422
    near = on_sqlite.get("measures/by-symbol?symbol=G/TBT/N/KEN/1515").json()
    assert near["status"] == 404 and near["near"] == [JELLY]


def test_a_measure_is_told_whole(client: httpx.Client) -> None:
    """By any of its symbols: every date with how it was come by, what each document changed, and why it is so."""
    program = Program(client)
    found = program.read(f"measures/by-symbol?symbol={BATTERY}/Add.1")
    assert found == program.read(f"measures/{found['id']}")
    assert (found["symbol"], found["status"], found["open_for_comments"]) == (BATTERY, "draft", True)
    assert found["comment_deadline"]["value"] == "2026-05-01"
    assert found["comment_deadline"]["quality"] == "stated" and found["act_by"] == "2026-04-17"
    assert found["links"] == ["https://documents.example/battery.pdf", "http://documents.example/annex.pdf"]
    assert [one["name"] for one in found["sources"]] == ["listed"]
    joint = program.read(f"measures/by-symbol?symbol={JOINT[1]}&language=zh")
    assert joint["symbols"] == list(JOINT) and joint["markets"][1] == {"code": "UGA", "name": "乌干达"}
    assert joint["comment_deadline"]["quality"] == "computed"
    assert joint["comment_deadline"]["rule"] == "notification + 60 days"

    documents = program.read(found["timeline_url"])["documents"]
    assert [one["type"] for one in documents] == ["revision", "addendum", "regular"]
    moved = [change for change in documents[1]["changes"] if change["kind"] == "deadline_moved"]
    assert [(one["old"], one["new"]) for one in moved] == [("2026-03-10", "2026-03-20")]
    said = program.read(program.read(f"measures/by-symbol?symbol={JELLY}")["evidence_url"])["findings"]
    area = next(one for one in said if one["facet"] == "area")
    assert (area["value"], area["evidence"][0]["rule"]) == ("food", "food-by-hs")


def test_who_has_an_answer_gets_it_not_again(on_sqlite: Program) -> None:
    """By its tag, with GET and HEAD; what anybody may read may be kept on the way, what a token opens may not."""
    for path in ("measures", "search?q=battery", "measures/1", "sources", "openapi.json", ""):
        first = on_sqlite.get(path)
        tag = first.headers["etag"]
        again = on_sqlite.get(path, **{"If-None-Match": f'"other", {tag}'})
        assert (again.status_code, again.content) == (304, b"") and again.headers["etag"] == tag
        assert first.headers["cache-control"] == "public, max-age=60"
        assert "Authorization" in first.headers["vary"]
        head = on_sqlite.client.head(f"/api/v1/{path}")
        assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    assert on_sqlite.get("measures", **{"If-None-Match": 'W/"other"'}).status_code == 200


def test_an_answer_to_a_token_is_kept_nowhere(sqlite: Storage) -> None:
    """Neither on the way nor by other origins: no CORS header stands on any answer."""
    service = two_enterprises(sqlite)
    with asked(service) as client:
        for program in (Program(client), Program(client, a_token(service))):
            answer = program.get("measures", Origin="https://elsewhere.example")
            assert not any(name.startswith("access-control") for name in answer.headers)
            assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
            assert answer.headers["x-content-type-options"] == "nosniff" and "set-cookie" not in answer.headers
        assert answer.headers["cache-control"] == "private, no-cache"
        asks_first = client.options("/api/v1/measures", headers={"Origin": "https://elsewhere.example"})
        assert asks_first.status_code == 405


def test_hostile_words_arrive_as_words(on_sqlite: Program) -> None:
    """As JSON text, without signs that turn its direction; links that are no web links are left out."""
    found = on_sqlite.read(f"measures/by-symbol?symbol={HOSTILE}")
    assert PAYLOADS[0] in found["title"] and "\u202e" not in found["title"]
    assert found["links"] == [] or all(re.match(r"https?://", one) for one in found["links"])
    assert found["source_page"] is None
    answer = on_sqlite.get(f"measures/by-symbol?symbol={HOSTILE}")
    assert answer.headers["content-type"] == "application/json"


def test_nothing_that_is_asked_fails(on_sqlite: Program) -> None:
    """Whatever stands in an address: an answer or a sentence."""
    for payload in (*PAYLOADS, "\x00", "%", "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), "é" * 300):
        for path in ("measures", "search"):
            for name in ("q", "market", "hs", "cursor", "since", payload[:30]):
                answer = on_sqlite.client.get(f"/api/v1/{path}", params={name: payload})
                assert answer.status_code in (200, 422), (path, name, payload)
        assert on_sqlite.client.get("/api/v1/measures/by-symbol", params={"symbol": payload}).status_code in (404, 422)
