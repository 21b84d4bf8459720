"""How a source's cursor moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from watcher.source import Cursor


def moved_on(cursor: Cursor, *, seen: date | None, now: datetime, full: bool) -> Cursor:
    """The cursor after a complete poll. A day in the future is a typing error and moves nothing.

    `full`: everything was read from the start. A day ahead is believed: it may be tomorrow already at the publisher's.
    """
    days = [day for day in (cursor.high_water, seen) if day and day <= now.date() + timedelta(days=1)]
    return replace(
        cursor,
        high_water=max(days) if days else None,
        last_full=now if full else cursor.last_full,
        seeded_at=cursor.seeded_at or now,
    )
