"""Staff are told once of each hold, in the round of the watch after the poll that was held."""

from __future__ import annotations

import structlog

from notifiers.held import HeldContent
from notifiers.render import render_held
from subscriptions.criteria import Address
from tbtwatch.pipeline.alert import Desk, addressed
from tbtwatch.storage import Transaction
from tbtwatch.storage.held import Hold

log = structlog.get_logger()

SHOWN = 5  # measures named in the message


def tell_of_holds(address: Address, *, language: str, desk: Desk) -> int:
    """Write the messages owed for what waits for a decision; how many. A hold is told of once, whoever looks."""
    with desk.storage.look() as tx:
        waiting = [hold for hold in tx.holds.open_ones() if not tx.outbox.has(_key(hold, address))]
    told = 0
    for hold in waiting:
        with desk.storage.begin() as tx:
            content = _content(hold, tx, desk)
            message = render_held(content, channel=address.channel, language=language, recipient=address.target)
            owed = tx.outbox.add(
                key=_key(hold, address),
                kind="staff",
                channel=address.channel,
                target=address.target,
                message=addressed(message, desk),
                alerts=(),
                now=desk.clock(),
            )
        if owed is not None:
            told += 1
            log.info("staff_told_of_hold", hold=hold.id, source=hold.source)
    return told


def _key(hold: Hold, address: Address) -> str:
    return f"hold:{hold.id}:{address.channel}:{address.target}"


def _content(hold: Hold, tx: Transaction, desk: Desk) -> HeldContent:
    measures = tx.holds.measures(hold.id)
    first = [tx.measures.get(measure) for measure in measures[:SHOWN]]
    title = next((one.config.title for one in desk.sources if one.config.name == hold.source), "")
    return HeldContent(
        number=hold.id,
        name=hold.source,
        title=title,
        new=hold.notices,
        changed=hold.changed,
        measures=len(measures),
        allowed=hold.allowed,
        first=tuple(f"{one.threads[0]}  {one.facts.title or one.facts.content_summary}" for one in first),
    )
