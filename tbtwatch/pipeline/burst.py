"""Bursts: what is more than an address is sent in an hour becomes one message that names all of it.

An address has a budget of messages an hour. News of single measures that would go beyond it is gathered when it is to
be sent, not when it is written: only then is known what quiet hours, pauses and a mail server that was away have left.
As long as there is room news goes out by itself; the last free place of the hour takes all the rest. Is there none, it
waits for the next place. What is gathered is marked with the message that tells it in the transaction that writes that
message; news that may have arrived by an earlier attempt is never gathered, as it would be told twice.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from notifiers.burst import BurstContent
from notifiers.message import Label, MeasureNews
from notifiers.render import render_burst
from subscriptions.criteria import Address, Subscription
from subscriptions.rhythm import next_allowed
from tbtwatch.pipeline.alert import Desk, addressed, managing, pause_notes, unsubscribe_at
from tbtwatch.pipeline.compose import Reason, news_of
from tbtwatch.pipeline.coverage import Lookout
from tbtwatch.storage import DATABASE_TROUBLE, Transaction
from tbtwatch.storage.alerts import StoredAlert
from tbtwatch.storage.bursts import ALERT, BURST, Burst, Gathered
from tbtwatch.storage.outbox import Claimed

log = structlog.get_logger()

HOUR = timedelta(hours=1)
SOON = timedelta(minutes=5)  # when nothing has gone out yet but is on its way
MOST = {"telegram": 150}  # measures in one message, so that it names all of them
MOST_ELSEWHERE = 300
BURST_LOCK = 7_261_551  # on PostgreSQL one process at a time gathers
HELD_BACK = "waits to be told together with more: the address has had its messages of the hour"
KEY = "list_key"  # in the installation's own values


@dataclass(slots=True)
class Bursts:
    """Keeps to the budgets of addresses, and writes the messages that tell the rest."""

    desk: Desk
    budgets: Mapping[str, int]  #: messages an hour to one address, by channel; a channel that is not here has no limit
    list_days: int = 30  #: how long the page of a burst can be read
    _broken: set[Address] = field(default_factory=set)  #: where no burst can be written: news goes out by itself

    def hold_back(self, claimed: list[Claimed], tx: Transaction, now: datetime) -> tuple[list[Claimed], list[Address]]:
        """Those that go out by themselves; the others wait again, to be gathered at these addresses."""
        mine: dict[Address, list[Claimed]] = {}
        for one in claimed:
            address = Address(channel=one.channel, target=one.target)
            if one.kind == ALERT and one.channel in self.budgets and address not in self._broken:
                mine.setdefault(address, []).append(one)
        if not mine:
            return claimed, []
        load = tx.bursts.load(mine, since=now - HOUR, now=now)
        back: set[int] = set()
        over = []
        for address, alerts in mine.items():
            if load[address] > self.budgets[address.channel]:
                surplus = self._surplus(address, alerts, tx, now)
                for one in surplus:
                    tx.outbox.give_back(one, detail=HELD_BACK, now=now)
                back |= {one.id for one in surplus}
                over += [address] if surplus else []
        return [one for one in claimed if one.id not in back], over

    def _surplus(self, address: Address, alerts: Sequence[Claimed], tx: Transaction, now: datetime) -> list[Claimed]:
        """Of the news in hand for an address what has no room beside a message for all the rest."""
        untouched = tx.bursts.untouched([one.id for one in alerts])
        alerts = [one for one in alerts if one.id in untouched]
        taken = tx.bursts.taken(address, since=now - HOUR, now=now, but={one.id for one in alerts})
        left = self.budgets[address.channel] - len(taken)
        if len(alerts) + len(tx.bursts.waiting(address, now=now, limit=max(left, 0) + 1)) <= left:
            return []
        return list(alerts[max(left - 1, 0) :])

    def gather(self, address: Address) -> int:
        """Write the message for what is too much at an address, or have it wait for room; how many it tells.

        A fault in writing keeps nobody from being told: at that address everything goes out by itself then.
        """
        try:
            return self._gather(address)
        except DATABASE_TROUBLE:
            raise
        except Exception:
            log.exception("burst_not_written", channel=address.channel)
            self._broken.add(address)
            return 0

    def _gather(self, address: Address) -> int:
        desk, budget = self.desk, self.budgets[address.channel]
        with desk.storage.begin() as tx:
            # In the order of whoever changes subscriptions: first this, then messages.
            tx.subscriptions.revision()
            tx.one_at_a_time(BURST_LOCK)
            now = desk.clock()
            most = MOST.get(address.channel, MOST_ELSEWHERE)
            waiting = self._allowed(tx.bursts.waiting(address, now=now, limit=most), tx, now)
            taken = tx.bursts.taken(address, since=now - HOUR, now=now)
            if len(taken) >= budget:
                until = max(taken[budget - 1] + HOUR, now + timedelta(seconds=1))
                tx.bursts.put_off(waiting, until=until, why=f"{HELD_BACK} ({budget})")
                log.info("burst_waits", channel=address.channel, messages=len(waiting), until=until.isoformat())
                return 0
            if len(waiting) < 2:
                return 0  # the others were taken or cancelled meanwhile
            written = self._write(address, waiting, tx, now)
        log.info("burst_written", delivery=written, messages=len(waiting))
        return len(waiting)

    def _allowed(self, waiting: Sequence[int], tx: Transaction, now: datetime) -> list[int]:
        """Without what may not go out now: it has its own time."""
        home, readers = self.desk.names.zone, tx.hours.of(waiting)

        def allowed(id: int) -> datetime:
            each = readers.get(id, ())
            return min((next_allowed(max(now, one.silent_until or now), one.rhythm, home) for one in each), default=now)

        return [one for one in waiting if allowed(one) <= now]

    def _write(self, address: Address, gathered: Sequence[int], tx: Transaction, now: datetime) -> int:
        """Owe the burst, and mark what it tells; both or neither."""
        desk, zone = self.desk, self.desk.names.zone
        told = tx.bursts.alerts_of(gathered)
        alerts = [one for one in tx.alerts.some(told) if one.withdrawn_at is None]
        here = {one.id: one for one in tx.subscriptions.of_address(address.channel, address.target)}
        live = here | tx.subscriptions.some({one.subscription_id for one in alerts} - here.keys())
        named = sorted({one.subscription_id for one in alerts})
        told_for = [live[id_] for id_ in named]
        first = live[next((id_ for id_ in named if id_ in here), named[0])]
        today = now.astimezone(zone).date()
        link = self._link(gathered[0], tx)
        tx.pauses.mention_again(named, address, but=gathered)
        lookout = Lookout(desk.sources, tx, now=now, zone=zone, markets=desk.names.markets)
        content = BurstContent(
            news=tuple(self._news(alerts, live, first.language, tx, now)),
            budget=self.budgets[address.channel],
            written_on=today,
            coverage=lookout.line(first.language, tuple(here.values())),
            link=link,
            link_until=today + timedelta(days=self.list_days - 1) if link else None,
            unsubscribe=unsubscribe_at(first, tx, desk, address=address, named=named),
            arranged_by=managing(told_for, tx.managements.managers(one.enterprise for one in told_for)),
            pauses=pause_notes([id_ for id_ in named if id_ in here], address, live, tx, desk),
        )
        message = render_burst(content, channel=address.channel, language=first.language, recipient=address.target)
        written = tx.outbox.add(
            key=f"burst:{gathered[0]}",
            kind=BURST,
            channel=address.channel,
            target=address.target,
            message=addressed(message, desk),
            alerts=[one.id for one in alerts],
            now=now,
        )
        assert written is not None, "a message is gathered once"
        why = f"told by message {written}, with {len(gathered) - 1} more: too many for one hour"
        done = tx.bursts.gather(gathered, into=written, now=now, why=why)
        assert done == len(gathered), "held in this transaction"
        return written

    def _news(
        self,
        alerts: Sequence[StoredAlert],
        live: Mapping[int, Subscription],
        language: str,
        tx: Transaction,
        now: datetime,
    ) -> list[MeasureNews]:
        """Each measure once, with all its news and reasons."""
        changes = tx.changes.get({one.fact_change_id for one in alerts})
        by_measure: dict[int, list[StoredAlert]] = {}
        for one in alerts:
            by_measure.setdefault(one.measure_id, []).append(one)
        today = now.astimezone(self.desk.names.zone).date()
        found = []
        for measure_id, several in by_measure.items():
            reasons = {
                one.subscription_id: Reason(subscription=live[one.subscription_id], match=one.receipt.match)
                for one in several
            }
            news = news_of(
                tx.measures.get(measure_id),
                several[-1].receipt.classification,
                list({one.fact_change_id: changes[one.fact_change_id] for one in several}.values()),
                list(reasons.values()),
                names=self.desk.names,
                language=language,
                told=(),
                today=today,
            )
            late = all(one.label == Label.LATE.value for one in several)
            found.append(replace(news, label=Label.LATE) if late else news)
        return found

    def _link(self, first: int, tx: Transaction) -> str:
        """Where the list can be read; empty: this service is not reached from outside."""
        if not self.desk.public_url or not self.list_days:
            return ""
        return f"{self.desk.public_url}/l/{first}-{_seal(first, tx.meta.once(KEY, secrets.token_hex(32)))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """What is behind the link of a burst."""

    burst: Burst
    entries: tuple[Gathered, ...]
    until: datetime


def read_list(token: str, *, list_days: int, desk: Desk) -> ListPage | None:
    """What is behind a link; None: it is none of ours, or too old."""
    number, _, seal = token[:100].partition("-")
    if not number.isascii() or not number.isdecimal():
        return None
    with desk.storage.look() as tx:
        sealed = _seal(int(number), tx.meta.get(KEY) or "00")
        if not hmac.compare_digest(sealed.encode(), seal.encode("utf-8", "replace")):
            return None
        burst = tx.bursts.burst(f"burst:{int(number)}")
        if burst is None:
            return None
        until = burst.written_at + timedelta(days=list_days)
        if until <= desk.clock():
            return None
        return ListPage(burst=burst, entries=tuple(tx.bursts.gathered(burst.id)), until=until)


def _seal(first: int, key: str) -> str:
    sealed = hmac.digest(bytes.fromhex(key), f"list\n{first}".encode(), hashlib.sha256)
    return base64.b32encode(sealed).decode().lower()[:32]
