"""A measure as rules read it: each text folded once, every phrase of every rule found in one pass."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from rules.classification import AreaFound, Evidence
from rules.negation import Negations, negations
from rules.patterns import Patterns
from rules.standard_numbers import StandardNumber, standards_in
from rules.terms import Folded, Terms, fold
from watcher.measure import Facts, Measure

if TYPE_CHECKING:
    from rules.codes.joined import CodesInferred  # which reads what stands here

TextField = Literal[
    "title", "products_covered", "content_summary", "further_text", "document_text", "responsible_agency"
]

#: Fields that name the subject of a measure; a word in the others may be in passing.
NAMING_FIELDS: Final[tuple[TextField, ...]] = ("title", "products_covered")
PROSE_FIELDS: Final[tuple[TextField, ...]] = ("content_summary", "further_text", "document_text")
TEXT_FIELDS: Final[tuple[TextField, ...]] = (*NAMING_FIELDS, *PROSE_FIELDS, "responsible_agency")


#: The code that a part of the products covered ends in: "trunks, suit-cases ... (HS code(s): 4202)", folded.
_OWN_CODE: Final = re.compile(r"\((?:hs|ics)(?!\w)[^()0-9]{0,24}(?:\(s\))?[^()0-9]{0,8}[0-9][^()]*\)")

#: From this length on, in characters, such a part is the tariff's wording and not the notifier's.
_TARIFF_WORDING: Final = 80


class PhraseKey(NamedTuple):
    """Whose phrase it is: a rule, the list it stands in there, and its place in that list."""

    rule: str
    part: str
    place: int


class Found(NamedTuple):
    """A phrase of a rule, found; offsets are of the folded text."""

    key: PhraseKey
    start: int
    end: int


class Reading:
    """What the phrases of a rule set find in one measure."""

    def __init__(
        self,
        measure: Measure,
        index: Terms,
        patterns: Patterns | None = None,
        *,
        folding: Callable[[str], Folded] = fold,
    ) -> None:
        """Read a measure with indexes whose keys are `PhraseKey`s. `folding`: `fold`, or one that remembers."""
        self.facts: Facts = measure.facts
        self._fold = folding
        self.areas: tuple[AreaFound, ...] = ()  #: what the rules found, once all of them were asked
        self.inferred: CodesInferred | None = None  #: what words and areas say of codes, once it was asked for
        #: Who issued its notices, sorted.
        self.issuers = tuple(sorted({measure.issuer, *(notice.issuer for notice in measure.notices)} - {""}))
        #: What the rules read so far say of it; combinations look here.
        self.said: dict[str, tuple[Evidence, ...]] = {}
        self._folded: dict[TextField, Folded] = {}
        self._negations: dict[TextField, Negations] = {}
        self._found: dict[str, dict[TextField, list[Found]]] = {}
        self._matched: dict[str, dict[TextField, list[Found]]] = {}
        self._standards: dict[TextField, Sequence[tuple[int, int, StandardNumber]]] = {}
        self._headings: tuple[tuple[int, int], ...] | None = None
        for field in TEXT_FIELDS:
            if not getattr(measure.facts, field) or not len(index):
                continue
            for start, end, key in index.spans(self.folded(field)):
                self._note(field, key, start, end)
        if patterns:
            self._match(patterns)

    def _match(self, patterns: Patterns) -> None:
        for field in TEXT_FIELDS:
            for start, end, key in patterns.spans(getattr(self.facts, field)):
                assert isinstance(key, PhraseKey)
                self._matched.setdefault(key.rule, {}).setdefault(field, []).append(Found(key, start, end))

    @property
    def texts(self) -> Mapping[TextField, Folded]:
        """The texts that were compared so far, by field."""
        return self._folded

    def _note(self, field: TextField, key: Hashable, start: int, end: int) -> None:
        assert isinstance(key, PhraseKey)
        self._found.setdefault(key.rule, {}).setdefault(field, []).append(Found(key, start, end))

    def folded(self, field: TextField) -> Folded:
        """The text of a field as it is compared, folded once however many ask."""
        if field not in self._folded:
            self._folded[field] = self._fold(getattr(self.facts, field))
        return self._folded[field]

    @property
    def rules(self) -> frozenset[str]:
        """Names of the rules that have a phrase or a regular expression in this measure."""
        return frozenset((*self._found, *self._matched))

    def found(self, rule: str) -> Mapping[TextField, list[Found]]:
        """The phrases of a rule that occur, by field, in the order of the text."""
        return self._found.get(rule, {})

    def matched(self, rule: str) -> Mapping[TextField, list[Found]]:
        """Where the regular expressions of a rule occur, by field; offsets are of the text as it stands."""
        return self._matched.get(rule, {})

    def taken_back(self, field: TextField, found: Found) -> bool:
        """Whether the text says there that it is not about this: "does not apply to toys"."""
        return self.takes_back(field, found.start, found.end)

    def takes_back(self, field: TextField, start: int, end: int) -> bool:
        """The same of any stretch of the folded text of a field."""
        if field not in self._negations:
            self._negations[field] = negations(self.folded(field).text)
        return self._negations[field].cover(start, end)

    def denies(self, field: TextField, start: int, end: int) -> bool:
        """The same of a stretch of the text as it stands."""
        if field not in self._negations:
            self._negations[field] = negations(self.folded(field).text)
        return self._negations[field].cover(*self.folded(field).folded_span(start, end))

    def standards(self, field: TextField) -> Sequence[tuple[int, int, StandardNumber]]:
        """The standards that a text cites, with where they stand in it."""
        if field not in self._standards:
            self._standards[field] = tuple(standards_in(getattr(self.facts, field)))
        return self._standards[field]

    def stretch(self, field: TextField, start: int, end: int) -> str:
        """The words of a stretch of the text as it stands."""
        text: str = getattr(self.facts, field)
        return text[start:end]

    def in_tariff_wording(self, field: TextField, found: Found) -> bool:
        """Whether it stands in a tariff heading written out in full, with its code behind it.

        Such a heading lists all that it holds ("insulated food or beverage bags, tobacco-pouches ..."); its code
        says better what the measure is about.
        """
        if field != "products_covered":
            return False
        if self._headings is None:
            self._headings = _tariff_wording(self.folded(field).text)
        return any(start <= found.start and found.end <= end for start, end in self._headings)

    def quote(self, field: TextField, start: int, end: int) -> str:
        """The original words of a folded stretch of a field."""
        folded = self.folded(field)
        begin, stop = folded.span(start, end)
        return folded.original[begin:stop]


def _tariff_wording(folded: str) -> tuple[tuple[int, int], ...]:
    """The long parts of a list of products that end in their own code; parts end at semicolons."""
    found = []
    before = 0
    for code in _OWN_CODE.finditer(folded):
        start = max(before, folded.rfind(";", before, code.start()) + 1)
        if code.start() - start >= _TARIFF_WORDING:
            found.append((start, code.end()))
        before = code.end()
    return tuple(found)
