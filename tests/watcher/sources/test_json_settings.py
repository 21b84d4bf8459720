"""What a JSON list is asked for, and the sentences for settings that cannot be."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.watcher.sources.answers import NOW, answer
from tests.watcher.sources.test_json_api import URL, source
from watcher.source import Cursor, SourceError
from watcher.sources import SourceConfigError


def mistakes(**over: Any) -> str:
    with pytest.raises(SourceConfigError) as raised:
        source(**over)
    return str(raised.value)


def test_what_is_asked_at_first_and_later() -> None:
    """Days stand where the template wants them, as the publisher writes them."""
    made = source(
        params={
            "from": "{since}",
            "to": "{today}",
            "kinds[]": ["RULE", "PRORULE"],
            "on": True,
            "until": "{until}",
            "n": 3,
        },
        since_format="%m/%d/%Y",
        overlap_days=10,
        time_zone="Pacific/Auckland",
    )

    first = made.first_request(Cursor(), NOW.replace(hour=20))
    later = made.first_request(Cursor(high_water=date(2026, 11, 12)), NOW)
    assert first.url == f"{URL}?to=11%2F21%2F2026&kinds%5B%5D=RULE&kinds%5B%5D=PRORULE&on=true&n=3"
    assert later.url.startswith(f"{URL}?from=11%2F02%2F2026&to=11%2F20%2F2026&")


def test_a_first_poll_may_be_bounded() -> None:
    """Some lists hold thirty years."""
    made = source(params={"from": "{since}"}, since_days=30)

    assert made.first_request(Cursor(), NOW).url == f"{URL}?from=2026-10-21"
    assert source(url=f"{URL}/{{since}}", since_days=1).first_request(Cursor(), NOW).url == f"{URL}/2026-11-19"


def test_a_range_of_days_can_be_read_back() -> None:
    """For back-fills that are split below a cap."""
    made = source(params={"from": "{since}", "to": "{until}"}, paging={"by": "page", "parameter": "page"})

    request = made.range_request(date(2020, 1, 1), date(2020, 1, 31))
    assert request.url == f"{URL}?from=2020-01-01&to=2020-01-31&page=1"
    body = json.dumps({"results": [{"id": number} for number in range(10)]}).encode()
    following = made.parse(answer(made, body, request=request), Cursor()).next
    assert following is not None and following.url == f"{URL}?from=2020-01-01&to=2020-01-31&page=2"
    with pytest.raises(SourceError, match="cannot be asked for a range of days"):
        source().range_request(date(2020, 1, 1), date(2020, 1, 31))


def test_a_high_water_in_the_future_asks_for_no_future() -> None:
    """One wrong year would silence a source."""
    made = source(params={"from": "{since}"}, overlap_days=0)

    assert made.first_request(Cursor(high_water=date(2031, 1, 1)), NOW).url.endswith("from=2026-11-20")
    assert made.first_request(Cursor(high_water=date(1, 1, 2)), NOW).url.endswith("-01-02")


def test_parameters_of_the_address_stay_as_they_are_written() -> None:
    """Not every publisher reads what another encoder makes of them."""
    made = source(url=f"{URL}?q=%B9%A4&a+b=1&x", params={"n": 2})

    assert made.first_request(Cursor(), NOW).url == f"{URL}?q=%B9%A4&a+b=1&x&n=2"


def test_a_key_is_sent_as_stated_and_never_stored() -> None:
    """In a header; in the address only where there is no other way, and then unconditionally: addresses are stored."""
    by_header = source(key="hush", key_header="X-Api-Key").first_request(Cursor(), NOW)
    by_address = source(key="hush", key_parameter="api_key").first_request(Cursor(), NOW)

    assert by_header.headers == {"X-Api-Key": "hush"}
    assert "hush" not in by_header.url and by_header.conditional
    assert by_address.url.endswith("api_key=hush") and not by_address.conditional


def test_it_rests_without_the_key_that_it_needs() -> None:
    """And says how to mend that."""
    resting = source(needs_key=True, key_header="X-Api-Key", key=" ").resting()

    assert resting is not None and "the key is missing" in resting
    assert source(needs_key=True, key_header="X-Api-Key", key="k").resting() is None
    assert source().resting() is None


@pytest.mark.parametrize(
    ("over", "sentence"),
    [
        ({"fields": {"titel": "title"}}, "'fields' has the unknown name 'titel'; did you mean 'title'?"),
        ({"fields": {"summary": "x"}}, "must say where at least one of id, title, link stands"),
        ({"fields": {"title": "a["}}, "'fields' has 'title', which is no JMESPath expression"),
        ({"fields": {"title": "Last updated"}}, """stands in quotation marks: '"Last updated"'"""),
        ({"fields": {"title": 3}}, "'fields' has 'title', which must be a JMESPath expression in quotation marks"),
        ({"fields": "title"}, "'fields' must say where each field stands"),
        ({"items": "["}, "'items' is no JMESPath expression"),
        ({"items": ""}, "'items' must say where the list stands"),
        ({"items": "a[?b]", "paging": {"by": "page", "parameter": "p"}}, "say in 'where' which are wanted"),
        ({"total": "a b"}, "'total' is no JMESPath expression"),
        ({"paging": {"by": "pages"}}, "'paging' has 'by', which must be 'none', 'page'"),
        ({"paging": {"by": "page"}}, "'paging' lacks 'parameter'"),
        ({"paging": {"by": "cursor", "parameter": "c"}}, "'paging' lacks 'next'"),
        ({"paging": {"by": "next_link", "next": "["}}, "'paging' has 'next', which is no JMESPath expression"),
        ({"paging": {"by": "none", "max_page": 3}}, "unknown setting 'max_page'; did you mean 'max_pages'?"),
        ({"paging": {"by": "none", "max_pages": "many"}}, "'paging' has 'max_pages', which must be a whole number"),
        ({"paging": "page"}, "'paging' must be settings such as"),
        ({"paging": {"size_parameter": "n"}}, "has 'size_parameter' and lacks 'size'"),
        ({"link_template": "https://reg.example/x"}, "'link_template' must hold the place of a field"),
        ({"link_template": "https://reg.example/{number}"}, "names {number}, which 'fields' does not map"),
        ({"since_format": "today"}, "'since_format' must write a day"),
        ({"url": "https://reg.example/{since}"}, "'since_days' must say how far back"),
        ({"key": "k"}, "'key_header' or 'key_parameter' must say how it is sent"),
        ({"headers": {"X Y": "1"}}, "'headers' has 'X Y', which HTTP cannot carry"),
        ({"script": "script["}, "'script' must be a CSS selector"),
    ],
)
def test_a_mistake_in_yaml_is_a_sentence(over: dict[str, Any], sentence: str) -> None:
    """It names the setting, and what to write instead."""
    assert sentence in mistakes(**over)


def test_the_key_is_in_no_sentence() -> None:
    """Neither of a mistake nor of the settings."""
    assert "hush" not in mistakes(key=["hush"])
    assert "hush" not in repr(source(key="hush", key_header="X-Key").config)
