"""The ways of subscriptions to their addresses, as they are stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import ColumnElement, bindparam, exists, or_, select
from sqlmodel import Session, col

from rules.classification import Grade
from subscriptions.criteria import Address, Frequency, Way
from tbtwatch.storage.rows import SubscriptionRow, SubscriptionWayRow

_TABLE = SubscriptionWayRow.metadata.tables["subscription_way"]
_WAYS = select(*_TABLE.c).where(_TABLE.c.subscription_id.in_(bindparam("of_subscriptions", expanding=True)))


def read_ways(session: Session, subscriptions: Iterable[int | None]) -> dict[int, tuple[Way, ...]]:
    """The ways of each of these subscriptions; those without any are left out.

    A way to an address that refuses mail and was ended stays, and counts again when the address does.
    """
    rows = session.connection().execute(_WAYS, {"of_subscriptions": list(subscriptions)})
    found: dict[int, list[Way]] = {}
    for subscription, channel, target, grade, frequency in rows:
        address = Address(channel=channel, target=target)
        way = Way(address=address, grade=Grade(grade), frequency=Frequency(frequency))
        found.setdefault(subscription, []).append(way)
    return {
        id: tuple(sorted(several, key=lambda one: (one.address.channel, one.address.target, one.grade.rank)))
        for id, several in found.items()
    }


def write_ways(session: Session, subscription: int, ways: Sequence[Way]) -> None:
    """These are the ways of the subscription, and no others."""
    session.connection().execute(_TABLE.delete().where(_TABLE.c.subscription_id == subscription))
    rows = [
        {
            "subscription_id": subscription,
            "channel": one.address.channel,
            "target": one.address.target,
            "grade": one.grade.value,
            "frequency": one.frequency.value,
        }
        for one in ways
    ]
    if rows:
        session.connection().execute(_TABLE.insert(), rows)


def move_ways(session: Session, subscription: int, old: Address, new: Address) -> None:
    """An address got a new name; if the subscription has ways to the new one already, those count."""
    ways = read_ways(session, [subscription]).get(subscription, ())
    if not ways:
        return
    kept = [one for one in ways if one.address != old]
    if not any(one.address == new for one in kept):
        kept += [Way(address=new, grade=one.grade, frequency=one.frequency) for one in ways if one.address == old]
    write_ways(session, subscription, kept)


def tells_by(frequency: Frequency) -> ColumnElement[bool]:
    """Of subscriptions: whether any address is told something so soon."""
    way = exists().where(
        col(SubscriptionWayRow.subscription_id) == col(SubscriptionRow.id),
        col(SubscriptionWayRow.frequency) == frequency.value,
    )
    return or_(col(SubscriptionRow.frequency) == frequency.value, way)
