"""What a document corrects in words: HS and ICS codes, and dates.

Corrigenda are short and state both what was wrong and what is right: "The HS code should read 3305 instead of 3304".
A code that a corrigendum speaks of and that is not understood is reported as such: nobody is to be told that the
products stay as they were.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from watcher.addenda.prose import DATE, cover_dates, folded
from watcher.addenda.words_corrections import VALUE, patterns_for
from watcher.codes import read_codes
from watcher.later import later


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCorrection:
    """Codes that a document corrects. Without `wrong`, `right` are all that hold, unless they are only `added`."""

    hs: bool  #: HS codes; else ICS codes
    wrong: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    added: bool = False
    words: str  #: the sentence that says so

    def applied_to(self, codes: Iterable[str]) -> tuple[str, ...]:
        """The codes as corrected, sorted."""
        known = set(codes)
        if self.right and not self.wrong and not self.added:
            return tuple(sorted(self.right))
        kept = {code for code in known if not any(code.startswith(wrong) for wrong in self.wrong)}
        return tuple(sorted(kept | set(self.right)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DateCorrection:
    """A date that a document corrects, in its words."""

    wrong: str  #: empty: not stated
    right: str
    before: str  #: what stands before it: it tells which date is meant
    words: str


_NAMES: Final = later(
    r"(?<![a-z])(?:(?P<ics>ics)|h\.?s\.?n?|sh|hts|ncm|harmoni[sz]ed\s+system|système\s+harmonisé|sistema\s+armonizado"
    r"|(?:customs|tariff)\s+(?:\w+\s+)?(?:codes?|headings?|lines?|numbers?)|(?:sub)?headings?(?=[\s:]{1,3}[0-9]{2})|position\s+tarifaire"
    r"|nomenclature|fracción\s+arancelaria|(?:sub)?partidas?|codes?\s+douaniers?|códigos?\s+(?:arancelarios?|(?:del\s+)?s\.?a\.?))(?![a-z])"
    r"|(?P<ics2>国际标准分类)|海关|税则|税号|税目|品目|协调制度|商品编[码号]",
    re.IGNORECASE,
)
_WORD_OF_LIST: Final = (
    r"(?:the|le|la|les|los|el|hs|h\.s\.|hsn|ics|sh|hts|ncm|codes?(?:\s?\(s\))?|códigos?|(?:sub-?)?headings?|chapters?"
    r"|(?:sub)?partidas?|positions?|numbers?|nos?\.|tariff|customs|编码|代码|税号|品目|分类号|海关|第|号)"
)
_ONE: Final = (
    r"(?:[0-9]{4}(?:\.[0-9]{2}){1,4}|[0-9]{4}\.[0-9]{4}(?:\.[0-9]{2})?|[0-9]{2}\.[0-9]{3}(?:\.[0-9]{2})?|[0-9]{2}\.[0-9]{2}(?:\.[0-9]{2,4}){0,3}"
    r"|[0-9]{4}(?:\s[0-9]{2}){1,3}|[0-9]{4,12}|[0-9]{2})(?![0-9%‰]|[.,][0-9])"
)
_QUOTE: Final = r"[\"“”'‘’«»「」『』(\[]"
_LIST: Final = later(
    rf"(?P<mark>(?:{_WORD_OF_LIST}\s*){{1,4}}[:#]?\s*)?(?<![0-9.,/§-]){_QUOTE}{{0,2}}\s?{_ONE}"
    rf"(?:[\"“”'‘’«»」』]?\s*(?:,|、|/|-|–|至|和|及|与|and|or|et|ou|y|o|;(?=\s?[0-9]{{4}}))\s*(?:(?:and|et|y)\s+)?"
    rf"(?:{_WORD_OF_LIST}\s*){{0,3}}{_QUOTE}{{0,2}}{_ONE})*[\"“”'‘’«»」』]?",
    re.IGNORECASE,
)
_NO_CODE: Final = later(rf"{_QUOTE}|(?<![a-z]){_WORD_OF_LIST}(?![a-z])|(?<![a-z])(?:et|ou|y|o)(?![a-z])", re.IGNORECASE)
_CORRECTING: Final = later(
    r"\b(?:read|correct|incorrect|wrong|erroneous|mistake|error|replac|amend|chang|modif|updat|delet|add(?:ed|ing)?\b"
    r"|instead|lire|lieu|erreur|inexact|erroné|remplac|corrig|supprim|ajout|dice|decir|léase|sustitu|reemplaz|erróne|equivocad|eliminar"
    r"|agregar|añad)|更正|应为|应改|有误|错误|修改|删除|增加|替换|变更|勘误",
    re.IGNORECASE,
)
_YEAR: Final = later(r"(?:19|20)[0-9]{2}")
_CODES: Final = patterns_for(VALUE)
_DATES: Final = patterns_for(DATE)
_ENDS: Final = later(r"[\n。;]|[.!?](?=\s)")
_NEAR: Final = 120  #: characters before a list in which its kind may be named


def code_corrections(text: str, known: Iterable[str]) -> tuple[CodeCorrection, ...]:
    """The codes that a text corrects. Numbers count as codes where the text speaks of codes, or one is `known`."""
    plain = folded(text)
    covered = _with_lists_covered(plain)
    named = _NAMES.search(plain) is not None
    held = frozenset(known)
    found = []
    for hit in _hits(covered, _CODES):
        groups = {name: _codes_in(plain, hit.span(name)) for name, words in hit.groupdict().items() if words}
        for hs in (True, False):
            side = {name: pair[0 if hs else 1] for name, pair in groups.items()}
            wrong = side.get("o", ()) or side.get("minus", ())
            right = tuple(code for code in side.get("n", ()) or side.get("plus", ()) if code not in wrong)
            if not (wrong or right) or ("n" in side and not right):
                continue
            if not named and held.isdisjoint(wrong):
                continue
            found.append(
                CodeCorrection(hs=hs, wrong=wrong, right=right, added="plus" in side, words=_sentence(text, hit.span()))
            )
    return tuple(found)


def codes_spoken_of(text: str) -> Iterator[tuple[tuple[str, ...], str]]:
    """The codes that a text states where it speaks of codes, list by list, each with its sentence."""
    plain = folded(text)
    if not _NAMES.search(plain):
        return
    covered = _with_lists_covered(plain)
    for hit in re.finditer(f"{VALUE}+", covered):
        hs, ics = _codes_in(plain, hit.span())
        if hs or ics:
            yield (*hs, *ics), _sentence(text, hit.span())


def unread_correction(text: str) -> str:
    """The first sentence that names codes beside a word of correcting; "" if there is none."""
    start = 0
    for end in (*(found.end() for found in _ENDS.finditer(text)), len(text)):
        plain = folded(text[start:end])
        if _NAMES.search(plain) and _CORRECTING.search(plain):
            return text[start:end].strip()
        start = end
    return ""


def date_corrections(text: str) -> tuple[DateCorrection, ...]:
    """The dates that a text corrects, with a right one each."""
    covered = cover_dates(text)
    found = []
    for hit in _hits(covered, _DATES):
        if not (right := hit.groupdict().get("n")):
            continue
        wrong = hit.groupdict().get("o")
        start = max((end.end() for end in _ENDS.finditer(covered, 0, hit.start("n"))), default=0)
        start = min(start, max(0, hit.start() - _NEAR)) if hit.start() - start < 3 else min(start, hit.start())
        found.append(
            DateCorrection(
                wrong=text[slice(*hit.span("o"))].strip() if wrong else "",
                right=text[slice(*hit.span("n"))].strip() if right else "",
                before=covered[start : hit.end()],
                words=_sentence(text, hit.span()),
            )
        )
    return tuple(found)


def _hits(covered: str, patterns: Iterable[re.Pattern[str]]) -> Iterator[re.Match[str]]:
    """What the patterns find, each value in one of them only."""
    for pattern in patterns:
        for hit in list(pattern.finditer(covered)):
            if covered[hit.start() : hit.end()] != hit[0]:
                continue  # a value in it was read just now
            yield hit
            covered = covered[: hit.start()] + "¦" * (hit.end() - hit.start()) + covered[hit.end() :]


def _with_lists_covered(plain: str) -> str:
    """The text with its dates and symbols covered, and each list of codes written over with `VALUE`."""

    def over(found: re.Match[str]) -> str:
        numbers = re.findall(r"[0-9]+(?:[.][0-9]+)*", found[0])
        if all(len(number) == 2 or _YEAR.fullmatch(number) for number in numbers) and not (
            found["mark"] and _NAMES.search(found["mark"])
        ):
            return found[0]
        lead = len(found[0]) - len(found[0].lstrip(" "))
        return found[0][:lead] + VALUE * (len(found[0]) - lead)

    return _LIST.sub(over, cover_dates(plain))


def _codes_in(plain: str, span: tuple[int, int]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The HS and ICS codes of a list, by their shape; where both would do, by what is named last before it."""
    words = _NO_CODE.sub(" ", plain[slice(*span)])
    near = list(_NAMES.finditer(plain, max(0, span[0] - _NEAR), span[1]))
    is_ics = bool(near) and bool(near[-1]["ics"] or near[-1]["ics2"])
    return read_codes((), words) if is_ics else read_codes(words, ())


def _sentence(text: str, span: tuple[int, int]) -> str:
    start = max((end.end() for end in _ENDS.finditer(text, 0, span[0])), default=0)
    end = _ENDS.search(text, span[1])
    return text[start : end.start() + 1 if end else len(text)].strip()
