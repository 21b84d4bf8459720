"""The ePing API: what is asked, which page comes next, and which silence is believed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.sources.answers import NOW, answer, whole_poll
from watcher.source import Cursor, Request, Source, SourceError
from watcher.sources import make_source

SEEDED = Cursor(high_water=date(2026, 11, 10), last_full=NOW - timedelta(days=2), seeded_at=NOW - timedelta(days=20))


def an_api(**over: Any) -> Source:
    return make_source({"name": "api", "kind": "eping_api", "key": "secret", **over})


def asked(request: Request) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(request.url).query).items()}


def an_item(number: int, area: str = "TBT") -> dict[str, Any]:
    return {"id": number, "documentSymbol": f"G/{area}/N/KEN/{number}", "distributionDate": "2026-11-01T00:00:00+00:00"}


class Shelf:
    """Answers like the API, from lists of items by domain; `most` is the largest page it gives."""

    def __init__(self, tbt: int, sps: int = 0, *, most: int = 100, tells_size: bool = True, tells_total: bool = True):
        self.items = {"1": [an_item(n + 1) for n in range(tbt)], "2": [an_item(n + 1, "SPS") for n in range(sps)]}
        self.most, self.tells_size, self.tells_total = most, tells_size, tells_total

    def __call__(self, request: Request) -> bytes:
        query = asked(request)
        items, page = self.items[query["domainIds"]], int(query["page"])
        size = min(self.most, int(query["pageSize"]))
        reply: dict[str, Any] = {"currentPage": page, "items": items[(page - 1) * size : page * size]}
        reply |= {"pageSize": size} if self.tells_size else {}
        reply |= {"totalCount": len(items)} if self.tells_total else {}
        return json.dumps(reply).encode()


def test_the_first_poll_asks_for_everything_with_the_key_in_a_header() -> None:
    """The key is in no address, so it is in no log."""
    request = an_api().first_request(Cursor(), NOW)

    assert request.url.startswith("https://api.wto.org/eping/notifications/search?")
    assert asked(request) == {"language": "1", "domainIds": "1", "page": "1", "pageSize": "100"}
    assert request.headers == {"Ocp-Apim-Subscription-Key": "secret"}
    assert request.pause_seconds == pytest.approx(0.1)


def test_later_polls_read_the_overlap_again() -> None:
    """An item that appears weeks late is still found."""
    request = an_api(overlap_days=30).first_request(SEEDED, NOW)

    assert asked(request)["distributionDateFrom"] == "2026-10-11"


def test_everything_is_read_again_once_a_week() -> None:
    """A silent edit of an old item is found, and an item that came later than the overlap."""
    old = replace(SEEDED, last_full=NOW - timedelta(days=7))

    assert "distributionDateFrom" not in asked(an_api().first_request(old, NOW))
    assert an_api().advance(old, seen=None, now=NOW).last_full == NOW
    assert an_api().advance(SEEDED, seen=None, now=NOW).last_full == SEEDED.last_full


def test_seed_from_bounds_every_poll() -> None:
    """Who wants nothing older gets nothing older, in full polls too."""
    api = an_api(seed_from="2026-11-01")

    assert asked(api.first_request(Cursor(), NOW))["distributionDateFrom"] == "2026-11-01"
    assert asked(api.first_request(SEEDED, NOW))["distributionDateFrom"] == "2026-11-01"


@settings(max_examples=60, deadline=None)
@given(
    tbt=st.integers(1, 60),
    sps=st.integers(0, 30),
    size=st.integers(1, 20),
    most=st.integers(1, 20),
    tells=st.sampled_from([(True, True), (True, False), (False, True)]),
)
def test_all_pages_of_all_domains_are_read(tbt: int, sps: int, size: int, most: int, tells: tuple[bool, bool]) -> None:
    """Also from a publisher that gives smaller pages than asked for, or does not tell its total."""
    api = an_api(domains=["TBT", "SPS"], page_size=size)
    entries, requests = whole_poll(api, Shelf(tbt, sps, most=most, tells_size=tells[0], tells_total=tells[1]))

    found = {entry.notice.symbols[0] for entry in entries if entry.notice}
    assert found == {f"G/TBT/N/KEN/{n + 1}" for n in range(tbt)} | {f"G/SPS/N/KEN/{n + 1}" for n in range(sps)}
    assert len(requests) <= 2 + (tbt + sps) // min(size, most) + 2


def test_a_domain_that_is_off_is_not_asked() -> None:
    """TBT alone by default; SPS alone if so set."""
    assert {asked(r)["domainIds"] for r in whole_poll(an_api(), Shelf(3, 3))[1]} == {"1"}
    assert {asked(r)["domainIds"] for r in whole_poll(an_api(domains=["SPS"]), Shelf(3, 3))[1]} == {"2"}


def test_a_list_that_grows_or_shrinks_while_it_is_read_ends() -> None:
    """An empty page past the end is the end."""
    shelf = Shelf(30)

    def shrinking(request: Request) -> bytes:
        shelf.items["1"] = shelf.items["1"][: 30 - 9 * (int(asked(request)["page"]) - 1)]
        return shelf(request)

    entries, _ = whole_poll(an_api(page_size=10), shrinking)
    assert len(entries) >= 12

    def growing(request: Request) -> bytes:
        shelf.items["1"].insert(0, an_item(1000 + len(shelf.items["1"])))
        return shelf(request)

    shelf.items["1"] = [an_item(n + 1) for n in range(30)]
    entries, _ = whole_poll(an_api(page_size=10), growing)
    assert {f"G/TBT/N/KEN/{n + 1}" for n in range(30)} <= {e.notice.symbols[0] for e in entries if e.notice}


def test_a_list_without_end_is_given_up() -> None:
    """A publisher that repeats its first page for ever costs `max_pages`, not the night."""
    page = json.dumps({"totalCount": 10**9, "items": [an_item(n) for n in range(1, 11)]}).encode()

    with pytest.raises(SourceError, match="its list has no end"):
        whole_poll(an_api(page_size=10, max_pages=20), lambda _: page)


@pytest.mark.parametrize("cursor", [Cursor(), SEEDED, replace(SEEDED, last_full=None)], ids=["first", "later", "full"])
def test_an_empty_reply_is_no_success(cursor: Cursor) -> None:
    """Believed, it would count as a complete poll, and a first one as seeding: then all is news."""
    with pytest.raises(SourceError, match="no items at all, although it"):
        whole_poll(an_api(), Shelf(0), cursor)


def test_an_empty_reply_on_a_later_page_is_no_success() -> None:
    """A list cannot have vanished while it was read; one that ended can."""
    shelf = Shelf(30)

    def vanishing(request: Request) -> bytes:
        if asked(request)["page"] == "2":
            return b'{"currentPage": 1, "pageSize": 20, "totalCount": 0, "items": []}'
        return shelf(request)

    with pytest.raises(SourceError, match="page 2"):
        whole_poll(an_api(page_size=10), vanishing)


def test_nothing_since_a_recent_day_may_be_true() -> None:
    """With `seed_from` a first poll may find nothing."""
    assert whole_poll(an_api(seed_from="2026-11-20"), Shelf(0))[0] == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"<!doctype html><html><body><h1>Service unavailable</h1></body></html>", "web page.*Service unavailable"),
        (json.dumps({"totalCount": 2, "items": [an_item(1), an_item(2)]}).encode()[:-40], "breaks off"),
        (b'{"message": "language is required"}', "no list of items.*language is required"),
        (b'{"items": "many"}', "no list of items"),
        (b"[1, 2]", "no object with items"),
        (b"[" * 100_000, "nested too deeply"),
        (b"\xff\xfe\x00", "is not JSON"),
        (b"", "nothing at all"),
        (b'{"totalCount": 7, "items": []}', "although it counts 7"),
    ],
)
def test_what_is_no_page_is_told_in_a_sentence(body: bytes, told: str) -> None:
    """The sentence says what came instead, so that its keeper knows whom to ask."""
    api = an_api()
    with pytest.raises(SourceError, match=told):
        api.parse(answer(api, body), Cursor())


def test_a_stray_byte_costs_a_character_not_the_page() -> None:
    """One wrong byte in a hundred notifications is no reason to lose them."""
    api = an_api()
    body = (
        json.dumps({"totalCount": 1, "items": [{**an_item(1), "titlePlain": "Toys @"}]}).encode().replace(b"@", b"\xe9")
    )
    (entry,) = api.parse(answer(api, b"\xef\xbb\xbf" + body), Cursor()).entries

    assert entry.notice is not None
    assert entry.notice.title.startswith("Toys")


@pytest.mark.parametrize("key", [None, "", "  "])
def test_without_a_key_it_rests_and_says_what_to_do(key: str | None) -> None:
    """The sentence says where to get one, and that the workbook works without."""
    reason = an_api(key=key).resting()

    assert reason is not None
    for part in ("key is missing", "https://apiportal.wto.org", "TBTWATCH_EPING_KEY", "workbook", "404"):
        assert part in reason


def test_a_base_address_keeps_its_path_and_its_own_query() -> None:
    """A gateway may stand elsewhere and want a word of its own."""
    request = an_api(base_url="http://127.0.0.1:8899/wto/eping/?team=a").first_request(Cursor(), NOW)

    assert request.url.startswith("http://127.0.0.1:8899/wto/eping/notifications/search?team=a&language=1&")
