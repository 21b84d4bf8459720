"""Regulators' APIs by YAML alone: documents of our own in their shapes, and the recorded ones where there are any."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from tests.conftest import SHARED
from tests.watcher.sources.answers import NOW, answer
from tests.watcher.sources.recipes import MADE, RECIPES
from watcher.source import Cursor, Entry, Request, Source
from watcher.sources import make_source

RECORDED = SHARED / "data/regulators"


def made(name: str) -> Source:
    return make_source({"name": name, "kind": "json_api", "issuer": "XX-REG", **RECIPES[name]})


def parsed(name: str, body: bytes) -> tuple[list[Entry], Request | None]:
    source = made(name)
    page = source.parse(answer(source, body), Cursor())
    return list(page.entries), page.next


@pytest.mark.parametrize("name", sorted(RECIPES))
def test_a_document_in_the_publishers_shape(name: str) -> None:
    """Every field comes from where this publisher puts it."""
    document, expected = MADE[name]
    found, following = parsed(name, json.dumps(document).encode())

    first, notice = found[0], found[0].notice
    assert notice is not None, first.problem
    read = {
        "entries": len(found),
        "key": first.key,
        "symbols": notice.symbols,
        "title": notice.title,
        "page": notice.page,
        "news": first.news,
        "day": notice.distribution_date,
        "deadline": notice.comment_deadline.value,
        "threads": notice.threads,
        "agency": notice.responsible_agency,
        "language": notice.language,
        "next": expected.get("next"),
    }
    assert {key: read[key] for key in expected} == expected
    assert ("next" in expected) == (following is not None)
    assert following is None or expected["next"] in following.url


def test_what_each_is_asked_for() -> None:
    """Days, sizes and sorting as the publisher wants them."""
    cursor = Cursor(high_water=date(2026, 11, 18))

    def query(name: str) -> str:
        return made(name).first_request(cursor, NOW).url.partition("?")[2]

    assert query("us-cpsc") == "format=json&LastPublishDateStart=2026-11-04"
    assert query("us-openfda") == "search=report_date:%5B20261104%20TO%2020261120%5D&skip=0&limit=1000"
    assert query("us-regulations-gov").startswith(
        "filter%5BlastModifiedDate%5D%5Bge%5D=2026-11-04%2000:00:00&sort=last"
    )
    assert query("au-frl").startswith("%24filter=asMadeRegisteredAt%20ge%202026-11-04T00:00:00Z&%24orderby=")
    assert query("us-federal-register").startswith(
        "conditions%5Btype%5D%5B%5D=RULE&conditions%5Btype%5D%5B%5D=PRORULE&"
    )


@pytest.mark.skipif(not RECORDED.is_dir(), reason="needs the recorded answers of regulators beside the project")
@pytest.mark.parametrize(
    ("name", "file", "count", "dated"),
    [
        ("us-federal-register", "us-federal-register/documents_2020.json", 2, 2),
        ("us-federal-register", "us-federal-register/documents_search_2026.json", 5, 5),
        ("us-public-inspection", "us-federal-register/public_documents_current_2020.json", 100, 100),
        ("us-regulations-gov", "us-regulations-gov/documents_v4.json", None, None),
        ("us-cpsc", "us-cpsc/recalls_api_2026.json", 2, 2),
        ("au-frl", "au-frl/titles_open_for_disallowance_2026.json", 6, 6),
        ("us-openfda", "us-fda/openfda_food_enforcement_2026.json", 3, None),
    ],
)
def test_a_recorded_answer(name: str, file: str, count: int | None, dated: int | None) -> None:
    """Every entry of a real answer is a notice with a title, a key of its own and an address or a number."""
    found, _ = parsed(name, (RECORDED / file).read_bytes())

    assert found and count in (None, len(found))
    assert all(entry.notice and entry.notice.title for entry in found)
    assert dated in (
        None,
        sum(entry.notice is not None and entry.notice.distribution_date is not None for entry in found),
    )
    assert len({entry.key for entry in found}) == len(found)


@pytest.mark.skipif(not RECORDED.is_dir(), reason="needs the recorded answers of regulators beside the project")
def test_a_recorded_alert_of_safety_gate() -> None:
    """One alert, in the list that it comes in."""
    alert = json.loads(Path(RECORDED / "eu-safety-gate/notification_10099440.json").read_text())
    ((entry,), _) = parsed("eu-safety-gate", json.dumps([alert]).encode())

    assert entry.notice is not None
    assert (entry.notice.title, entry.notice.symbols) == ("Toy projector", ("SR/01950/26",))
    assert entry.notice.distribution_date == date(2026, 7, 1)
