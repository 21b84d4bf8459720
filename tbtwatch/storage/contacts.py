"""People of enterprises, how their entries stood, and the subscriptions that are told to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from subscriptions.criteria import Address
from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.contact_rows import ContactAddressRow, ContactRow, ContactVersionRow, SubscriptionContactRow
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import EnterpriseRow, SubscriptionRow
from tbtwatch.storage.types import from_json, to_json

OWNER = "owner"  #: the role that is told what concerns the enterprise


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """A person of an enterprise."""

    id: int
    version: int
    enterprise_id: int
    enterprise: str
    name: str
    role: str
    language: str
    addresses: tuple[Address, ...]
    started_at: datetime
    since: datetime  #: of this version
    by: str
    ended_at: datetime | None = None
    end_reason: str = ""
    ended_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactVersion:
    """A version of a person's entry that a change has ended."""

    version: int
    name: str
    role: str
    language: str
    addresses: tuple[Address, ...]
    since: datetime
    until: datetime
    why: str
    by: str


class Contacts:
    """People inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        enterprise_id: int,
        *,
        name: str,
        role: str,
        language: str,
        addresses: tuple[Address, ...],
        by: str,
        now: datetime,
    ) -> int:
        """A person; their number."""
        row = ContactRow(
            enterprise_id=enterprise_id,
            name=name,
            role=role,
            language=language,
            started_at=now,
            since=now,
            by=by,
        )
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        self._set_addresses(row.id, addresses)
        return row.id

    def change(
        self,
        before: Contact,
        *,
        name: str,
        role: str,
        language: str,
        addresses: tuple[Address, ...],
        why: str,
        by: str,
        now: datetime,
    ) -> None:
        """This version ends, with the reason, and the next begins."""
        self._keep_version(before, why=why, by=by, now=now)
        self._write(before.id, version=before.version + 1, name=name, role=role, language=language, since=now, by=by)
        self._set_addresses(before.id, addresses)

    def end(self, contact: Contact, *, reason: str, by: str, now: datetime) -> None:
        """They are no longer of the enterprise; where they were told stays on record."""
        self._keep_version(contact, why=reason, by=by, now=now)
        self._write(contact.id, ended_at=now, end_reason=reason, ended_by=by)

    def get(self, id: int) -> Contact:
        """A person by number. Raises LookupError."""
        found = self._all(col(ContactRow.id) == id) if 0 < id <= LARGEST else []
        if not found:
            raise LookupError(f"there is no contact {id}; `tbtwatch contact list` shows them")
        return found[0]

    def of_enterprise(self, enterprise_id: int, *, ended: bool = False) -> list[Contact]:
        """The people of an enterprise, by name; `ended`: also who is no longer."""
        of = col(ContactRow.enterprise_id) == enterprise_id
        return self._all(of) if ended else self._all(of, col(ContactRow.ended_at).is_(None))

    def all(self, *, ended: bool = False) -> list[Contact]:
        """The people of all enterprises."""
        return self._all() if ended else self._all(col(ContactRow.ended_at).is_(None))

    def owners(self, enterprise_id: int) -> list[Contact]:
        """Those who are told what concerns the enterprise."""
        return self._all(
            col(ContactRow.enterprise_id) == enterprise_id,
            col(ContactRow.ended_at).is_(None),
            col(ContactRow.role) == OWNER,
        )

    def versions(self, id: int) -> list[ContactVersion]:
        """The versions that are over, oldest first."""
        rows = self._session.exec(
            select(ContactVersionRow).where(ContactVersionRow.contact_id == id).order_by(col(ContactVersionRow.version))
        )
        return [
            ContactVersion(
                version=row.version,
                name=row.name,
                role=row.role,
                language=row.language,
                addresses=tuple(from_json(Address, one) for one in row.addresses),
                since=row.since,
                until=row.until,
                why=row.why,
                by=row.by,
            )
            for row in rows
        ]

    def move_address(self, channel: str, old: str, new: str) -> None:
        """A chat got a new number: its people are told there from now on."""
        for row in self._session.exec(
            select(ContactAddressRow).where(ContactAddressRow.channel == channel, ContactAddressRow.target == old)
        ).all():
            others = {(one.channel, one.target) for one in self.get(row.contact_id).addresses} - {(channel, old)}
            kept = sorted({*others, (channel, new)})
            self._set_addresses(row.contact_id, [Address(channel=where, target=to) for where, to in kept])

    # --- subscriptions

    def tell(self, subscription: int, contact: int, *, now: datetime) -> None:
        """The subscription is told to this person, wherever they are told."""
        insert_if_new(
            self._session,
            SubscriptionContactRow,
            {"subscription_id": subscription, "contact_id": contact, "since": now},
            unique=("subscription_id", "contact_id"),
            returning=col(SubscriptionContactRow.subscription_id),
        )

    def tell_no_more(self, subscription: int, contact: int) -> None:
        """Not any more; the subscription's versions say when and why."""
        self._session.exec(
            delete(SubscriptionContactRow)
            .where(
                col(SubscriptionContactRow.subscription_id) == subscription,
                col(SubscriptionContactRow.contact_id) == contact,
            )
            .execution_options(synchronize_session=False)
        )

    def subscriptions(self, contact: int) -> list[int]:
        """The live subscriptions that are told to a person."""
        return list(
            self._session.exec(
                select(SubscriptionContactRow.subscription_id)
                .join(SubscriptionRow, col(SubscriptionRow.id) == col(SubscriptionContactRow.subscription_id))
                .where(SubscriptionContactRow.contact_id == contact, col(SubscriptionRow.ended_at).is_(None))
                .order_by(col(SubscriptionContactRow.subscription_id))
            )
        )

    def told(self, subscription: int) -> list[Contact]:
        """The people that a subscription is told to."""
        of = select(SubscriptionContactRow.contact_id).where(SubscriptionContactRow.subscription_id == subscription)
        return self._all(col(ContactRow.id).in_(of), col(ContactRow.ended_at).is_(None))

    # ---

    def _all(self, *where: object) -> list[Contact]:
        rows = list(
            self._session.exec(
                select(ContactRow, EnterpriseRow.name)
                .join(EnterpriseRow, col(EnterpriseRow.id) == col(ContactRow.enterprise_id))
                .where(*where)  # type: ignore[arg-type]
                .order_by(EnterpriseRow.name, ContactRow.name, col(ContactRow.id))
                .execution_options(populate_existing=True)
            )
        )
        addresses: dict[int, list[Address]] = {}
        ids = [row.id for row, _ in rows]
        for start in range(0, len(ids), 500):
            for one in self._session.exec(
                select(ContactAddressRow)
                .where(col(ContactAddressRow.contact_id).in_(ids[start : start + 500]))
                .order_by(ContactAddressRow.channel, ContactAddressRow.target)
            ):
                addresses.setdefault(one.contact_id, []).append(Address(channel=one.channel, target=one.target))
        return [
            Contact(
                id=row.id or 0,
                version=row.version,
                enterprise_id=row.enterprise_id,
                enterprise=enterprise,
                name=row.name,
                role=row.role,
                language=row.language,
                addresses=tuple(addresses.get(row.id or 0, ())),
                started_at=row.started_at,
                since=row.since,
                by=row.by,
                ended_at=row.ended_at,
                end_reason=row.end_reason,
                ended_by=row.ended_by,
            )
            for row, enterprise in rows
        ]

    def _keep_version(self, before: Contact, *, why: str, by: str, now: datetime) -> None:
        self._session.add(
            ContactVersionRow(
                contact_id=before.id,
                version=before.version,
                name=before.name,
                role=before.role,
                language=before.language,
                addresses=[to_json(Address, one) for one in before.addresses],
                since=before.since,
                until=now,
                why=why,
                by=by,
            )
        )
        self._session.flush()

    def _set_addresses(self, id: int, addresses: Iterable[Address]) -> None:
        self._session.exec(
            delete(ContactAddressRow)
            .where(col(ContactAddressRow.contact_id) == id)
            .execution_options(synchronize_session=False)
        )
        self._session.expire_all()
        self._session.add_all(
            ContactAddressRow(contact_id=id, channel=one.channel, target=one.target) for one in dict.fromkeys(addresses)
        )
        self._session.flush()

    def _write(self, id: int, **values: object) -> None:
        self._session.exec(
            update(ContactRow)
            .where(col(ContactRow.id) == id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
