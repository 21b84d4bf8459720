"""An address that was not confirmed in time ends: written down, the others and staff told, what waited closed."""

from __future__ import annotations

import structlog

from tbtwatch.pipeline.alert import Desk
from tbtwatch.pipeline.confirm import is_over
from tbtwatch.pipeline.leaving import WORDS, Endings
from tbtwatch.storage import Transaction
from tbtwatch.storage.confirmations import Confirmation

log = structlog.get_logger()


def lapse(endings: Endings) -> int:
    """End the addresses whose owners did not answer in time; how many."""
    desk: Desk = endings.desk
    with desk.storage.look() as tx:
        over = [one.id for one in tx.confirmations.open() if is_over(one, desk.clock())]
    for id_ in over:
        with desk.storage.begin() as tx:
            tx.subscriptions.wait_for_turn()
            one = tx.confirmations.get(id_)
            if one.open:
                _lapse(one, tx, endings)
    return len(over)


def _lapse(one: Confirmation, tx: Transaction, endings: Endings) -> None:
    now, zone = endings.desk.clock(), endings.desk.names.zone
    detail = f"asked on {one.begun_at.astimezone(zone):%Y-%m-%d}, no answer"
    endings.end(one.address, reason="unconfirmed", detail=detail, tx=tx, now=now, enterprise=one.enterprise)
    tx.confirmations.end(one.id, reason=WORDS["unconfirmed"], now=now)
    # What tells no news (a reminder, a notice) names no enterprise: it is closed if nobody there has agreed.
    if not any(other.ended_at is None for other in tx.confirmations.of_address(one.address)):
        left = [each.delivery for each in tx.confirmations.waiting(one.address)]
        tx.outbox.cancel_waiting(left, now=now, reason="not sent: the address was never confirmed")
    log.info("address_never_confirmed", confirmation=one.id)
