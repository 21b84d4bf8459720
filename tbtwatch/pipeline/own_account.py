"""What is kept of the account of somebody who signs in, for them to take along."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.audit import Deed
from tbtwatch.storage.people import Person

_PAGE = 500


def account_data(person: Person, *, storage: Storage, now: datetime) -> dict[str, Any]:
    """All of it as plain JSON values, without what signs in: secrets are kept as hashes, and a passkey's secret half is
    in its device."""
    with storage.look() as tx:
        return {
            "written_at": now.isoformat(),
            "account": {
                "email": person.email,
                "name": person.name,
                "language": person.language,
                "roles": sorted(person.roles),
                "made_at": _moment(person.made_at),
            },
            "browsers": [
                {
                    "signed_in_at": _moment(one.made_at),
                    "signed_in_by": one.signed_in_by,
                    "seen_at": _moment(one.seen_at),
                    "expires_at": _moment(one.expires_at),
                }
                for one in tx.sign_ins.sessions(person.id)
            ],
            "links": [
                {
                    "made_at": _moment(one.made_at),
                    "expires_at": _moment(one.expires_at),
                    "used_at": _moment(one.used_at),
                    "language": one.language,
                    "next": one.next,
                }
                for one in tx.sign_ins.links_of(person.email)
            ],
            "passkeys": [
                {
                    "name": one.name,
                    "credential": one.credential,
                    "public_key": one.public_key,
                    "sign_count": one.sign_count,
                    "made_at": _moment(one.made_at),
                    "used_at": _moment(one.used_at),
                }
                for one in tx.passkeys.of(person.id)
            ],
            "identities": [
                {
                    "issuer": one.issuer,
                    "subject": one.subject,
                    "made_at": _moment(one.made_at),
                    "used_at": _moment(one.used_at),
                }
                for one in tx.identities.of(person.id)
            ],
            "deeds": [
                {"at": _moment(one.at), "deed": one.deed, "about": one.about, "detail": dict(one.detail)}
                for one in _deeds(person.id, tx)
            ],
        }


def _deeds(person: int, tx: Transaction) -> Iterator[Deed]:
    before: int | None = None
    while page := tx.audit.list(person=person, before=before, limit=_PAGE):
        yield from page
        before = page[-1].id


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
