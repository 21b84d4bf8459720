"""Locks of a whole transaction on PostgreSQL. On SQLite a writer is alone anyway."""

from __future__ import annotations

from sqlalchemy import text
from sqlmodel import Session

#: Shared by who writes to subscribers, alone for who starts or ends a subscription.
SUBSCRIPTIONS_LOCK = 7_261_534


def hold(session: Session, lock: int, *, shared: bool = False) -> None:
    """Wait for the lock, and keep it until the transaction is over. `shared`: beside others who only share it."""
    if session.get_bind().dialect.name == "postgresql":
        function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        session.connection().execute(text(f"SELECT {function}(:lock)"), {"lock": lock})
