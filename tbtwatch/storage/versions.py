"""How subscriptions stood before they were changed: each change ends one version and starts the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from subscriptions.criteria import Address, Criteria, Frequency, Subscription, Way
from subscriptions.rhythm import Rhythm
from tbtwatch.storage.questions import write_criteria
from tbtwatch.storage.rows import SubscriptionAddressRow, SubscriptionRow, SubscriptionVersionRow
from tbtwatch.storage.subscriptions import Subscriptions, rhythm_columns
from tbtwatch.storage.types import from_json, to_json
from tbtwatch.storage.ways import write_ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A version of a subscription that a change has ended."""

    subscription: int
    version: int
    name: str
    criteria: Criteria
    frequency: Frequency
    language: str
    addresses: tuple[Address, ...]
    ways: tuple[Way, ...]
    rhythm: Rhythm
    since: datetime
    until: datetime  #: from then on the next is in force
    why: str  #: it was changed
    by: str

    def of(self, subscription: Subscription) -> Subscription:
        """The subscription as it stood."""
        return replace(
            subscription,
            version=self.version,
            name=self.name,
            criteria=self.criteria,
            frequency=self.frequency,
            language=self.language,
            addresses=self.addresses,
            ways=self.ways,
            rhythm=self.rhythm,
        )


class Versions:
    """Versions inside one transaction."""

    def __init__(self, session: Session, subscriptions: Subscriptions) -> None:
        self._session = session
        self._subscriptions = subscriptions

    def end(self, before: Subscription, *, now: datetime, why: str, by: str) -> datetime:
        """The version in force is over, and kept as it stood; since when the next is in force."""
        since = before.since or before.started_at
        # Two changes in one instant are told apart, so that at any instant one version is in force.
        now = max(now, since)
        self._session.add(
            SubscriptionVersionRow(
                subscription_id=before.id,
                version=before.version,
                name=before.name,
                criteria=write_criteria(before.criteria),
                frequency=before.frequency.value,
                language=before.language,
                addresses=[to_json(Address, address) for address in before.addresses],
                ways=[to_json(Way, way) for way in before.ways],
                rhythm=to_json(Rhythm, before.rhythm),
                since=since,
                until=now,
                why=why,
                by=by,
            )
        )
        self._session.flush()
        self._session.exec(
            update(SubscriptionRow)
            .where(col(SubscriptionRow.id) == before.id)
            .values(version=before.version + 1, version_since=now)
            .execution_options(synchronize_session=False)
        )
        self._session.expire_all()
        self._subscriptions.changed(before.id)
        return now

    def begin(self, after: Subscription, *, criteria_key: str) -> None:
        """The subscription stands so from now on; `end` came before."""
        self._session.exec(
            update(SubscriptionRow)
            .where(col(SubscriptionRow.id) == after.id)
            .values(
                name=after.name,
                criteria=write_criteria(after.criteria),
                criteria_key=criteria_key,
                frequency=after.frequency.value,
                language=after.language,
                **rhythm_columns(after.rhythm),
            )
            .execution_options(synchronize_session=False)
        )
        known = self._session.exec(
            select(SubscriptionAddressRow).where(SubscriptionAddressRow.subscription_id == after.id)
        ).all()
        wanted = {(address.channel, address.target) for address in after.addresses}
        for row in known:
            if (row.channel, row.target) not in wanted:
                self._session.delete(row)
        there = {(row.channel, row.target) for row in known}
        self._session.add_all(
            SubscriptionAddressRow(subscription_id=after.id, channel=channel, target=target)
            for channel, target in sorted(wanted - there)
        )
        self._session.flush()
        write_ways(self._session, after.id, after.ways)
        self._session.expire_all()

    def of(self, subscription_id: int) -> list[Version]:
        """The versions of a subscription that are over, oldest first."""
        rows = self._session.exec(
            select(SubscriptionVersionRow)
            .where(SubscriptionVersionRow.subscription_id == subscription_id)
            .order_by(col(SubscriptionVersionRow.version))
        )
        return [_version(row) for row in rows]

    def ended_after(self, instant: datetime) -> dict[int, list[Version]]:
        """The versions of live subscriptions that were in force at that instant or later and are over, oldest first."""
        rows = self._session.exec(
            select(SubscriptionVersionRow)
            .join(SubscriptionRow, col(SubscriptionRow.id) == col(SubscriptionVersionRow.subscription_id))
            .where(SubscriptionVersionRow.until > instant, col(SubscriptionRow.ended_at).is_(None))
        )
        found: dict[int, list[Version]] = {}
        # Put in order here: asked for in order, SQLite goes through all versions there ever were.
        for row in sorted(rows, key=lambda row: (row.subscription_id, row.version)):
            found.setdefault(row.subscription_id, []).append(_version(row))
        return found


def in_force(subscription: Subscription, ended: Mapping[int, Sequence[Version]], instant: datetime) -> Subscription:
    """The subscription as it stood at that instant; `ended` are its versions that are over."""
    return next(
        (version.of(subscription) for version in ended.get(subscription.id, ()) if version.until > instant),
        subscription,
    )


def _version(row: SubscriptionVersionRow) -> Version:
    return Version(
        subscription=row.subscription_id,
        version=row.version,
        name=row.name,
        criteria=from_json(Criteria, row.criteria),
        frequency=Frequency(row.frequency),
        language=row.language,
        addresses=tuple(from_json(Address, one) for one in row.addresses),
        ways=tuple(from_json(Way, one) for one in row.ways),
        rhythm=from_json(Rhythm, row.rhythm),
        since=row.since,
        until=row.until,
        why=row.why,
        by=row.by,
    )
