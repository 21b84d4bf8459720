"""What every source kind keeps to, whichever are in the folder."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.sources.answers import NOW, answer
from watcher.source import Cursor, Source, SourceConfig, SourceError
from watcher.sources import KINDS, SourceConfigError, make_source

#: The settings that a kind cannot do without.
NEEDED: dict[str, dict[str, Any]] = {
    "eping_api": {"key": "secret"},
    "feed": {"url": "https://regulator.example/feed", "issuer": "US-REG"},
    "json_feed": {"url": "https://regulator.example/feed.json", "issuer": "US-REG"},
    "json_api": {
        "url": "https://regulator.example/list",
        "issuer": "US-REG",
        "items": "results",
        "fields": {"id": "id", "title": "title", "published": "day"},
    },
    "xml_list": {
        "url": "https://regulator.example/list.xml",
        "issuer": "US-REG",
        "items": "/list/entry",
        "fields": {"id": "number", "title": "title", "published": "day"},
    },
    "csv_list": {
        "url": "https://regulator.example/list.csv",
        "issuer": "US-REG",
        "fields": {"id": "Number", "title": "Title", "published": "Day"},
    },
    "html_list": {
        "url": "https://regulator.example/list",
        "issuer": "US-REG",
        "row": "li",
        "fields": {"title": "a", "link": "a@href", "published": "time"},
    },
    "page": {"url": "https://regulator.example/page", "issuer": "US-REG"},
    "gazette_issue": {
        "url": "https://regulator.example/issues",
        "issuer": "US-REG",
        "row": "li",
        "fields": {"title": "a", "link": "a@href"},
    },
}
#: What each kind's documents begin with, so that arbitrary bytes get further than the first check.
BEGINNINGS = (b"", b"<html>", b"<?xml version='1.0'?><rss version='2.0'><channel><item>", b'{"items": [', b"PK\x03\x04")


def made(kind: str, **over: Any) -> Source:
    return make_source({"name": f"a-{kind.replace('_', '-')}", "kind": kind, **NEEDED.get(kind, {}), **over})


each_kind = pytest.mark.parametrize("kind", sorted(KINDS))


def test_the_known_kinds_are_collected() -> None:
    """A kind is known by the name of its module."""
    assert {"eping_api", "eping_workbook", "feed"} <= set(KINDS)


@each_kind
def test_a_kind_has_settings_of_its_own(kind: str) -> None:
    """Its Config adds to what every source has, and takes nothing it does not know."""
    assert issubclass(KINDS[kind].Config, SourceConfig)
    assert KINDS[kind].Config.model_config["extra"] == "forbid"
    assert made(kind).config.kind == kind


@each_kind
def test_a_first_request_is_an_http_address_with_bounds(kind: str) -> None:
    """Whatever it asks for, a body has a greatest size and an answer a longest time."""
    request = made(kind).first_request(Cursor(), NOW)

    assert request.url.startswith(("https://", "http://"))
    assert 0 < request.max_body <= request.max_decoded
    assert request.deadline_seconds > 0
    assert request.page == 1


@each_kind
def test_a_kind_that_has_what_it_needs_does_not_rest(kind: str) -> None:
    """Resting is for what is missing; else it is None."""
    assert made(kind).resting() is None


@each_kind
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"   ",
        b"<!doctype html><html><body><h1>Service unavailable</h1></body></html>",
        b"\0" * 5000,
        b"null",
        b"[]",
    ],
    ids=["empty", "blank", "a web page", "zeros", "null", "a list"],
)
def test_what_is_no_answer_is_an_error_in_a_sentence(kind: str, body: bytes) -> None:
    """ "No news" and "something is broken" never look the same."""
    source = made(kind)
    with pytest.raises(SourceError) as raised:
        list(source.parse(answer(source, body), Cursor()).entries)

    assert len(str(raised.value)) > 10
    assert "Traceback" not in str(raised.value)


@each_kind
@settings(max_examples=60, deadline=None)
@given(beginning=st.sampled_from(BEGINNINGS), rest=st.binary(max_size=400))
def test_arbitrary_bytes_raise_only_source_errors(kind: str, beginning: bytes, rest: bytes) -> None:
    """A publisher cannot bring the program down."""
    source = made(kind)
    try:
        entries = list(source.parse(answer(source, beginning + rest), Cursor()).entries)
    except SourceError:
        return
    for entry in entries:
        assert entry.key
        assert (entry.notice is None) == bool(entry.problem)


@each_kind
@given(days=st.lists(st.one_of(st.none(), st.dates(date(1995, 1, 1), date(2200, 1, 1))), max_size=6))
@settings(max_examples=30, deadline=None)
def test_the_cursor_never_moves_back_nor_into_the_future(kind: str, days: list[date | None]) -> None:
    """A day in the future is a typing error: believed, it would hide everything until then."""
    source, cursor = made(kind), Cursor()
    for number, day in enumerate(days):
        now = NOW + timedelta(days=number)
        after = source.advance(cursor, seen=day, now=now)

        assert after.seeded_at is not None
        assert after.high_water is None or after.high_water <= now.date() + timedelta(days=1)
        assert cursor.high_water is None or (after.high_water is not None and after.high_water >= cursor.high_water)
        cursor = after


@each_kind
def test_an_unknown_setting_is_told_with_the_nearest_known_one(kind: str) -> None:
    """A typing error in YAML is a sentence, not a setting without effect."""
    with pytest.raises(SourceConfigError, match=r"the setting 'prioritty' is unknown; did you mean 'priority'\?"):
        made(kind, prioritty=3)


def test_every_mistake_of_an_entry_gets_its_sentence() -> None:
    """All at once: an operator mends the entry in one go."""
    with pytest.raises(SourceConfigError) as raised:
        make_source(
            {"name": "US recalls", "kind": "feed", "issuer": "us cpsc", "every_minutes": 0, "time_zone": "Mars/Base",
             "symbol_pattern": "(", "enabled": "perhaps"}
        )  # fmt: skip

    told = " ".join(raised.value.sentences)
    assert len(raised.value.sentences) == 7
    for part in ("a name is made of", "'issuer' is made of", "'every_minutes' must be from 1", "'url' is missing",
                 "time zone such as Asia/Tokyo", "regular expression", "true or false"):  # fmt: skip
        assert part in told


def test_an_unknown_kind_is_told_with_the_known_ones() -> None:
    """The sentence lists what can be written instead."""
    with pytest.raises(SourceConfigError, match=r"unknown kind 'rss'.*eping_api, eping_workbook, feed"):
        make_source({"name": "a", "kind": "rss"})
    with pytest.raises(SourceConfigError, match="has no kind"):
        make_source({"name": "a"})


def test_a_secret_is_in_no_sentence_and_no_print() -> None:
    """Neither a wrong key nor a right one is ever shown."""
    with pytest.raises(SourceConfigError) as raised:
        make_source({"name": "a", "kind": "eping_api", "key": ["hush-hush"]})

    assert "hush-hush" not in str(raised.value)
    assert "secret" not in repr(made("eping_api").config.model_dump()) + repr(made("eping_api").config)


SETTINGS = sorted({"surprise", *(name for kind in KINDS.values() for name in kind.Config.model_fields)})
yaml_values = (
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()) | st.sampled_from(sorted(KINDS))
)


@settings(max_examples=100, deadline=None)
@given(entry=st.dictionaries(st.sampled_from(SETTINGS), yaml_values), kind=st.sampled_from(sorted(KINDS)))
def test_any_entry_makes_a_source_or_a_sentence(entry: dict[str, Any], kind: str) -> None:
    """YAML holds anything; the program stops with sentences, never with a traceback."""
    entry = {"kind": kind, **entry}
    try:
        sentences: tuple[str, ...] = ()
        make_source(entry)
    except SourceConfigError as error:
        sentences = error.sentences
        assert sentences
    assert all(sentence.endswith(".") for sentence in sentences)
