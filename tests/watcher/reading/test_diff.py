"""What changed in a text, as a person would tell it."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.reading.diff import readable_diff

BEFORE = "Scope\nThe rule covers toys. It applies from 1 May 2027.\nComments are taken until 1 March 2027."


def test_what_is_new_gone_and_reworded_is_told_in_its_place() -> None:
    """Sentence by sentence; what stays is left out."""
    after = "Scope\nThe rule covers toys. It applies from 1 June 2027.\nLamps are covered as well."

    assert readable_diff(BEFORE, after).split("\n") == [
        "Changed: “It applies from 1 May 2027.” → “It applies from 1 June 2027.”",
        "Removed: Comments are taken until 1 March 2027.",
        "Added: Lamps are covered as well.",
    ]


@pytest.mark.parametrize(
    "after",
    [
        BEFORE,
        BEFORE.upper(),
        BEFORE.replace(" ", "  "),
        "\n".join(reversed(BEFORE.split("\n"))),
        BEFORE.replace("\n", "\n\n"),
        BEFORE.replace("1", "１"),
    ],
)
def test_spacing_letter_case_order_and_width_are_no_change(after: str) -> None:
    """A page laid out anew says the same."""
    assert readable_diff(BEFORE, after) == ""


def test_a_sentence_that_stands_twice_and_then_once_is_told() -> None:
    """Counting, not only whether it is there."""
    assert readable_diff("A line.\nA line.", "A line.") == "Removed: A line."


def test_of_a_long_line_what_is_around_the_difference_is_shown() -> None:
    """A table may be one line of thousands of characters."""
    line = "chapter 85 of the tariff and so on, " * 40
    told = readable_diff(f"{line}8509 40{line}", f"{line}8509 80{line}")

    assert "8509 40" in told
    assert "8509 80" in told
    assert len(told) < 700


def test_very_many_changes_are_counted() -> None:
    """A rewritten page is not told line by line."""
    told = readable_diff("", "\n".join(f"Line number {number} of the new text" for number in range(500)), most=5)

    assert told.split("\n")[-1] == "… and 495 more changes"
    assert len(told.split("\n")) == 6


@pytest.mark.parametrize(
    ("language", "told"), [("zh", "新增：新"), ("fr", "Ajouté : 新"), ("es", "Añadido: 新"), ("ja", "Added: 新")]
)
def test_the_words_around_a_change_are_in_the_language_asked_for(language: str, told: str) -> None:
    """English stands for those that are not known."""
    assert readable_diff("", "新", language) == told


def test_chinese_sentences_are_told_one_by_one() -> None:
    """They end without a blank."""
    assert (
        readable_diff("甲方须检验。乙方须备案。", "甲方须检验。乙方免于备案。", "zh")
        == "改动：“乙方须备案。” → “乙方免于备案。”"
    )


def test_large_texts_that_share_nothing_are_compared_in_no_time() -> None:
    """The work is bounded, whatever the texts are."""
    before, after = (" ".join(f"{word}{n} {n * 7}.\n" for n in range(20_000)) for word in ("a", "b"))
    began = time.monotonic()

    readable_diff(before, after)
    readable_diff("a b c " * 60_000, "b c d " * 60_000)
    readable_diff("\n".join(before.split("\n")[:2_900]), "\n".join(after.split("\n")[:2_900]))

    assert time.monotonic() - began < 8


@settings(deadline=None, max_examples=100)
@given(st.text("ab .\n新。", max_size=80), st.text("ab .\n新。", max_size=80))
def test_nothing_is_told_exactly_when_both_say_the_same(before: str, after: str) -> None:
    """And a text compared with itself says nothing."""
    assert readable_diff(before, before) == ""
    assert bool(readable_diff(before, after)) == bool(readable_diff(after, before))
