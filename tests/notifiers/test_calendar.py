"""Calendars and feeds are read, by libraries of others, as they were meant."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from xml.etree import ElementTree

import icalendar
from hypothesis import given
from hypothesis import strategies as st

from notifiers.atom import Entry, atom_text
from notifiers.calendar import Event, calendar_text
from watcher.sources.feed import read_feed
from watcher.text import one_line

STAMP = datetime(2026, 3, 2, 4, tzinfo=UTC)
TEXTS = st.text(max_size=200)
EVENTS = st.builds(
    Event,
    uid=st.integers(1, 10**9).map(lambda number: f"deadline.{number}@example.org"),
    day=st.dates(date(1990, 1, 1), date(2090, 1, 1)),
    summary=TEXTS,
    description=TEXTS,
    link=st.sampled_from(["", "https://eping.wto.org/en/Search?q=a,b;c", "javascript:alert(1)"]),
    status=st.sampled_from(["CONFIRMED", "TENTATIVE", "CANCELLED"]),
    sequence=st.integers(0, 500),
    stamped_at=st.just(STAMP),
)


@given(events=st.lists(EVENTS, max_size=4), name=TEXTS)
def test_a_calendar_library_reads_what_was_written(events: list[Event], name: str) -> None:
    """Whatever signs stand in a title: every event is there with its day, its words and its number."""
    text = calendar_text(events, name=name)
    calendar = icalendar.Calendar.from_ical(text)
    found = list(calendar.walk("VEVENT"))

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    assert len(found) == len(events)
    for event, read in zip(events, found, strict=True):
        assert str(read["UID"]) == event.uid
        assert read["DTSTART"].dt == event.day
        assert read["DTEND"].dt == event.day + timedelta(days=1)
        assert str(read["SUMMARY"]) == one_line(event.summary, 250)
        assert int(read["SEQUENCE"]) == event.sequence
        assert str(read["STATUS"]) == event.status
        assert read["DTSTAMP"].dt == STAMP
        assert str(read.get("DESCRIPTION", "")).split("\n") == [
            one_line(line, 2000) for line in event.description.splitlines() or [""]
        ]
        assert str(read.get("URL", "")) in ("", "https://eping.wto.org/en/Search?q=a,b;c")


def test_a_feed_reader_reads_what_was_written() -> None:
    """Markup is text, control characters are gone, only web links are links."""
    entries = [
        Entry(
            id="tag:example.org,2026:change/1",
            title="肯尼亚 · <b>Jelly</b> & \x07drinks",
            text="New measure\nComment deadline: 10 May 2026",
            link="https://eping.wto.org/1",
            updated=STAMP,
        ),
        Entry(id="tag:example.org,2026:change/2", title="x", text="", link="javascript:x", updated=STAMP),
    ]
    text = atom_text(entries, id="tag:example.org,2026:feed/1", title="News", language="zh-Hans", updated=STAMP)
    root = ElementTree.fromstring(text)
    space = {"a": "http://www.w3.org/2005/Atom"}
    titles = [one.text for one in root.findall("a:entry/a:title", space)]
    links = [one.get("href") for one in root.findall("a:entry/a:link", space)]
    read = read_feed(text.encode(), {"content-type": "application/atom+xml"})
    assert len(read) == 2
    assert titles == ["肯尼亚 · <b>Jelly</b> & drinks", "x"]
    assert links == ["https://eping.wto.org/1"]
