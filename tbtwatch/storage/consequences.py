"""What follows from another classification for those who subscribe, and what was decided of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, text
from sqlmodel import Session, col, select

from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import ConsequenceRow

MOOT = "moot"  #: the decision of one that held no more before anybody decided


class Consequence(StrEnum):
    """What follows."""

    LATE = "late"  #: it should have been told
    CORRECTION = "correction"  #: it should not have been told
    REINSTATED = "reinstated"  #: that it was corrected was wrong


class Decision(StrEnum):
    """What staff do about it."""

    NOW = "now"
    DIGEST = "digest"  #: in the next digest
    NEVER = "never"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredConsequence:
    """A consequence as stored."""

    id: int
    kind: Consequence
    ruleset_version: int  #: under which it came to light
    measure_id: int
    subscription_id: int
    fact_change_id: int
    alert_id: int | None  #: what was told wrongly, or taken back
    because: str  #: what came or went
    found_at: datetime
    decision: str  #: now, digest, never, moot; empty: open
    decided_by: str
    decided_at: datetime | None
    told_at: datetime | None  #: when a message was written of it


class Consequences:
    """Consequences inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        kind: Consequence,
        *,
        ruleset_version: int,
        measure_id: int,
        subscription_id: int,
        fact_change_id: int,
        alert_id: int | None,
        because: str,
        now: datetime,
    ) -> int | None:
        """Offer it for decision; None if one of this subscription and fact is open already."""
        values = {
            "kind": kind.value,
            "ruleset_version": ruleset_version,
            "measure_id": measure_id,
            "subscription_id": subscription_id,
            "fact_change_id": fact_change_id,
            "alert_id": alert_id,
            "because": because,
            "found_at": now,
            "decision": "",
            "decided_by": "",
        }
        id_: int | None = insert_if_new(
            self._session,
            ConsequenceRow,
            values,
            unique=("subscription_id", "fact_change_id"),
            where=text("decided_at IS NULL"),
            returning=col(ConsequenceRow.id),
        )
        return id_

    def close(self, id: int, decision: str, *, by: str, told: bool, now: datetime) -> None:
        """It is decided."""
        row = self._session.get(ConsequenceRow, id, populate_existing=True)
        assert row is not None
        row.decision, row.decided_by, row.decided_at = decision, by, now
        row.told_at = now if told else None
        self._session.add(row)
        self._session.flush()

    def open_ones(self, version: int | None = None, *, measure_id: int | None = None) -> list[StoredConsequence]:
        """What waits for a decision: all, of one version of the rules, or of one measure."""
        asked = select(ConsequenceRow).where(col(ConsequenceRow.decided_at).is_(None)).order_by(col(ConsequenceRow.id))
        if version is not None:
            asked = asked.where(ConsequenceRow.ruleset_version == version)
        if measure_id is not None:
            asked = asked.where(ConsequenceRow.measure_id == measure_id)
        return [_stored(row) for row in self._session.exec(asked)]

    def measures_open(self) -> set[int]:
        """The measures of which anything waits for a decision."""
        asked = select(ConsequenceRow.measure_id).where(col(ConsequenceRow.decided_at).is_(None)).distinct()
        return set(self._session.exec(asked))

    def refused(self, measure_id: int) -> set[tuple[int, int, Consequence]]:
        """What staff decided never to tell: subscription, fact change and kind."""
        rows = self._session.exec(
            select(ConsequenceRow).where(
                ConsequenceRow.measure_id == measure_id, ConsequenceRow.decision == Decision.NEVER.value
            )
        )
        return {(row.subscription_id, row.fact_change_id, Consequence(row.kind)) for row in rows}

    def of_subscription(self, subscription_id: int, measure_id: int) -> list[StoredConsequence]:
        """What followed for a subscription about a measure, oldest first."""
        rows = self._session.exec(
            select(ConsequenceRow)
            .where(ConsequenceRow.subscription_id == subscription_id, ConsequenceRow.measure_id == measure_id)
            .order_by(col(ConsequenceRow.id))
        )
        return [_stored(row) for row in rows]

    def decided(self, version: int) -> dict[tuple[Consequence, str], int]:
        """How many of a version were decided, by kind and decision."""
        rows = self._session.exec(
            select(ConsequenceRow.kind, ConsequenceRow.decision, func.count())
            .where(ConsequenceRow.ruleset_version == version, col(ConsequenceRow.decided_at).is_not(None))
            .group_by(ConsequenceRow.kind, ConsequenceRow.decision)
        )
        return {(Consequence(kind), decision): number for kind, decision, number in rows}


def _stored(row: ConsequenceRow) -> StoredConsequence:
    assert row.id is not None
    return StoredConsequence(
        id=row.id,
        kind=Consequence(row.kind),
        ruleset_version=row.ruleset_version,
        measure_id=row.measure_id,
        subscription_id=row.subscription_id,
        fact_change_id=row.fact_change_id,
        alert_id=row.alert_id,
        because=row.because,
        found_at=row.found_at,
        decision=row.decision,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        told_at=row.told_at,
    )
