"""What holds for each reader: it never fails, it quotes the text, and a long text does not hold it up."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.readers import READERS, Reader
from rules.reading import Reading
from tests.builders import a_measure
from tests.rules.readers.reading import NOTHING, found, no_rules, shipped

NAMES = [reader.__module__.rsplit(".", 1)[-1] for reader in READERS]
PIECES = [
    *(
        "transition period",
        "until 31 December 2026",
        "过渡期至",
        "2026年1月1日",
        "18 months after publication",
        "IEC 60335-1",
    ),
    *(
        "GB/T",
        "—2020",
        "imported from",
        "Turkey",
        "New Mexico",
        "原产于日本",
        "、",
        "all trading partners",
        "İ",
        "ß",
        "ﬁ",
    ),
    *(
        "emergency measure",
        "NOM-001-SCFI-2018",
        "EN",
        "71-1:2014+A1:2018",
        "not apply to",
        "除",
        "外",
        ".",
        ";",
        "\n",
        "\x00",
    ),
    *("ГОСТ Р", "12.1-75", "-", "\u200b", "é", "e\u0301", "ＩＥＣ", "Product recall", "召回公告"),
]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=30).map("".join),
)


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
@settings(max_examples=60, deadline=None)
@given(title=TEXTS, summary=TEXTS)
def test_a_reader_never_fails_and_quotes_the_text(reader: Reader, title: str, summary: str) -> None:
    """Any text is read; what is quoted from a text stands in it, letter by letter."""
    texts = {"title": title, "content_summary": summary}
    for finding in found(reader, shipped(), **texts):
        for evidence in finding.evidence:
            if evidence.field in texts:
                assert evidence.quotes
                assert all(quote and quote in texts[evidence.field] for quote in evidence.quotes)


@pytest.mark.parametrize("reader", READERS, ids=NAMES)
@pytest.mark.parametrize(
    "piece",
    [
        "imported from Japan, products of ",
        "transition period until ",
        "过渡期至2026年",
        "IEC 60335-1-",
        "GB EN BS ISO ",
        "not apply to all countries ",
        "来自日本、",
        "1-1-1-1.1.1",
        "import " * 9,
        "EN ISO",
        "may be sold a ",
        "x",
        " ",
        "字",
    ],
    ids=lambda piece: piece[:12],
)
def test_a_long_text_is_read_in_a_second(reader: Reader, piece: str) -> None:
    """A megabyte of the worst words takes less than a second, but for the folding that all share."""
    text = piece * (1_000_000 // len(piece.encode()))
    reading = Reading(a_measure(**{**NOTHING, "content_summary": text}), no_rules().index)
    reading.folded("content_summary")
    list(reader(Reading(a_measure(**{**NOTHING, "title": "Toys"}), no_rules().index), no_rules()))
    begun = time.process_time()

    list(reader(reading, no_rules()))

    assert time.process_time() - begun < 1
