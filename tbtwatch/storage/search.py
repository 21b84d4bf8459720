"""What measures are searched by: written where they are written, read by SQLite's FTS5 or PostgreSQL's own search.

The words are cut before they come here (`rules.search_words`), so that both databases find the same. Each row has the
stamp of the transaction that wrote it last: who keeps a copy of them reads what has a newer one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, func, insert, or_, select, text, update
from sqlmodel import Session

from rules.classification import Classification, Facet, Grade
from rules.search_words import CUT, Phrase, Question, Term, cut
from tbtwatch.storage.measure_columns import facets_of
from tbtwatch.storage.rows import Row
from tbtwatch.storage.search_rows import MeasureWordsRow
from watcher.dates import DateFact, DateQuality, Precision
from watcher.days import last_day
from watcher.measure import Facts, Measure, MeasureStatus
from watcher.names import MARK

_WORDS, _MEASURE = Row.metadata.tables[str(MeasureWordsRow.__tablename__)], Row.metadata.tables["measure"]
_NEW = insert(_WORDS)
_CHANGE = update(_WORDS).where(_WORDS.c.measure_id == bindparam("of_measure"))
_READ = tuple(
    _WORDS.c[name]
    for name in ("measure_id", "status", "distributed", "deadline", "adoption", "force", "in_force_from", "facets")
)
_TEXTS = ("products_covered", "content_summary", "further_text", "responsible_agency", "document_text")
_OF_A_NOTICE = ("title", "products_covered", "content_summary")
_NOT_WRITTEN = (_MEASURE.c.merged_into.is_(None), or_(_WORDS.c.measure_id.is_(None), _WORDS.c.cut != CUT))
_NO_DAY = (DateQuality.UNKNOWN, DateQuality.NOT_APPLICABLE)
GONE = "gone"  # the status of what was merged into another measure


@dataclass(frozen=True, slots=True, kw_only=True)
class Findable:
    """A measure as it is filtered and sorted, with no word of it. Days are known to the day; a deadline
    that is coarse is the last it can mean."""

    measure_id: int
    status: str  #: as its notices say; `GONE`: it was merged into another
    distributed: date | None
    deadline: date | None
    adoption: date | None
    force: date | None
    in_force_from: date | None  #: from when on an announced entry into force makes it so
    facets: Mapping[str, Sequence[str]]  #: values by kind: member, hs, ics, area, kind …


class Search:
    """Searching, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._stamp: int | None = None

    # --- written with the measure

    def columns(self, measure: Measure, classification: Classification | None) -> dict[str, Any]:
        """What stands in a measure's row. Without a classification what it is about stays as it is."""
        facets = {} if classification is None else {"facets": _facets_text(classification, measure.facts)}
        return {**facets, **_columns(measure), "stamp": self._now()}

    def write(self, measure: Measure, id: int) -> None:
        """A measure was saved."""
        connection, says = self._session.connection(), self.columns(measure, None)
        if not connection.execute(_CHANGE, {"of_measure": id, **says}).rowcount:
            facets = _facets_text(Classification(), measure.facts)
            connection.execute(_NEW, {"measure_id": id, "facets": facets, **says})

    def classified(self, id: int, classification: Classification, facts: Facts) -> None:
        """What a measure is about was written down."""
        says = {"facets": _facets_text(classification, facts), "stamp": self._now()}
        self._session.connection().execute(_CHANGE, {"of_measure": id, **says})

    def merged(self, others: Sequence[int]) -> None:
        """These are part of another measure now and are found no more."""
        if others:
            says = {"status": GONE, "facets": "{}", "title": "", "words": "", "stamp": self._now()}
            gone = update(_WORDS).where(_WORDS.c.measure_id.in_(list(others))).values(**says)
            self._session.connection().execute(gone)

    def not_written(self, *, limit: int, after: int = 0) -> list[int]:
        """The next measures without a row, or with one whose words were cut another way, by their numbers."""
        asked = (
            select(_MEASURE.c.id)
            .outerjoin(_WORDS, _WORDS.c.measure_id == _MEASURE.c.id)
            .where(_MEASURE.c.id > after, *_NOT_WRITTEN)
            .order_by(_MEASURE.c.id)
            .limit(limit)
        )
        return list(self._session.connection().execute(asked).scalars())

    def count_not_written(self) -> int:
        """How many there are of them."""
        asked = (
            select(func.count())
            .select_from(_MEASURE)
            .outerjoin(_WORDS, _WORDS.c.measure_id == _MEASURE.c.id)
            .where(*_NOT_WRITTEN)
        )
        return int(self._session.connection().execute(asked).scalar_one())

    # --- read

    def since(self, horizon: int) -> tuple[int, Iterator[Findable]]:
        """What to ask with the next time, and what was written since then, perhaps with some that was read before.

        It is read as it is asked for, inside the transaction: at first it is all there is.
        """
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            # All transactions before the oldest that is open have ended: what they wrote is seen.
            asked = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            now = int(connection.execute(asked).scalar_one())
        else:
            now = int(connection.execute(select(func.coalesce(func.max(_WORDS.c.stamp), 0))).scalar_one()) + 1
        if now == horizon and connection.dialect.name == "sqlite":
            return now, iter(())
        rows = connection.execute(select(*_READ).where(_WORDS.c.stamp >= horizon))
        return now, (Findable(**{**row._mapping, "facets": json.loads(row.facets)}) for row in rows)

    def matching(self, term: Term, *, parts: bool = False, title_only: bool = False) -> list[int]:
        """The measures that answer a term, in no order. `parts`: in all its parts, wherever they stand."""
        groups = [[part] for part in term.parts] if parts and term.parts else [list(term.phrases)]
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            query = " & ".join(f"({' | '.join(_pg(one, title_only) for one in group)})" for group in groups)
            asked = text("SELECT measure_id FROM measure_words WHERE vector @@ to_tsquery('simple', :question)")
        else:
            query = " AND ".join(f"({' OR '.join(_fts(one) for one in group)})" for group in groups)
            query = f"{{title}} : ({query})" if title_only else query
            asked = text("SELECT rowid FROM measure_fts WHERE measure_fts MATCH :question")
        return list(connection.execute(asked, {"question": query}).scalars().all())

    def matches(self, question: Question) -> set[int]:
        """The measures that answer a question."""
        if not question.terms:
            return set()
        found = set.intersection(*(set(self.matching(term)) for term in question.terms))
        return found.difference(*(self.matching(term) for term in question.without))

    def _now(self) -> int:
        """The stamp of this transaction: later than that of any whose writing can be seen."""
        if self._stamp is None:
            connection = self._session.connection()
            if connection.dialect.name == "postgresql":
                asked: Any = text("SELECT pg_current_xact_id()::text::bigint")
            else:
                asked = select(func.coalesce(func.max(_WORDS.c.stamp), 0) + 1)
            self._stamp = int(connection.execute(asked).scalar_one())
        return self._stamp


