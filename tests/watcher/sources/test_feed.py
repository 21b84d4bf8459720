"""Feeds: the traps of the parser are closed, and an entry is known from poll to poll."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.sources.answers import answer
from watcher.source import Cursor, Entry, SourceError
from watcher.sources import make_source
from watcher.sources.feed import read_feed


def an_entry(title: str = "Toys", *, guid: str = "", link: str = "", day: str = "", text: str = "") -> str:
    parts = (("title", title), ("guid", guid), ("link", link), ("pubDate", day), ("description", text))
    return "<item>" + "".join(f"<{name}>{value}</{name}>" for name, value in parts if value) + "</item>"


def rss(*items: str, encoding: str = "utf-8", declared: str | None = None) -> bytes:
    declaration = f'<?xml version="1.0" encoding="{declared or encoding}"?>'
    return f'{declaration}<rss version="2.0"><channel><title>T</title>{"".join(items)}</channel></rss>'.encode(encoding)


def entries(body: bytes, *, content_type: str = "application/rss+xml", **over: Any) -> list[Entry]:
    source = make_source({"name": "f", "kind": "feed", "url": "https://reg.example/rss", "issuer": "US-REG", **over})
    return list(source.parse(answer(source, body, headers={"content-type": content_type}), Cursor()).entries)


def titles(body: bytes, **over: Any) -> list[str]:
    return [entry.notice.title for entry in entries(body, **over) if entry.notice]


def test_a_body_that_names_a_file_is_not_opened(tmp_path: Path) -> None:
    """feedparser opens bytes and strings as files: a remote body could read the local disk."""
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss(an_entry("Secret")))

    with pytest.raises(SourceError, match="is not a feed"):
        read_feed(str(secret).encode(), {})
    with pytest.raises(SourceError, match="is not a feed"):
        read_feed(secret.as_uri().encode(), {})


@pytest.mark.parametrize(
    "page", [b"<html><body><h1>Error 503</h1></body></html>", b"Not found", b'{"version": "1.1", "items": []}']
)
def test_an_error_page_is_not_an_empty_feed(page: bytes) -> None:
    """feedparser finds nothing wrong with it."""
    with pytest.raises(SourceError, match="is not a feed: it begins with"):
        entries(page)


def test_an_empty_feed_is_a_feed() -> None:
    """Some hold nothing for weeks."""
    assert entries(rss()) == []


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026年11月2日", date(2026, 11, 2)),
        ("2026/11/02 10:00", date(2026, 11, 2)),
        ("02.11.2026", date(2026, 11, 2)),
        ("2 de noviembre de 2026", date(2026, 11, 2)),
        ("Mon, 02 Nov 2026 23:30:00 EST", date(2026, 11, 2)),
        ("Mon, 02 Nov 2026 23:30:00 -0500", date(2026, 11, 2)),
        ("2026-11-02T23:30:00-05:00", date(2026, 11, 2)),
        ("soon", None),
        ("9999-12-31T23:59:59Z", None),
        ("1785000000", date(2026, 7, 25)),
        ("", None),
    ],
)
def test_a_day_is_the_publishers_own(written: str, day: date | None) -> None:
    """feedparser's own reading is wrong without a word for the first two."""
    (entry,) = entries(rss(an_entry(day=written)))

    assert entry.notice is not None
    assert entry.notice.distribution_date == day


def test_local_midnight_written_in_utc_is_brought_home() -> None:
    """Where the operator says which zone the publisher lives in."""
    body = rss(an_entry(day="Sun, 01 Nov 2026 16:00:00 GMT"))

    assert entries(body, time_zone="Asia/Hong_Kong")[0].notice.distribution_date == date(2026, 11, 2)  # type: ignore[union-attr]
    assert entries(body)[0].notice.distribution_date == date(2026, 11, 1)  # type: ignore[union-attr]


