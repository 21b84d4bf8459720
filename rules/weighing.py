"""Product areas weighed against the codes of a measure, stated or inferred.

A word in a summary names many things in passing. Where the codes speak for other goods, an area that only the summary
names is broad; and where the words speak clearly for one heading, its area is probable although no rule names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from rules.classification import INFERRED_BY, AreaFound, Evidence, Grade
from rules.codes.infer import Candidate, Inferred
from rules.codes.joined import CodesInferred
from rules.product_areas import ProductAreas
from rules.reading import PROSE_FIELDS

#: Of the inferred headings so many count, if they score this share of the best; chapters likewise. Tuning half.
_HEADINGS, _OF_BEST_HEADING = 4, 0.3
_CHAPTERS, _OF_BEST_CHAPTER = 3, 0.4
#: From this score on, and by such a lead, a heading gives its area by itself; thousandths.
_SURE, _LEAD = 1500, 1.2


def weighed(
    found: Iterable[AreaFound],
    areas: ProductAreas,
    *,
    stated: tuple[str, ...] = (),
    inferred: CodesInferred | None = None,
) -> tuple[AreaFound, ...]:
    """The areas with what the codes say of them; sorted by grade, then key.

    `stated`: HS codes of four digits and more; with them nothing needs to be inferred.
    """
    codes = _speaking(stated, inferred)
    kept = [_weighed(area, areas, codes) for area in found] if codes else list(found)
    if inferred is not None:
        kept = _with_sure(kept, areas, inferred.hs_by_words)
    return tuple(sorted(kept, key=lambda area: (area.grade.rank, area.area)))


def _speaking(stated: tuple[str, ...], inferred: CodesInferred | None) -> tuple[str, ...]:
    """The codes that say what the measure is about."""
    if stated or inferred is None:
        return tuple(sorted({code[:2] for code in stated}))
    headings, chapters = inferred.hs_by_words.groups, inferred.hs_by_words.wider
    if not any(one.words for one in headings[:1]) and not any(one.words for one in chapters[:1]):
        return ()  # no word speaks for any: nothing to weigh against
    codes = [one.code for one in headings[:_HEADINGS] if one.score >= _OF_BEST_HEADING * headings[0].score]
    codes += [one.code for one in chapters[:_CHAPTERS] if one.score >= _OF_BEST_CHAPTER * chapters[0].score]
    return tuple(dict.fromkeys(codes))


def _weighed(found: AreaFound, areas: ProductAreas, codes: tuple[str, ...]) -> AreaFound:
    if found.grade is not Grade.PROBABLE or found.area not in areas:
        return found
    if any(each.field not in PROSE_FIELDS for each in found.evidence if each.grade is Grade.PROBABLE):
        return found  # a code or a title speaks for it
    prefixes = areas[found.area].hs
    if not prefixes or any(
        code.startswith(prefix[:4]) or prefix.startswith(code) for code in codes for prefix in prefixes
    ):
        return found
    return replace(
        found,
        grade=Grade.BROAD,
        evidence=tuple(replace(each, grade=Grade.BROAD) for each in found.evidence),
        note=f"named in passing: the measure is about HS {', '.join(codes)}",
    )


def _with_sure(found: list[AreaFound], areas: ProductAreas, hs: Inferred) -> list[AreaFound]:
    """The areas and those of the heading that stands out."""
    best = hs.groups[0] if hs.groups else None
    if best is None or best.score < _SURE or not best.words:
        return found
    own = areas.narrowest(best.code, "hs")
    second = hs.groups[1] if len(hs.groups) > 1 else None
    if second and best.score < _LEAD * second.score and areas.narrowest(second.code, "hs") != own:
        return found
    known = {area.area: area for area in found}
    for key in own:
        if key not in known or known[key].grade is Grade.BROAD:
            known[key] = _by_heading(key, best, hs, known.get(key))
    return list(known.values())


def _by_heading(key: str, heading: Candidate, hs: Inferred, known: AreaFound | None) -> AreaFound:
    evidence = tuple(
        Evidence(rule=INFERRED_BY, field=name, quotes=words, grade=Grade.PROBABLE) for name, words in hs.quotes(heading)
    )
    return AreaFound(
        area=key,
        grade=Grade.PROBABLE,
        evidence=(*evidence, *(known.evidence if known else ())),
        note=f"HS {heading.code} inferred from words",
    )
