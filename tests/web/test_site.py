"""What pages are made of: words, files, regions, comparisons, charts."""

from __future__ import annotations

import hashlib
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.more_words import MORE
from notifiers.wording import CATALOGUE as MESSAGES
from notifiers.wording import MORE_LANGUAGES, Words
from tbtwatch.web.account_words import ACCOUNTS
from tbtwatch.web.catalogues.es import SPANISH
from tbtwatch.web.catalogues.fr import FRENCH
from tbtwatch.web.charts import Bar, Column, Tile, bars, columns, tiles
from tbtwatch.web.mine_words import MINE
from tbtwatch.web.passkey_words import PASSKEYS
from tbtwatch.web.place_words import PLACES
from tbtwatch.web.program_words import PROGRAM_WORDS
from tbtwatch.web.provider_words import PROVIDERS
from tbtwatch.web.regions import REGIONS
from tbtwatch.web.rule_words import RULES
from tbtwatch.web.site import HERE
from tbtwatch.web.source_words import SOURCE_WORDS
from tbtwatch.web.staff_words import STAFF
from tbtwatch.web.text_diff import LONGEST, compare
from tbtwatch.web.words import CATALOGUE, PageWords
from tests.pipeline.service import MARKETS

#: What the names of wordings of the visitor's pages begin with.
VISITORS = frozenset(
    {
        *("site", "skip", "nav", "foot", "of_pages", "previous", "next", "new_window", "table_behind", "dash"),
        *("not_classified", "search", "sort", "facet", "list", "start", "measure", "who", "what", "how", "left"),
        *("diff", "type", "facet_name", "missing", "lost", "trouble", "fault", "calendar", "coming", "region"),
        *("export", "own_data", "passkey", "provider"),
    }
)


def test_every_wording_stands_in_both_languages_with_the_same_gaps() -> None:
    """And none takes the place of a message's wording."""
    for name, (english, chinese) in CATALOGUE.items():
        assert english and chinese, name
        gaps = [
            {field for one in wording.split("|") for _, field, _, _ in string.Formatter().parse(one) if field}
            for wording in (english, chinese)
        ]
        assert gaps[0] >= gaps[1], name
    assert not set(CATALOGUE) & set(MESSAGES)


def test_what_a_visitor_reads_stands_in_french_and_spanish_with_the_same_gaps() -> None:
    """Every wording of the visitor's pages; and no language has one that no page asks for."""
    visitors = {name for name in CATALOGUE if name.partition(".")[0] in VISITORS}
    assert len(visitors) > 180
    for beside in (FRENCH, SPANISH):
        assert set(beside) == visitors
        for name, wording in beside.items():
            assert wording.count("|") == CATALOGUE[name][0].count("|"), name
            assert gaps(wording) == gaps(CATALOGUE[name][0]), name
    for name, wordings in MORE.items():
        assert len(MESSAGES[name]) == 2 and all(gaps(one) == gaps(MESSAGES[name][0]) for one in wordings), name
        assert all(one.count("|") == MESSAGES[name][0].count("|") for one in wordings), name
    for name in ("headline.in_force", "kind.standard", "quality.stated", "days_left"):
        assert len({Words(language)(name, n=2) for language in MORE_LANGUAGES}) == 4


def gaps(wording: str) -> set[str]:
    """What is filled in."""
    return {field for one in wording.split("|") for _, field, _, _ in string.Formatter().parse(one) if field}


def test_no_room_takes_another_rooms_words() -> None:
    """Each part of the pages has words of its own: a name that stands in two of them would say one thing for both."""
    rooms = (ACCOUNTS, MINE, PASSKEYS, PLACES, PROGRAM_WORDS, PROVIDERS, RULES, SOURCE_WORDS, STAFF)
    assert len(frozenset().union(*rooms)) == sum(map(len, rooms))


def test_every_wording_a_template_asks_for_is_there() -> None:
    """Templates name them; a name that is missing would be a fault at the first visit."""
    asked = {
        name
        for path in (HERE / "templates").rglob("*.html")
        for name in re.findall(r"\bw\(\"([a-z_.]+)\"[,)]", path.read_text(encoding="utf-8"))
    }
    assert len(asked) > 60
    assert {name for name in asked if name not in CATALOGUE and name not in MESSAGES} == set()
    assert (
        PageWords("en")("search.found", n=1) == "1 measure" and PageWords("en")("search.found", n=12345)[:6] == "12,345"
    )


def test_the_script_is_the_one_that_was_looked_at() -> None:
    """Its hash stands in the README beside it."""
    digest = hashlib.sha256((HERE / "static" / "htmx.min.js").read_bytes()).hexdigest()
    assert digest in (HERE / "static" / "README.md").read_text(encoding="utf-8")


def test_every_market_is_in_one_region() -> None:
    """All Members and observers, none twice."""
    listed = [code for codes in REGIONS.values() for code in codes]
    assert sorted(listed) == sorted(MARKETS.members)
    assert {f"region.{name}" for name in REGIONS} <= set(CATALOGUE)


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_comparison_holds_both_texts(old: str, new: str) -> None:
    """What stayed and what went is the old text, what stayed and what came the new one, but for blanks."""
    pieces = compare(old, new)
    assert pieces is not None
    if any(piece.kind == "skipped" for piece in pieces):
        return

    def text(kinds: tuple[str, ...]) -> str:
        return "".join("".join(piece.text for piece in pieces if piece.kind in kinds).split())

    assert text(("same", "removed")) == "".join(old.split())
    assert text(("same", "added")) == "".join(new.split())


def test_a_comparison_is_read_in_words() -> None:
    """Words, Chinese characters; long stretches that stayed are left out; texts beyond all measure are not compared."""
    pieces = compare("Labels must be green and large.", "Labels must be blue and large.")
    assert pieces is not None
    changed = [(piece.kind, piece.text) for piece in pieces if piece.kind != "same"]
    assert changed == [("removed", "green"), ("added", "blue")]
    chinese = compare("锂电池须标注容量", "锂电池须标注额定容量")
    assert chinese is not None and [piece.text for piece in chinese if piece.kind == "added"] == ["额定"]
    long = compare("begin " + "same " * 300 + "end", "began " + "same " * 300 + "end")
    assert long is not None and any(piece.kind == "skipped" for piece in long)
    assert compare("a " * LONGEST, "b") is None


@pytest.mark.parametrize("value", [0, 1, 7, 10_000_000])
def test_a_chart_is_drawn_of_any_numbers(value: int) -> None:
    """Well-formed, nothing outside its frame, and others' words as text."""
    drawn = [
        bars("a", "t", "d", [Bar('<b>&"', value, "/x?a=1&b=2")]),
        columns("b", "t", "d", [Column("<i>", (value, 0, value), "1/2")]),
        tiles("c", "t", "d", [("<r>", [Tile("KEN", "Kenya", value, "/x")])]),
        bars("e", "t", "d", []),
    ]
    import xml.etree.ElementTree as ET

    for svg in drawn:
        root = ET.fromstring(str(svg))
        height = float(root.attrib["height"])
        for rect in root.iter("rect"):
            assert float(rect.attrib["y"]) >= 0 and float(rect.attrib["y"]) + float(rect.attrib["height"]) <= height
            assert float(rect.attrib["x"]) + float(rect.attrib["width"]) <= 400
