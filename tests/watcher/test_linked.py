"""Which addresses of a notice are taken for its PDF."""

from __future__ import annotations

import pytest

from tests.builders import a_notice
from watcher.linked import LONGEST_ADDRESS, pdf_addresses


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/x.pdf",
        "https://a.example/X.PDF",
        "https://a.example/x.pdf?version=2#page=3",
        "https://a.example/x%2Epdf",
        "https://a.example/x.pdf;jsessionid=1",
        "https://a.example/get?file=x.pdf&lang=en",
    ],
)
def test_what_ends_in_pdf_goes_before_everything_else(address: str) -> None:
    """Other links are not asked for then."""
    notice = a_notice(links=("https://a.example/form", address), page="https://a.example/x", issuer="US-X")

    assert pdf_addresses(notice) == (address,)


def test_what_does_not_say_what_it_is_may_be_one() -> None:
    """If no link ends in .pdf. Known other kinds of files are none, nor is the top of a site."""
    links = (
        "https://a.example/x.html",
        "https://a.example/x.docx",
        "https://a.example/d/7",
        "https://a.example/d.aspx?7",
    )
    notice = a_notice(
        links=(*links, "https://a.example/", "https://a.example"), page="https://a.example/p/1", issuer="US-X"
    )

    assert pdf_addresses(notice) == ("https://a.example/d/7", "https://a.example/d.aspx?7", "https://a.example/p/1")


def test_the_wto_s_own_page_is_none() -> None:
    """It is known to be a page."""
    assert pdf_addresses(a_notice(links=(), page="https://eping.wto.org/en/notification/1")) == ()


@pytest.mark.parametrize("address", ["https://a.example/" + "x" * LONGEST_ADDRESS + ".pdf", "https://[bad/x.pdf", ""])
def test_what_no_person_follows_is_left_out(address: str) -> None:
    """Endless addresses, and those that are none."""
    assert pdf_addresses(a_notice(links=(address,), page=None)) == ()
