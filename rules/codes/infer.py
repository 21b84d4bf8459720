"""Infer which codes a measure concerns from the words of its texts.

Every term that occurs counts for the codes whose goods it names, more where it names the subject (products, title),
more when it is long and names few goods, less when it only describes another ("car" in "car tyres", 玩具 in 玩具包装,
"food" in "packaging of food"), and not at all where the text takes it back. Scores are whole thousandths, ties are
broken by the code: the same words give the same order on every machine.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from heapq import nsmallest
from typing import Final

from rules.codes.lexicon import Lexicon, Span, plain_words
from rules.codes.tokens import Tokens, tokens
from rules.codes.tongues import Tongues, has_strange_letters, in_ours
from rules.negation import Negations, negations
from rules.reading import TextField
from rules.terms import Folded, fold
from watcher.measure import Facts

#: What a term counts where it stands, in thousandths.
_FIELDS: Final[Mapping[TextField, int]] = {
    "products_covered": 1000,
    "title": 900,
    "content_summary": 400,
    "further_text": 150,
    "document_text": 60,
}
#: Of a long text only the beginning is about the subject.
_READ = {"document_text": 6_000}
_LONGEST = 40_000

_WEAK, _DESCRIBES, _CHAPTER_ONLY = 250, 350, 700
_GOES_ON_WORTH = 600
#: What the likeness of the English titles counts beside the terms.
_LIKENESS = {"products_covered": 900, "title": 700, "content_summary": 300}
_CANDIDATES, _WORDS = 12, 5  # so many codes are given, each with so many words
#: How much of the rest of a chapter counts beside its best heading.
_BESIDE = 600

_HEAD_LAST = {"en", "de", "zh", "ja", "ko"}
_AFTER = re.compile(
    r" (?:for|of|in|on|with|used (?:in|for|on|as)|intended (?:for|to)|made (?:of|from|with)|de|des|du|del"
    r"|de (?:la|los|las)"
    r"|d'|pour|para|a base de|con|avec|en) (?:the |a |an |la |le |les |los |las |el |l')?$"
)
#: A Chinese name that goes on: 液体燃料 in 液体燃料泵. Words that end a name follow it in the second place.
_GOES_ON = re.compile(
    "(?!制?品|产品|商品|货物|设备|材料|类|等|的|和|与|及|或|以|在|应|是|为|不|必|须|中|用|之|其|由|将|可|应|要|规|标|安|质|技|草"
    "|通|法|条|修|检|测|性|进|出|生|销|贸|认|管|监|需|并|且|但|于|对|被|从|向|按|根|包|装|上|内|外|后|前|时|者|业|级|型|领|行|适|含)"
    "[\u4e00-\u9fff]"
)
_LINK_ZH = re.compile(r"(?:的|用|类|型|专用|等)?$")
_HAN = re.compile(r"[\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A code that the words speak for."""

    code: str
    score: int  #: thousandths; only the order and the ratio to others mean something
    words: tuple[tuple[str, int, int], ...]  #: (field, start, end) of the folded texts, the weightiest first


@dataclass(slots=True)
class _Tally:
    """What speaks for the codes, while texts are read."""

    by_code: dict[str, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))  #: code → words → points
    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    where: dict[str, dict[str, tuple[str, int, int]]] = field(default_factory=lambda: defaultdict(dict))
    alike: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(frozen=True, slots=True)
