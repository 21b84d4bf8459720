"""JSON lists that are asked for by POST: what is sent, page by page, as YAML says it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tbtwatch.configuration import SHIPPED, source_entries
from tests.recorded.reading import ABSENT, SAMPLES
from tests.watcher.sources.answers import NOW, answer, whole_poll
from tests.watcher.sources.test_json_api import source
from watcher.source import Cursor, Request
from watcher.sources import SourceConfigError, make_source
from watcher.sources.json_places import filled

READ = Cursor(high_water=date(2026, 11, 15), seeded_at=NOW)


def sent(request: Request) -> Any:
    assert request.body is not None
    return json.loads(request.body)


def asked(cursor: Cursor = READ, now: datetime = NOW, **over: Any) -> Request:
    return source(method="post", **over).first_request(cursor, now)


def numbered(start: int, stop: int) -> list[dict[str, Any]]:
    return [{"id": number, "title": "Toys"} for number in range(start, stop)]


# What is sent.


def test_a_body_is_sent_as_it_stands() -> None:
    """Members inside one another, lists, numbers, truth and nothing; a day that YAML read is a text."""
    body = {"criteria": {"year": [2026], "open": True, "text": "Prüfung", "none": None}, "from": date(2026, 1, 2)}
    request = asked(body=body)
    assert sent(request) == {**body, "from": "2026-01-02"}
    assert (request.body_type, request.accept) == ("application/json", "application/json, */*;q=0.5")
    assert sent(asked()) == {}
    assert source().first_request(READ, NOW).body is None


def test_days_stand_where_the_body_wants_them() -> None:
    """Anywhere in it, in the publisher's form or in one of their own; the years of a list each once, as numbers."""
    body = {
        "since": "{since}",
        "filter": "[{'from':'{since:%m/%d/%Y}'}]",
        "years": ["{today:%Y|number}", "{since:%Y|number}"],
        "range": {"from": "{since}", "to": "{today}"},
    }
    assert sent(asked(body=body, since_format="%d.%m.%Y")) == {
        "since": "01.11.2026",
        "filter": "[{'from':'11/01/2026'}]",
        "years": [2026],
        "range": {"from": "01.11.2026", "to": "20.11.2026"},
    }
    january = datetime(2027, 1, 3, tzinfo=UTC)
    assert sent(asked(now=january, body=body))["years"] == [2027, 2026]


def test_what_asks_for_a_day_that_there_is_none_of_is_left_out() -> None:
    """At the first poll of everything; what holds nothing else goes with it, what was empty stays."""
    body = {"range": {"from": "{since}"}, "filters": ["{since}"], "to": "{today}", "until": "{until}", "empty": {}}
    assert sent(asked(Cursor(), body=body)) == {"to": "2026-11-20", "empty": {}}


def test_a_back_fill_asks_for_its_days() -> None:
    """{since} and {until} may stand in the body."""
    made = source(method="post", body={"from": "{since}", "to": "{until}"})
    assert sent(made.range_request(date(2025, 1, 1), date(2025, 1, 31))) == {"from": "2025-01-01", "to": "2025-01-31"}


def test_the_day_is_the_publishers() -> None:
    """It is tomorrow in Tokyo before it is in Greenwich."""
    late = datetime(2026, 11, 20, 20, tzinfo=UTC)
    assert sent(asked(now=late, time_zone="Asia/Tokyo", body={"day": "{today}"})) == {"day": "2026-11-21"}


def test_a_form_is_written_as_browsers_do() -> None:
    """Lists several times; what has members of its own is JSON in its field."""
    body = {"q": "a&b ü", "type": ["x", "y"], "open": True, "n": 3, "none": None, "pay": {"start": 1, "of": ["é"]}}
    request = asked(body=body, body_as="form")
    assert request.body_type == "application/x-www-form-urlencoded"
    assert request.body is not None
    fields = parse_qs(request.body.decode("ascii"), keep_blank_values=True)
    assert fields == {
        "q": ["a&b ü"],
        "type": ["x", "y"],
        "open": ["true"],
        "n": ["3"],
        "none": [""],
        "pay": ['{"start": 1, "of": ["é"]}'],
    }


