"""Names that an issuer gives to too many documents to keep one measure together by them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from tbtwatch.storage.held_rows import WideNameRow
from tbtwatch.storage.inserting import insert_if_new


class WideNames:
    """Names that are too wide, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def among(self, issuer: str, names: Iterable[str]) -> set[str]:
        """Which of these are too wide."""
        return set(
            self._session.exec(
                select(WideNameRow.name).where(WideNameRow.issuer == issuer, col(WideNameRow.name).in_(list(names)))
            )
        )

    def add(self, issuer: str, name: str, *, now: datetime) -> None:
        """From now on nothing is joined by this name."""
        insert_if_new(
            self._session,
            WideNameRow,
            {"issuer": issuer, "name": name, "found_at": now},
            unique=("issuer", "name"),
            returning=col(WideNameRow.name),
        )
