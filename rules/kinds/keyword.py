"""Words: a measure is in the area if our words occur in its texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from rules.classification import Evidence, Grade
from rules.nearness import near_pairs
from rules.plurals import agreeing
from rules.reading import NAMING_FIELDS, Found, PhraseKey, Reading, TextField
from rules.rule import Rule, Written, lowered
from rules.stopwords import too_common
from rules.terms import TermError, wordings
from watcher.measure import Facts
from watcher.said import said, sentence_of

Language = Annotated[str, Field(pattern=r"^[a-z]{2}$", description="en, zh, fr, es ...")]


def _one_word_is_a_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Phrases = Annotated[tuple[Written, ...], BeforeValidator(_one_word_is_a_list)]

#: One list, or a list for each language.
Words = dict[Language, Phrases] | Phrases

_PARTS = ("any", "all", "none", "not_inside")
_NEAR = ("first", "second")


class Near(BaseModel):
    """Two lists of which one word each must stand near one another in one sentence, in whichever order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: int = Field(description="At most so many words between them; Chinese characters count one each", ge=0, le=50)
    first: Words = Field(description="One of these", min_length=1)
    second: Words = Field(description="One of these near it", min_length=1)


def _by_language(words: Words) -> list[tuple[str, str]]:
    """(language, phrase) in the order written; the language of a single list is empty."""
    if isinstance(words, dict):
        return [(language, phrase) for language, phrases in words.items() for phrase in phrases]
    return [("", phrase) for phrase in words]


