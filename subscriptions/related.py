"""Terms related to a keyword: words that come with it in what is recorded, and its names in other languages.

All is counted, so that a reader sees what a word would bring before taking it: in how many of the measures that have
the keyword it stands, and in how many others, which it would add.
"""

from __future__ import annotations

import difflib
import math
import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from rules.codes.term import Term
from rules.stopwords import too_common
from rules.suggest import weight_at_least
from rules.terms import TermError, folded_text, stands_alone, stands_in, wordings

LANGUAGES: Final = ("zh", "en", "fr", "es")

_MOST_HITS = 300  #: measures with the keyword whose words are read, the newest
_MOST_OTHERS = 3_000  #: other measures that words are weighed against
_COUNTED = 24  #: words that are counted in all measures, for each one shown three
_NAMES_TRIED = 6  #: names in each other language that are counted
_LIKE = 0.5  #: how alike two spellings of one word are at least: "batterie", "batería"
_FIRST = 0.25  #: what the first of a code's words has before the others: it names all of its goods
_SLIP = 0.75  #: how alike a word and its misspelling are

_WORD: Final = re.compile(r"[^\W\d_](?:[^\W_]|')*")
_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]+")
_LONGEST_HAN = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Companion:
    """A word that comes with the keywords."""

    term: str  #: folded
    there: int  #: measures with a keyword that have it
    adds: int  #: measures without one that have it: what asking for it as well would add


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """What the same thing is called in another language, by the words of a code."""

    language: str
    term: str
    code: str  #: whose words hold both: "HS 2007"
    adds: int = 0


