"""HS and ICS inferred together, with the product areas between them.

Each of the three says something of the others: a measure in the area of toys is likelier to be in HS 9503 and in ICS
97.200, and words that speak for HS 8516 speak for ICS 97.040 as well. The list of product areas says which codes belong
together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import isqrt

from rules.classification import AreaFound, Grade
from rules.codes.infer import Candidate, Inferred, cut_texts, infer
from rules.codes.lexicon import Lexicon
from rules.product_areas import ProductArea, ProductAreas
from rules.reading import TextField
from rules.terms import Folded
from watcher.measure import Facts

#: What an area that the rules found counts for its codes, in thousandths, by its grade.
_BY_RULES = {Grade.DIRECT: 800, Grade.PROBABLE: 400, Grade.BROAD: 160}
#: What an area counts for the codes of the other classification, if all words of one speak for it.
_BETWEEN = 150
#: Of what an area counts for chapters and fields, so much counts for headings and groups: an area has many.
_OF_GROUPS = 500
_MOST = 12


@dataclass(frozen=True, slots=True)
class CodesInferred:
    """What words say of both classifications."""

    hs: Inferred
    ics: Inferred
    hs_by_words: Inferred  #: what the words alone say of HS, whatever areas the rules found


class AreaCodes:
    """The codes of all product areas, cut to the levels that are inferred; made once for a list of areas."""

    def __init__(self, areas: ProductAreas, which: str, group: int) -> None:
        self.wider = {key: _cut(_prefixes(area, which), 2) for key, area in areas.items()}
        self.groups = {key: _cut(_prefixes(area, which), group) for key, area in areas.items()}
        self.areas_under: dict[str, list[str]] = defaultdict(list)  #: a code as the area has it → areas
        for key, area in areas.items():
            for prefix in sorted({prefix[:group] for prefix in _prefixes(area, which)}):
                self.areas_under[prefix].append(key)
        self.lengths = sorted({len(prefix) for prefix in self.areas_under})

    def shared(self, inferred: Inferred) -> dict[str, int]:
        """By area: which part of all that the words say lies in it."""
        whole = sum(one.score for one in inferred.groups)
        inside: dict[str, int] = defaultdict(int)
        for one in inferred.groups:
            under = {key for length in self.lengths for key in self.areas_under.get(one.code[:length], ())}
            for key in under:
                inside[key] += one.score
        return {key: score * _BETWEEN // whole for key, score in inside.items()}


@dataclass(frozen=True, slots=True)
class Classified:
    """One classification, HS or ICS: its words, and the codes of the product areas in it."""

    lexicon: Lexicon
    areas: AreaCodes


def infer_codes(
    facts: Facts, texts: Mapping[TextField, Folded], found: Iterable[AreaFound], hs: Classified, ics: Classified
) -> CodesInferred:
    """What the words of a measure say, and the product areas that rules found in it.

    `texts`: the fields that are folded already.
    """
    cut = cut_texts(facts, texts)
    by_words, by_ics_words = infer(facts, hs.lexicon, cut), infer(facts, ics.lexicon, cut)
    points: dict[str, int] = defaultdict(int)
    for area in found:
        points[area.area] += _BY_RULES[area.grade]
    for shared in (hs.areas.shared(by_words), ics.areas.shared(by_ics_words)):
        for key, count in shared.items():
            points[key] += count
    return CodesInferred(_with(by_words, points, hs.areas), _with(by_ics_words, points, ics.areas), by_words)


def _prefixes(area: ProductArea, which: str) -> tuple[str, ...]:
    return area.hs if which == "hs" else area.ics


def _cut(prefixes: Iterable[str], length: int) -> tuple[str, ...]:
    return tuple(sorted({prefix[:length] for prefix in prefixes if len(prefix) >= length}))


def _spread(points: Mapping[str, int], codes: Mapping[str, tuple[str, ...]], worth: int = 1000) -> dict[str, int]:
    """The points of areas, spread over their codes: an area of few codes says more of each."""
    found: dict[str, int] = defaultdict(int)
    for key, count in points.items():
        own = codes.get(key, ())
        if own:
            each = count * worth // max(1, isqrt(len(own) * 1_000_000))
            for code in own:
                found[code] += each
    return found


def _with(inferred: Inferred, points: Mapping[str, int], codes: AreaCodes) -> Inferred:
    return replace(
        inferred,
        wider=_raised(inferred.wider, _spread(points, codes.wider)),
        groups=_raised(inferred.groups, _spread(points, codes.groups, _OF_GROUPS)),
    )


def _raised(candidates: tuple[Candidate, ...], more: Mapping[str, int]) -> tuple[Candidate, ...]:
    """Candidates with what areas add to them; a code that no word speaks for may come up by its area alone."""
    known = {one.code: one for one in candidates}
    scores = {code: more.get(code, 0) + (known[code].score if code in known else 0) for code in {*known, *more}}
    best = sorted(scores.items(), key=lambda scored: (-scored[1], scored[0]))[:_MOST]
    return tuple(Candidate(code, score, known[code].words if code in known else ()) for code, score in best)
