"""Pages of a JSON list: every one is read, and every list has an end."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.sources.answers import NOW, answer, whole_poll
from tests.watcher.sources.test_json_api import URL, source
from watcher.source import Cursor, Request, SourceError


def asked(request: Request) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(request.url).query))


def numbered(start: int, stop: int) -> list[dict[str, Any]]:
    return [{"id": number, "title": "Toys"} for number in range(start, stop)]


def publisher(
    held: int, *, most: int = 100, by: str = "page", first: int = 1, total: bool = False, size: str = "n"
) -> Callable[[Request], bytes]:
    """A publisher that holds so many entries and gives at most so many a page."""

    def answers(request: Request) -> bytes:
        wanted = asked(request)
        count = min(int(wanted.get(size, most)), most)
        start = int(wanted["p"]) - first if by == "offset" else (int(wanted["p"]) - first) * count
        return json.dumps(
            {"results": numbered(start, min(start + count, held)), **({"count": held} if total else {})}
        ).encode()

    return answers


def keys(made: Any, answers: Callable[[Request], bytes]) -> tuple[int, int]:
    """How many different entries came, and in how many requests."""
    found, requests = whole_poll(made, answers)
    return len({entry.key for entry in found}), len(requests)


@pytest.mark.parametrize("held", [0, 1, 9, 10, 11, 20, 95, 100])
@pytest.mark.parametrize("total", [False, True])
@pytest.mark.parametrize(("by", "first"), [("page", 1), ("page", 0), ("offset", 0), ("offset", 1)])
def test_every_entry_is_read_however_pages_are_counted(held: int, total: bool, by: str, first: int) -> None:
    """By the publisher's count if there is one; else until a page is short, empty or repeated."""
    paging = {"by": by, "parameter": "p", "size_parameter": "n", "size": 10, "first": first}
    made = source(paging=paging, **({"total": "count"} if total else {}))

    read, requests = keys(made, publisher(held, by=by, first=first, total=total))
    assert read == held
    assert requests <= held // 10 + 2
    if total:
        assert requests == max(1, -(-held // 10))


@pytest.mark.parametrize("by", ["page", "offset"])
def test_a_publisher_that_gives_fewer_than_asked_for_is_followed(by: str) -> None:
    """It caps the size at ten and tells nobody."""
    first = 1 if by == "page" else 0
    paging = {"by": by, "parameter": "p", "size_parameter": "n", "size": 250}

    assert keys(source(paging=paging), publisher(35, most=10, by=by, first=first))[0] == 35
    assert keys(source(paging=paging, total="count"), publisher(35, most=10, by=by, first=first, total=True))[0] == 35


def test_a_size_need_not_be_known() -> None:
    """Then the first page shows it."""
    assert keys(source(paging={"by": "page", "parameter": "p"}), publisher(45, most=20)) == (45, 3)


def test_a_page_behind_the_last_that_repeats_the_last_is_the_end() -> None:
    """Some publishers answer so, others with the first page."""

    def clamped(request: Request) -> bytes:
        page = min(int(asked(request)["p"]), 3)
        return json.dumps({"results": numbered(page * 10, page * 10 + 10)}).encode()

    def round_again(request: Request) -> bytes:
        page = (int(asked(request)["p"]) - 1) % 3
        return json.dumps({"results": numbered(page * 10, page * 10 + 10)}).encode()

    made = source(paging={"by": "page", "parameter": "p"})
    assert keys(made, clamped) == (30, 4)
    assert keys(made, round_again) == (30, 4)


def test_a_parameter_without_effect_is_a_fault_where_the_count_tells() -> None:
    """The first page again and again is not the whole list."""
    body = json.dumps({"count": 95, "results": numbered(0, 10)}).encode()

    with pytest.raises(SourceError, match="gave on page 2 the same entries again, and counts 95: 'p' has no effect"):
        whole_poll(source(paging={"by": "page", "parameter": "p"}, total="count"), lambda _: body)


def test_a_flag_may_say_whether_there_is_more() -> None:
    """regulations.gov counts to 5,000 and says hasNextPage."""

    def answers(request: Request) -> bytes:
        page = int(asked(request)["p"])
        return json.dumps({"results": numbered(page * 3, page * 3 + 3), "meta": {"more": page < 4}}).encode()

    assert keys(source(paging={"by": "page", "parameter": "p", "next": "meta.more"}), answers) == (12, 4)


def test_what_is_left_out_counts_as_read() -> None:
    """A page of nothing but annexes is no last page, and not an empty answer."""

    def answers(request: Request) -> bytes:
        start = int(asked(request)["p"])
        things = [{"id": number, "kind": "annex" if number < 10 else "rule"} for number in range(start, start + 5)]
        return json.dumps({"results": things if start < 20 else [], "count": 20}).encode()

    made = source(paging={"by": "offset", "parameter": "p"}, where="kind != 'annex'", total="count")
    assert keys(made, answers) == (10, 4)


def test_a_cursor_is_followed_until_there_is_none() -> None:
    """Missing, null, empty or its own: each is an end in use."""
    for end in ({}, {"next": None}, {"next": ""}, {"next": "c3"}, {"next": False}):

        def answers(request: Request, end: dict[str, Any] = end) -> bytes:
            number = int(asked(request).get("c", "c0")[1:])
            more = {"next": f"c{number + 1}"} if number < 3 else end
            return json.dumps({"results": numbered(number, number + 1), **more}).encode()

        assert keys(source(paging={"by": "cursor", "parameter": "c", "next": "next"}), answers) == (4, 4)


@pytest.mark.parametrize(
    "link", ["?p=2", "/api/list?p=2", "https://reg.example/api/list?p=2", "http://reg.example/api/list?p=2"]
)
def test_a_next_link_is_followed_at_its_own_host(link: str) -> None:
    """Relative, absolute, or http from behind a proxy: never out of https."""
    made = source(paging={"by": "next_link", "next": "links.next"}, key="hush", key_header="X-Key")
    body = json.dumps({"results": numbered(0, 3), "links": {"next": {"href": link}}}).encode()

    following = made.parse(answer(made, body), Cursor()).next
    assert following is not None
    assert following.url == "https://reg.example/api/list?p=2"
    assert following.headers == {"X-Key": "hush"}
    assert (following.page, following.conditional) == (2, False)


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/?p=2",
        "//evil.example/x",
        "https://reg.example:444/?p=2",
        "ftp://reg.example/2",
        "http://[",
        "https://reg.example@evil.example/",
        "http://reg.example:8080/",
    ],
)
def test_a_next_link_elsewhere_is_a_fault(link: str) -> None:
    """The key would go there."""
    made = source(paging={"by": "next_link", "next": "next"})
    body = json.dumps({"results": numbered(0, 3), "next": link}).encode()

    with pytest.raises(SourceError, match="link to its next page"):
        made.parse(answer(made, body), Cursor())


