"""JSON Feed: what is one, what its entries say, and how far it is followed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.sources.answers import NOW, answer, whole_poll
from watcher.notice import Notice
from watcher.source import Cursor, Entry, Request, Source, SourceError
from watcher.sources import make_source

URL = "https://reg.example/news/feed.json"


def source(**over: Any) -> Source:
    return make_source({"name": "f", "kind": "json_feed", "url": URL, "issuer": "XX-REG", **over})


def feed(*items: Any, **over: Any) -> bytes:
    return json.dumps(
        {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": list(items), **over}
    ).encode()


def entries(body: bytes, **over: Any) -> list[Entry]:
    made = source(**over)
    return list(made.parse(answer(made, body), Cursor()).entries)


def only(body: bytes, **over: Any) -> Notice:
    (entry,) = entries(body, **over)
    assert entry.notice is not None
    return entry.notice


def test_every_field_of_an_item_is_read() -> None:
    """By the names of the specification; relative addresses stand against the feed's own."""
    notice = only(
        feed(
            {
                "id": "2026-17",
                "url": "/notices/17",
                "external_url": "https://law.example/17",
                "title": "Draft order on <b>chargers</b>",
                "content_html": "<p>Plugs of chargers must be marked.</p><p>From May.</p>",
                "summary": "Plugs",
                "date_published": "2026-11-02T23:30:00-05:00",
                "date_modified": "2026-11-09T10:00:00Z",
                "language": "fr-CA",
                "attachments": [{"url": "https://reg.example/17.pdf", "mime_type": "application/pdf"}],
            }
        )
    )

    assert notice.symbols == ("2026-17",)
    assert notice.title == "Draft order on chargers"
    assert notice.content_summary == "Plugs of chargers must be marked.\nFrom May."
    assert notice.page == "https://reg.example/notices/17"
    assert notice.links == ("https://law.example/17", "https://reg.example/17.pdf")
    assert notice.distribution_date == date(2026, 11, 2)


def test_the_language_of_the_feed_holds_for_an_item_that_states_none() -> None:
    """Version 1.1 has it in both places."""
    assert only(feed({"id": "1", "title": "XK-7"}, language="es-MX")).language == "es"
    assert only(feed({"id": "1", "title": "XK-7", "language": "de"}, language="es")).language == "de"
    assert only(feed({"id": "1", "title": "XK-7"}), language="ja").language == "ja"


@pytest.mark.parametrize(
    ("written", "key"),
    [(17, "17"), (17.0, "17"), (1.5, "1.5"), ("17", "17"), ("https://reg.example/17", "reg.example/17")],
)
def test_an_id_may_be_a_number(written: Any, key: str) -> None:
    """Version 1.0 says to read one as text; feeds do it to this day."""
    assert [entry.key for entry in entries(feed({"id": written, "title": "Toys"}))] == [key]


@pytest.mark.parametrize(
    "item", [{"external_url": "https://law.example/9"}, {"content_text": "Only words."}, {"title": "Toys"}]
)
def test_an_item_needs_no_id(item: dict[str, Any]) -> None:
    """It is known by its address, its title or its text."""
    first, second = entries(feed(item)), entries(feed(item))

    assert first[0].notice is not None
    assert [entry.key for entry in first] == [entry.key for entry in second]


