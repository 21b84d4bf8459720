"""All that is stored of one enterprise, in whatever table: found by the references between tables, not by a list.

A table belongs to an enterprise if it refers to it, or to something that belongs to it. A table that is added later is
found without a word here; `tests/storage/test_belongings.py` holds that none with people's addresses is missed.
Deliveries refer to no enterprise: they belong to the one whose news they tell, and those that tell no news to the one
whose address they went to, if no other enterprise has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, ColumnElement, ForeignKey, Table, delete, false, func, or_, select, tuple_
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from notifiers.outcome import State
from subscriptions.criteria import Address
from tbtwatch.storage.rows import DeliveryRow, Row

ROOT, DELIVERY = "enterprise", "delivery"
#: Secrets that open something: they are nobody's to carry away.
SECRETS = frozenset({"token", "token_hash", "code_hash"})
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Belongings:
    """What belongs to one enterprise, inside one transaction."""

    session: Session
    enterprise_id: int
    _deliveries: dict[str, list[int]] = field(default_factory=dict)

    def addresses(self) -> list[Address]:
        """The addresses of the enterprise: where it is answered, was answered or was written to."""
        found: set[tuple[str, str]] = set()
        for table in self._tables():
            if table.name != DELIVERY and {"channel", "target"} <= set(table.c.keys()):
                asked = select(table.c.channel, table.c.target).where(self._mine(table)).distinct()
                found.update((channel, target) for channel, target in self._run(asked))
        delivery = Row.metadata.tables[DELIVERY]
        for ids in _chunks(self._telling()):
            asked = select(delivery.c.channel, delivery.c.target).where(delivery.c.id.in_(ids)).distinct()
            found.update((channel, target) for channel, target in self._run(asked))
        chat = Row.metadata.tables["chat"]
        asked = select(chat.c.channel, chat.c.chat).where(self._mine(chat))
        found.update((channel, target) for channel, target in self._run(asked))
        return [Address(channel=channel, target=target) for channel, target in sorted(found)]

    def shared(self) -> set[Address]:
        """Those of its addresses at which another enterprise, or one of its people, is told too."""
        subscription, address = Row.metadata.tables["subscription"], Row.metadata.tables["subscription_address"]
        asked = (
            select(address.c.channel, address.c.target)
            .join(subscription, subscription.c.id == address.c.subscription_id)
            .where(subscription.c.enterprise_id != self.enterprise_id, subscription.c.ended_at.is_(None))
            .distinct()
        )
        contact, where = Row.metadata.tables["contact"], Row.metadata.tables["contact_address"]
        people = (
            select(where.c.channel, where.c.target)
            .join(contact, contact.c.id == where.c.contact_id)
            .where(contact.c.enterprise_id != self.enterprise_id, contact.c.ended_at.is_(None))
            .distinct()
        )
        several = (*self._run(asked), *self._run(people))
        others = {Address(channel=channel, target=target) for channel, target in several}
        return others & set(self.addresses())

    def rows(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every row, table by table, without secrets."""
        for table in self._tables():
            for where in self._wheres(table, self.deliveries("all")):
                for row in self._run(select(table).where(where).order_by(*table.primary_key)):
                    yield table.name, {name: value for name, value in row._mapping.items() if name not in SECRETS}

    def counts(self) -> dict[str, int]:
        """How many rows there are in each table."""
        found: dict[str, int] = {}
        for table in self._tables():
            for where in self._wheres(table, self.deliveries("all")):
                number = int(self._run(select(func.count()).select_from(table).where(where)).scalar_one())
                if number:
                    found[table.name] = found.get(table.name, 0) + number
        return found

    def under_way(self) -> int:
        """How many of its own messages are being sent."""
        delivery = Row.metadata.tables[DELIVERY]
        sending = delivery.c.state == State.SENDING.value
        asked = [select(func.count()).where(delivery.c.id.in_(ids), sending) for ids in _chunks(self.deliveries("own"))]
        return sum(int(self._run(one).scalar_one()) for one in asked)

    def erase(self) -> dict[str, int]:
        """Delete all of it; how many rows in each table. A message that tells another enterprise's news too stays,
        without its text once it has gone out."""
        gone: dict[str, int] = {}
        own = self.deliveries("own")
        self._empty(set(self.deliveries("all")) - set(own))
        for table in reversed(self._tables()):
            for where in self._wheres(table, own):
                number = self._run(delete(table).where(where)).rowcount
                if number:
                    gone[table.name] = gone.get(table.name, 0) + number
        return gone

    def _empty(self, ids: Iterable[int]) -> None:
        """What was sent to others as well names this enterprise's subscriptions: it loses its text."""
        for some in _chunks(sorted(ids)):
            for row in self.session.exec(select_rows(DeliveryRow).where(col(DeliveryRow.id).in_(some))):
                if row.ended_at is not None:
                    row.message = {**row.message, "text": "", "html": "", "headers": {}, "buttons": []}
                    self.session.add(row)
        self.session.flush()

    def deliveries(self, which: str) -> list[int]:
        """The messages: "all" that belong to it; "own", without those that tell another enterprise's news too."""
        if not self._deliveries:
            telling = self._telling()
            others = self.telling_others(telling)
            own = [one for one in telling if one not in others]
            beside = self._telling_nothing()
            self._deliveries.update(all=sorted({*telling, *beside}), own=sorted({*own, *beside}))
        return self._deliveries[which]

    def _tables(self) -> list[Table]:
        """Those that something of an enterprise may stand in, those referred to first."""
        reached: dict[str, Table] = {}
        for table in Row.metadata.sorted_tables:
            if table.name in (ROOT, DELIVERY) or any(
                key.column.table.name in reached for key in table.foreign_keys if key.column.table is not table
            ):
                reached[table.name] = table
        return list(reached.values())

    def _mine(self, table: Table) -> ColumnElement[bool]:
        """What belongs to the enterprise by the references of a table; those to messages say nothing of it."""
        if table.name == ROOT:
            return table.c.id == self.enterprise_id
        ways = [
            key.parent.in_(select(key.column).where(self._mine(key.column.table)))
            for key in self._references(table)
            if key.column.table.name != DELIVERY
        ]
        return or_(*ways) if ways else false()

    def _wheres(self, table: Table, deliveries: Sequence[int]) -> Iterator[ColumnElement[bool]]:
        """What belongs to it, in parts that do not overlap."""
        if table.name == DELIVERY:
            yield from (table.c.id.in_(ids) for ids in _chunks(deliveries))
        elif (key := self._only_by_delivery(table)) is not None:
            yield from (key.in_(ids) for ids in _chunks(deliveries))
        else:
            yield self._mine(table)

    def _only_by_delivery(self, table: Table) -> Column[Any] | None:
        """The reference to a message of a table that refers to nothing else of an enterprise: attempts."""
        keys = self._references(table)
        return keys[0].parent if [key.column.table.name for key in keys] == [DELIVERY] else None

    def _references(self, table: Table) -> list[ForeignKey]:
        names = {one.name for one in self._tables()}
        return [key for key in table.foreign_keys if key.column.table.name in names and key.column.table is not table]

    def _telling(self) -> list[int]:
        """The messages that something of the enterprise refers to, or that refer to something of it with a table."""
        found: set[int] = set()
        for table in self._tables():
            for key in table.foreign_keys:
                if key.column.table.name == DELIVERY:
                    asked = select(key.parent).where(self._mine(table), key.parent.is_not(None)).distinct()
                    found.update(number for (number,) in self._run(asked))
        return sorted(found)

    def told_in(self) -> ColumnElement[bool]:
        """Of a message: it tells news of the enterprise."""
        ways = [
            Row.metadata.tables[DELIVERY].c.id.in_(select(key.parent).where(self._mine(table), key.parent.is_not(None)))
            for table in self._tables()
            for key in table.foreign_keys
            if key.column.table.name == DELIVERY and self._only_by_delivery(table) is None
        ]
        return or_(*ways)

    def telling_others(self, telling: Sequence[int]) -> set[int]:
        """Those of these messages that tell another enterprise's news too."""
        found: set[int] = set()
        for table in self._tables():
            for key in self._references(table):
                if key.column.table.name != DELIVERY or self._only_by_delivery(table) is not None:
                    continue
                for ids in _chunks(telling):
                    asked = select(key.parent).where(key.parent.in_(ids), ~self._mine(table)).distinct()
                    found.update(number for (number,) in self._run(asked))
        return found

    def _telling_nothing(self) -> list[int]:
        """Messages without news (of gaps, of ended addresses) to addresses that no other enterprise has."""
        delivery, told = Row.metadata.tables[DELIVERY], Row.metadata.tables["delivery_alert"]
        own = [(one.channel, one.target) for one in self.addresses() if one not in self.shared()]
        found: list[int] = []
        for some in _chunks(own):
            asked = select(delivery.c.id).where(
                tuple_(delivery.c.channel, delivery.c.target).in_(some),
                delivery.c.kind != "staff",
                ~select(told.c.alert_id).where(told.c.delivery_id == delivery.c.id).exists(),
            )
            found += [number for (number,) in self._run(asked)]
        return found

    def _run(self, statement: Any) -> Any:
        return self.session.connection().execute(statement)


def _chunks(several: Iterable[Any]) -> Iterator[list[Any]]:
    every = list(several)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]