class Inferred:
    """The groups (headings, ICS groups) and the wider classes (chapters, fields) that words speak for, best first."""

    groups: tuple[Candidate, ...]
    wider: tuple[Candidate, ...]
    texts: Mapping[str, Folded] = field(default_factory=dict)  #: what was read, by field

    def quotes(self, candidate: Candidate) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The words that speak for a candidate, as they stand: (field, words), the weightiest field first."""
        found: dict[str, dict[str, None]] = {}
        for name, start, end in candidate.words:
            begin, stop = self.texts[name].span(start, end)
            found.setdefault(name, {})[self.texts[name].original[begin:stop]] = None
        return tuple((name, tuple(words)) for name, words in found.items())


def infer(facts: Facts, lexicon: Lexicon, texts: Mapping[TextField, CutText] | None = None) -> Inferred:
    """What the words of a measure say of its codes. `texts`: what `cut_texts` gave, where it was asked already."""
    tally = _Tally()
    known = cut_texts(facts) if texts is None else texts
    for name, text in known.items():
        _read(name, _FIELDS[name], text, facts.language, lexicon, tally)
    groups, wider = _ranked(tally, lexicon)
    return Inferred(groups, wider, {name: text.folded for name, text in known.items()})


@dataclass(frozen=True, slots=True)
class CutText:
    """A text, folded and cut into words."""

    folded: Folded
    cut: Tokens
    tongues: Tongues

    def may_name(self, span: Span) -> bool:
        """Whether a term can be a word there: in a clause of its language, written with its letters."""
        if _HAN.match(self.folded.text, span.start):
            return True
        begin, stop = self.folded.span(span.start, span.end)
        return self.tongues.ours(span.start) and not has_strange_letters(self.folded.original[begin:stop])


def cut_texts(facts: Facts, folded: Mapping[TextField, Folded] | None = None) -> dict[TextField, CutText]:
    """The texts of a measure that are read for codes, by field. `folded`: fields that are folded already."""
    whole_texts: dict[TextField, Folded] = {}
    for name in _FIELDS:
        text: str = getattr(facts, name)
        if text:
            longest = _READ.get(name, _LONGEST)
            known = (folded or {}).get(name) if len(text) <= longest else None
            whole_texts[name] = known or fold(text[:longest])
    known_ours = in_ours(whole_texts.values())
    return {
        name: CutText(whole, tokens(whole), Tongues(whole, facts.language, known=known_ours))
        for name, whole in whole_texts.items()
    }


def _read(name: str, worth: int, text: CutText, language: str, lexicon: Lexicon, tally: _Tally) -> None:
    folded, spans = text.folded, [span for span in lexicon.spans(text.cut) if text.may_name(span)]
    denied: Negations | None = None
    for place, span in enumerate(spans):
        if denied is None:
            denied = negations(folded.text)
        if denied.cover(span.start, span.end):
            continue
        words = folded.text[span.start : span.end]
        points = worth * _length(words) // 1000
        if _describes(spans, place, folded.text, language):
            points = points * _DESCRIBES // 1000
        elif _GOES_ON.match(folded.text, span.end) and _HAN.match(folded.text, span.end - 1):
            points = points * _GOES_ON_WORTH // 1000
        points = points * (1000 + 400 * 60 // (60 + span.start)) // 1000
        spread = len({named.code[:2] for named in span.names})
        for named in span.names:
            own = points * (_WEAK if named.weak else 1000) // (1000 * spread)
            tally.seen[named.code, words] += 1
            times = tally.seen[named.code, words]
            known = tally.by_code[named.code]
            if times == 1:
                known[words] = own
                tally.where[named.code][words] = (name, span.start, span.end)
            else:
                known[words] = max(known[words], own) + own // (4 * times)
    if name in _LIKENESS:
        for group, likeness in lexicon.alike(Counter(plain_words(text.cut))).items():
            tally.alike[group] += likeness * _LIKENESS[name] // 1000


def _length(words: str) -> int:
    """What the length of a term is worth: a long one seldom means anything else."""
    if _HAN.search(words):
        return (0, 500, 800, 1000, 1150, 1250)[min(len(words), 5)]
    return (0, 850, 1200, 1400)[min(words.count(" ") + 1, 3)]


def _describes(spans: list[Span], place: int, text: str, language: str) -> bool:
    """Whether the goods only describe other goods beside them: the head of "car tyres" is tyres."""
    span = spans[place]
    if place + 1 < len(spans):
        after = spans[place + 1]
        between = text[span.end : after.start]
        if len(between) <= 3 and _HAN.search(text[span.end - 1]):
            if _LINK_ZH.fullmatch(between):
                return True
        elif between == " " and language in _HEAD_LAST:
            return True
    if place:
        before = spans[place - 1]
        between = text[before.end : span.start]
        if len(between) <= 24 and _AFTER.fullmatch(between):
            return True
        if between == " " and language not in _HEAD_LAST:
            return True
    return False


def _ranked(tally: _Tally, lexicon: Lexicon) -> tuple[tuple[Candidate, ...], tuple[Candidate, ...]]:
    groups: dict[str, dict[str, int]] = defaultdict(dict)
    classes: dict[str, dict[str, int]] = defaultdict(dict)
    where: dict[str, dict[str, tuple[str, int, int]]] = defaultdict(dict)
    for code, words in sorted(tally.by_code.items()):
        for text, counted in words.items():
            wide = len(code) == 2
            points = counted * _CHAPTER_ONLY // 1000 if wide else counted
            classes[code[:2]][text] = max(points, classes[code[:2]].get(text, 0))
            where[code[:2]].setdefault(text, tally.where[code][text])
            if not wide:
                group = code[: lexicon.group]
                groups[group][text] = max(points, groups[group].get(text, 0))
                where[group].setdefault(text, tally.where[code][text])
    likeness = {code: points for code, points in tally.alike.items() if points}
    best_alike: dict[str, int] = defaultdict(int)
    for code, points in likeness.items():
        best_alike[code[:2]] = max(best_alike[code[:2]], points)
    wider = {code: sum(classes.get(code, {}).values()) + best_alike.get(code, 0) for code in {*classes, *best_alike}}
    narrow = {
        code: sum(groups.get(code, {}).values()) + likeness.get(code, 0) + wider[code[:2]] * _BESIDE // 1000
        for code in {*groups, *likeness}
    }
    return tuple(_candidates(narrow, groups, where)), tuple(_candidates(wider, classes, where))


def _candidates(
    scores: Mapping[str, int],
    words: Mapping[str, Mapping[str, int]],
    where: Mapping[str, Mapping[str, tuple[str, int, int]]],
) -> Iterator[Candidate]:
    for code, score in nsmallest(_CANDIDATES, scores.items(), key=lambda scored: (-scored[1], scored[0])):
        own = words.get(code)
        if not own:
            yield Candidate(code, score, ())
            continue
        best = nsmallest(_WORDS, own, key=lambda text: (-own[text], text)) if len(own) > 1 else own
        yield Candidate(code, score, tuple(where[code][text] for text in best))
