"""Hostile pages: read or refused within seconds, and nothing is raised but SourceError."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.sources.html_documents import a_page, a_row, entries
from watcher.source import SourceError


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 1_000_000,
        "<ul class=list>" + "<li><div>" * 300_000,
        "<ul class=list>" + "<li>" * 120_000,
        "<p>" + "".join(f"<b id={n}>" for n in range(5_000)) + "<p>x" * 30_000,
        "<a " + " ".join(f"x{n}=1" for n in range(300_000)) + ">",
        "<!--" * 500_000,
        "<script>" + "<div>" * 100_000,
        "<svg><title>" + "<div>" * 100_000,
        "<table>" * 200_000,
        "<ul class=list><li>" + "<a href=x>" * 120_000,
        "&amp;" * 600_000 + "<p>",
        "<li\x00><a\x00 href=\x00>" * 50_000,
        "<ul class=list><li><a href='" + "x" * 3_000_000 + "'>t",
    ],
)
def test_a_hostile_page_is_read_or_refused_in_no_time(page: str) -> None:
    """Five megabytes of it cost seconds, and nothing is raised but SourceError."""
    try:
        found = len(entries(page))
    except SourceError:
        found = 0

    assert found <= 2_000


def test_rows_inside_rows_do_not_multiply_the_work() -> None:
    """A selector that takes every level of a deep page would read it once for each."""
    page = "<div>" * 700 + "<p>word " * 100_000
    with pytest.raises(SourceError, match="rows lie inside each other"):
        entries(page, row="div", fields={"title": "p", "summary": ":self"})


@settings(deadline=None, max_examples=60)
@given(st.text(alphabet=st.sampled_from("<>/ali=\"' &#;x\x00\ud800\u202e"), max_size=60), st.integers(0, 200))
def test_no_row_breaks_the_reading_of_others(junk: str, cut: int) -> None:
    """Whatever stands before them, whole rows are found or the page is refused."""
    whole = a_page(a_row("A", "/1"), a_row("B", "/2"))
    for page in (junk + whole, whole[:cut] + junk, whole.replace("</li>", junk)):
        try:
            for entry in entries(page.encode("utf-8", "surrogatepass")):
                assert entry.key
        except SourceError:
            continue