class Recorded:
    """The texts of measures, read once to be counted in."""

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        """`texts`: a measure's number and its words, the newest first."""
        self.texts = {measure: folded_text(text) for measure, text in texts}
        self._measures = list(self.texts)
        # One text of all: looking for a phrase in it is one run of the machine, not twenty thousand.
        self._all = "\n".join(self.texts.values())
        ends = accumulate(len(text) + 1 for text in self.texts.values())
        self._ends = array("q", ends)  #: where the next measure's text begins

    def __len__(self) -> int:
        return len(self.texts)

    def having(self, phrases: Iterable[str]) -> list[int]:
        """The measures in which any of the phrases stands, the newest first."""
        found: set[int] = set()
        for form in forms(phrases):
            start = self._all.find(form)
            while start >= 0:
                end = start + len(form)
                if stands_alone(self._all, start, end):
                    row = bisect_right(self._ends, start)
                    found.add(row)
                    end = self._ends[row]
                start = self._all.find(form, max(end, start + 1))
        return [self._measures[row] for row in sorted(found)]

    def companions(
        self, keywords: Sequence[str], hits: Sequence[int], known: frozenset[str], most: int
    ) -> list[Companion]:
        """The words that stand with the keywords far more often than elsewhere, and would add something.

        `known`: the Chinese words there are; pieces of words are none.
        """
        own, mine = forms(keywords), set(hits)
        there: Counter[str] = Counter()
        read = hits[:_MOST_HITS]
        for measure in read:
            there.update(_terms(self.texts[measure], known))
        least = 1 if len(read) < 4 else 2
        seen = {term: count for term, count in there.items() if count >= least and not _says(term, own)}
        others = [measure for measure in self.texts if measure not in mine]
        sample = others[:: max(1, len(others) // _MOST_OTHERS)]
        elsewhere: Counter[str] = Counter()
        for measure in sample:
            elsewhere.update(_terms(self.texts[measure], known) & seen.keys())
        weighed = sorted(
            (-weight_at_least(count, len(read), elsewhere[term], len(sample)), -len(term), term)
            for term, count in seen.items()
        )
        found: list[Companion] = []
        for weight, _, term in weighed[:_COUNTED]:
            if weight >= 0 and len(read) > 1:
                break
            having = self.having([term])
            if any(term in one.term or one.term in term for one in found):
                continue
            having = self.having([term])
            if adds := len(having) - len(mine.intersection(having)):
                found.append(Companion(term=term, there=len(having) - adds, adds=adds))
            if len(found) == most:
                break
        return found

    def names(self, keywords: Sequence[str], hits: Sequence[int], names: Iterable[Name], most: int) -> list[Name]:
        """Of the names in other languages, each once, those that would add something first; so many of each language.

        `names`: of each language the likeliest first.
        """
        mine, said = set(hits), set(forms(keywords))
        found: dict[str, list[Name]] = {language: [] for language in LANGUAGES}
        for name in names:
            spoken = set(forms([name.term]))
            if not said.isdisjoint(spoken):
                continue
            said |= spoken
            adds = sum(measure not in mine for measure in self.having([name.term]))
            found[name.language].append(replace(name, adds=adds))
        ordered = (sorted(several, key=lambda one: not one.adds) for several in found.values())
        return [name for several in ordered for name in several[:most]]

    def meant(self, keyword: str) -> list[str]:
        """Words that stand somewhere and are spelled nearly so, the most alike first."""
        folded = folded_text(keyword)
        if not folded or _HAN.search(folded):
            return []
        words = {
            word
            for text in self.texts.values()
            for word in _WORD.findall(text)
            if word[0] == folded[0] and abs(len(word) - len(folded)) < 3
        }
        return difflib.get_close_matches(folded, sorted(words), n=3, cutoff=_SLIP)


def forms(phrases: Iterable[str]) -> tuple[str, ...]:
    """All folded wordings of some phrases; those without a letter or digit have none."""
    found: dict[str, None] = {}
    for phrase in phrases:
        try:
            found.update(dict.fromkeys(wordings(phrase)))
        except TermError:
            continue
    return tuple(found)


def names_of(keyword: str, terms: Sequence[tuple[str, Sequence[Term]]]) -> list[Name]:
    """What a keyword is called in other languages, by the words of the codes that it is a word of.

    `terms`: "HS" and "ICS" with the words of each. The words of a code name several goods. Those are most likely the
    same thing that stand, alone or in longer words, under the same codes as the keyword does ("jelly" and "果冻" under
    jams, sweets and fruit), or are spelled alike.
    """
    folded = folded_text(keyword)
    words = folded.split()
    last = max(1, len(words) - 1)  # of "fruit jelly drinks" not "drinks" alone, which are many things
    tails = [folded] if _HAN.search(folded) else [" ".join(words[at:]) for at in range(last)]
    for tail in tails:
        wanted = frozenset(forms([tail]))
        mine = [(system, term) for system, several in terms for term in several if _is(term.text, wanted)]
        if mine:
            return _names(tail, wanted, mine, terms)
    return []


def _names(
    keyword: str,
    wanted: frozenset[str],
    mine: Sequence[tuple[str, Term]],
    terms: Sequence[tuple[str, Sequence[Term]]],
) -> list[Name]:
    spoken, codes = {term.language for _, term in mine}, {(system, term.code) for system, term in mine}
    under: dict[str, dict[tuple[str, str], list[str]]] = {language: {} for language in LANGUAGES}
    named: dict[str, dict[str, tuple[str, Term]]] = {language: {} for language in LANGUAGES}
    for system, several in terms:
        for term in several:
            if term.language not in under:
                continue
            under[term.language].setdefault((system, _place(term.code)), []).append(term.text.lower())
            if term.language not in spoken and (system, term.code) in codes:
                named[term.language].setdefault(term.text, (system, term))
    held = {language: {place: "|".join(texts) for place, texts in each.items()} for language, each in under.items()}
    own = {
        place
        for language in spoken
        for place, text in held[language].items()
        if any(form in text for form in wanted) and stands_in(folded_text(text), wanted)
    }
    found: list[Name] = []
    for language, each in named.items():
        scored = []
        for order, (text, (system, term)) in enumerate(each.items()):
            places = {place for place, words in held[language].items() if text.lower() in words}
            both = len(own & places)
            shared = both / max(1, len(own)) * math.sqrt(math.sqrt(both / max(1, len(places))))
            likeness = difflib.SequenceMatcher(None, keyword, folded_text(text)).ratio()
            first = _FIRST / (1 + order)
            scored.append((-(shared + first + max(0.0, likeness - _LIKE)), order, text, f"{system} {term.code}"))
        found += [Name(language=language, term=text, code=code) for _, _, text, code in sorted(scored)[:_NAMES_TRIED]]
    return found


def _place(code: str) -> str:
    """What of a code is compared: the HS heading, the whole ICS code."""
    return code if "." in code else code[:4]


def chinese_words(terms: Iterable[Term]) -> frozenset[str]:
    """The Chinese words of term lists, of two characters and more."""
    return frozenset(term.text for term in terms if term.language == "zh" and 2 <= len(term.text) <= _LONGEST_HAN)


def within(code: str, kind: str) -> str:
    """What of a code is counted: the HS heading, the ICS group; an area is itself."""
    if kind == "hs":
        return code[:4]
    return ".".join(code.split(".")[:2]) if kind == "ics" else code


def shares(found: Iterable[tuple[int, str, str]], hits: int) -> list[tuple[str, str, int]]:
    """The codes and areas that many of the hits have, with how many: of each kind a few, most first."""
    counted: dict[tuple[str, str], set[int]] = {}
    for measure, kind, value in found:
        counted.setdefault((kind, within(value, kind)), set()).add(measure)
    shown: list[tuple[str, str, int]] = []
    for kind in ("area", "hs", "ics"):
        often = [(value, len(those)) for (each, value), those in counted.items() if each == kind]
        often = [(value, count) for value, count in often if count * 5 >= hits and (count > 1 or hits < 4)]
        often.sort(key=lambda pair: (-pair[1], pair[0]))
        shown += [(kind, value, count) for value, count in often[:3]]
    return shown


def _is(text: str, wanted: frozenset[str]) -> bool:
    return (text.lower() if text.isascii() else folded_text(text)) in wanted


def _terms(text: str, known: frozenset[str]) -> set[str]:
    """The words and pairs of words of a folded text, and the Chinese words that are known."""
    found: set[str] = set()
    before, end = "", -1
    for word in _WORD.finditer(text):
        said = word[0]
        if len(said) < 3 or _HAN.match(said) or _is_common(said):
            before = ""
            continue
        found.add(said)
        if before and text[end : word.start()] == " ":
            found.add(f"{before} {said}")
        before, end = said, word.end()
    for run in _HAN.findall(text):
        start = 0
        while start < len(run) - 1:
            for length in range(min(_LONGEST_HAN, len(run) - start), 1, -1):
                if (word_ := run[start : start + length]) in known:
                    found.add(word_)
                    start += length - 1
                    break
            start += 1
    return found


_COMMON: dict[str, bool] = {}


def _is_common(word: str) -> bool:
    """Whether a word stands in nearly every notification; remembered, for it is asked a million times."""
    common = _COMMON.get(word)
    if common is None:
        if len(_COMMON) > 200_000:
            _COMMON.clear()
        common = _COMMON[word] = too_common(word) is not None
    return common


def _says(term: str, own: Iterable[str]) -> bool:
    """Whether a term has a keyword in it, or is a piece of one."""
    return any(stands_in(term, (form,)) or stands_in(form, (term,)) for form in own)
