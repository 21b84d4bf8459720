"""Who did what, and when: written in the transaction of the deed, and never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from tbtwatch.storage.account_rows import AuditRow
from tbtwatch.storage.types import from_row


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Something that somebody did."""

    id: int
    at: datetime
    person_id: int | None  #: who was signed in; None: on the command line, or nobody
    by: str  #: as whom they are known: a mail address, or a name on the machine
    deed: str  #: "rule.publish", "sign-in"
    about: str  #: "rule market-1", "subscription 7"
    detail: Mapping[str, Any] = field(default_factory=dict)


class Audit:
    """The record inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def write(
        self,
        *,
        by: str,
        deed: str,
        now: datetime,
        about: str = "",
        detail: Mapping[str, Any] | None = None,
        person: int | None = None,
    ) -> None:
        """Write a deed down. `detail` holds plain JSON values, and no secret."""
        row = AuditRow(at=now, person_id=person, by=by, deed=deed, about=about, detail=dict(detail or {}))
        self._session.add(row)
        self._session.flush()

    def forget(self, person: int | None, email: str) -> None:
        """What somebody did, and what was done about them, stays written down without their name and address."""
        nameless = f"person {person}" if person is not None else ""
        if person is not None:
            self._update(col(AuditRow.person_id) == person, by=nameless)
        self._update(col(AuditRow.about).in_([one for one in (email, nameless) if one]), about=nameless, detail={})

    def _update(self, which: ColumnElement[bool], **values: Any) -> None:
        self._session.exec(update(AuditRow).where(which).values(**values).execution_options(synchronize_session=False))

    def list(
        self,
        *,
        deed: str = "",
        person: int | None = None,
        about: str = "",
        since: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[Deed]:
        """The deeds, newest first. `deed`: also by its beginning ("rule" has "rule.publish"); `before`: older than that
        number, for the next page."""
        asked = select(AuditRow).order_by(col(AuditRow.id).desc()).limit(limit)
        if deed:
            asked = asked.where(
                (col(AuditRow.deed) == deed) | col(AuditRow.deed).startswith(f"{deed}.", autoescape=True)
            )
        if person is not None:
            asked = asked.where(AuditRow.person_id == person)
        if about:
            asked = asked.where(AuditRow.about == about)
        if since is not None:
            asked = asked.where(col(AuditRow.at) >= since)
        if before is not None:
            asked = asked.where(col(AuditRow.id) < before)
        return [from_row(Deed, row) for row in self._session.exec(asked)]
