"""The markets a question names, by name in any language or by code, and also where Chinese writes no blank."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from watcher.markets import Markets

LONGEST_NAME: Final = 7  # words: "Saint Vincent and the Grenadines", "Bolivia, Plurinational State of"
LONGEST_HAN_NAME: Final = 20
MOST_MARKETS: Final = 8
LONGEST_CODE: Final = 3

HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_JOINERS: Final = re.compile(r"^[和与及或的在对]+|[和与及或在对]+$")
_TOWARDS: Final = "在对从去往"
#: Codes that are words, too: in lower case they count only where nothing else can be meant.
_COMMON_WORDS: Final = (
    "al all am an and ant are arm as at az ba be ben bo bol bra by ca can cat ch che cod cog da de do "
    "dom ec es est et fin ga gab ge gel gin gum he hr id ie il in ir is it jam la li lie lit lot lu ma "
    "mac mal man mar mc me mg ml mn mo mus mx my na ne ni no nor or pa pan pe per pl pm pol ps re rom rs "
    "ru sa se sen si so som su sur sv tan tg tha ti to ton tr tun tv un uy va ven vi vu we ws"
)
_WORDS_TOO: Final = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The markets, and the words that are left."""

    markets: tuple[str, ...]
    words: tuple[str, ...]


def take_markets(
    words: Sequence[str],
    markets: Markets,
    *,
    shorter: Callable[[str], str] = lambda word: word,
    only_numbers_else: bool = False,
) -> Places:
    """Take the market names out of words.

    `shorter` takes a filler off a Chinese word, so that the name behind it is seen. `only_numbers_else` says that the
    question holds numbers besides.

    A name counts anywhere; a code in capitals, too, unless all is written in capitals; a code in small letters only
    if nothing else names a market, and one that is also a word ("in", "can") only with numbers and nothing else.
    """
    found: list[str] = []
    left = list(_split_han(words, markets, found, shorter))
    left = _take(left, found, lambda text: _named(text, markets))
    shouted = not any(char.islower() for word in words for char in word) and any(
        len(word) > LONGEST_CODE and word.isalpha() and not HAN.search(word) for word in words
    )
    if not shouted:
        left = _take(left, found, lambda text: markets.find(text) if text.isupper() and _is_code(text) else None)
    if not found:
        left = _take(
            left,
            found,
            lambda text: markets.find(text) if _is_code(text) and text.casefold() not in _WORDS_TOO else None,
        )
    if not found and only_numbers_else and len(left) == 1 and _is_code(left[0]):
        left = _take(left, found, markets.find)
    return Places(markets=tuple(dict.fromkeys(found))[:MOST_MARKETS], words=tuple(left))


def _take(words: list[str], found: list[str], find: Callable[[str], str | None]) -> list[str]:
    """The words that are in no name, the longest name at each place first."""
    left: list[str] = []
    at = 0
    while at < len(words):
        for end in range(min(at + LONGEST_NAME, len(words)), at, -1):
            if market := find(" ".join(words[at:end])):
                found.append(market)
                at = end
                break
        else:
            left.append(words[at])
            at += 1
    return left


def _named(text: str, markets: Markets) -> str | None:
    """A market by a name that is no code, no number and no part of one."""
    bare = text.strip("?.!'\"")
    return None if _is_code(bare) or not _is_text(bare) else markets.find(bare)


def _is_code(text: str) -> bool:
    letters = text.replace(".", "")
    return len(letters) <= LONGEST_CODE and letters.isascii() and letters.isalpha()


def _is_text(word: str) -> bool:
    return any(char.isalpha() for char in word)


def _split_han(
    words: Sequence[str], markets: Markets, found: list[str], shorter: Callable[[str], str]
) -> Sequence[str]:
    """Chinese words without the market names that begin or end them: "德国锂电池", "玩具越南"."""
    left: list[str] = []
    for whole in words:
        word, named = whole, False
        while HAN.search(word):
            if market := _beginning(word, markets) or _ending(word, markets):
                name, word = market
                found.append(name)
                named = True
                word = _JOINERS.sub("", word)
            elif (less := shorter(word)) != word:
                word = less
            elif word[0] in _TOWARDS and _beginning(word[1:], markets):
                word = word[1:]
            else:
                break
        # Without a name in it, the word is left whole for whoever reads it next.
        if word := word if named else whole:
            left.append(word)
    return left


def _beginning(word: str, markets: Markets) -> tuple[str, str] | None:
    for end in range(min(LONGEST_HAN_NAME, len(word)), 1, -1):
        if HAN.match(word) and (market := markets.find(word[:end])):
            return market, word[end:]
    return None


def _ending(word: str, markets: Markets) -> tuple[str, str] | None:
    for start in range(max(0, len(word) - LONGEST_HAN_NAME), len(word) - 1):
        if HAN.match(word[start]) and (market := markets.find(word[start:])):
            return market, word[:start]
    return None
