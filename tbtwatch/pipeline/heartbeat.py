"""Whether somebody watches: the service notes every few minutes that its ticks come."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.schema import newest, version_of

LATE_AFTER = timedelta(minutes=15)  # three ticks of the watch
_NAME = "ticked_at"


class Beat(StrEnum):
    """How it stands."""

    OK = "ok"
    LATE = "late"  #: it did and does no more
    NEVER = "never"  #: nobody ever did, as where the pages are shown alone


def beat(storage: Storage, now: datetime) -> None:
    """Note that somebody watches."""
    with storage.begin() as tx:
        tx.meta.set(_NAME, now.isoformat())


def beat_of(tx: Transaction, now: datetime) -> Beat:
    """Whether somebody does."""
    noted = tx.meta.get(_NAME)
    if noted is None:
        return Beat.NEVER
    return Beat.LATE if now - datetime.fromisoformat(noted) > LATE_AFTER else Beat.OK


def schema_is_current(storage: Storage) -> bool:
    """Whether the database is of this program's version."""
    return version_of(storage.engine) == newest()
