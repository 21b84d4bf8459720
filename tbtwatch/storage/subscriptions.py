"""Enterprises, their subscriptions, and the chats that speak for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Text, bindparam, cast, func, text, update
from sqlalchemy import select as look_up
from sqlmodel import Session, col, select

from subscriptions.criteria import Address, Criteria, Frequency, Subscription, Way
from subscriptions.index import Question
from subscriptions.rhythm import Rhythm
from tbtwatch.storage.columns import LARGEST
from tbtwatch.storage.inserting import insert_if_new
from tbtwatch.storage.locks import SUBSCRIPTIONS_LOCK, hold
from tbtwatch.storage.meta import Meta
from tbtwatch.storage.questions import read_criteria, write_criteria
from tbtwatch.storage.rows import (
    AlertRow,
    DeliveryAlertRow,
    DeliveryRow,
    EnterpriseRow,
    SubscriptionAddressRow,
    SubscriptionRow,
)
from tbtwatch.storage.types import Value, from_json, to_json
from tbtwatch.storage.ways import move_ways, read_ways, tells_by, write_ways

REVISION = "subscriptions_revision"
SEVERAL = 500  #: rows asked for by their numbers at once
_TABLE, _ENTERPRISE, _ADDRESS = (
    SubscriptionRow.metadata.tables[name] for name in ("subscription", "enterprise", "subscription_address")
)
# Made once: each subscription that is looked at asks for its enterprise and its addresses.
_NAMES = look_up(_ENTERPRISE.c.id, _ENTERPRISE.c.name).where(
    _ENTERPRISE.c.id.in_(bindparam("of_enterprises", expanding=True))
)
_ADDRESSES = (
    look_up(_ADDRESS.c.subscription_id, _ADDRESS.c.channel, _ADDRESS.c.target)
    .where(_ADDRESS.c.subscription_id.in_(bindparam("of_subscriptions", expanding=True)))
    .order_by(_ADDRESS.c.channel, _ADDRESS.c.target)
)


class Subscriptions:
    """Subscriptions inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._before: int | None = None  #: the revision before the first change made here

    def enterprise(self, name: str, *, now: datetime) -> int:
        """The number of an enterprise; it is made if it is new."""
        known = self.find_enterprise(name)
        if known is None:
            values = {"name": name, "started_at": now}
            known = insert_if_new(
                self._session, EnterpriseRow, values, unique=("name",), returning=col(EnterpriseRow.id)
            ) or self.find_enterprise(name)
        assert known is not None
        return known

    def find_enterprise(self, name: str) -> int | None:
        """The number of an enterprise by its name."""
        return self._session.exec(select(EnterpriseRow.id).where(EnterpriseRow.name == name)).first()

    def live_like(self, enterprise: str, criteria_key: str) -> int | None:
        """The live subscription of this enterprise that asks the very same."""
        return self._session.exec(
            select(SubscriptionRow.id)
            .join(EnterpriseRow, col(EnterpriseRow.id) == col(SubscriptionRow.enterprise_id))
            .where(
                EnterpriseRow.name == enterprise,
                SubscriptionRow.criteria_key == criteria_key,
                col(SubscriptionRow.ended_at).is_(None),
            )
        ).first()

    def wait_for_turn(self) -> None:
        """Wait until nobody writes to subscribers; until this transaction is over none is written to."""
        hold(self._session, SUBSCRIPTIONS_LOCK)
        # On SQLite a transaction begins, and a writer is alone, with its first word.
        Meta(self._session).number(REVISION)

    def add(
        self,
        *,
        enterprise: str,
        name: str,
        criteria: Criteria,
        criteria_key: str,
        frequency: Frequency,
        language: str,
        addresses: tuple[Address, ...],
        token: str,
        now: datetime,
        rhythm: Rhythm = Rhythm(),
        ways: Sequence[Way] = (),
    ) -> Subscription | None:
        """Start a subscription; None if the enterprise has a live one that asks the very same."""
        hold(self._session, SUBSCRIPTIONS_LOCK)
        values = {
            "version": 1,
            "enterprise_id": self.enterprise(enterprise, now=now),
            "name": name,
            "criteria": write_criteria(criteria),
            "criteria_key": criteria_key,
            "frequency": frequency.value,
            "language": language,
            "started_at": now,
            "end_reason": "",
            "token": token,
            "revision": 0,
            **rhythm_columns(rhythm),
        }
        id_: int | None = insert_if_new(
            self._session,
            SubscriptionRow,
            values,
            unique=("enterprise_id", "criteria_key"),
            where=text("ended_at IS NULL"),
            returning=col(SubscriptionRow.id),
        )
        if id_ is None:
            return None
        self.add_addresses(id_, addresses)
        if ways:
            write_ways(self._session, id_, ways)
        return self.get(id_)

    def set_ways(self, id: int, ways: Sequence[Way]) -> None:
        """The subscription is told by these ways from now on; none: everywhere as its frequency says."""
        write_ways(self._session, id, ways)
        self.changed(id)

    def add_addresses(self, id: int, addresses: tuple[Address, ...]) -> None:
        """Answer the subscription at these addresses too."""
        for address in addresses:
            insert_if_new(
                self._session,
                SubscriptionAddressRow,
                {"subscription_id": id, "channel": address.channel, "target": address.target},
                unique=("subscription_id", "channel", "target"),
                returning=col(SubscriptionAddressRow.subscription_id),
            )
        self.changed(id)

    def move_address(self, channel: str, old: str, new: str) -> None:
        """A chat got a new number: its subscriptions are answered there from now on."""
        for row in self._session.exec(
            select(SubscriptionAddressRow).where(
                SubscriptionAddressRow.channel == channel, SubscriptionAddressRow.target == old
            )
        ).all():
            self._session.delete(row)
            self._session.flush()
            self.add_addresses(row.subscription_id, (Address(channel=channel, target=new),))
            left, moved = (Address(channel=channel, target=target) for target in (old, new))
            move_ways(self._session, row.subscription_id, left, moved)

    def end(self, id: int, *, reason: str, now: datetime) -> Subscription:
        """End a subscription; it is kept, with the reason. Raises LookupError."""
        # What is being written to it just now is waited for, so that whoever ends it can cancel that.
        hold(self._session, SUBSCRIPTIONS_LOCK)
        row = self._row(id)
        if row.ended_at is None:
            row.ended_at, row.end_reason = now, reason
            self._session.add(row)
            self._session.flush()
            self.changed(id)
        return self.get(id)

    def leave(self, id: int, address: Address) -> Subscription:
        """Answer a subscription no more at this address; it goes on at its others. Raises LookupError."""
        hold(self._session, SUBSCRIPTIONS_LOCK)
        row = self._session.get(SubscriptionAddressRow, (id, address.channel, address.target))
        if row is not None:
            self._session.delete(row)
            self._session.flush()
            self.changed(id)
        return self.get(id)

    def ever_told(self, ids: Sequence[int] | None) -> list[Address]:
        """The addresses at which these subscriptions, or any, are or were answered."""
        asked = select(SubscriptionAddressRow.channel, SubscriptionAddressRow.target).distinct()
        told = select(DeliveryRow.channel, DeliveryRow.target).distinct()
        if ids is not None:
            asked = asked.where(col(SubscriptionAddressRow.subscription_id).in_(ids))
            told = (
                told.join(DeliveryAlertRow, col(DeliveryAlertRow.delivery_id) == col(DeliveryRow.id))
                .join(AlertRow, col(AlertRow.id) == col(DeliveryAlertRow.alert_id))
                .where(col(AlertRow.subscription_id).in_(ids))
            )
        pairs = {(channel, target) for chosen in (asked, told) for channel, target in self._session.exec(chosen)}
        return [Address(channel=channel, target=target) for channel, target in sorted(pairs)]

    def changed(self, id: int) -> None:
        """This subscription has changed: whoever writes to one says so here, or other processes never hear of it."""
        revision = Meta(self._session).count(REVISION)
        self._session.exec(
            update(SubscriptionRow)
            .where(col(SubscriptionRow.id) == id)
            .values(revision=revision)
            .execution_options(synchronize_session=False)
        )
        if self._before is None:
            self._before = revision - 1

    def revision(self) -> int:
        """A number that grows whenever a subscription starts, changes or ends.

        None starts or ends until this transaction is over.
        """
        hold(self._session, SUBSCRIPTIONS_LOCK, shared=True)
        return Meta(self._session).number(REVISION)

    def settled_revision(self) -> int:
        """The revision without what this very transaction has changed, which may yet be undone."""
        revision = self.revision()
        return revision if self._before is None else min(revision, self._before)

    def newest_change(self) -> int:
        """The largest revision that a subscription has: less than `revision` if a change was not written down."""
        return self._session.exec(select(func.max(SubscriptionRow.revision))).one() or 0

    def get(self, id: int) -> Subscription:
        """A subscription, live or ended. Raises LookupError."""
        return self._subscriptions([self._row(id)])[0]

    def _row(self, id: int) -> SubscriptionRow:
        row = self._session.get(SubscriptionRow, id) if 0 < id <= LARGEST else None
        if row is None:
            raise LookupError(f"there is no subscription {id}; `tbtwatch subscriptions` lists them")
        return row

    def by_token(self, token: str) -> Subscription | None:
        """The subscription that this secret stands for."""
        row = self._session.exec(select(SubscriptionRow).where(SubscriptionRow.token == token)).first()
        return None if row is None else self._subscriptions([row])[0]

    def token(self, id: int) -> str:
        """The secret that stands for a subscription in its messages."""
        return self._session.exec(select(SubscriptionRow.token).where(SubscriptionRow.id == id)).one()

    def live(self, *, enterprise_id: int | None = None) -> list[Subscription]:
        """All live subscriptions, or those of one enterprise."""
        asked = select(SubscriptionRow).where(col(SubscriptionRow.ended_at).is_(None)).order_by(col(SubscriptionRow.id))
        if enterprise_id is not None:
            asked = asked.where(SubscriptionRow.enterprise_id == enterprise_id)
        return self._subscriptions(list(self._session.exec(asked)))

    def of_address(self, channel: str, target: str) -> list[Subscription]:
        """The live subscriptions that are answered at this address."""
        asked = (
            select(SubscriptionRow)
            .join(SubscriptionAddressRow, col(SubscriptionAddressRow.subscription_id) == col(SubscriptionRow.id))
            .where(
                SubscriptionAddressRow.channel == channel,
                SubscriptionAddressRow.target == target,
                col(SubscriptionRow.ended_at).is_(None),
            )
            .order_by(col(SubscriptionRow.id))
        )
        return self._subscriptions(list(self._session.exec(asked)))

    def of_addresses(self, addresses: Iterable[Address]) -> dict[Address, tuple[Subscription, ...]]:
        """The live subscriptions of each of these addresses; an address that has none is left out."""
        wanted = set(addresses)
        ids: set[int] = set()
        for some in _parts(sorted({address.target for address in wanted})):
            asked = select(SubscriptionAddressRow.subscription_id).where(col(SubscriptionAddressRow.target).in_(some))
            ids.update(self._session.exec(asked))
        found: dict[Address, list[Subscription]] = {}
        for _, one in sorted(self.live_among(ids).items()):
            for address in one.addresses:
                if address in wanted:
                    found.setdefault(address, []).append(one)
        return {address: tuple(several) for address, several in found.items()}

    def all(self) -> list[Subscription]:
        """All subscriptions, ended ones too."""
        return self._subscriptions(list(self._session.exec(select(SubscriptionRow).order_by(col(SubscriptionRow.id)))))

    def some(self, ids: Iterable[int]) -> dict[int, Subscription]:
        """Subscriptions by number, live or ended."""
        wanted = sorted(set(ids))
        found: list[Subscription] = []
        for start in range(0, len(wanted), 400):
            asked = select(SubscriptionRow).where(col(SubscriptionRow.id).in_(wanted[start : start + 400]))
            found += self._subscriptions(list(self._session.exec(asked)))
        return {one.id: one for one in found}

    def wanting_nothing_new(self, frequency: Frequency, zone: str, weekday: int) -> list[Subscription]:
        """The live subscriptions of a slot that want a digest also when there is nothing new."""
        asked = select(SubscriptionRow).where(
            tells_by(frequency),
            text("subscription.nothing_new"),  # as it stands in the index
            col(SubscriptionRow.ended_at).is_(None),
            SubscriptionRow.zone == zone,
        )
        if frequency is Frequency.WEEKLY:
            asked = asked.where(SubscriptionRow.weekday == weekday)
        # Put in order here: asked for in order, SQLite goes through all subscriptions.
        return sorted(self._subscriptions(list(self._session.exec(asked))), key=lambda one: one.id)

    def count_live(self) -> int:
        """How many subscriptions are live."""
        return self._session.exec(
            select(func.count()).select_from(SubscriptionRow).where(col(SubscriptionRow.ended_at).is_(None))
        ).one()

    def live_among(self, ids: Iterable[int]) -> dict[int, Subscription]:
        """Those of these subscriptions that are live, by number."""
        found: dict[int, Subscription] = {}
        for some in _parts(sorted(set(ids))):
            rows = self._session.exec(
                select(SubscriptionRow)
                .where(col(SubscriptionRow.id).in_(some), col(SubscriptionRow.ended_at).is_(None))
                .order_by(col(SubscriptionRow.id))
            )
            found.update((one.id, one) for one in self._subscriptions(list(rows)))
        return found

    def changed_since(self, revision: int) -> Iterator[tuple[int, Question | None]]:
        """The subscriptions that started, changed or ended after this revision, as they are now; None: not live."""
        return self._questions(col(SubscriptionRow.revision) > revision)

    def now(self, ids: Iterable[int]) -> Iterator[tuple[int, Question | None]]:
        """What these subscriptions ask as they are now; None: not live."""
        for some in _parts(sorted(ids)):
            found = dict(self._questions(col(SubscriptionRow.id).in_(some)))
            yield from ((id, found.get(id)) for id in some)

    def asked(self, *, after: int, limit: int) -> list[Question]:
        """What the live subscriptions with larger numbers than this ask, so many at once."""
        live = (col(SubscriptionRow.id) > after, col(SubscriptionRow.ended_at).is_(None))
        return [question for _, question in self._questions(*live, limit=limit) if question is not None]

    def _questions(
        self, *conditions: ColumnElement[bool], limit: int | None = None
    ) -> Iterator[tuple[int, Question | None]]:
        # The text itself, not what it says as Python values: it is read in one step, in a third of the time.
        written = cast(_TABLE.c.criteria, Text)
        asked = (
            look_up(_TABLE.c.id, _TABLE.c.version, _TABLE.c.ended_at, written)
            .where(*conditions)
            .order_by(_TABLE.c.id)
            .limit(limit)
        )
        rows = self._session.connection().execute(asked, execution_options={"yield_per": 2000})
        for id, version, ended_at, criteria in rows:
            if ended_at is not None:
                yield id, None
            else:
                yield id, Question(id=id, version=version, criteria=read_criteria(criteria))

    def _subscriptions(self, rows: Sequence[SubscriptionRow]) -> list[Subscription]:
        return [one for some in _parts(rows) for one in self._some(some)]

    def _some(self, rows: Sequence[SubscriptionRow]) -> list[Subscription]:
        if not rows:
            return []
        self._session.flush()
        read = self._session.connection().execute
        enterprises = {row.enterprise_id for row in rows}
        names: dict[int, str] = dict(tuple(row) for row in read(_NAMES, {"of_enterprises": list(enterprises)}))
        addresses: dict[int, list[Address]] = {}
        for id, channel, target in read(_ADDRESSES, {"of_subscriptions": [row.id for row in rows]}):
            addresses.setdefault(id, []).append(Address(channel=channel, target=target))
        ways = read_ways(self._session, [row.id for row in rows])
        return [
            Subscription(
                id=row.id,  # type: ignore[arg-type]
                version=row.version,
                enterprise=names[row.enterprise_id],
                name=row.name,
                criteria=from_json(Criteria, row.criteria),
                frequency=Frequency(row.frequency),
                language=row.language,
                addresses=tuple(addresses.get(row.id, ())),  # type: ignore[arg-type]
                ways=tuple(
                    one
                    for one in ways.get(row.id, ())  # type: ignore[arg-type]
                    if one.address in addresses.get(row.id, ())  # type: ignore[arg-type]
                ),
                rhythm=from_json(Rhythm, row.rhythm) if row.rhythm else Rhythm(),
                started_at=row.started_at,
                since=row.version_since,
                ended_at=row.ended_at,
                end_reason=row.end_reason,
            )
            for row in rows
        ]


def rhythm_columns(rhythm: Rhythm) -> dict[str, object]:
    """A rhythm as it stands in a subscription's row."""
    return {
        "rhythm": {} if rhythm == Rhythm() else to_json(Rhythm, rhythm),
        "zone": rhythm.zone,
        "weekday": rhythm.weekday,
        "nothing_new": rhythm.tell_nothing_new,
    }


def _parts(several: Sequence[Value]) -> Iterator[Sequence[Value]]:
    return (several[start : start + SEVERAL] for start in range(0, len(several), SEVERAL))
