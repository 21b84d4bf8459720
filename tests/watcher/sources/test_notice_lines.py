"""JSON Lines: what is written is read back, and a bad line costs only itself."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import a_notice
from watcher.dates import DateQuality
from watcher.sources.notice_lines import read_notices, write_notices


def test_one_line_becomes_one_notice() -> None:
    """Dates are in the wordings of the documents, counted from the distribution date."""
    line = {
        "symbol": "G/TBT/N/CHN/ 1414，G/TBT/N/KEN/5", "title": "锂电池", "comment_deadline": "通报后60天",
        "distribution_date": "2026-07-02", "hs_codes": ["87.16", "07"], "ics_codes": ["43.080.10"],
        "objective": "保护环境;质量要求", "agency": "SAMR", "articles": ["2.9.2", "5.6.2"], "lang": "zh",
        "addendum_reason": "", "links": ["https://a.example/1.pdf", "javascript:alert(1)"], "unknown": {"x": 1},
    }  # fmt: skip
    (entry,) = read_notices([json.dumps(line)])
    notice = entry.notice

    assert notice is not None
    assert notice.symbols == ("G/TBT/N/CHN/1414", "G/TBT/N/KEN/5")
    assert entry.key == notice.key
    assert (notice.comment_deadline.value, notice.comment_deadline.quality) == (date(2026, 8, 31), DateQuality.COMPUTED)
    assert notice.hs_codes == ("07", "8716")
    assert notice.objectives == ("environment", "quality")
    assert notice.legal_basis == ("2.9.2", "5.6.2")
    assert notice.links == ("https://a.example/1.pdf",)
    assert (notice.responsible_agency, notice.language) == ("SAMR", "zh")


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        (b"{", "line 3: it is not JSON"),
        (b"[1]", "line 3: it is not a JSON object"),
        (b'{"title": "No symbol"}', "line 3: there is no document symbol"),
        (b'{"symbol": "see below"}', "line 3: the document symbol 'see below' cannot be read"),
        (b"\xff\xfe", "line 3: it is not JSON"),
        (b"[" * 100_000, "line 3: it is not JSON"),
        (b'{"symbol": "' + b"x" * 3_000_000 + b'"}', "line 3: it has 3000014 characters"),
    ],
)
def test_a_bad_line_is_named_and_stops_nothing(bad: bytes, told: str) -> None:
    """Blank lines count as lines, so that an editor finds the number."""
    good = b'{"symbol": "G/TBT/N/KEN/1"}'
    first, problem, last = read_notices([good, b"\n", bad, good.replace(b"KEN/1", b"KEN/2")])

    assert first.notice and last.notice
    assert problem.notice is None
    assert problem.problem.startswith(told)
    assert len(problem.raw) <= 20_000


def test_a_notice_survives_being_written_and_read() -> None:
    """With computed, unknown and stated dates, and objectives that have no key."""
    lines = (
        '{"symbol": "G/TBT/N/KEN/1/Add.1", "distribution_date": "2026-07-02",'
        ' "comment_deadline": "60 days from notification",'
        ' "adoption_date": "To be determined", "entry_into_force": "1 May 2027", "objective": "Better sleep",'
        ' "description": "See G/TBT/N/KEN/1.\\nSecond paragraph.", "source_url": "https://a.example/"}',
    )
    notices = [entry.notice for entry in read_notices(lines) if entry.notice]
    again = [entry.notice for entry in read_notices(write_notices(notices)) if entry.notice]

    assert again == notices
    assert notices[0].related_symbols == ("G/TBT/N/KEN/1",)


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(max_size=60),
    hs=st.lists(st.sampled_from(["2202", "850760", "95"]), unique=True).map(lambda codes: tuple(sorted(codes))),
    day=st.dates(date(1996, 1, 1), date(2026, 11, 1)),
    deadline=st.dates(date(1996, 1, 1), date(2026, 11, 1)),
)
def test_any_readable_notice_round_trips(title: str, hs: tuple[str, ...], day: date, deadline: date) -> None:
    """Once read, a notice is the same however often it is handed on."""
    once = [e.notice for e in read_notices(write_notices([
        a_notice(title=title, hs_codes=hs, distribution_date=day, comment_deadline=deadline)
    ])) if e.notice]  # fmt: skip
    twice = [e.notice for e in read_notices(write_notices(once)) if e.notice]

    assert once
    assert twice == once


def test_a_regulators_own_document_survives_too() -> None:
    """With its dockets; two issuers may use one number, so the entry is known by both."""
    recall = a_notice(issuer="US-CPSC", symbol="26-101", area="", threads=("Docket No. CPSC–2026–7",))
    (entry,) = read_notices(write_notices([recall]))

    assert entry.notice == recall
    assert entry.key == "US-CPSC 26-101"


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.binary(max_size=60) | st.sampled_from([b'{"symbol": ["G/TBT/N/KEN/1"], "links": 3, "lang": null}']),
        max_size=5,
    )
)
def test_any_lines_make_entries(lines: list[bytes]) -> None:
    """Never an exception."""
    for entry in read_notices(lines):
        assert (entry.notice is None) == bool(entry.problem)
