"""What the bot says is there in every language, and written as that language is written."""

from __future__ import annotations

import re
import string

import pytest

from notifiers.wording import LANGUAGES
from tbtwatch.bot.answers import commands
from tbtwatch.bot.phrases import PHRASES, say

HAN = r"[\u4e00-\u9fff]"


def fields(phrase: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(phrase) if name} - {"n", "total"}


@pytest.mark.parametrize("name", PHRASES)
def test_a_phrase_is_there_in_each_language_with_the_same_values(name: str) -> None:
    """Or one language would break where the other answers."""
    phrases = PHRASES[name]
    assert set(phrases) == set(LANGUAGES)
    wanted = {language: fields(phrase) for language, phrase in phrases.items()}
    assert wanted["en"] == wanted["zh"]


@pytest.mark.parametrize("name", PHRASES)
def test_chinese_has_chinese_punctuation(name: str) -> None:
    """No comma, colon, semicolon, bracket or stop of half width beside a Chinese character or a filled-in value."""
    chinese = PHRASES[name]["zh"]
    assert not re.search(rf"{HAN}[,:;()!?.]|[,;()!?]{HAN}", chinese), chinese
    assert not re.search(r"\}[,:;(]|[(]\{", chinese), chinese


def test_a_number_has_its_form() -> None:
    """One measure, two measures; Chinese has one form."""
    assert (say("found", "en", n=1), say("found", "en", n=2)) == ("1 measure", "2 measures")
    assert say("found", "zh-CN", n=1) == "1 项"


def test_another_language_is_answered_in_english() -> None:
    """Nothing else is offered yet."""
    assert say("language_set", "fr") == PHRASES["language_set"]["en"]


def test_the_menu_fits_the_service() -> None:
    """Commands of 1 to 32 small letters, each with 1 to 256 characters of explanation."""
    for language in LANGUAGES:
        for name, what in commands(language):
            assert re.fullmatch(r"[a-z_]{1,32}", name) and 0 < len(what) <= 256
