"""Text from strangers: nothing that acts, nothing that hides, and no length that costs more than its share."""

from __future__ import annotations

import re
import unicodedata
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.text import language_of, one_line, plain, safe_link

ACTS = re.compile(r"<\s*/?\s*(?:script|style|iframe|img|svg|a|p|b)\b[^<>]*>", re.IGNORECASE)
HIDES = set(
    "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff\x00"
)
LAYERS = st.sampled_from(
    [
        "<script>",
        "</script>",
        "alert(1)",
        "<p>",
        "&lt;",
        "&gt;",
        "&amp;",
        "lt;",
        "&#60;",
        "&#x3c;",
        "&#62;",
        "script",
        "<",
        ">",
        "img src=x onerror=y",
        "&#x202e;",
        "&#0;",
        "&#xfffe;",
        "\u202e",
        "\x00",
        "\ud83d",
        "<!--",
        "-->",
        "]]>",
        "<![CDATA[",
        "text",
        " ",
    ]
)


@given(st.lists(LAYERS, max_size=25).map("".join))
@settings(deadline=None, max_examples=400)
def test_no_scrap_of_markup_survives_however_it_is_wrapped(source: str) -> None:
    """Tags that take apart and put together again, escaped as often as one likes, are gone or are harmless text."""
    text = plain(source)

    assert not set(text) & HIDES
    assert not re.search(r"<script>", text, re.IGNORECASE)
    text.encode("utf-8")


@pytest.mark.parametrize("depth", range(12))
def test_a_script_escaped_any_number_of_times_is_never_a_tag(depth: int) -> None:
    """Layers are taken off a few times; the last word is still that markup goes."""
    source = "<script>alert(1)</script>seen"
    for _ in range(depth):
        source = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")

    assert not ACTS.search(plain(source))
    assert plain(source).endswith("seen")


def test_joiners_stay_where_scripts_need_them() -> None:
    """In Persian and in Hindi they are spelling; between Latin letters or in heaps they only hide something."""
    assert plain("می\u200cخواهم") == "می\u200cخواهم"
    assert plain("क्\u200dष") == "क्\u200dष"
    assert plain("reca\u200dll \u200c\u200d") == "recall"
    assert plain("م\u200c\u200c\u200c\u200cن") == "م\u200cن"


def test_marks_in_heaps_are_cut() -> None:
    """A letter keeps a few marks, as Vietnamese and Hebrew need; a row of dashes is no heap of marks."""
    assert len(plain("a" + "\u0301\u0316" * 500)) < 20
    assert plain("Tiê\u0323\u0301ng Việt") == unicodedata.normalize("NFC", "Tiê\u0323\u0301ng Việt")
    assert plain("—" * 60) == "—" * 60


PIECES = (
    "a",
    "<",
    "<a ",
    "<a:",
    "<a x=",
    "<b>",
    "&amp;",
    "&#x202e;",
    "<script>",
    "<script></script ",
    "<!--",
    "<![CDATA[",
    " ",
    "\r\n",
    "\u200d",
    "\u202e",
    "\u0301\u0316",
    "a\u0301\u0316",
    ")",
    "(",
    ".",
    "www.",
    "http://",
    "@",
    "%",
    "汉",
    "\ud800",
    "the ",
    "\u2028",
    "&lt;",
    "]]>",
)


@pytest.mark.parametrize("reads", [plain, one_line, safe_link, language_of])
@pytest.mark.parametrize("piece", PIECES)
def test_four_times_the_length_takes_no_more_than_a_few_times_as_long(reads: object, piece: str) -> None:
    """A line of a megabyte is read in a moment: time grows with the length, not with its square."""
    assert callable(reads)
    took = []
    for size in (100_000, 400_000):
        text = piece * (size // len(piece))
        best = 9.0
        for _ in range(2):
            started = process_time()
            reads(text)
            best = min(best, process_time() - started)
        took.append(best)

    assert took[1] < 9 * took[0] + 0.05


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "\x01javascript:alert(1)",
        "java\tscript:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "file:///etc/passwd",
        "//host.example/a",
        "/a/b",
        "a.html",
        "http:a",
        "https:///a",
        "http://user:pass@host.example/",
        "https://host.example@evil.example/",
        "http://host.example\x00.evil.example/",
        "http://host.example/\r\nSet-Cookie:a",
        "http://host.example\\.evil.example/",
        "mailto:a@b.example",
        "ftp://host.example/",
        "http://" + ")" * 1_000_000,
        "blob:https://host.example/1",
        "http://host example/",
        "http://ho＠st.example/",
        "feed:https://host.example/",
    ],
)
def test_only_addresses_of_the_web_are_links(url: str) -> None:
    """Nothing that runs, reads a file, carries a password or breaks a line."""
    assert safe_link(url) is None


def test_links_lose_what_hides_and_keep_what_looks_alike() -> None:
    """Direction marks and doubled escapes go; a host in another script is the publisher's own affair."""
    assert safe_link("https://host.example/\u202efdp.exe") == "https://host.example/fdp.exe"
    assert safe_link("https://host.example/?a=1&amp;b=2") == "https://host.example/?a=1&b=2"
    assert safe_link("https://раурal.example/a") == "https://раурal.example/a"
    assert safe_link("HTTPS://host.example/A") == "HTTPS://host.example/A"


@given(st.text(max_size=80))
@settings(deadline=None, max_examples=200)
def test_any_text_is_a_web_address_or_none(text: str) -> None:
    """Nothing raises; what is given back begins with http and holds no control or direction character."""
    for url in (text, f"http://{text}", f"https://host.example/{text}"):
        link = safe_link(url)
        assert link is None or link.lower().startswith(("http://", "https://"))
        assert link is None or not set(link) & HIDES


@pytest.mark.parametrize(
    ("text", "prior"),
    [
        ("Toys of the world", "fr"),
        ("Rappel de lot", "en"),
        ("Notice", "es"),
        ("電気用品安全法", "ja"),
        ("危害防止基準改正", "ko"),
        ("食品、添加物等の規格基準", "ja"),
        ("Recall 2026-17", "zh"),
        ("G/TBT/N/FRA/245", "fr"),
        ("La Nota", "en"),
    ],
)
def test_a_short_title_is_in_its_sources_language(text: str, prior: str) -> None:
    """A few words tell too little against what is known of the source."""
    assert language_of(text, prior=prior) == prior


def test_a_long_text_in_chinese_is_chinese_wherever_it_stands() -> None:
    """A Japanese publisher's Chinese pages have no kana; its own have."""
    chinese = "国家市场监督管理总局发布关于修改儿童玩具安全技术规范的公告,自二〇二六年十月一日起施行。" * 3
    assert language_of(chinese, prior="ja") == "zh"
    assert language_of("電池", prior="en") == "zh"
