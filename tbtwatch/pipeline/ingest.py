"""Entries into notices, notices into measures, and what is news in them. One transaction a chunk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import structlog

from rules.classify import classify
from rules.ruleset import RuleSet
from tbtwatch.pipeline.unite import fingerprint, unite
from tbtwatch.storage import DATABASE_TROUBLE, Transaction
from tbtwatch.storage.notices import StoredNotice, Version
from watcher.measure import Measure
from watcher.notice import Notice
from watcher.plausible import plausible
from watcher.revise import history, join, reading_order, revise, threads_of
from watcher.source import Entry
from watcher.text import one_line

log = structlog.get_logger()

#: An entry is news of a live source if it was distributed no longer than this before the source went live.
LIVE_SLACK = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which source the entries come from, and whether what it brings is news."""

    source: str
    priority: int
    silent: bool  #: seeding or importing: recorded and findable, nobody is told
    live_since: datetime | None = None  #: when its first poll was complete


@dataclass(slots=True)
class Tally:
    """What a poll or an import brought so far. Notices, not entries: a joint one counts once."""

    seen: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    measures: set[int] = field(default_factory=set)
    unreadable: int = 0
    latest: date | None = None

    @property
    def unchanged(self) -> int:
        """How many notices were known and are the same."""
        return len(self.seen - self.new - self.changed)


def in_reading_order(entries: Sequence[Entry]) -> list[Entry]:
    """The entries as if they had come in the order the documents were issued; unreadable ones first."""
    readable = {id(entry.notice): entry for entry in entries if entry.notice is not None}
    # Entries of one joint notice are equal values; identity keeps them apart.
    notices = [entry.notice for entry in entries if entry.notice is not None]
    ordered = sorted(notices, key=lambda notice: (notice.distribution_date or date.min, notice.type != "regular"))
    by_day: dict[date | None, list[Notice]] = {}
    for notice in ordered:
        by_day.setdefault(notice.distribution_date, []).append(notice)
    result = [entry for entry in entries if entry.notice is None]
    for same_day in by_day.values():
        result.extend(readable[id(notice)] for notice in reading_order(same_day))
    return result


def record(
    entries: Sequence[Entry], *, origin: Origin, ruleset: RuleSet, tx: Transaction, tally: Tally, now: datetime
) -> None:
    """Write a chunk of entries down, and what is news in them."""
    known = tx.notices.known(origin.source, [entry.key for entry in entries])
    read: list[str] = []
    changed: list[tuple[Entry, Notice, str]] = []
    today = now.date() + timedelta(days=1)
    for entry in entries:
        if entry.notice is None:
            tx.notices.keep_unreadable(origin.source, entry, now=now)
            tally.unreadable += 1
            continue
        read.append(entry.key)
        day = entry.notice.distribution_date
        if day is not None and day <= today and (tally.latest is None or day > tally.latest):
            tally.latest = day
        mark = fingerprint(entry.notice)
        before = known.get(entry.key)
        if before is not None and before.fingerprint == mark:
            tally.seen.add(before.notice_id)
        else:
            changed.append((entry, plausible(entry.notice, now.date()), mark))
    _look_ahead([notice for _, notice, _ in changed], tx)
    for entry, notice, mark in changed:
        try:
            with tx.part():
                _record_notice(notice, entry.key, mark, entry.key not in known, origin, ruleset, tx, tally, now)
        except DATABASE_TROUBLE:
            raise
        except Exception as failure:
            # A fault of ours in one notice costs that notice, not the poll: it is kept and shown.
            log.exception("not_recorded", source=origin.source, entry=entry.key)
            problem = f"recording it failed with {type(failure).__name__}: {one_line(str(failure))}"
            tx.notices.keep_unreadable(origin.source, replace(entry, notice=None, problem=problem), now=now)
            tally.unreadable += 1
            read.remove(entry.key)
    tx.notices.now_read(origin.source, read, now=now)