def _fts(phrase: Phrase) -> str:
    """A phrase for FTS5: words have letters, marks and digits only, so that nothing in them is a sign of its own."""
    return f'"{" ".join(phrase.words)}"' + ("*" if phrase.begins else "")


def _pg(phrase: Phrase, title_only: bool) -> str:
    weight = "A" if title_only else ""
    last = len(phrase.words) - 1
    lexemes = []
    for at, word in enumerate(phrase.words):
        marks = weight + ("*" if phrase.begins and at == last else "")
        lexemes.append(f"'{word}'" + (f":{marks}" if marks else ""))
    return f"({' <-> '.join(lexemes)})"


def _columns(measure: Measure) -> dict[str, Any]:
    facts = measure.facts
    symbols = dict.fromkeys(
        (
            *measure.threads,
            *(symbol for notice in measure.notices for symbol in notice.symbols),
            *(name.removeprefix(MARK) for name in measure.names),
        )
    )
    # What a later text has taken the place of, or a joint one left aside, is found by its words, too.
    told = (getattr(notice, name) for notice in measure.notices for name in _OF_A_NOTICE)
    known = [getattr(facts, name) for name in _TEXTS]
    texts = [*known, *(text for text in dict.fromkeys(told) if not any(text in one for one in known))]
    settled = facts.in_force_on.quality in (DateQuality.STATED, DateQuality.COMPUTED)
    return {
        "cut": CUT,
        "status": _status(facts),
        "distributed": facts.last_distributed,
        "deadline": None if facts.comment_deadline.quality in _NO_DAY else last_day(facts.comment_deadline),
        "adoption": _day(facts.adopted_on) or _day(facts.proposed_adoption),
        "force": _day(facts.in_force_on) or _day(facts.proposed_entry_into_force),
        "in_force_from": last_day(facts.in_force_on) if settled else None,
        "title": cut(facts.title or facts.products_covered),
        "words": cut("\n".join((*symbols, *facts.hs_codes, *facts.ics_codes, *texts, " ".join(_dotted(facts))))),
    }


def _dotted(facts: Facts) -> Iterable[str]:
    """HS codes as people write them: 8507.60."""
    return (f"{code[:4]}.{code[4:6]}" for code in facts.hs_codes if len(code) > 4)


def _status(facts: Facts) -> str:
    """A regulator's own notice that asks for no comments is no draft that anybody could comment on."""
    own = not facts.area and facts.status is MeasureStatus.DRAFT and facts.comment_deadline.value is None
    return MeasureStatus.UNKNOWN.value if own else facts.status.value


def _day(fact: DateFact) -> date | None:
    """A day that is known to the day."""
    return None if fact.quality in _NO_DAY or fact.precision is not Precision.DAY else fact.value


def _facets_text(classification: Classification, facts: Facts) -> str:
    """What a measure is filtered by; codes that are inferred are among them."""
    values: dict[str, set[str]] = {}
    for kind, value in facets_of(classification, facts):
        values.setdefault(kind, set()).add(value)
    for facet in (Facet.HS, Facet.ICS):
        sure = (one.value for one in classification.of(facet) if one.grade.at_least(Grade.PROBABLE))
        values.setdefault(facet.value, set()).update(sure)
    return json.dumps({kind: sorted(found) for kind, found in sorted(values.items()) if found}, ensure_ascii=False)
