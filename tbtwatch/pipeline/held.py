"""The mass-change breaker: what one poll brought beyond all experience waits for staff, and is not lost meanwhile.

Notices are recorded in chunks, so how much a poll brings is known only at its end. Until then all its news belongs to
a hold that is *counting*, and nobody raises alerts for it. When the poll is concluded, in the transaction that
concludes it, the hold lets go or is *open*: then staff release it, have it told in a digest, or discard it.

A measure whose news is held is told of whole or not at all: what a later poll finds of it joins the same hold.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from tbtwatch.pipeline.ingest import Tally
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.held import Experience, Hold, HoldState
from watcher.source import SourceConfig

log = structlog.get_logger()

LEAST = 20  #: so many notices with news are never too many
LEAST_WTO = 500  #: the WTO gives some 160 a week, in a busy one twice as many, and hands in late what it missed
TIMES = 2  #: of the most that one poll has brought
TIMES_RATE = 3  #: of what the time since the last poll ordinarily brings
WEEK = timedelta(days=7)
#: A poll that began to record, was never concluded and not taken up for so long: its source is asked no more.
FORSAKEN = timedelta(hours=6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What a poll's news came to."""

    measures: tuple[int, ...] = ()  #: those to raise alerts for now
    held: Hold | None = None


def allowed(config: SourceConfig, experience: Experience | None, now: datetime) -> int:
    """How many notices with news a poll of this source may bring before staff are asked.

    By experience: twice the most that one poll brought, or three times what the time since the last one ordinarily
    brings, so that the first poll after an outage is not taken for a flood. A staff limit (`hold_above`) is the limit.
    """
    if config.hold_above is not None:
        return config.hold_above
    limit = float(LEAST_WTO if config.issuer == "WTO" else LEAST)
    weekly = config.expected_per_week or 0.0
    limit = max(limit, TIMES * weekly)
    if experience is not None:
        limit = max(limit, float(TIMES * experience.most))
        lived = max(experience.last - experience.since, WEEK) / WEEK
        away = max(now - experience.last, timedelta(0)) / WEEK
        limit = max(limit, TIMES_RATE * away * max(weekly, experience.total / lived))
    return int(limit)


def settle(
    config: SourceConfig, tally: Tally, *, tx: Transaction, seeding: bool, complete: bool, now: datetime
) -> Settled:
    """At the end of a poll, in the transaction that concludes it: is its news told, or held until staff decide?

    `seeding`: the poll was silent; if it was complete and the source says so, what is still open for comment is told.
    """
    if seeding:
        if complete:
            tx.holds.learn(config.name, 0, now=now)
        return _tell_open(config, tx, now) if complete and config.tell_open_at_first else Settled()
    counting = tx.holds.left_counting(config.name)
    if counting is None:
        if complete:
            tx.holds.learn(config.name, 0, now=now)
        return Settled(measures=tuple(sorted(tally.measures)))
    # A poll that died left its news here: it counts as this one's.
    brought = tx.holds.notices(counting)
    limit = allowed(config, tx.holds.experience(config.name), now)
    new, changed = len(brought - tally.changed), len(brought & tally.changed)
    if len(brought) > limit:
        held = tx.holds.keep(counting, notices=new, changed=changed, allowed=limit, now=now)
        log.warning("news_held", source=config.name, hold=held.id, notices=new, changed=changed, allowed=limit)
        kept = set(tx.holds.measures(counting))
        return Settled(measures=tuple(sorted(tally.measures - kept)), held=held)
    measures = tally.measures.union(tx.holds.measures(counting))
    tx.holds.let_go(counting)
    if complete:
        tx.holds.learn(config.name, len(brought), now=now)
    return Settled(measures=tuple(sorted(measures)))


def _tell_open(config: SourceConfig, tx: Transaction, now: datetime) -> Settled:
    """A first poll is complete: of what it brought, that which can still be commented on is told, once."""
    today = now.astimezone(ZoneInfo(config.time_zone) if config.time_zone else UTC).date()
    still_open = tx.measures.open_on(today, among=tx.changes.never_told(config.name))
    if not still_open:
        return Settled()
    if config.hold_above is not None and len(still_open) > config.hold_above:
        hold = tx.holds.counting(config.name, now=now)
        tx.changes.begin_to_tell(still_open, hold=hold)
        held = tx.holds.keep(hold, notices=len(still_open), changed=0, allowed=config.hold_above, now=now)
        log.warning("news_held", source=config.name, hold=held.id, notices=len(still_open), changed=0)
        return Settled(held=held)
    tx.changes.begin_to_tell(still_open)
    return Settled(measures=tuple(still_open))


def settle_forsaken(configs: Sequence[SourceConfig], *, storage: Storage, now: datetime) -> list[Hold]:
    """What polls recorded that died and were never taken up again, their source being switched off or removed.

    A source that is still asked settles it with its next poll, which is due as soon as the dead one's lease is over.
    """
    known = {config.name: config for config in configs}
    with storage.look() as tx:
        left = tx.holds.counting_since(now - FORSAKEN)
    held = []
    for name in left:
        config = known.get(name) or SourceConfig(name=name, kind="none", issuer="")
        with storage.begin() as tx:
            tx.one_at_a_time()
            if tx.holds.is_polled(name, now=now):
                continue
            settled = settle(config, Tally(), tx=tx, seeding=False, complete=False, now=now)
        if settled.held:
            held.append(settled.held)
    return held


def find_hold(which: str, tx: Transaction) -> Hold:
    """Held news by its number or its source's name. Raises LookupError with a sentence."""
    if which.isdecimal():
        return tx.holds.get(int(which))
    found = [hold for hold in tx.holds.open_ones() if hold.source == which]
    if not found:
        raise LookupError(f"nothing of {which!r} waits for a decision; `tbtwatch sources held` lists what does")
    if len(found) > 1:
        numbers = ", ".join(str(hold.id) for hold in found)
        raise LookupError(f"{which} has more than one hold: {numbers}; give the number of one of them")
    return found[0]


def decide(
    which: str,
    state: HoldState,
    *,
    by: str,
    reason: str,
    storage: Storage,
    now: datetime,
    by_person: int | None = None,
) -> tuple[Hold, tuple[int, ...]]:
    """Carry staff's decision out; the hold, and the measures to raise alerts for. Raises LookupError."""
    with storage.begin() as tx:
        tx.one_at_a_time()
        hold = tx.holds.decide(find_hold(which, tx).id, state, by=by, reason=reason, now=now)
        if state is HoldState.RELEASED:
            # It was right: so much may come again.
            tx.holds.learn(hold.source, hold.notices + hold.changed, now=now)
        measures = () if state is HoldState.DISCARDED else tuple(tx.holds.measures(hold.id))
        tx.audit.write(
            by=by,
            person=by_person,
            deed=f"hold.{state.value}",
            about=f"source {hold.source}",
            detail={"hold": hold.id, "notices": hold.notices, "changed": hold.changed, "reason": reason},
            now=now,
        )
    log.info("hold_decided", hold=hold.id, source=hold.source, state=state.value, by=by)
    return hold, measures
