"""What measures say, read in great numbers: their own words, and the codes and areas they are found by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy import select as look_up
from sqlmodel import Session

from tbtwatch.storage.rows import Row

_MEASURE, _FACET = (Row.metadata.tables[name] for name in ("measure", "measure_facet"))
_SAYS = tuple(_MEASURE.c.facts[name].as_string() for name in ("products_covered", "content_summary"))
_AT_ONCE = 500  # values in one statement
_ROWS = 2_000  # fetched at a time


class Texts:
    """The words of measures inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def since(self, day: date, members: Iterable[str] = ()) -> Iterator[tuple[int, str]]:
        """Each measure with a document of that day or later: title, products and summary in one text, newest first.

        `members`: only those that one of these notified; none: all.
        """
        asked = look_up(_MEASURE.c.id, _MEASURE.c.title, *_SAYS).where(*_of(day, members))
        rows = self._session.connection().execute(asked.order_by(_MEASURE.c.last_distributed.desc(), _MEASURE.c.id))
        for several in rows.partitions(_ROWS):
            for id_, title, products, summary in several:
                yield id_, f"{title}\n{products or ''}\n{summary or ''}"

    def somewhere(self, words: Iterable[str], day: date) -> bool:
        """Whether one of these stands, letter for letter, in anything that is searched of those measures."""
        says = or_(*(_MEASURE.c.search_text.contains(word, autoescape=True) for word in words))
        return (
            self._session.connection().execute(look_up(_MEASURE.c.id).where(*_of(day), says).limit(1)).first()
            is not None
        )

    def found_by(self, ids: Sequence[int], kinds: Iterable[str]) -> list[tuple[int, str, str]]:
        """What these measures are found by: their number, the kind ("hs", "area") and the value."""
        wanted = list(kinds)
        found: list[tuple[int, str, str]] = []
        for start in range(0, len(ids), _AT_ONCE):
            rows = self._session.connection().execute(
                look_up(_FACET.c.measure_id, _FACET.c.kind, _FACET.c.value).where(
                    _FACET.c.measure_id.in_(ids[start : start + _AT_ONCE]), _FACET.c.kind.in_(wanted)
                )
            )
            found.extend((row.measure_id, row.kind, row.value) for row in rows)
        return found

    def having(self, kind: str, beginning: str, day: date, members: Iterable[str] = ()) -> set[int]:
        """The measures of that time that are found by a value that begins so."""
        asked = (
            look_up(_FACET.c.measure_id)
            .join(_MEASURE, _MEASURE.c.id == _FACET.c.measure_id)
            .where(_FACET.c.kind == kind, _FACET.c.value.startswith(beginning, autoescape=True), *_of(day, members))
        )
        return set(self._session.connection().execute(asked).scalars())


def _of(day: date, members: Iterable[str] = ()) -> tuple[Any, ...]:
    asked: list[Any] = [_MEASURE.c.merged_into.is_(None), _MEASURE.c.last_distributed >= day]
    if several := list(members):
        member = _FACET.alias()
        notified = and_(member.c.measure_id == _MEASURE.c.id, member.c.kind == "member", member.c.value.in_(several))
        asked.append(look_up(member.c.measure_id).where(notified).exists())
    return tuple(asked)
