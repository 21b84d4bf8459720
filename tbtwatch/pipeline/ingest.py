"""Entries into notices, notices into measures, and what is news in them. One transaction a chunk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import structlog

from rules.classify import classify
from tbtwatch.pipeline.joining import Rules, measure_of, without_wide_names, write_history
from tbtwatch.pipeline.strangers import Arrival, newcomer, runs
from tbtwatch.pipeline.unite import fingerprint, unite
from tbtwatch.storage import DATABASE_TROUBLE, Transaction
from tbtwatch.storage.notices import StoredNotice, Version
from watcher.dates import DateQuality
from watcher.notice import Notice
from watcher.plausible import plausible
from watcher.reading_order import WTO
from watcher.revise import reading_order, revise, threads_of
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
    counted: bool = False  #: its news waits until `held.settle` has seen how much there is
    classified_later: bool = False  #: what is silent and begins a measure is left for `reclassify`


@dataclass(slots=True)
class Tally:
    """What a poll or an import brought so far. Notices, not entries: a joint one counts once."""

    seen: set[int] = field(default_factory=set)
    new: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    measures: set[int] = field(default_factory=set)
    fresh: int = 0  #: entries that their source never listed before, whoever else knew the notice
    unreadable: int = 0
    latest: date | None = None

    def add(self, other: Tally) -> None:
        """And what that brought."""
        for name in ("seen", "new", "changed", "measures"):
            getattr(self, name).update(getattr(other, name))
        self.fresh += other.fresh
        self.unreadable += other.unreadable
        self.latest = max(filter(None, (self.latest, other.latest)), default=None)

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
    entries: Sequence[Entry], *, origin: Origin, rules: Rules, tx: Transaction, tally: Tally, now: datetime
) -> None:
    """Write a chunk of entries down, and what is news in them. `rules`: those in force, asked for when needed."""
    known = tx.notices.known(origin.source, [entry.key for entry in entries])
    tally.fresh += sum(entry.notice is not None and entry.key not in known for entry in entries)
    read: list[str] = []
    changed: list[Arrival] = []
    hold: int | None = None
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
            changed.append(
                Arrival(
                    entry=entry,
                    notice=plausible(entry.notice, now.date()),
                    mark=mark,
                    first_sight=before is None,
                    silent=origin.silent or (not entry.news and before is None),
                )
            )
    if not origin.silent:
        changed = _with_documents(changed, origin.source, tx)
    _look_ahead([arrival.notice for arrival in changed], tx)
    if changed and origin.counted and not origin.silent:
        # Not to be told before the poll is over and it is known how much it brings (`tbtwatch.pipeline.held`).
        hold = tx.holds.counting(origin.source, now=now)
    for strange, arrivals in runs(changed, tx):
        if strange and _record_strangers(arrivals, hold, origin, rules, tx, tally, now):
            continue
        for arrival in arrivals:
            try:
                with tx.part():
                    _record_notice(arrival, hold, origin, rules, tx, tally, now)
            except DATABASE_TROUBLE:
                raise
            except Exception as failure:
                # A fault of ours in one notice costs that notice, not the poll: it is kept and shown.
                entry = arrival.entry
                log.exception("not_recorded", source=origin.source, entry=entry.key)
                problem = f"recording it failed with {type(failure).__name__}: {one_line(str(failure))}"
                tx.notices.keep_unreadable(origin.source, replace(entry, notice=None, problem=problem), now=now)
                tally.unreadable += 1
                read.remove(entry.key)
    tx.notices.now_read(origin.source, read, now=now)


def _with_documents(arrivals: list[Arrival], source: str, tx: Transaction) -> list[Arrival]:
    """The notices with what their documents say, which was read when each was new (`tbtwatch.pipeline.documents`)."""
    texts = tx.documents.texts(source, [arrival.entry.key for arrival in arrivals])
    return [
        replace(arrival, notice=replace(arrival.notice, document_text=texts[arrival.entry.key]))
        if arrival.entry.key in texts
        else arrival
        for arrival in arrivals
    ]


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


def _record_strangers(
    arrivals: Sequence[Arrival],
    hold: int | None,
    origin: Origin,
    rules: Rules,
    tx: Transaction,
    tally: Tally,
    now: datetime,
) -> bool:
    """Record at once what touches nothing known and nothing beside it: each begins a measure. Whether it was done."""
    try:
        with tx.part():
            newcomers = [
                newcomer(arrival, None if origin.classified_later and arrival.silent else rules(), hold)
                for arrival in arrivals
            ]
            numbers = tx.newcomers.add(newcomers, source=origin.source, priority=origin.priority, now=now)
    except DATABASE_TROUBLE:
        raise
    except Exception:
        # One of them cannot be recorded; each is tried by itself, and that one is kept as unreadable.
        log.exception("not_recorded_together", source=origin.source, notices=len(arrivals))
        return False
    for notice_id, measure_id in numbers:
        tally.new.add(notice_id)
        tally.seen.add(notice_id)
        tally.measures.add(measure_id)
    return True


def _record_notice(
    arrival: Arrival,
    hold: int | None,
    origin: Origin,
    rules: Rules,
    tx: Transaction,
    tally: Tally,
    now: datetime,
) -> None:
    notice, entry = arrival.notice, arrival.entry.key
    bearing = tx.notices.bearing(notice.issuer, notice.symbols)
    version = Version(notice=notice, priority=origin.priority, source=origin.source, entry=entry, seen_at=now)
    united, further = notice, False
    if bearing:
        said = tx.notices.versions([stored.id for stored in bearing])
        before = next((old for old in said if (old.source, old.entry) == (origin.source, entry)), None)
        if before is not None and _only_stamped_anew(before.notice, notice):
            version = replace(version, notice=before.notice)
        further = not arrival.silent and all(old.source != origin.source for old in said)
        others = [old for old in said if (old.source, old.entry) != (origin.source, entry)]
        united = unite([*others, version])
    united = without_wide_names(united, tx, rules, now)
    if len(bearing) == 1 and united == bearing[0].notice:
        tx.notices.put_version(version, notice_id=bearing[0].id, fingerprint=arrival.mark)
        if arrival.first_sight and not arrival.silent:
            _wake(bearing[0], arrival, hold, origin, tx, tally)
        if further:
            _carry(bearing[0], origin, tx, tally)
        tally.seen.add(bearing[0].id)
        return
    measure = measure_of(united, bearing, tx)
    revision = revise(measure, united)
    measure_id = tx.measures.save(revision.measure, now=now)
    if len(bearing) > 1:
        tx.notices.unite(bearing[0].id, [stored.id for stored in bearing[1:]])
    notice_id = tx.notices.save(united, id=bearing[0].id if bearing else None, measure_id=measure_id, now=now)
    tx.notices.put_version(version, notice_id=notice_id, fingerprint=arrival.mark)
    tx.measures.classify(
        measure_id,
        classify(replace(revision.measure, id=measure_id), rules()),
        revision.measure.facts,
        now=now,
    )
    if bearing and arrival.first_sight and not arrival.silent:
        _wake(replace(bearing[0], id=notice_id, measure_id=measure_id), arrival, hold, origin, tx, tally)
    if further:
        _carry(replace(bearing[0], id=notice_id, measure_id=measure_id), origin, tx, tally)
    # The history of a measure's first notice is what `revise` found in it.
    if arrival.silent and measure is not None and tx.changes.all_silent(measure_id):
        write_history(replace(revision.measure, id=measure_id), tx, now)
    else:
        tx.changes.add(
            measure_id,
            notice_id,
            revision.changes,
            now=now,
            silent=arrival.silent,
            hold=_hold(measure_id, arrival, hold, tx, known=measure is not None),
        )
    (tally.changed if bearing else tally.new).add(notice_id)
    tally.seen.add(notice_id)
    tally.measures.add(measure_id)


def _hold(measure_id: int, arrival: Arrival, hold: int | None, tx: Transaction, *, known: bool) -> int | None:
    """What keeps the news back: of a measure whose news is held already, the same; else the poll that is under way."""
    if arrival.silent:
        return None
    return (tx.holds.of_measure(measure_id) if known else None) or hold


def _only_stamped_anew(old: Notice, new: Notice) -> bool:
    """Whether a publisher lists a document under a later day, and it says what it said.

    Days that were counted from the day of the list move with it; they are no news either. The WTO's day of
    circulation is the document's own: when it is corrected, what counts from it is corrected.
    """
    if new.issuer == WTO or old.distribution_date is None or new.distribution_date is None:
        return False
    if new.distribution_date <= old.distribution_date:
        return False
    counted = {}
    for name in ("comment_deadline", "proposed_adoption", "proposed_entry_into_force"):
        said, says = getattr(old, name), getattr(new, name)
        if says.quality is DateQuality.COMPUTED and says.wording == said.wording and says.rule == said.rule:
            counted[name] = said
    return replace(new, distribution_date=old.distribution_date, **counted) == old


def _carry(stored: StoredNotice, origin: Origin, tx: Transaction, tally: Tally) -> None:
    """A further source reports a document: who asks for that source is owed what the document said before."""
    tx.carried.add(stored.id, origin.source)
    tally.measures.add(stored.measure_id)


def _wake(
    stored: StoredNotice, arrival: Arrival, hold: int | None, origin: Origin, tx: Transaction, tally: Tally
) -> None:
    """A live source brings a notice that an import or a seeding source had recorded in silence: now it is news.

    Without this, a workbook imported a minute before the API's poll would swallow that day's alerts.
    """
    day = stored.notice.distribution_date
    if origin.live_since is None or (day is not None and day < (origin.live_since - LIVE_SLACK).date()):
        return
    kept_back = _hold(stored.measure_id, arrival, hold, tx, known=True)
    if tx.changes.wake(stored.id, recorded_since=origin.live_since, hold=kept_back):
        tally.measures.add(stored.measure_id)
