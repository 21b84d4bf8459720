"""The markup of a feed is mended where its parser would give up, and read where it looks away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from watcher.source import Rhythm, SourceError
from watcher.sources.feed import whole_feed
from watcher.sources.feed_markup import mended, refuse_what_is_over, rhythm_of


def a_channel(inside: str) -> str:
    return f'<rss version="2.0"><channel><title>T</title>{inside}</channel></rss>'


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("R&D", "R&amp;D"),
        ("a=1&b=2&copy=3", "a=1&amp;b=2&amp;copy=3"),
        ("&eacute; &amp; &#233; &#xE9;", "&eacute; &amp; &#233; &#xE9;"),
        ("&#8211 dash", "&#8211; dash"),
        ("A&#0;&#1;&#xD800;&#xFFFF;&#1114112;&#99999999999999;B", "AB"),
        ("&#0000000000065;", "&#0000000000065;"),
        ("<![CDATA[R&D &#0;]]> R&D", "<![CDATA[R&D &#0;]]> R&amp;D"),
        ("&", "&amp;"),
        ("<![CDATA[ no end & so on", "<![CDATA[ no end & so on"),
    ],
)
def test_references_are_as_xml_allows(written: str, meant: str) -> None:
    """One that is not makes the parser drop the entry, or the whole feed; in CDATA they are text."""
    assert mended(written) == meant


def test_an_element_with_thousands_of_attributes_is_refused() -> None:
    """The parser compares each with each."""
    few, many = (" ".join(f'a{n}="{n}"' for n in range(count)) for count in (200, 400))

    assert mended(f"<title {few}>") == f"<title {few}>"
    with pytest.raises(SourceError, match="more than 256 attributes"):
        mended(f"<title {many}>")


@pytest.mark.parametrize(
    ("inside", "rhythm"),
    [
        ("", None),
        ("<ttl>60</ttl>", Rhythm(ttl=timedelta(hours=1))),
        ("<ttl>0</ttl><ttl>x</ttl>", None),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", Rhythm(ttl=timedelta(days=1))),
        (
            "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency><ttl>45</ttl>",
            Rhythm(ttl=timedelta(minutes=45)),
        ),
        ("<skipHours><hour>24</hour><hour>7</hour><hour>99</hour></skipHours>", Rhythm(skip_hours=frozenset({0, 7}))),
        ("<skipDays><day>Sunday</day><day>someday</day></skipDays>", Rhythm(skip_days=frozenset({6}))),
        ("<item><title>T</title><ttl>600</ttl></item>", None),
        ("<item><title>T</title></item><ttl>30</ttl>", Rhythm(ttl=timedelta(minutes=30))),
    ],
)
def test_a_feed_says_how_often_to_ask(inside: str, rhythm: Rhythm | None) -> None:
    """All its hours and days, and nothing that an entry says."""
    assert rhythm_of(a_channel(inside)) == rhythm
    assert whole_feed(a_channel(inside).encode(), {}).rhythm == rhythm


@pytest.mark.parametrize(
    ("feed_title", "entry_titles", "sentence"),
    [
        ("404 - Not found", [], "an error in the form of a feed"),
        ("Error 503", [], "an error in the form of a feed"),
        ("Page not found", [], "an error in the form of a feed"),
        ("Alerts", ["This feed has ended"], "says that it has ended"),
        ("Alerts", ["The RSS feed is no longer available"], "says that it has ended"),
    ],
)
def test_a_feed_that_is_over_is_no_silence(feed_title: str, entry_titles: list[str], sentence: str) -> None:
    """It answers 200 and would never bring anything again."""
    with pytest.raises(SourceError, match=sentence):
        refuse_what_is_over(feed_title, entry_titles)


@pytest.mark.parametrize(
    ("feed_title", "entry_titles"),
    [
        ("Alerts", []),
        ("404 orders of 2026", []),
        ("Error 404", ["Kettle recalled"]),
        ("Alerts", ["Kettle recalled: this feed pump has ended its life"]),
        ("Feed hygiene alerts", ["Pet feed is not available"]),
        ("Alerts", ["This feed has ended", "Kettle recalled"]),
    ],
)
def test_a_feed_with_news_is_believed(feed_title: str, entry_titles: list[str]) -> None:
    """Whatever its titles sound like."""
    refuse_what_is_over(feed_title, entry_titles)
