"""Since when a delivery has been tried in vain: not counted are the times in which it was not to go out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam
from sqlalchemy import select as look_up
from sqlmodel import Session

from tbtwatch.storage.rows import AttemptRow

GIVEN_BACK = "given back"  # the outcome of an attempt that does not count
PUT_OFF = "put off: quiet hours, a holiday or a pause of the reader"

_ATTEMPT = AttemptRow.metadata.tables["attempt"]
_ATTEMPTS = (
    look_up(_ATTEMPT.c.delivery_id, _ATTEMPT.c.started_at, _ATTEMPT.c.outcome, _ATTEMPT.c.detail)
    .where(_ATTEMPT.c.delivery_id.in_(bindparam("of_deliveries", expanding=True)))
    .order_by(_ATTEMPT.c.delivery_id, _ATTEMPT.c.id)
)
_NOTHING = timedelta(0)


def tried_since(session: Session, deliveries: Sequence[int]) -> dict[int, datetime]:
    """When each was first tried, moved on by all the time for which it was put off since.

    So a holiday is not trying in vain, but the days before it are: a message to a reader who has quiet hours every
    night is not tried for ever.
    """
    session.flush()
    found: dict[int, datetime] = {}
    put_off: dict[int, datetime] = {}  #: since when
    for delivery, at, outcome, detail in session.connection().execute(_ATTEMPTS, {"of_deliveries": list(deliveries)}):
        if (waiting_since := put_off.pop(delivery, None)) is not None and delivery in found:
            found[delivery] += max(at - waiting_since, _NOTHING)
        if outcome == GIVEN_BACK and detail == PUT_OFF:
            put_off[delivery] = at
        elif outcome != GIVEN_BACK:
            found.setdefault(delivery, at)
    return found
