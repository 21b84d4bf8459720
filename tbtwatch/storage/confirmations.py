"""Addresses whose owners are asked for their consent, the questions, and what waits for an answer."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, text, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from notifiers.outcome import State
from subscriptions.criteria import Address
from tbtwatch.storage.contact_rows import (
    ConfirmationRow,
    ContactAddressRow,
    ContactRow,
    QuestionRow,
)
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.rows import (
    AlertRow,
    DeliveryAlertRow,
    DeliveryRow,
    EnterpriseRow,
    SubscriptionAddressRow,
    SubscriptionRow,
)

#: Kinds of deliveries that go out to whomever: to staff, the question itself, and what somebody asked for just now.
TO_ANYBODY = ("staff", "question", "sign_in")
#: Of questions: not those that were taken back before they went out.
_WENT_OUT = ~exists().where(
    col(DeliveryRow.id) == col(QuestionRow.delivery_id), col(DeliveryRow.state) == State.CANCELLED.value
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """That an enterprise's address is asked for its owner's consent, and what became of it."""

    id: int
    enterprise_id: int
    enterprise: str
    address: Address
    language: str
    begun_at: datetime
    by: str
    expires_at: datetime | None  #: None: not asked yet
    confirmed_at: datetime | None
    how: str
    ended_at: datetime | None
    end_reason: str

    @property
    def open(self) -> bool:
        """Whether the answer is waited for."""
        return self.confirmed_at is None and self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A message that waits at an address and was never tried."""

    delivery: int
    kind: str
    created_at: datetime
    alerts: tuple[int, ...]
    enterprises: frozenset[int]  #: whose news it tells


