"""Feeds that break off: what is there is read, and that something is missing is said."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.watcher.sources.answers import answer
from watcher.source import Cursor, SourceError
from watcher.sources import make_source
from watcher.sources.feed import whole_feed
from watcher.sources.feed_end import up_to_its_end

_ITEM = "<item><guid>urn:{}</guid><title>Rule {}</title></item>"
_RSS = (
    '<rss version="2.0"><channel><title>T</title>' + "".join(_ITEM.format(n, n) for n in (1, 2, 3)) + "</channel></rss>"
)
_ATOM = (
    '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:title>T</a:title>'
    "<a:entry><a:id>urn:1</a:id><a:title>Rule 1</a:title></a:entry></a:feed>"
)
_RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
    '<channel rdf:about="urn:c"><title>T</title></channel>'
    '<item rdf:about="urn:1"><title>Rule 1</title></item></rdf:RDF>'
)


def read(body: str, **over: Any) -> tuple[list[str], str]:
    """The keys of the entries, and the fault that came behind them."""
    stated = {"name": "f", "kind": "feed", "url": "https://reg.example/rss", "issuer": "US-REG", **over}
    source, keys = make_source(stated), []
    try:
        for entry in source.parse(answer(source, body.encode()), Cursor()).entries:
            keys.append(entry.key)
    except SourceError as error:
        return keys, str(error)
    return keys, ""


@pytest.mark.parametrize("feed", [_RSS, _ATOM, _RDF])
def test_no_beginning_of_a_feed_passes_for_the_whole(feed: str) -> None:
    """Wherever it is cut behind its root's name, down to the last character of the closing tag."""
    whole, fault = read(feed)
    assert fault == ""
    for end in range(feed.index(">") + 1, len(feed)):
        keys, fault = read(feed[:end])
        assert "breaks off" in fault, feed[:end]
        assert keys == whole[: len(keys)]


def test_it_says_where() -> None:
    """In an entry, behind one, or before the first."""
    assert read(_RSS[: _RSS.index("Rule 3")])[1].startswith("breaks off in entry 3: the end of the feed is missing")
    assert read(_RSS[: _RSS.index("</channel>")])[1].startswith("breaks off behind entry 3: ")
    assert read(_RSS[: _RSS.index("<item>")])[1].startswith("breaks off before its first entry: ")


def test_a_publisher_that_never_closes_may_be_believed() -> None:
    """`unclosed: true`: the entries come, and no fault; half of one is still left out."""
    assert read(_RSS[: _RSS.index("</channel>")], unclosed=True) == (["urn:1", "urn:2", "urn:3"], "")
    assert read(_RSS[: _RSS.index("Rule 3")], unclosed=True) == (["urn:1", "urn:2"], "")
    assert read(_RSS[: _RSS.index("Rule 3")])[1].endswith("set unclosed: true")


@pytest.mark.parametrize(
    "behind",
    [
        "\n\n",
        "<!-- 0.03 s -->",
        "<!-- never ended",
        " " * 5_000,
        "<script>x()</script>",
        "</body></html>",
        "\0\0",
        "&",
        "<item>",
    ],
)
@pytest.mark.parametrize("feed", [_RSS, _ATOM, _RDF])
def test_what_stands_behind_the_root_is_not_looked_at(feed: str, behind: str) -> None:
    """Hosters append comments, scripts and blanks; the feed is whole."""
    assert read(feed + behind) == read(feed)


@pytest.mark.parametrize(
    "whole",
    [
        _RSS.replace("<title>Rule 3", "<title>Rule & 3"),
        _RSS.replace("<title>Rule 3</title>", "<title>Rule <b>3</title>"),
        _RSS.replace("</channel></rss>", "</channel ></RSS\n>"),
        _RSS.replace("</item></channel>", "</channel>"),
        _RSS.replace("</channel>", ""),
        _RSS.replace("<title>T</title>", "<title>T</title><item/>"),
    ],
)
def test_what_is_ill_formed_but_closed_does_not_break_off(whole: str) -> None:
    """A publisher's mistakes are not a broken line."""
    assert whole_feed(whole.encode(), {}).breaks_off == ""


def test_no_feed_does_not_break_off() -> None:
    """A page instead of a feed is told as that."""
    assert read("<html><body><h1>We are back soon")[1].startswith("is not a feed")


@given(st.text(alphabet="<>/!-[]CDAT rsitem", max_size=200))
def test_any_text_has_an_end(text: str) -> None:
    """What is to be read is a beginning of what there was."""
    whole, fault = up_to_its_end(f"<rss>{text}")
    assert f"<rss>{text}".startswith(whole)
    assert fault == "" or fault.startswith("breaks off ")
