"""What it rests on that a measure concerns a reader, and how sure that is: said as it is, never more."""

from __future__ import annotations

from dataclasses import dataclass

from notifiers.message import MeasureNews, WhyYou
from notifiers.readings import dotted_codes
from notifiers.wording import Words
from rules.classification import Grade
from subscriptions.criteria import FURTHER, Condition, Part
from watcher.text import one_line

_BY_PRODUCT = (Part.PRODUCT, Part.KEYWORD)
_CODES = frozenset({"hs_codes", "ics_codes"})
#: Of what a product was found by, the fields that the plain sentence of a grade is true of.
_TRUE_OF = {
    Grade.DIRECT: _CODES | {"title", "products_covered"},
    Grade.PROBABLE: frozenset({"content_summary", "further_text"}),
    Grade.BROAD: _CODES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """The surest condition on a product among the reader's reasons; none: no product was asked for."""

    grade: Grade
    condition: Condition | None = None
    asked: str = ""  #: without such a condition, what was asked for: "market", "further"; "": not known

    @classmethod
    def of(cls, news: MeasureNews) -> Basis:
        """What the news rests on for this reader."""
        found = [(why.grade, best) for why in news.why if (best := _best(why))]
        if found:
            grade, condition = min(found, key=lambda pair: pair[0].rank)
            return cls(grade=grade, condition=condition)
        if any(condition.part in FURTHER for why in news.why for condition in why.conditions):
            return cls(grade=news.grade, asked="further")
        by_market = any(condition.part is Part.MARKET for why in news.why for condition in why.conditions)
        return cls(grade=news.grade, asked="market" if by_market else "")

    def phrase(self, words: Words, *, short: bool = False) -> str:
        """In a few words: "concerns you directly", "has your keyword “jelly”"."""
        if self.asked:
            return words(f"grade.{self.asked}")
        if self.condition is not None and self.condition.part is Part.KEYWORD:
            return words("grade.word", word=_quoted(self.condition.asked, words))
        return words(f"grade.{self.grade}" + (".short" if short else ""))

    def sentence(self, words: Words) -> str:
        """The same as a sentence, with what it was found by."""
        condition = self.condition
        if condition is None:
            return words(f"sure.{self.asked or self.grade}")
        if condition.part is Part.KEYWORD:
            name = "sure.word" if self.grade is Grade.DIRECT else "sure.word.probable"
            return words(name, word=_quoted(condition.asked, words), place=_place(condition.field, words))
        if condition.inferred:
            return words(
                "sure.inferred",
                grade=_capital(words(f"grade.{self.grade}.short")),
                code=dotted_codes(condition.found),
                place=_place(condition.field, words),
                found=_quoted(condition.inferred, words),
            )
        if not condition.field or condition.field in _TRUE_OF[self.grade]:
            return words(f"sure.{self.grade}")
        return words(
            "sure.found",
            grade=_capital(words(f"grade.{self.grade}.short")),
            place=_place(condition.field, words),
            found=_quoted(condition.found, words),
        )


def _best(why: WhyYou) -> Condition | None:
    """The surest condition on a product; a match's grade is that of its products before that of its keywords."""
    about = [condition for condition in why.conditions if condition.part in _BY_PRODUCT]
    return min(about, key=lambda one: (one.part is Part.KEYWORD, one.grade.rank), default=None)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _place(field: str, words: Words) -> str:
    return (
        words.either(f"place.{field}", "place.text") if not words.knows(f"field.{field}") else words(f"field.{field}")
    )


def _quoted(text: str, words: Words) -> str:
    return words.quote(one_line(text, 120))