def test_a_key_in_the_address_goes_along_to_the_next_page() -> None:
    """Publishers leave it out of their own links."""
    made = source(paging={"by": "next_link", "next": "next"}, key="hush", key_parameter="api_key")
    body = json.dumps({"results": numbered(0, 3), "next": f"{URL}?p=2"}).encode()

    following = made.parse(answer(made, body), Cursor()).next
    assert following is not None and following.url == f"{URL}?p=2&api_key=hush"


def test_more_pages_than_may_be_asked_for_are_a_fault() -> None:
    """Else the rest would never be seen."""
    made = source(paging={"by": "page", "parameter": "p", "size": 10, "max_pages": 3}, total="count")

    with pytest.raises(
        SourceError, match="gave 3 pages and says there are more, 95 entries in all: 'max_pages' is too"
    ):
        whole_poll(made, publisher(95, most=10, total=True))
    assert keys(made, publisher(30, most=10, total=True)) == (30, 3)


def days_back(request: Request) -> bytes:
    """A list of thousands of entries, ten a page and two a day, the newest first."""
    page = int(asked(request)["p"])
    things = [
        {"id": page * 10 + number, "day": str(date(2026, 11, 20) - timedelta(days=(page - 1) * 5 + number // 2))}
        for number in range(10)
    ]
    return json.dumps({"results": things, "count": 5_000}).encode()


def test_a_list_with_the_newest_first_is_read_to_known_ground() -> None:
    """Its first page is asked for with the stored validators; a later poll goes no further than it must."""
    paging = {"by": "page", "parameter": "p", "newest_first": True, "max_pages": 6}
    made = source(paging=paging, total="count", overlap_days=7, cap=5_000)

    found, requests = whole_poll(made, days_back, Cursor(high_water=date(2026, 11, 18), seeded_at=NOW))
    assert len(requests) == 3  # the third page has nothing from 11 November or later
    assert requests[0].conditional and not requests[1].conditional
    assert len(whole_poll(made, days_back)[1]) == 6  # at first, as far as staff want
    assert found[0].notice is not None

    with pytest.raises(SourceError, match="gave 6 pages and says there are more"):
        whole_poll(made, days_back, Cursor(high_water=date(2026, 9, 1), seeded_at=NOW))


def test_a_list_in_any_other_order_is_asked_for_in_full() -> None:
    """Its first page may stay the same while another changes."""
    assert not source(paging={"by": "page", "parameter": "p"}).first_request(Cursor(), NOW).conditional
    assert source().first_request(Cursor(), NOW).conditional


@settings(max_examples=80, deadline=None)
@given(
    pages=st.lists(st.lists(st.integers(0, 30), max_size=6), min_size=1, max_size=8),
    by=st.sampled_from(["page", "offset", "cursor", "next_link"]),
    links=st.lists(st.sampled_from(["?c=1", "?c=2", "c3", "", None, 7, URL, f"{URL}?c=1"]), min_size=1, max_size=5),
    total=st.none() | st.integers(0, 10**6),
)
def test_every_poll_ends(pages: list[list[int]], by: str, links: list[Any], total: int | None) -> None:
    """Whatever a publisher answers and wherever it points, for as long as it likes."""
    count = 0

    def answers(request: Request) -> bytes:
        nonlocal count
        count += 1
        things = [{"id": number} for number in pages[count % len(pages)]]
        return json.dumps({"results": things, "n": links[count % len(links)], "count": total}).encode()

    paging = {"by": by, "parameter": "c", "max_pages": 40, **({"next": "n"} if by in ("cursor", "next_link") else {})}
    with suppress(SourceError):
        whole_poll(source(paging=paging, total="count"), answers)
    assert count <= 40