class KeywordRule(Rule):
    """A measure is in the area if our words occur in its texts.

    One of `any` must occur, and all of `all` (of one language, where they are given by language), and nothing of
    `none`, which looks at the same fields; a linked document that holds one of `none` counts for nothing, and the other
    fields stand. With `near`, a word each of two lists must stand near one another in one sentence. A word does not
    count inside a phrase of `not_inside` ("toy" inside "toy breed"), and not where the text takes it back ("does not
    apply to toys"). Found in the title or the products it gives the rule's grade, found elsewhere one grade less; found
    only in a tariff heading that is written out with its code it is broad, as the code speaks for itself.
    """

    example_is = "a title"

    kind: Literal["keyword"] = "keyword"
    any: Words = Field(default=(), description="One of these must occur")
    all: Words = Field(default=(), description="All of these must occur")
    none: Words = Field(default=(), description="None of these may occur")
    not_inside: Words = Field(default=(), description="Phrases inside which a word does not count")
    near: Near | None = Field(default=None, description="Words that must stand near one another in one sentence")
    fields: tuple[TextField, ...] = Field(
        default=("title", "products_covered", "content_summary", "further_text", "document_text"),
        description="Where to look",
        min_length=1,
    )

    def _part(self, part: str) -> list[tuple[str, str]]:
        words: Words = getattr(self.near, part, ()) if part in _NEAR else getattr(self, part)
        return _by_language(words)

    def phrases(self) -> Iterator[tuple[PhraseKey, str]]:
        """Every phrase of every list; French and Spanish ones also with their words in agreement."""
        for part in (*_PARTS, *_NEAR):
            for place, (language, phrase) in enumerate(self._part(part)):
                key = PhraseKey(self.name, part, place)
                yield key, phrase
                if language in ("fr", "es"):
                    yield from ((key, form) for form in agreeing(phrase))

    def problems(self) -> Iterator[str]:
        """Empty lists, and words that would occur everywhere or nowhere."""
        if not self._part("any") and not self._part("all") and self.near is None:
            yield said("has no words to look for: add some under any or all")
        for part in _NEAR if self.near else ():
            if not self._part(part):
                yield said("has no words under near, {part}: add some", part=part)
        for part in (*_PARTS, *_NEAR):
            for _, phrase in self._part(part):
                try:
                    folded = min(wordings(phrase), key=len)
                except TermError as error:
                    yield said(
                        "cannot use a word under {part}: {error}; take it out", part=part, error=sentence_of(error)
                    )
                    continue
                of_products = bool(self.areas)
                if part not in ("not_inside", *_NEAR) and (reason := too_common(folded, of_products=of_products)):
                    yield said("cannot use {phrase!r} under {part}: {reason}", phrase=phrase, part=part, reason=reason)

    def example(self, text: str) -> Facts:
        """A measure with this text where the rule looks first."""
        field = self.fields[0]
        return Facts(
            title=text if field == "title" else "",
            products_covered=text if field == "products_covered" else "",
            content_summary=text if field == "content_summary" else "",
            further_text=text if field == "further_text" else "",
            document_text=text if field == "document_text" else "",
            responsible_agency=text if field == "responsible_agency" else "",
        )

    def read(self, reading: Reading) -> tuple[Evidence, ...]:
        """One piece of evidence for each field that names the product, quoting the longest words."""
        counted: dict[TextField, list[Found]] = {}
        for field in self.fields:
            found = reading.found(self.name).get(field, [])
            if any(hit.key.part == "none" for hit in found):
                if field == "document_text":
                    continue  # five pages hold many words: they may add evidence, and take none away
                return ()
            if kept := self._counted(found, field, reading):
                counted[field] = kept
        if self.near and not any(hit.key.part == "near" for hits in counted.values() for hit in hits):
            return ()
        if self._part("any") and not any(hit.key.part == "any" for hits in counted.values() for hit in hits):
            return ()
        weakened = False
        if self._part("all"):
            if not self._all_of_one_language(hit for hits in counted.values() for hit in hits):
                return ()
            named = (hit for field in NAMING_FIELDS for hit in counted.get(field, []))
            weakened = not self._all_of_one_language(named)
        return tuple(
            Evidence(
                rule=self.name,
                field=field,
                quotes=_quotes(hits, field, reading),
                grade=Grade.BROAD
                if all(reading.in_tariff_wording(field, hit) for hit in hits)
                else self._grade(field, weakened),
            )
            for field, hits in counted.items()
        )

    def _grade(self, field: TextField, weakened: bool) -> Grade:
        return self.grade if field in NAMING_FIELDS and not weakened else lowered(self.grade)

    def _counted(self, found: list[Found], field: TextField, reading: Reading) -> list[Found]:
        """The hits that stand: not inside a phrase they do not count in, not taken back by the text."""
        cages = [(hit.start, hit.end) for hit in found if hit.key.part == "not_inside"]
        kept = [
            hit
            for hit in found
            if hit.key.part in ("any", "all", *_NEAR)
            and not any(start <= hit.start and hit.end <= end for start, end in cages)
            and not reading.taken_back(field, hit)
        ]
        if self.near is None:
            return kept
        stretches = near_pairs(
            reading.folded(field).text,
            [(hit.start, hit.end) for hit in kept if hit.key.part == "first"],
            [(hit.start, hit.end) for hit in kept if hit.key.part == "second"],
            self.near.words,
        )
        key = PhraseKey(self.name, "near", 0)
        return [hit for hit in kept if hit.key.part not in _NEAR] + [Found(key, *stretch) for stretch in stretches]

    def _all_of_one_language(self, hits: Iterator[Found]) -> bool:
        wanted: dict[str, set[int]] = {}
        for place, (language, _) in enumerate(self._part("all")):
            wanted.setdefault(language, set()).add(place)
        seen = {hit.key.place for hit in hits if hit.key.part == "all"}
        return any(places <= seen for places in wanted.values())


def _quotes(hits: list[Found], field: TextField, reading: Reading) -> tuple[str, ...]:
    """The words as they stand, the longest where hits overlap, each once, in the order of the text."""
    quotes: dict[str, None] = {}
    reached = -1
    for start, end in sorted({(hit.start, hit.end) for hit in hits}, key=lambda span: (span[0], -span[1])):
        if end > reached:
            quotes[reading.quote(field, start, end)] = None
            reached = end
    return tuple(quotes)


RULE = KeywordRule
