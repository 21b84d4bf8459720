"""Passkeys, and what browsers were asked to sign with them. Of what is to be signed only a hash is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, or_, update
from sqlmodel import Session, col, select

from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.passkey_rows import PasskeyChallengeRow, PasskeyRow, PasskeyUserRow

LARGEST = 2**63 - 1  # databases refuse a larger number with an error of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A key with which somebody signs in; its secret half is theirs."""

    id: int
    person_id: int
    credential: str  #: base64url
    public_key: str  #: COSE, base64url
    sign_count: int  #: how often it said it was used; 0: it does not count
    name: str
    made_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyChallenge:
    """What somebody was asked to sign, and for what."""

    person_id: int | None
    session: str


class Passkeys:
    """Passkeys inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- keys

    def handle(self, person: int, *, fresh: str) -> str:
        """As whom passkeys know a person; `fresh` if they have no such name yet."""
        insert_if_new(
            self._session,
            PasskeyUserRow,
            {"person_id": person, "handle": fresh},
            unique=("person_id",),
            returning=col(PasskeyUserRow.handle),
        )
        return self._session.exec(select(PasskeyUserRow.handle).where(PasskeyUserRow.person_id == person)).one()

    def is_handle_of(self, person: int, handle: str) -> bool:
        """Whether passkeys know this person as that."""
        found = self._session.exec(select(PasskeyUserRow.handle).where(PasskeyUserRow.person_id == person)).first()
        return found is not None and found == handle

    def add(self, *, person: int, credential: str, public_key: str, sign_count: int, name: str, now: datetime) -> int:
        """Keep a passkey; its number, or 0 if it is somebody's already."""
        number = insert_if_new(
            self._session,
            PasskeyRow,
            {
                "person_id": person,
                "credential": credential,
                "public_key": public_key,
                "sign_count": sign_count,
                "name": name,
                "made_at": now,
            },
            unique=("credential",),
            returning=col(PasskeyRow.id),
        )
        return number or 0

    def find(self, credential: str) -> Passkey | None:
        """A passkey by its own number."""
        row = self._session.exec(select(PasskeyRow).where(PasskeyRow.credential == credential)).first()
        return None if row is None else _passkey(row)

    def get(self, id: int) -> Passkey | None:
        """A passkey by ours."""
        row = self._session.get(PasskeyRow, id) if 0 < id <= LARGEST else None
        return None if row is None else _passkey(row)

    def of(self, person: int) -> list[Passkey]:
        """A person's, the oldest first."""
        rows = self._session.exec(select(PasskeyRow).where(PasskeyRow.person_id == person).order_by(col(PasskeyRow.id)))
        return [_passkey(row) for row in rows]

    def used(self, id: int, *, sign_count: int, now: datetime) -> bool:
        """It was used; False if it says that it was used no more often than before, as a copy of it would. One that
        does not count is believed as long as it never did."""
        before = col(PasskeyRow.sign_count)
        done = self._session.exec(
            update(PasskeyRow)
            .where(col(PasskeyRow.id) == id, or_(before < sign_count, (before == 0) & (sign_count == 0)))
            .values(sign_count=sign_count, used_at=now)
            .execution_options(synchronize_session=False)
        )
        return bool(done.rowcount)

    def remove(self, id: int) -> bool:
        """It signs nobody in any more; False: it was removed before."""
        done = self._session.exec(delete(PasskeyRow).where(col(PasskeyRow.id) == id))
        return bool(done.rowcount)

    def forget(self, person: int) -> None:
        """Nothing is kept of a person's passkeys."""
        self._session.exec(delete(PasskeyChallengeRow).where(col(PasskeyChallengeRow.person_id) == person))
        self._session.exec(delete(PasskeyRow).where(col(PasskeyRow.person_id) == person))
        self._session.exec(delete(PasskeyUserRow).where(col(PasskeyUserRow.person_id) == person))

    # --- what is to be signed

    def ask(
        self,
        challenge: bytes,
        *,
        purpose: str,
        expires_at: datetime,
        network: str = "",
        person: int | None = None,
        session: str = "",
    ) -> None:
        """Remember by its hash what a browser is asked to sign."""
        self._session.add(
            PasskeyChallengeRow(
                hash=hash_of(challenge),
                purpose=purpose,
                person_id=person,
                session=session,
                network=network,
                expires_at=expires_at,
            )
        )
        self._session.flush()

    def waiting(self, *, network: str, now: datetime) -> int:
        """How many a network was asked and has not answered yet."""
        counted = select(func.count()).select_from(PasskeyChallengeRow)
        return self._session.exec(
            counted.where(PasskeyChallengeRow.network == network, col(PasskeyChallengeRow.expires_at) > now)
        ).one()

    def take(self, challenge: bytes, *, purpose: str, now: datetime) -> PasskeyChallenge | None:
        """What was asked, once; None: it was not asked for this, was answered before, or it is too late. Of two at once
        one gets it."""
        row = self._session.get(PasskeyChallengeRow, hash_of(challenge))
        if row is None or row.purpose != purpose or row.expires_at <= now:
            return None
        found = PasskeyChallenge(person_id=row.person_id, session=row.session)
        taken = self._session.exec(
            delete(PasskeyChallengeRow)
            .where(col(PasskeyChallengeRow.hash) == row.hash)
            .execution_options(synchronize_session=False)
        )
        return found if taken.rowcount else None

    def forget_unanswered(self, *, now: datetime) -> int:
        """What is too late to be answered goes; how many."""
        done = self._session.exec(delete(PasskeyChallengeRow).where(col(PasskeyChallengeRow.expires_at) <= now))
        return int(done.rowcount)


def hash_of(challenge: bytes) -> str:
    """What is kept of it. It is long and made by chance, so it needs no salt."""
    return hashlib.sha256(b"passkey:" + challenge).hexdigest()


def _passkey(row: PasskeyRow) -> Passkey:
    return Passkey(
        id=row.id or 0,
        person_id=row.person_id,
        credential=row.credential,
        public_key=row.public_key,
        sign_count=row.sign_count,
        name=row.name,
        made_at=row.made_at,
        used_at=row.used_at,
    )
