"""Deliveries: what each outcome means, and what waits for whom."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest

from notifiers.message import Message
from notifiers.outcome import Misconfigured, Outcome, Reason, Refused, Sent, State, TryAgain
from subscriptions.criteria import Address
from tbtwatch.pipeline.deliver import deliver_due
from tbtwatch.storage import Storage
from tbtwatch.storage.outbox import Delivery
from tests.builders import a_notice
from tests.fakes import RememberingNotifier
from tests.pipeline.service import LEASE, SmallService

BUSY = TryAgain(reason=Reason.BUSY, detail="451 later")


def owed(storage: Storage, *readers: str, channel: str = "email") -> SmallService:
    """A service that owes a message to each of these."""
    service = SmallService(storage).seeded()
    for reader in readers or ("a@example.com",):
        service.subscribe(enterprise=reader, addresses=(Address(channel=channel, target=reader),))
    service.poll([a_notice()])
    return service


def deliveries(storage: Storage) -> list[Delivery]:
    """All there are, oldest first."""
    with storage.look() as tx:
        return tx.outbox.list()[::-1]


def answering(service: SmallService, *outcomes: Outcome) -> None:
    """The other side answers so, and the last for ever after."""
    left = list(outcomes)
    service.notifier.answer = lambda _: left.pop(0) if len(left) > 1 else left[0]


@pytest.mark.parametrize(
    ("outcome", "state", "reason"),
    [
        (Sent(reference="250 kept"), State.SENT, ""),
        (BUSY, State.PENDING, "busy"),
        (Refused(reason=Reason.RECIPIENT_UNKNOWN, detail="550"), State.REFUSED, "recipient_unknown"),
        (Misconfigured(detail="535 the login is refused"), State.PENDING, ""),
    ],
)
def test_each_outcome_has_its_state(storage: Storage, outcome: Outcome, state: State, reason: str) -> None:
    """Sent, waiting with a reason, refused for good, or waiting for the operator."""
    service = owed(storage)
    answering(service, outcome)
    report = service.deliver()

    (delivery,) = deliveries(storage)
    assert (delivery.state, delivery.reason) == (state, reason)
    assert delivery.attempts == (0 if isinstance(outcome, Misconfigured) else 1)
    assert (report.sent, report.again, report.refused) == (
        isinstance(outcome, Sent),
        isinstance(outcome, TryAgain),
        isinstance(outcome, Refused),
    )
    assert report.stopped == ({"email": outcome.detail} if isinstance(outcome, Misconfigured) else {})


def test_what_may_come_later_comes_later(storage: Storage) -> None:
    """A busy server is tried again after a while, with the same message."""
    service = owed(storage)
    answering(service, BUSY, BUSY, Sent())
    service.deliver()
    assert service.deliver().attempts == 0
    for minutes in (1, 2):
        service.clock.turn(minutes=minutes)
        service.deliver()

    (delivery,) = deliveries(storage)
    assert (delivery.state, delivery.attempts) == (State.SENT, 3)
    assert service.notifier.sent[0].message_id == delivery.message_id


def test_a_server_that_asks_for_an_hour_gets_it(storage: Storage) -> None:
    """Not a second sooner."""
    service = owed(storage)
    answering(service, TryAgain(reason=Reason.RATE_LIMITED, after=timedelta(hours=1)), Sent())
    service.deliver()
    service.clock.turn(minutes=59, seconds=59)
    assert service.deliver().attempts == 0
    service.clock.turn(seconds=1)
    assert service.deliver().sent == 1


def test_after_three_days_it_is_given_up(storage: Storage) -> None:
    """Tried for three days, the last time when they end; then it has expired and is left alone."""
    service = owed(storage)
    answering(service, BUSY)
    began = service.clock.now
    tried = []
    while service.clock.now < began + timedelta(days=5):
        if service.deliver().attempts:
            tried.append(service.clock.now - began)
        service.clock.turn(minutes=30)

    (delivery,) = deliveries(storage)
    assert delivery.state is State.EXPIRED
    assert delivery.ended_at is not None
    assert timedelta(days=3) <= tried[-1] < timedelta(days=3, hours=1)
    assert len(tried) > 30


def test_what_waited_for_a_mail_server_is_not_given_up_at_once(storage: Storage) -> None:
    """Without SMTP deliveries wait, nothing is lost: also not to the first "come back later" a week after."""
    service = owed(storage)
    assert service.deliver(telegram=RememberingNotifier()).attempts == 0
    service.clock.turn(days=7)
    answering(service, BUSY, Sent())
    assert service.deliver().again == 1
    service.clock.turn(minutes=2)
    assert service.deliver().sent == 1


def test_a_notifier_that_breaks_loses_nothing(storage: Storage) -> None:
    """An exception in a channel costs an attempt, and others are still served."""
    service = owed(storage, "a@example.com", "b@example.com", "c@example.com")

    def breaking(message: Message) -> Outcome:
        if message.recipient == "b@example.com":
            raise RuntimeError("nobody thought of this")
        return Sent()

    service.notifier.answer = breaking
    report = service.deliver()
    assert (report.sent, report.again) == (2, 1)
    service.notifier.answer = lambda _: Sent()
    service.clock.turn(minutes=2)
    assert service.deliver().sent == 1
    assert [one.attempts for one in deliveries(storage)] == [1, 2, 1]


def test_our_own_fault_stops_the_channel_and_costs_nobody_anything(storage: Storage) -> None:
    """With a wrong password nothing is tried for ten minutes, however often; corrected, all of it goes out."""
    service = owed(storage, *(f"r{n}@example.com" for n in range(12)))
    asked = []

    def wrong(message: Message) -> Outcome:
        asked.append(message.recipient)
        return Misconfigured(detail="535 the login is refused")

    service.notifier.answer = wrong
    service.deliver()
    assert 1 <= len(asked) <= 8  # what was claimed together may find out together
    assert service.deliver().stopped == {}
    service.clock.turn(minutes=9)
    service.deliver()
    assert len(asked) <= 8
    with storage.look() as tx:
        (stopped,) = tx.outbox.stopped_channels()
    assert stopped.detail == "535 the login is refused"
    service.clock.turn(days=4)
    service.notifier.answer = lambda _: Sent()
    assert service.deliver().sent == 12
    assert {one.attempts for one in deliveries(storage)} == {1}
    with storage.look() as tx:
        assert tx.outbox.stopped_channels() == []


def test_a_stopped_channel_stops_no_other(storage: Storage) -> None:
    """Mail waits, chats go on."""
    service = owed(storage)
    service.subscribe(enterprise="chat", addresses=(Address(channel="telegram", target="7"),))
    service.poll([a_notice(), a_notice(symbol="G/TBT/N/KEN/2")])
    answering(service, Misconfigured(detail="no"))
    chats = RememberingNotifier()
    service.deliver(email=service.notifier, telegram=chats)

    assert [message.recipient for message in chats.sent] == ["7"]
    assert {one.state for one in deliveries(storage) if one.channel == "email"} == {State.PENDING}


def test_a_chat_that_became_a_supergroup_is_followed(storage: Storage) -> None:
    """The message, what is owed later, the subscription and the link to the enterprise go to the new number."""
    service = owed(storage, "-5", channel="telegram")
    with storage.begin() as tx:
        tx.chats.add_code("CODE", enterprise_id=1, now=service.clock(), good_for=timedelta(hours=1))
        assert tx.chats.use_code("CODE", channel="telegram", chat="-5", language="en", now=service.clock()) == "-5"
    moved = TryAgain(reason=Reason.BUSY, detail="migrated", migrated_to="-1005")
    chats = RememberingNotifier(answer=lambda message: moved if message.recipient == "-5" else Sent())
    service.deliver(telegram=chats)
    service.clock.turn(minutes=2)
    service.deliver(telegram=chats)
    service.poll([a_notice(), a_notice(symbol="G/TBT/N/KEN/2")])
    service.deliver(telegram=chats)

    assert [message.recipient for message in chats.sent] == ["-1005", "-1005"]
    with storage.look() as tx:
        assert tx.subscriptions.get(1).addresses == (Address(channel="telegram", target="-1005"),)
        assert tx.chats.enterprise_of("telegram", "-1005") == 1
        assert tx.chats.enterprise_of("telegram", "-5") is None
        assert tx.chats.language_of("telegram", "-1005") == "en"


@dataclass
class SlowNotifier:
    """Never answers, or takes so many and then asks to stop."""

    stop: asyncio.Event | None = None
    after: int = 0
    sent: list[Message] = field(default_factory=list)

    async def send(self, message: Message) -> Outcome:
        """Take it, or hang."""
        if len(self.sent) >= self.after:
            await asyncio.Event().wait()
        self.sent.append(message)
        if self.stop is not None and len(self.sent) == self.after:
            self.stop.set()
        return Sent()

    async def close(self) -> None:
        """Nothing to close."""


def test_told_to_stop_it_leaves_the_rest_in_the_line(storage: Storage) -> None:
    """What was claimed and not begun is pending again at once, at no cost."""
    service = owed(storage, *(f"r{n}@example.com" for n in range(6)))

    async def until_stopped() -> None:
        stop = asyncio.Event()
        await deliver_due(
            storage=storage,
            notifiers={"email": SlowNotifier(stop=stop, after=2)},
            clock=service.clock,
            chance=Random(1),
            lease=LEASE,
            stop=stop.is_set,
        )

    asyncio.run(until_stopped())
    states = [(one.state, one.attempts) for one in deliveries(storage)]
    assert sorted(states) == [(State.PENDING, 0)] * 4 + [(State.SENT, 1)] * 2
    assert service.deliver().sent == 4


def test_cut_short_nothing_is_left_under_way(storage: Storage) -> None:
    """A server that hangs when the program ends: no delivery stays claimed, each can be sent at once after."""
    service = owed(storage, *(f"r{n}@example.com" for n in range(6)))

    async def cut_short() -> None:
        work = deliver_due(
            storage=storage,
            notifiers={"email": SlowNotifier(after=1)},
            clock=service.clock,
            chance=Random(1),
            lease=LEASE,
        )
        await asyncio.wait_for(work, 0.3)

    with pytest.raises(TimeoutError):
        asyncio.run(cut_short())
    found = deliveries(storage)
    assert [one.state for one in found].count(State.SENT) == 1
    assert {one.state for one in found} == {State.SENT, State.PENDING}
    assert [one.reason for one in found].count("unknown_outcome") == 1
    assert service.deliver().sent == 5