def test_the_order_of_day_and_month_is_the_sources() -> None:
    """03/04/2026 means two things."""
    body = rss(an_entry(day="03/04/2026"))

    assert entries(body, day_order="mdy")[0].notice.distribution_date == date(2026, 3, 4)  # type: ignore[union-attr]
    assert entries(body, day_order="dmy")[0].notice.distribution_date == date(2026, 4, 3)  # type: ignore[union-attr]


CHINESE = "关于发布国家强制性标准的公告"


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type", "language"),
    [
        ("utf-8", "utf-8", "text/xml", "zh"),
        ("utf-8", "gb2312", "text/xml; charset=gb2312", "zh"),
        ("utf-8", "iso-8859-1", "text/xml; charset=iso-8859-1", "en"),
        ("gb18030", "gb2312", "text/xml", "en"),
        ("gb18030", "utf-8", "text/xml; charset=utf-8", "zh"),
        ("gb18030", "utf-8", "text/xml; charset=utf-8", "en"),
        ("gb18030", "iso-8859-1", "text/xml", "zh"),
        ("gb18030", "no-such-thing", "text/xml; charset=none", "en"),
        ("utf-16", "utf-16", "text/xml", "en"),
        ("utf-8-sig", "utf-8", "text/html", "en"),
    ],
)
def test_text_is_read_whatever_its_encoding_is_said_to_be(
    encoding: str, declared: str, content_type: str, language: str
) -> None:
    """GBK that calls itself UTF-8 is common; it must not become Windows-1252."""
    body = rss(an_entry(CHINESE), encoding=encoding, declared=declared)

    assert titles(body, content_type=content_type, language=language) == [CHINESE]


@pytest.mark.parametrize(
    ("encoding", "language", "text"),
    [
        ("cp932", "ja", "電気用品安全法の改正について"),
        ("cp949", "ko", "전기용품 안전기준 개정"),
        ("cp1251", "ru", "Технический регламент"),
        ("iso2022_jp", "ja", "電気用品安全法"),
        ("cp1252", "fr", "Décret relatif aux étiquettes"),
        ("big5hkscs", "zh", "商品檢驗規定"),
    ],
)
def test_other_encodings_are_read_by_declaration_or_language(encoding: str, language: str, text: str) -> None:
    """Rightly declared for any source, wrongly declared for a source of that language."""
    declared = {"iso2022_jp": "iso-2022-jp", "big5hkscs": "big5", "cp949": "euc-kr", "cp932": "shift_jis"}
    body = rss(an_entry(text), encoding=encoding, declared=declared.get(encoding, encoding))
    assert titles(body) == [text]
    if encoding not in ("iso2022_jp", "big5hkscs"):
        assert titles(rss(an_entry(text), encoding=encoding, declared="utf-8"), language=language) == [text]


def test_a_stray_byte_does_not_change_the_encoding() -> None:
    """One bad character in a good UTF-8 feed costs that character."""
    body = rss(an_entry(CHINESE), an_entry("Toys @")).replace(b"@", b"\xff")

    assert titles(body)[0] == CHINESE


def test_markup_scripts_and_controls_are_gone() -> None:
    """Nothing of a feed reaches a reader but text and http(s) links."""
    body = rss(
        an_entry(
            "&lt;script&gt;alert(1)&lt;/script&gt;Toys\x00\x08&#13;&#10;Bcc: x@example.org \u202egnp",
            link="javascript:alert(1)",
            text="&lt;p onclick=x&gt;One&lt;/p&gt;&lt;p&gt;Two&lt;/p&gt;",
        )
    )
    (entry,) = entries(body)

    assert entry.notice is not None
    assert entry.notice.title == "Toys Bcc: x@example.org gnp"
    assert entry.notice.content_summary == "One\nTwo"
    assert entry.notice.page is None


