"""Score a rule set on labelled rows: the same questions of all rows, each language, and the baseline beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from rules.baseline import PlainTfIdf
from rules.classification import Classification, Facet, Grade
from rules.classify import classify
from rules.codes.infer import Inferred
from rules.codes.joined import CodesInferred
from rules.readers.inferred_codes import inferred_codes
from rules.reading import Reading
from rules.ruleset import RuleSet
from rules.score import AreasByCode, Confusion, Figures
from tbtwatch.labelled.rows import LabelledRow
from watcher.measure import Facts

#: Question → whether it has ranked guesses, and whether it has stated answers.
QUESTIONS: Final = {
    "hs_chapter": (True, True),
    "hs_heading": (True, True),
    "ics_field": (True, True),
    "areas_by_code": (False, True),
    "areas_by_hand": (False, True),
    "market": (True, True),
    "stage": (True, False),
    "kind": (True, False),
}

#: Which of a measure's texts the classifier was given.
WITH_PRODUCTS: Final = "products + title + description"
WITHOUT_PRODUCTS: Final = "title + description"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A row whose chapter was not found, for people to look at."""

    name: str
    language: str
    known: tuple[str, ...]
    guesses: tuple[tuple[str, int, tuple[str, ...]], ...]  #: (chapter, score, words that speak for it)
    title: str
    products: str
    description: str


@dataclass(slots=True, kw_only=True)
class Score:
    """Figures of one set of rows: texts given → part ("all", "zh" ...) → question."""

    figures: dict[str, dict[str, dict[str, Figures]]] = field(default_factory=dict)
    baseline: dict[str, dict[str, Figures]] = field(default_factory=dict)  #: texts given → part → chapters by TF-IDF
    confusion: Confusion = field(default_factory=Confusion)
    worst: list[Case] = field(default_factory=list)
    rows: int = 0
    stated: dict[str, Any] = field(
        default_factory=lambda: {"hs": 0, "hs_unreadable": [], "ics": 0, "ics_unreadable": []}
    )  #: how many codes are written in the rows, and those that could not be read

    def as_plain(self) -> dict[str, Any]:
        """Everything but the confusion, as plain values."""
        return {
            "rows": self.rows,
            "stated_codes": self.stated,
            "figures": {
                texts: {
                    part: {
                        question: one.as_plain(ranked=QUESTIONS[question][0], stated=QUESTIONS[question][1])
                        for question, one in questions.items()
                        if one.rows or one.stated
                    }
                    for part, questions in parts.items()
                }
                for texts, parts in self.figures.items()
            },
            "tf_idf_baseline": {
                texts: {part: one.as_plain(ranked=True, stated=False) for part, one in parts.items()}
                for texts, parts in self.baseline.items()
            },
            "confused_chapters": [
                {"known": known, "given": given, "rows": count} for known, given, count in self.confusion.worst()
            ],
        }


def score(rows: Sequence[LabelledRow], ruleset: RuleSet, progress: Callable[[int], None] | None = None) -> Score:
    """Classify rows without their codes, and compare. `progress` is told how many rows are done."""
    found = Score(rows=len(rows))
    plain = PlainTfIdf(ruleset.vocabulary.hs_titles)
    for done, row in enumerate(rows, start=1):
        found.stated["hs"] += row.hs_stated
        found.stated["ics"] += row.ics_stated
        for which, code in row.unreadable:
            found.stated[f"{which}_unreadable"].append(code)
        for texts, measure in ((WITH_PRODUCTS, row.measure), (WITHOUT_PRODUCTS, row.without_products)):
            made = classify(measure, ruleset)
            reading = Reading(measure, ruleset.index)
            reading.areas = made.areas
            inferred = inferred_codes(reading, ruleset)
            answers = _answers(row, inferred, made, ruleset)
            for part in ("all", row.language):
                questions = found.figures.setdefault(texts, {}).setdefault(part, {})
                for question, (known, ranked, stated, allowed) in answers.items():
                    questions.setdefault(question, Figures()).add(known, ranked=ranked, stated=stated, allowed=allowed)
                if row.hs:
                    tallied = found.baseline.setdefault(texts, {}).setdefault(part, Figures())
                    tallied.add(_cut(row.hs, 2), ranked=plain.ranked(_words(measure.facts)))
            if texts == WITH_PRODUCTS and row.hs:
                _note(found, row, inferred.hs)
        if progress is not None:
            progress(done)
    return found


def _answers(
    row: LabelledRow, inferred: CodesInferred, made: Classification, ruleset: RuleSet
) -> dict[str, tuple[Iterable[str], Sequence[str], Iterable[str], Iterable[str]]]:
    """Question → (known, ranked guesses, stated answers, answers that are neither right nor wrong)."""

    def stated(facet: Facet, length: int) -> set[str]:
        return {
            finding.value[:length]
            for finding in made.of(facet)
            if finding.grade.at_least(Grade.PROBABLE) and len(finding.value) >= length
        }

    areas = {found.area for found in made.areas if found.grade.at_least(Grade.PROBABLE)}
    by_code = AreasByCode.of(ruleset.areas, row.hs, row.ics)
    answers: dict[str, tuple[Iterable[str], Sequence[str], Iterable[str], Iterable[str]]] = {}
    if row.hs:
        answers["hs_chapter"] = (_cut(row.hs, 2), [one.code for one in inferred.hs.wider], stated(Facet.HS, 2), ())
        answers["hs_heading"] = (_cut(row.hs, 4), [one.code for one in inferred.hs.groups], stated(Facet.HS, 4), ())
    if row.ics:
        answers["ics_field"] = (_cut(row.ics, 2), [one.code for one in inferred.ics.wider], stated(Facet.ICS, 2), ())
    if by_code.expected:
        answers["areas_by_code"] = (by_code.expected, (), areas, by_code.allowed)
    if row.areas is not None:
        answers["areas_by_hand"] = (row.areas, (), areas, ())
    if row.markets and row.markets_read:
        answers["market"] = (row.markets, row.markets_read, row.markets_read, ())
    if row.stage:
        answers["stage"] = ((row.stage.replace("_", "-"),), made.values(Facet.STAGE), (), ())
    if row.kinds:
        answers["kind"] = (row.kinds, made.values(Facet.KIND), (), ())
    return answers


def _cut(codes: Iterable[str], length: int) -> list[str]:
    return sorted({code[:length] for code in codes if len(code) >= length})


def _words(facts: Facts) -> str:
    return " ".join((facts.products_covered, facts.title, facts.content_summary))


def _note(found: Score, row: LabelledRow, hs: Inferred) -> None:
    """Where the chapter was not found, what was found instead and by which words."""
    known = _cut(row.hs, 2)
    best = hs.wider[0].code if hs.wider else ""
    if best in known:
        found.confusion.add(best, best)
        return
    found.confusion.add(known[0], best)
    facts = row.measure.facts
    found.worst.append(
        Case(
            name=row.name,
            language=row.language,
            known=tuple(known),
            guesses=tuple(
                (one.code, one.score, tuple(word for _, words in hs.quotes(one) for word in words))
                for one in hs.wider[:3]
            ),
            title=facts.title,
            products=facts.products_covered,
            description=facts.content_summary,
        )
    )
