"""Measures: a list, a search, one of them, how it came to be so, and why it is classified so."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from tbtwatch.pipeline.look.measure import LookedAt, look_at, look_at_it
from tbtwatch.pipeline.look.walking import walk
from tbtwatch.pipeline.symbols import Unknown
from tbtwatch.pipeline.tokens import Scope
from tbtwatch.web.api.ground import Ground, Language, Number, OnGround, for_anybody, problems
from tbtwatch.web.api.models.measures import (
    CountOf,
    EvidenceFor,
    Found,
    MeaningOf,
    Measures,
    MeasureWhole,
    Timeline,
)
from tbtwatch.web.api.problems import ProblemError
from tbtwatch.web.api.question import Filters, Walking
from tbtwatch.web.api.telling import a_line, a_timeline, a_whole, an_evidence
from tbtwatch.web.look.search import called
from tbtwatch.web.site import clean

routes = APIRouter(tags=["measures"], dependencies=[Depends(for_anybody(Scope.MEASURES))])
InLanguage = Annotated[Language, Query(description="In which names are told.")]


@routes.get("/measures", operation_id="list_measures", summary="List measures", responses=problems())
def measures(on: OnGround, given: Annotated[Walking, Query()]) -> Measures:
    """Measures that fit the filters, a stretch at a time. Follow `next` (also in the `Link` header) for all of them."""
    asked = given.asked(on.desk)
    found = walk(
        on.site.finder,
        asked,
        order=given.order(asked),
        today=on.today,
        after=given.place(asked),
        limit=given.limit,
    )
    with on.desk.storage.look() as tx:
        briefs = tx.briefs.of(found.ids)
    return Measures(
        total=found.total,
        next=on.further(given.cursor_of(found.last, asked)) if found.last else None,
        measures=[a_line(one, on.desk, language=given.language, today=on.today) for one in briefs],
    )


@routes.get("/search", operation_id="search", summary="Search with counts", responses=problems())
def search(on: OnGround, given: Annotated[Filters, Query()]) -> Found:
    """The first measures that fit, and how many each value of each filter would leave."""
    answer = on.site.finder.find(given.asked(on.desk), today=on.today)
    return Found(
        total=answer.total,
        of=answer.of,
        open_for_comments=answer.open,
        meanings=[MeaningOf(word=clean(one.word), kind=one.kind, value=one.value) for one in answer.meanings],
        loosely=[clean(word) for word in answer.loosely],
        counts={
            name: [
                CountOf(value=value, name=called(name, value, on.site, given.language), count=count)
                for value, count in values.items()
            ]
            for name, values in answer.counts.items()
        },
        measures=[a_line(one, on.desk, language=given.language, today=on.today) for one in answer.rows],
    )


@routes.get(
    "/measures/by-symbol", operation_id="measure_by_symbol", summary="One measure by its symbol",
    responses=problems(404),
)  # fmt: skip
def by_symbol(
    on: OnGround,
    symbol: Annotated[
        str,
        Query(
            min_length=1,
            max_length=400,
            description="Any of its symbols, however it is written.",
            examples=["G/TBT/N/EU/1024"],
        ),
    ],
    language: InLanguage = "en",
) -> MeasureWhole:
    """The measure that a symbol means; also by the symbol of an addendum, or of another Member's joint notification."""
    found = look_at(symbol, desk=on.desk, language=language, today=on.today)
    if isinstance(found, Unknown):
        detail = f"No measure is known by {clean(found.symbol)[:200]!r}."
        near = [clean(one) for one in found.near]
        if not near:
            raise ProblemError(404, detail)
        raise ProblemError(404, f"{detail} Did you mean {' or '.join(near)}?", near=near)
    return _whole(found, on, language)


@routes.get("/measures/{id}", operation_id="measure", summary="One measure", responses=problems(404))
def measure(on: OnGround, id: Number, language: InLanguage = "en") -> MeasureWhole:
    """A measure with all its facts, each date with how it was come by."""
    return _whole(_one(id, on, language), on, language)


@routes.get("/measures/{id}/timeline", operation_id="timeline", summary="Its documents", responses=problems(404))
def timeline(on: OnGround, id: Number) -> Timeline:
    """The documents of a measure, the newest first, and what each changed: old and new."""
    return a_timeline(_one(id, on))


@routes.get(
    "/measures/{id}/evidence", operation_id="evidence", summary="Why it is classified so", responses=problems(404)
)
def evidence(on: OnGround, id: Number) -> EvidenceFor:
    """What a measure is held to be about, with the rule, the field and the words each finding rests on."""
    return an_evidence(_one(id, on))


def _one(id: int, on: Ground, language: str = "en") -> LookedAt:
    """Raises ProblemError. What was joined with another measure is that one now."""
    try:
        with on.desk.storage.look() as tx:
            found = tx.measures.get(id)
    except LookupError as error:
        raise ProblemError(404, f"There is no measure {id} here.") from error
    return look_at_it(found, desk=on.desk, language=language, today=on.today)


def _whole(found: LookedAt, on: Ground, language: str) -> MeasureWhole:
    assert found.measure.id is not None
    with on.desk.storage.look() as tx:
        (brief,) = tx.briefs.of([found.measure.id])
    brief = replace(brief, facts=found.facts, classification=found.classification)
    return a_whole(found, brief, on.desk, language=language, today=on.today)
