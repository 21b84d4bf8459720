"""Clues: wordings from which an addendum's prose is understood, and how they are found in a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Final

from watcher.addenda.denied import Span, denied_acts, denies_force, touches
from watcher.addenda.prose import Sentence


class Says(StrEnum):
    """What a sentence can say about a measure."""

    ADOPTED = "adopted"
    PUBLISHED = "published"  #: as a final text
    FINAL = "final"  #: the text is called final; it takes a day of effect to make it adopted
    IN_FORCE = "in force"  #: it did enter into force
    WILL_BE_IN_FORCE = "will be in force"  #: "effective 1 May": whether it is, the calendar says
    PLANNED_ADOPTION = "planned adoption"
    PLANNED_FORCE = "planned entry into force"
    FORCE_MOVED = "entry into force moved"
    WITHDRAWN = "withdrawn"
    WITHDRAWN_ACT = "act of that day withdrawn"  #: the measure only if it is the measure that was published that day
    COMMENTS_UNTIL = "comments until"
    COMMENTS_WERE_UNTIL = "comments were until"  #: the old deadline, from which an extension counts
    COMMENTS_EXTENDED = "comments extended"
    COMMENTS_REOPENED = "comments re-opened"
    COMMENTS_ASKED = "comments asked"
    SCOPE_CHANGED = "scope changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """A wording.

    Its groups: `d`, `d2`, `d3` a date, `w` a wording that counts from an event, `n` and `u` a length of time.
    `needs` must, and `unless` must not, be found in the sentence before the wording; `unless_anywhere` must not be
    found in the whole sentence, `needs_anywhere` must. `tentative` marks a sentence that speaks of a plan. `not_but`:
    the wording holds a denial itself ("not on … but on …").
    """

    says: Says
    wording: re.Pattern[str]
    needs: re.Pattern[str] | None = None
    unless: re.Pattern[str] | None = None
    needs_anywhere: re.Pattern[str] | None = None
    unless_anywhere: re.Pattern[str] | None = None
    tentative: re.Pattern[str] | None = None
    not_but: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A clue that was found: what it says, and the words that it says it with."""

    says: Says
    sentence: str
    date: str = ""  #: as it stands there; empty: none
    counted: str = ""  #: a wording that counts from an event: "six months after publication"
    length: tuple[str, str] | None = None  #: number and unit: ("30", "days")
    tentative: bool = False
    to_come: bool = False  #: it is told in the future tense, of a text that is not called final
    near: str = ""  #: the words around the wording: who did it, if it says so
    act: str = ""  #: the sentence from shortly before the wording on


#: Not read in a sentence which says that something does not enter into force.
_OF_FORCE: Final = frozenset((Says.IN_FORCE, Says.WILL_BE_IN_FORCE, Says.PLANNED_FORCE))


def find(sentence: Sentence, clues: Iterable[Clue]) -> Iterator[Found]:
    """What the sentence says, clue by clue. What it denies is not said."""
    # Asked for only where a clue is found: in most sentences there is none.
    denied = cache(lambda: denied_acts(sentence.covered))
    no_force = cache(lambda: denies_force(sentence.covered))
    for clue in clues:
        for found in _find(sentence, clue, denied):
            if clue.says in _OF_FORCE and no_force():
                break
            yield found


def _find(sentence: Sentence, clue: Clue, denied: Callable[[], tuple[Span, ...]]) -> Iterator[Found]:
    covered = sentence.covered
    if clue.needs_anywhere and not clue.needs_anywhere.search(covered):
        return
    if clue.unless_anywhere and clue.unless_anywhere.search(covered):
        return
    for hit in clue.wording.finditer(covered):
        if not clue.not_but and touches(hit.span(), denied()):
            continue
        before = covered[: hit.start()]
        if (clue.unless and clue.unless.search(before)) or (clue.needs and not clue.needs.search(before)):
            continue
        groups = {name: sentence.text[slice(*hit.span(name))] for name, value in hit.groupdict().items() if value}
        yield Found(
            says=clue.says,
            sentence=sentence.text.strip(),
            date=next((words for name, words in groups.items() if name.startswith("d")), "").strip(),
            counted=groups.get("w", "").strip(),
            length=(groups["n"], groups["u"]) if "n" in groups and "u" in groups else None,
            tentative=bool(clue.tentative and clue.tentative.search(covered)),
            to_come=_TO_COME.search(covered, max(0, hit.start() - 8), hit.end()) is not None
            and not _SETTLED.search(covered),
            near=_near(sentence.text, hit.span()),
            act=sentence.text[_word_at(sentence.text, hit.start() - _SHORTLY) :].strip(),
        )


_TO_COME: Final = re.compile(
    r"\b(?:will|shall|would|is\s+to|are\s+to|going\s+to|entrera|entreront|prendra|prendront|sera|seront|s['’]appliquera"
    r"|entrará|entrarán|surtirá|será|regirá|tendrá|sẽ)\b|将",
    re.IGNORECASE,
)
#: "The final rule will enter into force": it is settled.
_SETTLED: Final = re.compile(
    r"\bfinal\s+(?:rule|regulation|text|version|standard|measure|order|decree)|\b(?:adopted|approved|promulgated|enacted)\s+"
    r"(?:rule|regulation|text|version|standard|measure|order|decree|law)|\b(?:définitive?s?|adoptée?s?|promulguée?s?)\b"
    r"|\b(?:definitiv|aprobad|adoptad|promulgad)[oa]s?\b|最终(?:法规|文本|案文|规则|标准|措施)|获批|已(?:批准|通过|公布|发布)",
    re.IGNORECASE,
)
_SHORTLY: Final = 90  #: characters


def _word_at(text: str, place: int) -> int:
    """The beginning of the first word behind a place."""
    return 0 if place <= 0 else text.find(" ", place) + 1 or place


def _near(text: str, span: tuple[int, int]) -> str:
    """The wording with what stands before it, and behind it if it does not name who did it."""
    start, end = span
    named = re.search(r"\b(?:by|par|por)\b|由|被", text[start:end])
    return text[_word_at(text, start - _SHORTLY) : end if named else end + _SHORTLY // 2]
