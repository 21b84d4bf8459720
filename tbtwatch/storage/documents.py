"""The documents that new notices link, inside one transaction: each is tried once, and what came of it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, insert
from sqlalchemy import select as look_up
from sqlmodel import Session

from tbtwatch.storage.rows import Row

_AT_ONCE = 500  # values in one statement
_DOCUMENT, _VERSION, _NOTICE = (Row.metadata.tables[name] for name in ("document", "notice_version", "notice"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedDocument:
    """A document that an entry links, and what came of reading it."""

    source: str
    entry: str
    url: str
    problem: str = ""  #: why there is no text or not all of it, as a sentence
    pages: int = 0  #: how many it has, if that is known
    pages_read: int = 0
    text: str = ""
    tried_at: datetime


_FIELDS = tuple(_DOCUMENT.c[name] for name in TriedDocument.__dataclass_fields__)


class Documents:
    """Documents inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, tried: Iterable[TriedDocument]) -> None:
        """Write down what came of these. None of them may have been tried for its entry before."""
        rows = [{name: getattr(one, name) for name in TriedDocument.__dataclass_fields__} for one in tried]
        if rows:
            self._session.connection().execute(insert(_DOCUMENT), rows)

    def tried(self, source: str, entries: Sequence[str]) -> set[str]:
        """Those of these entries of which a document was tried."""
        found: set[str] = set()
        for start in range(0, len(entries), _AT_ONCE):
            asked = look_up(_DOCUMENT.c.entry).where(*_among(source, entries[start : start + _AT_ONCE]))
            found.update(self._session.connection().execute(asked).scalars())
        return found

    def texts(self, source: str, entries: Sequence[str]) -> dict[str, str]:
        """By entry, the text of its documents, one after another. Entries without any are left out."""
        found: dict[str, list[str]] = {}
        for start in range(0, len(entries), _AT_ONCE):
            asked = (
                look_up(_DOCUMENT.c.entry, _DOCUMENT.c.text)
                .where(*_among(source, entries[start : start + _AT_ONCE]), _DOCUMENT.c.text != "")
                .order_by(_DOCUMENT.c.id)
            )
            for entry, text in self._session.connection().execute(asked):
                found.setdefault(entry, []).append(text)
        return {entry: "\n".join(dict.fromkeys(texts)) for entry, texts in found.items()}

    def read_since(self, url: str, since: datetime) -> TriedDocument | None:
        """The document at this address, if it was read for any entry since then."""
        asked = (
            look_up(*_FIELDS)
            .where(_DOCUMENT.c.url == url, _DOCUMENT.c.tried_at >= since, _DOCUMENT.c.pages_read > 0)
            .order_by(_DOCUMENT.c.id.desc())
            .limit(1)
        )
        row = self._session.connection().execute(asked).first()
        return None if row is None else TriedDocument(**row._mapping)

    def of_measure(self, measure_id: int) -> list[TriedDocument]:
        """Those of all notices of a measure, oldest first."""
        asked = (
            look_up(*_FIELDS)
            .join(_VERSION, (_VERSION.c.source == _DOCUMENT.c.source) & (_VERSION.c.entry == _DOCUMENT.c.entry))
            .join(_NOTICE, _NOTICE.c.id == _VERSION.c.notice_id)
            .where(_NOTICE.c.measure_id == measure_id)
            .order_by(_DOCUMENT.c.id)
        )
        return [TriedDocument(**row._mapping) for row in self._session.connection().execute(asked)]

    def of_source(self, source: str, *, limit: int) -> list[TriedDocument]:
        """The latest of a source, newest first."""
        asked = look_up(*_FIELDS).where(_DOCUMENT.c.source == source).order_by(_DOCUMENT.c.id.desc()).limit(limit)
        return [TriedDocument(**row._mapping) for row in self._session.connection().execute(asked)]


def _among(source: str, entries: Sequence[str]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return _DOCUMENT.c.source == source, _DOCUMENT.c.entry.in_(entries)
