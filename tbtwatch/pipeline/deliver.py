"""Send what is due. Decide inside a transaction, act outside: a send may take minutes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog

from notifiers.message import Message
from notifiers.outcome import DeliveryState, Misconfigured, Outcome, Reason, Refused, Sent, State, TryAgain
from notifiers.retry import after
from subscriptions.criteria import Address
from subscriptions.rhythm import digest_due, next_allowed
from tbtwatch.pipeline.burst import Bursts
from tbtwatch.pipeline.receipts import Receipt, Receipts
from tbtwatch.storage import Storage, Transaction
from tbtwatch.storage.hours import Reader
from tbtwatch.storage.outbox import Claimed
from tbtwatch.storage.taken import Taken
from tbtwatch.storage.trying import PUT_OFF

log = structlog.get_logger()

LOOK_AGAIN = timedelta(hours=3)  # whether an address was confirmed; the answer itself hurries what waits
BATCH = 8  # claimed at once to begin with; what was claimed and not begun costs a killed worker nothing but time
LARGEST_BATCH = 32  # and so many as long as a batch takes no longer than this
QUICK = 0.5
UNWRITTEN = 0.25  # seconds a message that was taken may stand in the receipts alone
MOST_UNWRITTEN = 8  # and so many such messages at once
SIDE_BY_SIDE = 4
SLOW = 0.05  # seconds a send takes; only then does sending side by side pay
CHANNEL_PAUSE = timedelta(minutes=10)
#: What is done after a refusal was written down.
OnRefusal = Callable[[Claimed, Refused, Transaction, datetime], object]
MOVED_CHAT = "the chat got a new number"
UNIVERSAL = ZoneInfo("UTC")
CUT_SHORT = "the program was ended while this message was being sent"


class Notifier(Protocol):
    """A way messages go out."""

    async def send(self, message: Message) -> Outcome:
        """Try once. Never raises for trouble on the way, never tries again by itself."""

    async def close(self) -> None:
        """Give connections back."""


@dataclass(slots=True)
class DeliveryReport:
    """What became of the deliveries in one run."""

    sent: int = 0
    again: int = 0
    refused: int = 0
    expired: int = 0
    stopped: dict[str, str] = field(default_factory=dict)  #: channel -> what is wrong with our own settings

    @property
    def attempts(self) -> int:
        """How many messages were tried."""
        return self.sent + self.again + self.refused + self.expired


async def deliver_due(
    *,
    storage: Storage,
    notifiers: Mapping[str, Notifier],
    clock: Callable[[], datetime],
    chance: Random,
    lease: timedelta,
    receipts: Receipts | None = None,
    stop: Callable[[], bool] = lambda: False,
    refused: OnRefusal | None = None,
    home: ZoneInfo = UNIVERSAL,
    bursts: Bursts | None = None,
    asking: frozenset[str] = frozenset(),
) -> DeliveryReport:
    """Send everything that is due by the channels that are configured; the rest waits.

    What may not go out just now, for quiet hours or a holiday, is put off; `home` is the zone of those who name none.
    With `receipts` a process that is killed between sending and writing it down costs no second copy. Raises
    `DATABASE_TROUBLE`; what was sent by then is written down by the next call. `refused` hears of what will never be
    taken, in a transaction of its own. `bursts` makes one message of what is more than an address is sent in an hour.
    Nothing goes to an address before its owner agreed; on the channels `asking` one that nothing is known of counts as
    not asked.
    """
    report, pace = DeliveryReport(), _Pace()
    stopped: set[str] = set()
    untold = _Untold(storage, receipts, report)
    limit = BATCH
    if receipts is not None:
        _write_down_own(receipts, storage, clock)
    try:
        while not stop():
            if receipts is not None:
                _write_down_of_the_dead(receipts, storage, clock)
            began = time.monotonic()
            with untold.written_down() as tx:
                due = tx.outbox.claim(now=clock(), lease=lease, limit=limit, channels=sorted(notifiers))
                claimed = _confirmed(_not_suppressed(due, tx, clock(), report), tx, clock(), asking)
                claimed = _not_now(claimed, tx, clock(), home)
                too_many: list[Address] = []
                if bursts is not None:
                    claimed, too_many = bursts.hold_back(claimed, tx, clock())
                stopped.update(one.name for one in tx.outbox.stopped_channels())
            if not due:
                break
            if bursts is not None:
                for address in too_many:
                    bursts.gather(address)
            if not claimed:
                continue
            keeper = asyncio.create_task(_keep(claimed, storage, clock, lease))
            waiting = list(claimed)
            try:
                await pace.through(
                    waiting,
                    lambda one: _send(one, storage, notifiers, clock, chance, report, untold, stopped, refused),
                    stop,
                )
            finally:
                keeper.cancel()
                _leave(waiting, storage, clock)
            limit = min(2 * limit, LARGEST_BATCH) if time.monotonic() - began < QUICK else BATCH
    finally:
        untold.write_down()
    return report


class _Untold:
    """What the other side has taken and the database does not know yet; the receipts do.

    Each of these would cost a commit, which waits for the disk and for other writers. They are written down together:
    with the next claim, or when there are `MOST_UNWRITTEN`, or the first has waited for `UNWRITTEN` seconds. Without
    receipts nothing waits.
    """

    def __init__(self, storage: Storage, receipts: Receipts | None, report: DeliveryReport) -> None:
        self._storage, self._receipts, self._report = storage, receipts, report
        self._several: list[tuple[Claimed, Taken]] = []
        self._since = 0.0

    def note(self, delivery: Claimed, outcome: Sent, now: datetime) -> None:
        """The other side has it."""
        if not self._several:
            self._since = time.monotonic()
        if self._receipts is not None:
            self._receipts.note(Receipt.of(delivery))
        taken = Taken(delivery=delivery.id, attempt=delivery.attempts, reference=outcome.reference, at=now)
        self._several.append((delivery, taken))
        waits = self._receipts is not None and self._receipts.kept
        if not waits or len(self._several) >= MOST_UNWRITTEN or time.monotonic() - self._since > UNWRITTEN:
            self.write_down()

    def write_down(self) -> None:
        """Now."""
        if self._several:
            with self.written_down():
                pass

    @contextmanager
    def written_down(self) -> Iterator[Transaction]:
        """A transaction that begins with it. If it fails, the receipts keep it for the next run."""
        several, self._several = self._several, []
        with self._storage.begin() as tx:
            tx.outbox.record_taken([taken for _, taken in several])
            yield tx
        self._report.sent += len(several)
        for delivery, _ in several:
            if self._receipts is not None:
                self._receipts.written_down(Receipt.of(delivery))
            log.info("delivered", delivery=delivery.id, outcome=Sent.__name__, attempt=delivery.attempts)


def _not_suppressed(claimed: list[Claimed], tx: Transaction, now: datetime, report: DeliveryReport) -> list[Claimed]:
    """Those that may be written to; the others are refused here, and nothing goes out."""
    addresses = {one.id: Address(channel=one.channel, target=one.target) for one in claimed}
    never = tx.leaving.suppressed(list(addresses.values()))
    for one in claimed:
        if addresses[one.id] in never:
            detail = f"the address is suppressed since {never[addresses[one.id]]:%Y-%m-%d}: nothing is sent to it"
            after_all = DeliveryState(state=State.REFUSED, reason=Reason.SUPPRESSED, detail=detail)
            tx.outbox.record(one, after_all, outcome="Refused", now=now)
            _count(report, State.REFUSED.value)
    return [one for one in claimed if addresses[one.id] not in never]


def _confirmed(claimed: list[Claimed], tx: Transaction, now: datetime, asking: frozenset[str]) -> list[Claimed]:
    """Those whose owner agreed to be written to; the others wait, and what is owed stays owed."""
    if not claimed:
        return claimed
    addresses = [Address(channel=one.channel, target=one.target) for one in claimed]
    held = tx.confirmations.held([one.id for one in claimed], addresses, asking=asking)
    for one in claimed:
        if one.id in held:
            tx.outbox.give_back(one, detail=held[one.id], now=now)
            tx.hours.put_off(one.id, until=now + LOOK_AGAIN)
    return [one for one in claimed if one.id not in held]


def _not_now(claimed: list[Claimed], tx: Transaction, now: datetime, home: ZoneInfo) -> list[Claimed]:
    """Those that may go out now; the others go back into the line until they may.

    Looked at when it is to be sent, not only when it is written: it may have been tried in vain since, or the reader
    may keep other hours or have asked to be left alone. Of several readers at
    one address the first that may be written to counts.
    """
    readers = tx.hours.of([one.id for one in claimed])
    going = []
    for one in claimed:
        allowed = min((_allowed(reader, now, home) for reader in readers.get(one.id, ())), default=now)
        if allowed > now:
            tx.outbox.give_back(one, detail=PUT_OFF, now=now)
            tx.hours.put_off(one.id, until=allowed)
        else:
            going.append(one)
    return going


def _allowed(reader: Reader, now: datetime, home: ZoneInfo) -> datetime:
    due = max(now, reader.silent_until or now)
    if reader.window_ends_at is not None:
        due = max(due, digest_due(reader.window_ends_at, reader.rhythm, home))
    return next_allowed(due, reader.rhythm, home)


def _write_down_own(receipts: Receipts, storage: Storage, clock: Callable[[], datetime]) -> None:
    """What this process has sent and could not write down, because the database did not answer."""
    own = receipts.own()
    _record_sent(own, storage, clock)
    for receipt in own:
        receipts.written_down(receipt)


def _write_down_of_the_dead(receipts: Receipts, storage: Storage, clock: Callable[[], datetime]) -> None:
    """What was sent and not written down by processes that died."""
    for left in receipts.of_the_dead():
        _record_sent(left, storage, clock)


def _record_sent(receipts: list[Receipt], storage: Storage, clock: Callable[[], datetime]) -> None:
    if not receipts:
        return
    with storage.begin() as tx:
        for receipt in receipts:
            known = tx.outbox.record_sent(receipt.delivery, receipt.attempt, receipt.message_id, now=clock())
            log.info("sent_by_a_dead_process", delivery=receipt.delivery, attempt=receipt.attempt, new=known)


def _leave(waiting: list[Claimed], storage: Storage, clock: Callable[[], datetime]) -> None:
    """Told to end: what was claimed and not begun goes back into the line at once, not when its lease has run out."""
    if not waiting:
        return
    with storage.begin() as tx:
        for delivery in waiting:
            tx.outbox.give_back(delivery, detail="", now=clock())


@dataclass(slots=True)
class _Pace:
    """How many messages are under way at once.

    A message that the other side has taken and that is not yet written down as sent comes twice if the process is
    killed just then. So there is one such message at a time, unless the other side is so slow that one at a time
    would keep the line waiting; and what a dead worker had in hand goes alone in any case.
    """

    seconds: float = 0.0  #: what a send took of late, without writing it down: a busy database is no slow recipient

    async def through(
        self, waiting: list[Claimed], send: Callable[[Claimed], Awaitable[float]], stop: Callable[[], bool]
    ) -> None:
        """Send them, oldest first, until told to stop; `waiting` is left with those not begun."""
        while waiting and not stop():
            together = SIDE_BY_SIDE if self.seconds > SLOW and all(one.attempts == 1 for one in waiting) else 1
            now = waiting[:together]
            del waiting[:together]
            took = await asyncio.gather(*(send(one) for one in now))
            self.seconds = 0.7 * self.seconds + 0.3 * sum(took) / len(took)


async def _keep(claimed: list[Claimed], storage: Storage, clock: Callable[[], datetime], lease: timedelta) -> None:
    """As long as this process lives and sends, nobody else takes these deliveries over."""
    while True:
        await asyncio.sleep(lease.total_seconds() / 3)
        with storage.begin() as tx:
            tx.outbox.extend(claimed, until=clock() + lease)


async def _send(
    delivery: Claimed,
    storage: Storage,
    notifiers: Mapping[str, Notifier],
    clock: Callable[[], datetime],
    chance: Random,
    report: DeliveryReport,
    untold: _Untold,
    stopped: set[str],
    refused: OnRefusal | None,
) -> float:
    """Send one, and write down what became of it. The seconds the other side took."""
    began = time.monotonic()
    try:
        outcome = await notifiers[delivery.channel].send(delivery.message)
    except asyncio.CancelledError:
        # The program is told to end and the other side does not answer. Whether it took the message nobody knows.
        unknown = DeliveryState(state=State.PENDING, due_at=clock(), reason=Reason.UNKNOWN_OUTCOME, detail=CUT_SHORT)
        with storage.begin() as tx:
            tx.outbox.record(delivery, unknown, outcome="CutShort", now=clock())
        raise
    except Exception as error:
        # A notifier that raises has a fault of its own; the message must not be lost to it.
        log.exception("notifier_broke", delivery=delivery.id, channel=delivery.channel)
        outcome = TryAgain(reason=Reason.UNREACHABLE, detail=f"a fault of this program: {type(error).__name__}")
    took = time.monotonic() - began
    now = clock()
    if isinstance(outcome, Sent):
        untold.note(delivery, outcome, now)
        if delivery.channel in stopped:
            with storage.begin() as tx:
                tx.outbox.channel_works(delivery.channel)
        return took
    with storage.begin() as tx:
        if isinstance(outcome, Misconfigured):
            tx.outbox.give_back(delivery, detail=outcome.detail, now=now)
            tx.outbox.stop_channel(delivery.channel, detail=outcome.detail, now=now, pause=CHANNEL_PAUSE)
            report.stopped[delivery.channel] = outcome.detail
            stopped.add(delivery.channel)
        else:
            # Counted from the first attempt: what waited a week for a mail server to be set is not given up at the
            # first "come back later".
            since = delivery.tried_since
            state = after(outcome, attempts=delivery.attempts, created_at=since, now=now, chance=chance)
            tx.outbox.record(delivery, state, outcome=type(outcome).__name__, now=now)
            if isinstance(outcome, TryAgain) and outcome.migrated_to:
                tx.moving.move_target(delivery.channel, delivery.target, outcome.migrated_to)
                for one in tx.subscriptions.of_address(delivery.channel, delivery.target):
                    tx.versions.end(one, now=now, why=MOVED_CHAT, by=delivery.channel)
                tx.subscriptions.move_address(delivery.channel, delivery.target, outcome.migrated_to)
                tx.contacts.move_address(delivery.channel, delivery.target, outcome.migrated_to)
                tx.chats.move(delivery.channel, delivery.target, outcome.migrated_to, now=now)
            _count(report, state.state.value)
    if isinstance(outcome, Refused) and refused is not None:
        # Apart: whoever ends subscriptions waits for their turn first and for messages after it, and so does this.
        with storage.begin() as tx:
            refused(delivery, outcome, tx, now)
    log.info("delivered", delivery=delivery.id, outcome=type(outcome).__name__, attempt=delivery.attempts)
    return took


def _count(report: DeliveryReport, state: str) -> None:
    if state == "refused":
        report.refused += 1
    elif state == "expired":
        report.expired += 1
    else:
        report.again += 1
