"""An address that takes nothing any more is ended: written down, the others told, staff told; and taken back.

An address is ended at the first refusal that says that nobody is there or, in a chat, that we are blocked, because the
next message would be refused as well, and the sender that goes on is soon refused everywhere. A mail server's "policy"
may be about one message or about our server: it ends an address when it says so again a day later and took nothing in
between. What was refused is not lost: `restore` puts it back into the line. Many at once are no news of recipients but
of a server, or of our own sender: then none is ended any more, and staff are told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from notifiers.leaving import EndedContent, ManyEndedContent
from notifiers.outcome import Reason, Refused
from notifiers.render import render_ended
from subscriptions.criteria import Address, Subscription
from tbtwatch.pipeline.alert import Desk, addressed
from tbtwatch.pipeline.confirm import require
from tbtwatch.pipeline.watchkeeping import Staff
from tbtwatch.storage import Transaction
from tbtwatch.storage.outbox import Claimed

log = structlog.get_logger()

#: The refusals that speak of the recipient, not of the message.
ENDING = frozenset({Reason.RECIPIENT_UNKNOWN, Reason.BLOCKED})
MOST_IN_AN_HOUR = 20
AGAIN_AFTER = timedelta(days=1)
WORDS = {
    "recipient_unknown": "there is no such recipient",
    "blocked": "the recipient refuses our messages",
    "bounce": "a message came back",
    "complaint": "the recipient complained",
    "staff": "ended by staff",
    "unconfirmed": "its owner did not confirm it in time",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EndedAt:
    """What ending an address came to."""

    address: Address
    subscriptions: tuple[Subscription, ...]  #: as they are now, without it
    told: int = 0  #: other addresses that are told

    @property
    def nobody_left(self) -> int:
        """Of how many of the subscriptions nobody is told now."""
        return sum(not one.addresses for one in self.subscriptions)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What taking an address back came to."""

    subscriptions: tuple[Subscription, ...]
    sent_again: int  #: messages that are in the line again
    in_digest: int  #: pieces of news that came while nobody was told; the next digest tells them


