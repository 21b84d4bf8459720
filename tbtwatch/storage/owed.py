"""Messages that are to be owed, and how very many of them are written in a few statements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col

from notifiers.message import Message
from notifiers.outcome import State
from tbtwatch.storage.inserting import insert_those_new
from tbtwatch.storage.rows import DeliveryAlertRow, DeliveryRow
from tbtwatch.storage.types import to_json

_TELLS = DeliveryAlertRow.metadata.tables["delivery_alert"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A message that is to be owed to an address."""

    key: str  #: what makes it the same message
    kind: str
    channel: str
    target: str
    message: Message
    alerts: tuple[int, ...]
    measure_id: int | None = None
    digest_run_id: int | None = None
    due_at: datetime | None = None  #: None: at once


def write_owed(session: Session, several: Sequence[Owed], *, now: datetime) -> dict[str, int]:
    """Write them with the alerts they tell: their numbers by their keys, without those that were there already."""
    rows = [
        {
            "key": one.key,
            "kind": one.kind,
            "channel": one.channel,
            "target": one.target,
            "message": to_json(Message, one.message),
            "state": State.PENDING.value,
            "due_at": one.due_at or now,
            "attempts": 0,
            "reason": "",
            "detail": "",
            "created_at": now,
            "measure_id": one.measure_id,
            "digest_run_id": one.digest_run_id,
        }
        for one in several
    ]
    made = insert_those_new(
        session, DeliveryRow, rows, unique=("key",), returning=(col(DeliveryRow.key), col(DeliveryRow.id))
    )
    numbers: dict[str, int] = dict(tuple(row) for row in made)
    told = [
        {"delivery_id": numbers[one.key], "alert_id": alert}
        for one in several
        if one.key in numbers
        for alert in one.alerts
    ]
    if told:
        session.connection().execute(_TELLS.insert(), told)
    return numbers
