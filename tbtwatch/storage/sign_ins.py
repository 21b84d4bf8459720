"""Links that sign in, and the browsers that are signed in. Of every secret only a hash is kept."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from tbtwatch.storage.account_rows import SignInLinkRow, WebSessionRow
from tbtwatch.storage.rows import DeliveryRow
from tbtwatch.storage.types import from_row

REFUSED = "refused"  #: the purpose of a link that is never sent


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLink:
    """A link that signs in once."""

    email: str
    purpose: str
    language: str
    next: str
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WebSession:
    """A browser that is signed in."""

    hash: str
    person_id: int
    made_at: datetime
    seen_at: datetime
    expires_at: datetime
    signed_in_by: str


class SignIns:
    """Links and sessions inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- links

    def add_link(
        self,
        secret: str,
        *,
        email: str,
        purpose: str,
        language: str,
        next_page: str,
        network: str,
        now: datetime,
        expires_at: datetime,
        delivery: int | None = None,
    ) -> None:
        """Remember a link by its hash."""
        self._session.add(
            SignInLinkRow(
                hash=hash_of(secret),
                email=email,
                purpose=purpose,
                language=language,
                next=next_page,
                network=network,
                made_at=now,
                expires_at=expires_at,
                delivery_id=delivery,
            )
        )
        self._session.flush()

    def asked(self, *, since: datetime, email: str = "", network: str = "") -> int:
        """How many links were asked for since then: for an address, from a network, or at all."""
        counted = select(func.count()).select_from(SignInLinkRow).where(col(SignInLinkRow.made_at) > since)
        if email:
            counted = counted.where(SignInLinkRow.email == email, SignInLinkRow.purpose != "operator")
        if network:
            counted = counted.where(SignInLinkRow.network == network)
        return self._session.exec(counted).one()

    def link(self, secret: str) -> SignInLink | None:
        """The link of a secret; nothing changes."""
        row = self._session.get(SignInLinkRow, hash_of(secret))
        if row is None or row.purpose == REFUSED:
            return None
        return from_row(SignInLink, row)

    def links_of(self, email: str) -> list[SignInLink]:
        """The links that were asked for with an address and are kept still, the oldest first."""
        rows = self._session.exec(
            select(SignInLinkRow).where(SignInLinkRow.email == email).order_by(col(SignInLinkRow.made_at))
        )
        return [from_row(SignInLink, row) for row in rows]

    def use(self, secret: str, *, now: datetime) -> SignInLink | None:
        """The link, used up; None: it is none of ours, used before, or too late. Of two at once one gets it. The text
        of the mail that carried it goes."""
        taken = self._session.exec(
            update(SignInLinkRow)
            .where(
                col(SignInLinkRow.hash) == hash_of(secret),
                col(SignInLinkRow.used_at).is_(None),
                col(SignInLinkRow.expires_at) > now,
                col(SignInLinkRow.purpose) != REFUSED,
            )
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
        if not taken.rowcount:
            return None
        row = self._session.get(SignInLinkRow, hash_of(secret), populate_existing=True)
        assert row is not None, "just used"
        self._empty(row.delivery_id)
        # Whoever asked twice has two mails: the other link is over with this one.
        self._session.exec(
            update(SignInLinkRow)
            .where(
                col(SignInLinkRow.email) == row.email,
                col(SignInLinkRow.used_at).is_(None),
                col(SignInLinkRow.expires_at) > now,
            )
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )
        return from_row(SignInLink, row)

    def end_links(self, email: str, *, now: datetime) -> None:
        """No link of this address signs in any more."""
        self._session.exec(
            update(SignInLinkRow)
            .where(col(SignInLinkRow.email) == email, col(SignInLinkRow.used_at).is_(None))
            .values(used_at=now)
            .execution_options(synchronize_session=False)
        )

    def forget_links(self, email: str) -> None:
        """Nothing is kept of the links of this address; the texts of their mails go."""
        of = col(SignInLinkRow.email) == email
        for delivery in self._session.exec(select(SignInLinkRow.delivery_id).where(of)).all():
            self._empty(delivery)
        self._session.exec(delete(SignInLinkRow).where(of))

    # --- sessions

    def begin(self, secret: str, *, person: int, by: str, now: datetime, expires_at: datetime) -> None:
        """A browser is signed in from now on."""
        self._session.add(
            WebSessionRow(
                hash=hash_of(secret), person_id=person, made_at=now, seen_at=now, expires_at=expires_at, signed_in_by=by
            )
        )
        self._session.flush()

    def session(self, secret: str) -> WebSession | None:
        """The session of a cookie, also one that is over."""
        row = self._session.get(WebSessionRow, hash_of(secret))
        return None if row is None else from_row(WebSession, row)

    def seen(self, hash: str, *, now: datetime) -> None:
        """It was used now."""
        self._session.exec(
            update(WebSessionRow)
            .where(col(WebSessionRow.hash) == hash)
            .values(seen_at=now)
            .execution_options(synchronize_session=False)
        )

    def end(self, hash: str) -> None:
        """This browser is signed out."""
        self._session.exec(delete(WebSessionRow).where(col(WebSessionRow.hash) == hash))

    def end_all(self, person: int) -> int:
        """All browsers of a person are signed out; how many."""
        done = self._session.exec(delete(WebSessionRow).where(col(WebSessionRow.person_id) == person))
        return int(done.rowcount)

    def sessions(self, person: int) -> list[WebSession]:
        """The browsers a person is signed in with, the last used first."""
        rows = self._session.exec(
            select(WebSessionRow).where(WebSessionRow.person_id == person).order_by(col(WebSessionRow.seen_at).desc())
        )
        return [from_row(WebSession, row) for row in rows]

    def forget(self, *, before: datetime, idle_since: datetime, now: datetime) -> int:
        """Links made before then, the texts of mails whose link is over, and sessions that are over; how many rows."""
        over = self._session.exec(
            select(SignInLinkRow.delivery_id).where(
                col(SignInLinkRow.delivery_id).is_not(None), col(SignInLinkRow.made_at) < before
            )
        ).all()
        for delivery in over:
            self._empty(delivery)
        links = self._session.exec(delete(SignInLinkRow).where(col(SignInLinkRow.made_at) < before))
        sessions = self._session.exec(
            delete(WebSessionRow).where(
                (col(WebSessionRow.expires_at) <= now) | (col(WebSessionRow.seen_at) <= idle_since)
            )
        )
        return int(links.rowcount) + int(sessions.rowcount)

    def _empty(self, delivery: int | None) -> None:
        row = self._session.get(DeliveryRow, delivery) if delivery else None
        if row is not None and row.ended_at is not None:
            row.message = {**row.message, "text": "", "html": "", "headers": {}, "buttons": [], "deeds": []}
            self._session.add(row)
            self._session.flush()


def hash_of(secret: str) -> str:
    """What is kept of a secret. It is long and made by chance, so it needs no salt."""
    return hashlib.sha256(f"sign-in:{secret}".encode("utf-8", "replace")).hexdigest()
