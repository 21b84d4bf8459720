"""Text: what is left of markup, what may be linked, which language it is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.text import _UNWANTED, language_of, one_line, plain, safe_link


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('<p style="margin:0">Jelly &amp; jam</p><p>Second</p>', "Jelly & jam\nSecond"),
        ("&lt;p&gt;Escaped&amp;nbsp;twice&lt;/p&gt;", "Escaped twice"),
        ("<P>one\nline</P>\r\n<UL><LI>a</LI><LI>b</LI></UL>", "one line\na\nb"),
        ("<tr><td>HS</td><td>8703</td></tr>", "HS 8703"),
        ("m<sup>2</sup>, H<sub>2</sub>O", "m2, H2O"),
        ("<!-- hidden --><script>alert(1)</script><style>p{}</style>seen", "seen"),
        ('<img src="x" onerror="alert(1)">seen<o:p></o:p>', "seen"),
        ("line\r\nline\u2028line", "line\nline\nline"),
        ("  many \t blanks\u00a0and\u3000widths \n\n\n next ", "many blanks and widths\nnext"),
        ("width <5 mm, a<b and pH <a or b>", "width <5 mm, a<b and pH <a or b>"),
        ("under <2014/53/EU>", "under <2014/53/EU>"),
        ("http://x.example/?a=1&copy=2", "http://x.example/?a=1&copy=2"),
        ("safe\u202egpj.exe\u202c \u200bzero\ufeff", "safegpj.exe zero"),
        ("&#x202e;&#0;&#8;text", "text"),
        ("e\u0301te\u0301", "été"),
        ("\ud800lone", "lone"),
        (
            "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645 bat\u200dtery",
            "\u0646\u0645\u06cc\u200c\u062f\u0627\u0646\u0645 battery",
        ),
        ("", ""),
        (None, ""),
    ],
)
def test_plain_text_is_what_a_reader_sees(source: str | None, expected: str) -> None:
    """Markup, scripts, references, directions and blanks are dealt with; signs of mathematics stay."""
    assert plain(source) == expected


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=300)
def test_plain_text_is_fit_to_store_and_to_send(source: str) -> None:
    """No control, surrogate or direction character is left, the text is NFC, tidy, and can be encoded."""
    text = plain(source)

    assert not [char for char in text if unicodedata.category(char) in ("Cc", "Cs") and char != "\n"]
    assert not set(text) & set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u200b")
    assert text == unicodedata.normalize("NFC", text)
    assert all(line and line == line.strip() and "  " not in line for line in text.split("\n") if text)
    text.encode("utf-8")


@given(st.text(alphabet="abc é中 <>&;/p\n", max_size=80))
@settings(deadline=None, max_examples=300)
def test_plain_text_stays_as_it_is(source: str) -> None:
    """What is plain already is not read as markup a second time."""
    once = plain(source)

    assert plain(once) == once


def test_no_invisible_character_passes() -> None:
    """Also not by the short way that texts take which look clean; Unicode calls some of them printable."""
    invisible = [sign for sign in map(chr, range(0x110000)) if _UNWANTED.match(sign)]
    assert [hex(ord(sign)) for sign in invisible if plain(f"a{sign}b") != "ab" or one_line(f"a{sign}b") != "ab"] == []
    blank = [sign for sign in map(chr, range(0x110000)) if sign.isspace()]
    assert [hex(ord(sign)) for sign in blank if one_line(f"a{sign} b{sign}") not in ("a b", "a b")] == []


def test_only_names_of_html_open_a_tag() -> None:
    """Other angle brackets are the writer's own."""
    assert plain("<h1>A</h1><p class='x'>B<br/>C</P><o:p>D</o:p>") == "A\nB\nC\nD"
    assert plain("<h9>A</h9> <foo>B</foo> <p or b> <5 mm") == "<h9>A</h9> <foo>B</foo> <p or b> <5 mm"


def test_deep_escaping_takes_no_time() -> None:
    """Layers of escaping are taken off a few times only, however many there are."""
    assert len(plain("&" + "amp;" * 100_000)) > 300_000
    assert plain("<" * 100_000) == "<" * 100_000


@given(st.text(max_size=400), st.integers(20, 200))
@settings(deadline=None, max_examples=200)
def test_one_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    """A subject never breaks its line, nor the limit."""
    line = one_line(text, limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


def test_a_long_line_is_cut_between_words() -> None:
    """Half words are not shown where a whole one ends nearby."""
    assert one_line("Requirements for jelly drinks, powders", 25) == "Requirements for jelly…"
    assert one_line("果冻" * 30, 11) == "果冻" * 5 + "…"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (" https://example.org/a.pdf ", "https://example.org/a.pdf"),
        ("http://example.org/a.pdf);", "http://example.org/a.pdf"),
        ("http://example.org/a_(1)", "http://example.org/a_(1)"),
        ("www.example.org/a", "http://www.example.org/a"),
        ("https://example.org/标准.pdf", "https://example.org/标准.pdf"),
        ('https://example.org/?q="<b>', "https://example.org/?q=%22%3Cb"),
        ("https://example.org/a b", "https://example.org/a%20b"),
    ],
)
def test_links_that_may_be_followed(url: str, expected: str) -> None:
    """Addresses of the web are kept, without what the sentence left on them, and safe in an attribute."""
    assert safe_link(url) == expected


@pytest.mark.parametrize(
    "url",
    [
        None, "", "javascript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "ftp://example.org/a",
        "file:///etc/passwd", "//example.org/a", "https://", "https://user:secret@example.org/", "https://@example.org",
        "https://good.example\\@evil.example/", "http://[::1", "http://example.org:99999/", "http://exa\nmple.org",
        "see the annex", "https://example.org/" + "a" * 2000,
    ],
)  # fmt: skip
def test_links_that_may_not_be_followed(url: str | None) -> None:
    """Other schemes, names and passwords, tricks with strokes and lines, and what is no address give None."""
    assert safe_link(url) is None


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Draft standard for the labelling of jelly drinks and other drinks", "en"),
        ("Projet de norme sur les boissons gélifiées et l'étiquetage de ces boissons", "fr"),
        ("Proyecto de norma para las bebidas de gelatina y el etiquetado de los productos", "es"),
        ("果冻饮料标准草案(DEAS 1181:2025, First Edition)", "zh"),
        ("电池", "zh"),
        ("Projeto de norma para as bebidas e a rotulagem dos produtos, em vigor no país", "??"),
        ("玩具の安全性に関する規則について", "??"),
        ("장난감 안전 기준 日本", "??"),
        ("DEAS 1181:2025", "??"),
        ("", "??"),
    ],
)
def test_the_language_is_told_or_left_to_the_source(text: str, language: str) -> None:
    """Chinese by script, the others by their small words; what is none of the four is what the source said."""
    assert language_of(text, prior="??") == language
