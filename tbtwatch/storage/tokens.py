"""Tokens of programs that ask the API, inside one transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.rows import EnterpriseRow
from tbtwatch.storage.token_rows import ApiTokenRow

_NOTED_EVERY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A token as stored; the token itself is not."""

    id: int
    name: str
    enterprise_id: int | None  #: None: it reads what belongs to no enterprise
    enterprise: str
    scopes: frozenset[str]
    made_at: datetime
    made_by: str
    expires_at: datetime
    used_at: datetime | None  #: to within ten minutes
    revoked_at: datetime | None
    revoked_by: str
    why: str


class ApiTokens:
    """The tokens."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        token: str,
        *,
        name: str,
        enterprise_id: int | None,
        scopes: Iterable[str],
        by: str,
        expires_at: datetime,
        now: datetime,
    ) -> int:
        """Keep a new token's hash; its number."""
        row = ApiTokenRow(
            token_hash=hash_of(token),
            name=name,
            enterprise_id=enterprise_id,
            scopes=sorted(scopes),
            made_at=now,
            made_by=by,
            expires_at=expires_at,
        )
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id

    def get(self, id: int) -> ApiToken:
        """A token by its number. Raises LookupError."""
        found = self._one(col(ApiTokenRow.id) == id) if 0 < id <= LARGEST else None
        if found is None:
            raise LookupError(f"there is no token {id}; `tbtwatch token list` lists them")
        return found

    def by_token(self, token: str) -> ApiToken | None:
        """What a token may do, revoked and expired ones too; None: it is none of ours."""
        return self._one(col(ApiTokenRow.token_hash) == hash_of(token))

    def all(self) -> list[ApiToken]:
        """All, the oldest first."""
        return self._some()

    def revoke(self, id: int, *, by: str, why: str, now: datetime) -> bool:
        """It opens nothing from now on; False if it was revoked before. Raises LookupError."""
        self.get(id)
        done = self._session.exec(
            update(ApiTokenRow)
            .where(col(ApiTokenRow.id) == id, col(ApiTokenRow.revoked_at).is_(None))
            .values(revoked_at=now, revoked_by=by, why=why)
        )
        return bool(done.rowcount)

    def used(self, id: int, *, now: datetime) -> None:
        """Note that it was used, unless that was noted within the last ten minutes."""
        last = col(ApiTokenRow.used_at)
        self._session.exec(
            update(ApiTokenRow)
            .where(col(ApiTokenRow.id) == id, or_(last.is_(None), last < now - _NOTED_EVERY))
            .values(used_at=now)
        )

    def _one(self, which: ColumnElement[bool]) -> ApiToken | None:
        return next(iter(self._some(which)), None)

    def _some(self, *which: ColumnElement[bool]) -> list[ApiToken]:
        rows = self._session.exec(
            select(ApiTokenRow, EnterpriseRow.name)
            .join(EnterpriseRow, col(EnterpriseRow.id) == col(ApiTokenRow.enterprise_id), isouter=True)
            .where(*which)
            .order_by(col(ApiTokenRow.id))
            .execution_options(populate_existing=True)
        )
        return [_token(row, enterprise or "") for row, enterprise in rows]


def is_noted(token: ApiToken, now: datetime) -> bool:
    """Whether its use need not be noted again."""
    return token.used_at is not None and token.used_at >= now - _NOTED_EVERY


def hash_of(token: str) -> str:
    """How a token is kept: of its own sort, so that no other secret of ours has the same."""
    return hashlib.sha256(f"api-token:{token}".encode("utf-8", "replace")).hexdigest()


def _token(row: ApiTokenRow, enterprise: str) -> ApiToken:
    assert row.id is not None
    return ApiToken(
        id=row.id,
        name=row.name,
        enterprise_id=row.enterprise_id,
        enterprise=enterprise,
        scopes=frozenset(row.scopes),
        made_at=row.made_at,
        made_by=row.made_by,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        revoked_by=row.revoked_by,
        why=row.why,
    )
