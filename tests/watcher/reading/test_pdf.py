"""A PDF's first pages: read in a process of its own, and whatever the file is, a sentence instead of an exception."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.watcher.reading.documents import bomb, encrypted, pdf
from watcher.reading.pdf import MEGABYTE, pdf_text


def test_the_text_of_the_first_pages_is_read(tmp_path: Path) -> None:
    """From bytes or from a file, as many pages as were asked for."""
    document = pdf(*[f"Page {number} on toys" for number in range(1, 8)])
    path = tmp_path / "notice.pdf"
    path.write_bytes(document)

    told = pdf_text(path, pages=2)

    assert (told.text, told.pages, told.read, told.problem) == ("Page 1 on toys\nPage 2 on toys", 7, 2, "")
    assert pdf_text(document, pages=2) == told
    assert pdf_text(document).read == 5


@pytest.mark.parametrize(
    ("document", "told"),
    [
        (b"", "The PDF is empty."),
        (b"<!doctype html><title>Not found</title>", "The document is no PDF: a web page came instead."),
        (b"PK\x03\x04 a workbook", "The document is no PDF: something else came instead."),
        (b"%PDF-1.7 and nothing more", "The PDF is broken"),
        (pdf("x" * 10)[:200], "The PDF"),
        (pdf(""), "its pages are pictures"),
        (encrypted(pdf("Secret"), "a password"), "The PDF is encrypted"),
        (pdf(streams=[b"not packed at all"], filters="/Filter /FlateDecode"), "The PDF"),
        (b"%PDF-1.4\n" + b"[" * 200_000, "The PDF"),
    ],
)
def test_what_cannot_be_read_says_why(document: bytes, told: str) -> None:
    """In a sentence for staff."""
    found = pdf_text(document)

    assert told in found.problem
    assert found.problem.endswith(".")
    assert found.text == ""


def test_an_empty_password_opens_what_only_forbids_printing() -> None:
    """Many gazettes are encrypted so."""
    assert pdf_text(encrypted(pdf("Open to all"), "")).text == "Open to all"


def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    """Not an exception."""
    assert "could not be opened" in pdf_text(tmp_path / "gone.pdf").problem


def test_a_large_file_is_not_read() -> None:
    """Its size is known before it is opened."""
    document = pdf("x") + b"\n" * 50_000

    assert pdf_text(document, max_bytes=20_000).problem == (
        f"The PDF has {len(document):,} bytes, more than the 20,000 that are read."
    )


def test_time_is_bounded() -> None:
    """The child is ended, however busy it is."""
    drawing = b"BT /F1 12 Tf " + b"0 0 Td (x) Tj " * 2_000_000 + b"ET"
    began = time.monotonic()

    told = pdf_text(pdf(streams=[drawing]), seconds=1, max_bytes=100 * MEGABYTE, memory=2_000 * MEGABYTE)

    assert told.problem == "The PDF could not be read in 1 seconds."
    assert time.monotonic() - began < 6


@pytest.mark.parametrize("layers", [1, 2])
def test_memory_is_bounded(layers: int) -> None:
    """A file of few bytes that unpacks to hundreds of megabytes costs the child its life, at most."""
    document = bomb(300, layers)
    assert len(document) < MEGABYTE

    told = pdf_text(document, memory=200 * MEGABYTE)

    assert told.text == ""
    assert told.problem.endswith(".")


def test_limits_that_are_none_are_refused() -> None:
    """By whoever calls it wrongly."""
    with pytest.raises(ValueError, match="at least one page"):
        pdf_text(b"%PDF-", pages=0)


@settings(deadline=None, max_examples=6)
@given(st.integers(0, 600), st.binary(max_size=20))
def test_a_damaged_file_never_raises(place: int, junk: bytes) -> None:
    """Text, or a problem, or both."""
    whole = pdf("On toys", "On lamps")
    told = pdf_text(whole[:place] + junk + whole[place + len(junk) :], seconds=10)

    assert told.text or told.problem
