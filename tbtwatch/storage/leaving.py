"""Addresses that were ended, those that are suppressed, and what is kept of an erasure."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, update
from sqlmodel import Session, col, select

from notifiers.outcome import State
from subscriptions.criteria import Address, Frequency
from tbtwatch.storage.leaving_rows import EndedAddressRow, ErasureRow, SuppressionRow
from tbtwatch.storage.meta import Meta
from tbtwatch.storage.rows import AlertRow, DeliveryAlertRow, DeliveryRow
from tbtwatch.storage.types import from_row

KEY = "suppression_key"  # in the installation's own values


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedAddress:
    """A subscription's address that was ended."""

    id: int
    subscription_id: int
    channel: str
    target: str
    reason: str
    detail: str
    ended_at: datetime
    delivery_id: int | None
    restored_at: datetime | None
    restored_by: str


class Leaving:
    """Those who go, inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session

    # --- addresses that were ended

    def end(
        self, subscription: int, address: Address, *, reason: str, detail: str, delivery: int | None, now: datetime
    ) -> None:
        """Write down that a subscription's address was ended."""
        self._session.add(
            EndedAddressRow(
                subscription_id=subscription,
                channel=address.channel,
                target=address.target,
                reason=reason,
                detail=detail,
                ended_at=now,
                delivery_id=delivery,
            )
        )
        self._session.flush()

    def ended(
        self, address: Address | None = None, *, subscription: int | None = None, limit: int = 1000
    ) -> list[EndedAddress]:
        """What was ended and not restored, newest first; of one address, of one subscription, or of all."""
        asked = select(EndedAddressRow).where(col(EndedAddressRow.restored_at).is_(None))
        if subscription is not None:
            asked = asked.where(EndedAddressRow.subscription_id == subscription)
        if address is not None:
            asked = asked.where(EndedAddressRow.channel == address.channel, EndedAddressRow.target == address.target)
        rows = self._session.exec(asked.order_by(col(EndedAddressRow.id).desc()).limit(limit))
        return [from_row(EndedAddress, row) for row in rows]

    def ended_since(self, channel: str, since: datetime) -> int:
        """How many addresses of a channel were ended since then."""
        one = select(EndedAddressRow.target).where(
            EndedAddressRow.channel == channel, col(EndedAddressRow.ended_at) > since
        )
        return self._session.exec(select(func.count()).select_from(one.distinct().subquery())).one()

    def refused_before(self, address: Address, reason: str, *, before: datetime) -> bool:
        """Whether a message to it was refused for this reason before that instant, and none was taken since."""
        there = (DeliveryRow.channel == address.channel, DeliveryRow.target == address.target)
        last = self._session.exec(
            select(func.max(DeliveryRow.ended_at)).where(*there, DeliveryRow.state == State.SENT.value)
        ).one()
        refused = select(DeliveryRow.id).where(
            *there,
            DeliveryRow.state == State.REFUSED.value,
            DeliveryRow.reason == reason,
            col(DeliveryRow.ended_at) <= before,
        )
        if last is not None:
            refused = refused.where(col(DeliveryRow.ended_at) > last)
        return self._session.exec(refused.limit(1)).first() is not None

    def restore(self, address: Address, *, by: str, now: datetime) -> None:
        """It takes messages again."""
        self._session.exec(
            update(EndedAddressRow)
            .where(
                col(EndedAddressRow.channel) == address.channel,
                col(EndedAddressRow.target) == address.target,
                col(EndedAddressRow.restored_at).is_(None),
            )
            .values(restored_at=now, restored_by=by)
            .execution_options(synchronize_session=False)
        )

    def owed_since(self, subscriptions: Iterable[int], address: Address) -> list[int]:
        """The alerts of these subscriptions that stand and that a message to this address tells or told."""
        rows = self._session.exec(
            select(AlertRow.id)
            .join(DeliveryAlertRow, col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
            .join(DeliveryRow, col(DeliveryRow.id) == col(DeliveryAlertRow.delivery_id))
            .where(
                col(AlertRow.subscription_id).in_(list(subscriptions)),
                col(AlertRow.withdrawn_at).is_(None),
                DeliveryRow.channel == address.channel,
                DeliveryRow.target == address.target,
            )
            .distinct()
        )
        return [id_ for id_ in rows if id_ is not None]

    def send_again(self, address: Address, *, since: datetime, alerts: Sequence[int], now: datetime) -> int:
        """Put back into the line what was refused or cancelled there since then and tells these alerts; how many."""
        told = select(DeliveryAlertRow.delivery_id).where(col(DeliveryAlertRow.alert_id).in_(alerts))
        done = self._session.exec(
            update(DeliveryRow)
            .where(
                col(DeliveryRow.channel) == address.channel,
                col(DeliveryRow.target) == address.target,
                col(DeliveryRow.state).in_((State.REFUSED.value, State.CANCELLED.value)),
                col(DeliveryRow.ended_at) >= since,
                col(DeliveryRow.id).in_(told),
            )
            .values(state=State.PENDING.value, due_at=now, ended_at=None, detail="the address takes messages again")
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def owe_in_digest(self, subscriptions: Sequence[int], *, since: datetime) -> int:
        """What these were owed since then and no message tells stands in the next digest; how many."""
        told = select(DeliveryAlertRow.alert_id).where(col(DeliveryAlertRow.alert_id) == col(AlertRow.id))
        frequency = case(
            (col(AlertRow.frequency) == Frequency.IMMEDIATE.value, Frequency.DAILY.value), else_=col(AlertRow.frequency)
        )
        done = self._session.exec(
            update(AlertRow)
            .where(
                col(AlertRow.subscription_id).in_(subscriptions),
                col(AlertRow.created_at) >= since,
                col(AlertRow.withdrawn_at).is_(None),
                ~col(AlertRow.by_way),  # what is owed by ways has waited for its address
                ~told.exists(),
            )
            .values(frequency=frequency, digest_run_id=None)
            .execution_options(synchronize_session=False)
        )
        return int(done.rowcount)

    def message(self, address: Address, message_id: str) -> int | None:
        """The delivery that a Message-ID belongs to, among those to an address."""
        rows = self._session.exec(
            select(DeliveryRow).where(DeliveryRow.channel == address.channel, DeliveryRow.target == address.target)
        )
        return next((row.id for row in rows if row.message.get("message_id") == message_id), None)

    # --- suppression

    def suppress(self, addresses: Iterable[Address], *, why: str, now: datetime) -> int:
        """Never write to these again; only their hashes are kept. How many are new."""
        new = 0
        for address in addresses:
            known = self._session.get(SuppressionRow, self._hash(address))
            if known is not None and known.lifted_at is None:
                continue
            row = known or SuppressionRow(address_hash=self._hash(address), since=now, why=why)
            row.since, row.why, row.lifted_at, row.lifted_by, row.lift_reason = now, why, None, "", ""
            self._session.add(row)
            new += 1
        self._session.flush()
        return new

    def suppressed(self, addresses: Sequence[Address]) -> dict[Address, datetime]:
        """Which of these addresses are suppressed, and since when."""
        if not addresses or self._session.exec(select(SuppressionRow.address_hash).limit(1)).first() is None:
            return {}
        hashes = {self._hash(address): address for address in addresses}
        rows = self._session.exec(
            select(SuppressionRow).where(
                col(SuppressionRow.address_hash).in_(hashes), col(SuppressionRow.lifted_at).is_(None)
            )
        )
        return {hashes[row.address_hash]: row.since for row in rows}

    def lift(self, address: Address, *, by: str, reason: str, now: datetime) -> bool:
        """It may be written to again; False if it is not suppressed."""
        row = self._session.get(SuppressionRow, self._hash(address))
        if row is None or row.lifted_at is not None:
            return False
        row.lifted_at, row.lifted_by, row.lift_reason = now, by, reason
        self._session.add(row)
        self._session.flush()
        return True

    def _hash(self, address: Address) -> str:
        # With a key: whoever has the list alone cannot try addresses on it.
        key = bytes.fromhex(Meta(self._session).once(KEY, secrets.token_hex(32)))
        said = f"{address.channel}\n{address.target.strip().casefold()}"
        return hmac.digest(key, said.encode(), hashlib.sha256).hex()

    # --- erasures

    def note_erasure(self, *, by: str, why: str, counts: dict[str, int], now: datetime) -> int:
        """Keep that somebody was erased, without who it was."""
        row = ErasureRow(erased_at=now, erased_by=by, why=why, counts=counts)
        self._session.add(row)
        self._session.flush()
        assert row.id is not None
        return row.id