def test_a_feed_that_breaks_off_keeps_its_whole_entries() -> None:
    """The one it breaks off in would be half a title, and news again when it is whole."""
    whole = rss(an_entry("One", guid="1"), an_entry("Two", guid="2"), an_entry("Three is a longer title", guid="3"))

    assert titles(whole[: whole.index(b"Three") + 8], unclosed=True) == ["One", "Two"]


def test_identity_is_id_then_link_then_title_and_day() -> None:
    """Scheme, case of the host and tracking do not make another entry."""
    body = rss(
        an_entry(guid="tag:1", link="https://reg.example/1"),
        an_entry(link="http://REG.example/2?id=5&amp;utm_source=rss#top"),
        an_entry("  Toys  RECALLED ", day="Mon, 02 Nov 2026 10:00:00 GMT"),
    )

    assert [e.key for e in entries(body)] == ["tag:1", "reg.example/2?id=5#top", "toys recalled 2026-11-02"]


def test_one_id_for_several_entries_is_told_apart() -> None:
    """And an entry that stands there twice is one."""
    one = an_entry("One", guid="same", link="https://reg.example/1")
    keys = [e.key for e in entries(rss(one, an_entry("Two", guid="same"), one))]

    assert len(set(keys)) == len(keys) == 2
    assert [e.key for e in entries(rss(one, one))] == ["same"]


def test_relative_links_are_resolved() -> None:
    """Against the feed's own address."""
    (entry,) = entries(rss(an_entry(link="/recalls/5")))

    assert entry.notice is not None
    assert entry.notice.page == "https://reg.example/recalls/5"


def test_an_entry_of_the_wto_without_a_symbol_is_a_problem_unless_allowed() -> None:
    """One notification by two sources is one notice only if its symbol is known."""
    body = rss(an_entry("The committee met", guid="1"))

    assert entries(body, issuer="WTO")[0].notice is None
    assert entries(body, issuer="WTO", require_symbol=False)[0].notice is not None
    assert entries(body, require_symbol=True)[0].problem == "entry 'The committee met' shows no document number"


def test_the_number_of_entries_is_bounded() -> None:
    """Counted before the parser sees them."""
    with pytest.raises(SourceError, match="has 11 entries, more than the 10 that max_entries allows"):
        entries(rss(*[an_entry(guid=str(n)) for n in range(11)]), max_entries=10)


def test_entities_do_not_multiply_and_are_not_fetched(tmp_path: Path) -> None:
    """Neither laughs nor local files come in."""
    secret = tmp_path / "secret"
    secret.write_text("hush")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    body = rss(an_entry("&l9; &x;", guid="1")).replace(b"?>", b"?>" + doctype.encode(), 1)
    (entry,) = entries(body)

    assert entry.notice is not None
    assert len(entry.notice.title) < 100
    assert "hush" not in entry.notice.title


SCRAPS = (
    *("<item>", "</item>", "<title>", "</title>", "<link>", "<guid>", "<pubDate>31 Feb 2026</pubDate>"),
    *("&", "&amp;", "<![CDATA[", "]]>", "<?x", "<!--", "\x00", "é", "G/TBT/N/KEN/1"),
    *("<entry xmlns='http://www.w3.org/2005/Atom'>", "<a href='http://['>"),
)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=14), st.sampled_from(["WTO", "US-REG"]))
def test_any_feed_makes_entries_or_a_sentence(parts: list[str], issuer: str) -> None:
    """However broken its markup is."""
    body = f"<rss version='2.0'><channel>{''.join(parts)}</channel></rss>".encode()
    try:
        found = entries(body, issuer=issuer)
    except SourceError:
        found = []
    for entry in found:
        assert entry.key
        assert (entry.notice is None) == bool(entry.problem)


def test_tags_that_never_close_are_counted_too() -> None:
    """The parser would take ten seconds over them."""
    with pytest.raises(SourceError, match="has 20001 entries"):
        entries(b"<rss version='2.0'><channel>" + b"<item" * 20_001)
