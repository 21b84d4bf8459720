"""A subscriber's criteria, checked and put in order before they are stored."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace

from rules.terms import fold, occurs, wordings
from subscriptions.choices import Choices
from subscriptions.criteria import FURTHER, Criteria, Part, further
from subscriptions.known import Known, agency
from subscriptions.phrases import can_occur
from subscriptions.standards import parse_standard
from subscriptions.words import AreaNames
from watcher.codes import parse_hs, parse_ics
from watcher.markets import Markets
from watcher.said import said, sentence_of

_LONGEST_KEYWORD = 120  #: characters; what is longer is a sentence that no notification repeats
_QUOTES = "\"'“”„‟‘’‚«»‹›「」『』《》"


class CriteriaError(ValueError):
    """Criteria that cannot be matched; `problems` has a sentence for each mistake, in the order of the form."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(self.problems))


def check(
    criteria: Criteria,
    markets: Markets,
    areas: Collection[str] | AreaNames,
    choices: Choices | None = None,
    *,
    known: Known | None = None,
    language: str = "en",
) -> Criteria:
    """Criteria as they are to be stored: codes cleaned, markets and areas resolved to their keys, keywords tidied.

    `areas` are the keys of the product areas there are, with their names if areas may be asked for by name; `choices`
    the kinds, schemes and duties there are, called by their names in `language`; `known` the sources and measures.
    Raises `CriteriaError` with all mistakes at once.
    """
    problems: list[str] = []
    offered, recorded = choices or Choices(), known or Known()

    def asked_further(part: Part) -> frozenset[str]:
        read = parse_standard if part is Part.STANDARD else lambda asked: offered.find(part, asked, language)
        return _each(further(criteria, part), read, problems)

    area_keys = _area_keys(areas)
    checked = replace(
        criteria,
        markets=_each(criteria.markets, markets.resolve, problems),
        hs=_each(criteria.hs, parse_hs, problems),
        ics=_each(criteria.ics, parse_ics, problems),
        areas=_each(criteria.areas, lambda asked: _area(asked, area_keys), problems),
        kinds=asked_further(Part.KIND),
        stages=asked_further(Part.STAGE),
        objectives=asked_further(Part.OBJECTIVE),
        schemes=asked_further(Part.SCHEME),
        duties=asked_further(Part.DUTY),
        standards=asked_further(Part.STANDARD),
        agencies=_one_of_a_kind(_each(criteria.agencies, agency, problems)),
        sources=_each(criteria.sources, recorded.source, problems),
        measures=_each(criteria.measures, recorded.measure, problems),
        keywords=_one_of_a_kind(_each(criteria.keywords, _keyword, problems)),
        exclusions=_one_of_a_kind(_each(criteria.exclusions, _keyword, problems)),
    )
    problems += _contradictions(checked)
    if not criteria.changes:
        problems.append(said("no kind of change is wanted, so nothing would ever be told; choose at least one"))
    narrowing = any(further(criteria, part) for part in FURTHER if part is not Part.STAGE)
    if not (narrowing or criteria.markets or criteria.hs or criteria.ics or criteria.areas or criteria.keywords):
        asked = said("only exclusions are given, so every measure of the world would match")
        if not criteria.exclusions:
            asked = said("nothing is asked for, so every measure of the world would match")
        if criteria.stages:
            asked = said("only a stage is asked for, so nearly every measure of the world would match")
        problems.append(
            said(
                "{asked}; give a market, an HS or ICS code, a product area, a keyword, a scheme, a standard, an "
                "agency, or a measure to follow",
                asked=asked,
            )
        )
    if problems:
        raise CriteriaError(problems)
    return checked


def _each(asked: frozenset[str], read: Callable[[str], str], problems: list[str]) -> frozenset[str]:
    """Every value as `read` gives it; what it refuses becomes a problem."""
    good = set()
    for one in sorted(asked):
        try:
            good.add(read(one))
        except ValueError as refusal:
            problems.append(sentence_of(refusal))
    return frozenset(good)


def _area_keys(areas: Collection[str] | AreaNames) -> dict[str, str]:
    """The key of each area by all that it may be called."""
    keys = {_plain(key): key for key in areas}
    if isinstance(areas, Mapping):
        for key, names in areas.items():
            for name in names.values():
                keys.setdefault(_plain(name), key)
    return keys


def _area(asked: str, keys: Mapping[str, str]) -> str:
    if (found := keys.get(_plain(asked))) is not None:
        return found
    near = difflib.get_close_matches(_plain(asked), sorted(keys), n=1, cutoff=0.5)
    known = ", ".join(sorted(set(keys.values()))) or said("none, for there are none yet")
    hint = said("did you mean {key!r}?", key=keys[near[0]]) if near else said("choose among {known}", known=known)
    raise ValueError(said("{asked!r} is not a product area; {hint}", asked=asked, hint=hint))


def _plain(name: str) -> str:
    """A name as areas are compared: case, hyphens and underscores make no difference."""
    return re.sub(r"[\W_]+", " ", name.casefold()).strip()


def _keyword(asked: str) -> str:
    tidy = " ".join(unicodedata.normalize("NFC", asked).split()).strip(_QUOTES + " ")
    if not can_occur(tidy):
        raise ValueError(said("keyword {asked!r} has no letter and no digit to look for", asked=asked))
    if len(tidy) > _LONGEST_KEYWORD:
        raise ValueError(
            said(
                "keyword {tidy!r}… has {n} characters; give a word or a phrase of at most {most}",
                tidy=tidy[:40],
                n=len(tidy),
                most=_LONGEST_KEYWORD,
            )
        )
    letters = [character for character in fold(tidy).text if unicodedata.category(character)[0] in "LN"]
    if len(letters) == 1 and not unicodedata.name(letters[0], "").startswith("CJK UNIFIED"):
        raise ValueError(
            said("keyword {tidy!r} is a single letter or digit, which occurs nearly everywhere; give a word", tidy=tidy)
        )
    return tidy


def _one_of_a_kind(keywords: frozenset[str]) -> frozenset[str]:
    """One spelling of each keyword: "Jelly" and "jelly" are looked for alike."""
    kept: dict[tuple[str, ...], str] = {}
    for keyword in sorted(keywords):
        kept.setdefault(wordings(keyword), keyword)
    return frozenset(kept.values())


def _contradictions(criteria: Criteria) -> Iterable[str]:
    """Keywords that can never count because wherever they occur an excluded phrase does."""
    for keyword in sorted(criteria.keywords):
        for excluded in sorted(criteria.exclusions):
            if occurs(excluded, keyword):
                yield (
                    said(
                        "keyword {keyword!r} could never count, because {excluded!r} is excluded and stands in "
                        "it; take one of the two away",
                        keyword=keyword,
                        excluded=excluded,
                    )
                )
                break
