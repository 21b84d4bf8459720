"""The catalogue of words is complete in every language."""

from __future__ import annotations

from string import Formatter

import pytest

from notifiers.label_words import LABELS
from notifiers.requirement_words import REQUIREMENTS
from notifiers.wording import CATALOGUE, LANGUAGES, MORE_LANGUAGES, Words, labelled_in, offered
from rules.classification import Grade
from watcher.dates import Anchor
from watcher.measure import ChangeKind, MeasureStatus


def holes(wording: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(wording) if name}


@pytest.mark.parametrize("name", CATALOGUE)
def test_every_wording_says_the_same_in_every_language(name: str) -> None:
    """No language is missing, none is empty, and none fills in what another does not have."""
    wordings = CATALOGUE[name]
    assert len(wordings) in (len(LANGUAGES), len(MORE_LANGUAGES))
    assert name in ("between", "blank") or all(wording.strip() for wording in wordings)
    english, *others = (set[str]().union(*map(holes, wording.split("|"))) for wording in wordings)
    countable = {"n", "total", "doubt"}  # "等共 9 项" counts all, "and 3 more" the rest; doubts are English
    assert all(other - countable == english - countable for other in others)
    assert all(wording.count("|") <= 1 for wording in wordings)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ChangeKind)
def test_every_kind_of_change_has_its_words(kind: ChangeKind, language: str) -> None:
    """A headline, a whole sentence and a phrase for the subject, each different from that of other kinds."""
    words = Words(language)
    for form in ("headline", "sentence", "phrase"):
        others = {words(f"{form}.{other}") for other in ChangeKind if other is not kind}
        assert words(f"{form}.{kind}") not in others
    assert words(f"sentence.{kind}").endswith(words("stop"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_status_grade_and_anchor_has_its_words(language: str) -> None:
    """A new value of these enumerations cannot be forgotten here."""
    words = Words(language)
    assert all(words(f"status.{status}") for status in MeasureStatus)
    assert all(words(f"anchor.{anchor}") for anchor in Anchor)
    for grade in Grade:
        assert words(f"grade.{grade}") and words(f"grade.{grade}.short") and words(f"sure.{grade}")


@pytest.mark.parametrize(
    ("asked", "written"),
    [("zh", "zh"), ("zh-CN", "zh"), ("zh_TW", "zh"), (" EN-gb", "en"), ("fr", "en"), ("es", "en"), ("", "en")],
)
def test_a_language_that_is_not_offered_is_answered_in_english(asked: str, written: str) -> None:
    """Regions and scripts of a language we write are answered in that language."""
    assert offered(asked) == written


def test_one_is_not_many() -> None:
    """English has two forms; Chinese one."""
    assert [Words("en")("days_left", n=n) for n in (1, 2)] == ["1 day left", "2 days left"]
    assert [Words("zh")("days_left", n=n) for n in (1, 2)] == ["还有 1 天", "还有 2 天"]


def test_what_is_filled_in_is_never_read_as_a_wording() -> None:
    """Braces and bars in somebody else's words stay what they are."""
    assert Words("en")("comments_by", day="{n} | {x.__class__}") == "comments by {n} | {x.__class__}"


def test_a_missing_word_is_an_error() -> None:
    """Neither a name nor a value that is missing is passed over in silence."""
    with pytest.raises(KeyError):
        Words("en")("no such name")
    with pytest.raises(KeyError):
        Words("en")("comments_by")


def test_labels_corrections_and_duties_stand_in_four_languages() -> None:
    """Their wordings have four forms; a reader of a fifth language gets English."""
    assert all(len(CATALOGUE[name]) == len(MORE_LANGUAGES) for name in (*LABELS, *REQUIREMENTS))
    assert [labelled_in(asked) for asked in ("fr-CA", "ES", "zh_TW", "pt")] == ["fr", "es", "zh", "en"]