def test_a_key_is_never_in_the_body() -> None:
    """It goes in a header, or in the address; then nothing of the answer is kept."""
    by_header = asked(body={"a": 1}, key="s3cret", key_header="X-Key")
    by_address = asked(body={"a": 1}, key="s3cret", key_parameter="key")
    assert (by_header.headers["X-Key"], by_header.conditional) == ("s3cret", True)
    assert (by_address.url.endswith("?key=s3cret"), by_address.conditional) == (True, False)
    assert "s3cret" not in by_header.question
    for request in (by_header, by_address):
        assert request.body is not None and b"s3cret" not in request.body
        assert "s3cret" not in json.dumps(request.memory)


# Pages.


@pytest.mark.parametrize("form", ["json", "form"])
@pytest.mark.parametrize("held", [0, 1, 9, 10, 11, 25])
@pytest.mark.parametrize("total", [False, True])
@pytest.mark.parametrize(("by", "first"), [("page", 0), ("page", 1), ("offset", 0), ("offset", 1)])
def test_every_entry_is_read_page_by_page(form: str, held: int, total: bool, by: str, first: int) -> None:
    """The page or offset is counted inside the body; everything else in it stays."""
    body = {"q": "toys", "pay": {"sort": "day"}}
    paging = {"by": by, "parameter": "pay.at", "first": first, "size_parameter": "pay.rows", "size": 10}
    made = source(method="post", body=body, body_as=form, paging=paging, **({"total": "count"} if total else {}))

    def answers(request: Request) -> bytes:
        assert request.body is not None
        if form == "json":
            members = json.loads(request.body)
        else:
            members = dict(parse_qsl(request.body.decode("ascii")))
            members["pay"] = json.loads(members["pay"])
        assert (members["q"], members["pay"]["sort"], members["pay"]["rows"]) == ("toys", "day", 10)
        at = members["pay"]["at"] - first
        start = at if by == "offset" else at * 10
        found = numbered(start, min(start + 10, held))
        return json.dumps({"results": found, **({"count": held} if total else {})}).encode()

    found, requests = whole_poll(made, answers, Cursor())
    assert len({entry.key for entry in found}) == held
    assert {request.url for request in requests} == {"https://reg.example/api/list"}
    assert len({request.question for request in requests}) == len(requests)


def test_a_number_is_written_as_staff_wrote_it() -> None:
    """As a text if a text stands there."""
    made = source(method="post", body={"page": "0"}, paging={"by": "page", "parameter": "page", "first": 0, "size": 2})
    _, requests = whole_poll(made, lambda request: json.dumps({"results": numbered(0, 2)}).encode(), Cursor())
    assert [sent(request)["page"] for request in requests] == ["0", "1"]


def test_a_key_with_a_dot_in_it_is_one_key() -> None:
    """If it stands in the body so."""
    made = source(method="post", body={"page.number": 1}, paging={"by": "page", "parameter": "page.number", "size": 1})
    pages = [numbered(0, 1), numbered(1, 2), []]
    _, requests = whole_poll(made, lambda _: json.dumps({"results": pages.pop(0)}).encode(), Cursor())
    assert [sent(request) for request in requests] == [{"page.number": number} for number in (1, 2, 3)]


@pytest.mark.parametrize(
    "cursors", [["a", "b"], [17, 18], [["2026-11-01", 5], ["2026-10-01", 6]], [{"k": 1}, {"k": 2}]]
)
def test_a_cursor_goes_back_as_it_came(cursors: list[Any]) -> None:
    """A number stays one, and so do several values to search after; the same one again ends it."""
    made = source(method="post", paging={"by": "cursor", "parameter": "after", "next": "more"})
    given = [*cursors, cursors[-1]]
    count = iter(range(99))

    def answers(_: Request) -> bytes:
        number = next(count)
        return json.dumps({"results": numbered(number, number + 1), "more": given[number]}).encode()

    _, requests = whole_poll(made, answers, Cursor())
    assert [sent(request).get("after") for request in requests] == [None, *cursors]


