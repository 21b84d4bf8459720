"""Digest runs: one row for one window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from subscriptions.criteria import Frequency
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.locks import SUBSCRIPTIONS_LOCK, hold
from tbtwatch.storage.rows import DigestRunRow


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestRun:
    """A window whose digests were written."""

    id: int
    frequency: Frequency
    starts_at: datetime
    ends_at: datetime
    number: int
    ran_at: datetime


class Digests:
    """Digest runs inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(
        self, *, frequency: Frequency, starts_at: datetime, ends_at: datetime, number: int, now: datetime
    ) -> int | None:
        """Claim a window; None if it was run already. No subscription starts or ends until this transaction is over."""
        hold(self._session, SUBSCRIPTIONS_LOCK, shared=True)
        values = {
            "frequency": frequency.value,
            "starts_at": starts_at,
            "ends_at": ends_at,
            "number": number,
            "ran_at": now,
        }
        id_: int | None = insert_if_new(
            self._session, DigestRunRow, values, unique=("frequency", "starts_at"), returning=col(DigestRunRow.id)
        )
        return id_

    def last(self, frequency: Frequency) -> DigestRun | None:
        """The run whose window ends last."""
        row = self._session.exec(
            select(DigestRunRow)
            .where(DigestRunRow.frequency == frequency.value)
            .order_by(col(DigestRunRow.ends_at).desc())
            .limit(1)
        ).first()
        if row is None:
            return None
        assert row.id is not None
        return DigestRun(
            id=row.id,
            frequency=Frequency(row.frequency),
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            number=row.number,
            ran_at=row.ran_at,
        )
