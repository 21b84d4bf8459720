"""Accounts that people have at a provider, and who is on the way there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.provider_rows import IdentityRow, ProviderVisitRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Somebody as a provider knows them."""

    issuer: str
    subject: str
    person_id: int
    made_at: datetime
    used_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderVisit:
    """In which language somebody went, and the page they asked for."""

    language: str
    next: str


class Identities:
    """They inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def find(self, issuer: str, subject: str) -> int | None:
        """Which person a provider's account is; None: nobody's yet."""
        return self._session.exec(
            select(IdentityRow.person_id).where(IdentityRow.issuer == issuer, IdentityRow.subject == subject)
        ).first()

    def used(self, issuer: str, subject: str, *, person: int, now: datetime) -> bool:
        """Somebody signed in by it; whether that makes it theirs for the first time."""
        new = insert_if_new(
            self._session,
            IdentityRow,
            {"issuer": issuer, "subject": subject, "person_id": person, "made_at": now, "used_at": now},
            unique=("issuer", "subject"),
            returning=col(IdentityRow.person_id),
        )
        self._session.exec(
            update(IdentityRow)
            .where(col(IdentityRow.issuer) == issuer, col(IdentityRow.subject) == subject)
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
        return new is not None

    def of(self, person: int) -> list[Identity]:
        """A person's, the oldest first."""
        rows = self._session.exec(
            select(IdentityRow).where(IdentityRow.person_id == person).order_by(col(IdentityRow.made_at))
        )
        return [
            Identity(
                issuer=row.issuer,
                subject=row.subject,
                person_id=row.person_id,
                made_at=row.made_at,
                used_at=row.used_at,
            )
            for row in rows
        ]

    def forget(self, person: int) -> None:
        """Nothing is kept of a person's."""
        self._session.exec(delete(IdentityRow).where(col(IdentityRow.person_id) == person))

    # --- on the way

    def leave(self, state: str, *, language: str, next_page: str, network: str, expires_at: datetime) -> None:
        """Somebody goes to the provider, and is to bring this back."""
        self._session.add(
            ProviderVisitRow(
                hash=hash_of(state), language=language, next=next_page, network=network, expires_at=expires_at
            )
        )
        self._session.flush()

    def away(self, *, network: str, now: datetime) -> int:
        """How many from a network are there still."""
        counted = select(func.count()).select_from(ProviderVisitRow)
        return self._session.exec(
            counted.where(ProviderVisitRow.network == network, col(ProviderVisitRow.expires_at) > now)
        ).one()

    def come_back(self, state: str, *, now: datetime) -> ProviderVisit | None:
        """Who went with this, once; None: nobody did, they were back before, or it is too late."""
        row = self._session.get(ProviderVisitRow, hash_of(state))
        if row is None or row.expires_at <= now:
            return None
        found = ProviderVisit(language=row.language, next=row.next)
        taken = self._session.exec(
            delete(ProviderVisitRow)
            .where(col(ProviderVisitRow.hash) == row.hash)
            .execution_options(synchronize_session=False)
        )
        return found if taken.rowcount else None

    def forget_away(self, *, now: datetime) -> int:
        """Who will not come back in time is forgotten; how many."""
        done = self._session.exec(delete(ProviderVisitRow).where(col(ProviderVisitRow.expires_at) <= now))
        return int(done.rowcount)


def hash_of(state: str) -> str:
    """What is kept of it. It is long and made by chance, so it needs no salt."""
    return hashlib.sha256(f"provider:{state}".encode("utf-8", "replace")).hexdigest()
