"""An enterprise's data: handed over whole, or erased so that a hash and counts are all that stays."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import structlog

from subscriptions.criteria import Address
from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.sign_in import forget_person
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.erasing import leave_no_trace

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was erased, or would be."""

    enterprise: str
    rows: dict[str, int]  #: how many, by table
    suppressed: tuple[Address, ...]  #: never written to again
    shared: tuple[Address, ...]  #: another enterprise is answered there too, so they are not
    under_way: int = 0  #: messages that were being sent just then
    number: int | None = None  #: of the entry that is kept; None: nothing was erased


def export(name: str, *, storage: Storage, now: datetime) -> dict[str, Any]:
    """All that is stored of an enterprise, table by table, without secrets. Raises LookupError with a sentence."""
    with storage.look() as tx:
        belongings = tx.belongings(_enterprise(name, tx))
        tables: dict[str, list[dict[str, Any]]] = {}
        measures: set[int] = set()
        for table, row in belongings.rows():
            if (measure := row.get("measure_id")) is not None:
                measures.add(measure)
            tables.setdefault(table, []).append({column: _plain(value) for column, value in row.items()})
        symbols = {str(id_): list(tx.measures.get(id_).threads) for id_ in sorted(measures)}
    return {"enterprise": name, "exported_at": now.isoformat(), "measures": symbols, "tables": tables}


def erase(name: str, *, by: str, why: str, desk: Desk, suppress: bool = True, dry_run: bool = False) -> Erased:
    """Delete all that is stored of an enterprise. Raises LookupError with a sentence.

    Its addresses are suppressed, as hashes, unless another enterprise is answered there too, and whoever signed in
    with one of them has no account any more, unless they are staff. A message that tells another enterprise's news as
    well stays, as the other's.
    """
    now = desk.clock()
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        enterprise_id = _enterprise(name, tx)
        belongings = tx.belongings(enterprise_id)
        shared = belongings.shared()
        own = tuple(one for one in belongings.addresses() if one not in shared) if suppress else ()
        under_way = belongings.under_way()
        if dry_run:
            rows = belongings.counts()
            return Erased(
                enterprise=name, rows=rows, suppressed=own, shared=tuple(sorted_(shared)), under_way=under_way
            )
        # Nothing may be written to it between what was read and what is deleted; the index forgets it with this.
        for one in tx.subscriptions.live(enterprise_id=enterprise_id):
            tx.subscriptions.end(one.id, reason="erased", now=now)
        rows = belongings.erase()
        _forget_accounts(own, by=by, tx=tx, now=now)
        tx.leaving.suppress(own, why="erased", now=now)
        number = tx.leaving.note_erasure(by=by, why=why, counts=rows, now=now)
    leave_no_trace(desk.storage.engine)
    log.info("enterprise_erased", erasure=number, rows=sum(rows.values()), suppressed=len(own))
    return Erased(
        enterprise=name,
        rows=rows,
        suppressed=own,
        shared=tuple(sorted_(shared)),
        under_way=under_way,
        number=number,
    )


def _forget_accounts(addresses: tuple[Address, ...], *, by: str, tx: Transaction, now: datetime) -> None:
    for address in addresses:
        if address.channel != "email":
            continue
        person = tx.people.find(address.target)
        if person is None:
            tx.sign_ins.forget_links(address.target)
            tx.audit.forget(None, address.target)
        elif not person.roles:
            forget_person(person, by=by, tx=tx, now=now)


def sorted_(addresses: set[Address]) -> Iterator[Address]:
    """In the order in which they are shown."""
    yield from sorted(addresses, key=lambda one: (one.channel, one.target))


def _enterprise(name: str, tx: Transaction) -> int:
    found = tx.subscriptions.find_enterprise(name.strip())
    if found is None:
        near = difflib.get_close_matches(name, tx.proofs.names(), 1, 0.5)
        hint = f"did you mean {near[0]!r}?" if near else "`tbtwatch subscriptions --all` lists those there are"
        raise LookupError(f"there is no enterprise {name!r}; {hint}")
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, (date, datetime)) else value