def _look_ahead(notices: Sequence[Notice], tx: Transaction) -> None:
    """Ask once for the whole chunk what is known of its symbols: of most, in a first poll, nothing is."""
    try:
        with tx.part():
            for issuer in sorted({notice.issuer for notice in notices}):
                own = [notice for notice in notices if notice.issuer == issuer]
                tx.notices.expect(issuer, sorted({symbol for notice in own for symbol in notice.symbols}))
                tx.measures.expect(issuer, sorted({thread for notice in own for thread in threads_of(notice)}))
    except DATABASE_TROUBLE:
        raise
    except Exception:
        # One symbol that the database cannot take; each notice is then looked up, and refused, by itself.
        log.exception("not_looked_ahead", notices=len(notices))


def _record_notice(
    notice: Notice,
    entry: str,
    mark: str,
    first_sight: bool,
    origin: Origin,
    ruleset: RuleSet,
    tx: Transaction,
    tally: Tally,
    now: datetime,
) -> None:
    bearing = tx.notices.bearing(notice.issuer, notice.symbols)
    version = Version(notice=notice, priority=origin.priority, source=origin.source, entry=entry, seen_at=now)
    united = notice
    if bearing:
        said = tx.notices.versions([stored.id for stored in bearing])
        others = [old for old in said if (old.source, old.entry) != (origin.source, entry)]
        united = unite([*others, version])
    if len(bearing) == 1 and united == bearing[0].notice:
        tx.notices.put_version(version, notice_id=bearing[0].id, fingerprint=mark)
        if first_sight and not origin.silent:
            _wake(bearing[0], origin, tx, tally)
        tally.seen.add(bearing[0].id)
        return
    measure = _measure_of(united, bearing, tx)
    revision = revise(measure, united)
    measure_id = tx.measures.save(revision.measure, now=now)
    if len(bearing) > 1:
        tx.notices.unite(bearing[0].id, [stored.id for stored in bearing[1:]])
    notice_id = tx.notices.save(united, id=bearing[0].id if bearing else None, measure_id=measure_id, now=now)
    tx.notices.put_version(version, notice_id=notice_id, fingerprint=mark)
    tx.measures.classify(
        measure_id,
        classify(replace(revision.measure, id=measure_id), ruleset),
        revision.measure.facts,
        now=now,
    )
    if bearing and first_sight and not origin.silent:
        _wake(replace(bearing[0], id=notice_id, measure_id=measure_id), origin, tx, tally)
    # The history of a measure's first notice is what `revise` found in it.
    if origin.silent and measure is not None and tx.changes.all_silent(measure_id):
        _write_history(replace(revision.measure, id=measure_id), tx, now)
    else:
        tx.changes.add(measure_id, notice_id, revision.changes, now=now, silent=origin.silent)
    (tally.changed if bearing else tally.new).add(notice_id)
    tally.seen.add(notice_id)
    tally.measures.add(measure_id)


def _measure_of(notice: Notice, bearing: Sequence[StoredNotice], tx: Transaction) -> Measure | None:
    """The measure the notice belongs to. A joint notice may show that several are one; they are merged."""
    ids = {stored.measure_id for stored in bearing} | set(tx.measures.of_threads(notice.issuer, threads_of(notice)))
    if not ids:
        return None
    keep, *others = sorted(ids)
    measures = [tx.measures.get(id_) for id_ in (keep, *others)]
    if not others:
        return measures[0]
    tx.measures.merge(keep, others)
    return replace(join(measures), id=keep)


def _write_history(measure: Measure, tx: Transaction, now: datetime) -> None:
    """A measure that was never news: its history is written as if its notices had come in their order."""
    assert measure.id is not None
    tx.changes.forget_silent(measure.id)
    bearer = tx.notices.bearers(measure.id)
    tx.changes.add_each(
        measure.id,
        [(bearer[change.symbols[0]], change) for change in history(measure.notices)],
        now=now,
        silent=True,
    )


def _wake(stored: StoredNotice, origin: Origin, tx: Transaction, tally: Tally) -> None:
    """A live source brings a notice that an import or a seeding source had recorded in silence: now it is news.

    Without this, a workbook imported a minute before the API's poll would swallow that day's alerts.
    """
    day = stored.notice.distribution_date
    if origin.live_since is None or (day is not None and day < (origin.live_since - LIVE_SLACK).date()):
        return
    if tx.changes.wake(stored.id, recorded_since=origin.live_since):
        tally.measures.add(stored.measure_id)