def test_pages_may_be_counted_in_the_address_all_the_same() -> None:
    """`place: address`; the body is sent with each of them."""
    paging = {"by": "page", "parameter": "p", "size": 1, "place": "address"}
    made = source(method="post", body={"a": 1}, paging=paging)
    pages = [numbered(0, 1), []]
    _, requests = whole_poll(made, lambda _: json.dumps({"results": pages.pop(0)}).encode(), Cursor())
    assert [urlsplit(request.url).query for request in requests] == ["p=1", "p=2"]
    assert [sent(request) for request in requests] == [{"a": 1}] * 2


def test_a_next_link_is_asked_with_the_same_body() -> None:
    """On the same host."""
    made = source(method="post", body={"a": 1}, paging={"by": "next_link", "next": "next"})
    page = made.parse(answer(made, b'{"results": [{"id": 1}], "next": "/api/list?after=1"}'), Cursor())
    assert page.next is not None
    assert (page.next.url, sent(page.next)) == ("https://reg.example/api/list?after=1", {"a": 1})


# What staff may write.


@pytest.mark.parametrize(
    ("over", "words"),
    [
        ({"body": {"a": 1}}, "add 'method: post'"),
        ({"method": "put"}, "'get' or 'post'"),
        ({"method": "post", "body": [1]}, "must be members such as"),
        ({"method": "post", "body": {"a": float("nan")}}, "JSON cannot carry"),
        ({"method": "post", "body": {"a": "{today:year}"}}, "writes no day"),
        ({"method": "post", "body": {"a": "of {today:%Y|number}"}}, "no number by itself"),
        ({"method": "post", "body": {"a": "{today|number}"}}, "no number by itself"),
        ({"params": {"a": "{since:x}"}}, "'params' holds {since:x}"),
        ({"paging": {"by": "page", "parameter": "p", "place": "body"}}, "add 'method: post'"),
    ],
)
def test_a_mistake_is_a_sentence(over: dict[str, Any], words: str) -> None:
    """At the start, not at the first poll."""
    with pytest.raises(SourceConfigError) as raised:
        source(**over)
    assert words in str(raised.value)


def test_method_may_be_written_as_http_does() -> None:
    """POST is post."""
    assert source(method="POST").config.method == "post"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(body=st.dictionaries(st.text(), json_values, max_size=5))
def test_what_holds_no_place_is_sent_to_the_letter(body: dict[str, Any]) -> None:
    """Whatever it is."""
    assert filled(body, {}, "%Y-%m-%d") == body
    assert sent(asked(body=body)) == json.loads(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))


def test_the_shipped_fda_entry_asks_as_the_recorded_request_did() -> None:
    """The same address, form and members as in a recorded exchange that brought 168 products."""
    if not SAMPLES.exists():
        pytest.skip(ABSENT)
    recorded = yaml.safe_load((SAMPLES / "us-fda" / "ires_recalls_168_2026.vcr.yaml").read_text("utf-8"))
    theirs = recorded["interactions"][0]["request"]
    [entry] = [entry for entry in source_entries(Path(SHIPPED)) if entry["name"] == "us-fda-ires"]
    ours = make_source({**entry, "key": "s3cret"}).first_request(Cursor(), NOW)
    assert ours.body is not None
    assert ours.url.split("?")[0] == theirs["uri"]
    assert ours.body_type == theirs["headers"]["content-type"][0]
    [(name, payload)] = parse_qsl(ours.body.decode("ascii"))
    [(their_name, their_payload)] = parse_qsl(theirs["body"])
    mine, their = json.loads(payload), json.loads(their_payload)
    assert (name, mine.keys()) == (their_name, their.keys())
    assert set(mine["displaycolumns"].split(",")) <= set(their["displaycolumns"].split(","))
    assert (mine["start"], mine["filter"][:18]) == (their["start"], their["filter"][:18])
    assert mine["filter"] == "[{'eventlmdfrom':'10/21/2026'}]"