@dataclass(frozen=True, slots=True, kw_only=True)
class Endings:
    """Ends the addresses that refuse, as `deliver_due` hands them over."""

    desk: Desk
    staff: Staff

    def refused(self, delivery: Claimed, outcome: Refused, tx: Transaction, now: datetime) -> EndedAt | None:
        """A message was refused for good; the address is ended if that speaks of the recipient."""
        if outcome.reason not in ENDING:
            return None
        address = Address(channel=delivery.channel, target=delivery.target)
        reason, detail = outcome.reason.value, outcome.detail
        by_policy = outcome.reason is Reason.BLOCKED and delivery.channel == "email"
        if by_policy and not tx.leaving.refused_before(address, reason, before=now - AGAIN_AFTER):
            return None
        return self.end(address, reason=reason, detail=detail, delivery=delivery.id, tx=tx, now=now, careful=True)

    def end(
        self,
        address: Address,
        *,
        reason: str,
        detail: str,
        tx: Transaction,
        now: datetime,
        delivery: int | None = None,
        careful: bool = False,
        enterprise: str = "",
    ) -> EndedAt | None:
        """End an address for all that is answered there, or for an enterprise's alone.

        None if nothing is, or if too many were ended of late.
        """
        tx.subscriptions.wait_for_turn()
        live = tx.subscriptions.of_address(address.channel, address.target)
        live = [one for one in live if enterprise in ("", one.enterprise)]
        if not live:
            return None
        ended_lately = tx.leaving.ended_since(address.channel, now - timedelta(hours=1)) if careful else 0
        if ended_lately >= MOST_IN_AN_HOUR:
            self._tell_of_many(address.channel, ended_lately, detail, tx, now)
            log.warning("address_not_ended", channel=address.channel, ended_within_an_hour=ended_lately)
            return None
        for one in live:
            tx.leaving.end(one.id, address, reason=reason, detail=detail, delivery=delivery, now=now)
            tx.subscriptions.leave(one.id, address)
        ids = [one.id for one in live]
        why = f"the address was ended: {WORDS[reason]}"
        tx.outbox.cancel_at(address.channel, address.target, ids, now=now, reason=why)
        for asked in tx.confirmations.of_address(address):
            spent = asked.open or (reason == "complaint" and asked.ended_at is None)
            if spent and enterprise in ("", asked.enterprise):
                tx.confirmations.end(asked.id, reason=WORDS[reason], now=now)
        after = tuple(tx.subscriptions.get(id_) for id_ in ids)
        done = EndedAt(address=address, subscriptions=after)
        told = self._tell(done, reason, detail, tx, now)
        log.info("address_ended", channel=address.channel, reason=reason, subscriptions=len(ids), told=told)
        return EndedAt(address=address, subscriptions=after, told=told)

    def _tell(self, done: EndedAt, reason: str, detail: str, tx: Transaction, now: datetime) -> int:
        """The other addresses, each of what concerns it, and staff; how many addresses of subscribers."""
        shown = str(done.address)
        others: dict[Address, list[Subscription]] = {}
        for one in done.subscriptions:
            owners = tx.contacts.owners(tx.subscriptions.enterprise(one.enterprise, now=now))
            for other in dict.fromkeys((*one.addresses, *(to for owner in owners for to in owner.addresses))):
                if other != done.address:
                    others.setdefault(other, []).append(one)
        for other, several in others.items():
            content = EndedContent(
                address=shown, why=reason, said=detail, subscriptions=tuple(one.name for one in several)
            )
            self._write(content, other, several[0].language, "notice", done, tx, now)
        if self.staff.address is not None:
            names = tuple(f"{one.enterprise}, {one.name}" for one in done.subscriptions)
            content = EndedContent(
                address=shown,
                why=reason,
                said=detail,
                subscriptions=names,
                nobody_left=done.nobody_left,
                to_staff=True,
            )
            self._write(content, self.staff.address, self.staff.language, "staff", done, tx, now)
        return len(others)

    def _write(
        self,
        content: EndedContent,
        to: Address,
        language: str,
        kind: str,
        done: EndedAt,
        tx: Transaction,
        now: datetime,
    ) -> None:
        message = render_ended(content, channel=to.channel, language=language, recipient=to.target)
        tx.outbox.add(
            key=f"ended:{done.address.channel}:{done.address.target}:{now.isoformat()}:{to.channel}:{to.target}",
            kind=kind,
            channel=to.channel,
            target=to.target,
            message=addressed(message, self.desk),
            alerts=(),
            now=now,
        )

    def _tell_of_many(self, channel: str, ended: int, said: str, tx: Transaction, now: datetime) -> None:
        to = self.staff.address
        if to is None:
            return
        content = ManyEndedContent(channel=channel, ended=ended, said=said)
        message = render_ended(content, channel=to.channel, language=self.staff.language, recipient=to.target)
        tx.outbox.add(
            key=f"ended:many:{channel}:{now:%Y-%m-%dT%H}:{to.channel}:{to.target}",
            kind="staff",
            channel=to.channel,
            target=to.target,
            message=addressed(message, self.desk),
            alerts=(),
            now=now,
        )


def restore(address: Address, *, by: str, desk: Desk) -> Restored:
    """An address takes messages again: it is back at its live subscriptions, and what was refused goes out.

    Raises LookupError with a sentence.
    """
    now = desk.clock()
    with desk.storage.begin() as tx:
        tx.subscriptions.wait_for_turn()
        ended = tx.leaving.ended(address)
        if not ended:
            raise LookupError(f"{address} was not ended; `tbtwatch address list` shows those that were")
        live = [tx.subscriptions.get(one.subscription_id) for one in ended]
        live = [one for one in live if one.ended_at is None]
        for one in live:
            tx.subscriptions.add_addresses(one.id, (address,))
            require(one.enterprise, (address,), language=one.language, by=by, tx=tx, desk=desk, now=now)
        since = min(one.ended_at for one in ended)
        alerts = tx.leaving.owed_since({one.id for one in live}, address)
        again = tx.leaving.send_again(address, since=since, alerts=alerts, now=now)
        # Of these nobody was told while it was ended; the others were, at another address.
        alone = [one.id for one in live if not one.addresses]
        in_digest = tx.leaving.owe_in_digest(alone, since=since)
        tx.leaving.restore(address, by=by, now=now)
        after = tuple(tx.subscriptions.get(one.id) for one in live)
    log.info("address_restored", channel=address.channel, by=by, sent_again=again)
    return Restored(subscriptions=after, sent_again=again, in_digest=in_digest)
