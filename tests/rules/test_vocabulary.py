"""The words of a version: written down and read back, and read only when something of them is asked for."""

from __future__ import annotations

import pytest

from rules.vocabulary import KeptVocabulary, Term, Vocabulary, load_vocabulary

WORDS = Vocabulary(
    hs_titles={"8507": {"en": "Electric accumulators"}},
    ics_titles={"29.220": {"en": "Galvanic cells and batteries"}},
    hs_terms=(Term("8507", "en", "battery"), Term("8507", "zh", "电池", weak=True)),
    markets={"KEN": ("Kenya", "肯尼亚")},
)


def test_words_come_back_as_they_were() -> None:
    """From the plain values that are kept in the database."""
    assert load_vocabulary(WORDS.content()) == WORDS


def test_kept_words_are_read_when_they_are_asked_for_and_once() -> None:
    """Not for their name, which a version knows beforehand: most commands classify nothing."""
    read: list[str] = []
    kept = KeptVocabulary(WORDS.fingerprint, lambda: read.append("read") or WORDS)  # type: ignore[func-returns-value]
    assert (kept.fingerprint, read) == (WORDS.fingerprint, [])
    assert kept.hs_terms == WORDS.hs_terms
    assert kept.content() == WORDS.content()
    assert len(kept.hs) == 2
    assert read == ["read"]
    with pytest.raises(AttributeError):
        _ = kept.unheard_of  # type: ignore[attr-defined]