class Confirmations:
    """Confirmations inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- addresses

    def current(self, enterprise_id: int, addresses: Iterable[Address]) -> dict[Address, Confirmation]:
        """What holds for these addresses of an enterprise; one that was never used is left out."""
        wanted = set(addresses)
        found = self._all(ConfirmationRow.enterprise_id == enterprise_id, col(ConfirmationRow.ended_at).is_(None))
        return {one.address: one for one in found if one.address in wanted}

    def of_enterprise(self, enterprise_id: int) -> list[Confirmation]:
        """All of an enterprise, oldest first, also what has ended."""
        return self._all(ConfirmationRow.enterprise_id == enterprise_id)

    def of_address(self, address: Address) -> list[Confirmation]:
        """All of an address, oldest first, also what has ended."""
        return self._all(ConfirmationRow.channel == address.channel, ConfirmationRow.target == address.target)

    def get(self, id: int) -> Confirmation:
        """One by its number."""
        (found,) = self._all(ConfirmationRow.id == id)
        return found

    def begin(
        self, enterprise_id: int, address: Address, *, language: str, by: str, how: str, now: datetime
    ) -> Confirmation | None:
        """An address begins to be used; `how`: why it need not be asked, or "". None: it is used already."""
        made: int | None = insert_if_new(
            self._session,
            ConfirmationRow,
            {
                "enterprise_id": enterprise_id,
                "channel": address.channel,
                "target": address.target,
                "language": language,
                "begun_at": now,
                "by": by,
                "confirmed_at": now if how else None,
                "how": how,
                "end_reason": "",
            },
            unique=("enterprise_id", "channel", "target"),
            where=text("ended_at IS NULL"),
            returning=col(ConfirmationRow.id),
        )
        return None if made is None else self.get(made)

    def confirm(self, id: int, *, how: str, now: datetime) -> None:
        """Its owner agreed."""
        self._write(id, confirmed_at=now, how=how)

    def end(self, id: int, *, reason: str, now: datetime) -> None:
        """It is used no more: asked in vain, or ended."""
        self._write(id, ended_at=now, end_reason=reason)

    def open(self) -> list[Confirmation]:
        """Those whose answer is waited for, oldest first."""
        return self._all(col(ConfirmationRow.confirmed_at).is_(None), col(ConfirmationRow.ended_at).is_(None))

    def strangers(self, channels: Iterable[str], *, limit: int = 500) -> list[tuple[int, Address, str]]:
        """Addresses in use that nothing is known of: enterprise, address and language."""
        known = (
            select(ConfirmationRow.id)
            .where(
                ConfirmationRow.enterprise_id == SubscriptionRow.enterprise_id,
                ConfirmationRow.channel == SubscriptionAddressRow.channel,
                ConfirmationRow.target == SubscriptionAddressRow.target,
                col(ConfirmationRow.ended_at).is_(None),
            )
            .exists()
        )
        rows = self._session.exec(
            select(
                SubscriptionRow.enterprise_id,
                SubscriptionAddressRow.channel,
                SubscriptionAddressRow.target,
                func.min(SubscriptionRow.language),
            )
            .join(SubscriptionAddressRow, col(SubscriptionAddressRow.subscription_id) == col(SubscriptionRow.id))
            .where(
                col(SubscriptionRow.ended_at).is_(None),
                col(SubscriptionAddressRow.channel).in_(list(channels)),
                ~known,
            )
            .group_by(
                col(SubscriptionRow.enterprise_id),
                col(SubscriptionAddressRow.channel),
                col(SubscriptionAddressRow.target),
            )
            .limit(limit)
        )
        return [
            (enterprise, Address(channel=channel, target=to), language) for enterprise, channel, to, language in rows
        ]

    def used(self, enterprise_id: int, address: Address) -> bool:
        """Whether something live of the enterprise, a subscription or a person, is told there."""
        by_subscription = (
            select(SubscriptionRow.id)
            .join(SubscriptionAddressRow, col(SubscriptionAddressRow.subscription_id) == col(SubscriptionRow.id))
            .where(
                SubscriptionRow.enterprise_id == enterprise_id,
                col(SubscriptionRow.ended_at).is_(None),
                SubscriptionAddressRow.channel == address.channel,
                SubscriptionAddressRow.target == address.target,
            )
        )
        by_contact = (
            select(ContactRow.id)
            .join(ContactAddressRow, col(ContactAddressRow.contact_id) == col(ContactRow.id))
            .where(
                ContactRow.enterprise_id == enterprise_id,
                col(ContactRow.ended_at).is_(None),
                ContactAddressRow.channel == address.channel,
                ContactAddressRow.target == address.target,
            )
        )
        return any(self._session.exec(asked.limit(1)).first() is not None for asked in (by_subscription, by_contact))

    # --- questions

    def ask(self, id: int, *, token: str, code: str, now: datetime, expires_at: datetime) -> int:
        """A question goes out; the first says until when it may be answered. Its number."""
        row = QuestionRow(confirmation_id=id, token_hash=hash_of(token), code_hash=hash_of(tidy(code)), asked_at=now)
        self._session.add(row)
        self._session.flush()
        if self.get(id).expires_at is None:
            self._write(id, expires_at=expires_at)
        assert row.id is not None
        return row.id

    def note_delivery(self, question: int, delivery: int | None) -> None:
        """The message by which it was asked."""
        self._session.exec(
            update(QuestionRow)
            .where(col(QuestionRow.id) == question)
            .values(delivery_id=delivery)
            .execution_options(synchronize_session=False)
        )

    def asked(self, one: Confirmation, *, since: datetime) -> list[datetime]:
        """When its owner was asked for this enterprise since then, oldest first; also before it was let go."""
        return list(
            self._session.exec(
                select(QuestionRow.asked_at)
                .join(ConfirmationRow, col(ConfirmationRow.id) == col(QuestionRow.confirmation_id))
                .where(
                    ConfirmationRow.enterprise_id == one.enterprise_id,
                    ConfirmationRow.channel == one.address.channel,
                    ConfirmationRow.target == one.address.target,
                    QuestionRow.asked_at > since,
                    _WENT_OUT,
                )
                .order_by(col(QuestionRow.asked_at))
            )
        )

    def questions(self, id: int) -> list[int]:
        """The messages by which it was asked."""
        rows = self._session.exec(select(QuestionRow.delivery_id).where(QuestionRow.confirmation_id == id))
        return [delivery for delivery in rows if delivery is not None]

    def asked_at(self, address: Address, *, since: datetime) -> int:
        """How many questions went to an address since then, whoever asked for them."""
        return self._session.exec(
            select(func.count())
            .select_from(QuestionRow)
            .join(ConfirmationRow, col(ConfirmationRow.id) == col(QuestionRow.confirmation_id))
            .where(
                ConfirmationRow.channel == address.channel,
                func.lower(col(ConfirmationRow.target)) == address.target.lower(),
                QuestionRow.asked_at > since,
                _WENT_OUT,
            )
        ).one()

    def by_token(self, token: str) -> Confirmation | None:
        """What the secret of a link answers."""
        return self._by(col(QuestionRow.token_hash) == hash_of(token))

    def by_code(self, code: str) -> Confirmation | None:
        """What a code answers."""
        return self._by(col(QuestionRow.code_hash) == hash_of(tidy(code)))

    # --- what waits

    def held(self, deliveries: Sequence[int], addresses: Sequence[Address], *, asking: Iterable[str]) -> dict[int, str]:
        """Those of these deliveries that may not go out, and why: none whose news they tell has the owner's consent.

        `asking`: channels on which an address that nothing is known of counts as not confirmed.
        """
        targets, channels = {address.target for address in addresses}, {address.channel for address in addresses}
        strict = set(asking) & channels
        there = self._all(
            col(ConfirmationRow.channel).in_(channels),
            col(ConfirmationRow.target).in_(targets),
            col(ConfirmationRow.ended_at).is_(None),
        )
        if not strict and not any(one.open for one in there):
            return {}
        known: dict[Address, dict[int, Confirmation]] = {}
        for one in there:
            known.setdefault(one.address, {})[one.enterprise_id] = one
        rows = self._session.exec(
            select(DeliveryRow.id, DeliveryRow.channel, DeliveryRow.target, SubscriptionRow.enterprise_id)
            .outerjoin(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .outerjoin(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .outerjoin(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(col(DeliveryRow.id).in_(deliveries), col(DeliveryRow.kind).not_in(TO_ANYBODY))
        )
        told: dict[int, tuple[Address, set[int]]] = {}
        for delivery, channel, target, enterprise in rows:
            _, of = told.setdefault(delivery or 0, (Address(channel=channel, target=target), set()))
            of |= {enterprise} if enterprise is not None else set()
        found: dict[int, str] = {}
        for delivery, (address, of) in told.items():
            here = known.get(address, {})
            states = [here.get(enterprise) for enterprise in of or here]
            if not states or any(one is not None and not one.open for one in states):
                continue
            if any(one is None for one in states) and address.channel not in strict:
                continue
            since = min((one.begun_at for one in states if one is not None), default=None)
            found[delivery] = (
                f"waits: the address is not confirmed, asked since {since:%Y-%m-%d}"
                if since
                else "waits: the address was not asked yet"
            )
        return found

    def waiting(self, address: Address) -> list[Waiting]:
        """What waits at an address and was never tried, oldest first; not what goes to anybody."""
        asked = (
            look_up(
                col(DeliveryRow.id),
                col(DeliveryRow.kind),
                col(DeliveryRow.created_at),
                col(AlertRow.id),
                col(SubscriptionRow.enterprise_id),
            )
            .outerjoin(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
            .outerjoin(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
            .outerjoin(SubscriptionRow, col(SubscriptionRow.id) == col(AlertRow.subscription_id))
            .where(
                col(DeliveryRow.channel) == address.channel,
                col(DeliveryRow.target) == address.target,
                col(DeliveryRow.state) == State.PENDING.value,
                col(DeliveryRow.attempts) == 0,
                col(DeliveryRow.kind).not_in(TO_ANYBODY),
            )
            .order_by(col(DeliveryRow.id), col(AlertRow.id))
        )
        found: dict[int, tuple[str, datetime, list[int], set[int]]] = {}
        for delivery, kind, created_at, alert, enterprise in self._session.connection().execute(asked):
            one = found.setdefault(delivery or 0, (kind, created_at, [], set()))
            if alert is not None:
                one[2].append(alert)
                one[3].add(enterprise)
        return [
            Waiting(delivery=id, kind=kind, created_at=at, alerts=tuple(alerts), enterprises=frozenset(of))
            for id, (kind, at, alerts, of) in found.items()
        ]

    def hurry(self, deliveries: Sequence[int], *, now: datetime) -> None:
        """These may go out now."""
        self._session.exec(
            update(DeliveryRow)
            .where(col(DeliveryRow.id).in_(deliveries), col(DeliveryRow.state) == State.PENDING.value)
            .values(due_at=now, detail="")
            .execution_options(synchronize_session=False)
        )

    # ---

    def _by(self, where: ColumnElement[bool]) -> Confirmation | None:
        number = self._session.exec(select(QuestionRow.confirmation_id).where(where)).first()
        return None if number is None else self.get(number)

    def _all(self, *where: ColumnElement[bool] | bool) -> list[Confirmation]:
        rows = self._session.exec(
            select(ConfirmationRow, EnterpriseRow.name)
            .join(EnterpriseRow, and_(col(EnterpriseRow.id) == col(ConfirmationRow.enterprise_id)))
            .where(*where)
            .order_by(col(ConfirmationRow.id))
            .execution_options(populate_existing=True)
        )
        return [
            Confirmation(
                id=row.id or 0,
                enterprise_id=row.enterprise_id,
                enterprise=name,
                address=Address(channel=row.channel, target=row.target),
                language=row.language,
                begun_at=row.begun_at,
                by=row.by,
                expires_at=row.expires_at,
                confirmed_at=row.confirmed_at,
                how=row.how,
                ended_at=row.ended_at,
                end_reason=row.end_reason,
            )
            for row, name in rows
        ]

    def _write(self, id: int, **values: object) -> None:
        self._session.exec(
            update(ConfirmationRow)
            .where(col(ConfirmationRow.id) == id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )


def tidy(code: str) -> str:
    """A code as it is kept, however it was typed."""
    return "".join(sign for sign in code.upper() if sign.isalnum())


def hash_of(secret: str) -> str:
    """How what answers a question is kept."""
    return hashlib.sha256(f"confirm:{secret}".encode("utf-8", "replace")).hexdigest()