def test_an_item_that_is_none_stops_no_other() -> None:
    """It is a problem with its number."""
    good, *bad = entries(feed("nothing", {"id": "1", "title": "Toys"}, {"id": None}, None, None))

    assert good.notice is not None
    assert [entry.problem[:8] for entry in bad] == ["entry 1 ", "entry 3 ", "entry 4 "]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b'{"items": []}', "it has no version"),
        (b'{"version": "1.1", "items": []}', "its version is '1.1'"),
        (b'{"version": "https://jsonfeed.org/version/2", "items": []}', "its version is"),
        (b'{"version": 1, "items": []}', "its version is '1'"),
        (b"[]", "it is a list of 0"),
        (b"null", "nothing \\(null\\)"),
        (b'{"version": "https://jsonfeed.org/version/1"}', "its items are nothing"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {"a": 1}}', "its items are an object"),
        (b"<html><h1>Gone</h1></html>", "a web page instead of a JSON Feed: 'Gone'"),
        (b"", "nothing at all"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": [{"id"', "breaks off"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_feed_says_so(body: bytes, sentence: str) -> None:
    """ "No news" and "something is broken" never look the same."""
    with pytest.raises(SourceError, match=sentence):
        entries(body)


def test_an_empty_feed_is_a_feed() -> None:
    """Some hold nothing for weeks; the older spelling of the version is one, too."""
    assert entries(feed()) == []
    assert entries(feed(version="http://jsonfeed.org/version/1/")) == []


def paged(request: Request) -> bytes:
    """Ten pages of two entries a day, the newest first: 20 November and back."""
    number = int(request.url.rpartition("=")[2]) if "=" in request.url else 1
    items = [
        {"id": f"{number}-{half}", "title": "Toys", "date_published": f"2026-11-{21 - number:02}"} for half in (1, 2)
    ]
    return feed(*items, **({"next_url": f"?page={number + 1}"} if number < 10 else {}))


def test_a_first_poll_follows_every_page() -> None:
    """Up to max_pages."""
    found, asked = whole_poll(source(), paged)

    assert len(found) == 20
    assert [request.page for request in asked] == list(range(1, 11))
    assert [request.conditional for request in asked] == [True] + [False] * 9
    assert len(whole_poll(source(max_pages=4), paged)[0]) == 8


def test_a_later_poll_stops_where_everything_was_read_before() -> None:
    """A page of entries older than the overlap is the last one asked for."""
    cursor = Cursor(high_water=date(2026, 11, 18), seeded_at=NOW)

    assert len(whole_poll(source(overlap_days=2), paged, cursor)[1]) == 6


def test_a_flood_that_goes_on_behind_the_last_page_is_a_fault() -> None:
    """Something between it and what was read before would never be seen."""
    cursor = Cursor(high_water=date(2026, 11, 18), seeded_at=NOW)

    with pytest.raises(SourceError, match="3 pages without coming to what was read before"):
        whole_poll(source(overlap_days=2, max_pages=3), paged, cursor)


def test_a_next_page_at_another_host_is_not_asked() -> None:
    """A feed does not go on at a stranger's."""
    made = source()
    for link in ("https://evil.example/2", "//evil.example/2", "https://reg.example:8443/2", "javascript:alert(1)"):
        with pytest.raises(SourceError, match="next page"):
            made.parse(answer(made, feed({"id": "1"}, next_url=link)), Cursor())


def test_a_feed_that_goes_round_in_circles_ends() -> None:
    """Whether it points to itself or from page to page."""
    assert len(whole_poll(source(), lambda _: feed({"id": "1"}, next_url=URL))[1]) == 1

    def circle(request: Request) -> bytes:
        number = int(request.url.rpartition("=")[2]) if "=" in request.url else 0
        return feed({"id": str(number % 3)}, next_url=f"?page={(number + 1) % 3}")

    assert len(whole_poll(source(max_pages=500), circle)[1]) <= 4


def test_an_unchanged_feed_gives_nothing() -> None:
    """304 has no body to be read."""
    made = source()
    document = replace(answer(made, b""), not_modified=True)
    assert list(made.parse(document, Cursor()).entries) == []


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
item_names = st.sampled_from(
    [
        "id",
        "url",
        "external_url",
        "title",
        "content_html",
        "content_text",
        "summary",
        "date_published",
        "date_modified",
        "attachments",
        "language",
    ]
)


@settings(max_examples=150, deadline=None)
@given(
    items=st.lists(st.dictionaries(item_names, json_values, max_size=6) | json_values, max_size=4), next_url=json_values
)
def test_any_feed_is_read_or_refused_in_a_sentence(items: list[Any], next_url: Any) -> None:
    """A publisher cannot bring the program down, and what is read has keys that stay."""
    body = feed(*items, next_url=next_url)
    try:
        found, again = entries(body), entries(body)
    except SourceError:
        return
    assert [entry.key for entry in found] == [entry.key for entry in again]
    assert len({entry.key for entry in found}) == len(found)
    assert all(entry.key and (entry.notice is None) == bool(entry.problem) for entry in found)
    assert not any("reading it failed" in entry.problem for entry in found)


def test_the_cursor_moves_to_the_latest_day() -> None:
    """A day in the future moves nothing."""
    now = datetime(2026, 11, 20, tzinfo=UTC)
    assert source().advance(Cursor(), seen=date(2026, 11, 2), now=now).high_water == date(2026, 11, 2)
    assert source().advance(Cursor(), seen=date(3200, 1, 1), now=now).high_water is None
