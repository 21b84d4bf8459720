"""Notices, what each source says of them, and the entries nobody could read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from tbtwatch.storage.rows import FactChangeRow, NoticeRow, NoticeSymbolRow, NoticeVersionRow, Row, UnreadableRow
from tbtwatch.storage.types import from_json, from_row, made_number, written
from watcher.notice import Notice
from watcher.source import Entry

# Half a million rows pass through here when history is imported, so these tables are read and written by statements
# made once, without an object for each row: a third of the time. Nothing else may keep objects of them in a session.
_NOTICE, _SYMBOL, _VERSION = (Row.metadata.tables[name] for name in ("notice", "notice_symbol", "notice_version"))
_UNREADABLE = Row.metadata.tables["unreadable"]
_AT_ONCE = 500  # values in one statement

_BEARING = (
    look_up(_NOTICE.c.id, _NOTICE.c.measure_id, _NOTICE.c.value)
    .where(
        _NOTICE.c.id.in_(
            look_up(_SYMBOL.c.notice_id).where(
                _SYMBOL.c.issuer == bindparam("of_issuer"),
                _SYMBOL.c.symbol.in_(bindparam("of_symbols", expanding=True)),
            )
        )
    )
    .order_by(_NOTICE.c.id)
)
_BORNE = look_up(_SYMBOL.c.symbol).where(
    _SYMBOL.c.issuer == bindparam("of_issuer"), _SYMBOL.c.symbol.in_(bindparam("of_symbols", expanding=True))
)
_OF_MEASURE = (
    look_up(_NOTICE.c.id, _NOTICE.c.measure_id, _NOTICE.c.value)
    .where(_NOTICE.c.measure_id.in_(bindparam("of_measures", expanding=True)))
    .order_by(_NOTICE.c.id)
)
_AFTER = (
    look_up(_NOTICE.c.id, _NOTICE.c.measure_id, _NOTICE.c.value)
    .where(_NOTICE.c.id > bindparam("after_notice"))
    .order_by(_NOTICE.c.id)
    .limit(bindparam("at_most"))
)
_BEARERS = (
    look_up(_SYMBOL.c.symbol, _SYMBOL.c.notice_id)
    .join(_NOTICE, _NOTICE.c.id == _SYMBOL.c.notice_id)
    .where(_NOTICE.c.measure_id == bindparam("of_measure"))
)
_REPORTED_BY = (
    look_up(_NOTICE.c.measure_id, _VERSION.c.source)
    .join(_VERSION, _VERSION.c.notice_id == _NOTICE.c.id)
    .where(_NOTICE.c.measure_id.in_(bindparam("of_measures", expanding=True)))
    .distinct()
)
_SYMBOLS = look_up(_SYMBOL.c.symbol).where(_SYMBOL.c.notice_id == bindparam("of_notice"))
_KNOWN = look_up(_VERSION.c.entry, _VERSION.c.notice_id, _VERSION.c.fingerprint).where(
    _VERSION.c.source == bindparam("of_source"), _VERSION.c.entry.in_(bindparam("of_entries", expanding=True))
)
_VERSIONS = look_up(
    _VERSION.c.value, _VERSION.c.priority, _VERSION.c.source, _VERSION.c.entry, _VERSION.c.seen_at
).where(_VERSION.c.notice_id.in_(bindparam("of_notices", expanding=True)))
_CHANGE_NOTICE = update(_NOTICE).where(_NOTICE.c.id == bindparam("of_notice"))
_CHANGE_VERSION = update(_VERSION).where(
    _VERSION.c.source == bindparam("of_source"), _VERSION.c.entry == bindparam("of_entry")
)
_STILL_UNREADABLE = update(_UNREADABLE).where(
    _UNREADABLE.c.source == bindparam("of_source"), _UNREADABLE.c.read_at.is_(None)
)
_NOW_READ = _STILL_UNREADABLE.where(_UNREADABLE.c.entry.in_(bindparam("of_entries", expanding=True)))
_GONE = _STILL_UNREADABLE.where(_UNREADABLE.c.last_seen_at < bindparam("not_seen_since"))
_NEW_NOTICE, _NEW_SYMBOL, _NEW_VERSION = insert(_NOTICE), insert(_SYMBOL), insert(_VERSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry of a source that was read before."""

    notice_id: int
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What one entry of one source says of a notice."""

    notice: Notice
    priority: int
    source: str
    entry: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredNotice:
    """A notice as stored."""

    id: int
    measure_id: int
    notice: Notice


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """An entry kept because it could not be read."""

    source: str
    entry: str
    problem: str
    raw: str
    first_seen_at: datetime
    last_seen_at: datetime


class Notices:
    """Notices inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._looked_up: set[tuple[str, str]] = set()  # issuers and symbols, by `expect`
        self._borne: set[tuple[str, str]] = set()
        self._not_read: set[tuple[str, str]] = set()  # sources and entries, by `known`

    def known(self, source: str, entries: Sequence[str]) -> dict[str, KnownEntry]:
        """Which of these entries were read before."""
        found: dict[str, KnownEntry] = {}
        for start in range(0, len(entries), _AT_ONCE):
            asked = {"of_source": source, "of_entries": entries[start : start + _AT_ONCE]}
            for entry, notice_id, fingerprint in self._session.connection().execute(_KNOWN, asked):
                found[entry] = KnownEntry(notice_id=notice_id, fingerprint=fingerprint)
        self._not_read.update((source, entry) for entry in entries if entry not in found)
        return found

    def expect(self, issuer: str, symbols: Sequence[str]) -> None:
        """Look up at once which of these symbols are borne already; `bearing` then asks only where one is.

        For the one transaction, in which nobody else records notices (`Transaction.one_at_a_time`).
        """
        for start in range(0, len(symbols), _AT_ONCE):
            asked = {"of_issuer": issuer, "of_symbols": symbols[start : start + _AT_ONCE]}
            borne = self._session.connection().execute(_BORNE, asked).scalars()
            self._borne.update((issuer, symbol) for symbol in borne)
        self._looked_up.update((issuer, symbol) for symbol in symbols)

    def is_strange(self, issuer: str, symbols: Iterable[str]) -> bool:
        """Whether all of these were looked up, by `expect`, and no notice bears them."""
        pairs = {(issuer, symbol) for symbol in symbols}
        return pairs <= self._looked_up and pairs.isdisjoint(self._borne)

    def borne(self, notice: Notice, *, source: str, entry: str) -> None:
        """A notice now bears its symbols, and this entry of that source states it."""
        self._borne.update((notice.issuer, symbol) for symbol in notice.symbols)
        self._not_read.discard((source, entry))

    def bearing(self, issuer: str, symbols: Iterable[str]) -> list[StoredNotice]:
        """The notices that bear any of these symbols, oldest row first."""
        symbols = set(symbols)
        if self.is_strange(issuer, symbols):
            return []
        asked = {"of_issuer": issuer, "of_symbols": list(symbols)}
        return [_stored(row) for row in self._session.connection().execute(_BEARING, asked)]

    def versions(self, notice_ids: Sequence[int]) -> list[Version]:
        """What all entries say of these notices."""
        rows = self._session.connection().execute(_VERSIONS, {"of_notices": list(notice_ids)})
        return [
            Version(
                notice=from_json(Notice, row.value),
                priority=row.priority,
                source=row.source,
                entry=row.entry,
                seen_at=row.seen_at,
            )
            for row in rows
        ]

    def put_version(self, version: Version, *, notice_id: int, fingerprint: str) -> None:
        """Write down what an entry says now."""
        connection, entry = self._session.connection(), (version.source, version.entry)
        says = version_columns(version, notice_id=notice_id, fingerprint=fingerprint)
        if entry not in self._not_read:
            asked = {"of_source": version.source, "of_entry": version.entry}
            if connection.execute(_CHANGE_VERSION, {**asked, **says}).rowcount:
                return
        connection.execute(_NEW_VERSION, {"source": version.source, "entry": version.entry, **says})
        self._not_read.discard(entry)

    def save(self, notice: Notice, *, id: int | None, measure_id: int, now: datetime) -> int:
        """Write a notice and its symbols; its number."""
        connection = self._session.connection()
        states = notice_columns(notice, measure_id=measure_id, now=now)
        had: set[str] = set()
        if id is not None:
            connection.execute(_CHANGE_NOTICE, {"of_notice": id, **states})
            had.update(connection.execute(_SYMBOLS, {"of_notice": id}).scalars())
        else:
            made = connection.execute(_NEW_NOTICE, {"issuer": notice.issuer, "recorded_at": now, **states})
            id = made_number(made)
        if new := [symbol for symbol in notice.symbols if symbol not in had]:
            connection.execute(
                _NEW_SYMBOL, [{"issuer": notice.issuer, "symbol": symbol, "notice_id": id} for symbol in new]
            )
            self._borne.update((notice.issuer, symbol) for symbol in new)
        return id

    def unite(self, keep: int, others: Sequence[int]) -> None:
        """Two rows turned out to be one joint notice: everything of the others goes to the one kept."""
        for table in (NoticeSymbolRow, NoticeVersionRow, FactChangeRow):
            self._session.exec(
                update(table)
                .where(col(table.notice_id).in_(others))
                .values(notice_id=keep)
                .execution_options(synchronize_session=False)
            )
        self._session.exec(
            delete(NoticeRow).where(col(NoticeRow.id).in_(others)).execution_options(synchronize_session=False)
        )

    def of_measure(self, measure_id: int) -> list[StoredNotice]:
        """The notices of a measure."""
        return self.of_measures([measure_id])

    def of_measures(self, measure_ids: Sequence[int]) -> list[StoredNotice]:
        """The notices of several measures, oldest row first."""
        rows = self._session.connection().execute(_OF_MEASURE, {"of_measures": list(measure_ids)})
        return [_stored(row) for row in rows]

    def sources_of(self, measure_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
        """The names of the sources that reported notices of these measures, sorted, by the measure's number."""
        rows = self._session.connection().execute(_REPORTED_BY, {"of_measures": list(measure_ids)})
        found: dict[int, list[str]] = {}
        for measure_id, source in rows:
            found.setdefault(measure_id, []).append(source)
        return {measure_id: tuple(sorted(sources)) for measure_id, sources in found.items()}

    def sources(self) -> list[str]:
        """The names of all sources that ever reported anything, sorted."""
        named = look_up(_VERSION.c.source).distinct().order_by(_VERSION.c.source)
        return list(self._session.connection().execute(named).scalars())

    def count_of_measure(self, measure_id: int) -> int:
        """How many notices a measure has."""
        return self._session.exec(
            select(func.count()).select_from(NoticeRow).where(NoticeRow.measure_id == measure_id)
        ).one()

    def after(self, id: int, *, limit: int) -> list[StoredNotice]:
        """The next notices, in the order of their numbers; the first ones after 0."""
        rows = self._session.connection().execute(_AFTER, {"after_notice": id, "at_most": limit})
        return [_stored(row) for row in rows]

    def bearers(self, measure_id: int) -> dict[str, int]:
        """The symbols of a measure's notices, and the number of the notice that bears each."""
        rows = self._session.connection().execute(_BEARERS, {"of_measure": measure_id})
        return {row.symbol: row.notice_id for row in rows}

    def keep_unreadable(self, source: str, entry: Entry, *, now: datetime) -> None:
        """Keep an entry that could not be read."""
        row = self._session.exec(
            select(UnreadableRow).where(UnreadableRow.source == source, UnreadableRow.entry == entry.key)
        ).first() or UnreadableRow(source=source, entry=entry.key, first_seen_at=now)
        row.problem, row.raw, row.last_seen_at, row.read_at = entry.problem, entry.raw, now, None
        self._session.add(row)
        self._session.flush()

    def now_read(self, source: str, entries: Sequence[str], *, now: datetime) -> None:
        """These entries could be read after all."""
        for start in range(0, len(entries), _AT_ONCE):
            asked = {"of_source": source, "of_entries": entries[start : start + _AT_ONCE], "read_at": now}
            self._session.connection().execute(_NOW_READ, asked)

    def gone(self, source: str, *, not_seen_since: datetime, now: datetime) -> None:
        """The source does not list these unreadable entries any more, or lists them readable under another key."""
        asked = {"of_source": source, "not_seen_since": not_seen_since, "read_at": now}
        self._session.connection().execute(_GONE, asked)

    def unreadable(self, source: str | None = None, *, limit: int = 100) -> list[Unreadable]:
        """The entries that still cannot be read, newest first."""
        asked = (
            select(UnreadableRow)
            .where(col(UnreadableRow.read_at).is_(None))
            .order_by(col(UnreadableRow.last_seen_at).desc(), col(UnreadableRow.id).desc())
            .limit(limit)
        )
        if source:
            asked = asked.where(UnreadableRow.source == source)
        return [from_row(Unreadable, row) for row in self._session.exec(asked)]

    def counts(self) -> dict[str, int]:
        """How many notices and unreadable entries there are."""
        return {
            "notices": self._session.exec(select(func.count()).select_from(NoticeRow)).one(),
            "unreadable": self._session.exec(
                select(func.count()).select_from(UnreadableRow).where(col(UnreadableRow.read_at).is_(None))
            ).one(),
        }


def notice_columns(notice: Notice, *, measure_id: int, now: datetime) -> dict[str, Any]:
    """What of a notice stands in its row, whenever it is written."""
    return {
        "measure_id": measure_id,
        "type": notice.type.value,
        "changed_at": now,
        "distribution_date": notice.distribution_date,
        "value": written(Notice, notice),
    }


def version_columns(version: Version, *, notice_id: int, fingerprint: str) -> dict[str, Any]:
    """What an entry says, as it stands in its row, but for whose entry it is."""
    return {
        "notice_id": notice_id,
        "priority": version.priority,
        "fingerprint": fingerprint,
        "value": written(Notice, version.notice),
        "seen_at": version.seen_at,
    }


def _stored(row: Any) -> StoredNotice:
    return StoredNotice(id=row.id, measure_id=row.measure_id, notice=from_json(Notice, row.value))
