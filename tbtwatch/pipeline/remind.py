"""Reminders of comment deadlines: told on their day, once, and not of what is over, moved or dealt with.

What is due is reckoned from the database each time: the deadline as it stands now, the market's buffer, the distances
that are wished. A round for a measure, its deadline and a distance is one transaction, written down with what it told;
so a tick that was missed is made up for, one that is repeated tells nobody, and a deadline that moves is planned anew.
A reader who is not to be written to just now (a pause, quiet hours, a holiday) is told when that is over, in the words
of that day; what has become useless by then is not told.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from datetime import datetime, timedelta

import structlog

from subscriptions.reminders import planned
from subscriptions.rhythm import next_allowed
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.remind_round import Round
from tbtwatch.pipeline.stepwise import at_one_go
from tbtwatch.storage import DATABASE_TROUBLE, Transaction

log = structlog.get_logger()

LOOK_BACK = timedelta(days=31)  # a deadline that passed while the service stood still is written down as missed


def remind_due(*, desk: Desk) -> int:
    """Write the reminders that are due; how many messages."""
    return at_one_go(reminding(desk=desk))


def reminding(*, desk: Desk) -> Generator[None, None, int]:
    """The same, measure by measure: between two of them the rest of the program may go on, or end."""
    drop_waiting(desk=desk)
    written = 0
    with desk.storage.look() as tx:
        since = tx.reminders.wished_since()
        asked = tx.reminder_requests.wished_since(desk.clock().astimezone(desk.names.zone).date())
    released = released_measures(desk)
    for measure_id in sorted({*_measures_due(since, asked, desk), *released}):
        yield
        try:
            written += remind_of(measure_id, joined(since, asked.get(measure_id, {})), desk=desk)
        except DATABASE_TROUBLE:
            raise
        except Exception:
            # One measure that cannot be written about must not keep the others from being told of.
            log.exception("reminders_not_written", measure=measure_id)
    return written


def _measures_due(since: Mapping[int, datetime], asked: Mapping[int, Mapping[int, datetime]], desk: Desk) -> list[int]:
    """The measures for which a round is to be made."""
    now, names = desk.clock(), desk.names
    today = now.astimezone(names.zone).date()
    farthest = max((*since, *(distance for one in asked.values() for distance in one)), default=None)
    if farthest is None:
        return []
    with desk.storage.look() as tx:
        first, last = today - LOOK_BACK, today + timedelta(days=farthest + names.buffers.longest + 1)
        made = tx.reminders.rounds(first, last)
        found = []
        for one in tx.reminders.deadlines(first, last):
            by = one.day - timedelta(days=names.buffers.of(one.members))
            for distance, wished in joined(since, asked.get(one.measure_id, {})).items():
                at = planned(by, distance, names.zone, names.remind_hour).at
                if wished < at <= now and (one.measure_id, one.day, distance) not in made:
                    found.append(one.measure_id)
                    break
    return found


def joined(since: Mapping[int, datetime], asked: Mapping[int, datetime]) -> dict[int, datetime]:
    """Since when each distance is wished of a measure: of all measures, or of this one."""
    found = dict(since)
    for distance, at in asked.items():
        found[distance] = min(found.get(distance, at), at)
    return found


def released_measures(desk: Desk) -> list[int]:
    """The measures of which a reminder waited that may be told now, or has become useless."""
    now = desk.clock()
    today = now.astimezone(desk.names.zone).date()
    with desk.storage.look() as tx:
        held = tx.held_reminders.of()
        if not held:
            return []
        readers = tx.subscriptions.some({one.subscription_id for one in held})
        paused = {(one.subscription, one.measure) for one in tx.pauses.holding()}
    return sorted(
        {
            one.measure_id
            for one in held
            if one.deadline < today
            or (
                not {(one.subscription_id, None), (one.subscription_id, one.measure_id)} & paused
                and next_allowed(now, readers[one.subscription_id].rhythm, desk.names.zone) <= now
            )
        }
    )


def remind_of(measure_id: int, since: Mapping[int, datetime], *, desk: Desk) -> int:
    """Make the rounds of a measure that are due, in one transaction; how many messages.

    `since`: each distance that anybody wishes, and since when the first of them does.
    """
    with desk.storage.begin() as tx:
        tx.measures.lock(measure_id)
        one = Round(measure_id, tx, desk, desk.clock())
        return one.make(since) + one.release()


def drop_waiting(*, desk: Desk, measure_id: int | None = None) -> int:
    """Cancel reminders that wait and are not true any more: moved, over, dealt with, unsubscribed. How many."""
    today = desk.clock().astimezone(desk.names.zone).date()
    with desk.storage.look() as tx:
        measures = tx.reminders.doubtful(today, measure_id)
    dropped = 0
    for one in measures:
        with desk.storage.begin() as tx:
            dropped += drop_of(one, tx, desk)
    return dropped


def drop_of(measure_id: int, tx: Transaction, desk: Desk) -> int:
    """The same for one measure, inside a transaction."""
    if not (waiting := tx.reminders.waiting(measure_id)):
        return 0
    return Round(measure_id, tx, desk, desk.clock()).drop(waiting)
