"""In which languages a stretch of text can be: words of the term list count only where they can be words.

"Chất" is Vietnamese for a substance and no French cat, "Thái Lan" is no local area network. One text may change its
language from clause to clause, and what is stated of its language may be wrong; so each clause is read by its letters
and by its little words, and only what speaks for another language takes a term away. Chinese terms always count.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from typing import Final

from rules.terms import Folded

#: The languages with blanks between words that the term list has.
OURS: Final = frozenset({"en", "fr", "es"})
#: Where one of these is stated, a text without strange letters may be in ours: Vietnamese would show itself.
_NOT_TOLD_BY_WORDS: Final = OURS | {"zh", "", "vi"}

#: Latin letters that English, French or Spanish write, beside a to z.
_OUR_LETTERS: Final = frozenset("ÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸÁÍÓÚÑàâæçéèêëîïôœùûüÿáíóúñªº")
_STRANGE: Final = re.compile("[\u00c0-\u024f\u1e00-\u1eff]")

#: Little words, without accents. One that two languages share speaks for both.
_LITTLE: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(words.split())
    for language, words in {
        "en": "the of and for to in on with by or from that is are be this which shall not its as at",
        "fr": "le la les des du de et aux au une un pour dans sur par est sont avec ou en sans ce cette que qui ne a",
        "es": "el la los las de del y para por con en una un al que se sobre o sin su como a no es",
        "vi": "va cua cac cho ve trong theo duoc doi voi quy dinh tai khong nhung san pham hang",
        "pt": "o os as do da dos das em no na nos nas ao e com para por uma um que ou nao sao pelo pela",
        "de": "der die das und fur von mit den dem des zur zum uber auf eine einer ist oder nach im",
        "it": "il lo gli dei della delle degli nel nella per con e di che sono alla dal al sui",
        "nl": "de het een van en voor met op te zijn bij tot aan wordt",
        "id": "dan yang untuk dengan pada dari di atau tentang dalam kepada adalah bagi oleh ini",
        "tr": "ve icin ile bir olarak hakkinda veya olan bu iliskin dair",
        "pl": "i w z na do oraz dla sie lub przez od nie ktore jest",
        "ro": "si de la cu pentru in din sau privind al ale este pe",
        "sv": "och av att med till som om en ett den det pa i",
        "da": "og af at med til som om en et den det pa i er",
        "sw": "ya na wa kwa za la katika cha vya ni",
    }.items()
}
_BY_WORD: Final[Mapping[str, tuple[str, ...]]] = {
    word: tuple(language for language, words in _LITTLE.items() if word in words)
    for word in sorted(set().union(*_LITTLE.values()))
}
_CLAUSE: Final = re.compile(r"[.;:!?()\[\]\"“”«»|\n,/]+|[\u3400-\u9fff]+")
_WORD: Final = re.compile(r"[a-z\u00df-\u024f\u1e00-\u1eff]+")
_FEWEST = 2  # so many different little words speak for a language


class Tongues:
    """The clauses of a text, and whether each can be in one of our languages."""

    def __init__(self, folded: Folded, stated: str = "", *, known: bool | None = None) -> None:
        """`stated`: the language that is said of it. `known`: whether other texts beside it are in ours."""
        self._starts: list[int] = []
        self._ours: list[bool] = []
        self.whole = _ours(folded, 0, len(folded.text))
        fallback = self.whole
        if fallback is None:
            fallback = known if known is not None else stated.lower()[:2] in _NOT_TOLD_BY_WORDS
        start = 0
        for mark in (*_CLAUSE.finditer(folded.text), None):
            end = mark.start() if mark else len(folded.text)
            if end > start:
                self._starts.append(start)
                said = _ours(folded, start, end)
                self._ours.append(fallback if said is None else said)
            start = mark.end() if mark else end

    def ours(self, start: int) -> bool:
        """Whether what stands there, in the folded text, can be English, French or Spanish."""
        place = bisect_right(self._starts, start) - 1
        return self._ours[place] if place >= 0 else True


def has_strange_letters(text: str) -> bool:
    """Whether a word has Latin letters that none of our languages writes: "chất", "giầy"."""
    return any(letter not in _OUR_LETTERS for letter in _STRANGE.findall(text))


def in_ours(texts: Iterable[Folded]) -> bool | None:
    """Whether texts taken together are in our languages; None if nothing says so or otherwise.

    One that shows its language by its letters says nothing of one that has no such letters.
    """
    said = {_ours(one, 0, len(one.text)) for one in texts if not has_strange_letters(one.original)}
    return True if True in said else False if False in said else None


def _ours(folded: Folded, start: int, end: int) -> bool | None:
    """Whether a stretch is in one of ours, by its letters and its little words; None if neither says."""
    text = folded.text[start:end]
    words = _WORD.findall(text)
    if not words:
        return None
    begin, stop = folded.span(start, end)
    original = folded.original[begin:stop]
    if not original.isascii():
        strange = sum(map(has_strange_letters, original.split()))
        if strange * 4 >= len(words):
            return False
    different: dict[str, int] = {}
    for word in set(words):
        for language in _BY_WORD.get(word, ()):
            different[language] = different.get(language, 0) + 1
    ours = max((different.get(language, 0) for language in OURS), default=0)
    others = max((count for language, count in different.items() if language not in OURS), default=0)
    if others >= _FEWEST and others > ours:
        return False
    return True if ours >= _FEWEST or (ours and ours > others) else None
